//! Any text, any schedule and any date.

use chrono::{DateTime, Datelike as _, Utc};
use proptest::prelude::*;

use super::*;
use crate::model::cadence::parse::LONGEST_TEXT;

/// Words of the grammar and others, in any order.
fn any_words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(vec![
            "every", "other", "2", "3", "weeks", "months", "on", "the", "first", "last", "1st", "3rd", "20th", "and", ",",
            "Tuesday", "Mon", "-", "–", "Mo–Fr", "weekday", "day", "of", "month", "quarterly", "twice", "a", "at", "10:00",
            "9am", "10h30", "24:61", "noon", "in", "(", ")", "Berlin", "New", "York", "until", "except", "also", "starting", "from",
            "24", "December", "Dec", "2026-12-24", "2026", "Tuesday,", "0", "10", "*", "*/2", "5", "once", "today", "to",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
        1 => any::<String>(),
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.join(" "))
}

/// Any date that chrono can hold, including its limits.
fn any_date() -> impl Strategy<Value = NaiveDate> {
    let (least, most) = (NaiveDate::MIN.num_days_from_ce(), NaiveDate::MAX.num_days_from_ce());
    let days = prop_oneof![least..=most, least..=least + 40, most - 40..=most, 739_000..741_000, -40..40_i32];
    days.prop_map(|days| NaiveDate::from_num_days_from_ce_opt(days).unwrap())
}

/// A schedule in words of the grammar.
fn any_schedule() -> impl Strategy<Value = String> {
    let weekday = prop::sample::select(super::super::super::typed::WEEKDAY_NAMES.to_vec());
    let weekdays = prop::collection::vec(weekday.clone(), 1..4).prop_map(|days| days.join(", "));
    let place = prop::sample::select(vec!["first", "second", "third", "fourth", "fifth", "last"]);
    let places =
        prop::collection::vec((place, weekday).prop_map(|(place, day)| format!("{place} {day}")), 1..4);
    let dates = prop::collection::vec((1..29_u32).prop_map(|day| format!("{day}th")), 1..5)
        .prop_map(|days| days.join(" and "));
    let days = prop_oneof![
        weekdays.clone().prop_map(|days| format!("every {days}")),
        (2..27_u32, weekdays).prop_map(|(every, days)| format!("every {every} weeks on {days}")),
        places.clone().prop_map(|places| format!("the {} of the month", places.join(" and "))),
        (2..13_u32, places)
            .prop_map(|(every, places)| format!("every {every} months on the {}", places.join(" and "))),
        dates.clone().prop_map(|dates| format!("on the {dates}")),
        (2..13_u32, dates)
            .prop_map(|(every, dates)| format!("every {every} months on the {dates} and last day")),
    ];
    let time = (0..24_u32, 0..60_u32).prop_map(|(hour, minute)| format!("{hour}:{minute:02}"));
    let fields = (0..60_u32, 0..24_u32, 1..29_u32, 1..13_u32, 0..8_u32).prop_map(
        |(minute, hour, day, month, weekday)| format!("{minute} {hour} {day} {month}-12 {weekday}"),
    );
    let occasions = prop_oneof![
        6 => (days, prop::collection::vec(time, 1..4)).prop_map(|(days, times)| format!("{days} at {}", times.join(" and "))),
        1 => fields,
    ];
    let date = || (0..700_i64).prop_map(|days| dates::said(monday() + Duration::days(days)));
    let zone = prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec());
    let clauses = (
        prop::option::of(zone.prop_map(|zone| format!(" in {}", zone.name()))),
        prop::option::of(date().prop_map(|date| format!(" starting {date}"))),
        prop::option::of(
            prop::collection::vec(date(), 1..40).prop_map(|dates| format!(" except {}", dates.join(", "))),
        ),
        prop::option::of(date().prop_map(|date| format!(" until {date}"))),
        prop::option::of(prop::collection::vec((date(), 0..24_u32), 1..10).prop_map(|moments| {
            let moments: Vec<String> =
                moments.into_iter().map(|(date, hour)| format!("{date} at {hour}:30")).collect();
            format!(" also on {}", moments.join(" and "))
        })),
    );
    (occasions, clauses).prop_map(|(occasions, (zone, starting, except, until, also))| {
        let clauses = [zone, starting, except, until, also].map(Option::unwrap_or_default);
        format!("{occasions}{}", clauses.concat())
    })
}

proptest! {
    #[test]
    fn any_text_is_understood_whole_or_refused(text in any_words(), today in any_date()) {
        assert_whole(&text, Tz::Europe__Lisbon, monday());
        let _ = Cadence::parse(&text, Tz::Pacific__Apia, today);
    }

    #[test]
    fn any_text_in_any_field_is_refused_in_words(
        text in prop_oneof!["\\PC{0,8}", any::<String>(), "[0-9*,/?–-]{1,12}", "[0-9]{1,40}"],
        field in 0..5_usize,
    ) {
        let mut fields = ["0", "10", "1", "*", "Tue"];
        fields[field] = &text;
        assert_whole(&fields.join(" "), Tz::UTC, monday());
    }

    #[test]
    fn any_text_in_any_clause_is_refused_in_words(
        text in prop_oneof!["\\PC{0,12}", any::<String>(), "[+-]?[0-9]{1,9}-[0-9]{1,3}-[0-9]{1,3}"],
        clause in prop::sample::select(vec!["in", "except", "until", "also", "starting", "(", "at", "every"]),
    ) {
        assert_whole(&format!("every Tuesday at 10:00 {clause} {text}"), Tz::UTC, monday());
        assert_whole(&format!("{clause} {text} every Tuesday at 10:00"), Tz::UTC, monday());
    }

    #[test]
    fn what_is_offered_is_understood(text in any_words()) {
        if let Err(error) = read(&text) {
            prop_assert!(!error.nearest().is_empty());
            for phrase in error.nearest() {
                prop_assert!(read(phrase).is_ok(), "{text:?}: {error}");
            }
        }
    }

    #[test]
    fn what_rondo_says_can_be_typed_back(text in any_schedule()) {
        if let Ok(cadence) = read(&text) {
            let again = read(&cadence.say()).unwrap_or_else(|error| panic!("{text}: {error}"));
            let after = monday().and_time(NaiveTime::MIN).and_utc();
            prop_assert_eq!(again.upcoming(after, 20), cadence.upcoming(after, 20), "{}", cadence.say());
            prop_assert_eq!(&again, &cadence, "{}", cadence.say());
            prop_assert!(cadence.say().chars().count() < LONGEST_TEXT);
        }
    }

    #[test]
    fn what_was_said_keeps_its_meaning_later(text in any_schedule(), later in 0..400_i64) {
        // Skipped weeks and months count from the day on which they are typed, unless a first day was named.
        if let Ok(cadence) = read(&text) && (cadence.step.is_none() || cadence.starting.is_some()) {
            let today = monday() + Duration::days(later);
            if let Ok(again) = Cadence::parse(&cadence.say(), Tz::UTC, today) {
                prop_assert_eq!(again, cadence);
            }
        }
    }

    #[test]
    fn next_is_later_and_no_date_makes_it_panic(
        text in any_schedule(),
        seconds in prop_oneof![
            DateTime::<Utc>::MIN_UTC.timestamp()..=DateTime::<Utc>::MAX_UTC.timestamp(),
            DateTime::<Utc>::MAX_UTC.timestamp() - 90_000..=DateTime::<Utc>::MAX_UTC.timestamp(),
            1_767_000_000_i64..1_900_000_000,
        ],
        date in any_date(),
    ) {
        let Ok(mut cadence) = read(&text) else { return Ok(()) };
        let after = DateTime::from_timestamp(seconds, 0).unwrap();
        for instead in [Instead::Skip, Instead::Previous, Instead::Next] {
            cadence.instead = instead;
            for next in cadence.upcoming(after, 3) {
                prop_assert!(next.at > after);
                prop_assert_eq!(cadence.instant_of(next.wall), Some(next.at));
            }
        }
        cadence.instant_of(date.and_time(NaiveTime::MIN));
        (cadence.until, cadence.starting) = (Some(date), None);
        cadence.left_out.insert(date);
        cadence.next(after);
        (cadence.until, cadence.starting) = (None, Some(date));
        cadence.next(after);
        let _ = cadence.clone().counted_from(after);
        cadence.falls_on_holidays(after);
    }

    #[test]
    fn fields_match_what_another_library_matches(
        minute in 0..60_u32, hour in 0..24_u32,
        day in prop_oneof!["\\*", "[1-9]", "1[0-9],2[0-8]", "[1-9]-2[0-9]", "\\*/[2-9]"],
        month in prop_oneof!["\\*", "[1-9]", "[1-4]-[5-9]", "JAN,jul"],
        weekday in prop_oneof!["\\*", "[0-7]", "[1-3]-[4-6]", "MON,thu"],
    ) {
        let text = format!("{minute} {hour} {day} {month} {weekday}");
        let Ok(ours) = Cadence::parse(&text, Tz::UTC, monday()) else {
            prop_assert!(day.starts_with("*/") && weekday != "*", "{text}");
            return Ok(());
        };
        let theirs = text.parse::<croner::Cron>().unwrap();
        let mut after = monday().and_time(NaiveTime::MIN).and_utc();
        for _ in 0..20 {
            let next = ours.next(after).unwrap().at;
            prop_assert_eq!(next, theirs.find_next_occurrence(&after, false).unwrap(), "{}", text);
            after = next;
        }
    }
}
