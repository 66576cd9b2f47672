//! The real process: its start, an absence of Slack, and its shutdown.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::support::{Program, store_beside};

/// Whether `/readyz` says that a part is ready.
async fn is_ready(program: &Program, name: &str) -> bool {
    let (_, body) = program.asks("/readyz").await.unwrap();
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let part = body["parts"].as_array().unwrap().iter().find(|part| part["name"] == name).unwrap().clone();
    part["ready"] == true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_starts_works_and_stops() {
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    assert_eq!(program.asks("/healthz").await.unwrap(), (200, "ok\n".to_owned()));
    assert!(bot.said().contains("a new and empty one is made"), "{}", bot.said());
    for name in ["store", "slack", "door"] {
        assert!(is_ready(&program, name).await, "{name}");
    }
    let (_, metrics) = program.asks("/metrics").await.unwrap();
    assert!(metrics.contains("rondo_outbox_discarded"), "{metrics}");
    let answer = program.sandbox.person("ana").says("#general", "/kudos @ben for lunch").await;
    assert!(answer.plain().contains("Kudos to @ben"), "{answer:?}");
    let (code, took) = bot.stops("-TERM").await;
    assert_eq!(code, Some(0), "{}", bot.said());
    assert!(took < Duration::from_secs(10), "{took:?}");
    // What was acknowledged is stored, and what was under way was finished.
    assert!(program.runs(&["export", "kudos"]).await.well().contains(",lunch,"));
    let mut again = program.is_up().await;
    assert!(program.sandbox.person("ben").sees("#general", "lunch").await.is_some());
    let posts = program.sandbox.calls().into_iter().filter(|call| call.method == "chat.postMessage").count();
    assert_eq!(posts, 1);
    assert_eq!(again.stops("-INT").await.0, Some(0), "Ctrl-C is the same");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_start_waits_for_slack() {
    let program = Program::new().await;
    program.sandbox.faults().down(true);
    let mut bot = program.starts(&["run"]);
    assert!(program.becomes(503).await, "{}", bot.said());
    assert_eq!(program.asks("/healthz").await.unwrap().0, 200);
    assert!(!is_ready(&program, "slack").await && is_ready(&program, "store").await);
    assert!(bot.says("Slack has not said who the bot is; the bot keeps asking").await, "why is in the log");
    program.sandbox.faults().down(false);
    assert!(program.becomes(200).await, "{}", bot.said());
    assert_eq!(bot.stops("-TERM").await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiting_bot_can_be_stopped() {
    let program = Program::new().await;
    program.sandbox.faults().down(true);
    let mut bot = program.starts(&["run"]);
    assert!(program.becomes(503).await, "{}", bot.said());
    let (code, took) = bot.stops("-TERM").await;
    assert_eq!(code, Some(0), "{}", bot.said());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_survives_slacks_absence() {
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    let why = "no Socket Mode connection is open; the bot keeps trying";
    // It may have logged that while it started.
    let before = bot.said().matches(why).count();
    program.sandbox.faults().down(true);
    assert!(program.becomes(503).await, "{}", bot.said());
    assert!(!is_ready(&program, "door").await);
    for _ in 0..3 {
        assert!(!is_ready(&program, "door").await);
    }
    assert_eq!(bot.said().matches(why).count(), before + 1, "{}", bot.said());
    assert_eq!(program.asks("/healthz").await.unwrap().0, 200);
    program.sandbox.faults().down(false);
    assert!(program.becomes(200).await, "{}", bot.said());
    let answer = program.sandbox.person("ana").says("#general", "/kudos @ben for patience").await;
    assert!(answer.plain().contains("Kudos to @ben"), "{answer:?}");
    assert_eq!(bot.stops("-TERM").await.0, Some(0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_token_ends_the_start() {
    for (token, why) in [("xoxb-1-wrong", "invalid_auth"), ("", "token_revoked")] {
        let mut program = Program::new().await;
        if token.is_empty() {
            program.sandbox.faults().revoke_tokens();
        } else {
            program.set("SLACK_BOT_TOKEN", token);
        }
        assert_eq!(
            program.runs(&["run"]).await.refused(1),
            format!(
                "Slack refuses SLACK_BOT_TOKEN ({why}): copy the Bot User OAuth Token (xoxb-…) of the installed \
                 app, under OAuth & Permissions"
            )
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_taken_address_ends_the_start() {
    let program = Program::new().await;
    let _taken = tokio::net::TcpListener::bind(&program.address).await.unwrap();
    assert_eq!(
        program.runs(&["run"]).await.refused(1),
        format!(
            "cannot listen on {} (Address already in use (os error 98)): set RONDO_ADMIN_LISTEN to a free address",
            program.address
        )
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_used_database_ends_the_start() {
    let mut program = Program::new().await;
    let _bot = program.is_up().await;
    program.set("RONDO_ADMIN_LISTEN", "127.0.0.1:0");
    let line = program.runs(&["run"]).await.refused(1);
    assert!(line.starts_with("another Rondo works on this database ("), "{line}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_workspaces_databases_are_refused() {
    let program = Program::new().await;
    let theirs = rondo::model::people::TeamId("T0THEIRS".into());
    let store = store_beside(program.url()).await;
    let now = rondo::model::clock::Clock::machine().now();
    store.claim_workspace(&theirs, &"U0BOT".into(), now).await.unwrap();
    let ours = program.sandbox.team_id();
    assert_eq!(
        program.runs(&["run"]).await.refused(1),
        format!(
            "this database belongs to the workspace T0THEIRS and the token to {ours}: set DATABASE_URL to a \
             database of its own, or SLACK_BOT_TOKEN to the token of T0THEIRS"
        )
    );
    let ended = program.runs(&["check"]).await;
    assert_eq!(ended.code, 1);
    assert!(ended.stdout.contains("fail database: it belongs to the workspace T0THEIRS"), "{}", ended.stdout);
}

/// A client that sends half a request holds its connection open as long as it can.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slow_clients_hardly_delay_shutdown() {
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    let mut dawdler = tokio::net::TcpStream::connect(&program.address).await.unwrap();
    dawdler.write_all(b"POST /slack/events HTTP/1.1\r\nHost: rondo\r\nContent-Le").await.unwrap();
    let (code, took) = bot.stops("-TERM").await;
    assert_eq!(code, Some(0), "{}", bot.said());
    assert!(took < Duration::from_secs(5), "{took:?}");
}

/// A mistake in the configuration.
type Fault = Box<dyn FnOnce(&mut Program)>;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_faulty_configuration_is_named() {
    let config = |text: &str| {
        let (text, variable) = (text.to_owned(), "RONDO_CONFIG".to_owned());
        move |program: &mut Program| {
            let file = program.folder.path().join("faulty.toml");
            std::fs::write(&file, text).unwrap();
            program.environment.insert(variable, file.display().to_string());
        }
    };
    let no_door = |program: &mut Program| program.unset("SLACK_APP_TOKEN");
    let no_token = |program: &mut Program| program.unset("SLACK_BOT_TOKEN");
    let no_file = |program: &mut Program| program.set("RONDO_CONFIG", "/no/such/file.toml");
    let a_folder = |program: &mut Program| program.set("RONDO_CONFIG", "/");
    let loud = |program: &mut Program| program.set("RONDO_LOG", "loud=loud");
    let faults: [(Fault, &str, &str); 8] = [
        (Box::new(no_door), "Slack cannot reach the bot", "set SLACK_APP_TOKEN"),
        (Box::new(no_token), "SLACK_BOT_TOKEN is not set", "install the app"),
        (
            Box::new(config("[kudos]\ndaily_allowanc = 3\n")),
            "faulty.toml:2: there is no key",
            "daily_allowance",
        ),
        (
            Box::new(config("[people]\nzone = \"Europe/Berlim\"\n")),
            "people.zone",
            "did you mean Europe/Berlin?",
        ),
        (Box::new(config("[kudos\n")), "faulty.toml:1: this is not TOML", "brackets"),
        (Box::new(no_file), "/no/such/file.toml", "mend the path"),
        (Box::new(a_folder), "/", "mend the path"),
        (Box::new(loud), "RONDO_LOG", "write error, warn, info"),
    ];
    let mut program = Program::new().await;
    let sound = program.environment.clone();
    for (fault, named, mend) in faults {
        program.environment = sound.clone();
        fault(&mut program);
        for command in ["run", "check"] {
            // `check` has a separate line for a missing token.
            if command == "check" && (named.contains("door") || named.contains("SLACK_BOT_TOKEN")) {
                continue;
            }
            let ended = program.runs(&[command]).await;
            // `check` goes on and has a line for each.
            let lines = if command == "run" { ended.refused(2) } else { ended.stdout };
            assert!(lines.contains(named) && lines.contains(mend), "{lines}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_revoked_token_ends_readiness() {
    let program = Program::new().await;
    let bot = program.is_up().await;
    program.sandbox.faults().revoke_tokens();
    assert!(bot.says("install it again").await, "{}", bot.said());
    program.sandbox.person("ana").says("#general", "/kudos @ben for lunch").await;
    assert!(program.becomes(503).await, "{}", bot.said());
    assert_eq!(bot.said().matches("install it again").count(), 1, "{}", bot.said());
}
