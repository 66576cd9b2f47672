//! Backing off: pauses that double from a first to a longest one.

use std::time::Duration;

use super::clock::Instant;

/// How a loop or a lookup backs off from what fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
}

impl Backoff {
    pub const fn new(first: Duration, longest: Duration) -> Backoff {
        Backoff { first, longest }
    }

    /// Returns the pause after this many doublings: the first pause after none of them.
    pub fn pause(self, doublings: impl TryInto<u32>) -> Duration {
        // A count below zero is none.
        let doublings = doublings.try_into().unwrap_or_default();
        self.first.saturating_mul(2_u32.saturating_pow(doublings)).min(self.longest)
    }

    /// Returns half of that pause and up to as much again, by a fraction between 0 and 1: what failed together for many
    /// processes is then not tried by all of them together.
    pub fn spread(self, doublings: impl TryInto<u32>, jitter: f64) -> Duration {
        self.pause(doublings).mul_f64(0.5 + jitter / 2.0)
    }

    /// Returns the instant of the next try.
    pub fn next_try(self, doublings: impl TryInto<u32>, now: Instant) -> Instant {
        now + self.pause(doublings)
    }

    pub const fn longest(self) -> Duration {
        self.longest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(1));

    #[test]
    fn pauses_double_up_to_the_longest() {
        let seconds = |doublings: u32| BACKOFF.pause(doublings).as_secs();
        assert_eq!([0, 1, 5, 6, 7, 31, 32, u32::MAX].map(seconds), [1, 2, 32, 60, 60, 60, 60, 60]);
        assert_eq!(BACKOFF.pause(-1_i64), Duration::from_secs(1));
        assert_eq!(BACKOFF.pause(i64::from(u32::MAX)), Duration::from_mins(1));
        assert_eq!(BACKOFF.next_try(2_i64, from_ms(5)), from_ms(4_005));
    }

    #[test]
    fn spread_pauses_stay_between_half_and_all() {
        let seconds = |jitter| BACKOFF.spread(3_u32, jitter).as_secs();
        assert_eq!([0.0, 0.5, 1.0].map(seconds), [4, 6, 8]);
        assert_eq!(BACKOFF.spread(u32::MAX, 1.0), Duration::from_mins(1));
    }
}
