//! What the clock on a person's wall shows, and what it will show.

use std::ops::Deref;

use chrono::{Duration, NaiveDateTime, Timelike as _};
use chrono_tz::Tz;

use crate::model::{cadence::resolve, clock::Instant};

/// The time on the wall of a person, at an instant.
#[derive(Clone, Copy, Debug)]
pub struct Wall {
    at: Instant,
    zone: Tz,
    shown: NaiveDateTime,
}

impl Wall {
    pub fn new(at: Instant, zone: Tz) -> Wall {
        Wall { at, zone, shown: at.with_timezone(&zone).naive_local() }
    }

    /// Returns what it shows so long from now. Of an hour that comes twice, the first is meant where a time of it stands alone, so instead of
    /// a time in the second one it's the end of that hour.
    pub(super) fn after(self, span: Duration) -> Option<NaiveDateTime> {
        let at = self.at.checked_add_signed(span)?;
        let shown = at.with_timezone(&self.zone).naive_local();
        if resolve(self.zone, shown).is_none_or(|first| first >= at) {
            return Some(shown);
        }
        shown.with_minute(0)?.with_second(0)?.checked_add_signed(Duration::hours(1))
    }
}

impl Deref for Wall {
    type Target = NaiveDateTime;

    fn deref(&self) -> &NaiveDateTime {
        &self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(zone: Tz, now: &str, minutes: i64) -> String {
        let now = resolve(zone, format!("{now}:00").parse().unwrap()).unwrap();
        Wall::new(now, zone).after(Duration::minutes(minutes)).unwrap().to_string()
    }

    #[test]
    fn hours_are_counted_through_a_change_of_the_clock() {
        let (york, berlin) = (Tz::America__New_York, Tz::Europe__Berlin);
        assert_eq!(after(york, "2027-03-12T12:01", 40 * 60), "2027-03-14 05:01:00");
        assert_eq!(after(berlin, "2027-03-28T01:31", 60), "2027-03-28 03:31:00");
        assert_eq!(after(berlin, "2027-03-28T01:31", 120), "2027-03-28 04:31:00");
        assert_eq!(after(berlin, "2027-03-28T01:31", 9 * 60), "2027-03-28 11:31:00");
        assert_eq!(after(berlin, "2026-10-25T01:31", 60), "2026-10-25 02:31:00");
        assert_eq!(after(berlin, "2026-10-25T02:31", 60), "2026-10-25 03:00:00", "02:31 comes twice");
        assert_eq!(after(berlin, "2026-10-25T01:31", 180), "2026-10-25 03:31:00");
    }
}
