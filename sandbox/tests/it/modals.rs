//! Triggers, modals and Homes.

use serde_json::{Value, json};
use slack_sandbox::{PersonHandle, Submission};

use crate::bot::{Bot, Reflex, START_MS, workspace};

fn input(block_id: &str, label: &str, element: &Value) -> Value {
    json!({ "type": "input", "block_id": block_id, "label": { "type": "plain_text", "text": label }, "element": element })
}

pub fn view() -> Value {
    json!({
        "type": "modal", "callback_id": "thanks", "private_metadata": "kept",
        "title": { "type": "plain_text", "text": "Thanks" },
        "submit": { "type": "plain_text", "text": "Send" },
        "blocks": [
            input("why", "Why", &json!({ "type": "plain_text_input", "action_id": "text", "max_length": 20 })),
            input("who", "Whom", &json!({ "type": "multi_users_select", "action_id": "users" })),
            { "type": "input", "block_id": "opts", "optional": true, "label": { "type": "plain_text", "text": "Options" },
              "element": { "type": "checkboxes", "action_id": "boxes", "options": [
                { "text": { "type": "plain_text", "text": "Private" }, "value": "private" } ] } },
        ],
    })
}

/// Lets Ana use `/kudos` and returns the `trigger_id`.
pub async fn triggered(bot: &Bot, person: &PersonHandle) -> Value {
    let before = bot.envelopes().len();
    person.says("#general", "/kudos").await;
    bot.gets(|_| bot.envelopes().len() > before).await;
    bot.envelopes().last().unwrap()["payload"]["trigger_id"].clone()
}

async fn with_modal() -> (Bot, PersonHandle) {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    let trigger = triggered(&bot, &ana).await;
    let opened = bot.calls("views.open", json!({ "trigger_id": trigger, "view": view() })).await;
    assert_eq!(opened.error(), "ok");
    assert!(
        opened.body["view"]["hash"].is_string()
            && opened.body["view"]["id"].as_str().unwrap().starts_with('V')
    );
    (bot, ana)
}

#[tokio::test]
async fn a_trigger_opens_one_view() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    let open = |trigger: Value| bot.calls("views.open", json!({ "trigger_id": trigger, "view": view() }));
    let trigger = triggered(&bot, &ana).await;
    assert_eq!(open(trigger.clone()).await.error(), "ok");
    assert_eq!(open(trigger).await.error(), "exchanged_trigger_id");
    assert_eq!(open(json!("made.up")).await.error(), "invalid_trigger_id");
    let trigger = triggered(&bot, &ana).await;
    sandbox.clock().advance_to(START_MS + 3_001);
    assert_eq!(open(trigger).await.error(), "expired_trigger_id");
}

#[tokio::test]
async fn invalid_views_are_refused() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let trigger = triggered(&bot, &sandbox.person("ana")).await;
    let mut long = view();
    long["title"]["text"] = json!("x".repeat(25));
    long["private_metadata"] = json!("x".repeat(3_001));
    let refused = bot.calls("views.open", json!({ "trigger_id": trigger, "view": long })).await;
    assert_eq!(refused.error(), "invalid_arguments");
    assert_eq!(refused.body["response_metadata"]["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_empty_acknowledgement_closes() {
    let (bot, ana) = with_modal().await;
    assert_eq!(
        ana.submits().await,
        Submission::Errors(
            [("why", ()), ("who", ())]
                .map(|(id, ())| (id.to_owned(), "Please complete this required field.".to_owned()))
                .into()
        )
    );
    assert!(ana.fills("Why", "for the fix"));
    assert!(ana.fills("who", vec!["@ben", "@cy"]));
    assert!(ana.fills("boxes", vec!["Private"]));
    assert!(!ana.fills("nothing", "x"));
    assert_eq!(ana.submits().await, Submission::Closed);
    assert!(ana.modal().is_none());
    let payload = bot.gets(|one| one["payload"]["type"] == "view_submission").await["payload"].clone();
    let values = &payload["view"]["state"]["values"];
    assert_eq!(values["why"]["text"], json!({ "type": "plain_text_input", "value": "for the fix" }));
    let people = [bot.sandbox.person("ben").id(), bot.sandbox.person("cy").id()];
    assert_eq!(values["who"]["users"]["selected_users"], json!(people));
    assert_eq!(values["opts"]["boxes"]["selected_options"][0]["value"], "private");
    assert_eq!(payload["view"]["private_metadata"], "kept");
    assert_eq!(payload["view"]["callback_id"], "thanks");
}

#[tokio::test]
async fn the_client_refuses_long_values() {
    let (_bot, ana) = with_modal().await;
    ana.fills("why", "x".repeat(21));
    ana.fills("who", "@ben");
    let Submission::Errors(errors) = ana.submits().await else { panic!("it should stay open") };
    assert!(errors["why"].contains("20 characters"));
}

#[tokio::test]
async fn submissions_have_several_answers() {
    let (bot, ana) = with_modal().await;
    ana.fills("why", "x");
    ana.fills("who", "@ben");
    bot.reacts(|_| Reflex::Say(json!({ "response_action": "errors", "errors": { "why": "Say more" } })));
    assert_eq!(ana.submits().await, Submission::Errors([("why".to_owned(), "Say more".to_owned())].into()));
    bot.reacts(|_| Reflex::Say(json!({ "response_action": "errors", "errors": { "nowhere": "Say more" } })));
    assert_eq!(ana.submits().await, Submission::NoAnswer);
    let mut next = view();
    next["title"]["text"] = json!("Again");
    let pushed = next.clone();
    bot.reacts(move |_| Reflex::Say(json!({ "response_action": "push", "view": pushed })));
    assert_eq!(ana.submits().await, Submission::Pushed);
    assert_eq!(ana.modal().unwrap().title, "Again");
    ana.closes();
    assert_eq!(ana.modal().unwrap().title, "Thanks");
    bot.reacts(move |_| Reflex::Say(json!({ "response_action": "update", "view": next })));
    assert_eq!(ana.submits().await, Submission::Updated);
    assert_eq!(ana.modal().unwrap().title, "Again");
    assert_eq!(ana.modal().unwrap().values["why"]["text"]["value"], "x", "what was filled in stays");
    bot.reacts(|_| Reflex::Say(json!({ "response_action": "clear" })));
    assert_eq!(ana.submits().await, Submission::Closed);
    assert!(ana.modal().is_none());
}

#[tokio::test]
async fn old_hashes_are_refused() {
    let (bot, ana) = with_modal().await;
    let shown = ana.modal().unwrap();
    let update =
        |hash: Value| bot.calls("views.update", json!({ "view_id": shown.id, "hash": hash, "view": view() }));
    assert_eq!(update(shown.raw["hash"].clone()).await.error(), "ok");
    assert_eq!(update(shown.raw["hash"].clone()).await.error(), "hash_conflict");
}

#[tokio::test]
async fn a_stack_has_three_views() {
    let (bot, ana) = with_modal().await;
    for expected in ["ok", "ok", "push_limit_reached"] {
        let trigger = triggered(&bot, &ana).await;
        let pushed = bot.calls("views.push", json!({ "trigger_id": trigger, "view": view() })).await;
        assert_eq!(pushed.error(), expected);
    }
}

#[tokio::test]
async fn a_home_can_be_published() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    assert!(ana.opens_home().is_none());
    let event = bot.gets_event("app_home_opened").await;
    assert_eq!((&event["user"], &event["tab"]), (&json!(ana.id()), &json!("home")));
    let home = json!({ "type": "home", "blocks": [
        { "type": "section", "text": { "type": "mrkdwn", "text": format!("Hello <@{}>", ana.id()) } },
        { "type": "actions", "elements": [
            { "type": "button", "action_id": "go", "text": { "type": "plain_text", "text": "Go" } } ] },
    ] });
    let publish = |view: Value| bot.calls("views.publish", json!({ "user_id": ana.id(), "view": view }));
    assert_eq!(publish(home.clone()).await.error(), "ok");
    assert_eq!(publish(view()).await.error(), "invalid_arguments", "a modal is no Home");
    assert!(ana.home().unwrap().plain().contains("Hello @ana"));
    assert!(ana.clicks_in_home("Go").await.is_answered());
    let payload = bot.gets(|one| one["payload"]["type"] == "block_actions").await["payload"].clone();
    assert_eq!(payload["view"]["type"], "home");
    assert!(payload.get("response_url").is_none());
}
