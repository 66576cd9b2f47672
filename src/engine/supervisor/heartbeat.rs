//! The heartbeat of a loop: when it last did its work, and how often it failed or was restarted.

use std::{
    fmt::Display,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::{Loop, Restarts};
use crate::model::{backoff::Backoff, episode::Episode};

/// How often a loop beats while it waits for something that may take long.
const BEAT_EVERY: Duration = Duration::from_secs(2);
/// The pauses after turns that failed.
const FAILED: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(8));
/// The pauses after turns in which the store wrote nothing.
const REFUSED: Backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(5));

/// Shows that a loop works. Cheap to clone.
#[derive(Clone)]
pub struct Heartbeat {
    kept: Loop,
    life: Arc<Mutex<LoopState>>,
    problem: Arc<Episode>,
}

struct LoopState {
    beat: Instant,
    started: Instant,
    /// Whether it waits for its restart.
    is_down: bool,
    /// How often it stopped without recovering.
    falls: u32,
    /// How many turns in a row failed, and how many wrote nothing.
    failures: u32,
    refusals: u32,
}

impl Heartbeat {
    pub(super) fn new(kept: Loop, problem: Arc<Episode>) -> Heartbeat {
        let now = Instant::now();
        let life = LoopState { beat: now, started: now, is_down: false, falls: 0, failures: 0, refusals: 0 };
        Heartbeat { kept, life: Arc::new(Mutex::new(life)), problem }
    }

    pub(super) fn kept(&self) -> &Loop {
        &self.kept
    }

    pub(super) fn episode(&self) -> Arc<Episode> {
        Arc::clone(&self.problem)
    }

    /// Notes a turn that did not fail.
    pub fn beat(&self) {
        let mut life = self.life();
        life.beat = Instant::now();
        life.refusals = 0;
        if std::mem::take(&mut life.failures) > 0 {
            drop(life);
            self.problem.ended();
        }
    }

    /// Notes a failed turn; `kind` is one of a few fixed words. It does not count as a heartbeat, since a loop whose
    /// turns all fail is as good as stuck. Returns how long to pause.
    pub fn failed(&self, kind: &'static str, error: &impl Display) -> Duration {
        let mut life = self.life();
        let pause = FAILED.pause(life.failures);
        life.failures = life.failures.saturating_add(1);
        drop(life);
        metrics::counter!("rondo_loop_failures_total", "loop" => self.kept.name).increment(1);
        self.problem.goes_on(kind, error);
        pause
    }

    /// Notes a turn in which the store let this process write nothing, for example because another process has claimed
    /// the work. It does not count as a heartbeat: if that goes on, nothing is done. Returns how long to pause.
    pub fn refused(&self) -> Duration {
        let mut life = self.life();
        let pause = REFUSED.pause(life.refusals);
        life.refusals = life.refusals.saturating_add(1);
        drop(life);
        metrics::counter!("rondo_loop_refusals_total", "loop" => self.kept.name).increment(1);
        pause
    }

    /// Waits for something that may take long, and beats meanwhile.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        loop {
            self.beat();
            tokio::select! {
                biased;
                done = &mut work => {
                    self.beat();
                    return done;
                }
                () = sleep(BEAT_EVERY) => {}
            }
        }
    }

    /// The same for at most `limit`; after that it does not beat until the work is done.
    pub async fn during_at_most<T>(&self, limit: Duration, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        match tokio::time::timeout(limit, self.during(&mut work)).await {
            Ok(done) => done,
            Err(_) => work.await,
        }
    }

    /// Notes a start, and returns its time.
    pub(super) fn note_start(&self) -> Instant {
        let now = Instant::now();
        let mut life = self.life();
        (life.beat, life.started, life.is_down) = (now, now, false);
        now
    }

    /// Notes a panic or an end of the loop, and returns how long to pause before the restart.
    pub(super) fn note_fall(&self, had_recovered: bool, restarts: &Restarts, why: &str) -> Duration {
        let mut life = self.life();
        life.is_down = true;
        life.falls = if had_recovered { 1 } else { life.falls.saturating_add(1) };
        let falls = life.falls;
        drop(life);
        let pause = restarts.backoff.pause(falls - 1);
        // Of repeated restarts every doubling is logged.
        if falls.is_power_of_two() {
            tracing::error!(
                name = self.kept.name,
                why,
                falls,
                restart_in_seconds = pause.as_secs(),
                "a loop stopped and is started again: please report this line"
            );
        }
        pause
    }

    /// Returns what is wrong with the loop, for an operator.
    pub(super) fn fault(&self, now: Instant, restarts: &Restarts) -> Option<String> {
        let life = self.life();
        let (name, age) = (self.kept.name, now.saturating_duration_since(life.beat));
        if life.is_down {
            Some(format!("the loop {name} stopped and is about to be started again"))
        } else if life.falls >= restarts.repeated && now - life.started < restarts.recovered_after {
            Some(format!("the loop {name} stopped {} times in a row", life.falls))
        } else if age > self.kept.limit {
            Some(format!("the loop {name} did nothing for {} s", age.as_secs()))
        } else {
            None
        }
    }

    fn life(&self) -> MutexGuard<'_, LoopState> {
        // A panic cannot leave these few values half written.
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_for_something_long_beats_meanwhile() {
        let kept = Loop { name: "a", part: "a", undone: "nothing is done", limit: Duration::from_secs(1) };
        let heartbeat = Heartbeat::new(kept, Arc::new(Episode::of(kept.undone)));
        let before = heartbeat.life().beat;
        assert_eq!(heartbeat.during(std::future::ready(7)).await, 7);
        assert!(heartbeat.life().beat > before);
        let before = heartbeat.life().beat;
        let work = async {
            tokio::task::yield_now().await;
            8
        };
        assert_eq!(heartbeat.during_at_most(Duration::ZERO, work).await, 8);
        assert!(heartbeat.life().beat > before);
    }
}
