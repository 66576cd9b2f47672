//! Undo: what changes, for how long, and who may.

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::{
    each_store,
    support::{
        Bot,
        gestures::{FORM, payload_form},
    },
};

const TAKEN_BACK: &str = "Taken back. It no longer counts for them, or toward your daily limit.";

/// Sends a press of Undo on a gift, by its id.
async fn presses_undo(bot: &mut Bot, who: &str, trigger: &str) {
    let gift = bot.ledger().await[0].gift_id.clone();
    let here = bot.person(who).says("#general", "I wonder").await;
    assert!(here.is_answered());
    let press = json!({
        "type": "block_actions", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": trigger, "channel": { "id": bot.general() }, "response_url": Value::Null,
        "actions": [{ "action_id": "kudos:undo", "value": gift }],
    });
    assert_eq!(bot.sends("/slack/interactions", FORM, payload_form(&press).as_bytes()).await.status, 200);
    bot.settle().await;
}

each_store! {
    with [("kudos.daily_allowance", "1")];

    async fn undo_gives_the_allowance_back(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Undo").await;
        assert!(bot.reads("dee", "#general").is_empty(), "the announcement is deleted");
        assert!(bot.reads("ana", "#general").contains(&TAKEN_BACK.to_owned()));
        assert!(bot.thanked().await.is_empty());
        let line = bot.ledger().await.remove(0);
        assert!(line.undone_at.is_some(), "the ledger keeps that something was taken back");
        assert_eq!(line.reason, "", "and forgets what it was for");
        // The same text right away repeats nothing, since the first gift no longer counts.
        let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
    }

    async fn undo_twice_counts_once(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        let ana = bot.person("ana");
        let confirmation = ana.reads("#general").into_iter().find(|read| read.text.starts_with("Kudos to")).unwrap();
        ana.clicks(&confirmation, "Undo").await;
        ana.clicks(&confirmation, "Undo").await;
        bot.settle().await;
        bot.says("ana", "#general", "/kudos @cy for lunch").await;
        let answer = bot.says("ana", "#general", "/kudos @dee for lunch").await;
        assert!(answer.text.starts_with("You've used today's"), "only one was given back: {}", answer.text);
        assert!(bot.reads("ana", "#general").contains(&"You've already taken this kudos back.".to_owned()));
        assert_eq!(bot.thanked().await, ["cy"]);
    }

    async fn concurrent_undos_count_once(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        let ana = bot.person("ana");
        let confirmation = ana.reads("#general").into_iter().find(|read| read.text.starts_with("Kudos to")).unwrap();
        join_all((0..8).map(|_| ana.clicks(&confirmation, "Undo"))).await;
        bot.settle().await;
        bot.says("ana", "#general", "/kudos @cy for lunch").await;
        bot.says("ana", "#general", "/kudos @dee for lunch").await;
        assert_eq!(bot.thanked().await, ["cy"]);
    }

    async fn undo_ends_after_ten_minutes(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.passes(Duration::minutes(10) + Duration::seconds(1));
        bot.clicks("ana", "#general", "Undo").await;
        let read = bot.reads_last("ana", "#general");
        assert_eq!(
            read,
            "It's been more than 10 minutes, so this kudos stays. If it was a mistake, have a word with the person."
        );
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @ben\n>lunch");
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn only_givers_can_undo(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        presses_undo(bot, "cy", "1.undo").await;
        assert_eq!(bot.thanked().await, ["ben"]);
        presses_undo(bot, "ana", "2.undo").await;
        assert!(bot.thanked().await.is_empty());
    }

    async fn an_undone_gift_is_never_posted(bot: &mut Bot) {
        let ana = bot.person("ana");
        ana.says("#general", "/kudos @ben for lunch").await;
        let confirmation = ana.reads("#general").pop().unwrap();
        ana.clicks(&confirmation, "Undo").await;
        bot.settle().await;
        assert!(bot.reads("dee", "#general").is_empty());
        assert!(bot.sandbox.calls().iter().all(|call| call.method != "chat.postMessage"));
        assert_eq!(bot.reads("ana", "#general"), [TAKEN_BACK]);
    }

    async fn undo_loops_are_limited(bot: &mut Bot) {
        for _ in 0..3 {
            let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
            assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
            bot.clicks("ana", "#general", "Undo").await;
        }
        let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert_eq!(
            answer.text,
            "You've taken back a lot of kudos today, so this one wasn't sent. You can give kudos again after midnight."
        );
        let posts = bot.sandbox.calls().into_iter().filter(|call| call.method == "chat.postMessage");
        assert_eq!(posts.count(), 3);
        bot.passes(Duration::days(1));
        let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
    }

    async fn undo_reaches_private_messages(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#secret", "/kudos @ben for lunch").await;
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>lunch"]);
        bot.clicks("ana", "#secret", "Undo").await;
        assert!(bot.reads_dm("ben").is_empty());
    }
}

mod switched_off {
    use super::*;

    each_store! {
        with [("kudos.undo_minutes", "0")];

        async fn undo_can_be_switched_off(bot: &mut Bot) {
            let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
            assert_eq!(bot.as_read(&answer.text), "Kudos to @ben! :tada:");
            assert!(!answer.raw.to_string().contains("Undo"));
            let help = bot.says("ana", "#general", "/kudos help").await;
            assert!(!help.text.contains("Undo"), "{}", help.text);
        }
    }
}
