//! The sandbox's time, which tests can freeze and move. Only this file reads the machine's clock.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// The last instant whose time stamp has ten digits, in the year 2286.
const LATEST_MS: i64 = 9_999_999_999_000;

/// A clock in milliseconds since the epoch. Clones share one time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pace: Mutex<Pace>,
    moved: watch::Sender<u64>,
}

#[derive(Debug, Clone, Copy)]
enum Pace {
    Running { from_ms: i64, since: Instant },
    Frozen { at_ms: i64 },
}

impl Pace {
    fn now_ms(self) -> i64 {
        match self {
            Pace::Frozen { at_ms } => at_ms,
            Pace::Running { from_ms, since } => {
                from_ms.saturating_add(i64::try_from(since.elapsed().as_millis()).unwrap_or(i64::MAX))
            }
        }
    }
}

impl Default for Clock {
    fn default() -> Self {
        Clock::real()
    }
}

impl Clock {
    /// A clock that shows the machine's time.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    pub fn real() -> Clock {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Clock::running_from(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
    }

    /// A clock that starts at `ms` and runs in real time.
    pub fn running_from(ms: i64) -> Clock {
        Clock::with(Pace::Running { from_ms: ms, since: Instant::now() })
    }

    /// A clock that stands at `ms` until it is moved.
    pub fn frozen_at(ms: i64) -> Clock {
        Clock::with(Pace::Frozen { at_ms: ms })
    }

    fn with(pace: Pace) -> Clock {
        Clock(Arc::new(Inner { pace: Mutex::new(pace), moved: watch::Sender::new(0) }))
    }

    /// Returns the present time in milliseconds since the epoch.
    pub fn now_ms(&self) -> i64 {
        self.pace().now_ms()
    }

    /// Moves forward to `ms`. A time in the past changes nothing.
    pub fn advance_to(&self, ms: i64) {
        if ms > self.now_ms() {
            self.set(ms);
        }
    }

    /// Moves forward by `ms`.
    pub fn advance_by(&self, ms: i64) {
        self.advance_to(self.now_ms().saturating_add(ms));
    }

    /// Moves to `ms`, backwards too, as far as time stamps have ten digits. A running clock runs on from there.
    pub fn set(&self, ms: i64) {
        let ms = ms.clamp(0, LATEST_MS);
        {
            let mut pace = self.0.pace.lock().unwrap_or_else(PoisonError::into_inner);
            *pace = match *pace {
                Pace::Frozen { .. } => Pace::Frozen { at_ms: ms },
                Pace::Running { .. } => Pace::Running { from_ms: ms, since: Instant::now() },
            };
        }
        self.0.moved.send_modify(|moves| *moves += 1);
    }

    /// Changes when the clock is moved explicitly.
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.0.moved.subscribe()
    }

    /// Waits until the clock shows `deadline_ms`, whether it runs there or is moved.
    pub async fn reaches(&self, deadline_ms: i64) {
        let mut moved = self.moved();
        loop {
            moved.mark_unchanged();
            let pace = self.pace();
            let left_ms = deadline_ms.saturating_sub(pace.now_ms());
            if left_ms <= 0 {
                return;
            }
            let runs = matches!(pace, Pace::Running { .. });
            tokio::select! {
                changed = moved.changed() => if changed.is_err() { return; },
                () = tokio::time::sleep(Duration::from_millis(left_ms.unsigned_abs())), if runs => {}
            }
        }
    }

    /// Whether the clock moves by itself.
    pub(crate) fn runs(&self) -> bool {
        matches!(self.pace(), Pace::Running { .. })
    }

    fn pace(&self) -> Pace {
        *self.0.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_when_told() {
        let clock = Clock::frozen_at(1_000);
        assert_eq!(clock.now_ms(), 1_000);
        clock.advance_to(5_000);
        clock.advance_to(2_000);
        assert_eq!(clock.now_ms(), 5_000);
        clock.set(2_000);
        assert_eq!(clock.clone().now_ms(), 2_000);
    }

    #[tokio::test]
    async fn moving_past_the_deadline_ends_waiting() {
        let clock = Clock::frozen_at(0);
        let waiting = tokio::spawn({
            let clock = clock.clone();
            async move { clock.reaches(60_000).await }
        });
        clock.advance_to(60_000);
        waiting.await.expect("the wait ends");
    }
}
