//! Unread messages.

use serde_json::json;

use super::{act, get, place, says};
use crate::bot::{Bot, workspace};

#[tokio::test]
async fn earlier_messages_count_as_read() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    says(&bot, "ana", "Long ago").await;
    assert_eq!(place(&get(&bot, "state?as=ben").await, "general")["unread"], 0);
    says(&bot, "ana", "Just now").await;
    assert_eq!(place(&get(&bot, "state?as=ben").await, "general")["unread"], 1);
}

#[tokio::test]
async fn mentions_count_until_read() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    get(&bot, "state?as=ben").await;
    says(&bot, "ana", "Good morning").await;
    says(&bot, "ana", "@ben, have a look").await;
    let shown = get(&bot, "state?as=ben").await;
    let general = place(&shown, "general");
    assert_eq!((&general["unread"], &general["mentions"]), (&json!(2), &json!(1)));
    let own = get(&bot, "state?as=ana").await;
    assert_eq!(place(&own, "general")["unread"], 0, "own messages are read");

    let read = json!({ "as": "ben", "channel": general["id"], "ts": general["latest"] });
    act(&bot, "read", read).await;
    let shown = get(&bot, "state?as=ben").await;
    assert_eq!(
        (&place(&shown, "general")["unread"], &place(&shown, "general")["mentions"]),
        (&json!(0), &json!(0))
    );
    assert_eq!(place(&get(&bot, "state?as=cy").await, "general")["unread"], 2, "Cy has not read it");
}

#[tokio::test]
async fn a_mention_that_is_read_in_its_thread_is_read() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let root = says(&bot, "ana", "Who comes?").await;
    get(&bot, "state?as=ben").await;
    let general = get(&bot, "state?as=ana").await["channel"].clone();
    let replies = async |text: &str| {
        let reply = json!({ "as": "cy", "where": general, "text": text, "thread_ts": root });
        act(&bot, "say", reply).await;
        place(&get(&bot, "state?as=ben").await, "general").clone()
    };
    let shown = replies("@ben does").await;
    assert_eq!((&shown["unread"], &shown["mentions"]), (&json!(1), &json!(1)));
    let read = json!({ "as": "ben", "channel": general, "thread_ts": root, "ts": shown["latest"] });
    act(&bot, "read", read).await;
    let shown = place(&get(&bot, "state?as=ben").await, "general").clone();
    assert_eq!((&shown["unread"], &shown["mentions"]), (&json!(0), &json!(0)));
    assert_eq!(replies("@ben, do you?").await["mentions"], 1, "one that came later is not");
    says(&bot, "ana", "It's on").await;
    assert_eq!(place(&get(&bot, "state?as=ben").await, "general")["unread"], 2, "nor is the channel");
}

#[tokio::test]
async fn direct_messages_count_as_mentions() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let root = says(&bot, "ana", "Who comes?").await;
    let general = get(&bot, "state?as=ana").await["channel"].clone();
    act(&bot, "say", json!({ "as": "cy", "where": general, "text": "I do", "thread_ts": root })).await;
    let ana = sandbox.person("ana").id();
    bot.calls("chat.postMessage", json!({ "channel": ana, "text": "Welcome" })).await;
    let shown = get(&bot, "state?as=ana").await;
    assert_eq!(place(&shown, "general")["unread"], 0);
    let direct = shown["channels"].as_array().unwrap().iter().find(|one| one["kind"] == "im").unwrap();
    assert_eq!((&direct["unread"], &direct["mentions"]), (&json!(1), &json!(1)));
}
