//! When a person who has not answered is asked again.

use chrono::{Duration, NaiveDate, NaiveTime, TimeZone as _};

use crate::{common::people::work_time::WorkTime, model::clock::Instant};

/// How far ahead a working day is looked for, in days; a person who is away for longer is asked after a day.
const FARTHEST_DAYS: i64 = 30;
/// How long a person has at least to answer, where what they read is earlier than what holds, in hours.
const LEAST_HOURS_TO_ANSWER: i64 = 4;

/// Returns when a person begins to work on another date of theirs than this instant's.
pub fn next_working_day(after: Instant, work: &WorkTime<'_>) -> Instant {
    let a_day_later = after + Duration::days(1);
    let tomorrow = after.with_timezone(&work.zone).date_naive().succ_opt();
    let midnight =
        tomorrow.and_then(|date| work.zone.from_local_datetime(&date.and_time(NaiveTime::MIN)).earliest());
    // Where the clocks skip midnight, the day before is over all the same.
    let from = midnight.map_or(a_day_later, |midnight| midnight.to_utc());
    work.next(from, after + Duration::days(FARTHEST_DAYS)).unwrap_or(a_day_later)
}

/// Returns until when a person reads that they can answer, who can until `by`: the end of their working day before it, if they don't work
/// then and are asked long enough before that.
pub fn answer_until(by: Instant, asked_at: Instant, work: &WorkTime<'_>) -> Instant {
    if work.includes(by) {
        return by;
    }
    let earliest = asked_at + Duration::hours(LEAST_HOURS_TO_ANSWER);
    let days = std::iter::successors(Some(work.date(by)), NaiveDate::pred_opt);
    let ends = days
        .take_while(|day| *day >= work.date(earliest))
        .filter(|day| !work.rests_on(*day))
        .filter_map(|day| work.ends_on(day));
    ends.filter(|end| *end <= by).find(|end| *end >= earliest).unwrap_or(by)
}

#[cfg(test)]
mod tests {
    use chrono::{Weekday, WeekdaySet};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::common::people::{Away, Hours, PersonSettings};

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    #[test]
    fn a_person_is_asked_on_their_next_working_day() {
        let nine = PersonSettings::default();
        let berlin = |after: &str, settings: &PersonSettings| {
            next_working_day(at(after), &WorkTime { zone: Tz::Europe__Berlin, settings, region: None })
        };
        assert_eq!(berlin("2026-01-06T09:30", &nine), at("2026-01-07T08:00"));
        assert_eq!(berlin("2026-01-09T09:30", &nine), at("2026-01-12T08:00"));
        // It is Wednesday already in Berlin.
        assert_eq!(berlin("2026-01-06T23:30", &nine), at("2026-01-08T08:00"));
        let late = PersonSettings {
            work: Hours::new(14 * 60, 22 * 60),
            days_out: WeekdaySet::from_array([Weekday::Wed, Weekday::Sat, Weekday::Sun]),
            away: vec![Away { from: "2026-01-08".parse().unwrap(), to: "2026-01-09".parse().unwrap() }],
            ..PersonSettings::default()
        };
        assert_eq!(berlin("2026-01-06T09:30", &late), at("2026-01-12T13:00"));
    }

    #[test]
    fn a_deadline_at_night_is_said_as_the_end_of_the_day_before() {
        let nine = PersonSettings::default();
        let work = WorkTime { zone: Tz::America__New_York, settings: &nine, region: None };
        let until = |by: &str, asked: &str| answer_until(at(by), at(asked), &work);
        // Monday at 10:00 in Berlin is 4:00 in New York.
        assert_eq!(until("2026-01-12T09:00", "2026-01-06T15:00"), at("2026-01-09T22:00"));
        assert_eq!(until("2026-01-12T16:00", "2026-01-06T15:00"), at("2026-01-12T16:00"));
        assert_eq!(until("2026-01-09T09:00", "2026-01-08T19:00"), at("2026-01-09T09:00"), "asked at 14:00");
    }

    proptest! {
        #[test]
        fn what_is_read_is_never_later_than_what_holds(
            asked in 0..3_000_000_i64, minutes in 1..20_000_i64, zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
        ) {
            let asked = at("2020-01-01T00:00") + Duration::minutes(asked);
            let (by, settings) = (asked + Duration::minutes(minutes), PersonSettings::default());
            let until = answer_until(by, asked, &WorkTime { zone, settings: &settings, region: None });
            prop_assert!(asked < until && until <= by, "{} {} {}", asked, until, by);
        }

        #[test]
        fn it_is_on_a_later_date_and_in_their_hours(
            minutes in 0..3_000_000_i64, zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            from in 0..1_320_u16, days_out in prop::collection::vec(0..5_u8, 0..4),
        ) {
            let after = at("2020-01-01T00:00") + Duration::minutes(minutes);
            let days_out: WeekdaySet = days_out.into_iter().map(|day| Weekday::try_from(day).unwrap()).collect();
            let settings = PersonSettings { work: Hours::new(from, from + 120), days_out, ..PersonSettings::default() };
            let work = WorkTime { zone, settings: &settings, region: None };
            let asked = next_working_day(after, &work);
            let date = |at: Instant| at.with_timezone(&zone).date_naive();
            prop_assert!(date(asked) > date(after) && asked - after < Duration::days(8), "{} {}", after, asked);
            prop_assert!(work.includes(asked));
        }
    }
}
