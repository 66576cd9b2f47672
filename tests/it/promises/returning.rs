//! A promise whose owner is gone goes back to where it came from.

use rondo::engine::person::PersonData;

use super::*;

each_store! {
    async fn a_deactivated_owners_promise_goes_back(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ben", "/promise water the plants by Friday").await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["returned", "returned"]);
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.starts_with("This has no owner any more:\n>send the report"), "{heard}");
        let open = types(bot, "dee", "/promise open").await;
        assert!(open.contains("• send the report (looking for an owner, for Friday, 9 January)"), "{open}");
        bot.clicks("dee", "#general", "I'll take it").await;
        let told = bot.reads_last("dee", "#general");
        assert!(told.starts_with(":handshake: Promised for Friday, 9 January:\n>send the report"), "{told}");
        assert!(bot.reads_dm("dee").is_empty(), "it's said once");
        assert!(bot.reads_last("ana", &bot.user.clone()).starts_with(":handshake: @dee promises this by Friday, 9 January"));
        let old = bot.reads_dm("ana").join("\n\n");
        assert!(old.contains("@dee has taken this on:\n>send the report") && !old.contains("This has no owner"), "{old}");
        until(bot, "2026-01-09T12:00").await;
        assert_eq!(reminders(bot, "dee").len(), 1);
        assert!(bot.reads_dm("ben").iter().all(|text| !text.starts_with(REMINDER)));
    }

    async fn a_promise_of_a_day_that_is_over_is_asked_for_again(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        until(bot, "2026-01-12T10:00").await;
        let open = types(bot, "dee", "/promise open").await;
        assert!(open.contains("• send the report (looking for an owner, was due Friday, 9 January)"), "{open}");
        bot.clicks("dee", "#general", "I'll take it").await;
        assert!(bot.reads_last("dee", "#general").starts_with("It's yours to answer now"));
        picks(bot, "dee", "When will you do it?", "Tomorrow").await;
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn an_erased_owners_promise_goes_back(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        types(bot, "ben", "/promise my own words by Friday").await;
        let data = PersonData::of(&bot.parts.engine);
        let ben = rondo::model::people::UserId(bot.id("ben"));
        assert!(data.erase(&ben, &[], false).await.unwrap().is_clean);
        assert_eq!(states(bot).await, ["returned", "returned"]);
        bot.settle().await;
        let open = types(bot, "dee", "/promise open").await;
        assert!(open.contains("• send the report (looking for an owner"), "{open}");
        assert!(!open.contains("my own words"), "{open}");
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.starts_with("This has no owner any more:\n>send the report\n"), "{heard}");
        presses(bot, "ana", "Ask another person").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("who", bot.id("dee")));
        assert_eq!(ana.submits().await, slack_sandbox::Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_dm("dee")[0].starts_with(":handshake: @ana asks you for a promise by Friday, 9 January"));
        until(bot, "2026-01-10T12:00").await;
        assert!(reminders(bot, "ben").is_empty());
    }

    async fn who_asked_an_erased_person_hears_it_once(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        types(bot, "cy", "/promise @ben water the plants").await;
        let cy = bot.person("cy");
        cy.sees_modal().await.expect("a form");
        assert!(cy.fills("date", "2026-01-09"));
        cy.submits().await;
        bot.settle().await;
        let (data, ben) = (PersonData::of(&bot.parts.engine), rondo::model::people::UserId(bot.id("ben")));
        for _ in 0..2 {
            assert!(data.erase(&ben, &[], false).await.unwrap().is_clean);
            bot.settle().await;
        }
        for who in ["ana", "cy"] {
            let heard: Vec<String> = bot.reads_dm(who).into_iter().filter(|text| text.starts_with("This has no owner any more:")).collect();
            assert_eq!(heard.len(), 1, "{who}: {heard:?}");
        }
        assert_eq!(states(bot).await, ["returned", "returned"]);
    }

    async fn an_erased_askers_words_are_forgotten(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        let data = PersonData::of(&bot.parts.engine);
        let ana = rondo::model::people::UserId(bot.id("ana"));
        assert!(data.erase(&ana, &[], false).await.unwrap().is_clean);
        assert!(types(bot, "ben", "/promise mine").await.starts_with("Nothing waits for you."));
        until(bot, "2026-01-10T12:00").await;
        assert!(reminders(bot, "ben").is_empty());
        let csv = exported(bot, LedgerFormat::Csv).await;
        assert!(!csv.contains("send the report"), "{csv}");
    }
}
