//! A promise whose owner is gone goes back to where it came from.

use rondo::{
    common::promises::{Due, Owner, Promise, PromiseOrigin, make},
    engine::person::PersonData,
    model::{
        clock::Clock,
        people::{ChannelId, UserId},
    },
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
        assert!(old.contains("@dee took this on:\n>send the report") && !old.contains("This has no owner"), "{old}");
        until(bot, "2026-01-09T12:00").await;
        assert_eq!(reminders(bot, "dee").len(), 1);
        assert!(bot.reads_dm("ben").iter().all(|text| !text.starts_with(REMINDER)));
    }

    async fn an_own_promise_of_a_person_who_left_is_taken_on_as_ones_own(bot: &mut Bot) {
        for words in ["water the plants by Friday", "book the room by tomorrow"] {
            types(bot, "ben", &format!("/promise {words}")).await;
        }
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        until(bot, "2026-01-07T10:00").await;
        for _ in 0..2 {
            types(bot, "dee", "/promise open").await;
            bot.clicks("dee", "#general", "I'll take it").await;
        }
        let read = bot.reads_dm("dee").join("\n");
        assert!(read.contains("Will you do this") || read.contains("When will you do this?"), "{read}");
        let mine = types(bot, "dee", "/promise mine").await;
        assert!(mine.contains("water the plants (promised for Friday, 9 January)"), "{mine}");
        for text in [&read, &mine] {
            assert!(!text.contains("@ben"), "{text}");
        }
    }

    async fn a_person_who_is_back_can_take_their_promises_again(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        let dm = bot.user.clone();
        bot.says("ben", &dm, "/promise call my doctor by Friday").await;
        types(bot, "ana", "/promise @ben book the room by Friday").await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["returned"; 3]);
        types(bot, "dee", "/promise open").await;
        let list = bot.person("dee").reads("#general").pop().unwrap();
        bot.person("dee").clicks(&list, "I'll take it").await;
        bot.settle().await;
        bot.sandbox.reactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        until(bot, "2026-01-06T09:00").await;
        let lost_words = |bot: &Bot| bot.reads_dm("ben").into_iter().filter(|text| text.starts_with("While your account was off")).collect::<Vec<_>>();
        let [_, _] = &lost_words(bot)[..] else { panic!("two are free: {:?}", bot.reads_dm("ben")) };
        let doctor = bot.person("ben").reads(&dm).into_iter().rfind(|message| message.text.contains("doctor") && message.text.starts_with("While")).unwrap();
        bot.person("ben").clicks(&doctor, "I'll take it").await;
        bot.settle().await;
        assert!(types(bot, "ben", "/promise mine").await.contains("1. call my doctor (promised for Friday, 9 January)"));
        assert_eq!(lost_words(bot).len(), 1, "{:?}", bot.reads_dm("ben"));
        assert!(bot.reads_dm("ben").iter().any(|text| text == "You took this on again:\n>call my doctor"), "{:?}", bot.reads_dm("ben"));
        bot.sandbox.set_zone("ben", "Europe/London");
        bot.hears_events().await;
        until(bot, "2026-01-08T12:00").await;
        assert_eq!(lost_words(bot).len(), 1, "said once");
        until(bot, "2026-01-09T12:00").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_return_that_no_event_told_is_found(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by 30 June").await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["returned"]);
        bot.sandbox.faults().late_events(std::time::Duration::from_hours(24));
        bot.sandbox.reactivate("ben");
        let ben = UserId(bot.id("ben"));
        rondo::engine::directory::refresh_person(&bot.parts.engine, &ben).await.unwrap();
        bot.settle().await;
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("While your account was off"), "{:?}", bot.reads_dm("ben"));
    }

    async fn a_no_that_is_forgotten_takes_its_reason_along(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "Can't").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("reason", "a private matter"));
        ben.submits().await;
        bot.settle().await;
        let kept = |bot: &Bot| {
            let store = bot.parts.engine.store.clone();
            async move {
                let text = "SELECT o.reason || p.words FROM promise_owner o JOIN promise p ON p.promise_id = o.promise_id";
                store.ask(text, Vec::new()).await.unwrap().into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect::<String>()
            }
        };
        assert!(kept(bot).await.contains("a private matter"));
        let data = PersonData::of(&bot.parts.engine);
        assert!(data.erase(&UserId(bot.id("ana")), &[], false).await.unwrap().is_clean);
        assert_eq!(kept(bot).await, "");
    }

    async fn a_no_to_a_person_who_is_gone_asks_for_no_reason(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        bot.sandbox.deactivate("ana");
        bot.hears_events().await;
        presses(bot, "ben", "Can't").await;
        assert_eq!(states(bot).await, ["dropped"]);
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
            assert!(told.starts_with("3 things that you asked for lost the person who was to do them:\n• "), "{told}");
            for words in ["send the report", "water the plants", "book the room"] {
                assert!(told.contains(&format!("• {words}\n")), "{told}");
            }
        }
        presses(bot, "ana", "Show what I asked of others").await;
        presses(bot, "ana", "Ask another person").await;
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
        assert!(open.contains("• send the report (not promised yet, for Friday, 9 January: the person who was asked has left, or takes no part)"), "{open}");
        assert!(!open.contains("my own words"), "{open}");
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.starts_with("No one will answer this request any more:\n>send the report\n"), "{heard}");
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

    async fn an_erasure_by_a_program_whose_clock_is_behind_is_told(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by 30 June").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "cy", "/promise @ben water the plants by 30 June").await;
        let now_ms = bot.parts.engine.clock.now_ms();
        let behind = Clock::watched(move || now_ms - Duration::days(200).num_milliseconds());
        let data = PersonData { clock: behind, ..PersonData::of(&bot.parts.engine) };
        assert!(data.erase(&UserId(bot.id("ben")), &[], false).await.unwrap().is_clean);
        bot.settle().await;
        let heard = |who: &str| bot.reads_dm(who).pop().unwrap();
        assert!(heard("ana").starts_with("This has no owner any more:\n>send the report\n"), "{}", heard("ana"));
        assert!(heard("cy").starts_with("No one will answer this request any more:\n>water the plants\n"), "{}", heard("cy"));
    }

    async fn a_request_of_an_asker_erased_by_a_program_whose_clock_is_behind_is_answered(bot: &mut Bot) {
        for words in ["water the plants", "book the room"] {
            types(bot, "ana", &format!("/promise @ben {words} by 30 June")).await;
        }
        let now_ms = bot.parts.engine.clock.now_ms();
        let behind = Clock::watched(move || now_ms - Duration::days(200).num_milliseconds());
        let data = PersonData { clock: behind, ..PersonData::of(&bot.parts.engine) };
        assert!(data.erase(&UserId(bot.id("ana")), &[], false).await.unwrap().is_clean);
        presses(bot, "ben", "Can't").await;
        presses(bot, "ben", "I'll do it").await;
        bot.settle().await;
        let mut all = states(bot).await;
        all.sort();
        assert_eq!(all, ["dropped", "open"]);
        let read = bot.reads_dm("ben");
        assert!(read.iter().any(|text| text.starts_with(":handshake: Promised for Tuesday, 30 June")), "{read:?}");
        assert!(read.iter().any(|text| text.starts_with("You said that you can't do this")), "{read:?}");
        assert!(!read.iter().any(|text| text.contains("asks you for a promise")), "{read:?}");
    }

    async fn an_owner_who_comes_back_reads_that_a_promise_isnt_theirs(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        for words in ["water the plants", "book the room"] {
            types(bot, "ben", &format!("/promise {words} by Thursday")).await;
        }
        until(bot, "2026-01-08T09:00").await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        bot.sandbox.reactivate("ben");
        bot.hears_events().await;
        let read = bot.reads_dm("ben");
        assert!(read.iter().any(|text| text == "This was taken off your list:\n>send the report"), "{read:?}");
        let together = read.iter().find(|text| text.starts_with(":bell: *2 promises of yours*")).unwrap();
        assert_eq!(together.matches("This was taken off your list:").count(), 2, "{together}");
        let asker = bot.reads_dm("ana");
        assert!(asker.iter().any(|text| text == "@ben had promised this by Friday, 9 January:\n>send the report"), "{asker:?}");
        assert!(!asker.iter().any(|text| text.contains("promises this by")), "{asker:?}");
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
            let heard: Vec<String> = bot.reads_dm(who).into_iter().filter(|text| text.starts_with("No one will answer this request any more:")).collect();
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
        assert!(mine.contains("1. water the plants (promised for Friday, 9 January)"), "{mine}");
    }
}
