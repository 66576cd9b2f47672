//! Slash commands and `response_url`.

use serde_json::{Value, json};
use slack_sandbox::Status;

use crate::bot::{Bot, Reflex, START_MS, workspace};

fn is_command(envelope: &Value) -> bool {
    envelope["type"] == "slash_commands"
}

#[tokio::test]
async fn a_command_arrives_with_every_field() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.add_user_group("design", "Design", &["ben", "cy"]);
    bot.reacts(|_| Reflex::Say(json!({ "text": "Kudos given" })));
    let (ana, ben) = (sandbox.person("ana"), sandbox.person("ben"));
    let answer = ana.says("#general", "/kudos @ben, @design in #general for a < b & c.").await;
    assert_eq!((answer.status, answer.text.as_str()), (Status::Answered, "Kudos given"));
    assert_eq!(ana.reads("#general").last().unwrap().ephemeral_to, Some(ana.id()));
    assert!(ben.reads("#general").is_empty());

    let payload = bot.gets(is_command).await["payload"].clone();
    let text = payload["text"].as_str().unwrap();
    assert!(text.starts_with(&format!("<@{}|ben>, <!subteam^S0", ben.id())), "{text}");
    assert!(text.contains("|@design> in <#C0") && text.contains("|general> for a &lt; b &amp; c."), "{text}");
    for (key, value) in [
        ("team_id", sandbox.team_id()),
        ("team_domain", "sandbox".to_owned()),
        ("channel_name", "general".to_owned()),
        ("user_id", ana.id()),
        ("user_name", "ana".to_owned()),
        ("command", "/kudos".to_owned()),
        ("api_app_id", bot.install.app_id.clone()),
        ("is_enterprise_install", "false".to_owned()),
    ] {
        assert_eq!(payload[key], value, "{key}");
    }
    for key in ["token", "channel_id", "response_url", "trigger_id"] {
        assert!(payload[key].as_str().is_some_and(|value| !value.is_empty()), "{key}");
    }
}

#[tokio::test]
async fn without_should_escape_names_stay() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.person("ana").says("@tester", "/raw  @ben hi ").await;
    let payload = bot.gets(is_command).await["payload"].clone();
    assert_eq!(
        (payload["text"].as_str(), payload["channel_name"].as_str()),
        (Some("@ben hi"), Some("directmessage"))
    );
}

#[tokio::test]
async fn the_client_explains_unknown_commands() {
    let sandbox = workspace().await;
    let answer = sandbox.person("ana").says("#general", "/nope").await;
    assert_eq!(answer.status, Status::Failed("unknown_command"));
    assert!(answer.text.starts_with("/nope is not a valid command."));
}

#[tokio::test]
async fn people_and_apps_are_invited() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let garden = sandbox.add_channel("garden", false, &["ana"]);
    let ana = sandbox.person("ana");
    assert!(ana.says("#garden", "/invite @tester and @ben").await.is_answered());
    let joined = bot.gets(|envelope| envelope["payload"]["event"]["type"] == "member_joined_channel").await;
    assert_eq!(joined["payload"]["event"]["channel"], garden);
    assert!(sandbox.person("ben").says("#garden", "Thank you").await.is_answered());
    for (place, typed, told) in [
        ("#garden", "/invite", "Whom?"),
        ("#garden", "/invite @nobody", "Whom?"),
        ("@tester", "/invite @ben", "/invite works in channels."),
    ] {
        let answer = ana.says(place, typed).await;
        assert!(answer.text.starts_with(told), "{typed}: {answer:?}");
    }
    let cy = sandbox.person("cy").says("#garden", "/invite @cy").await;
    assert_eq!(cy.status, Status::Failed("not_in_channel"), "only who is there brings others");
}

#[tokio::test]
async fn a_silent_app_times_out() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(|_| Reflex::Ignore);
    let ana = sandbox.person("ana");
    let waiting = tokio::spawn(async move { ana.says("#general", "/kudos").await });
    bot.gets(is_command).await;
    sandbox.clock().advance_to(START_MS + 3_000);
    let answer = waiting.await.unwrap();
    assert_eq!(answer.status, Status::NoAnswer);
    assert_eq!(answer.text, "/kudos failed because the app did not respond");
}

#[tokio::test]
async fn an_app_needs_a_socket() {
    let sandbox = workspace().await;
    Bot::install(&sandbox, &crate::bot::manifest());
    let answer = sandbox.person("ana").says("#general", "/kudos").await;
    assert_eq!(answer.status, Status::Failed("dispatch_failed"));
}

#[tokio::test]
async fn a_response_url_answers_five_times() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let (ana, ben) = (sandbox.person("ana"), sandbox.person("ben"));
    ana.says("#general", "/kudos").await;
    let url = bot.gets(is_command).await["payload"]["response_url"].clone();
    assert_eq!(bot.responds(&url, json!({ "text": "for you" })).await.status, 200);
    assert_eq!(
        bot.responds(&url, json!({ "text": "for all", "response_type": "in_channel" })).await.status,
        200
    );
    assert!(ana.sees("#general", "for you").await.is_some());
    assert_eq!(
        ben.reads("#general").iter().map(|message| message.text.as_str()).collect::<Vec<_>>(),
        ["for all"]
    );
    for _ in 0..3 {
        assert_eq!(bot.responds(&url, json!({ "text": "more" })).await.status, 200);
    }
    let refused = bot.responds(&url, json!({ "text": "too much" })).await;
    assert_eq!((refused.status, refused.error()), (404, "used_url"));
}

#[tokio::test]
async fn a_response_url_lives_half_an_hour() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.person("ana").says("#general", "/kudos").await;
    let url = bot.gets(is_command).await["payload"]["response_url"].clone();
    sandbox.clock().advance_to(START_MS + 30 * 60 * 1_000);
    assert_eq!(bot.responds(&url, json!({ "text": "just in time" })).await.status, 200);
    sandbox.clock().advance_to(START_MS + 30 * 60 * 1_000 + 1);
    let refused = bot.responds(&url, json!({ "text": "too late" })).await;
    assert_eq!((refused.status, refused.error()), (404, "expired_url"));
}

#[tokio::test]
async fn response_url_faults_are_logged() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.person("ana").says("#general", "/kudos").await;
    let url = bot.gets(is_command).await["payload"]["response_url"].clone();
    sandbox.faults().fail_5xx("response_url", 1);
    assert_eq!(bot.responds(&url, json!({ "text": "lost" })).await.status, 500);
    assert_eq!(bot.responds(&url, json!({ "text": "seen" })).await.status, 200);
    let calls: Vec<_> = sandbox.calls().into_iter().filter(|call| call.method == "response_url").collect();
    assert_eq!((calls[0].http_status, &calls[1].args["text"]), (500, &json!("seen")));
    let seen = sandbox.person("ana").reads("#general");
    assert_eq!(seen.len(), 1);
}

#[tokio::test]
async fn commands_are_refused_in_threads() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let (ana, ben) = (sandbox.person("ana"), sandbox.person("ben"));
    ana.says("#general", "Lunch?").await;
    let root = ana.reads("#general").pop().unwrap();
    for typed in ["/kudos @ben for lunch", "/nope"] {
        let answer = ana.replies(&root, typed);
        assert_eq!(answer.status, Status::Failed("not_supported_in_threads"));
        let name = typed.split(' ').next().unwrap();
        assert_eq!(answer.text, format!("{name} is not supported in threads. Sorry!"));
        let told = ana.reads("#general").pop().unwrap();
        assert_eq!(told.text, answer.text);
        assert_eq!((told.thread_ts, told.ephemeral_to), (Some(root.ts.clone()), Some(ana.id())));
    }
    assert_eq!(ben.reads("#general").len(), 1, "other people see nothing of it");
    assert!(bot.envelopes().iter().all(|one| !is_command(one)), "no command is sent");
    assert!(ana.replies(&root, "1/2 is fine").is_answered());
}
