//! The JSON control API for other languages and the page.

use serde_json::{Value, json};

use slack_sandbox::{NewPerson, Options, Sandbox};

use crate::bot::{Bot, Reflex, request, workspace};

pub async fn post(bot: &Bot, action: &str, body: Value) -> Value {
    let url = format!("{}sandbox/{action}", bot.sandbox.url());
    request("POST", &url, &[], body.to_string()).await.unwrap().body
}

pub async fn state(bot: &Bot, query: &str) -> Value {
    request("GET", &format!("{}sandbox/state?{query}", bot.sandbox.url()), &[], "").await.unwrap().body
}

#[tokio::test]
async fn another_process_can_act() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(|envelope| {
        if envelope["type"] != "slash_commands" {
            return Reflex::Ack;
        }
        Reflex::Say(json!({ "text": "Sure?", "blocks": [{ "type": "actions", "block_id": "b", "elements": [
            { "type": "button", "action_id": "yes", "text": { "type": "plain_text", "text": "Yes" } } ] }] }))
    });
    let answer = post(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    assert_eq!((&answer["status"], &answer["text"]), (&json!("answered"), &json!("Sure?")));
    let seen = state(&bot, "as=ana&channel=general").await;
    let message = seen["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(message["ephemeral"], true);
    let click = json!({ "as": "ana", "channel": message["channel"], "ts": message["ts"], "action_id": "yes", "block_id": "b" });
    assert_eq!(post(&bot, "click", click).await["status"], "answered");
    bot.gets(|envelope| envelope["payload"]["type"] == "block_actions").await;
    assert!(state(&bot, "as=ben&channel=general").await["messages"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_modal_can_be_submitted() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.person("ana").says("#general", "/kudos").await;
    let trigger = bot.envelopes()[0]["payload"]["trigger_id"].clone();
    let view = json!({
        "type": "modal", "title": { "type": "plain_text", "text": "Thanks" }, "submit": { "type": "plain_text", "text": "Go" },
        "blocks": [{ "type": "input", "block_id": "why", "label": { "type": "plain_text", "text": "Why" },
            "element": { "type": "plain_text_input", "action_id": "text" } }],
    });
    assert_eq!(bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await.error(), "ok");
    let errors = post(&bot, "submit", json!({ "as": "ana" })).await;
    assert_eq!((&errors["status"], errors["errors"]["why"].is_string()), (&json!("errors"), true));
    let closed = post(&bot, "submit", json!({ "as": "ana", "values": { "why": "for the fix" } })).await;
    assert_eq!(closed["status"], "closed");
}

#[tokio::test]
async fn the_api_moves_the_clock() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let before = sandbox.clock().now_ms();
    assert_eq!(post(&bot, "clock", json!({ "advance_ms": 5_000 })).await["now_ms"], before + 5_000);
    let calls = request("GET", &format!("{}sandbox/calls", sandbox.url()), &[], "").await.unwrap().body;
    assert_eq!(calls[0]["method"], "apps.connections.open");
}

#[tokio::test]
async fn other_sites_cannot_act() {
    let sandbox = workspace().await;
    let url = format!("{}sandbox/say", sandbox.url());
    let refused = request("POST", &url, &[("origin", "http://evil.example")], "{}").await.unwrap();
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn headless_keeps_the_apis() {
    let sandbox = Sandbox::start(Options { page: false, ..Options::default() }).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    let get = async |path: &str| request("GET", &format!("{}{path}", sandbox.url()), &[], "").await.unwrap();
    let page = get("").await;
    assert_eq!(page.status, 404);
    assert_eq!(page.body.as_str().unwrap().matches(". ").count(), 0, "one sentence: {}", page.body);
    assert!(page.body.as_str().unwrap().contains("/api"));
    assert_eq!(get("page.js").await.status, 404);
    assert_eq!(get("sandbox/state?as=ana").await.body["team"], "Sandbox");
    assert_eq!(get("api/api.test").await.error(), "ok");
}

#[tokio::test]
async fn a_closed_workspace_answers_only_apps() {
    let sandbox = Sandbox::start_closed(Options::default()).await.unwrap();
    sandbox.add_person(NewPerson::named("ana"));
    let get = async |path: &str| request("GET", &format!("{}{path}", sandbox.url()), &[], "").await.unwrap();
    let page = get("").await;
    assert_eq!(page.status, 503);
    assert!(page.body.as_str().unwrap().contains("The workspace is being prepared"));
    for path in ["sandbox/state?as=ana", "sandbox/events", "sandbox/wire"] {
        let refused = get(path).await;
        assert_eq!(
            (refused.status, &refused.body["error"]),
            (503, &json!("workspace_is_being_prepared")),
            "{path}"
        );
    }
    assert_eq!(get("api/api.test").await.error(), "ok");
    sandbox.open();
    assert_eq!(get("").await.status, 200);
    assert_eq!(get("sandbox/state?as=ana").await.body["team"], "Sandbox");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let sandbox = workspace().await;
    let page = request("GET", &sandbox.url(), &[], "").await.unwrap();
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    let page = page.body.as_str().unwrap();
    assert!(page.contains(".composer {"), "how it looks stands in the page, which is painted at once");
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("url("));
    let mut found: Vec<String> = named(page);
    let mut at = 0;
    while let Some(name) = found.get(at).cloned() {
        at += 1;
        let part = request("GET", &format!("{}{name}", sandbox.url()), &[], "").await.unwrap();
        assert_eq!(part.status, 200, "{name}");
        let text = part.body.as_str().unwrap().replace("http://www.w3.org/2000/svg", "");
        for forbidden in ["innerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"]
        {
            assert!(!text.contains(forbidden), "{name} has {forbidden}");
        }
        for name in named(&text) {
            if !found.contains(&name) {
                found.push(name);
            }
        }
    }
    assert!(found.len() > 10, "the page has its parts: {found:?}");
}

/// Returns the parts of the page that a part of it names.
fn named(text: &str) -> Vec<String> {
    let quoted = text.split('"').skip(1).step_by(2);
    let part = |name: &str| matches!(name.rsplit_once('.'), Some((_, "js" | "css")));
    quoted.map(|name| name.trim_start_matches("./")).filter(|name| part(name)).map(str::to_owned).collect()
}

#[tokio::test]
async fn other_sites_are_refused_on_every_route() {
    let sandbox = workspace().await;
    let url = sandbox.url();
    for path in ["api/auth.test", "sandbox/state", "sandbox/calls", "sandbox/events", "link", "page.js"] {
        for foreign in [("origin", "http://evil.example"), ("sec-fetch-site", "cross-site")] {
            let refused = request("GET", &format!("{url}{path}"), &[foreign], "").await.unwrap();
            assert_eq!((refused.status, refused.body), (403, json!("not from another site\n")), "{path}");
        }
    }
    let led_here = request("GET", &url, &[("sec-fetch-site", "cross-site")], "").await.unwrap();
    assert_eq!(led_here.status, 200, "a link leads to the page");
}

#[tokio::test]
async fn hidden_secrets_differ_between_starts() {
    let installs = [true, true, false, false].map(async |hides_secrets| {
        let sandbox = Sandbox::start(Options { hides_secrets, ..Options::default() }).await.unwrap();
        sandbox.install(&crate::bot::manifest()).unwrap()
    });
    let [first, second, seeded, again] = futures_util::future::join_all(installs).await.try_into().unwrap();
    let secrets =
        |it: &slack_sandbox::Install| [&it.bot_token, &it.app_token, &it.signing_secret].map(String::clone);
    for (one, other) in secrets(&first).into_iter().zip(secrets(&second)) {
        assert_ne!(one, other);
    }
    assert_eq!(secrets(&seeded), secrets(&again));
    assert_eq!(first.bot_user_id, second.bot_user_id);
}
