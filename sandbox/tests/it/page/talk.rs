//! One conversation: the newest messages, what changed since, older ones, threads.

use serde_json::json;

use super::{act, get, says, texts};
use crate::bot::{Bot, Reflex, workspace};

#[tokio::test]
async fn only_changes_are_sent_again() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let first = says(&bot, "ana", "one").await;
    says(&bot, "ana", "two").await;
    let shown = get(&bot, "state?as=ben&channel=general").await;
    assert_eq!(texts(&shown), ["one", "two"]);
    let change = shown["change"].as_u64().unwrap();

    says(&bot, "ana", "three").await;
    let react = json!({ "as": "cy", "channel": shown["channel"], "ts": first, "name": "tada" });
    assert_eq!(act(&bot, "react", react).await["ok"], true);
    let news = get(&bot, &format!("state?as=ben&channel=general&since={change}")).await;
    assert_eq!(texts(&news), ["one", "three"]);
    let change = news["change"].as_u64().unwrap();

    let gone = json!({ "as": "ana", "channel": shown["channel"], "ts": first });
    assert_eq!(act(&bot, "delete", gone).await["ok"], true);
    let news = get(&bot, &format!("state?as=ben&channel=general&since={change}")).await;
    assert_eq!(
        (news["messages"][0]["ts"].as_str(), &news["messages"][0]["deleted"]),
        (Some(&*first), &json!(true))
    );
    let change = news["change"].as_u64().unwrap();
    let news = get(&bot, &format!("state?as=ben&channel=general&since={change}")).await;
    assert!(texts(&news).is_empty());
}

#[tokio::test]
async fn older_messages_load_on_demand() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &crate::bot::manifest_with(&[]));
    let ana = sandbox.person("ana");
    for number in 0..10_000 {
        ana.says("#general", &format!("message {number}")).await;
    }
    let shown = get(&bot, "state?as=ben&channel=general").await;
    let (mut seen, mut older) = (texts(&shown).len(), shown["older"].clone());
    assert_eq!((seen, texts(&shown).last()), (100, Some(&"message 9999")));
    let mut oldest = shown["messages"][0]["ts"].clone();
    while older == true {
        let path = format!("messages?as=ben&channel=general&before={}", oldest.as_str().unwrap());
        let past = get(&bot, &path).await;
        assert_eq!(*texts(&past).last().unwrap(), format!("message {}", 9_999 - seen));
        seen += texts(&past).len();
        (older, oldest) = (past["older"].clone(), past["messages"][0]["ts"].clone());
    }
    assert_eq!(seen, 10_000);
}

#[tokio::test]
async fn threads_survive_their_first_message() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let root = says(&bot, "ana", "Who comes?").await;
    let general = get(&bot, "state?as=ana").await["channel"].clone();
    for (who, text) in [("ben", "I do"), ("cy", "So do I"), ("ben", "Great")] {
        let reply = json!({ "as": who, "where": general, "text": text, "thread_ts": root });
        assert_eq!(act(&bot, "say", reply).await["status"], "answered");
    }
    let shown = get(&bot, "state?as=ana").await;
    let (first, reply) = (&shown["messages"][0], &shown["messages"][1]);
    assert_eq!(
        (&first["replies"]["count"], first["replies"]["users"].as_array().unwrap().len()),
        (&json!(3), 2)
    );
    assert_eq!((&first["in_channel"], &reply["in_channel"]), (&json!(true), &json!(false)));
    let thread = get(&bot, &format!("messages?as=ana&channel=general&thread={root}")).await;
    assert_eq!(texts(&thread), ["Who comes?", "I do", "So do I", "Great"]);

    act(&bot, "delete", json!({ "as": "ana", "channel": general, "ts": root })).await;
    let shown = get(&bot, "state?as=ana").await;
    assert_eq!(texts(&shown), ["(gone)", "I do", "So do I", "Great"]);
    assert_eq!(shown["messages"][0]["replies"]["count"], 3);
}

#[tokio::test]
async fn people_change_their_own_messages() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ts = says(&bot, "ana", "Helo").await;
    let general = get(&bot, "state?as=ana").await["channel"].clone();
    let edit = |who: &str, text: &str| json!({ "as": who, "channel": general, "ts": ts, "text": text });
    assert_eq!(act(&bot, "edit", edit("ben", "No")).await["error"], "cant_update_message");
    assert_eq!(act(&bot, "edit", edit("ana", "Hello @ben")).await["ok"], true);
    let shown = get(&bot, "state?as=ana").await;
    assert_eq!(
        (&shown["messages"][0]["plain"], &shown["messages"][0]["edited"]),
        (&json!("Hello @ben"), &json!(true))
    );
    assert_eq!(act(&bot, "delete", edit("ben", "")).await["error"], "cant_delete_message");
}

#[tokio::test]
async fn markup_is_sent_as_text() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.set_display_name("ben", "<img src=x onerror=alert(1)>");
    says(&bot, "ben", "<script>alert(1)</script> & <b>bold</b>").await;
    let shown = get(&bot, "state?as=ana").await;
    assert_eq!(
        shown["messages"][0]["text"],
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;"
    );
    assert_eq!(shown["messages"][0]["plain"], "<script>alert(1)</script> & <b>bold</b>");
    let ben = shown["people"].as_array().unwrap().iter().find(|one| one["name"] == "ben").unwrap();
    assert_eq!(ben["shown"], "<img src=x onerror=alert(1)>");
}

#[tokio::test]
async fn ephemeral_messages_last_a_day() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(|_| Reflex::Say(json!({ "text": "between us" })));
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    says(&bot, "ana", "to all").await;
    assert_eq!(texts(&get(&bot, "state?as=ana").await), ["between us", "to all"]);
    sandbox.clock().advance_by(25 * 60 * 60 * 1_000);
    assert_eq!(texts(&get(&bot, "state?as=ana").await), ["to all"]);
}
