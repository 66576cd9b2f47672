//! Each signed body, however odd, gets a 2xx or 4xx answer, and the bot works on.

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};

use super::ROUTES;
use crate::support::{
    Bot,
    gestures::{FORM, JSON, payload_form},
    postgres,
};

/// Bodies that are tried on each store.
const BODIES: usize = 300;

/// Values in place of the expected one.
fn junk() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(null)),
        Just(json!(true)),
        Just(json!(-1)),
        Just(json!(1e300)),
        Just(json!("")),
        Just(json!("\0")),
        Just(json!("a\0b\u{202e}\u{fffd}😀")),
        Just(json!(" ".repeat(5_000))),
        Just(json!("U".repeat(5_000))),
        Just(json!("<@U1".repeat(500))),
        Just(json!([])),
        Just(json!([[], {}, null, "x", 7])),
        Just(json!({})),
        Just(json!({ "id": null, "type": "plain_text_input", "value": 7 })),
        "\\PC{0,40}".prop_map(Value::from),
        "(<[@!#]?|>|\\||for |&amp;|U1|S1|subteam\\^|channel|,| ){0,20}".prop_map(Value::from),
    ]
}

/// Replaces one thing in a value, at a random depth, with junk.
fn spoil(value: &mut Value, way: &[prop::sample::Index], junk: Value) {
    let next = match value {
        Value::Object(fields) if !fields.is_empty() => way.first().and_then(|step| {
            let chosen = step.index(fields.len());
            fields.values_mut().nth(chosen)
        }),
        Value::Array(items) if !items.is_empty() => {
            way.first().map(|step| step.index(items.len())).map(|at| &mut items[at])
        }
        _ => None,
    };
    match next {
        Some(inner) => spoil(inner, &way[1..], junk),
        None => *value = junk,
    }
}

/// One valid body of each kind, as fields.
fn valid(bot: &Bot) -> Vec<Value> {
    let (team, ana, ben) = (bot.sandbox.team_id(), bot.id("ana"), bot.id("ben"));
    let person = json!({ "id": ana, "team_id": team });
    let values = json!({
        "people": { "people": { "type": "multi_users_select", "selected_users": [ben] } },
        "reason": { "reason": { "type": "plain_text_input", "value": "lunch" } },
    });
    let event =
        |event: Value| json!({ "type": "event_callback", "team_id": team, "event_id": "Ev", "event": event });
    vec![
        json!({ "team_id": team, "user_id": ana, "channel_id": bot.general(), "command": "/kudos",
            "text": format!("<@{ben}|ben> for lunch"), "trigger_id": "1" }),
        json!({ "type": "block_actions", "team": { "id": team }, "user": person, "trigger_id": "2",
            "channel": { "id": bot.general() }, "actions": [{ "action_id": "kudos:undo", "value": "0199" }] }),
        json!({ "type": "view_submission", "team": { "id": team }, "user": person, "trigger_id": "3",
            "view": { "callback_id": "kudos:give", "state": { "values": values },
                "private_metadata": json!({ "channel": bot.general(), "response_url": "", "until": 0 }).to_string() } }),
        event(
            json!({ "type": "user_change", "user": { "id": ben, "name": "ben", "tz": "Asia/Tokyo", "profile": {} } }),
        ),
        event(json!({ "type": "member_joined_channel", "channel": bot.general(), "user": ben })),
        event(json!({ "type": "channel_rename", "channel": { "id": bot.general(), "name": "general" } })),
        event(json!({ "type": "subteam_updated", "subteam": { "id": "S1", "handle": "x", "users": [ben] } })),
        event(
            json!({ "type": "app_mention", "user": ana, "channel": bot.general(), "text": "hi", "ts": "1.5" }),
        ),
        event(json!({ "type": "reaction_added", "user": ana, "reaction": "tada", "item_user": ben,
            "item": { "type": "message", "channel": bot.general(), "ts": "1.5" } })),
        event(
            json!({ "type": "app_home_opened", "user": ana, "tab": "home", "view": { "id": "V1", "type": "home" } }),
        ),
        json!({ "type": "message_action", "team": { "id": team }, "user": person, "trigger_id": "4",
            "callback_id": "kudos:none", "channel": { "id": bot.general() }, "message_ts": "1.5",
            "message": { "user": ben, "text": "hi", "ts": "1.5" } }),
        json!({ "type": "shortcut", "team": { "id": team }, "user": person, "trigger_id": "5", "callback_id": "x:y" }),
        json!({ "type": "view_closed", "team": { "id": team }, "user": person, "is_cleared": true,
            "view": { "id": "V1", "callback_id": "kudos:give", "hash": "1.a" } }),
        json!({ "type": "block_suggestion", "team": { "id": team }, "user": person, "action_id": "group",
            "value": "des", "view": { "id": "V1", "callback_id": "kudos:give" } }),
    ]
}

/// Returns the body in the encoding of its kind.
fn on_the_wire(fields: &Value, n: usize) -> (&'static str, Vec<u8>) {
    let mut fields = fields.clone();
    // Each is a first delivery, unless its id is what was replaced.
    for id in ["trigger_id", "event_id"] {
        if let Some(Value::String(key)) =
            fields.get_mut(id).filter(|key| key.as_str().is_some_and(|key| key.len() < 5))
        {
            key.push_str(&n.to_string());
        }
    }
    if fields.get("command").is_some() {
        let mut form = form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields.as_object().into_iter().flatten() {
            form.append_pair(name, value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str());
        }
        (FORM, form.finish().into_bytes())
    } else if fields.get("event").is_some() {
        (JSON, fields.to_string().into_bytes())
    } else {
        (FORM, payload_form(&fields).into_bytes())
    }
}

async fn is_answered(bot: &Bot) {
    let valid = valid(bot);
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        prop::test_runner::TestRng::deterministic_rng(prop::test_runner::RngAlgorithm::ChaCha),
    );
    let way = prop::collection::vec(any::<prop::sample::Index>(), 1..6);
    let torn = prop::option::weighted(0.2, (any::<prop::sample::Index>(), any::<u8>()));
    let strategy = (any::<prop::sample::Index>(), way, junk(), torn, 0..ROUTES.len());
    for n in 0..BODIES {
        let (which, way, junk, torn, route) = strategy.new_tree(&mut runner).unwrap().current();
        // Every third is a command, the body with the most that can go wrong.
        let mut fields = if n % 3 == 0 { valid[0].clone() } else { which.get(&valid).clone() };
        spoil(&mut fields, &way, junk);
        let (content_type, mut body) = on_the_wire(&fields, n);
        if let Some((at, byte)) = torn {
            let at = at.index(body.len());
            body[at] = byte;
        }
        let answered = bot.sends(ROUTES[route], content_type, &body).await;
        let shown = String::from_utf8_lossy(&body);
        assert!(matches!(answered.status, 200 | 400), "{} for {shown}", answered.status);
        assert!(!answered.text().starts_with("Something went wrong"), "{shown}");
        assert!(!answered.text().starts_with("I couldn't save"), "{shown}");
    }
    let body = bot.command_of("dee", &format!("/kudos <@{}> for patience", bot.id("cy")));
    let answered = bot.sends("/slack/commands", FORM, body.as_bytes()).await;
    assert!(answered.text().starts_with("Kudos to"), "the bot works on: {answered:?}");
    assert_eq!(bot.gets("/readyz").await.status, 200);
}

// These end differently: effects of the junk bodies need not arrive.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_bodies_are_answered_on_sqlite() {
    is_answered(&Bot::on_sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn junk_bodies_are_answered_on_postgres() {
    if let Some(url) = postgres::fresh_database().await {
        is_answered(&Bot::on(&url).await).await;
    }
}
