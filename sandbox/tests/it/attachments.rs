//! Attachments of messages: kept, read, changed, and used where they have blocks.

use serde_json::{Value, json};
use slack_sandbox::{Message, Status};

use crate::bot::{Bot, workspace};
use crate::page::get;

fn dressed() -> Value {
    json!([
        { "color": "#36a64f", "pretext": "Build", "author_name": "CI", "title": "Release 1.2", "title_link": "https://example.org",
          "text": "*green*", "fields": [{ "title": "Took", "value": "4 min", "short": true }], "footer": "built twice" },
        { "blocks": [{ "type": "actions", "block_id": "again", "elements": [
            { "type": "button", "action_id": "retry", "text": { "type": "plain_text", "text": "Retry" } } ] }] },
    ])
}

async fn posted(attachments: Value) -> (Bot, Message) {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let post = json!({ "channel": "#general", "text": "Built", "attachments": attachments });
    assert_eq!(bot.calls("chat.postMessage", post).await.error(), "ok");
    let message = sandbox.person("ana").reads("#general").pop().unwrap();
    (bot, message)
}

#[tokio::test]
async fn attachments_read_line_by_line() {
    let (bot, message) = posted(dressed()).await;
    assert_eq!(message.plain(), "Built\nBuild\nCI\nRelease 1.2\n*green*\nTook\n4 min\nbuilt twice\nRetry");
    assert_eq!((&message.attachments[0]["id"], &message.attachments[1]["id"]), (&json!(1), &json!(2)));
    assert_eq!(message.attachments[1]["fallback"], "[no preview available]");
    let shown = get(&bot, "state?as=ana").await["messages"][0].clone();
    assert_eq!(shown["attachments"][0]["footer"], "built twice");
    let history = bot.reads("conversations.history", &[("channel", &message.channel)]).await.body;
    assert_eq!(history["messages"][0]["attachments"][1]["blocks"][0]["block_id"], "again");
}

#[tokio::test]
async fn a_button_names_its_attachment() {
    let (bot, message) = posted(dressed()).await;
    assert!(message.has_button("Retry"));
    assert!(bot.sandbox.person("ana").clicks(&message, "Retry").await.is_answered());
    let sent = bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await["payload"].clone();
    assert_eq!(sent["container"]["type"], "message_attachment");
    assert_eq!(sent["container"]["attachment_id"], 2);
    assert_eq!(sent["actions"][0]["action_id"], "retry");
    assert_eq!(sent["message"]["attachments"][0]["title"], "Release 1.2");
}

#[tokio::test]
async fn an_empty_list_removes_attachments() {
    let (bot, message) = posted(dressed()).await;
    let ana = bot.sandbox.person("ana");
    let left = async |change: Value| {
        let mut change = change;
        change["channel"] = json!(message.channel);
        change["ts"] = json!(message.ts);
        assert_eq!(bot.calls("chat.update", change).await.error(), "ok");
        ana.reads("#general").pop().unwrap().attachments.len()
    };
    assert_eq!(left(json!({ "text": "Built twice" })).await, 2);
    assert_eq!(left(json!({ "text": "Built", "attachments": [{ "text": "one" }] })).await, 1);
    assert_eq!(left(json!({ "text": "Built", "attachments": [] })).await, 0);
    assert_eq!(
        ana.clicks(&message, "Retry").await.status,
        Status::Answered,
        "a click may race with an update"
    );
}

#[tokio::test]
async fn an_answer_brings_them_too() {
    let (bot, message) = posted(dressed()).await;
    let ana = bot.sandbox.person("ana");
    ana.clicks(&message, "Retry").await;
    let sent = bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await["payload"].clone();
    let answer = json!({ "replace_original": true, "attachments": [{ "text": "Retried" }] });
    assert_eq!(bot.responds(&sent["response_url"], answer).await.status, 200);
    assert_eq!(ana.reads("#general").pop().unwrap().plain(), "Retried");
}

#[tokio::test]
async fn invalid_blocks_are_refused() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    for (attachments, error) in [
        (json!("x"), "invalid_attachments"),
        (json!(["x"]), "invalid_attachments"),
        (json!({ "text": "x" }), "invalid_attachments"),
        (json!(vec![json!({ "text": "x" }); 101]), "too_many_attachments"),
        (json!([{ "blocks": [{ "type": "x" }] }]), "invalid_blocks"),
        (json!([]), "no_text"),
    ] {
        sandbox.clock().advance_by(1_000);
        let post = json!({ "channel": "#general", "attachments": attachments });
        assert_eq!(bot.calls("chat.postMessage", post).await.error(), error, "{attachments}");
    }
    sandbox.clock().advance_by(1_000);
    let alone = json!({ "channel": "#general", "attachments": [{ "text": "x" }] });
    assert_eq!(bot.calls("chat.postMessage", alone).await.error(), "ok", "they say enough");
}
