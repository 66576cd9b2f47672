//! Text that would be markup, commands or chaos elsewhere stays text.

use serde_json::{Value, json};
use slack_sandbox::NewPerson;

use crate::bot::{Bot, workspace};
use crate::modals::triggered;
use crate::page::{act, get};

const MARKUP: &str = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";

fn evil() -> Value {
    json!({ "type": "plain_text", "text": MARKUP })
}

#[tokio::test]
async fn markup_stays_text_everywhere() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    sandbox.add_person(NewPerson { real_name: MARKUP, ..NewPerson::named("mallory") });
    let general = sandbox.person("ana").says("#general", MARKUP).await.raw["channel"].clone();
    let general = general.as_str().map_or_else(|| json!("#general"), |id| json!(id));
    let blocks = json!([
        { "type": "header", "text": evil() },
        { "type": "section", "text": evil(), "accessory": { "type": "button", "action_id": "a", "text": { "type": "plain_text", "text": MARKUP } } },
        { "type": "actions", "elements": [{ "type": "static_select", "action_id": "b", "placeholder": evil(), "options": [
            { "text": { "type": "plain_text", "text": MARKUP }, "value": "x" } ] }] },
        { "type": "image", "image_url": "javascript:alert(3)", "alt_text": MARKUP },
        { "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [
            { "type": "text", "text": MARKUP }, { "type": "link", "url": "javascript:alert(4)" }, { "type": "emoji", "name": MARKUP } ] }] },
    ]);
    let post = json!({ "channel": general, "text": MARKUP, "blocks": blocks, "attachments": [{ "title": MARKUP, "title_link": "javascript:alert(5)" }] });
    let posted = bot.calls("chat.postMessage", post).await;
    assert_eq!(posted.error(), "ok", "{}", posted.body);
    let shown = get(&bot, "state?as=ana").await;
    let message = shown["messages"].as_array().unwrap().last().unwrap();
    assert_eq!(message["blocks"][0]["text"]["text"], MARKUP);
    assert_eq!(message["attachments"][0]["title"], MARKUP);
    assert!(shown["people"].as_array().unwrap().iter().any(|one| one["shown"] == MARKUP));
    let topic = json!({ "channel": message["channel"], "topic": MARKUP });
    assert_eq!(bot.calls("conversations.setTopic", topic).await.error(), "ok");
    let places = get(&bot, "state?as=ana").await["channels"].clone();
    assert!(places.as_array().unwrap().iter().any(|place| place["topic"] == MARKUP));
}

#[tokio::test]
async fn markup_in_modal_titles_stays_text() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let trigger = triggered(&bot, &sandbox.person("ana")).await;
    let title = json!({ "type": "plain_text", "text": "<b onclick=alert(1)>x</b>" });
    let view = json!({ "type": "modal", "title": title, "close": title, "blocks": [] });
    let opened = bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await;
    assert_eq!(opened.error(), "invalid_arguments", "25 characters are one too many");
    let title = json!({ "type": "plain_text", "text": "<b onclick=alert(1)>x" });
    let view = json!({ "type": "modal", "title": title, "close": title, "blocks": [] });
    let opened = bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await;
    assert_eq!(opened.error(), "ok");
    assert_eq!(get(&bot, "state?as=ana").await["modals"][0]["title"], title);
}

#[tokio::test]
async fn emoji_names_are_checked() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let said = act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "x" })).await;
    let message = get(&bot, "state?as=ana").await["messages"][0].clone();
    assert_eq!(said["status"], "answered");
    for (name, error) in [
        (MARKUP, json!("invalid_name")),
        ("", json!("invalid_name")),
        ("TADA", json!("invalid_name")),
        ("a b", json!("invalid_name")),
        ("constructor", Value::Null),
        (":tada:", Value::Null),
    ] {
        let react = json!({ "as": "ana", "channel": message["channel"], "ts": message["ts"], "name": name });
        assert_eq!(act(&bot, "react", react).await["error"], error, "{name}");
    }
}

#[tokio::test]
async fn unusual_characters_arrive_unchanged() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    for text in [
        "\u{202e}backwards\u{202c}",
        "zero\u{200b}width",
        "👩‍👩‍👧‍👦 family",
        "e\u{301}\u{301}\u{301}\u{301}",
        "\u{0}nul\u{7}bell",
        "a\tb\r\nc",
        "@",
        "#",
        "@@@",
        "<",
        "<@",
        "<!",
        "&amp;",
        "&lt;b&gt;",
        "|",
        "```",
        "`",
        "*_~",
        ":::",
        "@ana@ben",
        "@ana.",
        "#general's",
        "https://",
        "@é",
    ] {
        let said = sandbox.person("ana").says("#general", text).await;
        assert!(said.is_answered(), "{text:?}");
        let seen = sandbox.person("ben").reads("#general").pop().unwrap().plain();
        assert_eq!(seen, text, "{text:?}");
    }
    let long = "x".repeat(200_000);
    assert!(sandbox.person("ana").says("#general", &long).await.is_answered());
    assert!(get(&bot, "state?as=ana").await["messages"].is_array());
}
