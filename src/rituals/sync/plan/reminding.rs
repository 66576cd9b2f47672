//! When a person who has not answered is asked again.

use chrono::{Duration, NaiveTime, TimeZone as _};

use crate::{common::people::work_time::WorkTime, model::clock::Instant};

/// How far ahead a working day is looked for, in days; a person who is away for longer is asked after a day.
const FARTHEST_DAYS: i64 = 30;

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
            next_working_day(at(after), &WorkTime { zone: Tz::Europe__Berlin, settings })
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

    proptest! {
        #[test]
        fn it_is_on_a_later_date_and_in_their_hours(
            minutes in 0..3_000_000_i64, zone in prop::sample::select(chrono_tz::TZ_VARIANTS.to_vec()),
            from in 0..1_320_u16, days_out in prop::collection::vec(0..5_u8, 0..4),
        ) {
            let after = at("2020-01-01T00:00") + Duration::minutes(minutes);
            let days_out: WeekdaySet = days_out.into_iter().map(|day| Weekday::try_from(day).unwrap()).collect();
            let settings = PersonSettings { work: Hours::new(from, from + 120), days_out, ..PersonSettings::default() };
            let work = WorkTime { zone, settings: &settings };
            let asked = next_working_day(after, &work);
            let date = |at: Instant| at.with_timezone(&zone).date_naive();
            prop_assert!(date(asked) > date(after) && asked - after < Duration::days(8), "{} {}", after, asked);
            prop_assert!(work.includes(asked));
        }
    }
}
