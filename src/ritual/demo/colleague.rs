//! The simulated colleagues and their working hours.

use chrono::{
    DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, TimeZone as _, Timelike as _, Weekday,
};
use chrono_tz::Tz;

use crate::model::clock::Instant;

/// The hours of a working day, in a person's own time zone.
const AT_WORK: std::ops::Range<u32> = 9..17;
/// The hours in which a person is probably awake, in their own time zone.
const AWAKE: std::ops::Range<u32> = 7..23;

/// A simulated colleague.
#[derive(Clone, Debug)]
pub struct Colleague {
    pub id: String,
    pub handle: String,
    /// The full name, by which the bot names givers.
    pub name: String,
    pub first: &'static str,
    pub zone: Tz,
    /// The channel of their department.
    pub department: String,
}

impl Colleague {
    fn wall(&self, at: Instant) -> DateTime<Tz> {
        at.with_timezone(&self.zone)
    }

    /// Returns the day in their time zone.
    pub fn day(&self, at: Instant) -> NaiveDate {
        self.wall(at).date_naive()
    }

    /// Returns the time in their time zone, as in `15:30`.
    pub fn time(&self, at: Instant) -> String {
        self.wall(at).format("%H:%M").to_string()
    }

    /// Whether it is in their working hours.
    pub fn is_at_work(&self, at: Instant) -> bool {
        is_working_day(self.day(at)) && AT_WORK.contains(&self.wall(at).hour())
    }

    /// Whether they are probably awake.
    pub fn is_awake(&self, at: Instant) -> bool {
        AWAKE.contains(&self.wall(at).hour())
    }

    /// Returns the instant this many minutes after their working day begins.
    pub fn at_work(&self, day: NaiveDate, minutes: i64) -> Instant {
        let begins = NaiveTime::from_hms_opt(AT_WORK.start, 0, 0).unwrap_or_default();
        let wall = day.and_time(begins) + Duration::minutes(minutes);
        // No zone here changes its clocks in working hours; UTC would do.
        let at = self.zone.from_local_datetime(&wall).earliest();
        at.map_or_else(|| wall.and_utc(), |at| at.to_utc())
    }

    /// Returns this instant if they are at work, otherwise this many minutes into their next working day.
    pub fn at_work_from(&self, at: Instant, minutes: i64) -> Instant {
        if self.is_at_work(at) {
            return at;
        }
        let today = self.day(at);
        let days = today.iter_days().filter(|day| is_working_day(*day));
        days.map(|day| self.at_work(day, minutes)).find(|begins| *begins > at).unwrap_or(at)
    }
}

/// Returns the minutes of a working day.
pub fn working_minutes() -> i64 {
    i64::from(AT_WORK.end - AT_WORK.start) * 60
}

/// Whether people work on this day.
pub fn is_working_day(day: NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}
