//! Decides whether to believe the wall clock. While a process runs, a clock that jumps by more than minutes is more
//! often wrong than right, and what was started or skipped meanwhile cannot be undone. So a jump is doubted until
//! Slack's clock shows the same.

use chrono::Duration;

use super::Instant;

/// Corrections up to this are believed.
const SMALL: Duration = Duration::minutes(5);
/// The greatest age of Slack's time that counts: it was requested because of the doubt.
const FRESH: Duration = Duration::minutes(2);

/// What a wall clock and a stopwatch showed at once. A stopwatch can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ClockReading {
    pub(super) wall: Instant,
    pub(super) passed: Duration,
}

impl ClockReading {
    /// Returns what the wall clock shows when the stopwatch shows `passed`, unless it is set in between.
    fn wall_at(self, passed: Duration) -> Instant {
        self.wall + (passed - self.passed)
    }
}

/// Whether the wall clock is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    Believed,
    /// It jumped by this, negative if it was set back: the stopwatch is used instead.
    Doubted(Duration),
}

/// Watches a wall clock. The first reading is believed: after a start there is no jump, however long the process was
/// down.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClockWatch {
    /// The last reading that was believed.
    believed: ClockReading,
}

impl ClockWatch {
    /// Returns a watch that believes this reading.
    pub(super) fn new(look: ClockReading) -> ClockWatch {
        ClockWatch { believed: look }
    }

    /// Returns the time when the stopwatch shows `passed`, by the last believed reading.
    pub(super) fn now(&self, passed: Duration) -> Instant {
        self.believed.wall_at(passed)
    }

    /// Judges a reading. `slack` is the last time that Slack showed, and what the stopwatch showed then.
    pub(super) fn look(&mut self, look: ClockReading, slack: Option<ClockReading>) -> Trust {
        let jump = look.wall - self.believed.wall_at(look.passed);
        let is_confirmed = slack
            .filter(|slack| look.passed - slack.passed <= FRESH)
            .is_some_and(|slack| (look.wall - slack.wall_at(look.passed)).abs() <= SMALL);
        if jump.abs() <= SMALL || is_confirmed {
            self.believed = look;
            return Trust::Believed;
        }
        Trust::Doubted(jump)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    const YEAR: i64 = 365 * 24 * 3_600;

    /// A reading this many seconds after the start, by the wall clock and by the stopwatch.
    fn at(wall: i64, passed: i64) -> ClockReading {
        ClockReading { wall: from_ms(1_700_000_000_000 + wall * 1_000), passed: Duration::seconds(passed) }
    }

    fn watch() -> ClockWatch {
        ClockWatch::new(at(0, 0))
    }

    #[test]
    fn a_clock_that_goes_evenly_is_believed() {
        let mut watch = watch();
        for seconds in [1, 60, 3_600, YEAR] {
            assert_eq!(watch.look(at(seconds, seconds), None), Trust::Believed);
        }
    }

    #[test]
    fn small_corrections_are_believed() {
        let mut watch = watch();
        assert_eq!(watch.look(at(300, 0), None), Trust::Believed);
        assert_eq!(watch.look(at(0, 0), None), Trust::Believed);
    }

    #[test]
    fn a_jump_ahead_is_doubted_until_the_clock_is_right_again() {
        let mut watch = watch();
        let jump = Duration::seconds(YEAR);
        assert_eq!(watch.look(at(YEAR + 4, 4), None), Trust::Doubted(jump));
        assert_eq!(watch.look(at(YEAR + 8, 8), None), Trust::Doubted(jump), "it does not get used to it");
        assert_eq!(watch.look(at(9, 9), None), Trust::Believed);
    }

    #[test]
    fn a_jump_back_is_doubted_too() {
        let mut watch = watch();
        assert_eq!(watch.look(at(-3_600, 10), None), Trust::Doubted(Duration::seconds(-3_610)));
    }

    #[test]
    fn slack_confirms_a_jump_or_does_not() {
        let mut watch = watch();
        let before = Some(at(1, 1));
        assert!(matches!(watch.look(at(YEAR, 10), before), Trust::Doubted(_)), "Slack showed another time");
        assert!(matches!(watch.look(at(YEAR, 10), Some(at(9, 9))), Trust::Doubted(_)));
        assert_eq!(watch.look(at(YEAR, 10), Some(at(YEAR - 1, 9))), Trust::Believed);
        assert_eq!(watch.look(at(YEAR + 5, 15), None), Trust::Believed, "from then on it is the time");
    }

    #[test]
    fn what_slack_showed_long_ago_confirms_nothing() {
        let mut watch = watch();
        let slack = Some(at(YEAR, 10));
        assert!(matches!(watch.look(at(YEAR + 200, 210), slack), Trust::Doubted(_)));
        assert_eq!(watch.look(at(YEAR + 120, 130), slack), Trust::Believed);
    }
}
