//! `/sync away until Friday` and `/sync back`: a person's own times away.

use rondo::common::people::{Away, PersonSettings, store as settings};

use super::*;

async fn own(bot: &Bot, who: &str) -> PersonSettings {
    let context = bot.parts.engine.context();
    settings::of_person(&context.store, &UserId(bot.id(who))).await.unwrap()
}

fn away(from: &str, to: &str) -> Away {
    Away { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

/// Returns all that a person reads in the answer.
async fn says(bot: &mut Bot, who: &str, place: &str, typed: &str) -> String {
    let answer = bot.says(who, place, typed).await;
    bot.as_read(&format!("{} {}", answer.text, answer.raw))
}

each_store! {
    async fn a_beginning_without_an_end_is_one_day_and_says_so(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let said = says(bot, "ana", "#team", "/sync away from 8 January").await;
        assert!(said.contains("Noted: you're away on Thursday, 8 January."), "{said}");
        assert!(said.contains("Away longer than that day? Type the end, too: `/sync away from 2026-01-08 to 2026-01-15`."), "{said}");
        let said = says(bot, "ana", "#team", "/sync away from 8 January to 15 January").await;
        assert!(said.contains("both days included") && !said.contains("Type the end"), "{said}");
        assert!(!says(bot, "ana", "#team", "/sync away 20 January").await.contains("Type the end"));
    }

    // It is Monday, 5 January 2026.
    async fn until_the_weekday_of_today_is_a_question(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "#team", "/sync away until Friday").await;
        let said = says(bot, "ana", "#team", "/sync away until Monday").await;
        assert!(said.starts_with("Today is Monday, 5 January. Do you mean today, or Monday, 12 January? Nothing has changed."), "{said}");
        assert!(said.contains("`/sync away until 2026-01-12`") && said.contains("`/sync away today`"), "{said}");
        let said = says(bot, "ana", "#team", "/sync away until 2026-01-12").await;
        assert!(said.contains("Monday, 12 January"), "{said}");
    }

    // It is Monday, 5 January 2026.
    async fn days_that_are_no_days_change_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        for (typed, answer) in [
            ("/sync away", "When are you away?"),
            ("/sync away until", "I don't know the day \"until\"."),
            ("/sync away until blursday", "I don't know the day \"blursday\"."),
            ("/sync away until Friday please", "I don't know the day \"please\"."),
            ("/sync away <!channel> &lt;b&gt;", "I don't know the day \"&lt;!channel&gt; "),
            ("/sync away until 31 February", "There's no 31 February."),
            ("/sync away until 2026-02-30", "There's no 30 February."),
            ("/sync away until 2026-01-04", "Sunday, 4 January 2026 is over."),
            ("/sync away until 2027-12-25", "Saturday, 25 December 2027 is more than a year ahead"),
            ("/sync away 10 to 3 December", "Your last day away comes before the first."),
            ("/sync away 2026-01-06 to 2026-01-05", "Your last day away comes before the first."),
            ("/sync away until Friday 9 January 2026 10:00", "I don't know the day \"10:00\"."),
            ("/sync awya until Friday", "I don't know \"awya until Friday\". Did you mean `/sync away until Friday`?"),
            ("/sync back tomorrow", "Nothing has changed: `/sync back` ends your time away today."),
            ("/sync back", "You aren't away today, so nothing has changed."),
        ] {
            let said = bot.says("ben", "#team", typed).await.text;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
        let told = says(bot, "ben", "#team", "/sync away until blursday").await;
        assert!(told.contains("`/sync away 3 to 10 December`"), "{told}");
        assert_eq!(own(bot, "ben").await, PersonSettings::default());
    }

    async fn a_person_who_is_away_does_not_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let told = says(bot, "ana", "#team", "/sync away until next Tuesday").await;
        assert!(told.starts_with("Noted: you're away until Tuesday, 13 January, that day included. I leave you out of everything on those days."), "{told}");
        assert!(told.contains("Back earlier? `/sync back` ends it."), "{told}");
        assert!(bot.reads("ben", "#team").iter().all(|text| !text.contains("away")), "only ana sees it");
        assert_eq!(leads_shown(bot, "ana").await[..2], ["ben", "ben"]);
        assert_eq!(lead_of(&next_sync(bot).await), "ben");
        let back = bot.says("ana", "#team", "/sync back").await.text;
        assert!(back.starts_with("Welcome back! You're in again from today, and not away until Tuesday, 13 January any more."), "{back}");
        assert_eq!(lead_of(&next_sync(bot).await), "ana");
    }

    async fn times_away_hold_for_all_rituals(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        // In any place, also where no sync runs.
        let told = says(bot, "ben", "#general", "/coffee away 20 to 23 January").await;
        assert!(told.starts_with("Noted: you're away from Tuesday, 20 January to Friday, 23 January, both days included."), "{told}");
        says(bot, "ben", "#general", "/coffee away 24 January").await;
        says(bot, "ben", "#general", "/rondo sync away for 2 days").await;
        let later = [away("2026-01-20", "2026-01-23"), away("2026-01-24", "2026-01-24")];
        assert_eq!(own(bot, "ben").await.away, [away("2026-01-05", "2026-01-06"), later[0], later[1]]);
        assert_eq!(leads_shown(bot, "ana").await[0], "ana");
        let back = says(bot, "ben", "#general", "/coffee back").await;
        assert!(back.contains("Your times away:\n• from Tuesday, 20 January to Friday, 23 January\n• on Saturday, 24 January"), "{back}");
        assert_eq!(own(bot, "ben").await.away, later);
        bot.says("ben", "#general", "/rondo me").await;
        let form = bot.person("ben").sees_modal().await.expect("the form");
        assert_eq!(form.values["away_from"]["away_from"]["selected_date"], "2026-01-20");
        bot.person("ben").closes();
    }

    async fn what_is_typed_last_sets_the_end(bot: &mut Bot) {
        for (days, last) in [("until Friday", 9), ("until Wednesday", 7), ("until 14 January", 14)] {
            says(bot, "ben", "#general", &format!("/sync away {days}")).await;
            bot.passes(chrono::Duration::minutes(1));
            assert_eq!(own(bot, "ben").await.away, [away("2026-01-05", &format!("2026-01-{last:02}"))], "{days}");
        }
        let told = says(bot, "ben", "#general", "/sync away until Tuesday").await;
        assert!(told.starts_with("Noted: you're away until Tuesday, 6 January, that day included. I leave you out of everything on those days. Before, I had noted: until Wednesday, 14 January."), "{told}");
    }

    async fn a_short_absence_keeps_a_long_one(bot: &mut Bot) {
        says(bot, "ben", "#general", "/sync away until Jan 20th").await;
        for days in ["tomorrow", "9 January", "12 to 14 January", "until 20 January"] {
            let told = says(bot, "ben", "#general", &format!("/sync away {days}")).await;
            assert!(told.starts_with("You're away until Tuesday, 20 January already, so nothing has changed."), "{days}: {told}");
            assert_eq!(own(bot, "ben").await.away, [away("2026-01-05", "2026-01-20")], "{days}");
        }
        says(bot, "ben", "#general", "/sync away 18 to 25 January").await;
        assert_eq!(own(bot, "ben").await.away, [away("2026-01-05", "2026-01-25")], "they are joined");
    }

    async fn only_the_time_away_that_is_now_ends(bot: &mut Bot) {
        says(bot, "ben", "#general", "/sync away until Friday").await;
        let told = says(bot, "ben", "#general", "/sync away 10 to 12 January").await;
        assert!(told.contains("Your times away:\n• until Friday, 9 January\n• from Saturday, 10 January to Monday, 12 January"), "{told}");
        says(bot, "ben", "#general", "/sync back").await;
        assert_eq!(own(bot, "ben").await.away, [away("2026-01-10", "2026-01-12")]);
        let told = says(bot, "ben", "#general", "/sync back").await;
        assert!(told.starts_with("You aren't away today, so nothing has changed. Your times away:\n• from Saturday, 10 January"), "{told}");
        // What is still to come is dropped with the menu below.
        let ben = bot.person("ben");
        let answer = ben.reads("#general").pop().unwrap();
        let option = "from Saturday, 10 January to Monday, 12 January";
        assert!(ben.picks(&answer, "Drop a time away…", option).await.is_answered());
        bot.settle().await;
        assert_eq!(own(bot, "ben").await.away, []);
        let told = bot.reads_last("ben", "#general");
        assert!(told.starts_with("Done: I don't count you as away from Saturday, 10 January to Monday, 12 January any more."), "{told}");
        ben.picks(&answer, "Drop a time away…", option).await;
        bot.settle().await;
        assert!(bot.reads_last("ben", "#general").starts_with("That time away isn't recorded any more"), "{}", bot.reads_last("ben", "#general"));
    }

    async fn an_open_form_keeps_what_is_typed_meanwhile(bot: &mut Bot) {
        bot.says("ben", "#general", "/rondo me").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("the form");
        assert!(ben.fills("department", "Ops"));
        bot.says("ben", "#general", "/sync away until Friday").await;
        assert_eq!(ben.submits().await, slack_sandbox::Submission::Closed);
        bot.settle().await;
        let after = own(bot, "ben").await;
        assert_eq!((after.department.as_deref(), after.away), (Some("Ops"), vec![away("2026-01-05", "2026-01-09")]));
    }

    async fn forms_and_commands_at_once_lose_nothing(bot: &mut Bot) {
        for round in 0..3 {
            bot.says("ana", "#general", "/rondo me").await;
            let (ana, again) = (bot.person("ana"), bot.person("ana"));
            ana.sees_modal().await.expect("the form");
            assert!(ana.fills("department", format!("Ops {round}")));
            let day = 12 + 2 * round;
            let typed = format!("/sync away {day} January");
            let (sent, said) = tokio::join!(ana.submits(), again.says("#general", &typed));
            assert_eq!(sent, slack_sandbox::Submission::Closed, "{said:?}");
            bot.settle().await;
            let after = own(bot, "ana").await;
            let last = after.away.last().copied();
            assert_eq!((after.department, last.map(|away| away.from.to_string())), (Some(format!("Ops {round}")), Some(format!("2026-01-{day}"))));
        }
    }

    async fn other_settings_stay(bot: &mut Bot) {
        let engine = bot.parts.engine.clone();
        let before = PersonSettings { department: Some("Ops".to_owned()), ..PersonSettings::default() };
        let mut unit = rondo::store::unit::UnitOfWork::new();
        settings::put(&mut unit, &engine.team, &UserId(bot.id("dee")), (&PersonSettings::default(), &before), engine.clock.now()).unwrap();
        engine.store.commit(unit).await.unwrap();
        bot.says("dee", "#general", "/sync away tomorrow").await;
        let after = own(bot, "dee").await;
        // Where dee is, it's Monday as well.
        assert_eq!(after, PersonSettings { away: vec![away("2026-01-06", "2026-01-06")], ..before });
    }

    async fn two_at_once_are_both_noted(bot: &mut Bot) {
        for round in 0..3 {
            let (day, other) = (12 + 4 * round, 14 + 4 * round);
            let (ana, again) = (bot.person("ana"), bot.person("ana"));
            let (typed, too) = (format!("/sync away {day} January"), format!("/sync away {other} January"));
            let (one, two) = tokio::join!(ana.says("#general", &typed), again.says("#general", &too));
            for answer in [one, two] {
                assert!(answer.text.starts_with("Noted: you're away on "), "{}", answer.text);
            }
            let noted = own(bot, "ana").await.away;
            let days = [day, other].map(|day| format!("2026-01-{day}")).map(|day| away(&day, &day));
            assert_eq!(noted[noted.len() - 2..], days);
        }
    }
}
