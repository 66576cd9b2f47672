//! Calls and deliveries as the page shows them, and the switches for faults.

use serde_json::{Value, json};

use super::{act, get};
use crate::bot::{Bot, Reflex, manifest_with, workspace};

async fn rows(bot: &Bot, query: &str) -> Vec<Value> {
    get(bot, &format!("wire?{query}")).await["rows"].as_array().unwrap().clone()
}

#[tokio::test]
async fn calls_and_deliveries_share_one_order() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.person("ana").says("#general", "/kudos @ben for the fix").await;
    bot.calls("auth.test", json!({})).await;
    let rows = rows(&bot, "").await;
    let names: Vec<&str> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["auth.test", "/kudos", "apps.connections.open"]);
    assert_eq!(
        (&rows[1]["about"], &rows[1]["outcome"]),
        (&json!("@ben for the fix"), &json!("acknowledged"))
    );
    let whole = get(&bot, &format!("wire?number={}", rows[1]["number"])).await["row"].clone();
    assert_eq!(whole["payload"]["command"], "/kudos");
    let whole = get(&bot, &format!("wire?number={}", rows[0]["number"])).await["row"].clone();
    assert_eq!((&whole["method"], &whole["answer"]["ok"]), (&json!("auth.test"), &json!(true)));
}

#[tokio::test]
async fn what_comes_twice_has_two_lines() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.faults().duplicate_deliveries(true);
    sandbox.person("ana").says("#general", "/kudos @ben for the fix").await;
    let mut seen = Vec::new();
    for _ in 0..200 {
        let rows = rows(&bot, "show=deliveries").await;
        seen = rows.iter().map(|row| (row["again"] == true, row["outcome"].clone())).collect();
        if seen.iter().all(|(_, outcome)| outcome == "acknowledged") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(seen, [(true, json!("acknowledged")), (false, json!("acknowledged"))]);
    sandbox.faults().duplicate_deliveries(false);
    sandbox.person("ana").says("#general", "/kudos @ben once more").await;
    assert_eq!(rows(&bot, "show=deliveries").await.len(), 3);
}

#[tokio::test]
async fn refusals_name_the_broken_rule() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&["chat:write", "users:read", "usergroups:read"]));
    bot.calls("views.open", json!({})).await;
    bot.reads("conversations.list", &[]).await;
    let blocks = json!([{ "type": "header" }]);
    bot.calls("chat.postMessage", json!({ "channel": "#general", "blocks": blocks })).await;
    for _ in 0..21 {
        bot.reads("usergroups.list", &[]).await;
    }
    let rows = rows(&bot, "show=refusals").await;
    let broken: Vec<(&str, &str)> = rows
        .iter()
        .map(|row| (row["error"].as_str().unwrap(), row["why"].as_str().unwrap_or_default()))
        .collect();
    assert_eq!(broken[0], ("ratelimited", "about 20 calls a minute"));
    assert_eq!(
        broken[1],
        ("invalid_blocks", "[ERROR] missing required field: text [json-pointer:/blocks/0]")
    );
    assert_eq!(broken[2], ("missing_scope", "needs channels:read,groups:read,im:read,mpim:read"));
    assert_eq!((broken[3].0, rows[0]["status"].as_u64()), ("invalid_arguments", Some(429)));
}

#[tokio::test]
async fn rows_can_be_filtered() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(|envelope| if envelope["payload"]["text"] == "silent" { Reflex::Ignore } else { Reflex::Ack });
    let ana = sandbox.person("ana");
    ana.says("#general", "/kudos silent").await;
    ana.says("#general", "/raw loud").await;
    let names = |rows: Vec<Value>| rows.iter().map(|row| row["name"].clone()).collect::<Vec<_>>();
    assert_eq!(names(rows(&bot, "show=deliveries").await), ["/raw", "/kudos"]);
    assert_eq!(names(rows(&bot, "show=calls").await), ["apps.connections.open"]);
    assert_eq!(names(rows(&bot, "find=LOUD").await), ["/raw"]);
    let late = rows(&bot, "show=refusals").await;
    assert_eq!((&late[0]["name"], &late[0]["error"]), (&json!("/kudos"), &json!("timeout")));
}

#[tokio::test]
async fn the_page_switches_faults() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let switch = async |fault: Value| assert_eq!(act(&bot, "fault", fault).await["ok"], true);
    switch(json!({ "name": "limited" })).await;
    switch(json!({ "name": "broken", "method": "auth.test" })).await;
    switch(json!({ "name": "duplicate", "on": true })).await;
    let faults = get(&bot, "wire").await["faults"].clone();
    assert_eq!((&faults["duplicate"], &faults["slow"]), (&json!(true), &json!(false)));
    let planned: Vec<&str> =
        faults["planned"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert_eq!(planned, ["429", "500"]);
    assert_eq!(bot.calls("auth.test", json!({})).await.status, 429);
    assert_eq!(bot.calls("auth.test", json!({})).await.status, 500);

    switch(json!({ "name": "lost" })).await;
    let lost = bot.tries(&bot.install.bot_token, "auth.test", json!({})).await;
    assert!(lost.is_err());
    assert_eq!(rows(&bot, "show=refusals").await[0]["error"], "answer lost");
    switch(json!({ "name": "slow", "on": true, "ms": 1 })).await;
    assert_eq!(get(&bot, "wire").await["faults"]["slow"], true);
    switch(json!({ "name": "dropped" })).await;
    sandbox
        .eventually(|sandbox| (sandbox.open_sockets() == 0).then_some(()))
        .await
        .expect("no socket is left");
    switch(json!({ "name": "none" })).await;
    assert_eq!(get(&bot, "wire").await["faults"]["slow"], false);
    assert_eq!(act(&bot, "fault", json!({ "name": "gremlins" })).await["error"], "no_such_fault");
}
