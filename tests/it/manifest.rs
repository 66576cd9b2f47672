//! The manifest asks Slack for exactly what is used, and the README describes exactly the commands that exist.

use std::{collections::BTreeSet, fs, path::Path};

use rondo::{
    config::{Config, Environment},
    manifest::{Mode, command_table, manifest},
    ritual::Ritual,
    rituals,
    slack::{Incoming, payload::from_envelope},
};
use serde_json::{Value, json};
use slack_sandbox::{Options, Sandbox};

use crate::{each_store, support::Bot};

fn all() -> Vec<Box<dyn Ritual>> {
    Config::load(rituals::ALL, None, &Environment::default()).unwrap().rituals()
}

fn words(list: &Value) -> BTreeSet<String> {
    list.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn modes() -> [Mode; 2] {
    [Mode::Socket, Mode::Http("https://rondo.example.org".to_owned())]
}

/// Reads a file of the project.
fn file(path: &str) -> String {
    // Cargo sets the directory at run time; the compiled one may be another checkout.
    let environment = Environment::of_process();
    let root = environment.get("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR")).to_owned();
    fs::read_to_string(Path::new(&root).join(path)).unwrap()
}

#[test]
fn every_metric_is_documented() {
    let status = file("src/status.rs");
    let names = status.split('"').filter(|text| {
        text.starts_with("rondo_") && text.chars().all(|c| c == '_' || c.is_ascii_lowercase())
    });
    let operations = file("docs/OPERATIONS.md");
    let missing: Vec<&str> = names.filter(|name| !operations.contains(&format!("| `{name}` |"))).collect();
    assert!(missing.is_empty(), "the table of metrics in docs/OPERATIONS.md lacks {missing:?}");
}

#[test]
fn the_readme_lists_the_commands() {
    let readme = file("README.md");
    let (_, rest) = readme.split_once("<!-- commands -->\n").expect("the README marks its table");
    let (table, _) = rest.split_once("<!-- /commands -->").expect("and the table's end");
    let expected = command_table(&all(), "/rondo");
    assert_eq!(table, expected, "write this between the marks in README.md:\n{expected}");
}

#[test]
fn requested_events_are_understood() {
    for mode in modes() {
        let asked = manifest(&all(), "/rondo", &mode);
        for name in words(&asked["settings"]["event_subscriptions"]["bot_events"]) {
            // `message.im` is a message of that kind of conversation.
            let (kind, place) = name.split_once('.').unwrap_or((&name, ""));
            let event = json!({ "type": kind, "channel_type": place });
            let event = json!({ "team_id": "T1", "event_id": "Ev1", "event": event });
            let read = from_envelope("events_api", &event);
            assert_ne!(read, Incoming::Unusable("unknown_event"), "{name} is subscribed to and not read");
        }
    }
}

#[test]
fn commands_escape_mentions() {
    for mode in modes() {
        let asked = manifest(&all(), "/rondo", &mode);
        let commands = asked["features"]["slash_commands"].as_array().unwrap();
        let names: Vec<&str> = commands.iter().map(|command| command["command"].as_str().unwrap()).collect();
        assert_eq!(names, ["/coffee", "/kudos", "/retro", "/sync", "/promise", "/rondo"]);
        assert!(commands.iter().all(|command| command["should_escape"] == true));
        let urls = commands.iter().filter(|command| command.get("url").is_some()).count();
        assert_eq!(urls, if mode == Mode::Socket { 0 } else { names.len() });
    }
}

#[tokio::test]
async fn slack_accepts_both_manifests() {
    for mode in modes() {
        let sandbox = Sandbox::start(Options::default()).await.unwrap();
        let installed = sandbox.install(&manifest(&all(), "/rondo", &mode));
        assert!(installed.is_ok(), "{mode:?}: {installed:?}");
        sandbox.shutdown();
    }
}

#[test]
fn the_bots_dm_is_open() {
    for mode in modes() {
        let asked = manifest(&all(), "/rondo", &mode);
        assert_eq!(
            asked["features"]["app_home"],
            json!({ "home_tab_enabled": false, "messages_tab_enabled": true, "messages_tab_read_only_enabled": false })
        );
        assert!(words(&asked["settings"]["event_subscriptions"]["bot_events"]).contains("message.im"));
        assert!(rondo::manifest::required_scopes(&all()).contains("im:history"));
    }
}

/// The calls and the deliveries that need each scope.
const USES: [(&str, &str); 14] = [
    ("app_mentions:read", "app_mention"),
    ("channels:read", "conversations.info"),
    ("commands", "slash_commands"),
    ("chat:write", "chat.postMessage"),
    ("im:write", "conversations.open"),
    ("mpim:write", "conversations.open"),
    ("users:read", "users.list"),
    ("channels:read", "conversations.members"),
    ("groups:read", "conversations.members"),
    ("usergroups:read", "usergroups.list"),
    ("channels:history", "conversations.history"),
    ("groups:history", "conversations.history"),
    ("im:history", "conversations.history"),
    ("mpim:history", "conversations.history"),
];

each_store! {
    async fn requested_scopes_are_used(bot: &mut Bot) {
        let asked = manifest(&all(), "/rondo", &Mode::Socket);
        let scopes: BTreeSet<String> = USES.iter().map(|(scope, _)| (*scope).to_owned()).collect();
        assert_eq!(words(&asked["oauth_config"]["scopes"]["bot"]), scopes);
        for place in ["#secret", "#general", "@ben"] {
            bot.sandbox.invite("secret", &bot.user);
            bot.sandbox.faults().lose_answer("chat.postMessage", 1);
            bot.says("ana", place, &format!("/kudos @ben for the plan in {place}")).await;
        }
        let mention = format!("@{} hello", bot.person(&bot.user).name());
        bot.person("ana").says("#general", &mention).await;
        bot.hears_events().await;
        bot.reads_the_workspace().await;
        let calls: BTreeSet<String> = bot.sandbox.calls().into_iter().map(|call| call.method).collect();
        let came = bot.sandbox.deliveries().into_iter().map(|delivery| {
            let event = delivery.payload["event"]["type"].as_str();
            event.map_or_else(|| delivery.kind.to_owned(), str::to_owned)
        });
        let used: BTreeSet<String> = calls.into_iter().chain(came).collect();
        for (scope, use_of_it) in USES {
            assert!(used.contains(use_of_it), "{scope} is asked for and {use_of_it} is never used");
        }
        assert_eq!(bot.thanked().await.len(), 3);
    }
}
