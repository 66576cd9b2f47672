//! Who can be asked for a promise, where, and what the form does.

use slack_sandbox::{NewPerson, PersonHandle, Submission};

use super::*;

/// Fills in the form for a new promise, and sends it.
async fn sends(bot: &mut Bot, person: &PersonHandle, date: &str, time: &str) -> Submission {
    assert!(person.fills("date", date));
    if !time.is_empty() {
        assert!(person.fills("time", time));
    }
    let sent = person.submits().await;
    bot.settle().await;
    sent
}

fn error(field: &str, words: &str) -> Submission {
    Submission::Errors([(field.to_owned(), words.to_owned())].into())
}

each_store! {
    async fn the_form_asks_when(bot: &mut Bot) {
        bot.says("ben", "#general", "/promise stand by the door").await;
        let ben = bot.person("ben");
        let form = ben.sees_modal().await.expect("a form");
        assert_eq!(form.title, "A promise");
        assert_eq!(sends(bot, &ben, "2026-01-04", "").await, error("date", "That day is over. Choose today or a later one."));
        assert_eq!(
            sends(bot, &ben, "2027-01-07", "").await,
            error("date", "That's more than a year ahead. Choose an earlier day.")
        );
        assert_eq!(
            sends(bot, &ben, "2026-01-05", "08:00").await,
            error("time", "That time is over: it's 10:00 for you. Choose a later one, or leave it empty.")
        );
        assert_eq!(sends(bot, &ben, "2026-01-09", "15:00").await, Submission::Closed);
        let told = bot.reads_last("ben", "#general");
        assert!(told.starts_with(":handshake: Promised for Friday, 9 January at 15:00:\n>stand by the door\n"), "{told}");
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn the_form_keeps_who_is_asked(bot: &mut Bot) {
        bot.says("ana", "#general", "/promise @ben send the report").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert_eq!(sends(bot, &ana, "2026-01-09", "").await, Submission::Closed);
        assert!(bot.reads_dm("ben")[0].starts_with(":handshake: @ana asks you for a promise by Friday, 9 January"));
        bot.says("ana", "#general", "/promise").await;
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("what", " \u{200b} ") && ana.fills("who", bot.id("helper")));
        let Submission::Errors(errors) = sends(bot, &ana, "2026-01-09", "").await else { panic!("two errors") };
        assert_eq!(errors["what"], "What is it about? Write a few words.");
        assert!(errors["who"].starts_with("@Helper is a bot, and can't promise anything."), "{errors:?}");
    }

    async fn only_people_who_can_promise_are_asked(bot: &mut Bot) {
        for (name, words) in [
            ("helper", "@helper is a bot, and can't promise anything."),
            ("left", "@left's account is deactivated, so I haven't asked them."),
            ("gus", "@gus is a guest here."),
        ] {
            let id = bot.id(name);
            let answer = bot.sends_command("ana", &format!("/promise <@{id}> send it by Friday")).await;
            assert!(answer.starts_with(words), "{name}: {answer}");
        }
        let me = format!("/promise <@{}> send it by Friday", bot.user);
        assert!(bot.sends_command("ana", &me).await.starts_with("I can't promise anything myself."));
        let [guest, friend] = ["gus", "ben"];
        assert!(types(bot, guest, &format!("/promise @{friend} send it by Friday")).await.starts_with("Guests make their own"));
        assert!(types(bot, guest, "/promise send it by Friday").await.starts_with(":handshake: Promised for Friday"));
        for crowd in ["<!channel>", "<!subteam^S1|@design>"] {
            let answer = bot.sends_command("ana", &format!("/promise {crowd} send it by Friday")).await;
            assert!(answer.starts_with("A promise has one owner"), "{crowd}: {answer}");
        }
        let two = types(bot, "ana", "/promise @ben @cy send it by Friday").await;
        assert!(two.starts_with("A promise has one owner, so that it's clear who does it."), "{two}");
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn a_colleague_who_is_new_is_looked_up(bot: &mut Bot) {
        // The event may not have arrived yet.
        bot.sandbox.add_person(NewPerson::named("zoe"));
        bot.says("ana", "#lounge", "/promise @zoe bring tea by Friday").await;
        let told = bot.reads_last("ana", "#lounge");
        assert!(told.starts_with("I've asked @zoe for this by Friday, 9 January"), "{told}");
        assert!(bot.reads_dm("zoe")[0].starts_with(":handshake: @ana asks you for a promise"));
    }

    async fn people_of_other_channels_are_not_asked(bot: &mut Bot) {
        bot.sandbox.invite("secret", &bot.user);
        bot.hears_events().await;
        let answer = bot.says("ana", "#secret", "/promise @cy keep it secret by Friday").await;
        assert!(bot.as_read(&answer.text).starts_with("@cy isn't in this channel, so I haven't asked them."), "{answer:?}");
        bot.says("ana", "#secret", "/promise @ben keep it secret by Friday").await;
        bot.clicks("ben", &bot.user.clone(), "I'll do it").await;
        let open = bot.says("ben", "#secret", "/promise open").await;
        assert!(bot.as_read(&open.text).contains("• keep it secret (@ben, promised for Friday, 9 January)"));
        let elsewhere = types(bot, "ben", "/promise open").await;
        assert!(elsewhere.starts_with("Nothing that was promised here is open."), "{elsewhere}");
    }

    async fn where_the_bot_is_not_a_promise_stays_between_two(bot: &mut Bot) {
        let answer = bot.says("ana", "#lounge", "/promise @ben bring tea by Friday").await;
        let answer = if answer.text.contains("I've asked") { answer.text } else { bot.reads_last("ana", "#lounge") };
        assert!(bot.as_read(&answer).contains("It isn't listed in this conversation"), "{answer}");
        assert!(bot.reads_dm("ben")[0].starts_with(":handshake: @ana asks you for a promise by Friday, 9 January:\n>bring tea"));
    }

    async fn a_time_counts_on_the_owners_wall(bot: &mut Bot) {
        // It is 10:00 in Berlin, 4:00 in New York and 14:30 in Kolkata.
        let ahead = types(bot, "ben", "/promise @cy call the printer by 9:00").await;
        assert!(ahead.starts_with("I'll ask @cy for this by Monday, 5 January at 09:00, @cy's time:"), "{ahead}");
        let over = types(bot, "ben", "/promise @dee call the printer by 11:00").await;
        assert!(over.starts_with("\"11:00\" is over for @dee, where it's Monday, 5 January at 14:30. When will it be done?"), "{over}");
        let own = types(bot, "ben", "/promise call the printer by 9:00").await;
        assert!(own.starts_with("\"9:00\" is over. When will it be done?"), "{own}");
        assert_eq!(states(bot).await, ["asked"]);
    }

    async fn it_is_said_whose_day_counts(bot: &mut Bot) {
        // It is 21:00 in Berlin, and the next day in Kolkata.
        until(bot, "2026-01-05T20:00").await;
        let over = types(bot, "ben", "/promise @dee call the printer by 5 January").await;
        assert!(over.starts_with("\"5 January\" is over for @dee, where it's Tuesday, 6 January at 01:30. When will it be done?"), "{over}");
        assert!(over.contains("Write `by today`, `by tomorrow` or `by 5 January 2027`"), "{over}");
        let today = types(bot, "ben", "/promise @dee call the printer by today").await;
        assert!(today.starts_with("I'll ask @dee for this by Tuesday, 6 January, @dee's time:"), "{today}");
        let same = types(bot, "ben", "/promise @ana call the printer by today").await;
        assert!(same.starts_with("I'll ask @ana for this by Monday, 5 January:"), "{same}");
        assert!(same.contains("on Tuesday, 6 January at 09:00, @ana's time. That's after it's due, so they may name another date."), "{same}");
        assert_eq!(states(bot).await, ["asked"; 2]);
    }

    async fn words_that_are_accepted_are_shown_whole(bot: &mut Bot) {
        let long = format!("{}LASTWORDS", "word ".repeat(590));
        let answer = types(bot, "ana", &format!("/promise @ben {long} by Friday")).await;
        assert!(answer.contains("LASTWORDS"), "{answer}");
        let question = with_control(bot, "ben", "I'll do it");
        assert!(question.blocks.iter().any(|block| block.to_string().contains("LASTWORDS")), "{question:?}");
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        let reminder = with_control(bot, "ben", "Need help");
        assert!(reminder.blocks.iter().any(|block| block.to_string().contains("LASTWORDS")), "{reminder:?}");
    }

    async fn a_reminder_after_its_time_says_so(bot: &mut Bot) {
        let early = types(bot, "ben", "/promise water the plants by tomorrow at 7:00").await;
        assert!(early.contains("I'll remind you on Monday, 5 January 2026 at 16:00"), "{early}");
        until(bot, "2026-01-05T20:00").await;
        let early = types(bot, "ben", "/promise feed the fish by tomorrow at 7:00").await;
        assert!(early.contains("That's after it's due; I only remind you in your working hours."), "{early}");
        let usual = types(bot, "ben", "/promise feed the birds by tomorrow").await;
        assert!(!usual.contains("after it's due"), "{usual}");
    }

    async fn a_command_sent_twice_is_one_promise(bot: &mut Bot) {
        let form = bot.command_of("ben", "/promise send it by Friday");
        for _ in 0..2 {
            let sent = bot.sends("/slack/commands", crate::support::gestures::FORM, form.as_bytes()).await;
            assert_eq!(sent.status, 200);
        }
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"]);
    }
}
