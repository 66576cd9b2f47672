//! The same text twice: the bot asks, counts once, and gives once more on request.

use chrono::Duration;
use futures_util::future::join_all;

use crate::{each_store, support::Bot};

const ASKED: &str = "You just thanked @ben in the same words. That one counted, so I haven't sent it again.";

each_store! {
    async fn a_repetition_is_asked_about(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.passes(Duration::seconds(20));
        let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert_eq!(bot.as_read(&answer.text), ASKED);
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn concurrent_repetitions_count_once(bot: &mut Bot) {
        let ana = bot.person("ana");
        let said = join_all((0..20).map(|_| ana.says("#general", "/kudos @ben for lunch"))).await;
        bot.settle().await;
        let thanked = said.iter().filter(|answer| answer.text.starts_with("Kudos to")).count();
        let asked = said.iter().filter(|answer| bot.as_read(&answer.text) == ASKED).count();
        assert_eq!((thanked, asked), (1, 19));
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn later_repetitions_are_new_gifts(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.passes(Duration::seconds(30));
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert_eq!(bot.thanked().await, ["ben", "ben"]);
    }

    async fn the_order_of_people_is_irrelevant(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben @cy for lunch").await;
        bot.says("ana", "#general", "/kudos @cy @ben for lunch").await;
        assert_eq!(bot.thanked().await.len(), 2);
        bot.says("ana", "#general", "/kudos @cy @ben for tea").await;
        assert_eq!(bot.thanked().await.len(), 4);
        bot.says("dee", "#general", "/kudos @cy @ben for tea").await;
        assert_eq!(bot.thanked().await.len(), 6);
    }

    async fn a_confirmed_repetition_counts(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Send it again").await;
        assert_eq!(bot.thanked().await, ["ben", "ben"]);
        assert_eq!(bot.reads("dee", "#general"), [":tada: *Ana* thanks @ben\n>lunch"; 2]);
        let read = bot.reads("ana", "#general");
        assert!(read.iter().all(|text| *text != ASKED), "the question is answered: {read:?}");
        let confirmed = read.iter().filter(|text| text.starts_with("Kudos to @ben!")).count();
        assert_eq!(confirmed, 2, "{read:?}");
    }

    async fn a_double_click_counts_once(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        let ana = bot.person("ana");
        let question = ana.reads("#general").pop().unwrap();
        ana.clicks(&question, "Send it again").await;
        ana.clicks(&question, "Send it again").await;
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["ben", "ben"]);
    }

    async fn long_repetitions_can_be_sent_later(bot: &mut Bot) {
        let typed = format!("/kudos @ben for {}", "ü".repeat(1_000));
        bot.says("ana", "#general", &typed).await;
        let answer = bot.says("ana", "#general", &typed).await;
        assert_eq!(
            bot.as_read(&answer.text),
            format!("{ASKED}\nIf you mean it twice, type it again in 30 seconds.")
        );
    }
}

mod on_the_last_of_the_day {
    use super::*;

    each_store! {
        with [("kudos.daily_allowance", "1")];

        async fn repetitions_respect_the_allowance(bot: &mut Bot) {
            bot.says("ana", "#general", "/kudos @ben for lunch").await;
            bot.says("ana", "#general", "/kudos @ben for lunch").await;
            bot.clicks("ana", "#general", "Send it again").await;
            let read = bot.reads_last("ana", "#general");
            assert!(read.starts_with("You've used today's kudos, so this one wasn't sent."), "{read}");
            assert_eq!(bot.thanked().await, ["ben"]);
        }
    }
}
