//! Buttons, menus, shortcuts and reactions.

use std::time::Duration;

use serde_json::{Value, json};
use slack_sandbox::Status;

use crate::bot::{Bot, workspace};
use crate::modals::view;

fn is_interaction(envelope: &Value) -> bool {
    envelope["type"] == "interactive"
}

fn with_buttons() -> Value {
    json!([
        { "type": "section", "text": { "type": "mrkdwn", "text": "Kudos given" }, "accessory": {
            "type": "button", "action_id": "undo", "value": "42", "text": { "type": "plain_text", "text": "Undo" } } },
        { "type": "actions", "block_id": "more", "elements": [
            { "type": "static_select", "action_id": "mood", "options": [
                { "text": { "type": "plain_text", "text": "Good" }, "value": "good" },
                { "text": { "type": "plain_text", "text": "Bad" }, "value": "bad" } ] },
            { "type": "users_select", "action_id": "who" },
        ] },
    ])
}

async fn with_message() -> (Bot, slack_sandbox::Message) {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let post = json!({ "channel": "#general", "text": "Kudos", "blocks": with_buttons() });
    assert_eq!(bot.calls("chat.postMessage", post).await.error(), "ok");
    let message = sandbox.person("ana").reads("#general").pop().unwrap();
    (bot, message)
}

#[tokio::test]
async fn a_click_brings_its_message() {
    let (bot, message) = with_message().await;
    let ana = bot.sandbox.person("ana");
    assert!(ana.clicks(&message, "Undo").await.is_answered());
    let payload = bot.gets(is_interaction).await["payload"].clone();
    assert_eq!(payload["type"], "block_actions");
    assert_eq!(payload["user"]["id"], ana.id());
    assert_eq!(payload["user"]["team_id"], bot.sandbox.team_id());
    assert_eq!(payload["enterprise"], Value::Null);
    assert_eq!(payload["container"]["message_ts"], message.ts);
    assert_eq!(payload["message"]["text"], "Kudos");
    assert_eq!(
        (&payload["actions"][0]["action_id"], &payload["actions"][0]["value"]),
        (&json!("undo"), &json!("42"))
    );
    assert!(payload["actions"][0]["block_id"].is_string() && payload["trigger_id"].is_string());

    let replaced = json!({ "text": "Undone", "blocks": [], "replace_original": true });
    assert_eq!(bot.responds(&payload["response_url"], replaced).await.status, 200);
    let seen = ana.reads("#general").pop().unwrap();
    assert_eq!((seen.ts.as_str(), seen.text.as_str()), (message.ts.as_str(), "Undone"));
    assert_eq!(
        ana.clicks(&message, "Undo").await.status,
        Status::Answered,
        "a click may race with an update"
    );
    assert_eq!(bot.responds(&payload["response_url"], json!({ "delete_original": true })).await.status, 200);
    assert!(ana.reads("#general").is_empty());
    assert_eq!(ana.clicks(&message, "Undo").await.status, Status::Failed("message_not_found"));
}

#[tokio::test]
async fn ephemeral_messages_change_by_response_url() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let ana = sandbox.person("ana");
    let whisper =
        json!({ "channel": "#general", "user": ana.id(), "text": "Sure?", "blocks": with_buttons() });
    let posted = bot.calls("chat.postEphemeral", whisper).await;
    let update =
        json!({ "channel": ana.reads("#general")[0].channel, "ts": posted.body["message_ts"], "text": "x" });
    assert_eq!(bot.calls("chat.update", update).await.error(), "message_not_found");
    let message = ana.reads("#general").pop().unwrap();
    assert_eq!(
        sandbox.person("ben").clicks(&message, "Undo").await.status,
        Status::Failed("message_not_found")
    );
    ana.clicks(&message, "Undo").await;
    let payload = bot.gets(is_interaction).await["payload"].clone();
    assert_eq!(payload["container"]["is_ephemeral"], true);
    assert!(payload.get("message").is_none());
    bot.responds(&payload["response_url"], json!({ "text": "Done", "replace_original": true })).await;
    assert_eq!(ana.reads("#general").len(), 1);
    assert_eq!(ana.reads("#general")[0].text, "Done");
}

#[tokio::test]
async fn a_press_opens_a_modal_or_is_answered_in_words() {
    let (bot, message) = with_message().await;
    let ana = bot.sandbox.person("ana");
    let presses = || async {
        let pressed = ana.opens_modal(&message, "Undo");
        tokio::time::timeout(Duration::from_secs(4), pressed).await.expect("it's over with the answer")
    };
    let answers = async {
        let payload = bot.gets(is_interaction).await["payload"].clone();
        bot.responds(&payload["response_url"], json!({ "text": "No longer", "replace_original": false }))
            .await;
    };
    let (modal, ()) = tokio::join!(presses(), answers);
    assert!(modal.is_none());
    let before = bot.envelopes().len();
    let opens = async {
        bot.gets(|_| bot.envelopes().len() > before).await;
        let trigger = bot.envelopes().last().unwrap()["payload"]["trigger_id"].clone();
        bot.calls("views.open", json!({ "trigger_id": trigger, "view": view() })).await;
    };
    let (modal, ()) = tokio::join!(presses(), opens);
    assert_eq!(modal.unwrap().title, "Thanks");
}

#[tokio::test]
async fn menus_send_what_was_chosen() {
    let (bot, message) = with_message().await;
    let ana = bot.sandbox.person("ana");
    assert!(ana.picks(&message, "mood", "Bad").await.is_answered());
    assert!(ana.picks(&message, "who", "@ben").await.is_answered());
    let actions: Vec<Value> = bot
        .envelopes()
        .iter()
        .map(|one| one["payload"]["actions"][0].clone())
        .filter(|one| !one.is_null())
        .collect();
    assert_eq!(actions[0]["selected_option"]["value"], "bad");
    assert_eq!(actions[0]["block_id"], "more");
    let values = bot.gets(is_interaction).await["payload"]["state"]["values"].clone();
    assert_eq!(values["more"]["mood"]["selected_option"]["value"], "bad");
    assert_eq!(values["more"]["who"]["selected_user"], Value::Null);
    assert_eq!(actions[1]["selected_user"], bot.sandbox.person("ben").id());
}

#[tokio::test]
async fn shortcuts_may_have_a_message() {
    let (bot, message) = with_message().await;
    let ana = bot.sandbox.person("ana");
    assert!(ana.uses_shortcut("Start").await.is_answered());
    assert!(ana.uses_shortcut_on(&message, "thank").await.is_answered());
    let global = bot.gets(|one| one["payload"]["type"] == "shortcut").await["payload"].clone();
    assert_eq!(global["callback_id"], "start");
    let on_message = bot.gets(|one| one["payload"]["type"] == "message_action").await["payload"].clone();
    assert_eq!(
        (&on_message["message_ts"], &on_message["callback_id"]),
        (&json!(message.ts), &json!("thank"))
    );
    assert!(on_message["response_url"].is_string());
}

#[tokio::test]
async fn reactions_are_events() {
    let (bot, message) = with_message().await;
    let ana = bot.sandbox.person("ana");
    ana.reacts(&message, ":taco:").unwrap();
    assert_eq!(ana.reacts(&message, "taco"), Err("already_reacted"));
    let event = bot.gets_event("reaction_added").await;
    assert_eq!((&event["reaction"], &event["item"]["ts"]), (&json!("taco"), &json!(message.ts)));
    assert_eq!(event["item_user"], bot.install.bot_user_id);
    ana.unreacts(&message, "taco").unwrap();
    bot.gets_event("reaction_removed").await;
    let add = json!({ "channel": message.channel, "timestamp": message.ts, "name": "tada" });
    assert_eq!(bot.calls("reactions.add", add.clone()).await.error(), "ok");
    assert_eq!(bot.calls("reactions.add", add).await.error(), "already_reacted");
    assert_eq!(
        ana.reads("#general")[0].reactions,
        [("tada".to_owned(), vec![bot.install.bot_user_id.clone()])]
    );
}

#[tokio::test]
async fn a_bot_takes_its_own_reaction_back() {
    let (bot, message) = with_message().await;
    let ana = bot.sandbox.person("ana");
    let mine = json!({ "channel": message.channel, "timestamp": message.ts, "name": ":tada:" });
    assert_eq!(bot.calls("reactions.remove", mine.clone()).await.error(), "no_reaction");
    ana.reacts(&message, "tada").unwrap();
    assert_eq!(bot.calls("reactions.remove", mine.clone()).await.error(), "no_reaction", "it is Ana's");
    assert_eq!(bot.calls("reactions.add", mine.clone()).await.error(), "ok");
    assert_eq!(bot.calls("reactions.remove", mine).await.error(), "ok");
    assert_eq!(ana.reads("#general")[0].reactions, [("tada".to_owned(), vec![ana.id()])]);
    let event = bot.gets_event("reaction_removed").await;
    assert_eq!(event["user"], bot.install.bot_user_id);
    for (args, error) in [
        (json!({ "channel": message.channel, "timestamp": message.ts }), "invalid_name"),
        (json!({ "channel": message.channel, "name": "tada" }), "no_item_specified"),
        (json!({ "channel": message.channel, "name": "tada", "timestamp": "1.5" }), "message_not_found"),
    ] {
        assert_eq!(bot.calls("reactions.remove", args).await.error(), error);
    }
}

#[tokio::test]
async fn buttons_of_cards_are_pressed() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let plain = |text: &str| json!({ "type": "plain_text", "text": text });
    let button = |text: &str| json!({ "type": "button", "text": plain(text), "value": text });
    let card = |name: &str| json!({ "type": "card", "block_id": name, "title": plain(name), "actions": [button(name)] });
    let section =
        json!({ "type": "section", "block_id": "row", "text": plain("Inside"), "accessory": button("Open") });
    let blocks = json!([
        card("Alone"),
        { "type": "carousel", "elements": [card("Left"), card("Right")] },
        { "type": "container", "title": plain("Box"), "child_blocks": [section] },
        { "type": "plan", "title": "Two steps", "tasks": [{ "task_id": "1", "title": "Look it up" }] },
    ]);
    let posted = bot.calls("chat.postMessage", json!({ "channel": "#general", "blocks": blocks })).await;
    assert_eq!(posted.error(), "ok", "{}", posted.body);
    assert!(
        posted.body["message"]["blocks"][1]["elements"][0].get("action_id").is_none(),
        "a card is no element"
    );
    let ana = sandbox.person("ana");
    let message = ana.reads("#general").pop().unwrap();
    for words in ["Left", "Box", "Inside", "Two steps", "Look it up"] {
        assert!(message.plain().contains(words), "{words}: {}", message.plain());
    }
    for (label, block) in [("Alone", "Alone"), ("Right", "Right"), ("Open", "row")] {
        assert!(ana.clicks(&message, label).await.is_answered(), "{label}");
        let pressed = bot.gets(|one| one["payload"]["actions"][0]["value"] == label).await;
        let action = &pressed["payload"]["actions"][0];
        assert_eq!(action["block_id"], block);
        assert!(action["action_id"].is_string());
    }
}
