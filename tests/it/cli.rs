//! The commands, as operators use them.

mod check;
mod data;
mod demo;
mod files;
mod image;
mod signals;

use crate::support::Program;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_has_an_example() {
    let program = Program::new().await;
    let all = program.runs(&["--help"]).await.well();
    assert!(all.contains("Example: rondo demo"), "{all}");
    let commands: Vec<&str> = all
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .map_while(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    for promised in ["run", "demo", "check", "health", "manifest", "migrate", "export", "outbox", "backup"] {
        assert!(commands.contains(&promised), "{promised}: {commands:?}");
    }
    for command in commands {
        let help = program.runs(&[command, "--help"]).await.well();
        assert!(help.contains("Example: "), "{help}");
        for secret in [&program.install.bot_token, &program.install.app_token] {
            assert!(!help.contains(secret.as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_arguments_give_one_line() {
    let program = Program::new().await;
    for (arguments, words) in [
        (&[][..], "name a command: rondo --help lists them"),
        (&["exprot"], "export"),
        (&["run", "--loud"], "--loud"),
        (&["export", "tea"], "kudos"),
        (&["export", "kudos", "--since", "yesterday"], "--since"),
        (&["export", "kudos", "--format", "xml"], "csv, json"),
        (&["demo", "--people", "1"], "--people"),
        (&["backup"], "<FILE>"),
        (&["manifest", "--mode", "http"], "--url"),
        (&["manifest", "--mode", "http", "--url", "rondo.example.org"], "https://rondo.example.org"),
        (&["manifest", "--mode", "http", "--url", "http://rondo.example.org"], "is not https"),
        (&["manifest", "--url", "http://rondo.example.org"], "is not https"),
        (&["manifest", "--mode", "socket", "--url", "https://rondo.example.org"], "leave out --url"),
        (
            &["manifest", "--mode", "http", "--url", "https://rondo.example.org/slack"],
            "goes on behind the host",
        ),
        (
            &["manifest", "--mode", "http", "--url", "https://rondo.example.org/?a=b"],
            "goes on behind the host",
        ),
        (&["manifest", "--mode", "http", "--url", "https://a:b@rondo.example.org"], "holds a password"),
        (&["health", "--port", "4000"], "--demo"),
        (&["outbox", "resend"], "resend"),
    ] {
        let line = program.runs(arguments).await.refused(2);
        assert!(line.contains(words), "{arguments:?}: {line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_manifest_is_json() {
    let mut program = Program::new().await;
    // Operators need it before they have tokens.
    program.unset("SLACK_BOT_TOKEN");
    program.unset("SLACK_APP_TOKEN");
    let read = |text: String| serde_json::from_str::<serde_json::Value>(&text).unwrap();
    let socket = read(program.runs(&["manifest"]).await.well());
    assert_eq!(socket["settings"]["socket_mode_enabled"], true);
    assert_eq!(socket["features"]["slash_commands"][0]["command"], "/coffee");
    let url = "https://rondo.example.org";
    let http = read(program.runs(&["manifest", "--mode", "http", "--url", url]).await.well());
    assert_eq!(http["settings"]["socket_mode_enabled"], false);
    let events = http["settings"]["event_subscriptions"]["request_url"].as_str().unwrap();
    assert!(events.starts_with(url), "{events}");
}

/// Searches the most verbose log for secrets and people's text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_ever_said() {
    let mut program = Program::new().await;
    program.set("SLACK_SIGNING_SECRET", &program.install.signing_secret.clone());
    for level in ["trace", "info"] {
        program.set("RONDO_LOG", level);
        program.set("RONDO_LOG_FORMAT", if level == "trace" { "json" } else { "text" });
        let mut bot = program.is_up().await;
        let reason = format!("keeping a confidence at {level}");
        let ana = program.sandbox.person("ana");
        ana.says("#general", &format!("/kudos @ben for {reason}")).await;
        let posted = program.sandbox.person("ben").sees("#general", &reason).await;
        let mine = ana.sees("#general", "Undo").await.or(posted).unwrap();
        ana.clicks(&mine, "Undo").await;
        program.sandbox.faults().fail_5xx("chat.delete", 1);
        bot.stops("-TERM").await;
        let said = [
            bot.said(),
            format!("{:?}", program.runs(&["check"]).await),
            format!("{:?}", program.runs(&["outbox"]).await),
        ]
        .concat();
        let install = &program.install;
        for secret in [&install.bot_token, &install.app_token, &install.signing_secret] {
            assert!(!said.contains(secret.as_str()), "at {level}:\n{said}");
        }
        let addresses: Vec<String> = program
            .sandbox
            .deliveries()
            .iter()
            .filter_map(|delivery| delivery.payload["response_url"].as_str().map(str::to_owned))
            .collect();
        assert!(!addresses.is_empty());
        for address in addresses {
            let secret = address.rsplit('/').next().unwrap();
            assert!(!said.contains(secret), "a response_url at {level}:\n{said}");
        }
        assert!(!said.contains("ticket="), "a socket's address at {level}:\n{said}");
        assert!(level == "trace" || !said.contains(&reason), "what people wrote at {level}:\n{said}");
    }
}

/// A secret in place of an argument: each command names only its kind.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn secret_arguments_are_never_repeated() {
    let program = Program::new().await;
    for secret in [
        "xoxb-1-hush",
        "xapp-1-hush",
        "postgres://rondo:hush it#@db/rondo",
        "https://rondo:hush@example.org/x",
    ] {
        let option = format!("--{secret}");
        let all: [&[&str]; 14] = [
            &[secret],
            &["run", secret],
            &["run", "--config", secret],
            &["check", "--config", secret],
            &["health", "--config", secret],
            &["health", "--demo", "--port", secret],
            &["demo", "--listen", secret],
            &["demo", &option],
            &["manifest", "--mode", "http", "--url", secret],
            &["pair", "--members", secret],
            &["export", secret],
            &["export", "kudos", "--since", secret],
            &["outbox", "retry", "--key", secret],
            &["backup", secret],
        ];
        for arguments in all {
            let ended = program.runs(arguments).await;
            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert!(ended.code != 0 && !said.contains("hush"), "{arguments:?}: {said}");
        }
    }
}
