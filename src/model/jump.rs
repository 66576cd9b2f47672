//! Whether the wall clock is believed. While a process lives, a clock that jumps by more than minutes is more often wrong
//! than right, and what was started or left out meanwhile cannot be taken back. So a jump is doubted until Slack's clock
//! shows the same.

use chrono::Duration;

use super::clock::Instant;

/// Corrections up to this are believed.
const SMALL: Duration = Duration::minutes(5);
/// How old an answer of Slack's may be that tells the time: it was asked for because of the doubt.
const FRESH: Duration = Duration::minutes(2);

/// What a wall clock and a stopwatch showed at once. A stopwatch can't be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The wall clock.
    pub wall: Instant,
    /// The stopwatch.
    pub passed: Duration,
}

impl ClockReading {
    /// What the wall clock shows later, when the stopwatch shows this, unless it is set in between.
    fn wall_at(self, passed: Duration) -> Instant {
        self.wall + (passed - self.passed)
    }
}

/// Whether the wall clock is believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// It can be used.
    Believed,
    /// It jumped by this, which is less than zero where it was set back: the stopwatch is used instead.
    Doubted(Duration),
}

/// Watches a wall clock. It begins with belief: after a start, however long the absence was, there is no jump.
#[derive(Clone, Copy, Debug)]
pub struct ClockWatch {
    /// The last look that was believed.
    believed: ClockReading,
}

impl ClockWatch {
    /// A watch that begins with what the clock shows at a start.
    pub fn new(look: ClockReading) -> ClockWatch {
        ClockWatch { believed: look }
    }

    /// The time by what was believed last, when the stopwatch shows this.
    pub fn now(&self, passed: Duration) -> Instant {
        self.believed.wall_at(passed)
    }

    /// Looks at the clock. `slack` is the last time that Slack's answers showed, and what the stopwatch showed then.
    pub fn look(&mut self, look: ClockReading, slack: Option<ClockReading>) -> Trust {
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

    /// The clock shows so many seconds behind the start when the stopwatch shows so many.
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
