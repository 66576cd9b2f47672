//! Injected faults.

use serde_json::json;
use slack_sandbox::Sandbox;

use crate::bot::{Bot, workspace};

async fn in_general() -> (Sandbox, Bot) {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    (sandbox, bot)
}

#[tokio::test]
async fn a_lost_answer_was_carried_out() {
    let (sandbox, bot) = in_general().await;
    sandbox.faults().lose_answer("chat.postMessage", 1);
    let post = json!({ "channel": "#general", "text": "once" });
    assert!(bot.tries(&bot.install.bot_token, "chat.postMessage", post.clone()).await.is_err());
    assert_eq!(sandbox.person("ana").reads("#general").len(), 1);
    assert!(sandbox.calls().last().unwrap().answer.is_null());
    assert_eq!(bot.calls("chat.postMessage", post).await.error(), "ok");
}

#[tokio::test]
async fn planned_errors_do_nothing() {
    let (sandbox, bot) = in_general().await;
    let post = || bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "x" }));
    sandbox.faults().fail_5xx("chat.postMessage", 1);
    sandbox.faults().rate_limit("chat.postMessage", 1, 7);
    sandbox.faults().fail("chat.postMessage", 1, "edit_window_closed");
    assert_eq!(post().await.status, 500);
    let limited = post().await;
    assert_eq!((limited.status, limited.headers["retry-after"].to_str().unwrap()), (429, "7"));
    assert_eq!(post().await.error(), "edit_window_closed");
    assert!(sandbox.person("ana").reads("#general").is_empty());
    assert_eq!(post().await.error(), "ok");
    assert_eq!(sandbox.refusals().len(), 3);
}

#[tokio::test]
async fn nothing_answers_while_slack_is_down() {
    let (sandbox, bot) = in_general().await;
    sandbox.faults().down(true);
    let answer = bot.calls("auth.test", json!({})).await;
    assert_eq!((answer.status, answer.error()), (503, "service_unavailable"));
    let refused = sandbox.refusals();
    assert!(refused.len() == 1 && refused[0].method == "auth.test", "the wire shows it: {refused:?}");
    assert!(sandbox.eventually(|sandbox| (sandbox.open_sockets() == 0).then_some(())).await.is_some());
    sandbox.faults().clear();
    assert_eq!(bot.calls("auth.test", json!({})).await.error(), "ok");
}

#[tokio::test]
async fn logged_calls_have_no_tokens() {
    let (sandbox, bot) = in_general().await;
    let token = bot.install.bot_token.clone();
    assert_eq!(bot.reads("auth.test", &[("token", &token)]).await.error(), "ok");
    assert!(!format!("{:?}", sandbox.calls()).contains(&token));
}

#[tokio::test]
async fn shutting_down_closes_everything() {
    let (sandbox, bot) = in_general().await;
    let (mut socket, _) = bot.dials().await;
    sandbox.shutdown();
    assert!(crate::bot::frame(&mut socket).await.is_none());
}

#[tokio::test]
async fn late_events_arrive_late() {
    let (sandbox, bot) = in_general().await;
    sandbox.faults().late_events(std::time::Duration::from_mins(1));
    sandbox.set_zone("ana", "Europe/Paris");
    sandbox.faults().clear();
    sandbox.set_zone("ana", "Europe/Rome");
    let zone =
        |zone: &'static str| move |one: &serde_json::Value| one["payload"]["event"]["user"]["tz"] == zone;
    bot.gets(zone("Europe/Rome")).await;
    assert!(!bot.envelopes().iter().any(zone("Europe/Paris")));
    sandbox.clock().advance_by(60_000);
    bot.gets(zone("Europe/Paris")).await;
}

#[tokio::test]
async fn an_uninstalled_app_is_locked_out() {
    let (sandbox, bot) = in_general().await;
    sandbox.faults().uninstall();
    bot.gets_event("tokens_revoked").await;
    bot.gets_event("app_uninstalled").await;
    assert_eq!(bot.calls("auth.test", json!({})).await.error(), "token_revoked");
    assert_eq!(
        bot.calls_with(&bot.install.app_token, "apps.connections.open", json!({})).await.error(),
        "token_revoked"
    );
}
