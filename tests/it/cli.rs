//! The commands, as an operator types them.

mod check;
mod data;

use crate::support::Program;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_says_how_it_is_used_with_an_example() {
    let program = Program::new().await;
    let all = program.runs(&["--help"]).await.well();
    assert!(all.contains("Example: rondo demo"), "{all}");
    let commands: Vec<&str> = all
        .lines()
        .skip_while(|line| !line.starts_with("Commands:"))
        .skip(1)
        .map_while(|line| line.strip_prefix("  ")?.split_whitespace().next())
        .collect();
    for promised in ["run", "demo", "check", "manifest", "migrate", "export", "outbox", "backup"] {
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
async fn wrong_arguments_are_refused_in_one_line() {
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
        (&["outbox", "resend"], "resend"),
    ] {
        let line = program.runs(arguments).await.refused(2);
        assert!(line.contains(words), "{arguments:?}: {line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_manifest_is_json_for_either_door() {
    let mut program = Program::new().await;
    // It is needed before there are any tokens.
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_says_where_it_is_and_ends_at_ctrl_c() {
    let mut program = Program::new().await;
    // It needs nothing, and nothing that is set for a real workspace may reach it.
    program.environment.clear();
    let mut demo = program.starts(&["demo", "--port", "0", "--people", "6"]);
    assert!(demo.says("Ctrl-C ends it").await, "{}", demo.said());
    let said = demo.said();
    let address =
        said.lines().next().unwrap().strip_prefix("Rondo demo: http://").expect("it is the first line");
    program.address = address.strip_suffix('/').unwrap().to_owned();
    assert!(program.address.starts_with("127.0.0.1:"));
    assert_eq!(program.asks("/").await.unwrap().0, 200);
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_for_scripts_has_doors_and_a_past_but_no_page() {
    let mut program = Program::new().await;
    program.environment.clear();
    let help = program.runs(&["demo", "--help"]).await.well();
    assert!(help.contains("no page"), "{help}");
    let mut demo = program.starts(&["demo", "--headless", "--port", "0"]);
    assert!(demo.says("Rondo demo: ").await, "{}", demo.said());
    let said = demo.said();
    let address = said.strip_prefix("Rondo demo: http://").and_then(|rest| rest.strip_suffix("/\n"));
    program.address = address.expect("it says where it is and nothing else").to_owned();
    let (status, told) = program.asks("/").await.unwrap();
    assert_eq!((status, told.lines().count()), (404, 1), "{told}");
    let (_, state) = program.asks("/sandbox/state?as=ana&channel=general").await.unwrap();
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    assert_eq!(state["journey"]["travelling"], false, "its clock can travel");
    let instants: Vec<f64> = state["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["ts"].as_str().unwrap().parse().unwrap())
        .collect();
    let days = (state["now_ms"].as_f64().unwrap() / 1_000.0 - instants[0]) / (24.0 * 60.0 * 60.0);
    assert!((18.0..=21.0).contains(&days), "its kudos began {days} days ago");
    assert!(instants.len() > 8 && instants.is_sorted());
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
    assert_eq!(demo.said(), said, "not a word more");
}

/// Everything a bot can say at its most talkative, searched for what nobody may read there.
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
        program.sandbox.faults().fail_5xx("chat.update", 1);
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
