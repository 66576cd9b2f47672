//! Apps that are silent, dead, confused or send nonsense.

use futures_util::SinkExt;
use serde_json::{Value, json};
use slack_sandbox::Status;
use tokio_tungstenite::tungstenite::Message;

use crate::bot::{Bot, Reflex, START_MS, frame, manifest, workspace};
use crate::page::{act, get};

#[tokio::test]
async fn a_silent_app_changes_nothing() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let button = json!([{ "type": "actions", "elements": [
        { "type": "button", "action_id": "go", "text": { "type": "plain_text", "text": "Go" } } ] }]);
    bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "x", "blocks": button })).await;
    bot.reacts(|_| Reflex::Ignore);
    let message = get(&bot, "state?as=ana").await["messages"][0].clone();
    let click = json!({ "as": "ana", "channel": message["channel"], "ts": message["ts"], "action_id": "go" });
    let (answer, ()) = tokio::join!(act(&bot, "click", click), async {
        bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await;
        sandbox.clock().advance_to(START_MS + 3_001);
    });
    assert_eq!((&answer["status"], &answer["error"]), (&json!("no_answer"), &json!("operation_timeout")));
    assert_eq!(get(&bot, "state?as=ana").await["messages"][0], message);
}

#[tokio::test]
async fn a_restarted_app_gets_the_rest() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    sandbox.invite("#general", "tester");
    let (socket, _) = bot.dials().await;
    drop(socket);
    let ana = sandbox.person("ana");
    ana.says("#general", "is anybody there?").await;
    assert_ne!(ana.says("#general", "/kudos").await.status, Status::Answered);
    bot.opens_socket().await;
    sandbox.clock().advance_by(60_001);
    assert_eq!(bot.gets_event("message").await["text"], "is anybody there?");
    assert!(ana.says("#general", "/kudos").await.is_answered());
}

#[tokio::test]
async fn nonsense_on_a_socket_is_ignored() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let (mut socket, _) = bot.dials().await;
    let deep = "[".repeat(5_000);
    for text in ["", "hello", "[]", "7", "{\"envelope_id\":7}", "{\"envelope_id\":\"none\"}", deep.as_str()] {
        socket.send(Message::text(text.to_owned())).await.unwrap();
    }
    socket.send(Message::binary(vec![0, 159, 146, 150])).await.unwrap();
    let ana = sandbox.person("ana");
    let (answer, ()) = tokio::join!(ana.says("#general", "/kudos"), async {
        let envelope = frame(&mut socket).await.unwrap();
        let ack =
            json!({ "envelope_id": envelope["envelope_id"], "payload": { "text": "Here" } }).to_string();
        socket.send(Message::text(ack.clone())).await.unwrap();
        socket.send(Message::text(ack)).await.unwrap();
    });
    assert_eq!(answer.text, "Here");
    let seen = ana.reads("#general").len();
    assert_eq!(seen, 1, "the second acknowledgement is one too many");
}

#[tokio::test]
async fn an_invalid_answer_shows_nothing() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    for payload in [
        json!(null),
        json!(7),
        json!([]),
        json!("words"),
        json!({ "text": 7 }),
        json!({ "text": "" }),
        json!({ "blocks": "x" }),
        json!({ "blocks": [{ "type": "x" }] }),
        json!({ "attachments": [7] }),
        json!({ "delete_original": true }),
        json!({ "replace_original": true }),
    ] {
        let said = payload.clone();
        bot.reacts(move |_| Reflex::Say(said.clone()));
        ana.says("#general", "/kudos").await;
        let shown: Vec<String> = ana.reads("#general").iter().map(slack_sandbox::Message::plain).collect();
        assert!(shown.iter().all(|text| text == "words"), "{payload}: {shown:?}");
    }
}

#[tokio::test]
async fn a_nonsense_answer_keeps_the_modal() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    let trigger = crate::modals::triggered(&bot, &ana).await;
    let view = json!({ "type": "modal", "title": { "type": "plain_text", "text": "One" }, "submit": { "type": "plain_text", "text": "Go" }, "blocks": [] });
    assert_eq!(bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await.error(), "ok");
    for payload in [
        json!({ "response_action": "dance" }),
        json!({ "response_action": 7 }),
        json!({ "response_action": "errors" }),
        json!({ "response_action": "errors", "errors": { "none": "x" } }),
        json!({ "response_action": "update" }),
        json!({ "response_action": "update", "view": { "type": "home" } }),
        json!({ "response_action": "push", "view": 7 }),
        json!([7]),
    ] {
        let said = payload.clone();
        bot.reacts(move |_| Reflex::Say(said.clone()));
        let answer = act(&bot, "submit", json!({ "as": "ana" })).await;
        assert_eq!(answer["status"], "no_answer", "{payload}");
        assert_eq!(ana.modal().unwrap().title, "One", "{payload}");
    }
    bot.reacts(|_| Reflex::Say(Value::Null));
    assert_eq!(act(&bot, "submit", json!({ "as": "ana" })).await["status"], "closed");
}
