//! What a preview says of the first turns is what happens.

use chrono::Duration;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use rondo::model::clock::Instant;

use super::{
    before::{ASKS, NAMES, only, told, until, weekly},
    closing::with_scribe,
    *,
};

/// Returns the days and leads of the first turns that a preview names.
fn first_turns(preview: &str) -> Vec<(String, String)> {
    let (_, rest) =
        preview.split_once("First turns, as things stand: ").unwrap_or_else(|| panic!("{preview}"));
    let turns = rest.split('.').next().unwrap().replace(" and ", ", ");
    let turn = |turn: &str| {
        let (lead, day) = turn.split_once(" on ").unwrap();
        (day.to_owned(), lead.trim_start_matches('@').to_owned())
    };
    turns.split(", ").map(turn).collect()
}

/// Returns the same of the turns that `/sync next` shows.
async fn next_turns(bot: &mut Bot, number: usize) -> Vec<(String, String)> {
    let shown = says(bot, "ana", &format!("/sync next {number}")).await;
    let leads = leads_shown(bot, "ana").await;
    let days =
        shown.lines().filter_map(|line| line.strip_prefix("• ")?.split_once(", ")?.1.split_once(" 2026"));
    days.map(|(day, _)| day.to_owned()).zip(leads).collect()
}

async fn stops(bot: &mut Bot) {
    bot.says("ana", "#team", "/sync stop").await;
    bot.clicks("ana", "#team", "Stop these syncs").await;
}

each_store! {
    async fn the_first_turns_of_a_preview_are_those_that_come(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy", "dee"]).await;
        let mut rng = StdRng::seed_from_u64(21);
        for _ in 0..14 {
            let now: Instant = bot.parts.engine.clock.now();
            let later = now + Duration::minutes(rng.random_range(60..3_000));
            until(bot, &later.format("%Y-%m-%dT%H:%M").to_string()).await;
            let soon = later + Duration::minutes(65 + [0, 0, 300, 1_400].choose(&mut rng).unwrap());
            let day = *["day", "weekday", "Monday", "Wednesday", "Friday"].choose(&mut rng).unwrap();
            let until = if rng.random_bool(0.3) { format!(" until {}", later.date_naive() + Duration::days(9)) } else { String::new() };
            let typed = format!("/sync start every {day} at {}{until}", soon.format("%H:%M"));
            let preview = says(bot, "ana", &typed).await;
            let first = first_turns(&preview);
            bot.clicks("ana", "#team", "Start").await;
            assert_eq!(next_turns(bot, 8).await[..first.len()], first[..], "{later} {typed}: {preview}");
            stops(bot).await;
        }
    }

    async fn a_preview_after_an_end_has_the_new_dates(bot: &mut Bot) {
        running(bot, &["ana", "ben", "dee"]).await;
        stops(bot).await;
        let preview = says(bot, "ana", "/sync start every weekday at 11:00 until 8 January").await;
        let days: Vec<String> = first_turns(&preview).into_iter().map(|(day, _)| day).collect();
        assert_eq!(days, ["5 January", "6 January", "7 January", "8 January"]);
        bot.clicks("ana", "#team", "Start").await;
        until(bot, "2026-01-12T12:30").await;
        let preview = says(bot, "ana", "/sync start every day at 17:00").await;
        let days: Vec<String> = first_turns(&preview).into_iter().map(|(day, _)| day).collect();
        assert_eq!(days, ["12 January", "13 January", "14 January", "15 January"]);
    }

    async fn a_question_of_the_day_of_the_run_sheet_has_it(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        until(bot, "2026-01-11T16:35").await;
        starts(bot, WEEKLY).await;
        until(bot, "2026-01-12T12:00").await;
        let asked = only(bot, ASKS);
        let read = bot.reads_dm(asked);
        let [question] = &read[..] else { panic!("{read:?}") };
        assert!(question.contains("Will you?") && question.contains("• When: Tuesday, 13 January at 10:00"), "{question}");
        super::before::answers(bot, asked, "I'll do it").await;
        let read = bot.reads_dm(asked);
        let [sheet] = &read[..] else { panic!("{read:?}") };
        assert!(sheet.starts_with(":clipboard: *You lead "), "{sheet}");
    }

    async fn the_person_by_day_is_named_before_those_at_night(bot: &mut Bot) {
        // It's 10:00 in Kolkata then, and at night for the others.
        team(bot, &["ana", "ben", "cy", "dee"]).await;
        starts(bot, "/sync start every Tuesday at 4:30").await;
        until(bot, "2026-01-19T18:00").await;
        assert_eq!(told(bot, "lead the sync in #team on Tuesday, 20 January at 04:30: it's your turn").iter().map(|(who, _)| *who).collect::<Vec<_>>(), ["dee"]);
        assert_eq!(told(bot, "The others have said no, it's outside their hours, too"), []);
    }

    async fn a_person_named_at_night_reads_why(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Tuesday at 4:30").await;
        until(bot, "2026-01-19T18:00").await;
        let (named, _) = told(bot, NAMES)[0];
        let read = bot.reads_dm(named);
        let text = read.iter().rfind(|text| text.contains(NAMES)).unwrap();
        assert!(text.contains("For you that's at ") && text.contains(", outside your usual hours."), "{text}");
        assert!(text.contains("\nIt's outside the hours of everyone who could lead.\n"), "{text}");
    }

    async fn a_person_who_is_named_was_not_told_to_take_notes(bot: &mut Bot) {
        with_scribe(bot, &["ana", "ben", "cy", "dee"]).await;
        for day in ["2026-01-12", "2026-01-19", "2026-01-26"] {
            until(bot, &format!("{day}T18:00")).await;
            assert_eq!(told(bot, "so you don't take notes there"), [], "{day}");
        }
    }

    async fn a_person_whose_agreed_turn_is_taken_reads_so(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        super::before::answers(bot, asked, "I'll do it").await;
        let others: Vec<&str> = ["ana", "ben", "dee"].into_iter().filter(|who| *who != asked).collect();
        says(bot, "ana", "/sync status").await;
        bot.clicks("ana", "#team", "Change").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("sync:people", serde_json::json!(others)));
        ana.submits().await;
        let preview = super::setup::modal(bot, &ana);
        assert!(preview.contains(&format!("@{asked}, who was to lead on Tuesday, 13 January, won't.")), "{preview}");
        ana.submits().await;
        bot.settle().await;
        if asked != "ana" {
            let told = bot.reads_dm(asked).pop().unwrap();
            assert!(told.starts_with("You don't lead the sync in #team on Tuesday, 13 January at 10:00: you're no longer among"), "{told}");
        }
    }
}
