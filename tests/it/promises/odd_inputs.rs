//! What no form asks for: odd words, odd numbers, and two people or two devices at once.

use rondo::{
    common::people::{PersonSettings, store as settings},
    model::people::{Person, PersonKind, UserId},
    store::{people, unit::UnitOfWork},
};
use slack_sandbox::Submission;

use super::*;

const ASK: &str = "/promise @ben send the report by Friday";

each_store! {
    async fn a_yes_and_a_no_to_a_question_at_once_are_one(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let question = with_control(bot, "ben", "I'll do it");
        presses(bot, "ben", "Can't").await;
        let (phone, laptop) = (bot.person("ben"), bot.person("ben"));
        phone.sees_modal().await.expect("a form");
        tokio::join!(phone.submits(), laptop.clicks(&question, "I'll do it"));
        bot.settle().await;
        let [state] = &states(bot).await[..] else { panic!("one promise") };
        let heard = bot.reads_dm("ana");
        let (yes, no) = (heard.concat().contains("promises this by"), heard.concat().contains("can't do this"));
        assert!(heard.len() == 1 && yes != no, "{heard:?}");
        assert_eq!(state, if yes { "open" } else { "dropped" });
    }

    async fn of_two_who_take_it_at_once_one_has_it(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        bot.settle().await;
        let mut lists = Vec::new();
        for who in ["cy", "dee"] {
            types(bot, who, "/promise open").await;
            lists.push((bot.person(who), bot.person(who).reads("#general").pop().unwrap()));
        }
        tokio::join!(lists[0].0.clicks(&lists[0].1, "I'll take it"), lists[1].0.clicks(&lists[1].1, "I'll take it"));
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"]);
        let told = [bot.reads_last("cy", "#general"), bot.reads_last("dee", "#general")];
        assert_eq!(told.iter().filter(|text| text.starts_with(":handshake: Promised for Friday")).count(), 1, "{told:?}");
        let quicker = |text: &&String| text.contains("has promised this for Friday, 9 January. Nothing has changed.");
        assert_eq!(told.iter().filter(quicker).count(), 1, "{told:?}");
    }

    async fn of_two_forms_that_ask_another_person_one_counts(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        presses(bot, "ben", "Can't").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        ben.submits().await;
        bot.settle().await;
        presses(bot, "ana", "Ask another person").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("who", bot.id("dee")));
        tokio::join!(ana.submits(), ana.submits());
        bot.settle().await;
        assert_eq!(states(bot).await, ["asked"]);
        let asked = bot.reads_dm("dee").into_iter().filter(|text| text.starts_with(":handshake: @ana asks you")).count();
        assert_eq!(asked, 1);
    }

    async fn a_promise_says_what_is_done(bot: &mut Bot) {
        for typed in [". by Friday", "-- !! by Friday", "… by Friday"] {
            let told = types(bot, "ben", &format!("/promise {typed}")).await;
            assert!(told.starts_with("What will be done?"), "{typed}: {told}");
        }
        assert!(states(bot).await.is_empty());
        for (typed, words) in [("🎉 by Friday", "🎉"), (":tada: by Friday", ":tada:")] {
            let told = types(bot, "ben", &format!("/promise {typed}")).await;
            assert!(told.starts_with(&format!(":handshake: Promised for Friday, 9 January:\n>{words}\n")), "{told}");
        }
    }

    async fn an_hour_that_the_clock_skips_is_asked_about(bot: &mut Bot) {
        let told = types(bot, "ben", "/promise send it by 29 March at 02:30").await;
        assert!(told.starts_with("There's no 02:30 on Sunday, 29 March, since the clocks go forward then."), "{told}");
        assert!(states(bot).await.is_empty());
    }

    async fn a_date_without_words_opens_the_form_with_it(bot: &mut Bot) {
        for typed in ["by Friday", "@ben by Friday at 15:00", "\u{3164} by Friday", "@ben"] {
            types(bot, "ana", &format!("/promise {typed}")).await;
            let ana = bot.person("ana");
            let form = ana.sees_modal().await.expect("a form").raw.to_string();
            assert_eq!(form.contains("2026-01-09"), typed.contains("Friday"), "{typed}: {form}");
            assert_eq!(form.contains("15:00"), typed.contains("15:00"), "{typed}: {form}");
            ana.closes();
        }
        assert!(states(bot).await.is_empty());
    }

    async fn marks_that_no_one_sees_are_left_out(bot: &mut Bot) {
        let answer = types(bot, "ben", "/promise send\0 the\u{7}\u{202e} report\u{feff}\n*now* by Friday").await;
        assert!(answer.starts_with(":handshake: Promised for Friday, 9 January:\n>send") && answer.contains(" the report\n"), "{answer:?}");
        let json = exported(bot, LedgerFormat::Json).await;
        assert!(json.contains("*now*") && !json.contains("\\u0000"), "{json}");
    }

    async fn a_name_of_ones_own_asks_no_one(bot: &mut Bot) {
        let own = types(bot, "ben", "/promise @ben send the report by Friday").await;
        assert!(own.starts_with(":handshake: Promised for Friday, 9 January:"), "{own}");
        assert!(bot.reads_dm("ben").is_empty());
    }

    async fn odd_numbers_finish_nothing(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        for typed in ["done 999", "done 2", "done 1 2", "drop 3"] {
            assert!(types(bot, "ben", &format!("/promise {typed}")).await.starts_with("There's no "), "{typed}");
        }
        for typed in ["done -1", "DONE 0", "done 1, -2"] {
            assert!(types(bot, "ben", &format!("/promise {typed}")).await.starts_with("Which one is done?"), "{typed}");
        }
        for typed in ["done １", "done 1000", "done for good"] {
            let answer = types(bot, "ben", &format!("/promise {typed}")).await;
            let words = typed.trim_start_matches("done ");
            assert!(answer.starts_with(&format!("Nothing that waits for you has \"{words}\" in it")), "{typed}: {answer}");
        }
        assert_eq!(states(bot).await, ["open"]);
        assert!(types(bot, "ben", "/promise done #1.").await.starts_with(":white_check_mark: Done, thank you:"));
    }

    async fn dates_that_cannot_be_are_told(bot: &mut Bot) {
        for typed in ["by 29 February", "by 4 December 99999", "by 0 January", "by Friday at 25:00", "by Friday by Christmas", "in 4294967296 days"] {
            let answer = types(bot, "ben", &format!("/promise send it {typed}")).await;
            if let Some(form) = bot.person("ben").modal() {
                assert!(form.raw.to_string().contains("send it"), "{typed}: {}", form.raw);
                bot.person("ben").closes();
            } else {
                assert!(answer.contains("Write `by "), "{typed}: {answer}");
            }
            assert!(states(bot).await.is_empty(), "{typed}");
        }
    }

    async fn in_a_dm_a_promise_is_ones_own(bot: &mut Bot) {
        let dm = bot.user.clone();
        let answer = bot.says("ben", &dm, "/promise send it by Friday").await.text;
        assert!(answer.starts_with(":handshake: Promised for Friday, 9 January:"), "{answer}");
        let list = bot.says("ben", &dm, "/rondo promises").await.text;
        assert!(list.starts_with("*What waits for you*\n1. send it ("), "{list}");
        let open = bot.says("ben", &dm, "/promise open").await.text;
        assert!(open.starts_with("A promise that's made in a DM is on no channel's list."), "{open}");
        let done = bot.says("ben", &dm, "/rondo promises done 1").await.text;
        assert!(done.starts_with(":white_check_mark: Done, thank you:"), "{done}");
    }

    async fn a_person_of_another_company_is_not_asked(bot: &mut Bot) {
        let engine = bot.parts.engine.clone();
        let kim = Person {
            id: UserId("UKIM".to_owned()),
            name: "Kim".to_owned(),
            zone: None,
            kind: PersonKind::Stranger,
            deactivated: false,
            admin: false,
        };
        let mut unit = UnitOfWork::new();
        people::put_person(&mut unit, &engine.team, &kim, engine.clock.now());
        engine.store.commit(unit).await.unwrap();
        // Slack is asked whether that is still so.
        bot.expects_refusals();
        let answer = bot.sends_command("ana", "/promise <@UKIM> send it by Friday").await;
        assert!(answer.contains("is from another company, so I can't ask them."), "{answer}");
        assert!(states(bot).await.is_empty());
    }

    // Tuesday, 6 January 2026 is Epiphany in Austria.
    async fn a_person_is_reminded_before_a_holiday(bot: &mut Bot) {
        let engine = bot.parts.engine.clone();
        let own = PersonSettings { region: Some("Austria".to_owned()), ..PersonSettings::default() };
        let (mut unit, change) = (UnitOfWork::new(), (&PersonSettings::default(), &own));
        settings::put(&mut unit, &engine.team, &UserId(bot.id("ben")), change, engine.clock.now()).unwrap();
        engine.store.commit(unit).await.unwrap();
        types(bot, "ben", "/promise send it by 6 January").await;
        types(bot, "cy", "/promise send it by 6 January").await;
        until(bot, "2026-01-05T14:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-05T15:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1, "an hour before the last working day ends");
        assert!(reminders(bot, "cy").is_empty(), "it's no holiday for Cy");
        until(bot, "2026-01-08T12:00").await;
        assert_eq!(reminders(bot, "ben").len() + reminders(bot, "cy").len(), 2);
    }

    async fn a_request_is_answered_after_a_form_of_another_day(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        presses(bot, "ben", "Another date").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("date", "2026-01-08"));
        goes_over(bot, "2026-01-09T12:00");
        let Submission::Errors(errors) = ben.submits().await else { panic!("that day is over") };
        assert_eq!(errors["date"], "That day is over. Choose today or a later one.");
        assert!(ben.fills("date", "2026-01-12"));
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"]);
    }
}

each_store! {
    async fn a_name_behind_the_date_is_asked_about(bot: &mut Bot) {
        let asked = types(bot, "ana", "/promise clean up by Friday @ben").await;
        assert!(asked.starts_with("Will @ben do this, or you? It isn't clear with the name at the end."), "{asked}");
        assert!(asked.contains("`/promise @name clean up by Friday`") && asked.contains("`/promise clean up by Friday`"), "{asked}");
        assert!(states(bot).await.is_empty());
        let to_ben = types(bot, "ana", "/promise by Friday send the slides to @ben").await;
        assert!(to_ben.starts_with(":handshake: Promised for Friday, 9 January:\n>send the slides to @Ben"), "{to_ben}");
    }

    async fn a_day_that_comes_each_week_is_no_date(bot: &mut Bot) {
        let answer = types(bot, "ben", "/promise water the plants every Friday").await;
        assert!(answer.starts_with("I remind once for a date, so I can't read \"every Friday\".") && answer.contains("`by Friday`"), "{answer}");
        types(bot, "ben", "/promise mend the bug from Friday").await;
        let ben = bot.person("ben");
        assert!(ben.sees_modal().await.expect("a form").raw.to_string().contains("mend the bug from Friday"));
        ben.closes();
        assert!(states(bot).await.is_empty());
    }

    async fn a_date_does_not_count_as_words(bot: &mut Bot) {
        let long = "y".repeat(2_996);
        let answer = types(bot, "ana", &format!("/promise @ben w {long} w by Friday at 15:00")).await;
        assert!(answer.starts_with("I've asked @ben for this by Friday, 9 January at 15:00"), "{answer}");
        let answer = types(bot, "ana", &format!("/promise @ben w {long} ww by Friday at 15:00")).await;
        assert_eq!(answer, "That has 3001 characters, and 3000 fit. Please shorten it.");
    }

    async fn tomorrow_counts_where_the_owner_is(bot: &mut Bot) {
        // It is 19:30 in Berlin and the next day in Kolkata.
        until(bot, "2026-01-05T18:31").await;
        let answer = types(bot, "ben", "/promise @dee send it by tomorrow at 23:59").await;
        assert!(answer.starts_with("I'll ask @dee for this by Wednesday, 7 January at 23:59, @dee's time:"), "{answer}");
        assert!(answer.contains("I'll ask them on Tuesday, 6 January at 09:00, @dee's time."), "{answer}");
        until(bot, "2026-01-06T03:31").await;
        presses(bot, "dee", "I'll do it").await;
        until(bot, "2026-01-07T11:00").await;
        assert_eq!(reminders(bot, "dee").len(), 1);
    }

    async fn an_owner_who_became_a_guest_is_not_asked(bot: &mut Bot) {
        types(bot, "ben", "/promise @cy send it by Friday").await;
        let engine = bot.parts.engine.clone();
        let cy = UserId(bot.id("cy"));
        let known = engine.context().store.person(&cy).await.unwrap().unwrap();
        let mut unit = UnitOfWork::new();
        people::put_person(&mut unit, &engine.team, &Person { kind: PersonKind::Guest, ..known }, engine.clock.now());
        engine.store.commit(unit).await.unwrap();
        until(bot, "2026-01-05T15:00").await;
        assert_eq!(states(bot).await, ["returned"]);
        assert!(bot.reads_dm("cy").is_empty());
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("No one will answer this request any more:"));
    }

    async fn a_guest_keeps_what_they_promised(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let engine = bot.parts.engine.clone();
        let ben = UserId(bot.id("ben"));
        let known = engine.context().store.person(&ben).await.unwrap().unwrap();
        let mut unit = UnitOfWork::new();
        people::put_person(&mut unit, &engine.team, &Person { kind: PersonKind::Guest, ..known }, engine.clock.now());
        engine.store.commit(unit).await.unwrap();
        presses(bot, "ben", "I'll do it").await;
        assert_eq!(states(bot).await, ["open"], "they were asked while they were a member");
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_button_of_a_month_ago_changes_nothing(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        let question = with_control(bot, "ben", "I'll do it");
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        let reminder = with_control(bot, "ben", "Need help");
        presses(bot, "ben", "Done").await;
        until(bot, "2026-02-09T12:00").await;
        let before = bot.reads_dm("ana");
        for (message, button) in [(&question, "I'll do it"), (&reminder, "Done"), (&question, "Can't"), (&reminder, "Need help")] {
            bot.person("ben").clicks(message, button).await;
            bot.settle().await;
            assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("This is done already."), "{button}");
        }
        assert_eq!((states(bot).await, bot.reads_dm("ana")), (vec!["kept".to_owned()], before));
    }

    async fn marks_in_reasons_ring_no_one(bot: &mut Bot) {
        types(bot, "ana", ASK).await;
        presses(bot, "ben", "Can't").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        let cy = bot.id("cy");
        assert!(ben.fills("reason", format!("\u{202e}on leave\u{2066} <!channel> <@{cy}> <https://evil.example|ok>\n> not mine\n```")));
        ben.submits().await;
        bot.settle().await;
        let raw = bot.person("ana").reads(&bot.user).pop().unwrap().text;
        assert!(!raw.contains("<!channel>") && !raw.contains(&format!("<@{cy}>")) && !raw.contains("<https://evil"), "{raw}");
        assert!(!raw.contains('\u{202e}') && !raw.contains('\u{2066}'), "{raw}");
        let json = exported(bot, LedgerFormat::Json).await;
        assert!(!json.contains('\u{202e}') && !json.contains("\\u202e"), "{json}");
    }

    async fn digits_of_other_scripts_are_words(bot: &mut Bot) {
        for typed in ["send it by ٤ December", "send it by ４ December", "send it in ３ days", "send it by 1e3 December", "send it by -4 December", "send it by 4.0 December"] {
            let answer = types(bot, "ben", &format!("/promise {typed}")).await;
            if answer.is_empty() {
                let ben = bot.person("ben");
                let form = ben.sees_modal().await.expect("a form").raw.to_string();
                assert!(form.contains("send it"), "{typed}: {form}");
                ben.closes();
            } else {
                assert!(answer.contains("Write `by ") || answer.contains("Promised for"), "{typed}: {answer}");
            }
        }
    }

    async fn a_long_quote_stays_a_quote(bot: &mut Bot) {
        let long = format!("/promise {} by Friday", "wörd ".repeat(597));
        types(bot, "ben", &long).await;
        until(bot, "2026-01-09T08:01").await;
        let message = bot.person("ben").reads(&bot.user).pop().unwrap();
        let sections: Vec<&str> = message.blocks.iter().filter_map(|block| block["text"]["text"].as_str()).collect();
        assert!(sections.len() > 1, "{sections:?}");
        for section in &sections {
            assert!(section.lines().filter(|line| line.contains("wörd")).all(|line| line.starts_with("&gt;") || line.starts_with('>')), "{section}");
        }
    }
}

fn goes_over(bot: &Bot, time: &str) {
    let at: Instant = format!("{time}:00Z").parse().unwrap();
    bot.sandbox.clock().advance_to(at.timestamp_millis());
}
