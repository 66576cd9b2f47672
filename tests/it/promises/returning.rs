//! A promise whose owner is gone goes back to where it came from.

use rondo::{
    common::promises::{Due, Owner, Promise, PromiseOrigin, make},
    engine::person::PersonData,
    model::people::{ChannelId, UserId},
    store::unit::UnitOfWork,
};

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

    async fn several_promises_that_lose_their_owner_are_one_message(bot: &mut Bot) {
        for words in ["send the report", "water the plants", "book the room"] {
            types(bot, "ana", &format!("/promise @ben {words} by Friday")).await;
            types(bot, "cy", &format!("/promise @dee {words} by Friday")).await;
        }
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        let dee = UserId(bot.id("dee"));
        assert!(PersonData::of(&bot.parts.engine).erase(&dee, &[], false).await.unwrap().is_clean);
        bot.settle().await;
        for who in ["ana", "cy"] {
            let [told] = &bot.reads_dm(who)[..] else { panic!("one message: {:?}", bot.reads_dm(who)) };
            assert!(told.starts_with("3 promises that you asked for lost their owner:\n• "), "{told}");
            for words in ["send the report", "water the plants", "book the room"] {
                assert!(told.contains(&format!("• {words}\n")), "{told}");
            }
        }
        types(bot, "ana", "/promise asked").await;
        bot.clicks("ana", "#general", "Ask another person").await;
        assert_eq!(bot.person("ana").sees_modal().await.expect("a form").title, "Ask another person");
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
        let ben = UserId(bot.id("ben"));
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
        let (data, ben) = (PersonData::of(&bot.parts.engine), UserId(bot.id("ben")));
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

    async fn what_an_erased_person_asked_for_stays_its_owners(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ana", "/promise @ben water the plants by Friday").await;
        types(bot, "ana", "/promise call my doctor by Friday").await;
        let data = PersonData::of(&bot.parts.engine);
        let ana = UserId(bot.id("ana"));
        assert!(data.erase(&ana, &[], false).await.unwrap().is_clean);
        let mine = types(bot, "ben", "/promise mine").await;
        assert!(mine.contains("send the report (asked for by a person who has left, promised for Friday, 9 January)"), "{mine}");
        assert!(mine.contains("water the plants (a person who has left asks for it by Friday, 9 January)"), "{mine}");
        until(bot, "2026-01-09T08:01").await;
        let [reminder] = &reminders(bot, "ben")[..] else { panic!("{:?}", bot.reads_dm("ben")) };
        assert!(reminder.contains("How does it stand? The person who asked for it has left."), "{reminder}");
        presses(bot, "ben", "Done").await;
        let mut all = states(bot).await;
        all.sort();
        assert_eq!(all, ["asked", "kept", "returned"]);
        let csv = exported(bot, LedgerFormat::Csv).await;
        assert!(csv.contains("send the report") && csv.contains(",someone,") && !csv.contains("call my doctor"), "{csv}");
        assert!(!csv.contains(&ana.to_string()), "{csv}");
    }

    async fn what_an_erased_person_asks_for_can_be_answered(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben water the plants by Friday").await;
        let data = PersonData::of(&bot.parts.engine);
        assert!(data.erase(&UserId(bot.id("ana")), &[], false).await.unwrap().is_clean);
        presses(bot, "ben", "I'll do it").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"]);
        let read = bot.reads_dm("ben");
        assert!(read.iter().any(|text| text.contains("Promised for Friday, 9 January")), "{read:?}");
        assert!(!read.iter().any(|text| text.contains("asks you for a promise")), "{read:?}");
    }

    async fn what_an_erased_person_promised_at_an_occasion_goes_back(bot: &mut Bot) {
        let (context, ben) = (bot.parts.engine.context(), UserId(bot.id("ben")));
        let origin = PromiseOrigin {
            channel: Some(ChannelId(bot.general())),
            programme: "retro-1".to_owned(),
            occasion: None,
        };
        let asked = Promise::asked(context.id(), ben.clone(), ben.clone(), "water the plants".to_owned());
        let promise = Promise { origin, ..asked }.promised_for(Due::on("2026-01-09".parse().unwrap()), context.now);
        let (owner, mut unit) = (Owner::load(&context, &ben).await.unwrap(), UnitOfWork::new());
        make(&mut unit, &context, &promise, &owner);
        bot.parts.engine.store.commit(unit).await.unwrap();
        types(bot, "ben", "/promise my own words by Friday").await;
        assert!(PersonData::of(&bot.parts.engine).erase(&ben, &[], false).await.unwrap().is_clean);
        let open = types(bot, "dee", "/promise open").await;
        assert!(open.contains("• water the plants (looking for an owner, for Friday, 9 January)"), "{open}");
        assert!(!open.contains("my own words"), "{open}");
        bot.clicks("dee", "#general", "I'll take it").await;
        let mine = types(bot, "dee", "/promise mine").await;
        assert!(mine.contains("1. water the plants (asked for by a person who has left, promised for Friday, 9 January)"), "{mine}");
    }
}
