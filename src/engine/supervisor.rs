//! Keeps the loops running: a loop that panics or returns is started again, and each says by its heartbeat that it works.

use std::{
    fmt::Display,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{panics::guarded, stopped};

/// How often a loop beats that waits for something which may take long.
const BEAT_EVERY: Duration = Duration::from_secs(2);
/// The first and the longest pause after a turn that failed.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// The same trouble is not announced again within this time.
const QUIET: Duration = Duration::from_mins(1);

/// A loop, for readiness and for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loop {
    /// Its name in the log and in the metrics.
    pub name: &'static str,
    /// The part of readiness that it belongs to.
    pub part: &'static str,
    /// The loop counts as stuck when its last heartbeat is older than this.
    pub limit: Duration,
}

/// How loops are started again.
#[derive(Clone, Copy, Debug)]
pub struct Restarts {
    /// The pause before the first restart; it doubles with each that follows.
    pub first: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// A loop that ran for this long has recovered.
    pub recovered_after: Duration,
    /// After this many restarts without recovery the loop counts as not ready even while it runs.
    pub repeated: u32,
}

impl Default for Restarts {
    fn default() -> Restarts {
        Restarts {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(30),
            recovered_after: Duration::from_mins(1),
            repeated: 3,
        }
    }
}

/// Starts loops and starts them again. Cheap to clone.
#[derive(Clone, Default)]
pub struct Supervisor {
    restarts: Restarts,
    loops: Arc<Mutex<Vec<Heartbeat>>>,
}

impl Supervisor {
    /// A supervisor with these pauses.
    pub fn new(restarts: Restarts) -> Supervisor {
        Supervisor { restarts, loops: Arc::default() }
    }

    /// A loop that is run until the shutdown, by the future that comes back. From now on it counts for readiness.
    pub fn keep<F>(
        &self,
        kept: Loop,
        mut shutdown: watch::Receiver<bool>,
        mut start: impl FnMut(Heartbeat) -> F,
    ) -> impl Future<Output = ()>
    where
        F: Future<Output = ()>,
    {
        let heartbeat = self.enrol(kept);
        let restarts = self.restarts;
        async move {
            loop {
                let since = heartbeat.starts();
                let ended = guarded(async { start(heartbeat.clone()).await }).await;
                if ended.is_ok() && *shutdown.borrow() {
                    return;
                }
                let why = match ended {
                    Ok(()) => "it returned".to_owned(),
                    Err(panicked) => panicked.to_string(),
                };
                metrics::counter!("rondo_loop_restarts_total", "loop" => kept.name).increment(1);
                let pause = heartbeat.falls(since.elapsed() >= restarts.recovered_after, &restarts, &why);
                tokio::select! {
                    () = sleep(pause) => {}
                    () = stopped(&mut shutdown) => return,
                }
            }
        }
    }

    /// The parts that the loops belong to, each with what is wrong with it.
    pub fn parts(&self) -> Vec<(&'static str, Option<String>)> {
        let now = Instant::now();
        let mut parts: Vec<(&'static str, Option<String>)> = Vec::new();
        for heartbeat in self.loops().iter() {
            let wrong = heartbeat.wrong(now, &self.restarts);
            match parts.iter_mut().find(|(part, _)| *part == heartbeat.kept.part) {
                Some((_, known)) => *known = known.take().or(wrong),
                None => parts.push((heartbeat.kept.part, wrong)),
            }
        }
        parts
    }

    fn enrol(&self, kept: Loop) -> Heartbeat {
        let mut loops = self.loops();
        // Workers of one kind meet the same troubles, which are announced once.
        let known = loops.iter().find(|other| other.kept.name == kept.name);
        let trouble = known.map_or_else(Arc::default, |other| other.trouble.clone());
        let heartbeat = Heartbeat { kept, life: Arc::new(Mutex::new(Life::new())), trouble };
        loops.push(heartbeat.clone());
        heartbeat
    }

    fn loops(&self) -> MutexGuard<'_, Vec<Heartbeat>> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// By which a loop says that it works. Cheap to clone.
#[derive(Clone)]
pub struct Heartbeat {
    kept: Loop,
    life: Arc<Mutex<Life>>,
    trouble: Arc<Mutex<Trouble>>,
}

struct Life {
    beat: Instant,
    started: Instant,
    /// Whether it is between a fall and the restart.
    is_down: bool,
    /// How often it fell without recovering.
    falls: u32,
    /// How many turns failed in a row.
    failures: u32,
}

impl Life {
    fn new() -> Life {
        let now = Instant::now();
        Life { beat: now, started: now, is_down: false, falls: 0, failures: 0 }
    }
}

impl Heartbeat {
    /// A turn of the loop is done, and did not fail.
    pub fn beat(&self) {
        let mut life = self.life();
        life.beat = Instant::now();
        if life.failures > 0 {
            life.failures = 0;
            drop(life);
            self.trouble().ends(self.kept.name);
        }
    }

    /// A turn failed. It is no heartbeat: a loop whose turns all fail is as good as stuck. Answers how long to pause.
    pub fn failed(&self, error: &dyn Display) -> Duration {
        let mut life = self.life();
        life.failures = life.failures.saturating_add(1);
        let pause = doubled(FIRST_PAUSE, life.failures - 1, LONGEST_PAUSE);
        drop(life);
        metrics::counter!("rondo_loop_failures_total", "loop" => self.kept.name).increment(1);
        self.trouble().goes_on(self.kept.name, &error.to_string());
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

    /// The same for at most so long; after that the heart stands still until the work is done.
    pub async fn during_at_most<T>(&self, limit: Duration, work: impl Future<Output = T>) -> T {
        let mut work = std::pin::pin!(work);
        match tokio::time::timeout(limit, self.during(&mut work)).await {
            Ok(done) => done,
            Err(_) => work.await,
        }
    }

    /// Notes a start, and answers when it was.
    fn starts(&self) -> Instant {
        let now = Instant::now();
        let mut life = self.life();
        (life.beat, life.started, life.is_down) = (now, now, false);
        now
    }

    /// Notes a fall, and answers how long to pause before the restart.
    fn falls(&self, had_recovered: bool, restarts: &Restarts, why: &str) -> Duration {
        let mut life = self.life();
        life.is_down = true;
        life.falls = if had_recovered { 1 } else { life.falls.saturating_add(1) };
        let (falls, pause) = (life.falls, doubled(restarts.first, life.falls - 1, restarts.longest));
        drop(life);
        // Of a loop that falls again and again every doubling is announced.
        if falls.is_power_of_two() {
            tracing::error!(
                name = self.kept.name,
                why,
                falls,
                restart_in_seconds = pause.as_secs(),
                "a loop fell and is started again"
            );
        }
        pause
    }

    /// What is wrong with the loop, for an operator.
    fn wrong(&self, now: Instant, restarts: &Restarts) -> Option<String> {
        let life = self.life();
        let (name, age) = (self.kept.name, now.saturating_duration_since(life.beat));
        if life.is_down {
            Some(format!("the loop {name} fell and is about to be started again"))
        } else if life.falls >= restarts.repeated && now - life.started < restarts.recovered_after {
            Some(format!("the loop {name} fell {} times in a row", life.falls))
        } else if age > self.kept.limit {
            Some(format!("the loop {name} did nothing for {} s", age.as_secs()))
        } else {
            None
        }
    }

    fn life(&self) -> MutexGuard<'_, Life> {
        // A panic cannot leave these few values half written.
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self) -> MutexGuard<'_, Trouble> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A trouble that goes on, so that the log has a line for its beginning and one for its end.
#[derive(Default)]
struct Trouble {
    error: Option<String>,
    since: Option<Instant>,
    announced: Option<Instant>,
    times: u64,
}

impl Trouble {
    fn goes_on(&mut self, name: &'static str, error: &str) {
        let now = Instant::now();
        self.since.get_or_insert(now);
        self.times += 1;
        let is_new = self.error.as_deref() != Some(error);
        let is_quiet = self.announced.is_some_and(|at| now - at < QUIET);
        if is_new && !is_quiet {
            tracing::warn!(name, error, "a loop cannot do its work; it keeps trying");
            self.error = Some(error.to_owned());
            self.announced = Some(now);
        }
    }

    fn ends(&mut self, name: &'static str) {
        let since = self.since.take();
        let times = std::mem::take(&mut self.times);
        if let (Some(since), Some(_)) = (since, self.error.take()) {
            tracing::info!(name, times, seconds = since.elapsed().as_secs(), "the loop works again");
        }
    }
}

/// A pause that doubles with each time, up to the longest.
pub(super) fn doubled(first: Duration, times: u32, longest: Duration) -> Duration {
    first.saturating_mul(2_u32.saturating_pow(times)).min(longest)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    const QUICK: Restarts = Restarts {
        first: Duration::from_millis(1),
        longest: Duration::from_millis(4),
        recovered_after: Duration::from_mins(1),
        repeated: 3,
    };
    const KEPT: Loop = Loop { name: "ticker", part: "ticker", limit: Duration::from_secs(10) };

    fn wrong(supervisor: &Supervisor, later: Duration) -> Option<String> {
        let heartbeat = supervisor.loops()[0].clone();
        heartbeat.wrong(Instant::now() + later, &supervisor.restarts)
    }

    #[tokio::test]
    async fn a_loop_that_panics_or_returns_is_started_again_until_the_shutdown() {
        let supervisor = Supervisor::new(QUICK);
        let (stop, stopping) = watch::channel(false);
        let starts = AtomicU32::new(0);
        let kept = supervisor.keep(KEPT, stopping.clone(), |_| {
            let start = starts.fetch_add(1, Ordering::Relaxed);
            let mut stopping = stopping.clone();
            async move {
                match start {
                    0 => panic!("at work"),
                    1 => {}
                    _ => stopped(&mut stopping).await,
                }
            }
        });
        let watches = async {
            while starts.load(Ordering::Relaxed) < 3 {
                tokio::task::yield_now().await;
            }
            assert_eq!(wrong(&supervisor, Duration::ZERO), None, "two falls are not yet many");
            stop.send_replace(true);
        };
        tokio::join!(kept, watches);
        assert_eq!(starts.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_start_that_panics_itself_is_a_fall_too() {
        let supervisor = Supervisor::new(QUICK);
        let (stop, stopping) = watch::channel(false);
        let mut starts = 0;
        let kept = supervisor.keep(KEPT, stopping, move |_| {
            starts += 1;
            assert_ne!(starts, 1, "before the first turn");
            stop.send_replace(true);
            std::future::ready(())
        });
        kept.await;
    }

    #[tokio::test]
    async fn readiness_falls_while_a_loop_is_down_and_while_it_keeps_falling() {
        let supervisor = Supervisor::new(QUICK);
        let heartbeat = supervisor.enrol(KEPT);
        for fall in 1..=4 {
            heartbeat.falls(false, &QUICK, "a panic");
            assert!(wrong(&supervisor, Duration::ZERO).unwrap().contains("about to be started"));
            heartbeat.starts();
            assert_eq!(wrong(&supervisor, Duration::ZERO).is_some(), fall >= 3, "{fall}");
        }
        for _ in 0..10 {
            heartbeat.beat();
        }
        assert_eq!(wrong(&supervisor, Duration::ZERO).unwrap(), "the loop ticker fell 4 times in a row");
        heartbeat.falls(true, &QUICK, "a panic");
        heartbeat.starts();
        assert_eq!(wrong(&supervisor, Duration::ZERO), None, "it had recovered between");
    }

    #[tokio::test]
    async fn a_loop_that_stands_still_or_only_fails_is_not_ready() {
        let supervisor = Supervisor::new(QUICK);
        let heartbeat = supervisor.enrol(KEPT);
        assert_eq!(wrong(&supervisor, Duration::from_secs(9)), None);
        assert_eq!(
            wrong(&supervisor, Duration::from_secs(11)).unwrap(),
            "the loop ticker did nothing for 11 s"
        );
        let pauses: Vec<u64> = (0..6).map(|_| heartbeat.failed(&"locked").as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 8, 8]);
        assert!(wrong(&supervisor, Duration::from_secs(11)).is_some());
        heartbeat.beat();
        assert_eq!(heartbeat.failed(&"locked"), FIRST_PAUSE);
    }

    #[tokio::test]
    async fn a_part_is_as_ready_as_the_worst_of_its_loops() {
        let supervisor = Supervisor::new(QUICK);
        let workers = [supervisor.enrol(KEPT), supervisor.enrol(KEPT), supervisor.enrol(KEPT)];
        supervisor.enrol(Loop { name: "nightly", part: "directory", ..KEPT });
        workers[1].falls(false, &QUICK, "a panic");
        let parts = supervisor.parts();
        let ready: Vec<_> = parts.iter().map(|(part, wrong)| (*part, wrong.is_none())).collect();
        assert_eq!(ready, [("ticker", false), ("directory", true)]);
    }

    #[tokio::test]
    async fn who_waits_for_something_long_beats_meanwhile() {
        let supervisor = Supervisor::new(QUICK);
        let heartbeat = supervisor.enrol(KEPT);
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
