//! The page's API, used as no page would.

use serde_json::{Value, json};

use crate::bot::{Bot, START_MS, request, workspace};
use crate::page::{act, get};

const ACTIONS: [&str; 20] = [
    "say", "click", "suggest", "submit", "fill", "close", "shortcut", "home", "react", "join", "edit",
    "delete", "read", "clock", "next", "fault", "become", "upload", "nothing", "state",
];

#[tokio::test]
async fn nonsense_changes_nothing() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let before = get(&bot, "state?as=ana").await;
    for action in ACTIONS {
        let url = format!("{}sandbox/{action}", sandbox.url());
        for body in [
            "",
            "{}",
            "[]",
            "{\"as\":7}",
            "{\"as\":\"nobody\"}",
            "{\"as\":\"ana\",\"values\":[]}",
            "x",
            "{\"as\":\"ana\",\"channel\":{}}",
        ] {
            let status = request("POST", &url, &[], body).await.unwrap().status;
            assert!(matches!(status, 200 | 400 | 404 | 405), "{action} {body}: {status}");
        }
    }
    let after = get(&bot, "state?as=ana").await;
    for part in ["messages", "modals", "home", "people"] {
        assert_eq!(before[part], after[part], "{part}");
    }
}

#[tokio::test]
async fn an_unknown_person_cannot_act() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let shown = get(&bot, "state?as=nobody&channel=nowhere&since=x").await;
    assert_eq!((&shown["as"], &shown["messages"]), (&json!(sandbox.person("ana").id()), &Value::Null));
    let said = act(&bot, "say", json!({ "as": "nobody", "where": "#general", "text": "x" })).await;
    assert_eq!(said["status"], "failed");
    for path in [
        "messages?as=ana&before=NaN",
        "messages?as=ana&thread=%00",
        "wire?number=99999",
        "wire?show=%3Cb%3E&find=%ff",
    ] {
        assert!(get(&bot, path).await.is_object(), "{path}");
    }
}

#[tokio::test]
async fn bodies_and_paths_are_bounded() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let long = "x".repeat(1024 * 1024 + 1);
    let answer = act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos" })).await;
    assert_eq!(answer["status"], "answered");
    let response_url = bot.envelopes()[0]["payload"]["response_url"].as_str().unwrap().to_owned();
    for url in [
        format!("{}sandbox/say", sandbox.url()),
        format!("{}sandbox/upload?as=ana&name=x", sandbox.url()),
        format!("{}upload/v1/none", sandbox.url()),
        response_url,
    ] {
        assert_eq!(request("POST", &url, &[], long.clone()).await.unwrap().status, 413, "{url}");
    }
    for path in [
        "files/..%2f..%2fetc%2fpasswd",
        "files/F0",
        "page.js/..",
        "..%2fCargo.toml",
        "%00",
        "sandbox/events/x",
    ] {
        let status = request("GET", &format!("{}{path}", sandbox.url()), &[], "").await.unwrap().status;
        assert_eq!(status, 404, "{path}");
    }
}

#[tokio::test]
async fn uploads_are_never_served_as_pages() {
    let sandbox = workspace().await;
    let script = "<script>alert(1)</script>";
    for name in ["evil.html", "evil.svg", "evil.js", "evil"] {
        let url = format!("{}sandbox/upload?as=ana&name={name}", sandbox.url());
        let file = request("POST", &url, &[], script).await.unwrap().body;
        let kept = request("GET", file["url_private"].as_str().unwrap(), &[], "").await.unwrap();
        assert_eq!(kept.headers["content-type"], "application/octet-stream", "{name}");
        assert_eq!(kept.headers["x-content-type-options"], "nosniff");
    }
    let foreign = [("origin", "http://evil.example")];
    let url = format!("{}sandbox/upload?as=ana&name=x", sandbox.url());
    assert_eq!(request("POST", &url, &foreign, "x").await.unwrap().status, 403);
}

#[tokio::test]
async fn the_clock_is_bounded() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    for advance in [json!(-5), json!("soon"), json!(null), json!(0.5)] {
        let answer = act(&bot, "clock", json!({ "advance_ms": advance })).await;
        assert_eq!(answer, json!({ "ok": false, "error": "advance_ms_is_no_number" }), "{advance}");
        assert_eq!(sandbox.clock().now_ms(), START_MS, "{advance}");
    }
    let end = act(&bot, "clock", json!({ "advance_ms": i64::MAX })).await["now_ms"].clone();
    assert_eq!(end, 9_999_999_999_000_i64);
    let said = act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "in 2286" })).await;
    assert_eq!(said["status"], "answered");
}

#[tokio::test]
async fn unknown_people_cannot_be_chosen() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    for who in ["", "nobody", "U000000"] {
        let answer = act(&bot, "become", json!({ "as": who })).await;
        assert_eq!(answer, json!({ "ok": false, "error": "user_not_found" }), "{who:?}");
    }
    assert_eq!(act(&bot, "become", json!({ "as": "ben" })).await["ok"], true);
}

#[tokio::test]
async fn values_of_unknown_fields_are_ignored() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let blocks = json!([{ "type": "actions", "block_id": "b", "elements": [
        { "type": "button", "action_id": "go", "text": { "type": "plain_text", "text": "Go" } },
        { "type": "datepicker", "action_id": "day" } ] }]);
    bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "x", "blocks": blocks })).await;
    let message = get(&bot, "state?as=ana").await["messages"][0].clone();
    for values in [
        json!(7),
        json!({ "b": 7 }),
        json!({ "b": { "nothing": "x", "day": 7 } }),
        json!({ "none": { "day": "x" } }),
    ] {
        let click = json!({ "as": "ana", "channel": message["channel"], "ts": message["ts"], "action_id": "go", "values": values });
        assert_eq!(act(&bot, "click", click).await["status"], "answered", "{values}");
    }
    let sent = bot.envelopes();
    let held: Vec<Value> = sent
        .iter()
        .filter(|one| one["payload"]["type"] == "block_actions")
        .map(|one| one["payload"]["state"]["values"]["b"]["day"]["selected_date"].clone())
        .collect();
    assert_eq!(held, vec![Value::Null; 4]);
}
