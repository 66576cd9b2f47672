//! Starts what is due: each run exactly once, at its time or as late as its ritual allows.
//!
//! A tick claims what is due and hands it to its ritual. What the ritual answers, the end of the run and the beginning of
//! the next are one unit, guarded by the attempt: of two processes that have the same run in hand, one writes. A
//! programme always has one run ahead of it, so what was missed while nobody was there is met run by run, and each that is
//! left out keeps a row that says why.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration as StdDuration,
};

use chrono::Duration;
use futures_util::{StreamExt as _, stream};
use tokio::sync::watch;

use super::{
    Engine,
    panics::{guarded, guarded_now},
    supervisor::{Heartbeat, Loop},
    turns::{self, Step},
};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::{self, Start},
        clock::Instant,
        failure::Failure,
    },
    rituals::ritual::{Ending, Ran, Ritual},
    store::{
        StoreError,
        programmes::Programme,
        runs::{self, LEASE_LOST, Run, RunOutcome},
        unit::{Outcome, Unit},
    },
};

/// The loop, for its supervisor: an attempt may take as long as its claim.
pub const LOOP: Loop =
    Loop { name: "ticker", part: "ticker", undone: "nothing is started", limit: StdDuration::from_secs(90) };
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
        let taken: Vec<_> =
            stream::iter(due).map(|run| self.take(run)).buffer_unordered(AT_ONCE).collect().await;
        let written = taken.into_iter().collect::<Result<Vec<bool>, _>>()?;
        Ok(if written.contains(&true) { Step::Worked } else { Step::Refused })
    }

    /// Ticks until the shutdown; what is in hand then is finished.
    pub async fn run(self, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
        let Engine { store, clock, .. } = &self.engine;
        let is_mended = AtomicBool::new(false);
        let turn = async || {
            if !is_mended.load(Ordering::Relaxed) {
                self.mend().await?;
                is_mended.store(true, Ordering::Relaxed);
            }
            self.tick_once().await
        };
        let look_again = || store.look_again();
        turns::take(clock, &heartbeat, shutdown, look_again, || store.runs_put(), turn).await;
    }

    /// Gives each programme the run that it should have ahead, at the instant that today's zone data say. A programme
    /// for which that fails does not hold up the others.
    pub async fn mend(&self) -> Result<(), StoreError> {
        let Engine { store, team, .. } = &self.engine;
        for id in store.programme_ids(team).await? {
            let error = match guarded(self.mend_one(&id)).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(panicked) => panicked.to_string(),
            };
            tracing::error!(programme = id, error, "what a programme has ahead could not be looked through");
        }
        Ok(())
    }

    async fn mend_one(&self, id: &str) -> Result<(), StoreError> {
        let Engine { store, team, .. } = &self.engine;
        let Some(programme) = store.programme(team, id).await? else { return Ok(()) };
        let Some(kind) = self.ritual(&programme.ritual).and_then(Ritual::comes_round) else { return Ok(()) };
        let pending = store.pending_runs(team, id).await?;
        let mut unit = Unit::new();
        if let Some(run) = pending.iter().find(|run| run.kind == kind) {
            let at = programme.cadence.instant_of(run.due.wall);
            if let Some(at) = at.filter(|at| *at != run.due.at) {
                self.put(&mut unit, &programme, kind, Occurrence { at, wall: run.due.wall });
            }
        } else {
            let last = store.last_run_at(team, id).await?;
            let now = self.engine.clock.now();
            self.put_next(&mut unit, &programme, last.map_or(now, |last| last.max(now)));
        }
        store.commit(unit).await.map(drop)
    }

    fn ritual(&self, name: &str) -> Option<&dyn Ritual> {
        self.engine.ritual(name)
    }

    /// Claims a run and brings it to an end, or puts it off; false when the store took nothing down.
    async fn take(&self, mut run: Run) -> Result<bool, StoreError> {
        let Engine { store, team, clock, entropy, .. } = &self.engine;
        let lease_end = clock.now() + Duration::seconds(LEASE_SECONDS);
        if !store.claim_run(team, &mut run, entropy.seed(), lease_end).await? {
            return Ok(false);
        }
        let programme = match store.programme(team, &run.programme).await {
            Ok(programme) => programme,
            Err(error) => return self.failed(&run, None, error.into()).await,
        };
        match guarded(self.attempt(&run, programme.as_ref())).await {
            Ok(Ok(is_written)) => Ok(is_written),
            Ok(Err(failure)) => self.failed(&run, programme.as_ref(), failure).await,
            Err(panicked) => self.failed(&run, programme.as_ref(), panicked.into()).await,
        }
    }

    async fn attempt(&self, run: &Run, programme: Option<&Programme>) -> Result<bool, Failure> {
        let clock = &self.engine.clock;
        let Some(programme) = programme.filter(|programme| programme.ended_at.is_none()) else {
            return Ok(self.finish(run, None, Ran::skipped("the programme was stopped")).await?);
        };
        let Some(ritual) = self.ritual(&run.ritual) else {
            let ran = Ran::skipped("this release does not know the ritual");
            return Ok(self.finish(run, Some(programme), ran).await?);
        };
        match catch_up::start(ritual.catch_up(&run.kind), &programme.cadence, run.due, clock.now()) {
            Start::Now => {}
            Start::At(at) => return Ok(self.snooze(run, Unit::new(), at, TOO_LATE).await?),
            Start::Never => return Ok(self.finish(run, Some(programme), Ran::skipped(TOO_LATE)).await?),
        }
        let ran = ritual.on_run(&self.engine.context(), programme, run).await?;
        Ok(self.finish(run, Some(programme), ran).await?)
    }

    /// Commits the end of a run, with what it came to and the run that follows it.
    async fn finish(&self, run: &Run, programme: Option<&Programme>, ran: Ran) -> Result<bool, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let Ran { mut unit, ending, remark } = ran;
        let ended = match ending {
            Ending::Ended(ended) => ended,
            Ending::Snoozed(until) => return self.snooze(run, unit, until, &remark).await,
        };
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
            Outcome::Refused(LEASE_LOST) => {
                lease_lost(run);
                return Ok(false);
            }
            Outcome::Refused(guard) => {
                // The ritual's own guard says that what was due exists already. Without what the ritual wanted there is
                // no guard but the attempt's, so this does not come back here.
                tracing::info!(run = run.key, guard, "what was due is there already");
                return Box::pin(self.finish(run, programme, Ran::skipped(ALREADY))).await;
            }
        }
        Ok(true)
    }

    /// Tries again later; what fails for a reason of the program's own is given up after a while, loudly.
    async fn failed(
        &self,
        run: &Run,
        programme: Option<&Programme>,
        failure: Failure,
    ) -> Result<bool, StoreError> {
        let (error, is_ours) = match failure {
            Failure::Retry(cause) => (format!("{cause:#}"), false),
            Failure::Fail(cause) => (format!("{cause:#}"), true),
            Failure::Refuse(message) => (message.text.as_str().to_owned(), true),
        };
        if is_ours && run.attempt >= MOST_ATTEMPTS {
            tracing::error!(run = run.key, error, "a run failed for good: please report this line");
            let ran = Ran { unit: Unit::new(), ending: Ending::Ended(RunOutcome::Failed), remark: error };
            return self.finish(run, programme, ran).await;
        }
        tracing::warn!(run = run.key, error, attempt = run.attempt, "a run did not succeed; trying again");
        let doublings = u32::try_from(run.attempt.clamp(0, 8)).unwrap_or_default();
        let pause = (1_i64 << doublings).min(LONGEST_PAUSE_SECONDS);
        let until = self.engine.clock.now() + Duration::seconds(pause);
        self.snooze(run, Unit::new(), until, &error).await
    }

    /// Gives a claimed run back until a later instant, together with what its ritual writes; false, and nothing of it is
    /// written, when another has taken it over.
    async fn snooze(&self, run: &Run, mut unit: Unit, until: Instant, why: &str) -> Result<bool, StoreError> {
        runs::snooze(&mut unit, &self.engine.team, run, until, why);
        match self.engine.store.commit(unit).await? {
            Outcome::Committed(_) => Ok(true),
            Outcome::Refused(_) => {
                lease_lost(run);
                Ok(false)
            }
        }
    }

    fn put_next(&self, unit: &mut Unit, programme: &Programme, after: Instant) {
        let Some(kind) = self.ritual(&programme.ritual).and_then(Ritual::comes_round) else { return };
        match guarded_now(|| programme.cadence.next(after)) {
            Ok(Some(next)) => self.put(unit, programme, kind, next),
            Ok(None) => {}
            Err(panicked) => {
                tracing::error!(
                    programme = programme.id,
                    %panicked,
                    "when a programme comes next could not be worked out; it stands still: please report this line"
                );
            }
        }
    }

    fn put(&self, unit: &mut Unit, programme: &Programme, kind: &str, due: Occurrence) {
        runs::put(unit, &self.engine.team, (&programme.id, &programme.ritual), kind, "", due);
    }
}

/// Says in the log that this attempt came too late.
fn lease_lost(run: &Run) {
    tracing::warn!(run = run.key, attempt = run.attempt, "another attempt has this run; nothing was written");
}
