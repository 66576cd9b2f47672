//! What a person asked of others: a list of it, and the way back.

use super::*;

const ASK: &str = "/promise @ben send the report by Friday";

each_store! {
    async fn an_asker_takes_an_unanswered_request_back(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let list = types(bot, "ana", "/promise asked").await;
        assert_eq!(list, "*What you asked of others*\n• send the report (asked of @ben, by Friday, 9 January)");
        bot.clicks("ana", "#general", "Take it back").await;
        let list = bot.reads_last("ana", "#general");
        assert!(list.starts_with("You've taken this back:\n>send the report\nNothing else that you asked of others is open."), "{list}");
        assert_eq!(bot.reads_dm("ben"), ["@ana has taken this back, so it isn't yours to do:\n>send the report"]);
        assert_eq!(states(bot).await, ["withdrawn"]);
        assert!(types(bot, "ben", "/promise mine").await.starts_with("Nothing waits for you."));
        assert!(types(bot, "dee", "/promise open").await.starts_with("Nothing that was promised here"));
    }

    async fn an_owner_hears_that_a_promise_is_taken_back(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ana", "/promise asked").await;
        bot.clicks("ana", "#general", "Take it back").await;
        let told = bot.reads_last("ben", &bot.user.clone());
        assert!(told.starts_with("@ana doesn't need this any more, so I took it off your list:\n>send the report"), "{told}");
        until(bot, "2026-01-12T12:00").await;
        assert!(reminders(bot, "ben").len() <= 1, "only what was changed: {:?}", bot.reads_dm("ben"));
        assert!(!bot.reads_dm("ben").iter().any(|text| text.contains("How does it stand?")));
        assert!(!types(bot, "ana", "/promise kept").await.contains(" of "), "it counts for no one");
    }

    async fn an_old_button_says_what_became_of_the_request(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let question = with_control(bot, "ben", "I'll do it");
        bot.clicks("ana", "#general", "Take it back").await;
        bot.person("ben").clicks(&question, "I'll do it").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["withdrawn"]);
        let told = bot.reads_last("ben", &bot.user.clone());
        assert!(told.starts_with("@ana has taken this back, so there's nothing left to do."), "{told}");
    }

    async fn a_yes_and_a_taking_back_at_once_are_one(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let question = with_control(bot, "ben", "I'll do it");
        let (ben, ana) = (bot.person("ben"), bot.person("ana"));
        let list = ana.reads("#general").pop().unwrap();
        tokio::join!(ben.clicks(&question, "I'll do it"), ana.clicks(&list, "Take it back"));
        bot.settle().await;
        let [state] = &states(bot).await[..] else { panic!("one promise") };
        let is_told = bot.reads_last("ben", &bot.user.clone()).contains("has taken this back");
        assert_eq!(state == "withdrawn", is_told, "{state}");
    }

    async fn only_the_asker_takes_back(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let answer = bot.person("ana").reads("#general").pop().unwrap();
        bot.person("cy").clicks(&answer, "Take it back").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["asked"]);
    }

    async fn what_was_asked_has_pages(bot: &mut Bot) {
        assert!(types(bot, "ana", "/promise asked").await.starts_with("Nothing that you asked of others is open."));
        for number in 1..=10 {
            types(bot, "ana", &format!("/promise @ben thing {number} by {number} February")).await;
        }
        let first = types(bot, "ana", "/promise asked").await;
        assert_eq!(first.matches("\n• thing ").count(), 8, "{first}");
        bot.clicks("ana", "#general", "More").await;
        let second = bot.reads_last("ana", "#general");
        assert_eq!(second.matches("\n• thing ").count(), 2, "{second}");
    }
}
