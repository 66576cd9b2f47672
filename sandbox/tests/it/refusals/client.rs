//! What Slack's own client, its temporary URLs and its manifest editor refuse.

use serde_json::{Value, json};
use slack_sandbox::{Answer, Status, Submission};

use super::Town;
use crate::bot::{START_MS, manifest, workspace};
use crate::modals::{triggered, view};

#[tokio::test]
async fn response_urls_take_valid_messages() {
    let town = Town::new().await;
    town.ana.says("#home", "/kudos").await;
    let url = town.bot.gets(|one| one["type"] == "slash_commands").await["payload"]["response_url"].clone();
    for (body, error, rule) in [
        (json!({}), "no_text", "something has to be said"),
        (json!({ "blocks": "x" }), "invalid_blocks_format", "blocks are JSON"),
        (json!({ "blocks": [{ "type": "x" }] }), "invalid_blocks", "blocks are Block Kit"),
        (json!({ "delete_original": true }), "message_not_found", "a command has no message"),
    ] {
        let refused = town.bot.responds(&url, body).await;
        assert_eq!((refused.status, refused.error()), (400, error), "{rule}");
    }
    let headers = [("content-type", "application/json")];
    let refused = crate::bot::request("POST", url.as_str().unwrap(), &headers, "x").await.unwrap();
    assert_eq!((refused.status, refused.error()), (400, "invalid_payload"), "an answer is JSON");
    let other = json!(format!("{}x", url.as_str().unwrap()));
    assert_eq!(
        town.bot.responds(&other, json!({ "text": "x" })).await.error(),
        "expired_url",
        "it was given out"
    );
}

#[tokio::test]
async fn triggers_belong_to_one_app() {
    let town = Town::new().await;
    let trigger = triggered(&town.bot, &town.ana).await;
    let mut other = manifest();
    other["display_information"]["name"] = json!("Other");
    let other = crate::bot::Bot::install(&town.sandbox, &other);
    let refused = other.calls("views.open", json!({ "trigger_id": trigger, "view": view() })).await;
    assert_eq!(refused.error(), "invalid_trigger_id");
}

#[tokio::test]
async fn socket_tickets_expire() {
    let sandbox = workspace().await;
    let bot = crate::bot::Bot::install(&sandbox, &manifest());
    let opened = bot.calls_with(&bot.install.app_token, "apps.connections.open", json!({})).await;
    sandbox.clock().advance_to(START_MS + 30_001);
    assert!(tokio_tungstenite::connect_async(opened.body["url"].as_str().unwrap()).await.is_err());
}

#[tokio::test]
async fn people_are_limited_to_the_client() {
    let town = Town::new().await;
    let [ana, ben, gone] = ["ana", "ben", "gone"].map(|name| town.sandbox.person(name));
    let menu = json!([{ "type": "actions", "elements": [
        { "type": "static_select", "action_id": "mood", "options": [
            { "text": { "type": "plain_text", "text": "Good" }, "value": "good" } ] },
        { "type": "users_select", "action_id": "who" } ] }]);
    let post = json!({ "channel": town.ids["home"], "text": "x", "blocks": menu });
    assert_eq!(town.bot.calls("chat.postMessage", post).await.error(), "ok");
    let message = ana.reads("#home").pop().unwrap();
    let failed = |answer: Answer| match answer.status {
        Status::Failed(error) => error,
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(gone.says("#home", "x").await), "account_inactive");
    assert_eq!(failed(ben.says("#home", "x").await), "not_in_channel");
    assert_eq!(failed(ben.says("#secret", "x").await), "channel_not_found");
    assert_eq!(failed(ana.says("#old", "x").await), "is_archived");
    assert_eq!(failed(ana.says("@nobody", "x").await), "user_not_found");
    assert_eq!(failed(town.sandbox.person("nobody").says("#home", "/kudos").await), "user_not_found");
    assert_eq!(failed(ana.clicks(&message, "Undo").await), "no_such_button");
    assert_eq!(failed(ana.picks(&message, "colour", "red").await), "no_such_menu");
    assert_eq!(failed(ana.picks(&message, "mood", "Bad").await), "no_such_option");
    assert_eq!(failed(ana.picks(&message, "who", "@nobody").await), "user_not_found");
    assert_eq!(failed(ana.uses_shortcut("Thank").await), "no_such_shortcut");
    assert_eq!(failed(ana.clicks_in_modal("Undo").await), "no_view");
    assert_eq!(failed(ana.clicks_in_home("Undo").await), "no_view");
    assert_eq!(ana.submits().await, Submission::NoAnswer);
    assert_eq!(ana.unreacts(&message, "taco"), Err("no_reaction"));
    assert_eq!(ben.reacts(&message, "taco"), Err("not_in_channel"));
    assert_eq!(ana.deletes(&message), Err("cant_delete_message"));
}

#[tokio::test]
async fn manifests_are_checked_like_slacks() {
    let sandbox = workspace().await;
    let many: Vec<Value> =
        (0..51).map(|n| json!({ "command": format!("/c{n}"), "description": "x" })).collect();
    let rows = [
        ("/display_information/name", Value::Null, "display_information.name: is required"),
        ("/display_information/name", json!("x".repeat(36)), "at most 35 characters"),
        ("/features/bot_user", Value::Null, "features.bot_user"),
        ("/features/slash_commands", json!(many), "at most 50"),
        ("/features/slash_commands", json!([{ "command": "kudos" }]), "must start with a slash"),
        ("/features/slash_commands", json!([{ "command": "/kudos me" }]), "have no spaces"),
        ("/features/slash_commands", json!([{ "command": "/kudos" }]), "description is required"),
        ("/features/shortcuts", json!([{ "type": "local" }]), "global or message"),
        ("/features/shortcuts", json!([{ "type": "global" }]), "name is required"),
        ("/features/shortcuts", json!([{ "type": "global", "name": "x" }]), "callback_id is required"),
        ("/oauth_config/scopes/bot", json!(["commands"]), "needs the scope"),
        ("/settings/event_subscriptions/bot_events", json!(["rain"]), "unknown event rain"),
        ("/settings/socket_mode_enabled", json!(false), "url is required without Socket Mode"),
    ];
    for (pointer, value, words) in rows {
        let mut wrong = manifest();
        let (holder, key) = pointer.rsplit_once('/').unwrap();
        let holder = wrong.pointer_mut(holder).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            holder.remove(key)
        } else {
            holder.insert(key.to_owned(), value)
        };
        let said = sandbox.install(&wrong).unwrap_err();
        assert!(said.contains(words), "{pointer}: {said}");
    }
    let mut wrong = manifest();
    wrong["oauth_config"]["scopes"]["bot"] = json!(["users:read"]);
    wrong["settings"]["event_subscriptions"]["bot_events"] = json!([]);
    assert!(sandbox.install(&wrong).unwrap_err().contains("need the scope commands"));
    let mut wrong = manifest();
    wrong["settings"]["socket_mode_enabled"] = json!(false);
    wrong["features"]["slash_commands"] = json!([]);
    assert!(sandbox.install(&wrong).unwrap_err().contains("event_subscriptions.request_url"));
    wrong["settings"]["event_subscriptions"]["bot_events"] = json!([]);
    assert!(sandbox.install(&wrong).unwrap_err().contains("interactivity.request_url"));
}
