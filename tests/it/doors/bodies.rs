//! Answers to signed bodies: readable, unreadable and unsupported ones.

use serde_json::{Value, json};

use super::ROUTES;
use crate::{
    each_store,
    support::{
        Bot,
        gestures::{Answered, FORM, JSON, payload_form},
    },
};

fn empty() -> Answered {
    Answered { status: 200, body: String::new() }
}

fn event(team: &Value, id: &str, event: &Value) -> Value {
    json!({ "type": "event_callback", "team_id": team, "event_id": id, "event": event })
}

/// Sends it, and returns by how much a line of the metrics grew, at least.
async fn counted(bot: &Bot, line: &str, content_type: &str, body: &str) -> (Answered, u64) {
    let before = bot.counted(line).await;
    let answered = bot.sends("/slack/events", content_type, body.as_bytes()).await;
    (answered, bot.counted(line).await - before)
}

each_store! {
    async fn every_path_takes_all_kinds(bot: &mut Bot) {
        let team = json!(bot.sandbox.team_id());
        for (n, path) in ROUTES.into_iter().enumerate() {
            let command = bot.command_of("ana", "/kudos help");
            assert!(bot.sends(path, FORM, command.as_bytes()).await.text().starts_with("*Kudos"), "{path}");
            let sent = json!({
                "type": "view_submission", "team": { "id": team }, "user": { "id": bot.id("ana") },
                "trigger_id": format!("1.form.{n}"), "view": { "callback_id": "kudos:give" },
            });
            let answered = bot.sends(path, FORM, payload_form(&sent).as_bytes()).await;
            assert!(answered.body.contains("response_action"), "{path} {answered:?}");
            let user = json!({ "id": bot.id("ben"), "name": format!("ben{n}"), "tz": "Asia/Tokyo" });
            let changed = event(&team, &format!("Ev{n}"), &json!({ "type": "user_change", "user": user }));
            assert_eq!(bot.sends(path, JSON, changed.to_string().as_bytes()).await, empty(), "{path}");
            let ben = bot.id("ben").as_str().into();
            let known = bot.parts.engine.store.people(&bot.parts.engine.team, &[ben]).await.unwrap();
            assert_eq!(known.into_values().next().unwrap().name, format!("ben{n}"));
        }
    }

    async fn challenges_are_echoed(bot: &mut Bot) {
        let challenge = json!({ "type": "url_verification", "token": "gone", "challenge": "3eZbrw1aBm2rZgRNFdxV" });
        for path in ROUTES.into_iter().cycle().take(6) {
            let answered = bot.sends(path, JSON, challenge.to_string().as_bytes()).await;
            assert_eq!(answered, Answered { status: 200, body: "3eZbrw1aBm2rZgRNFdxV".to_owned() });
        }
    }

    async fn certificate_checks_are_answered(bot: &mut Bot) {
        for path in ROUTES {
            assert_eq!(bot.sends(path, FORM, b"ssl_check=1&token=gone").await, empty());
        }
    }

    async fn unreadable_bodies_are_bad_requests(bot: &mut Bot) {
        let garbage: [(&str, &[u8]); 16] = [
            (JSON, b""),
            (JSON, b"{"),
            (JSON, b"[]"),
            (JSON, b"[{\"type\":\"event_callback\"}]"),
            (JSON, b"7"),
            (JSON, b"\"words\""),
            (JSON, b"null"),
            (JSON, b"command=%2Fkudos&text=help"),
            (JSON, b"{\"type\":\"\xff\"}"),
            (FORM, b""),
            (FORM, b"hello"),
            (FORM, b"payload="),
            (FORM, b"payload=%5B%5D"),
            (FORM, b"\xff\xfe"),
            ("image/png", b"\x89PNG"),
            ("", b""),
        ];
        for (content_type, body) in garbage {
            let answered = bot.sends("/slack/events", content_type, body).await;
            assert_eq!(answered.status, 400, "{content_type} {body:?}");
        }
        let deep = "[".repeat(200_000);
        assert_eq!(bot.sends("/slack/events", JSON, deep.as_bytes()).await.status, 400);
    }

    async fn wrong_content_types_are_tolerated(bot: &mut Bot) {
        let command = bot.command_of("ana", "/kudos help");
        for content_type in ["text/plain", "", "application/x-www-form-urlencoded; charset=utf-8"] {
            let answered = bot.sends("/slack/events", content_type, command.as_bytes()).await;
            assert!(answered.text().starts_with("*Kudos"), "{content_type} {answered:?}");
        }
        let challenge = br#" {"type":"url_verification","challenge":"c"}"#;
        assert_eq!(bot.sends("/slack/events", "text/plain", challenge).await.body, "c");
        assert_eq!(bot.sends("/slack/events", "application/json; charset=utf-8", challenge).await.body, "c");
    }

    async fn unsupported_deliveries_are_acknowledged(bot: &mut Bot) {
        let team = json!(bot.sandbox.team_id());
        let unusable = |why: &str| format!("rondo_deliveries_total{{door=\"http\",kind=\"unusable\",outcome=\"{why}\"}}");
        let uninstalled = json!({ "type": "app_uninstalled" });
        let cases = [
            ("unknown_event", event(&team, "Ev1", &json!({ "type": "emoji_changed" }))),
            ("no_team", event(&Value::Null, "Ev2", &json!({ "type": "emoji_changed" }))),
            ("no_team", event(&Value::Null, "Ev3", &uninstalled)),
            ("no_type", event(&team, "Ev4", &Value::Null)),
            ("no_type", json!({})),
            ("app_rate_limited", json!({ "type": "app_rate_limited", "team_id": team })),
            ("no_challenge", json!({ "type": "url_verification" })),
            ("unknown_interaction", json!({ "type": "dance", "team": null })),
        ];
        for (why, body) in cases {
            let (answered, more) = counted(bot, &unusable(why), JSON, &body.to_string()).await;
            assert_eq!((answered, more > 0), (empty(), true), "{why} {body}");
        }
        for (kind, why) in [
            ("view_closed", "no_view"),
            ("shortcut", "no_callback"),
            ("message_action", "no_message"),
            ("block_suggestion", "no_action"),
            ("dance", "unknown_interaction"),
        ] {
            let body = payload_form(&json!({ "type": kind, "team": { "id": team }, "user": { "id": "U1" } }));
            let (answered, more) = counted(bot, &unusable(why), FORM, &body).await;
            assert_eq!((answered, more > 0), (empty(), true), "{kind}");
        }
        let (answered, more) = counted(bot, &unusable("no_team"), FORM, "command=%2Fkudos&user_id=U1&channel_id=C1").await;
        assert_eq!((answered, more > 0), (empty(), true));
    }

    async fn unowned_deliveries_are_acknowledged(bot: &mut Bot) {
        let team = bot.sandbox.team_id();
        let unknown = |kind: &str| format!("rondo_deliveries_unknown_total{{kind=\"{kind}\"}}");
        let press = json!({
            "type": "block_actions", "team": { "id": team }, "user": { "id": "U1" }, "trigger_id": "1.unknown",
            "actions": [{ "action_id": "dance:start", "value": "1" }],
        });
        let (answered, more) = counted(bot, &unknown("action"), FORM, &payload_form(&press)).await;
        assert_eq!((answered, more > 0), (empty(), true));
        let sent = json!({
            "type": "view_submission", "team": { "id": team }, "user": { "id": "U1" }, "trigger_id": "2.unknown",
            "view": { "callback_id": "dance:start" },
        });
        let (answered, more) = counted(bot, &unknown("submission"), FORM, &payload_form(&sent)).await;
        assert_eq!((answered, more > 0), (empty(), true));
        let begun = json!({
            "type": "shortcut", "team": { "id": team }, "user": { "id": "U1" }, "trigger_id": "3.unknown",
            "callback_id": "dance:start",
        });
        let (answered, more) = counted(bot, &unknown("shortcut"), FORM, &payload_form(&begun)).await;
        assert_eq!((answered, more > 0), (empty(), true));
        let opened = json!({ "type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home", "event_ts": "1.5" });
        let opened = event(&json!(team), "EvHome", &opened).to_string();
        let (answered, more) = counted(bot, &unknown("home"), JSON, &opened).await;
        assert_eq!((answered, more > 0), (empty(), true));
        let command = bot.command_of("ana", &format!("/dance kudos <@{}> for lunch", bot.id("ben")));
        let (answered, more) = counted(bot, &unknown("command"), FORM, &command).await;
        assert!(more > 0 && answered.text().starts_with("*Here's what you can do"), "{answered:?}");
        let old_button = press.to_string().replace("dance:start", "kudos:dance").replace("1.unknown", "3.unknown");
        let old_button: Value = serde_json::from_str(&old_button).unwrap();
        assert_eq!(bot.sends("/slack/events", FORM, payload_form(&old_button).as_bytes()).await, empty());
        assert!(bot.ledger().await.is_empty());
    }

    async fn other_workspaces_deliveries_are_ignored(bot: &mut Bot) {
        let ben = bot.id("ben");
        let body = bot.command_of("ana", &format!("/kudos <@{ben}> for lunch"));
        let body = body.replace(&format!("team_id={}", bot.sandbox.team_id()), "team_id=T0FOREIGN");
        let (answered, more) = counted(bot, "rondo_deliveries_foreign_total", FORM, &body).await;
        assert_eq!((answered, more > 0), (empty(), true));
        let gone = event(&json!("T0FOREIGN"), "Ev9", &json!({ "type": "app_uninstalled" }));
        assert_eq!(bot.sends("/slack/events", JSON, gone.to_string().as_bytes()).await, empty());
        bot.settle().await;
        assert!(bot.ledger().await.is_empty());
    }
}
