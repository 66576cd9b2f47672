//! What all methods refuse: tokens, scopes, limits, pages, JSON. It also checks that each refusal has a test.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use slack_sandbox::NewPerson;

use super::Town;
use crate::bot::{Bot, START_MS, manifest, manifest_with, request, workspace};

const HERE: &str = env!("CARGO_MANIFEST_DIR");
const NEEDS_NO_TOKEN: &str = "api.test";
const OF_THE_APP: &str = "apps.connections.open";
/// Methods that every app may call.
const NEED_NO_SCOPE: [&str; 6] =
    ["auth.test", "chat.getPermalink", "views.open", "views.push", "views.update", "views.publish"];
/// Errors of the sandbox's own faults.
const NEVER_SAID: [&str; 2] = ["internal_error", "invalid_token"];

/// Returns every method in the README's table.
fn methods() -> Vec<String> {
    let readme = fs::read_to_string(Path::new(HERE).join("README.md")).unwrap();
    let table = readme.lines().skip_while(|line| *line != "<!-- methods -->").skip(3);
    let names = table
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('`').nth(1))
        .map(str::to_owned)
        .collect::<Vec<String>>();
    assert!(names.len() > 30 && names.iter().all(|name| name.contains('.')), "{names:?}");
    names
}

#[tokio::test]
async fn every_method_checks_its_token() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let (own, level) = (bot.install.bot_token.clone(), bot.install.app_token.clone());
    for method in methods() {
        let url = format!("{}/{method}", sandbox.api_url());
        let without = request("POST", &url, &[], "").await.unwrap();
        if method == NEEDS_NO_TOKEN {
            assert_eq!(without.error(), "ok");
            continue;
        }
        assert_eq!(without.error(), "not_authed", "{method}");
        assert_eq!(bot.calls_with("xoxb-1", &method, json!({})).await.error(), "invalid_auth", "{method}");
        let other = if method == OF_THE_APP { &own } else { &level };
        assert_eq!(
            bot.calls_with(other, &method, json!({})).await.error(),
            "not_allowed_token_type",
            "{method}"
        );
    }
    sandbox.faults().revoke_tokens();
    for method in methods().iter().filter(|method| *method != NEEDS_NO_TOKEN) {
        assert_eq!(bot.calls_with(&own, method, json!({})).await.error(), "token_revoked", "{method}");
    }
}

#[tokio::test]
async fn every_method_names_its_scope() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&["pins:read"]));
    for method in methods() {
        if method == NEEDS_NO_TOKEN || method == OF_THE_APP || NEED_NO_SCOPE.contains(&method.as_str()) {
            continue;
        }
        let refused = bot.reads(&method, &[]).await;
        assert_eq!(refused.error(), "missing_scope", "{method}");
        assert!(refused.body["needed"].as_str().unwrap().contains(':'), "{method}");
        assert_eq!(refused.body["provided"], "pins:read");
    }
}

#[tokio::test]
async fn unknown_methods_are_named() {
    let town = Town::new().await;
    let refused = town.calls("chat.shout", &json!({})).await;
    assert_eq!((refused.error(), &refused.body["req_method"]), ("unknown_method", &json!("chat.shout")));
}

#[tokio::test]
async fn json_bodies_are_objects() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let token = format!("Bearer {}", bot.install.bot_token);
    let headers = [("authorization", token.as_str()), ("content-type", "application/json; charset=utf-8")];
    let url = format!("{}/chat.postMessage", sandbox.api_url());
    for (body, error) in
        [("{\"text\"", "invalid_json"), ("[1]", "json_not_object"), ("\"x\"", "json_not_object")]
    {
        assert_eq!(request("POST", &url, &headers, body).await.unwrap().error(), error, "{body}");
    }
    let inside = json!({ "token": bot.install.bot_token, "channel": "#general", "text": "x" });
    let refused = request("POST", &url, &headers[1..], inside.to_string()).await.unwrap();
    assert_eq!(refused.error(), "not_authed", "in JSON the token belongs in the header");
}

#[tokio::test]
async fn lists_have_pages_of_1000() {
    let town = Town::new().await;
    for (list, place) in [
        ("users.list", json!({})),
        ("users.conversations", json!({})),
        ("conversations.list", json!({})),
        ("conversations.members", json!({ "channel": "{home}" })),
        ("conversations.history", json!({ "channel": "{home}" })),
        ("conversations.replies", json!({ "channel": "{home}", "ts": "{mine}" })),
    ] {
        for (key, value, error) in
            [("limit", json!(1_001), "invalid_limit"), ("cursor", json!("x"), "invalid_cursor")]
        {
            let mut args = place.clone();
            args[key] = value;
            assert_eq!(town.calls(list, &args).await.error(), error, "{list}");
        }
        let mut args = place.clone();
        args["limit"] = json!(1);
        assert_eq!(town.calls(list, &args).await.error(), "ok", "{list}");
    }
}

#[tokio::test]
async fn every_tier_says_when_to_retry() {
    for (method, calls) in [("usergroups.list", 20), ("conversations.info", 50), ("users.info", 100)] {
        let sandbox = workspace().await;
        let bot = Bot::install(&sandbox, &manifest());
        for _ in 0..calls {
            assert_ne!(bot.reads(method, &[]).await.status, 429, "{method}");
        }
        let refused = bot.reads(method, &[]).await;
        assert_eq!((refused.status, refused.error()), (429, "ratelimited"), "{method}");
        assert_eq!(refused.headers["retry-after"].to_str().unwrap(), "60", "{method}");
        assert_eq!(bot.reads("team.info", &[]).await.status, 200, "another method has its own limit");
        sandbox.clock().advance_to(START_MS + 60_000);
        assert_ne!(bot.reads(method, &[]).await.status, 429, "{method}");
    }
}

#[tokio::test]
async fn a_minute_takes_300_posts() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let people: Vec<String> =
        (0..10).map(|n| sandbox.add_person(NewPerson::named(&format!("p{n}"))).id()).collect();
    let post = |to: &str| bot.calls("chat.postMessage", json!({ "channel": to, "text": "x" }));
    for to in people.iter().cycle().take(300) {
        assert_eq!(post(to).await.error(), "ok");
        // Each channel alone is far below its one post a second.
        sandbox.clock().advance_by(190);
    }
    let refused = post(&people[0]).await;
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().unwrap()), (429, "3"));
    sandbox.clock().advance_by(3_000);
    assert_eq!(post(&people[0]).await.error(), "ok");
}

#[tokio::test]
async fn sockets_need_socket_mode() {
    let mut manifest = manifest_with(&["users:read"]);
    manifest["settings"] = json!({ "socket_mode_enabled": false });
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest);
    let refused = bot.calls_with(&bot.install.app_token, OF_THE_APP, json!({})).await;
    assert_eq!(refused.error(), "socket_mode_not_enabled");
}

/// Returns every file in a folder, with its text.
fn texts(folder: PathBuf) -> Vec<String> {
    let (mut waiting, mut texts) = (vec![folder], Vec::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            texts.push(fs::read_to_string(path).unwrap());
        }
    }
    texts
}

#[test]
fn no_refusal_goes_unproven() {
    let root = Path::new(HERE);
    let sources = [
        "src/api",
        "src/base/blocks/given.rs",
        "src/workspace/answers.rs",
        "src/workspace/apps.rs",
        "src/workspace/messages.rs",
        "src/workspace/view_check.rs",
    ]
    .map(|path| texts(root.join(path)))
    .concat();
    let proofs = texts(root.join("tests/it")).concat();
    let mut names: Vec<&str> = Vec::new();
    for source in &sources {
        for before in ["Err(\"", "ok_or(\"", "Refusal::from(\"", "listing(\"", "map_err(|_| \"", ", \""] {
            names.extend(source.split(before).skip(1).filter_map(|rest| {
                let (name, after) = rest.split_once('"')?;
                let is_name = |letter: char| letter.is_lowercase() || letter == '_';
                let is_name = name.contains('_') && name.chars().all(is_name);
                (is_name && after.starts_with([')', '.'])).then_some(name)
            }));
        }
    }
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !NEVER_SAID.contains(name));
    assert!(names.len() > 50, "they are found: {names:?}");
    names.retain(|name| !proofs.contains(&format!("\"{name}\"")));
    assert!(names.is_empty(), "no test meets {names:?}");
}
