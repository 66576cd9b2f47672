//! Keeps the loops running: a loop that panics or returns is restarted, and each shows by its heartbeat that it works.

mod heartbeat;
#[cfg(test)]
mod tests;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

pub use self::heartbeat::Heartbeat;
use super::{panics::guarded, stopped};
use crate::model::{backoff::Backoff, episode::Episode};

/// A loop, for readiness and for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Its name in the log and in the metrics.
    pub name: &'static str,
    /// The part of readiness that it belongs to.
    pub part: &'static str,
    /// What is not done while its turns fail, as in `nothing is posted`.
    pub undone: &'static str,
    /// The loop counts as stuck when its last heartbeat is older than this.
    pub limit: Duration,
}

/// How loops are restarted.
#[derive(Clone, Copy, Debug)]
pub struct Restarts {
    pub backoff: Backoff,
    /// A loop that ran for this long has recovered.
    pub recovered_after: Duration,
    /// After this many restarts without recovery the loop counts as not ready even while it runs.
    pub repeated: u32,
}

impl Default for Restarts {
    fn default() -> Restarts {
        Restarts {
            backoff: Backoff::new(Duration::from_secs(1), Duration::from_secs(30)),
            recovered_after: Duration::from_mins(1),
            repeated: 3,
        }
    }
}

/// Starts and restarts loops. Cheap to clone.
#[derive(Clone, Default)]
pub struct Supervisor {
    restarts: Restarts,
    loops: Arc<Mutex<Vec<Heartbeat>>>,
}

impl Supervisor {
    pub fn new(restarts: Restarts) -> Supervisor {
        Supervisor { restarts, loops: Arc::default() }
    }

    /// Runs a loop until the shutdown, as the returned future. From now on it counts for readiness.
    pub fn keep<F, S>(
        &self,
        kept: Loop,
        mut shutdown: watch::Receiver<bool>,
        mut start: S,
    ) -> impl Future<Output = ()> + use<F, S>
    where
        F: Future<Output = ()>,
        S: FnMut(Heartbeat) -> F,
    {
        let heartbeat = self.enrol(kept);
        let restarts = self.restarts;
        async move {
            loop {
                let since = heartbeat.note_start();
                let ended = guarded(async { start(heartbeat.clone()).await }).await;
                if ended.is_ok() && *shutdown.borrow() {
                    return;
                }
                let why = match ended {
                    Ok(()) => "it returned".to_owned(),
                    Err(panicked) => panicked.to_string(),
                };
                metrics::counter!("rondo_loop_restarts_total", "loop" => kept.name).increment(1);
                let pause = heartbeat.note_fall(since.elapsed() >= restarts.recovered_after, &restarts, &why);
                tokio::select! {
                    () = sleep(pause) => {}
                    () = stopped(&mut shutdown) => return,
                }
            }
        }
    }

    /// Returns the parts that the loops belong to, each with what is wrong with it.
    pub fn parts(&self) -> Vec<(&'static str, Option<String>)> {
        let now = Instant::now();
        let mut parts: Vec<(&'static str, Option<String>)> = Vec::new();
        for heartbeat in self.loops().iter() {
            let wrong = heartbeat.fault(now, &self.restarts);
            match parts.iter_mut().find(|(part, _)| *part == heartbeat.kept().part) {
                Some((_, known)) => *known = known.take().or(wrong),
                None => parts.push((heartbeat.kept().part, wrong)),
            }
        }
        parts
    }

    fn enrol(&self, kept: Loop) -> Heartbeat {
        let mut loops = self.loops();
        // Workers of one kind meet the same problems, which are logged once.
        let known = loops.iter().find(|other| other.kept().name == kept.name);
        let problem = known.map_or_else(|| Arc::new(Episode::of(kept.undone)), Heartbeat::episode);
        let heartbeat = Heartbeat::new(kept, problem);
        loops.push(heartbeat.clone());
        heartbeat
    }

    fn loops(&self) -> MutexGuard<'_, Vec<Heartbeat>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
