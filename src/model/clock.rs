//! The only reader of the wall clock: time is a value that is handed down.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant as Stopwatch},
};

use chrono::{DateTime, TimeZone, Utc};
use tokio::sync::watch;

/// An instant on the world's time line, in milliseconds when stored.
pub type Instant = DateTime<Utc>;

/// Where a program takes the time from, so that a test or a demo can move it.
#[derive(Clone)]
pub struct Clock {
    source: Source,
}

#[derive(Clone)]
enum Source {
    /// The machine's clock, wrong by so many milliseconds.
    Machine(i64),
    Shared(Arc<Mutex<Shared>>),
    Steered {
        now_ms: Arc<dyn Fn() -> i64 + Send + Sync>,
        moved: watch::Receiver<u64>,
    },
}

/// A time that was read elsewhere, and what has passed since.
struct Shared {
    read_ms: i64,
    since: Stopwatch,
    /// The latest that was shown.
    shown_ms: i64,
}

impl Shared {
    /// What a correction takes back is waited for, unless it is more than this.
    const WAITED_FOR_MS: i64 = 2_000;

    fn now_ms(&mut self) -> i64 {
        let passed = i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        let now = self.read_ms.saturating_add(passed);
        let back = self.shown_ms.saturating_sub(now);
        if !(0..=Shared::WAITED_FOR_MS).contains(&back) {
            self.shown_ms = now;
        }
        self.shown_ms
    }
}

impl Clock {
    /// The machine's own clock.
    pub fn machine() -> Clock {
        Clock::of_machine_ahead_by(0)
    }

    /// The clock of a machine that is so many milliseconds ahead of the time.
    pub fn of_machine_ahead_by(ms: i64) -> Clock {
        Clock { source: Source::Machine(ms) }
    }

    /// A clock that several machines share: it goes on by itself from what was read, whatever happens to the machine's own.
    pub fn shared(read_ms: i64) -> Clock {
        let shared = Shared { read_ms, since: Stopwatch::now(), shown_ms: read_ms };
        Clock { source: Source::Shared(Arc::new(Mutex::new(shared))) }
    }

    /// Corrects a shared clock by what was read now. It does not go back for less than two seconds; it stands still instead.
    pub fn correct(&self, read_ms: i64) {
        if let Source::Shared(shared) = &self.source {
            let mut shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
            (shared.read_ms, shared.since) = (read_ms, Stopwatch::now());
        }
    }

    /// Whether it is shared, so that it is to be corrected now and then.
    pub fn is_shared(&self) -> bool {
        matches!(self.source, Source::Shared(_))
    }

    /// Whether somebody moves it.
    pub fn is_steered(&self) -> bool {
        matches!(self.source, Source::Steered { .. })
    }

    /// A clock that somebody else moves: `now_ms` reads it in milliseconds since the epoch, and
    /// `moved` changes whenever it jumped, so that sleepers look again.
    pub fn steered(now_ms: impl Fn() -> i64 + Send + Sync + 'static, moved: watch::Receiver<u64>) -> Clock {
        Clock { source: Source::Steered { now_ms: Arc::new(now_ms), moved } }
    }

    /// The present instant, cut to the millisecond that the store keeps.
    pub fn now(&self) -> Instant {
        from_ms(self.now_ms())
    }

    /// The present instant in milliseconds since the epoch.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
    pub fn now_ms(&self) -> i64 {
        match &self.source {
            Source::Machine(ahead_ms) => Utc::now().timestamp_millis() + ahead_ms,
            // A panic cannot leave these few values half written.
            Source::Shared(shared) => shared.lock().unwrap_or_else(PoisonError::into_inner).now_ms(),
            Source::Steered { now_ms, .. } => now_ms(),
        }
    }

    /// Sleeps until the clock shows `at`, waking early to look again when the clock is moved.
    pub async fn sleep_until(&self, at: Instant) {
        /// A long sleep is taken in parts, so that a machine whose clock was corrected notices.
        const LOOK_AGAIN: Duration = Duration::from_secs(30);
        loop {
            // The mark is taken before the time is read, so that a move in between is not missed.
            let moved = match &self.source {
                Source::Machine(_) | Source::Shared(_) => None,
                Source::Steered { moved, .. } => {
                    let mut moved = moved.clone();
                    moved.mark_unchanged();
                    Some(moved)
                }
            };
            let Ok(rest) = (at - self.now()).to_std() else { return };
            if rest.is_zero() {
                return;
            }
            let nap = tokio::time::sleep(rest.min(LOOK_AGAIN));
            match moved {
                None => nap.await,
                Some(mut moved) => {
                    tokio::select! {
                        () = nap => {}
                        changed = moved.changed() => if changed.is_err() {
                            // Whoever steered is gone; the clock still reads, so time goes on by itself.
                            tokio::time::sleep(rest.min(LOOK_AGAIN)).await;
                        },
                    }
                }
            }
        }
    }
}

/// The instant `ms` milliseconds after the epoch; what lies outside chrono's range becomes the epoch.
pub fn from_ms(ms: i64) -> Instant {
    Utc.timestamp_millis_opt(ms).single().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_clock_is_corrected_and_does_not_go_back() {
        let clock = Clock::shared(100_000);
        let first = clock.now_ms();
        assert!((100_000..101_000).contains(&first));
        clock.correct(99_000);
        assert!(clock.now_ms() >= first, "it stands still");
        clock.correct(150_000);
        assert!((150_000..151_000).contains(&clock.now_ms()));
        clock.correct(60_000);
        assert!((60_000..61_000).contains(&clock.now_ms()), "so far back is the truth");
        let copy = clock.clone();
        copy.correct(90_000);
        assert!(clock.now_ms() >= 90_000, "copies share it");
    }

    #[test]
    fn only_a_shared_clock_is_corrected() {
        let clock = Clock::steered(|| 5, watch::channel(0).1);
        clock.correct(99_000);
        assert_eq!(clock.now_ms(), 5);
        assert!(clock.is_steered() && !clock.is_shared());
    }
}
