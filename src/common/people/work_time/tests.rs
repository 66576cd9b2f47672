//! Tests of when people work, and any people to test other plans with.

use chrono::{
    Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed},
    WeekdaySet,
};
use proptest::prelude::*;

use super::*;
use crate::common::people::Away;

/// Zones of both hemispheres, with and without summer time.
pub const ZONES: [Tz; 8] = [
    Tz::UTC,
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Asia__Kathmandu,
    Tz::Pacific__Auckland,
    Tz::Pacific__Apia,
    Tz::Africa__Casablanca,
    Tz::America__St_Johns,
];

fn at(text: &str) -> Instant {
    format!("{text}:00Z").parse().unwrap()
}

#[test]
fn usual_hours_are_those_of_a_working_day() {
    let settings = PersonSettings::default();
    let work = WorkTime { zone: Tz::Europe__Berlin, settings: &settings, region: None };
    let next = |from: &str| work.next(at(from), at("2026-02-01T00:00")).unwrap();
    assert_eq!(next("2026-01-05T10:07"), at("2026-01-05T10:07"));
    assert_eq!(next("2026-01-05T16:00"), at("2026-01-06T08:00"), "17:00 in Berlin");
    assert_eq!(next("2026-01-09T16:30"), at("2026-01-12T08:00"), "a Friday evening");
    let sundays =
        PersonSettings { days_out: WeekdaySet::from_array([Fri, Sat]), ..PersonSettings::default() };
    let work = WorkTime { settings: &sundays, ..work };
    assert_eq!(work.next(at("2026-01-09T10:00"), at("2026-02-01T00:00")), Some(at("2026-01-11T08:00")));
    let never = PersonSettings { days_out: WeekdaySet::ALL, ..PersonSettings::default() };
    assert_eq!(
        WorkTime { settings: &never, ..work }.next(at("2026-01-09T10:00"), at("2026-12-01T00:00")),
        None
    );
}

#[test]
fn a_person_hears_of_what_is_near_while_they_are_awake() {
    let settings = PersonSettings::default();
    let work = WorkTime { zone: Tz::Europe__Berlin, settings: &settings, region: None };
    let reach = |from: &str, end: &str| work.reach(at(from), at(end));
    // A Tuesday at ten, from the Monday on.
    assert_eq!(reach("2026-01-05T05:00", "2026-01-06T09:00"), (Reach::AtWork, at("2026-01-05T08:00")));
    // A Sunday afternoon, from its morning on, and from the night before on.
    assert_eq!(reach("2026-01-04T09:01", "2026-01-04T15:00"), (Reach::Awake, at("2026-01-04T09:01")));
    assert_eq!(reach("2026-01-03T22:30", "2026-01-04T15:00"), (Reach::Awake, at("2026-01-04T06:00")));
    // The day's work begins less than an hour before.
    assert_eq!(reach("2026-01-06T06:30", "2026-01-06T08:30"), (Reach::Awake, at("2026-01-06T06:30")));
    assert_eq!(reach("2026-01-06T08:10", "2026-01-06T08:30"), (Reach::AtWork, at("2026-01-06T08:10")));
    // Four in the morning.
    assert_eq!(reach("2026-01-05T22:00", "2026-01-06T03:00"), (Reach::AtNight, at("2026-01-05T22:00")));
    let quiet = PersonSettings { quiet: Hours::new(0, 12 * 60), ..PersonSettings::default() };
    let quiet = WorkTime { settings: &quiet, ..work };
    assert_eq!(
        quiet.reach(at("2026-01-04T07:00"), at("2026-01-04T15:00")),
        (Reach::Awake, at("2026-01-04T11:00"))
    );
    let away = vec![Away { from: "2026-01-04".parse().unwrap(), to: "2026-01-05".parse().unwrap() }];
    let away = PersonSettings { away, ..PersonSettings::default() };
    let away = WorkTime { settings: &away, ..work };
    assert_eq!(
        away.reach(at("2026-01-04T09:00"), at("2026-01-06T08:30")),
        (Reach::Awake, at("2026-01-06T06:00"))
    );
}

fn hours() -> impl Strategy<Value = Option<Hours>> {
    prop::option::of((0_u16..1439, 1_u16..1440))
        .prop_map(|hours| hours.and_then(|(from, length)| Hours::new(from, (from + length).min(1440))))
}

/// Any settings of a person in the spring of 2026.
pub fn settings() -> impl Strategy<Value = PersonSettings> {
    let away = prop::collection::vec((0_u64..60, 0_u64..10), 0..3);
    (hours(), hours(), 0_u8..128, away).prop_map(|(work, quiet, days, away)| {
        let first = at("2026-03-01T00:00").date_naive();
        let day = |days| first + chrono::Days::new(days);
        let all = [Mon, Tue, Wed, Thu, Fri, Sat, Sun];
        let days_out = all.into_iter().enumerate().filter(|(n, _)| days >> n & 1 == 1).map(|(_, day)| day);
        PersonSettings {
            work,
            quiet,
            days_out: days_out.collect(),
            away: away
                .into_iter()
                .map(|(from, length)| Away { from: day(from), to: day(from + length) })
                .collect(),
            ..PersonSettings::default()
        }
    })
}

/// An instant within the weeks in which clocks change in spring.
pub fn spring() -> impl Strategy<Value = Instant> {
    (0_i64..60 * 24 * 60).prop_map(|minutes| at("2026-03-01T00:00") + Duration::minutes(minutes))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn people_hear_nothing_outside_their_hours(
        own in settings(),
        zone in prop::sample::select(&ZONES[..]),
        from in spring(),
        length in 0_i64..10 * 24 * 60,
        later in 0_i64..3 * 24 * 60,
    ) {
        let work = WorkTime { zone, settings: &own, region: None };
        let end = from + Duration::minutes(length);
        let next = work.next(from, end);
        if let Some(at) = next {
            prop_assert!(from <= at && at < end && work.includes(at));
            let local = at.with_timezone(&zone).naive_local();
            prop_assert!(!own.is_out(local.date()));
            let minute = u16::try_from((local.time() - NaiveTime::MIN).num_minutes()).unwrap();
            prop_assert!(!own.quiet.is_some_and(|quiet| quiet.contains(minute)));
            match own.work {
                Some(hours) => prop_assert!(hours.contains(minute)),
                None => prop_assert!((USUAL_FROM..USUAL_TO).contains(&minute)),
            }
        }
        // Steps that come later are heard later.
        let second = work.next(from + Duration::minutes(later), end);
        prop_assert!(second.is_none() || next <= second);
    }
}
