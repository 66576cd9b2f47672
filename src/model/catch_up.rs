//! Decides what happens to a run that was due while no process ran.

use chrono::{
    Datelike as _, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeZone as _, Weekday,
};

use std::{fmt, str::FromStr};

use super::{
    cadence::{Cadence, Occurrence},
    clock::{Instant, from_ms},
};

/// How late something may still be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchUp {
    /// On the same working day, else at its usual time on the next one: for runs that ask people for their time.
    WorkingDay,
    /// This much later: for runs that are stale afterwards.
    Within(Duration),
    /// Until this instant: for runs about something that begins or ends then.
    Until(Instant),
}

impl fmt::Display for CatchUp {
    /// Writes its one stored form: seconds of a span, milliseconds of an instant.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CatchUp::WorkingDay => f.write_str("working_day"),
            CatchUp::Within(longest) => write!(f, "within {}", longest.num_seconds()),
            CatchUp::Until(at) => write!(f, "until {}", at.timestamp_millis()),
        }
    }
}

/// A stored form that this release does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a lateness that this release does not know")]
pub struct UnknownCatchUp;

impl FromStr for CatchUp {
    type Err = UnknownCatchUp;

    fn from_str(stored: &str) -> Result<CatchUp, UnknownCatchUp> {
        let number = |text: &str| text.parse::<i64>().map_err(|_| UnknownCatchUp);
        match stored.split_once(' ') {
            None if stored == "working_day" => Ok(CatchUp::WorkingDay),
            Some(("within", seconds)) => {
                Duration::try_seconds(number(seconds)?).map(CatchUp::Within).ok_or(UnknownCatchUp)
            }
            Some(("until", at)) => Ok(CatchUp::Until(from_ms(number(at)?))),
            _ => Err(UnknownCatchUp),
        }
    }
}

/// What to do with a run that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Now,
    /// Do it at this instant: it is late, and this is the first good time.
    At(Instant),
    /// Skip it: it is too late to be useful, or the next one is due by then.
    Never,
}

/// How late counts as in time: a start may take some minutes.
const IN_TIME_MINUTES: i64 = 15;
/// The hour at which a working day ends. A run that is due later in the day has until midnight.
const DAY_ENDS: u32 = 18;

/// Decides about a due run without a cadence.
pub fn start_alone(catch_up: CatchUp, due: Instant, now: Instant) -> Start {
    /// How late a run without a cadence may be that waits for a working day, in hours.
    const A_DAY_HOURS: i64 = 24;
    let is_in_time = match catch_up {
        CatchUp::Until(end) => now < end,
        CatchUp::Within(longest) => now - due <= longest.max(Duration::minutes(IN_TIME_MINUTES)),
        CatchUp::WorkingDay => now - due <= Duration::hours(A_DAY_HOURS),
    };
    if is_in_time { Start::Now } else { Start::Never }
}

/// Decides about a due occurrence of a cadence. If the next one is due by the time at which this one would be done, it
/// is skipped: of several missed ones only the latest is done.
pub fn start(catch_up: CatchUp, cadence: &Cadence, due: Occurrence, now: Instant) -> Start {
    let late = now - due.at;
    if late <= Duration::minutes(IN_TIME_MINUTES) {
        return Start::Now;
    }
    let start = match catch_up {
        CatchUp::WorkingDay => on_a_working_day(cadence, due, now),
        CatchUp::Within(_) | CatchUp::Until(_) => start_alone(catch_up, due.at, now),
    };
    let at = match start {
        Start::Now => now,
        Start::At(at) => at,
        Start::Never => return Start::Never,
    };
    if cadence.next(due.at).is_some_and(|next| next.at <= at) { Start::Never } else { start }
}

fn on_a_working_day(cadence: &Cadence, due: Occurrence, now: Instant) -> Start {
    // A local time near chrono's limits has no next date.
    let Some(wall) =
        now.naive_utc().checked_add_offset(cadence.zone.offset_from_utc_datetime(&now.naive_utc()).fix())
    else {
        return Start::Never;
    };
    if wall.date() == due.wall.date() && wall < end_of_day(due.wall) {
        return Start::Now;
    }
    let Some(next_day) = next_working_day(due.wall.date(), cadence) else { return Start::Never };
    let usual = next_day.and_time(due.wall.time());
    let Some(usual_at) = cadence.instant_of(usual) else { return Start::Never };
    if now < usual_at {
        Start::At(usual_at)
    } else if wall.date() == next_day && wall < end_of_day(usual) {
        Start::Now
    } else {
        Start::Never
    }
}

/// Returns when the working day of a run at this time ends.
fn end_of_day(usual: NaiveDateTime) -> NaiveDateTime {
    let evening = NaiveTime::from_hms_opt(DAY_ENDS, 0, 0).unwrap_or_default();
    if usual.time() < evening - Duration::hours(1) {
        usual.date().and_time(evening)
    } else {
        usual.date().succ_opt().map_or(NaiveDateTime::MAX, |day| day.and_time(NaiveTime::MIN))
    }
}

fn next_working_day(after: NaiveDate, cadence: &Cadence) -> Option<NaiveDate> {
    /// No stretch of holidays is longer, in days.
    const LONGEST: usize = 31;
    let days_off = cadence.days_off();
    let is_free =
        |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun) || days_off.contains(date);
    let tomorrow = after.succ_opt()?;
    Some(tomorrow.iter_days().take(LONGEST).find(|date| !is_free(date)).unwrap_or(tomorrow))
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;

    const WEEKLY: &str = "every Tuesday at 10:00";

    fn at(text: &str) -> Instant {
        format!("{text}:00Z").parse().unwrap()
    }

    /// Decides about the first occurrence after Monday, 5 January 2026, when the bot is back at `now`.
    fn back_at(words: &str, now: &str) -> Start {
        let cadence = Cadence::parse(words, Tz::UTC, NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()).unwrap();
        let due = cadence.next(at("2026-01-05T00:00")).unwrap();
        start(CatchUp::WorkingDay, &cadence, due, at(now))
    }

    #[test]
    fn lateness_is_stored_in_one_form() {
        for (catch_up, stored) in [
            (CatchUp::WorkingDay, "working_day"),
            (CatchUp::Within(Duration::hours(4)), "within 14400"),
            (CatchUp::Until(at("2026-01-06T10:00")), "until 1767693600000"),
        ] {
            assert_eq!((catch_up.to_string().as_str(), stored.parse()), (stored, Ok(catch_up)));
        }
        for unknown in
            ["", "within", "within 99999999999999999999", "within 9223372036854775807", "whenever 1"]
        {
            assert_eq!(unknown.parse::<CatchUp>(), Err(UnknownCatchUp), "{unknown}");
        }
    }

    #[test]
    fn what_leads_up_to_something_is_done_until_it_begins() {
        let begins = at("2026-01-06T10:00");
        let late = |now| start_alone(CatchUp::Until(begins), at("2026-01-05T10:00"), at(now));
        assert_eq!(late("2026-01-06T09:59"), Start::Now);
        assert_eq!(late("2026-01-06T10:00"), Start::Never);
    }

    #[test]
    fn what_is_due_is_done() {
        assert_eq!(back_at(WEEKLY, "2026-01-06T10:00"), Start::Now);
        assert_eq!(back_at(WEEKLY, "2026-01-06T10:14"), Start::Now);
    }

    #[test]
    fn what_is_late_is_done_on_the_same_working_day() {
        assert_eq!(back_at(WEEKLY, "2026-01-06T17:59"), Start::Now);
    }

    #[test]
    fn a_missed_day_moves_to_the_next_working_day() {
        let wednesday = Start::At(at("2026-01-07T10:00"));
        assert_eq!(back_at(WEEKLY, "2026-01-06T18:00"), wednesday);
        assert_eq!(back_at(WEEKLY, "2026-01-07T03:00"), wednesday, "not at night");
        assert_eq!(back_at(WEEKLY, "2026-01-07T10:00"), Start::Now);
        assert_eq!(back_at(WEEKLY, "2026-01-07T16:00"), Start::Now);
        assert_eq!(back_at("every Friday at 10:00", "2026-01-10T12:00"), Start::At(at("2026-01-12T10:00")));
    }

    #[test]
    fn a_missed_next_working_day_is_skipped() {
        assert_eq!(back_at(WEEKLY, "2026-01-07T18:00"), Start::Never);
        assert_eq!(back_at(WEEKLY, "2026-01-08T09:00"), Start::Never);
        assert_eq!(back_at(WEEKLY, "2026-03-01T09:00"), Start::Never);
    }

    #[test]
    fn of_several_missed_only_the_latest_is_done() {
        assert_eq!(
            back_at("every weekday at 10:00", "2026-01-05T19:00"),
            Start::Never,
            "tomorrow's comes anyway"
        );
        assert_eq!(back_at("every weekday at 10:00", "2026-01-06T11:00"), Start::Never);
    }

    #[test]
    fn an_evening_has_until_midnight() {
        assert_eq!(back_at("every Tuesday at 19:00", "2026-01-06T23:30"), Start::Now);
    }

    #[test]
    fn what_is_stale_is_left_out() {
        let cadence = Cadence::parse(WEEKLY, Tz::UTC, NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()).unwrap();
        let due = cadence.next(at("2026-01-05T00:00")).unwrap();
        let within = |now| start(CatchUp::Within(Duration::hours(4)), &cadence, due, at(now));
        assert_eq!(within("2026-01-06T14:00"), Start::Now);
        assert_eq!(within("2026-01-06T14:01"), Start::Never);
    }

    proptest::proptest! {
        #[test]
        fn no_instant_makes_it_panic(now in any_instant(), due in any_instant(), text in 0..4_usize) {
            let text = ["every day at 23:30", WEEKLY, "every 3 months on the 31st at 00:00", "0 10 29 2 *"][text];
            for zone in [Tz::UTC, Tz::Pacific__Kiritimati, Tz::Pacific__Niue] {
                let cadence = Cadence::parse(text, zone, NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()).unwrap();
                let due = Occurrence { at: due, wall: due.naive_utc() };
                start(CatchUp::WorkingDay, &cadence, due, now);
                start(CatchUp::Within(Duration::hours(4)), &cadence, due, now);
            }
        }
    }

    /// Any instant that chrono can hold, including its limits.
    fn any_instant() -> impl proptest::strategy::Strategy<Value = Instant> {
        use proptest::prelude::*;
        let (least, most) = (Instant::MIN_UTC.timestamp(), Instant::MAX_UTC.timestamp());
        let seconds = prop_oneof![
            least..=most,
            least..=least + 3 * 86_400,
            most - 3 * 86_400..=most,
            1_700_000_000_i64..1_900_000_000,
        ];
        seconds.prop_map(|at| chrono::DateTime::from_timestamp(at, 0).unwrap())
    }
}
