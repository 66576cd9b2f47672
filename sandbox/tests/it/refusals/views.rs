//! Modals, Homes and the triggers that open them.

use serde_json::{Value, json};

use super::Town;
use crate::bot::manifest;
use crate::modals::view;

/// Returns a view that differs from a valid one in one field.
fn view_with(key: &str, value: Value) -> Value {
    let mut view = view();
    view[key] = value;
    view
}

#[tokio::test]
async fn views_need_valid_triggers() {
    let (open, push, update, publish) = ("views.open", "views.push", "views.update", "views.publish");
    let home = json!({ "type": "home", "blocks": [] });
    let large = view_with(
        "blocks",
        json!(vec![
            json!({ "type": "section", "block_id": "x".repeat(250),
        "text": { "type": "mrkdwn", "text": "x".repeat(3_000) } });
            90
        ]),
    );
    let rows = [
        (open, json!({ "trigger_id": "{trigger}" }), "invalid_arguments", "a view is given"),
        (open, json!({ "trigger_id": "{trigger}", "view": "x" }), "invalid_arguments", "in JSON"),
        (open, json!({ "trigger_id": "{trigger}", "view": home }), "invalid_arguments", "and is a modal"),
        (
            open,
            json!({ "trigger_id": "{trigger}", "view": view_with("title", Value::Null) }),
            "invalid_arguments",
            "with a title",
        ),
        (open, json!({ "trigger_id": "{trigger}", "view": large }), "view_too_large", "of 250 KB at most"),
        (open, json!({ "view": view() }), "invalid_arguments", "a trigger is needed"),
        (
            open,
            json!({ "trigger_id": "1.2.x", "view": view() }),
            "invalid_trigger_id",
            "one that Slack gave out",
        ),
        (push, json!({ "trigger_id": "{trigger}", "view": view() }), "not_found", "a view lies below"),
        (update, json!({ "view": view() }), "not_found", "a view is named"),
        (update, json!({ "view_id": "V0NONE", "view": view() }), "not_found", "and is open"),
        (publish, json!({ "view": home }), "invalid_arguments", "a person is named"),
        (publish, json!({ "user_id": "U0NOBODY", "view": home }), "invalid_arguments", "and exists"),
        (publish, json!({ "user_id": "{gone}", "view": home }), "invalid_arguments", "and is active"),
        (publish, json!({ "user_id": "{ana}" }), "invalid_arguments", "a Home is given"),
        (publish, json!({ "user_id": "{ana}", "view": view() }), "invalid_arguments", "not a modal"),
        (
            publish,
            json!({ "user_id": "{ana}", "view": home, "hash": "1.x" }),
            "hash_conflict",
            "the hash is of what was last",
        ),
    ];
    let town = Town::new().await;
    town.refuses(&rows).await;
    let named = view_with("external_id", json!("only-one"));
    let again = json!({ "trigger_id": "{trigger}", "view": named });
    assert_eq!(town.calls(open, &again).await.error(), "ok");
    town.refuses(&[(push, again, "duplicate_external_id", "an external id is unique")]).await;

    let mut homeless = manifest();
    homeless["features"]["app_home"]["home_tab_enabled"] = json!(false);
    let town = Town::with(&homeless).await;
    town.refuses(&[(
        publish,
        json!({ "user_id": "{ana}", "view": home }),
        "not_enabled",
        "the Home tab is switched on",
    )])
    .await;
}
