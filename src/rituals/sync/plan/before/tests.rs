//! Steps by example, and what holds for any cadence, zone and settings.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::{
    common::people::work_time::{
        WorkTime,
        tests::{ZONES, settings, spring},
    },
    rituals::sync::plan::How,
};

const TIMES: [&str; 9] = [
    "every Tuesday at 10:00",
    "every weekday at 9:15",
    "every day at 02:30",
    "every Sunday at 02:30",
    "every Tuesday and Thursday at 13:00",
    "every 2 weeks on Monday at 23:45",
    "last Friday of the month at 16:00",
    "every Monday at 00:00",
    "every month on the 29th at 08:00",
];

fn at(text: &str) -> Instant {
    format!("{text}:00Z").parse().unwrap()
}

/// Plans the steps before the first occasion after an instant.
fn planned(words: &str, zone: Tz, (from, after): (Instant, Instant)) -> (Cadence, Steps) {
    let cadence = Cadence::parse(words, zone, from.date_naive()).unwrap();
    let occasion = cadence.next(after).unwrap();
    (cadence.clone(), Steps::plan(&cadence, from, occasion))
}

fn walls(steps: &Steps) -> Vec<String> {
    let said = |step: Option<Occurrence>| {
        step.map_or("-".to_owned(), |step| step.wall.format("%a %d %H:%M").to_string())
    };
    [steps.ask, steps.remind, steps.next, steps.name, steps.sheet].into_iter().map(said).collect()
}

#[test]
fn a_weekly_sync_asks_five_working_days_before() {
    let from = at("2025-12-01T09:00");
    let (_, steps) = planned("every Tuesday at 15:00", Tz::UTC, (from, at("2026-01-07T00:00")));
    assert_eq!(
        walls(&steps),
        ["Tue 06 10:00", "Thu 08 10:00", "Fri 09 10:00", "Mon 12 10:00", "Mon 12 10:00"]
    );
}

#[test]
fn one_moved_date_makes_no_sync_frequent() {
    let (from, today) = (at("2025-12-01T09:00"), at("2026-01-02T09:00").date_naive());
    let weekly = Cadence::parse("every Tuesday at 10:00", Tz::UTC, today).unwrap();
    let wall = |text: &str| at(text).naive_utc();
    let moved = weekly.with_moved((wall("2026-01-06T10:00"), wall("2026-01-07T10:00")), today).unwrap();
    let of = |after: &str| walls(&Steps::plan(&moved, from, moved.next(at(after)).unwrap()));
    assert_eq!(
        of("2026-01-02T09:00"),
        ["Wed 31 10:00", "Fri 02 10:00", "Mon 05 10:00", "Tue 06 10:00", "Tue 06 10:00"]
    );
    assert_eq!(
        of("2026-01-08T09:00"),
        ["Tue 06 10:00", "Thu 08 10:00", "Fri 09 10:00", "Mon 12 10:00", "Mon 12 10:00"]
    );
}

#[test]
fn days_left_out_are_no_working_days() {
    let from = at("2025-12-01T09:00");
    let words = "every Friday at 15:00 except 2026-01-06 and 2026-01-01";
    let (_, steps) = planned(words, Tz::UTC, (from, at("2026-01-07T00:00")));
    assert_eq!(
        walls(&steps),
        ["Wed 31 10:00", "Mon 05 10:00", "Wed 07 10:00", "Thu 08 10:00", "Thu 08 10:00"]
    );
}

#[test]
fn a_date_that_a_sync_has_left_is_a_working_day() {
    let (from, today) = (at("2025-12-01T09:00"), at("2026-01-02T09:00").date_naive());
    let weekly = Cadence::parse("every Tuesday at 15:00 except 2026-01-06", Tz::UTC, today).unwrap();
    let wall = |text: &str| at(text).naive_utc();
    let moved = weekly.with_moved((wall("2026-01-13T15:00"), wall("2026-01-15T15:00")), today).unwrap();
    let steps = Steps::plan(&moved, from, moved.next(from + Duration::days(30)).unwrap());
    assert_eq!(
        walls(&steps),
        ["Thu 08 10:00", "Mon 12 10:00", "Tue 13 10:00", "Wed 14 10:00", "Wed 14 10:00"]
    );
}

#[test]
fn frequent_syncs_ask_on_the_working_day_before() {
    let from = at("2025-12-01T09:00");
    for (words, day) in [
        ("every weekday at 9:15", "Fri 09 10:00"),
        ("every Monday and Thursday at 13:00", "Fri 09 10:00"),
        ("every day at 12:00", "Fri 09 10:00"),
    ] {
        let (_, steps) = planned(words, Tz::UTC, (from, at("2026-01-11T20:00")));
        assert_eq!(walls(&steps), [day, "-", "-", "-", day], "{words}");
        assert!(steps.is_last_question(at("2026-01-09T10:00")));
    }
}

#[test]
fn a_sync_that_comes_soon_has_what_fits() {
    // Started on Monday for Tuesday, and on Thursday for Tuesday.
    let monday = at("2026-01-05T12:00");
    let (_, steps) = planned("every Tuesday at 10:00", Tz::UTC, (monday, monday));
    assert_eq!(walls(&steps), ["Mon 05 12:00", "-", "-", "-", "Mon 05 12:00"]);
    let sunday = at("2026-01-04T07:14");
    let (_, steps) = planned("every Tuesday at 10:00", Tz::UTC, (sunday, sunday));
    assert_eq!(walls(&steps), ["Sun 04 07:14", "-", "-", "Mon 05 10:00", "Mon 05 10:00"]);
    let deadline = |now: &str| steps.deadline(at(now)).map(|step| step.at);
    assert_eq!(deadline("2026-01-04T20:00"), Some(at("2026-01-05T10:00")));
    assert_eq!(deadline("2026-01-05T09:00"), None, "an hour is no time to answer");
    let thursday = at("2026-01-08T12:00");
    let (_, steps) = planned("every Tuesday at 10:00", Tz::UTC, (thursday, thursday));
    assert_eq!(walls(&steps), ["Thu 08 12:00", "-", "Fri 09 10:00", "Mon 12 10:00", "Mon 12 10:00"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn steps_keep_their_order(
        words in prop::sample::select(&TIMES[..]),
        zone in prop::sample::select(&ZONES[..]),
        from in spring(),
        wait in 0_i64..30 * 24 * 60,
    ) {
        let (cadence, steps) = planned(words, zone, (from, from + Duration::minutes(wait)));
        let in_order: Vec<Occurrence> =
            [steps.ask, steps.remind, steps.next, steps.name].into_iter().flatten().collect();
        prop_assert!(in_order.windows(2).all(|two| two[0].at < two[1].at && two[0].wall.date() < two[1].wall.date()));
        let all: Vec<Occurrence> = in_order.into_iter().chain(steps.sheet).collect();
        prop_assert!(all.iter().all(|step| from <= step.at && step.at < steps.begins_at));
        let works = |step: &Occurrence| step.at == from || !is_weekend(step.wall.date());
        prop_assert!(all.iter().all(works), "{:?}", all);
        let mut phase = Phase::Early;
        let mut instant = from - Duration::days(1);
        while instant <= steps.begins_at {
            prop_assert!(phase <= steps.phase(instant));
            phase = steps.phase(instant);
            instant += Duration::hours(1);
        }
        prop_assert_eq!(steps.phase(steps.begins_at), Phase::Over);
        prop_assert!(cadence.instant_of(steps.begins_at.with_timezone(&zone).naive_local()).is_some());
    }

    /// Plays a whole ladder: any people, answers and missed or repeated ticks.
    #[test]
    fn a_ladder_asks_each_person_once_and_in_time(
        words in prop::sample::select(&TIMES[..]),
        zone in prop::sample::select(&ZONES[..]),
        from in spring(),
        people in prop::collection::vec((settings(), prop::sample::select(&ZONES[..]), 0_u8..4), 0..5),
        ticks in prop::collection::vec(1_i64..600, 1..120),
    ) {
        let (_, steps) = planned(words, zone, (from, from));
        let id = |number: usize| UserId(format!("U{number}"));
        let people: BTreeMap<UserId, _> = people.into_iter().enumerate().map(|(n, person)| (id(n), person)).collect();
        let (mut turn, mut now) = (Turn::untouched(), from);
        let (mut declined, mut silent) = (BTreeSet::new(), BTreeSet::new());
        let mut heard: Vec<(UserId, &str)> = Vec::new();
        for minutes in ticks {
            now += Duration::minutes(minutes);
            let reachable = |user: &&UserId| {
                let (own, zone, _) = &people[*user];
                WorkTime { zone: *zone, settings: own, region: None }.next(now, steps.begins_at).is_some()
            };
            let asked = |user: &&UserId| {
                declined.contains(*user) || silent.contains(*user) || turn.holder() == Some(*user)
            };
            let line = Line {
                next: people.keys().filter(|user| !asked(user)).find(reachable).cloned(),
                silent: people.keys().filter(|user| !declined.contains(*user)).find(reachable).cloned(),
                is_empty: people.keys().all(|user| declined.contains(user)),
                has_refusals: !declined.is_empty(),
                is_alone: people.len() == 1,
            };
            let step = step(&steps, &turn, true, &line, (zone, now));
            let (user, what) = match &step {
                Step::Ask(user) => (user, "ask"),
                Step::Remind(user) => (user, "remind"),
                Step::Name(user) => (user, "name"),
                Step::NoLead => {
                    prop_assert!(line.is_empty && now < steps.begins_at);
                    continue;
                }
                Step::Wait => continue,
            };
            let (own, own_zone, answer) = &people[user];
            let work = WorkTime { zone: *own_zone, settings: own, region: None };
            if work.next(now, steps.begins_at) != Some(now) {
                continue;
            }
            prop_assert!(now < steps.begins_at && work.includes(now));
            prop_assert!(!declined.contains(user));
            // A reminder has a key of its own, so that it is sent once.
            let entry = (user.clone(), what);
            prop_assert!(what == "remind" || !heard.contains(&entry), "{:?} twice", entry);
            heard.push(entry);
            if what == "remind" {
                continue;
            }
            if let Some(before) = turn.holder().filter(|_| turn.state == TurnState::Asked) {
                prop_assert!(turn.answer_by.is_some_and(|by| by <= now), "{:?} is silent at {}", turn, now);
                prop_assert!(before.clone() != *user || what == "name");
                silent.insert(before.clone());
            }
            let state = if what == "ask" { TurnState::Asked } else { TurnState::Named };
            let by = steps.deadline(now).filter(|_| what == "ask").map(|by| by.at);
            turn = turn.then(Some(user), state, How::Assigned, now).answered_by(by);
            match (what, answer) {
                ("ask", 0) => turn = turn.then(Some(user), TurnState::Accepted, How::Assigned, now),
                ("ask", 1) => {
                    declined.insert(user.clone());
                    turn = turn.then(None, TurnState::Open, How::Assigned, now);
                }
                _ => {}
            }
        }
        let settled = heard.iter().filter(|(_, what)| *what == "name").count();
        prop_assert!(settled <= 1);
        prop_assert!(people.len() != 1 || heard.is_empty(), "a sync of one asks nothing");
    }
}
