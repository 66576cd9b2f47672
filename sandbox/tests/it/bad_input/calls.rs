//! Calls of the Web API that make no sense.

use serde_json::{Value, json};

use crate::bot::{Bot, Reply, manifest, request, workspace};

/// Slightly more than Slack, and the sandbox, read of a body.
const TOO_LONG: usize = 1024 * 1024 + 1;
/// More nested lists than any reader follows.
const TOO_DEEP: usize = 5_000;

async fn sends(bot: &Bot, method: &str, kind: &str, body: impl Into<String>) -> Reply {
    let token = format!("Bearer {}", bot.install.bot_token);
    let mut headers = vec![("authorization", token.as_str())];
    headers.extend((!kind.is_empty()).then_some(("content-type", kind)));
    request("POST", &format!("{}/{method}", bot.sandbox.api_url()), &headers, body).await.unwrap()
}

async fn in_general() -> Bot {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    sandbox.invite("#general", "tester");
    bot
}

#[tokio::test]
async fn a_body_needs_a_content_type() {
    let bot = in_general().await;
    let said = json!({ "channel": "#general", "text": "x" }).to_string();
    for (kind, body, error) in [
        ("application/json; charset=utf-8", said.as_str(), "ok"),
        ("Application/JSON", &said, "ok"),
        ("application/x-www-form-urlencoded", "channel=%23general&text=x", "ok"),
        ("text/plain", "channel=%23general&text=x", "ok"),
        ("", "channel=%23general&text=x", "missing_post_type"),
        ("application/xml", "<x/>", "invalid_post_type"),
        ("application/jsonp", &said, "invalid_post_type"),
        ("multipart/form-data; boundary=x", "--x--", "invalid_form_data"),
        ("application/x-www-form-urlencoded", "channel=%ff%fe&text=%00", "channel_not_found"),
    ] {
        bot.sandbox.clock().advance_by(1_000);
        assert_eq!(sends(&bot, "chat.postMessage", kind, body).await.error(), error, "{kind}: {body}");
    }
}

#[tokio::test]
async fn broken_json_is_named() {
    let bot = in_general().await;
    let deep = "[".repeat(TOO_DEEP);
    let blocks =
        format!("{{\"channel\":\"#general\",\"blocks\":{}{}}}", "[".repeat(TOO_DEEP), "]".repeat(TOO_DEEP));
    for body in ["{", "{\"a\":}", "nul", "{\"a\":\"\\ud800\"}", "{} {}", deep.as_str(), &blocks] {
        let reply = sends(&bot, "chat.postMessage", "application/json", body).await;
        assert_eq!(reply.error(), "invalid_json", "{}", body.chars().take(30).collect::<String>());
    }
    let twice = "{\"channel\":\"#nowhere\",\"channel\":\"#general\",\"text\":\"x\"}";
    assert_eq!(
        sends(&bot, "chat.postMessage", "application/json", twice).await.error(),
        "ok",
        "the last one counts"
    );
}

#[tokio::test]
async fn a_body_has_an_end() {
    let bot = in_general().await;
    let long = json!({ "channel": "#general", "text": "x".repeat(TOO_LONG) }).to_string();
    assert_eq!(sends(&bot, "chat.postMessage", "application/json", long).await.status, 413);
    assert_eq!(
        sends(
            &bot,
            "chat.postMessage",
            "application/json",
            json!({ "channel": "#general", "text": "x" }).to_string()
        )
        .await
        .error(),
        "ok"
    );
}

#[tokio::test]
async fn no_argument_breaks_a_method() {
    let bot = in_general().await;
    let methods = include_str!("../../../README.md").split("<!-- methods -->").nth(1).unwrap();
    let methods: Vec<&str> =
        methods.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert!(methods.len() > 30);
    let names = [
        "channel",
        "user",
        "users",
        "text",
        "blocks",
        "attachments",
        "metadata",
        "view",
        "view_id",
        "trigger_id",
        "hash",
        "ts",
        "thread_ts",
        "timestamp",
        "limit",
        "cursor",
        "oldest",
        "latest",
        "types",
        "name",
        "files",
        "filename",
        "length",
        "usergroup",
        "user_id",
        "topic",
        "message_ts",
        "bot",
        "channel_id",
        "external_id",
    ];
    let values = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e308),
        json!(u64::MAX),
        json!(""),
        json!("\u{0}\u{202e}"),
        json!("NaN"),
        json!("💥".repeat(1_000)),
        json!([]),
        json!([null, 1, {}]),
        json!({}),
        json!({ "type": {} }),
        json!([{ "type": "section", "text": [] }]),
        json!({ "type": "modal", "title": 7, "blocks": [[], "x", null, { "type": "input", "element": "x" }] }),
    ];
    for method in methods {
        for value in &values {
            let args: Value = names
                .iter()
                .map(|name| ((*name).to_owned(), value.clone()))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let form: Vec<(String, String)> = names
                .iter()
                .map(|name| {
                    ((*name).to_owned(), value.as_str().map_or_else(|| value.to_string(), str::to_owned))
                })
                .collect();
            let form: Vec<(&str, &str)> =
                form.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
            for reply in [bot.calls(method, args.clone()).await, bot.reads(method, &form).await] {
                assert!(matches!(reply.status, 200 | 429), "{method} {value:.50}: {}", reply.status);
                assert!(reply.body["ok"].is_boolean(), "{method} {value}: {}", reply.body);
            }
            bot.sandbox.clock().advance_by(60_000);
        }
    }
    assert_eq!(
        bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "still here" })).await.error(),
        "ok"
    );
}

#[tokio::test]
async fn page_sizes_are_numbers() {
    let bot = in_general().await;
    for (limit, error) in [
        ("ten", "invalid_limit"),
        ("-1", "invalid_limit"),
        ("1.5", "invalid_limit"),
        ("0", "ok"),
        ("2", "ok"),
    ] {
        assert_eq!(bot.reads("users.list", &[("limit", limit)]).await.error(), error, "{limit}");
    }
}
