//! What happens while a person is away, their account is off, or a promise is done for a moment.

use rondo::common::promises::KEEP_DAYS;
use slack_sandbox::Submission;

use super::*;

/// Asks for help in the form that is open.
pub(super) async fn asks_for_help(bot: &mut Bot, who: &str, helper: &str) {
    presses(bot, who, "Need help").await;
    let person = bot.person(who);
    person.sees_modal().await.expect("a form");
    let helper = if helper == "#general" {
        person.fills("where", "Everyone in #general")
    } else {
        person.fills("helper", bot.id(helper))
    };
    assert!(helper);
    assert_eq!(person.submits().await, Submission::Closed);
    bot.settle().await;
}

/// Switches an account off, or on again.
pub(super) async fn switches(bot: &mut Bot, who: &str, is_on: bool) {
    if is_on {
        bot.sandbox.reactivate(who);
    } else {
        bot.sandbox.deactivate(who);
    }
    bot.hears_events().await;
    bot.settle().await;
}

pub(super) fn has_button(bot: &Bot, who: &str, label: &str) -> bool {
    let has_it = |message: &Message| message.blocks.iter().any(|block| block.to_string().contains(label));
    bot.person(who).reads(&bot.user).iter().any(has_it)
}

/// Ana asks another person in place of the one who couldn't.
async fn asks_another(bot: &mut Bot, other: &str) {
    presses(bot, "ana", "Ask another person").await;
    let ana = bot.person("ana");
    ana.sees_modal().await.expect("a form");
    let in_a_week = bot.parts.engine.clock.now().date_naive() + chrono::Days::new(7);
    assert!(ana.fills("who", bot.id(other)) && ana.fills("date", in_a_week.to_string()));
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
}

/// Says no to the newest question.
pub(super) async fn declines(bot: &mut Bot, who: &str) {
    presses(bot, who, "Can't").await;
    bot.person(who).sees_modal().await.expect("a form");
    bot.person(who).submits().await;
    bot.settle().await;
}

each_store! {
    async fn a_helper_who_is_back_while_it_is_done_is_asked_after_all(bot: &mut Bot) {
        types(bot, "dee", "/sync away until 16 January").await;
        types(bot, "ben", "/promise send the report by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        asks_for_help(bot, "ben", "dee").await;
        bot.passes(Duration::minutes(61));
        asks_for_help(bot, "ben", "#general").await;
        let card = bot.reads_last("ben", &bot.user.clone());
        assert!(card.contains("You also hope for help from @dee (I'll ask them on Monday, 19 January)."), "{card}");
        presses(bot, "ben", "Done").await;
        types(bot, "dee", "/sync back").await;
        bot.settle().await;
        assert!(!bot.reads_dm("dee").concat().contains("would like a hand"), "it's done");
        bot.passes(Duration::minutes(5));
        presses(bot, "ben", "Not yet after all").await;
        let calls = |bot: &Bot| bot.reads_dm("dee").iter().filter(|text| text.contains("@ben would like a hand with this:")).count();
        assert_eq!(calls(bot), 1, "{:?}", bot.reads_dm("dee"));
        let card = bot.reads_last("ben", &bot.user.clone());
        assert!(card.contains("You hope for help from @dee and #general."), "{card}");
        until(bot, "2026-01-20T12:00").await;
        assert_eq!(calls(bot), 1);
    }

    async fn a_new_owner_has_asked_no_one_for_help(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        asks_for_help(bot, "ben", "cy").await;
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "Can't").await;
        bot.person("ben").sees_modal().await.expect("a form");
        bot.person("ben").submits().await;
        bot.settle().await;
        asks_another(bot, "dee").await;
        presses(bot, "dee", "I'll do it").await;
        until(bot, "2026-01-16T12:00").await;
        picks(bot, "dee", "Later…", "Next week").await;
        for who in ["dee", "cy"] {
            let read = bot.reads_dm(who).concat();
            assert!(!read.contains("hope for help") && !read.contains("would like a hand"), "{who}: {read}");
        }
    }

    async fn who_asked_another_person_reads_in_one_message_what_became_of_it(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        declines(bot, "ben").await;
        asks_another(bot, "dee").await;
        presses(bot, "dee", "I'll do it").await;
        let read = bot.reads_dm("ana");
        assert!(read.iter().any(|text| text == "@dee was asked for this:\n>send the report\nThey said yes."), "{read:?}");
        assert!(!has_button(bot, "ana", "Take it back"), "{read:?}");
        types(bot, "dee", "/promise done 1").await;
        let read = bot.reads_dm("ana");
        assert!(read.iter().any(|text| text.starts_with("@dee had promised this by Monday, 12 January")), "{read:?}");
    }

    async fn what_lost_its_owner_and_is_taken_back_has_no_buttons(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        switches(bot, "ben", false).await;
        let old = with_control(bot, "ana", "Ask another person");
        types(bot, "ana", "/promise asked").await;
        bot.clicks("ana", "#general", "Take it back").await;
        bot.settle().await;
        assert!(!has_button(bot, "ana", "Ask another person") && !has_button(bot, "ana", "I'll do it myself"));
        let read = bot.reads_dm("ana");
        assert!(read.iter().any(|text| text == "You took this back:\n>send the report"), "{read:?}");
        let answer = bot.person("ana").clicks(&old, "I'll do it myself").await;
        assert!(!answer.is_answered() || !bot.reads_dm("ana").concat().contains("@ana has taken this back"));
    }

    async fn who_lost_what_they_had_taken_can_take_it_again(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        switches(bot, "ben", false).await;
        types(bot, "dee", "/promise open").await;
        let old = bot.person("dee").reads("#general").pop().unwrap();
        bot.person("dee").clicks(&old, "I'll take it").await;
        bot.settle().await;
        switches(bot, "dee", false).await;
        switches(bot, "dee", true).await;
        bot.person("dee").clicks(&old, "I'll take it").await;
        bot.settle().await;
        let told = bot.reads_last("dee", "#general");
        assert!(told.starts_with("This has no owner any more. Nothing has changed."), "{told}");
        bot.clicks("dee", "#general", "I'll take it").await;
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn an_asker_whose_account_was_off_hears_what_was_answered(bot: &mut Bot) {
        for words in ["send the report", "water the plants"] {
            types(bot, "ana", &format!("/promise @ben {words} by Friday")).await;
            presses(bot, "ben", "I'll do it").await;
        }
        types(bot, "ana", "/promise @ben book the room by Friday").await;
        switches(bot, "ana", false).await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T09:01").await;
        for label in ["Done", "Later…"] {
            let message = with_control(bot, "ben", label);
            match label {
                "Done" => drop(bot.person("ben").clicks(&message, label).await),
                _ => drop(bot.person("ben").picks(&message, label, "Next week").await),
            }
            bot.settle().await;
        }
        switches(bot, "ana", true).await;
        let read = bot.reads_dm("ana");
        assert_eq!(read.len(), 5, "two of before, and three changes: {read:?}");
        let all = read.join("\n\n");
        assert!(all.contains("@ben has done this:") && all.contains("@ben had promised this by Friday, 9 January"), "{all}");
        switches(bot, "ana", false).await;
        switches(bot, "ana", true).await;
        assert_eq!(bot.reads_dm("ana").len(), 5, "said once");
    }

    async fn many_lost_promises_are_one_message(bot: &mut Bot) {
        for number in 0..23 {
            types(bot, "ben", &format!("/promise read part {number} by Friday")).await;
        }
        switches(bot, "ben", false).await;
        switches(bot, "ben", true).await;
        let [told] = &bot.reads_dm("ben")[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert!(told.starts_with("While your account was off, 23 promises and requests of yours lost their owner:\n• "), "{told}");
        assert!(told.contains("\n• and 13 more\n"), "{told}");
        for _ in 0..2 {
            let message = with_control(bot, "ben", "Show what I can take on again");
            bot.person("ben").clicks(&message, "Show what I can take on again").await;
            bot.settle().await;
            let list = bot.person("ben").reads(&bot.user).pop().unwrap();
            bot.person("ben").clicks(&list, "I'll take it").await;
            bot.settle().await;
        }
        assert_eq!(states(bot).await.iter().filter(|state| *state == "open").count(), 2);
        let before = bot.reads_dm("ben").len();
        switches(bot, "ben", false).await;
        switches(bot, "ben", true).await;
        let read = bot.reads_dm("ben");
        assert_eq!(read.len(), before + 2, "two messages, since those of the first time were told: {read:?}");
    }

    async fn an_asker_hears_that_a_promise_moved_with_a_time_zone(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday at 15:00").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ana", "/promise @ben water the plants by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        bot.sandbox.set_zone("ben", "Europe/Lisbon");
        bot.hears_events().await;
        bot.settle().await;
        let read = bot.reads_dm("ana").join("\n\n");
        let told = "@ben's time zone has changed, so what they had promised you by a time moved on your clock:\n• send the report: by Friday, 9 January at 15:00";
        assert!(read.contains(told) && !read.contains("• water"), "{read}");
        assert!(read.contains(":handshake: @ben promises this by Friday, 9 January at 15:00:\n>send"), "ana's clock is ben's now: {read}");
    }

    async fn a_reminder_that_came_in_time_says_nothing_of_working_hours(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        until(bot, "2026-01-14T09:00").await;
        asks_for_help(bot, "ben", "cy").await;
        let card = bot.reads_last("ben", &bot.user.clone());
        assert!(card.contains("How does it stand? This is my only reminder"), "{card}");
    }

    async fn a_message_that_is_kept_no_more_is_replaced_by_the_press(bot: &mut Bot) {
        for words in ["send the report", "water the plants"] {
            types(bot, "ana", &format!("/promise @ben {words} by Friday")).await;
            declines(bot, "ben").await;
        }
        bot.passes(Duration::days(KEEP_DAYS + 1));
        bot.parts.ticker.repair().await.unwrap();
        bot.parts.engine.store.ask("DELETE FROM outbox RETURNING key", Vec::new()).await.unwrap();
        presses(bot, "ana", "I'll do it myself").await;
        asks_another(bot, "dee").await;
        let read = bot.reads_dm("ana");
        assert!(!read.iter().any(|text| text.contains("@ben can't do this")), "{read:?}");
        assert!(!has_button(bot, "ana", "I'll do it myself"), "{read:?}");
    }
}
