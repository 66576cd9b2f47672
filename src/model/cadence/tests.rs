//! Counted weeks and months, gaps and folds, holidays, and every zone of the world against another library.

mod documented;

use std::str::FromStr as _;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn instant(text: &str) -> Instant {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

fn cadence(text: &str, zone: Tz) -> Cadence {
    Cadence::parse(text, zone, day("2026-01-05")).unwrap()
}

fn walls(cadence: &Cadence, after: &str, number: usize) -> Vec<String> {
    let upcoming = cadence.upcoming(instant(after), number);
    upcoming.iter().map(|next| next.wall.format("%a %Y-%m-%d %H:%M").to_string()).collect()
}

#[test]
fn every_two_weeks_begins_on_the_next_such_day() {
    let words = "every 2 weeks on Tuesday at 10:00";
    let on = |today: &str| Cadence::parse(words, Tz::UTC, day(today)).unwrap();
    let first = |today: &str| walls(&on(today), &format!("{today}T00:00:00Z"), 2);
    assert_eq!(first("2026-01-05"), ["Tue 2026-01-06 10:00", "Tue 2026-01-20 10:00"]);
    assert_eq!(first("2026-01-07"), ["Tue 2026-01-13 10:00", "Tue 2026-01-27 10:00"], "not a week later");
    let noon = instant("2026-01-06T12:00:00Z");
    let counted = on("2026-01-06").counted_from(noon);
    assert_eq!(walls(&counted, "2026-01-06T12:00:00Z", 1), ["Tue 2026-01-13 10:00"], "today's time is over");
    let named = Cadence::parse(&format!("{words} starting 2026-01-06"), Tz::UTC, day("2026-01-06")).unwrap();
    assert_eq!(named.clone().counted_from(noon), named, "a first day that was named stays");
}

#[test]
fn months_are_counted_from_the_first_occurrence() {
    assert_eq!(
        walls(&cadence("every 3 months on the first Monday at 9:00", Tz::UTC), "2026-01-05T10:00:00Z", 3),
        ["Mon 2026-04-06 09:00", "Mon 2026-07-06 09:00", "Mon 2026-10-05 09:00"]
    );
    let later = cadence("quarterly on the 1st at 9:00 starting 2026-02-15", Tz::UTC);
    assert_eq!(walls(&later, "2026-01-05T00:00:00Z", 2), ["Sun 2026-03-01 09:00", "Mon 2026-06-01 09:00"]);
}

#[test]
fn an_exception_does_not_shift_the_rhythm() {
    let fortnight = cadence("every 2 weeks on Tuesday at 10:00 except 2026-01-06", Tz::UTC);
    assert_eq!(
        walls(&fortnight, "2026-01-05T00:00:00Z", 2),
        ["Tue 2026-01-20 10:00", "Tue 2026-02-03 10:00"]
    );
}

#[test]
fn occurrences_on_holidays_are_pointed_out() {
    let after = instant("2026-01-05T00:00:00Z");
    let on = |words: &str| cadence(words, Tz::UTC).falls_on_holidays(after);
    assert_eq!(on("last Friday of the month at 16:00"), [day("2026-12-25")]);
    assert_eq!(on("first Friday of the month at 16:00"), [day("2027-01-01")]);
    assert_eq!(on("last Friday of the month at 16:00 except 2026-12-25"), []);
    assert_eq!(on("every Tuesday at 10:00"), [], "it looks at twelve occurrences");
    let december = instant("2026-12-20T00:00:00Z");
    let daily = cadence("every day at 9:00 and 15:00", Tz::UTC);
    assert_eq!(daily.falls_on_holidays(december), ["2026-12-24", "2026-12-25"].map(day));
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
fn a_skipped_time_becomes_the_first_valid_one() {
    let berlin = cadence("every day at 2:30", Tz::Europe__Berlin);
    let next = berlin.next(instant("2026-03-28T12:00:00Z")).unwrap();
    assert_eq!((next.at, next.wall.date()), (instant("2026-03-29T01:00:00Z"), day("2026-03-29")));
    assert_eq!(berlin.next(next.at).unwrap().at, instant("2026-03-30T00:30:00Z"));
}

#[test]
fn a_doubled_time_is_taken_once() {
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
    // 30 December 2011 did not exist in Samoa; an occurrence on it moves to the next midnight.
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

fn wall(text: &str) -> NaiveDateTime {
    format!("{text}:00").parse().unwrap()
}

#[test]
fn a_moved_occurrence_leaves_the_others_alone() {
    let tuesdays = cadence("every Tuesday at 10:00", Tz::UTC);
    let today = day("2026-01-05");
    let three = |cadence: &Cadence| walls(cadence, "2026-01-05T00:00:00Z", 3);
    let later = tuesdays.with_moved((wall("2026-01-06T10:00"), wall("2026-01-07T15:00")), today).unwrap();
    assert_eq!(three(&later), ["Wed 2026-01-07 15:00", "Tue 2026-01-13 10:00", "Tue 2026-01-20 10:00"]);
    assert_eq!(
        later.say(),
        "every Tuesday at 10:00 (UTC), except 6 January 2026, also on 7 January 2026 at 15:00"
    );
    let past = tuesdays.with_moved((wall("2026-01-06T10:00"), wall("2026-01-14T10:00")), today).unwrap();
    assert_eq!(three(&past), ["Tue 2026-01-13 10:00", "Wed 2026-01-14 10:00", "Tue 2026-01-20 10:00"]);
    let again = later.with_moved((wall("2026-01-07T15:00"), wall("2026-01-08T10:00")), today).unwrap();
    assert_eq!(three(&again)[0], "Thu 2026-01-08 10:00");
    let back = again.with_moved((wall("2026-01-08T10:00"), wall("2026-01-06T10:00")), today).unwrap();
    assert_eq!(back, tuesdays);
    let same_day = tuesdays.with_moved((wall("2026-01-06T10:00"), wall("2026-01-06T15:00")), today).unwrap();
    assert_eq!(three(&same_day)[..2], ["Tue 2026-01-06 15:00", "Tue 2026-01-13 10:00"]);
    assert_eq!(
        same_day.with_moved((wall("2026-01-06T15:00"), wall("2026-01-06T10:00")), today),
        Some(tuesdays.clone())
    );
    let cancelled = later.without(day("2026-01-07"), today).unwrap();
    assert_eq!(three(&cancelled)[0], "Tue 2026-01-13 10:00");
    assert_eq!(cancelled.say(), "every Tuesday at 10:00 (UTC), except 6 January 2026");
    let forgotten = later.without(day("2026-02-03"), day("2026-02-01")).unwrap();
    assert_eq!(forgotten.say(), "every Tuesday at 10:00 (UTC), except 3 February 2026");
}

#[test]
fn no_more_dates_move_than_can_be_typed() {
    let mut daily = cadence("every day at 10:00", Tz::UTC);
    let first = day("2026-02-01");
    for days in 0..10 {
        let from = first + Duration::days(days);
        let (from, to) = (from.and_hms_opt(10, 0, 0).unwrap(), from.and_hms_opt(11, 0, 0).unwrap());
        daily = daily.with_moved((from, to), first).unwrap();
    }
    assert_eq!(daily.with_moved((wall("2026-03-01T10:00"), wall("2026-03-01T11:00")), first), None);
    assert!(daily.without(day("2026-03-01"), first).is_some());
    let typed = Cadence { moved: BTreeMap::new(), ..daily.clone() };
    assert_eq!(Cadence::parse(&daily.say(), Tz::UTC, first).unwrap(), typed);
    let stored = serde_json::to_string(&daily).unwrap();
    assert!(stored.chars().count() < 1_000, "{stored}");
    assert_eq!(serde_json::from_str::<Cadence>(&stored).unwrap(), daily);
}

#[test]
fn new_times_keep_the_exceptions_that_mean_something() {
    let (today, tuesdays) = (day("2026-01-05"), cadence("every Tuesday at 10:00", Tz::UTC));
    let old = tuesdays.without(day("2026-01-13"), today).unwrap();
    let old = old.with_moved((wall("2026-01-20T10:00"), wall("2026-01-21T15:00")), today).unwrap();
    let kept = |times: &str, zone: Tz| {
        let new = cadence(times, zone).with_exceptions_of(&old, today).unwrap();
        (new.say(), KeptDates::of(&old, &new, today))
    };
    let exceptions = [
        Exception::LeftOut(day("2026-01-13")),
        Exception::Also(wall("2026-01-21T15:00"), Some(day("2026-01-20"))),
    ];
    assert_eq!(old.exceptions(today), exceptions);
    let (said, dates) = kept("every Tuesday at 11:00", Tz::UTC);
    assert_eq!(
        said,
        "every Tuesday at 11:00 (UTC), except 13 January 2026 and 20 January 2026, also on 21 January 2026 at 15:00"
    );
    assert_eq!((dates.kept.as_slice(), dates.gone.len()), (&exceptions[..], 0));
    // On other days, the times bring an occurrence of their own.
    let (said, dates) = kept("every Thursday at 10:00", Tz::UTC);
    assert_eq!((said.as_str(), dates.gone.as_slice()), ("every Thursday at 10:00 (UTC)", &exceptions[..]));
    // Two on a day are too many.
    let (said, _) = kept("every Tuesday and Wednesday at 10:00", Tz::UTC);
    assert_eq!(said, "every Tuesday and Wednesday at 10:00 (UTC), except 13 January 2026");
    // It stays at its instant.
    let (said, dates) = kept("every Tuesday at 10:00", Tz::Europe__Berlin);
    assert!(said.ends_with(" also on 21 January 2026 at 16:00"), "{said}");
    assert_eq!(dates.gone, []);
    let (said, _) = kept("every Tuesday at 11:00 until 2026-01-20", Tz::UTC);
    assert!(said.contains(", except 13 January 2026, until"), "{said}");
    let (said, _) = kept("every Tuesday at 11:00 except 27 January", Tz::UTC);
    assert!(said.contains("except 13 January 2026, 20 January 2026 and 27 January 2026, also"), "{said}");
    assert_eq!(tuesdays.with_exceptions_of(&old, today), Some(old.clone()));
    assert_eq!(old.with_usual(&exceptions), tuesdays);
}

#[test]
fn a_holiday_beside_a_moved_date_stays_a_day_off() {
    let (today, holiday) = (day("2026-01-05"), day("2026-01-06"));
    let weekly = cadence("every Tuesday at 10:00 except 6 January", Tz::UTC);
    let beside = weekly.with_moved((wall("2026-01-13T10:00"), wall("2026-01-07T10:00")), today).unwrap();
    assert_eq!(beside.days_off(), [holiday].into());
    let onto = weekly.with_moved((wall("2026-01-13T10:00"), wall("2026-01-06T10:00")), today).unwrap();
    assert_eq!(onto.days_off(), [holiday].into());
    assert_eq!(walls(&onto, "2026-01-05T00:00:00Z", 2), ["Tue 2026-01-06 10:00", "Tue 2026-01-20 10:00"]);
    let back = onto.with_moved((wall("2026-01-06T10:00"), wall("2026-01-13T10:00")), today).unwrap();
    assert_eq!(back, weekly);
}

#[test]
fn a_date_in_addition_may_double_a_day() {
    let on = |text: &str| cadence(text, Tz::UTC).doubled();
    assert_eq!(on("every Tuesday at 10:00 also on 2026-01-07"), None);
    assert_eq!(on("every Tuesday at 10:00 also on 2026-01-13 at 15:00"), Some(day("2026-01-13")));
    assert_eq!(on("every Tuesday at 10:00 except 2026-01-13 also on 2026-01-13 at 15:00"), None);
    let twice = "every Tuesday at 10:00 also on 2026-01-14 at 15:00 and 2026-01-14 at 16:00";
    assert_eq!(on(twice), Some(day("2026-01-14")));
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
fn no_zone_skips_or_doubles_a_day() {
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

#[test]
fn a_single_date_comes_once() {
    let wall = instant("2026-01-12T09:00:42Z").naive_utc();
    let once = Cadence::once(wall, Tz::UTC);
    let only = once.only().unwrap();
    assert_eq!(only.to_string(), "2026-01-12 09:00:00");
    assert_eq!(once.upcoming(instant("2026-01-05T08:00:00Z"), 3).len(), 1);
    assert_eq!(once.next(instant("2026-01-12T09:00:00Z")), None);
    let moved = once.with_moved((only, only + Duration::days(1)), day("2026-01-06")).unwrap();
    assert_eq!(moved.say(), "once on 13 January 2026 at 09:00 (UTC)");
    let cancelled = once.without(day("2026-01-12"), day("2026-01-06")).unwrap();
    assert_eq!((cancelled.only(), cancelled.next(instant("2026-01-05T08:00:00Z"))), (None, None));
    assert_eq!(cadence("every Monday at 9:00", Tz::UTC).only(), None);
}
