//! Starts what is due: each run exactly once, at its time or as late as its ritual allows.
//!
//! A tick claims what is due and hands it to its ritual. What the ritual answers, the end of the run and the beginning of
//! the next are one unit, guarded by the attempt: of two processes that have the same run in hand, one writes. A
//! programme always has one run ahead of it, so what was missed while nobody was there is met run by run, and each that is
//! left out keeps a row that says why.

use chrono::Duration;
use futures_util::{StreamExt as _, stream};
use tokio::sync::watch;

use super::{Engine, outbox::Step, stopped};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::{self, Start},
        clock::Instant,
        failure::Failure,
    },
    rituals::ritual::{Ran, Ritual},
    store::{
        StoreError,
        programmes::Programme,
        runs::{self, Ended, OVERTAKEN, Run},
        unit::{Outcome, Unit},
    },
};

/// How long an attempt has before another one may take over. The planning of 5,000 people takes a few seconds.
const LEASE_SECONDS: i64 = 60;
/// How many runs one tick takes in hand.
const A_TICK: i64 = 64;
/// How many of them are under way at once; they share commits.
const AT_ONCE: usize = 32;
/// How often a run is tried that fails for a reason of the program's own.
const MOST_ATTEMPTS: i64 = 5;
/// The longest pause between two tries.
const LONGEST_PAUSE_SECONDS: i64 = 300;
/// Why something that was missed is left out, for those who look the programme up.
const TOO_LATE: &str = "I was not running at the time, and it was too late when I came back";

/// The same where the ritual's own guard says so: there is one round a day, for instance.
const ALREADY: &str = "there was one on that day already";

/// The ticker of one workspace. Replicas tick side by side.
#[derive(Clone)]
pub struct Ticker {
    engine: Engine,
}

impl Ticker {
    /// The ticker.
    pub fn new(engine: Engine) -> Ticker {
        Ticker { engine }
    }

    /// Does what is due, or says when there will be something.
    pub async fn tick_once(&self) -> Result<Step, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let due = store.due_runs(team, clock.now(), A_TICK).await?;
        if due.is_empty() {
            return Ok(Step::Idle(store.next_run_at(team).await?));
        }
        let results: Vec<_> =
            stream::iter(due).map(|run| self.take(run)).buffer_unordered(AT_ONCE).collect().await;
        results.into_iter().collect::<Result<Vec<()>, _>>()?;
        Ok(Step::Worked)
    }

    /// Ticks until the shutdown; what is in hand then is finished.
    pub async fn run(self, mut shutdown: watch::Receiver<bool>) {
        /// Another replica may have started a programme.
        const LOOK_AGAIN: Duration = Duration::seconds(5);
        if let Err(error) = self.mend().await {
            tracing::warn!(%error, "the programmes could not be looked through; what is planned stays");
        }
        while !*shutdown.borrow() {
            let filled = self.engine.store.runs_put();
            let tick = self.tick_once().await;
            let now = self.engine.clock.now();
            let until = match tick {
                Ok(Step::Worked) => continue,
                Ok(Step::Idle(until)) => until.map_or(now + LOOK_AGAIN, |at| at.min(now + LOOK_AGAIN)),
                Err(error) => {
                    tracing::warn!(%error, "what is due cannot be read or written; trying again");
                    now + Duration::seconds(1)
                }
            };
            tokio::select! {
                () = self.engine.clock.sleep_until(until) => {}
                () = filled => {}
                () = stopped(&mut shutdown) => {}
            }
        }
    }

    /// Gives each programme the run that it should have ahead, at the instant that today's zone data say.
    pub async fn mend(&self) -> Result<(), StoreError> {
        let Engine { store, team, .. } = &self.engine;
        for programme in store.programmes(team).await? {
            let Some(kind) = self.ritual(&programme.ritual).and_then(Ritual::comes_round) else { continue };
            let pending = store.pending_runs(team, &programme.id).await?;
            let mut unit = Unit::new();
            if let Some(run) = pending.iter().find(|run| run.kind == kind) {
                let at = programme.cadence.instant_of(run.due.wall);
                if let Some(at) = at.filter(|at| *at != run.due.at) {
                    self.put(&mut unit, &programme, kind, Occurrence { at, wall: run.due.wall });
                }
            } else {
                let last = store.last_run_at(team, &programme.id).await?;
                let now = self.engine.clock.now();
                self.put_next(&mut unit, &programme, last.map_or(now, |last| last.max(now)));
            }
            store.commit(unit).await?;
        }
        Ok(())
    }

    fn ritual(&self, name: &str) -> Option<&dyn Ritual> {
        self.engine.ritual(name)
    }

    /// Claims a run and brings it to an end, or puts it off.
    async fn take(&self, mut run: Run) -> Result<(), StoreError> {
        let Engine { store, team, clock, entropy, .. } = &self.engine;
        let lease_end = clock.now() + Duration::seconds(LEASE_SECONDS);
        if !store.claim_run(team, &mut run, entropy.seed(), lease_end).await? {
            return Ok(());
        }
        let programme = store.programme(team, &run.programme).await?;
        let Some(programme) = programme.filter(|programme| programme.ended_at.is_none()) else {
            return self.finish(&run, None, Ran::skipped("the programme was stopped")).await;
        };
        let Some(ritual) = self.ritual(&run.ritual) else {
            let ran = Ran::skipped("this release does not know the ritual");
            return self.finish(&run, Some(&programme), ran).await;
        };
        let now = clock.now();
        match catch_up::start(ritual.catch_up(&run.kind), &programme.cadence, run.due, now) {
            Start::Now => {}
            Start::At(at) => return store.put_off_run(team, &run, at, TOO_LATE).await.map(drop),
            Start::Never => return self.finish(&run, Some(&programme), Ran::skipped(TOO_LATE)).await,
        }
        match ritual.on_run(&self.engine.visit(), &programme, &run).await {
            Ok(ran) => self.finish(&run, Some(&programme), ran).await,
            Err(failure) => self.failed(&run, &programme, failure, now).await,
        }
    }

    /// Commits the end of a run, with what it came to and the run that follows it.
    async fn finish(&self, run: &Run, programme: Option<&Programme>, ran: Ran) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let Ran { mut unit, ended, remark } = ran;
        runs::finish(&mut unit, team, run, ended, &remark, clock.now());
        if let Some(programme) = programme
            && self.ritual(&run.ritual).and_then(Ritual::comes_round) == Some(&run.kind)
        {
            self.put_next(&mut unit, programme, run.due.at);
        }
        match store.commit(unit).await? {
            Outcome::Committed(_) => {
                metrics::counter!("rondo_runs_total", "ritual" => run.ritual.clone(), "outcome" => ended.as_str())
                    .increment(1);
                tracing::info!(run = run.key, outcome = ended.as_str(), remark, "a run has ended");
            }
            Outcome::Refused(OVERTAKEN) => overtaken(run),
            Outcome::Refused(guard) => {
                // The ritual's own guard says that what was due exists already. Without what the ritual wanted there is
                // no guard but the attempt's, so this does not come back here.
                tracing::info!(run = run.key, guard, "what was due is there already");
                Box::pin(self.finish(run, programme, Ran::skipped(ALREADY))).await?;
            }
        }
        Ok(())
    }

    /// Tries again later; what fails for a reason of the program's own is given up after a while, loudly.
    async fn failed(
        &self,
        run: &Run,
        programme: &Programme,
        failure: Failure,
        now: Instant,
    ) -> Result<(), StoreError> {
        let (error, is_ours) = match failure {
            Failure::Retry(cause) => (format!("{cause:#}"), false),
            Failure::Fail(cause) => (format!("{cause:#}"), true),
            Failure::Refuse(message) => (message.text.as_str().to_owned(), true),
        };
        if is_ours && run.attempt >= MOST_ATTEMPTS {
            tracing::error!(run = run.key, error, "a run failed for good; the next one comes at its time");
            let ran = Ran { unit: Unit::new(), ended: Ended::Failed, remark: error };
            return self.finish(run, Some(programme), ran).await;
        }
        tracing::warn!(run = run.key, error, attempt = run.attempt, "a run did not succeed; trying again");
        let doublings = u32::try_from(run.attempt.clamp(0, 8)).unwrap_or_default();
        let pause = (1_i64 << doublings).min(LONGEST_PAUSE_SECONDS);
        let until = now + Duration::seconds(pause);
        if !self.engine.store.put_off_run(&self.engine.team, run, until, &error).await? {
            overtaken(run);
        }
        Ok(())
    }

    fn put_next(&self, unit: &mut Unit, programme: &Programme, after: Instant) {
        let kind = self.ritual(&programme.ritual).and_then(Ritual::comes_round);
        if let (Some(kind), Some(next)) = (kind, programme.cadence.next(after)) {
            self.put(unit, programme, kind, next);
        }
    }

    fn put(&self, unit: &mut Unit, programme: &Programme, kind: &str, due: Occurrence) {
        runs::put(unit, &self.engine.team, (&programme.id, &programme.ritual), kind, "", due);
    }
}

/// Says in the log that this attempt came too late.
fn overtaken(run: &Run) {
    tracing::warn!(run = run.key, attempt = run.attempt, "another attempt has this run; nothing was written");
}
