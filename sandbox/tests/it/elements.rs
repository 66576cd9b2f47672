//! Every kind of element: how people use it, and what the app is sent.

use serde_json::{Value, json};
use slack_sandbox::{Message, Status, Submission};

use crate::bot::{Bot, Reflex, request, workspace};
use crate::modals::triggered;
use crate::page::{act, get};

fn plain(text: &str) -> Value {
    json!({ "type": "plain_text", "text": text })
}

fn option(text: &str) -> Value {
    json!({ "text": plain(text), "value": text })
}

fn input(block_id: &str, element: &Value) -> Value {
    let mut element = element.clone();
    element["action_id"] = json!("held");
    json!({ "type": "input", "block_id": block_id, "label": plain(block_id), "element": element })
}

async fn posted(blocks: Value) -> (Bot, Message) {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let post = json!({ "channel": "#general", "text": "x", "blocks": blocks });
    let reply = bot.calls("chat.postMessage", post).await;
    assert_eq!(reply.error(), "ok", "{}", reply.body);
    let message = sandbox.person("ana").reads("#general").pop().unwrap();
    (bot, message)
}

async fn opened(view: Value) -> Bot {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let trigger = triggered(&bot, &sandbox.person("ana")).await;
    let reply = bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await;
    assert_eq!(reply.error(), "ok", "{}", reply.body);
    bot
}

async fn clicked(bot: &Bot) -> Value {
    bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await["payload"].clone()
}

#[tokio::test]
async fn each_sends_what_slack_sends() {
    let day = json!({ "type": "datepicker", "action_id": "a", "initial_date": "2026-03-02", "placeholder": plain("Day") });
    let moods = json!([option("Good"), option("Bad")]);
    let ben = || json!("@ben");
    let feedback = json!({
        "type": "feedback_buttons", "action_id": "a",
        "positive_button": { "text": plain("Good"), "value": "up" }, "negative_button": { "text": plain("Bad"), "value": "down" },
    });
    let rows = [
        (day, json!("2026-03-03"), "selected_date", json!("2026-03-03")),
        (json!({ "type": "timepicker", "action_id": "a" }), json!("09:30"), "selected_time", json!("09:30")),
        (
            json!({ "type": "datetimepicker", "action_id": "a" }),
            json!("1700000000"),
            "selected_date_time",
            json!(1_700_000_000),
        ),
        (
            json!({ "type": "overflow", "action_id": "a", "options": moods }),
            json!("Bad"),
            "selected_option",
            option("Bad"),
        ),
        (
            json!({ "type": "radio_buttons", "action_id": "a", "options": moods }),
            json!("Good"),
            "selected_option",
            option("Good"),
        ),
        (
            json!({ "type": "checkboxes", "action_id": "a", "options": moods }),
            json!(["Bad"]),
            "selected_options",
            json!([option("Bad")]),
        ),
        (
            json!({ "type": "multi_static_select", "action_id": "a", "options": moods }),
            json!(["Good", "Bad"]),
            "selected_options",
            moods.clone(),
        ),
        (json!({ "type": "users_select", "action_id": "a" }), ben(), "selected_user", Value::Null),
        (json!({ "type": "multi_users_select", "action_id": "a" }), json!([]), "selected_users", json!([])),
        (
            json!({ "type": "external_select", "action_id": "a" }),
            option("Far"),
            "selected_option",
            option("Far"),
        ),
        (
            json!({ "type": "multi_external_select", "action_id": "a" }),
            json!([option("Far")]),
            "selected_options",
            json!([option("Far")]),
        ),
        (feedback, json!("down"), "value", json!("down")),
    ];
    for (element, choice, key, sent) in rows {
        let kind = if element["type"] == "feedback_buttons" { "context_actions" } else { "actions" };
        let (bot, message) = posted(json!([{ "type": kind, "block_id": "b", "elements": [element] }])).await;
        let ana = bot.sandbox.person("ana");
        let sent = if sent.is_null() { json!(bot.sandbox.person("ben").id()) } else { sent };
        assert!(ana.picks(&message, "a", choice).await.is_answered(), "{element}");
        let payload = clicked(&bot).await;
        let action = &payload["actions"][0];
        assert_eq!((&action["type"], &action[key]), (&element["type"], &sent), "{element}");
        assert_eq!(action["placeholder"], element["placeholder"]);
        assert_eq!(action["initial_date"], element["initial_date"]);
        if kind == "actions" && element["type"] != "overflow" {
            assert_eq!(payload["state"]["values"]["b"]["a"][key], sent, "{element}");
        }
    }
}

#[tokio::test]
async fn a_button_brings_chosen_values() {
    let (bot, message) = posted(json!([
        { "type": "actions", "block_id": "b", "elements": [
            { "type": "static_select", "action_id": "mood", "options": [option("Good"), option("Bad")] },
            { "type": "button", "action_id": "send", "text": plain("Send") } ] },
        { "type": "section", "block_id": "s", "text": plain("When?"), "accessory": { "type": "timepicker", "action_id": "when" } },
    ])).await;
    let click = json!({
        "as": "ana", "channel": message.channel, "ts": message.ts, "block_id": "b", "action_id": "send",
        "values": { "b": { "mood": "Bad" }, "s": { "when": "10:00" } },
    });
    assert_eq!(act(&bot, "click", click).await["status"], "answered");
    let values = clicked(&bot).await["state"]["values"].clone();
    assert_eq!(values["b"]["mood"]["selected_option"]["value"], "Bad");
    assert_eq!(values["s"]["when"]["selected_time"], "10:00");
}

#[tokio::test]
async fn menus_ask_for_their_options() {
    let menu = json!({ "type": "external_select", "action_id": "repo", "min_query_length": 2 });
    let (bot, message) = posted(json!([{ "type": "actions", "block_id": "b", "elements": [menu] }])).await;
    bot.reacts(|envelope| {
        let typed = envelope["payload"]["value"].as_str().unwrap_or_default().to_owned();
        Reflex::Say(json!({ "options": [option(&format!("{typed}/one"))] }))
    });
    let ana = bot.sandbox.person("ana");
    let found = ana.looks_for(&message, "repo", "rondo").await;
    assert_eq!(found.raw["options"][0]["value"], "rondo/one");
    let asked =
        bot.gets(|envelope| envelope["payload"]["type"] == "block_suggestion").await["payload"].clone();
    assert_eq!((&asked["action_id"], &asked["block_id"]), (&json!("repo"), &json!("b")));
    assert!(asked["message"].is_object() && asked.get("trigger_id").is_none());
    bot.reacts(|_| Reflex::Ack);
    assert!(ana.picks(&message, "repo", found.raw["options"][0].clone()).await.is_answered());
    assert_eq!(clicked(&bot).await["actions"][0]["selected_option"]["value"], "rondo/one");
    let missing = ana.looks_for(&message, "nothing", "x").await;
    assert_eq!(missing.status, Status::Failed("no_such_menu"));
}

#[tokio::test]
async fn menus_in_modals_ask_too() {
    let bot = opened(json!({
        "type": "modal", "title": plain("Pick"), "submit": plain("Go"),
        "blocks": [input("where", &json!({ "type": "external_select" }))],
    }))
    .await;
    bot.reacts(|_| Reflex::Say(json!({ "options": [option("Here")] })));
    let asked =
        json!({ "as": "ana", "view": "modal", "block_id": "where", "action_id": "held", "value": "h" });
    let offered = act(&bot, "suggest", asked).await["raw"]["options"][0].clone();
    assert_eq!(offered, option("Here"));
    bot.reacts(|_| Reflex::Ack);
    let closed = act(&bot, "submit", json!({ "as": "ana", "values": { "where": [offered] } })).await;
    assert_eq!(closed["status"], "closed");
    let sent = bot.gets(|one| one["payload"]["type"] == "view_submission").await["payload"].clone();
    assert_eq!(sent["view"]["state"]["values"]["where"]["held"]["selected_option"]["value"], "Here");
}

#[tokio::test]
async fn the_client_checks_values() {
    let number =
        json!({ "type": "number_input", "is_decimal_allowed": false, "min_value": "2", "max_value": "9" });
    let several = json!({ "type": "multi_static_select", "max_selected_items": 1, "options": [option("a"), option("b")] });
    let bot = opened(json!({
        "type": "modal", "title": plain("All"), "submit": plain("Go"),
        "blocks": [
            input("mail", &json!({ "type": "email_text_input" })), input("site", &json!({ "type": "url_text_input" })),
            input("count", &number), input("several", &several),
            input("short", &json!({ "type": "plain_text_input", "min_length": 3 })),
        ],
    }))
    .await;
    let ana = bot.sandbox.person("ana");
    let tries = async |values: Value| {
        for (field, value) in values.as_object().unwrap() {
            assert!(ana.fills(field, value.clone()), "{field}");
        }
        ana.submits().await
    };
    let wrong =
        json!({ "mail": "ana", "site": "example", "count": "1.5", "several": ["a", "b"], "short": "ab" });
    let Submission::Errors(said) = tries(wrong).await else { panic!("it stays open") };
    assert_eq!(said["mail"], "Please enter a valid email address.");
    assert_eq!(said["site"], "Please enter a valid URL.");
    assert_eq!(said["count"], "Please enter a whole number.");
    assert_eq!(said["several"], "Please choose 1 at most.");
    assert_eq!(said["short"], "Please lengthen this to 3 characters or more.");
    for (count, words) in [("1", "Please enter 2 or more."), ("10", "Please enter 9 or less.")] {
        let Submission::Errors(said) = tries(json!({ "count": count })).await else {
            panic!("it stays open")
        };
        assert_eq!(said["count"], words);
    }
    let right = json!({ "mail": "ana@example.org", "site": "https://example.org", "count": "5", "several": ["a"], "short": "abc" });
    assert_eq!(tries(right).await, Submission::Closed);
}

#[tokio::test]
async fn a_submission_can_answer_a_conversation() {
    let menu = json!({ "type": "conversations_select", "response_url_enabled": true });
    let bot = opened(json!({
        "type": "modal", "title": plain("Where"), "submit": plain("Go"), "blocks": [input("where", &menu)],
    }))
    .await;
    let ana = bot.sandbox.person("ana");
    assert!(ana.fills("where", "#general"));
    assert_eq!(ana.submits().await, Submission::Closed);
    let sent = bot.gets(|one| one["payload"]["type"] == "view_submission").await["payload"].clone();
    let address = &sent["response_urls"][0];
    assert_eq!((&address["block_id"], &address["action_id"]), (&json!("where"), &json!("held")));
    let said = json!({ "text": "Here", "response_type": "in_channel" });
    assert_eq!(bot.responds(&address["response_url"], said).await.status, 200);
    assert_eq!(bot.sandbox.person("ben").reads("#general").pop().unwrap().text, "Here");
}

#[tokio::test]
async fn fields_take_uploads() {
    let bot = opened(json!({
        "type": "modal", "title": plain("Files"), "submit": plain("Go"),
        "blocks": [input("file", &json!({ "type": "file_input", "max_files": 1 }))],
    }))
    .await;
    let url = format!("{}sandbox/upload?as=ana&name=notes.txt", bot.sandbox.url());
    let file = request("POST", &url, &[], "what went well").await.unwrap().body;
    let made_up = json!({ "as": "ana", "values": { "file": [{ "id": "F0NOTHING" }] } });
    assert_eq!(act(&bot, "submit", made_up).await["status"], "errors", "what was never uploaded is no file");
    let closed = act(&bot, "submit", json!({ "as": "ana", "values": { "file": [file] } })).await;
    assert_eq!(closed["status"], "closed");
    let sent = bot.gets(|one| one["payload"]["type"] == "view_submission").await["payload"].clone();
    let held = &sent["view"]["state"]["values"]["file"]["held"]["files"][0];
    assert_eq!((&held["name"], &held["size"]), (&json!("notes.txt"), &json!(14)));
    let content = request("GET", held["url_private"].as_str().unwrap(), &[], "").await.unwrap();
    assert_eq!(content.body, "what went well");
}

#[tokio::test]
async fn closing_tells_the_app() {
    let view = |clears: bool| {
        json!({
            "type": "modal", "title": plain("One"), "notify_on_close": true, "clear_on_close": clears, "blocks": [],
        })
    };
    for (clears, left) in [(false, true), (true, false)] {
        let bot = opened(view(clears)).await;
        let ana = bot.sandbox.person("ana");
        let trigger = triggered(&bot, &ana).await;
        let pushed = bot.calls("views.push", json!({ "trigger_id": trigger, "view": view(clears) })).await;
        assert_eq!(pushed.error(), "ok");
        ana.closes();
        assert_eq!(ana.modal().is_some(), left);
        let told = bot.gets(|one| one["payload"]["type"] == "view_closed").await["payload"].clone();
        assert_eq!(told["is_cleared"], clears);
        assert!(get(&bot, "state?as=ana").await["modals"].as_array().unwrap().is_empty() != left);
    }
}

/// Posts a menu that the app fills, and has the app offer this.
async fn with_menu(element: Value, answer: Value) -> (Bot, Message) {
    let (bot, message) = posted(json!([{ "type": "actions", "block_id": "b", "elements": [element] }])).await;
    bot.reacts(move |envelope| match envelope["payload"]["type"].as_str() {
        Some("block_suggestion") => Reflex::Say(answer.clone()),
        _ => Reflex::Ack,
    });
    (bot, message)
}

#[tokio::test]
async fn an_offered_option_is_chosen_by_its_value() {
    let far = json!({ "text": plain("Far away"), "value": "far" });
    let grouped =
        json!({ "option_groups": [{ "label": plain("Places"), "options": [far, option("Near")] }] });
    let (bot, message) = with_menu(json!({ "type": "external_select", "action_id": "a" }), grouped).await;
    let (ana, ben) = (bot.sandbox.person("ana"), bot.sandbox.person("ben"));
    assert_eq!(
        ana.picks(&message, "a", "far").await.status,
        Status::Failed("no_such_option"),
        "nothing is offered yet"
    );
    assert!(ana.looks_for(&message, "a", "fa").await.is_answered());
    assert_eq!(
        ben.picks(&message, "a", "far").await.status,
        Status::Failed("no_such_option"),
        "Ben was offered nothing"
    );
    assert_eq!(ana.picks(&message, "a", "nowhere").await.status, Status::Failed("no_such_option"));
    assert!(ana.picks(&message, "a", "far").await.is_answered());
    assert_eq!(clicked(&bot).await["actions"][0]["selected_option"], far);
    assert!(ana.picks(&message, "a", "Near").await.is_answered(), "its text does as well");
}

#[tokio::test]
async fn several_offered_options_are_chosen_by_value() {
    let element =
        json!({ "type": "multi_external_select", "action_id": "a", "initial_options": [option("Old")] });
    let (bot, message) = with_menu(element, json!({ "options": [option("One"), option("Two")] })).await;
    let ana = bot.sandbox.person("ana");
    ana.looks_for(&message, "a", "").await;
    assert!(ana.picks(&message, "a", json!(["Two", "Old"])).await.is_answered());
    assert_eq!(clicked(&bot).await["actions"][0]["selected_options"], json!([option("Two"), option("Old")]));
}

#[tokio::test]
async fn a_field_that_the_app_fills_takes_a_value() {
    let view = json!({
        "type": "modal", "title": plain("T"), "submit": plain("Send"),
        "blocks": [input("where", &json!({ "type": "external_select" }))],
    });
    let bot = opened(view).await;
    let far = json!({ "text": plain("Far away"), "value": "far" });
    let answer = json!({ "options": [far] });
    bot.reacts(move |envelope| match envelope["payload"]["type"].as_str() {
        Some("block_suggestion") => Reflex::Say(answer.clone()),
        _ => Reflex::Ack,
    });
    let ana = bot.sandbox.person("ana");
    assert!(!ana.fills("where", "far"), "nothing is offered yet");
    ana.looks_in_modal("held", "fa").await;
    assert!(ana.fills("where", "far"));
    assert_eq!(ana.submits().await, Submission::Closed);
    let sent = bot.gets(|one| one["payload"]["type"] == "view_submission").await;
    assert_eq!(sent["payload"]["view"]["state"]["values"]["where"]["held"]["selected_option"], far);
}
