//! The only reader of the wall clock: time is a value that is handed down.

use std::{sync::Arc, time::Duration};

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
    Machine,
    Steered { now_ms: Arc<dyn Fn() -> i64 + Send + Sync>, moved: watch::Receiver<u64> },
}

impl Clock {
    /// The machine's own clock.
    pub fn machine() -> Clock {
        Clock { source: Source::Machine }
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
            Source::Machine => Utc::now().timestamp_millis(),
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
                Source::Machine => None,
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
