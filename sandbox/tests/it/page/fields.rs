//! What fields hold, in messages and in modals.

use serde_json::{Value, json};

use super::{act, get};
use crate::bot::{Bot, workspace};

fn input(block_id: &str, element: &Value) -> Value {
    let mut element = element.clone();
    element["action_id"] = json!("held");
    json!({ "type": "input", "block_id": block_id, "label": { "type": "plain_text", "text": block_id }, "element": element })
}

#[tokio::test]
async fn clicks_bring_message_fields() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let blocks = json!([
        input("well", &json!({ "type": "plain_text_input" })),
        { "type": "actions", "block_id": "go", "elements": [
            { "type": "button", "action_id": "send", "text": { "type": "plain_text", "text": "Send" } } ] },
    ]);
    let post = json!({ "channel": "#general", "text": "What went well?", "blocks": blocks });
    assert_eq!(bot.calls("chat.postMessage", post).await.error(), "ok");
    let message = get(&bot, "state?as=ana").await["messages"][0].clone();
    let click = json!({
        "as": "ana", "channel": message["channel"], "ts": message["ts"], "block_id": "go", "action_id": "send",
        "values": { "well": "The release" },
    });
    assert_eq!(act(&bot, "click", click).await["status"], "answered");
    let sent = bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await["payload"].clone();
    assert_eq!(
        sent["state"]["values"]["well"]["held"],
        json!({ "type": "plain_text_input", "value": "The release" })
    );

    let shown = sandbox.person("ana").reads("#general").pop().unwrap();
    sandbox.person("ana").clicks_with(&shown, "Send", &json!({ "well": "All of it" })).await;
    let said =
        |envelope: &Value| envelope["payload"]["state"]["values"]["well"]["held"]["value"] == "All of it";
    bot.gets(said).await;
}

#[tokio::test]
async fn buttons_keep_a_modals_values() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.person("ana").says("#general", "/kudos").await;
    let trigger = bot.envelopes()[0]["payload"]["trigger_id"].clone();
    let view = json!({
        "type": "modal", "title": { "type": "plain_text", "text": "All" }, "submit": { "type": "plain_text", "text": "Go" },
        "blocks": [
            input("when", &json!({ "type": "datetimepicker" })), input("note", &json!({ "type": "rich_text_input" })),
            { "type": "actions", "block_id": "more", "elements": [
                { "type": "button", "action_id": "add", "text": { "type": "plain_text", "text": "Add" } } ] },
        ],
    });
    assert_eq!(bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await.error(), "ok");
    let values = json!({ "when": "1700000000", "note": "bring cake" });
    let click =
        json!({ "as": "ana", "view": "modal", "block_id": "more", "action_id": "add", "values": values });
    assert_eq!(act(&bot, "click", click).await["status"], "answered");
    let sent = bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await["payload"].clone();
    let held = &sent["view"]["state"]["values"];
    assert_eq!(held["when"]["held"]["selected_date_time"], 1_700_000_000);
    let rich = &held["note"]["held"]["rich_text_value"];
    assert_eq!(rich["elements"][0]["elements"][0], json!({ "type": "text", "text": "bring cake" }));
    assert_eq!(act(&bot, "submit", json!({ "as": "ana" })).await["status"], "closed");
}

#[tokio::test]
async fn clicks_bring_home_fields() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana").id();
    let blocks = json!([
        input("pace", &json!({ "type": "number_input", "is_decimal_allowed": false })),
        { "type": "actions", "block_id": "go", "elements": [
            { "type": "button", "action_id": "keep", "text": { "type": "plain_text", "text": "Keep" } } ] },
    ]);
    let home = json!({ "user_id": ana, "view": { "type": "home", "blocks": blocks } });
    assert_eq!(bot.calls("views.publish", home).await.error(), "ok");
    let click = json!({
        "as": "ana", "view": "home", "block_id": "go", "action_id": "keep", "values": { "pace": "2" },
    });
    assert_eq!(act(&bot, "click", click).await["status"], "answered");
    let sent = bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await["payload"].clone();
    assert_eq!(sent["view"]["state"]["values"]["pace"]["held"]["value"], "2");
}

#[tokio::test]
async fn a_form_is_shown_in_the_tab_that_asked_for_it() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let shows = async |tab: &str| {
        let seen = get(&bot, &format!("state?as=ana&tab={tab}")).await;
        !seen["modals"].as_array().unwrap().is_empty()
    };
    let opens = async |title: &str| {
        let trigger = bot.envelopes().last().unwrap()["payload"]["trigger_id"].clone();
        let view = json!({
            "type": "modal", "title": { "type": "plain_text", "text": title }, "submit": { "type": "plain_text", "text": "Send" },
            "blocks": [{ "type": "section", "text": { "type": "plain_text", "text": "Hello" } }],
        });
        assert_eq!(
            bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await.error(),
            "ok"
        );
    };
    assert!(!shows("first").await && !shows("second").await);
    let typed = json!({ "as": "ana", "tab": "first", "where": "#general", "text": "/kudos" });
    act(&bot, "say", typed).await;
    opens("All").await;
    assert!(!shows("second").await, "another tab of hers asked for it");
    assert!(shows("first").await && !get(&bot, "state?as=ana").await["modals"][0].is_null());
    // What another tab does leaves the form where it is.
    act(&bot, "say", json!({ "as": "ana", "tab": "second", "where": "#general", "text": "Hello" })).await;
    assert!(!shows("second").await && shows("first").await);
    // And in another tab, another form: each is closed where it is.
    let titles = async || {
        let mut titles = Vec::new();
        for tab in ["first", "second"] {
            let seen = get(&bot, &format!("state?as=ana&tab={tab}")).await;
            titles.push(seen["modals"][0]["title"]["text"].clone());
        }
        titles
    };
    let typed = json!({ "as": "ana", "tab": "second", "where": "#general", "text": "/kudos" });
    act(&bot, "say", typed).await;
    opens("Other").await;
    assert_eq!(titles().await, ["All", "Other"]);
    act(&bot, "submit", json!({ "as": "ana", "tab": "second" })).await;
    let submission = bot.gets(|envelope| envelope["payload"]["type"] == "view_submission").await;
    assert_eq!(submission["payload"]["view"]["title"]["text"], "Other");
    act(&bot, "close", json!({ "as": "ana", "tab": "second" })).await;
    assert_eq!(titles().await, [json!("All"), Value::Null]);
    act(&bot, "close", json!({ "as": "ana", "tab": "first" })).await;
    assert!(!shows("first").await && !shows("second").await);
    // Ever new tabs have not ever more forms.
    for tab in 0..70 {
        let typed =
            json!({ "as": "ana", "tab": format!("tab {tab}"), "where": "#general", "text": "/kudos" });
        act(&bot, "say", typed).await;
        opens("All").await;
    }
    let open = get(&bot, "state?as=ana&tab=tab%209").await["modals"].as_array().unwrap().len();
    let newest = get(&bot, "state?as=ana&tab=tab%2069").await["modals"].as_array().unwrap().len();
    assert_eq!((open, newest), (0, 1), "the oldest are closed");
    for tab in 10..70 {
        act(&bot, "close", json!({ "as": "ana", "tab": format!("tab {tab}") })).await;
    }
    // The form of a person who acts outside of the page goes to the tab that looks first.
    sandbox.person("ana").says("#general", "/kudos").await;
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos" })).await;
    opens("All").await;
    assert!(shows("second").await && !shows("first").await);
}
