//! Words and fields, gaps and folds, holidays, and every zone of the world against another library.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> Instant {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

fn cadence(text: &str, zone: Tz) -> Cadence {
    Cadence::parse(text, zone, day("2026-01-05")).unwrap()
}

fn walls(cadence: &Cadence, after: &str, number: usize) -> Vec<String> {
    let upcoming = cadence.upcoming(instant(after), number);
    upcoming.iter().map(|next| next.wall.format("%a %Y-%m-%d %H:%M").to_string()).collect()
}

fn refusal(text: &str) -> String {
    Cadence::parse(text, Tz::UTC, day("2026-01-05")).unwrap_err().to_string()
}

#[test]
fn plain_words_are_read_and_said_back() {
    let said = |text: &str| cadence(text, Tz::Europe__Berlin).say();
    for (typed, expected) in [
        ("every 2 weeks on Tuesday at 10:00", "every 2 weeks on Tuesday at 10:00 (Europe/Berlin)"),
        ("every other tue at 10", "every 2 weeks on Tuesday at 10:00 (Europe/Berlin)"),
        ("Tuesdays", "every Tuesday at 10:00 (Europe/Berlin)"),
        ("every weekday at 9:30", "every weekday at 09:30 (Europe/Berlin)"),
        ("daily at noon", "every day at 12:00 (Europe/Berlin)"),
        (
            "every Monday, Wednesday and Friday at 2:30 pm",
            "every Monday, Wednesday and Friday at 14:30 (Europe/Berlin)",
        ),
        ("first Monday of the month at 15:00", "the first Monday of every month at 15:00 (Europe/Berlin)"),
        ("last Friday at 16:00", "the last Friday of every month at 16:00 (Europe/Berlin)"),
        ("every month on the 15th at 9am", "on day 15 of every month at 09:00 (Europe/Berlin)"),
        ("every Tuesday at 10:00 in america/new_york", "every Tuesday at 10:00 (America/New_York)"),
        (
            "every Tuesday at 10:00 until 2026-03-31",
            "every Tuesday at 10:00 (Europe/Berlin) until 2026-03-31",
        ),
        (
            "every Tuesday except 2026-12-29, 2026-12-22 at 10:00 until 2027-01-31 in Asia/Kolkata",
            "every Tuesday at 10:00 (Asia/Kolkata) except 2026-12-22 and 2026-12-29 until 2027-01-31",
        ),
        ("30 9 * * 1-5", "every weekday at 09:30 (Europe/Berlin)"),
        ("0 10 * * 2", "every Tuesday at 10:00 (Europe/Berlin)"),
        ("0 10 13 * 5", "0 10 13 * * or 0 10 * * Fri (Europe/Berlin)"),
    ] {
        assert_eq!(said(typed), expected, "{typed}");
    }
}

#[test]
fn what_it_says_it_reads_again() {
    for text in [
        "every 2 weeks on Tuesday at 10:00",
        "the last Friday of every month at 16:00",
        "every weekday at 09:30",
        "every Tuesday at 10:00 except 2026-12-22, 2026-12-29 and 2027-01-05 until 2027-01-31",
    ] {
        let once = cadence(text, Tz::UTC);
        let said = once.say().replace(" (UTC)", "");
        assert_eq!(cadence(&said, Tz::UTC), once, "{said}");
    }
}

#[test]
fn what_is_not_understood_is_named_with_an_example() {
    let example = "For example: every 2 weeks on Tuesday at 10:00";
    assert_eq!(refusal("whenever it suits"), format!("I do not understand \"whenever\". {example}"));
    assert_eq!(refusal(""), format!("When should it come? {example}"));
    assert_eq!(refusal("every Tuesday at 25:00"), format!("I do not understand \"25:00\". {example}"));
    assert_eq!(refusal("0 10 30 2 *"), format!("\"0 10 30 2 *\" never comes. {example}"));
    assert_eq!(refusal("0 * * * *"), format!("That would come more than 4 times a day. {example}"));
    assert_eq!(refusal("*/5 9 * * *"), format!("That would come more than 4 times a day. {example}"));
    assert_eq!(refusal("0-59 9 * * *"), format!("That would come more than 4 times a day. {example}"));
    assert_eq!(
        refusal("every Tuesday at 10:00 in Mars/Olympus"),
        "I do not know the time zone \"mars/olympus\". For example: Europe/Berlin"
    );
    assert_eq!(
        refusal("every Tuesday at 10:00 except Christmas"),
        "On which dates should it not come? Name 40 at most. For example: every Tuesday at 10:00 except 2026-12-29"
    );
    let over = "every Tuesday at 10:00 until 2025-12-31";
    assert_eq!(refusal(over), format!("\"{over}\" is over before it begins. {example}"));
}

#[test]
fn every_two_weeks_counts_from_the_week_in_which_it_was_said() {
    let fortnight = cadence("every 2 weeks on Tuesday at 10:00", Tz::UTC);
    assert_eq!(
        walls(&fortnight, "2026-01-05T00:00:00Z", 3),
        ["Tue 2026-01-06 10:00", "Tue 2026-01-20 10:00", "Tue 2026-02-03 10:00"]
    );
    assert_eq!(walls(&fortnight, "2026-01-06T10:00:00Z", 1), ["Tue 2026-01-20 10:00"]);
}

#[test]
fn months_have_a_first_and_a_last_weekday() {
    assert_eq!(
        walls(&cadence("first Monday of the month at 15:00", Tz::UTC), "2026-01-05T15:00:00Z", 3),
        ["Mon 2026-02-02 15:00", "Mon 2026-03-02 15:00", "Mon 2026-04-06 15:00"]
    );
    assert_eq!(
        walls(&cadence("last Friday at 16:00", Tz::UTC), "2026-01-05T00:00:00Z", 3),
        ["Fri 2026-01-30 16:00", "Fri 2026-02-27 16:00", "Fri 2026-03-27 16:00"]
    );
}

#[test]
fn either_day_field_is_enough_as_vixie_has_it() {
    assert_eq!(
        walls(&cadence("0 10 13 * 5", Tz::UTC), "2026-02-07T00:00:00Z", 3),
        ["Fri 2026-02-13 10:00", "Fri 2026-02-20 10:00", "Fri 2026-02-27 10:00"]
    );
    assert_eq!(walls(&cadence("0 10 * * 6-1", Tz::UTC), "2026-01-09T12:00:00Z", 3).len(), 3);
    assert_eq!(
        walls(&cadence("0 10 * * 6-1", Tz::UTC), "2026-01-09T12:00:00Z", 3),
        ["Sat 2026-01-10 10:00", "Sun 2026-01-11 10:00", "Mon 2026-01-12 10:00"]
    );
}

#[test]
fn a_time_that_the_clocks_skip_becomes_the_first_that_is_valid() {
    let berlin = cadence("every day at 2:30", Tz::Europe__Berlin);
    let next = berlin.next(instant("2026-03-28T12:00:00Z")).unwrap();
    assert_eq!((next.at, next.wall.date()), (instant("2026-03-29T01:00:00Z"), day("2026-03-29")));
    assert_eq!(berlin.next(next.at).unwrap().at, instant("2026-03-30T00:30:00Z"));
}

#[test]
fn a_time_that_the_clocks_show_twice_is_taken_the_first_time_only() {
    let berlin = cadence("every day at 2:30", Tz::Europe__Berlin);
    let next = berlin.next(instant("2026-10-24T12:00:00Z")).unwrap();
    assert_eq!(next.at, instant("2026-10-25T00:30:00Z"));
    assert_eq!(berlin.next(next.at).unwrap().at, instant("2026-10-26T01:30:00Z"));
}

#[test]
fn midnight_gaps_and_a_day_that_never_was() {
    let cairo = cadence("every day at 0:00", Tz::Africa__Cairo);
    // Egypt's summer time begins at midnight: 24 April 2026 starts at 01:00.
    let next = cairo.next(instant("2026-04-23T12:00:00Z")).unwrap();
    assert_eq!((next.at, next.wall.date()), (instant("2026-04-23T22:00:00Z"), day("2026-04-24")));
    let apia = Cadence::parse("every day at 10:00", Tz::Pacific__Apia, day("2011-12-01")).unwrap();
    let around: Vec<Instant> =
        apia.upcoming(instant("2011-12-29T12:00:00Z"), 3).iter().map(|next| next.at).collect();
    // 30 December 2011 did not exist in Samoa; what was due on it comes with the next midnight.
    assert_eq!(around, ["2011-12-29T20:00:00Z", "2011-12-30T10:00:00Z", "2011-12-30T20:00:00Z"].map(instant));
}

#[test]
fn a_holiday_is_skipped_or_moved_to_a_working_day() {
    let mut tuesday = cadence("every Tuesday at 10:00", Tz::UTC);
    tuesday.left_out = [day("2026-01-13")].into();
    let two = |cadence: &Cadence| walls(cadence, "2026-01-06T10:00:00Z", 2);
    assert_eq!(two(&tuesday), ["Tue 2026-01-20 10:00", "Tue 2026-01-27 10:00"]);
    tuesday.instead = Instead::Next;
    assert_eq!(two(&tuesday), ["Wed 2026-01-14 10:00", "Tue 2026-01-20 10:00"]);
    tuesday.instead = Instead::Previous;
    assert_eq!(two(&tuesday), ["Mon 2026-01-12 10:00", "Tue 2026-01-20 10:00"]);
    // A move over the weekend.
    let mut monday = cadence("every Monday at 10:00", Tz::UTC);
    monday.left_out = [day("2026-01-12")].into();
    monday.instead = Instead::Previous;
    assert_eq!(two(&monday), ["Fri 2026-01-09 10:00", "Mon 2026-01-19 10:00"]);
}

#[test]
fn it_ends_when_it_was_said_to_end() {
    let short = cadence("every Tuesday at 10:00 until 2026-01-20", Tz::UTC);
    assert_eq!(walls(&short, "2026-01-05T00:00:00Z", 9).len(), 3);
    assert_eq!(short.next(instant("2026-01-20T10:00:00Z")), None);
}

#[test]
fn the_29th_of_february_comes_in_leap_years() {
    let leap = cadence("0 10 29 2 *", Tz::UTC);
    assert_eq!(walls(&leap, "2026-01-05T00:00:00Z", 2), ["Tue 2028-02-29 10:00", "Sun 2032-02-29 10:00"]);
}

#[test]
fn in_every_zone_of_the_world_no_day_of_two_years_is_skipped_or_doubled() {
    let from = instant("2026-01-01T12:00:00Z");
    let until = instant("2028-01-02T00:00:00Z");
    for zone in chrono_tz::TZ_VARIANTS {
        for (text, fields) in [
            ("every day at 2:30", "30 2 * * *"),
            ("every day at 0:00", "0 0 * * *"),
            ("0 1 * * 0", "0 1 * * 0"),
        ] {
            let ours = Cadence::parse(text, zone, day("2026-01-01")).unwrap();
            let theirs = croner::Cron::from_str(fields).unwrap();
            let mut theirs = theirs.iter_after(from.with_timezone(&zone));
            let mut last = from;
            let mut last_date = None;
            while let Some(next) = ours.next(last) {
                if next.at > until {
                    break;
                }
                assert!(next.at > last, "{zone}: {text} goes back at {}", next.at);
                assert_ne!(Some(next.wall.date()), last_date, "{zone}: {text} comes twice");
                let other = theirs.next().unwrap().with_timezone(&Utc);
                assert_eq!(next.at, other, "{zone}: {text}");
                (last, last_date) = (next.at, Some(next.wall.date()));
            }
        }
    }
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,60}") {
        let _ = Cadence::parse(&text, Tz::UTC, day("2026-01-05"));
    }

    #[test]
    fn what_comes_next_is_always_later(minutes in 0_i64..1_000_000, every in 1_u32..8, hour in 0_u32..24) {
        let text = format!("every {every} weeks on Tuesday at {hour}:30");
        let cadence = cadence(&text, Tz::Europe__Lisbon);
        let after = instant("2026-01-01T00:00:00Z") + Duration::minutes(minutes);
        let next = cadence.next(after).unwrap();
        proptest::prop_assert!(next.at > after);
        proptest::prop_assert_eq!(next.wall.weekday(), Weekday::Tue);
    }
}
