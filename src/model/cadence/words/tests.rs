//! What is understood, what is refused and how, and how it is written back.

mod any;
mod numbers;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn monday() -> NaiveDate {
    day("2026-01-05")
}

fn read(text: &str) -> Result<Cadence, NotUnderstood> {
    Cadence::parse(text, Tz::Europe__Berlin, monday())
}

fn said(text: &str) -> String {
    let said = read(text).unwrap_or_else(|error| panic!("{text}: {error}")).say();
    said.replace(" (Europe/Berlin)", "")
}

fn refused(text: &str) -> String {
    match read(text) {
        Ok(cadence) => panic!("{text} was understood as {}", cadence.say()),
        Err(error) => error.to_string(),
    }
}

fn assert_whole(text: &str, zone: Tz, today: NaiveDate) {
    match Cadence::parse(text, zone, today) {
        Ok(cadence) => {
            let said = cadence.say();
            let again =
                Cadence::parse(&said, zone, today).unwrap_or_else(|error| panic!("{text}: {said}: {error}"));
            assert_eq!(again, cadence, "{text}: {said}");
            let stored = serde_json::to_string(&cadence).unwrap();
            assert!(stored.len() < 2_000, "{stored}");
            assert_eq!(serde_json::from_str::<Cadence>(&stored).unwrap(), cadence);
        }
        Err(error) => assert!(error.to_string().chars().count() < 600, "{error}"),
    }
}

#[test]
fn a_year_before_1000_is_said_so_that_it_can_be_typed_back() {
    assert_whole("every Tuesday at 10:00 except 0001-1-1", Tz::UTC, monday());
    assert_whole("every Tuesday at 10:00 except 1 January 0999", Tz::UTC, monday());
}

#[test]
fn days_are_understood_as_people_type_them() {
    for (typed, expected) in [
        ("every 2 weeks on Tuesday at 10:00", "every 2 weeks on Tuesday at 10:00"),
        ("every other tue at 10", "every 2 weeks on Tuesday at 10:00"),
        ("biweekly on Fridays at 9am", "every 2 weeks on Friday at 09:00"),
        ("every second week on Tuesday at 10:00", "every 2 weeks on Tuesday at 10:00"),
        ("once a week on Monday at 9:00", "every Monday at 09:00"),
        ("once on 12 January at 10", "once on 12 January 2026 at 10:00"),
        ("10:00 once on Monday, 12 January 2026", "once on 12 January 2026 at 10:00"),
        ("once Monday at noon", "once on 5 January 2026 at 12:00"),
        ("every Monday at 10:00 starting 12 January until 12 January", "once on 12 January 2026 at 10:00"),
        ("every weekday at 9:30", "every weekday at 09:30"),
        ("Mon-Fri at 9:30", "every weekday at 09:30"),
        ("Mo–Fr 9:30", "every weekday at 09:30"),
        ("Monday — Friday at 9:30", "every weekday at 09:30"),
        ("from Monday to Friday at 9:30", "every weekday at 09:30"),
        ("Fri-Mon at 9:30", "every Monday, Friday, Saturday and Sunday at 09:30"),
        ("Tue/Thu at 9:30", "every Tuesday and Thursday at 09:30"),
        ("every Monday, Wednesday and Friday at 2:30 pm", "every Monday, Wednesday and Friday at 14:30"),
        ("first Monday of the month at 15:00", "the first Monday of every month at 15:00"),
        ("last Friday at 16:00", "the last Friday of every month at 16:00"),
        ("1st and 3rd Thursday at 10:00", "the first and third Thursday of every month at 10:00"),
        (
            "every 1st, 3rd and 5th Thursday at 10:00",
            "the first, third and fifth Thursday of every month at 10:00",
        ),
        (
            "first Monday and third Thursday at 10:00",
            "the first Monday and third Thursday of every month at 10:00",
        ),
        ("second Tuesday of the month at 10:00", "the second Tuesday of every month at 10:00"),
        ("on the 5th and 20th at 10:00", "on the 5th and 20th of every month at 10:00"),
        ("every month on the 15th at 9am", "on the 15th of every month at 09:00"),
        ("on day 15 of every month at 9am", "on the 15th of every month at 09:00"),
        ("monthly on the 1st at 9am", "on the 1st of every month at 09:00"),
        ("last day of the month at 9am", "on the last day of every month at 09:00"),
        ("the 15th and last day of the month at 9am", "on the 15th and last day of every month at 09:00"),
        ("every 3 months on the first Monday at 10:00", "every 3 months on the first Monday at 10:00"),
        ("quarterly on the first Monday at 10:00", "every 3 months on the first Monday at 10:00"),
        ("every other month on the 5th at 10:00", "every 2 months on the 5th at 10:00"),
        ("0 10 * * 2", "every Tuesday at 10:00"),
        ("30 9 * * 1-5", "every weekday at 09:30"),
        ("30 9 * * Mon–Fri", "every weekday at 09:30"),
        ("0 */12 5,20 * ?", "on the 5th and 20th of every month at 00:00 and 12:00"),
        ("0 10 13 * 5", "0 10 13 * Fri"),
        ("0 10 24 dec *", "0 10 24 12 *"),
        ("`every Tuesday at 10:00.`", "every Tuesday at 10:00"),
    ] {
        assert_eq!(said(typed), expected, "{typed}");
    }
}

#[test]
fn times_are_understood_as_people_type_them() {
    for (typed, expected) in [
        ("every monday 9am", "09:00"),
        ("every Monday 9 a.m.", "09:00"),
        ("every Monday at 10h30", "10:30"),
        ("every Monday 10h", "10:00"),
        ("every Monday at 10.30", "10:30"),
        ("every Monday at 12am", "00:00"),
        ("every Monday 12:15pm", "12:15"),
        ("midnight every Monday", "00:00"),
        ("every Monday at noon", "12:00"),
        ("every Monday @ 9", "09:00"),
        ("every Monday at 9:00, 11:00 and 15:00", "09:00, 11:00 and 15:00"),
    ] {
        assert_eq!(said(typed), format!("every Monday at {expected}"), "{typed}");
    }
}

#[test]
fn clauses_stand_in_any_order() {
    let tail = "every Tuesday at 10:00";
    for (typed, expected) in [
        ("every Tuesday at 10:00 until 2026-03-31", " until 31 March 2026"),
        ("until 31 March every Tuesday at 10:00", " until 31 March 2026"),
        ("every Tuesday at 10:00 starting 2026-12-15", " starting 15 December 2026"),
        ("every Tuesday at 10:00 from Dec 15", " starting 15 December 2026"),
        ("every Tuesday starting Tuesday, 6 January at 10:00", " starting 6 January 2026"),
        ("every Tuesday except the 24th of December at 10:00", ", except 24 December 2026"),
        (
            "every Tuesday at 10:00 except 24, 29 and 31 December and on Jan 5, 2027",
            ", except 24 December 2026, 29 December 2026, 31 December 2026 and 5 January 2027",
        ),
        (
            "every Tuesday except 2026-12-29, 2026-12-22 at 10:00 until 6 January starting 1 December",
            " starting 1 December 2026, except 22 December 2026 and 29 December 2026, until 6 January 2027",
        ),
    ] {
        assert_eq!(said(typed), format!("{tail}{expected}"), "{typed}");
    }
}

#[test]
fn zones_are_named_by_their_cities() {
    let zone = |text: &str| read(text).unwrap_or_else(|error| panic!("{text}: {error}")).zone;
    assert_eq!(zone("every Tuesday at 10:00 in Berlin"), Tz::Europe__Berlin);
    assert_eq!(zone("in new york every Tuesday at 10:00"), Tz::America__New_York);
    assert_eq!(zone("every Tuesday in Port-au-Prince at 10:00"), Tz::America__PortauPrince);
    assert_eq!(zone("every Tuesday at 10:00 (America/New_York)"), Tz::America__New_York);
    assert_eq!(zone("every Tuesday at 10:00 in Kentucky/Louisville time"), Tz::America__Kentucky__Louisville);
    assert_eq!(zone("0 10 * * 2 in Tokyo"), Tz::Asia__Tokyo);
    let buenos_aires = zone("every Tuesday at 10:00 in Buenos Aires");
    assert!(buenos_aires.name().ends_with("Buenos_Aires"), "two names of one clock are not ambiguous");
}

/// Texts that are refused.
const REFUSED: [&str; 46] = [
    "no day",
    "",
    "every Tuesday",
    "at 9:00",
    "every month at 9:00",
    "every 3 months",
    "monthly on Mondays at 9am",
    "every second Tuesday at 10:00",
    "every other day at 10:00",
    "every 10 days",
    "twice a month at 9:00",
    "3 times a week",
    "every tuseday at 10:00",
    "every tuseday",
    "Tuesday at 10:00 untill 2026-12-31",
    "every Tuesday at 25:00",
    "every Tuesday at 10:00 and Thursday at 11:00",
    "1st and Thursday at 10:00",
    "second last Friday at 10:00",
    "first weekday of the month at 10:00",
    "every 40 weeks on Monday at 10:00",
    "every Monday 9",
    "yearly on the 3rd at 10:00",
    "every Tuesday and every 🦀 at 10:00",
    "every Tuesday at 10:00 in Atlantis",
    "every Tuesday at 10:00 in Brelin",
    "every Tuesday at 10:00 in West",
    "every Tuesday at 10:00 in Berlin in Paris",
    "every Tuesday at 10:00 except Christmas",
    "every Tuesday at 10:00 until",
    "every Tuesday at 10:00 until +262142-12-31",
    "every Tuesday at 10:00 starting 30 February",
    "every Tuesday at 10:00 starting Wednesday, 6 January",
    "every Tuesday at 10:00 until 2025-12-31",
    "every Tuesday at 10:00 until 2026-01-05",
    "every Tuesday at 9:00 starting 1 December at 10:00",
    "every day at 9:00, 10:00, 11:00, 12:00 and 13:00",
    "0 10 30 2 *",
    "0 10 * * mié",
    "0 10 * * 🦀",
    "0 10 💥 * 2",
    "61 10 * * 2",
    "0 * * * *",
    "*/5 9 * * *",
    "0 10 * * 2 please",
    "0 10 99999999999999999999 * 2",
];

#[test]
fn refusals_quote_what_was_typed_and_offer_what_works() {
    insta::assert_snapshot!(
        REFUSED
        .map(|text| format!("{text}\n  {}", refused(text)))
        .join("\n"),
        @r#"
        no day
          I don't know "no day". For example: every Tuesday at 10:00

          When? For example: every Tuesday at 10:00
        every Tuesday
          What time? For example: every Tuesday at 10:00
        at 9:00
          Which day? For example: every Tuesday at 09:00
        every month at 9:00
          Which day? For example: the first Monday of every month at 09:00
        every 3 months
          Which day? For example: every 3 months on the first Monday at 10:00
        monthly on Mondays at 9am
          Which Monday of the month? For example: every Monday at 09:00, or: the first Monday of every month at 09:00
        every second Tuesday at 10:00
          Every 2 weeks, or once a month? For example: every 2 weeks on Tuesday at 10:00, or: the second Tuesday of every month at 10:00
        every other day at 10:00
          I can count weeks and months, not days, so "every other day" won't work. For example: every Monday, Wednesday and Friday at 10:00
        every 10 days
          I can count weeks and months, not days, so "every 10 days" won't work. For example: every Monday, Wednesday and Friday at 10:00
        twice a month at 9:00
          Which days are "twice a month"? For example: on the 1st and 15th of every month at 09:00
        3 times a week
          Which days are "3 times a week"? For example: every Tuesday and Thursday at 10:00
        every tuseday at 10:00
          I don't know "tuseday". Did you mean: every Tuesday at 10:00?
        every tuseday
          I don't know "tuseday". Did you mean: every Tuesday at 10:00?
        Tuesday at 10:00 untill 2026-12-31
          I don't know "untill 2026-12-31". Did you mean: Tuesday at 10:00 until 2026-12-31?
        every Tuesday at 25:00
          I don't know the time "25:00". For example: every Tuesday at 10:00
        every Tuesday at 10:00 and Thursday at 11:00
          All days need the same time. For example: every Tuesday and Thursday at 10:00
        1st and Thursday at 10:00
          I can't put these days into one schedule. For example: every Thursday at 10:00, or: on the 1st of every month at 10:00
        second last Friday at 10:00
          I can't put these days into one schedule. For example: the last Friday of every month at 10:00, or: on the 2nd of every month at 10:00
        first weekday of the month at 10:00
          I don't know "first weekday". For example: every Tuesday at 10:00
        every 40 weeks on Monday at 10:00
          I can't do every 40 weeks: 1 to 26 weeks work. For example: every 6 months on the first Monday at 10:00
        every Monday 9
          I don't know "9". For example: every Monday at 10:00
        yearly on the 3rd at 10:00
          I can count weeks and months, not years, so "yearly" won't work. For example: every 12 months on the 3rd at 10:00
        every Tuesday and every 🦀 at 10:00
          I don't know "🦀". For example: every Tuesday at 10:00
        every Tuesday at 10:00 in Atlantis
          I don't know the place "Atlantis"; name the city of a time zone. For example: every Tuesday at 10:00 in Berlin
        every Tuesday at 10:00 in Brelin
          I don't know the place "Brelin"; name the city of a time zone. For example: every Tuesday at 10:00 in Berlin
        every Tuesday at 10:00 in West
          "West" could be Australia/West or Brazil/West. For example: every Tuesday at 10:00 in Australia/West
        every Tuesday at 10:00 in Berlin in Paris
          There can be only one "in". For example: every Tuesday at 10:00
        every Tuesday at 10:00 except Christmas
          I don't know the date "Christmas". For example: every Tuesday at 10:00 except 6 March 2026
        every Tuesday at 10:00 until
          Which date goes with "until"? For example: every Tuesday at 10:00 until 6 March 2026
        every Tuesday at 10:00 until +262142-12-31
          I don't know the date "+262142-12-31". For example: every Tuesday at 10:00 until 6 March 2026
        every Tuesday at 10:00 starting 30 February
          There's no 30 February. For example: every Tuesday at 10:00 starting 6 March 2026
        every Tuesday at 10:00 starting Wednesday, 6 January
          6 January 2026 is a Tuesday, not a Wednesday. For example: every Tuesday at 10:00 starting 6 March 2026
        every Tuesday at 10:00 until 2025-12-31
          That ends on 31 December 2025, before it first comes. For example: every Tuesday at 10:00 until 7 March 2026
        every Tuesday at 10:00 until 2026-01-05
          That ends on 5 January 2026, before it first comes. For example: every Tuesday at 10:00 until 7 March 2026
        every Tuesday at 9:00 starting 1 December at 10:00
          There are two times, and one of them is "10:00". For example: every Tuesday at 09:00
        every day at 9:00, 10:00, 11:00, 12:00 and 13:00
          That's more than 4 times a day, and 4 is the most. For example: every day at 09:00
        0 10 30 2 *
          No day fits "0 10 30 2 *". For example: every Tuesday at 10:00
        0 10 * * mié
          I don't know the day of the week "mié". For example: every Tuesday at 10:00
        0 10 * * 🦀
          I don't know the day of the week "🦀". For example: every Tuesday at 10:00
        0 10 💥 * 2
          I don't know the day of the month "💥". For example: every Tuesday at 10:00
        61 10 * * 2
          I don't know the minute "61". For example: every Tuesday at 10:00
        0 * * * *
          That's more than 4 times a day, and 4 is the most. For example: 0 10 * * *
        */5 9 * * *
          That's more than 4 times a day, and 4 is the most. For example: 0 10 * * *
        0 10 * * 2 please
          I don't know "please". For example: every Tuesday at 10:00
        0 10 99999999999999999999 * 2
          I don't know the day of the month "99999999999999999999". For example: every Tuesday at 10:00
        "#
    );
}

#[test]
fn what_comes_once_a_year_is_refused_with_the_nearest() {
    let yearly = [
        "every year on the 1st Monday at 10:00",
        "every year at 10:00",
        "every year on 1 March at 10:00",
        "every year on the 2nd of January at 10:00",
        "every year on 30 February at 10:00",
        "every 31st of February at 10:00",
        "every February 5th at 10:00",
        "the last day of march at 9:00",
        "every January at 10:00",
        "first Monday in March at 10:00",
    ];
    insta::assert_snapshot!(
        yearly.map(|text| format!("{text}\n  {}", refused(text))).join("\n"),
        @r#"
        every year on the 1st Monday at 10:00
          I can count weeks and months, not years, so "year" won't work. For example: every 12 months on the first Monday at 10:00
        every year at 10:00
          I can count weeks and months, not years, so "year" won't work. For example: every 12 months on the 1st at 10:00
        every year on 1 March at 10:00
          I can count weeks and months, not years, so "year" won't work. For example: every 12 months on the 1st at 10:00 starting 1 March 2026
        every year on the 2nd of January at 10:00
          I can count weeks and months, not years, so "year" won't work. For example: every 12 months on the 2nd at 10:00 starting 2 January 2027
        every year on 30 February at 10:00
          I can count weeks and months, not years, so "year" won't work. For example: every 12 months on the 1st at 10:00
        every 31st of February at 10:00
          I can count weeks and months, not one month of the year, so "February" won't work. For example: on the 31st of every month at 10:00
        every February 5th at 10:00
          I can count weeks and months, not one month of the year, so "February" won't work. For example: every 12 months on the 5th at 10:00 starting 5 February 2026
        the last day of march at 9:00
          I can count weeks and months, not one month of the year, so "march" won't work. For example: on the last day of every month at 09:00
        every January at 10:00
          I can count weeks and months, not one month of the year, so "January" won't work. For example: every 12 months on the 1st at 10:00 starting 1 January 2027
        first Monday in March at 10:00
          I can count weeks and months, not one month of the year, so "in March" won't work. For example: the first Monday of every month at 10:00
        "#
    );
}
