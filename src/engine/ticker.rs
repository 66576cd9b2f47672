//! Starts what is due: each run exactly once, at its time or as late as its ritual allows.
//!
//! A tick claims due runs and gives them to their rituals. The ritual's answer, the end of the run and the next run are
//! one unit, guarded by the attempt: of two processes that claimed the same run, one writes. A programme always has one
//! run ahead, so runs that were missed while no process ran are handled one by one, and each skipped one keeps a row
//! with the reason.

mod pausing;

use std::{
    sync::{Mutex, PoisonError},
    time::Duration as StdDuration,
};

use chrono::Duration;
use futures_util::{StreamExt as _, stream};
use tokio::sync::watch;

use self::pausing::InPause;
use super::{
    Engine,
    dispatch::Dispatch,
    messages,
    panics::{guarded, guarded_now},
    supervisor::{Heartbeat, Loop},
    turns::{self, Turn},
};
use crate::{
    model::{
        backoff::Backoff,
        cadence::{Cadence, Occurrence},
        catch_up::{self, Start},
        clock::Instant,
        effect::ENGINE,
        failure::Failure,
    },
    ritual::{Ending, Ran, Ritual, handle_run, planned_runs, put_next, put_occasion},
    store::{
        StoreError,
        occasions::{self, name_of},
        programmes::{self, Programme},
        runs::{self, LEASE_LOST, Run, RunOutcome},
        unit::{Outcome, UnitOfWork},
    },
};

pub const LOOP: Loop =
    Loop { name: "ticker", part: "ticker", undone: "nothing is started", limit: StdDuration::from_secs(90) };
/// How long an attempt has before another one may take over. Planning for 5,000 people takes a few seconds.
const LEASE_SECONDS: i64 = 60;
/// How many runs one tick claims.
const A_TICK: i64 = 64;
/// How many of them run at once; they share commits.
const AT_ONCE: usize = 32;
/// How often a run is tried that fails for a reason of the program's own.
const MOST_ATTEMPTS: i64 = 5;
const BACKOFF: Backoff = Backoff::new(StdDuration::from_secs(1), StdDuration::from_mins(5));
/// How often a programme may change while one of its runs is being finished.
const MOST_CHANGES: usize = 5;
/// For how long a row that cannot be read is left alone: a newer release may start meanwhile.
const UNREADABLE_MINUTES: i64 = 10;
/// A clock that is set back further than this had planned with wrong times.
const SET_BACK_MINUTES: i64 = 5;

/// The ticker of one workspace. Replicas tick in parallel.
#[derive(Clone)]
pub struct Ticker {
    engine: Engine,
    dispatch: Dispatch,
}

impl Ticker {
    pub fn new(engine: Engine) -> Ticker {
        Ticker { dispatch: Dispatch::new(engine.clone()), engine }
    }

    /// Handles due runs, or returns when there will be some.
    pub async fn tick_once(&self) -> Result<Turn, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let due = store.due_runs(team, clock.now(), A_TICK).await?;
        let mut is_written = false;
        for unreadable in &due.unreadable {
            let until = clock.now() + Duration::minutes(UNREADABLE_MINUTES);
            if store.set_run_aside(team, unreadable, until).await? {
                let (run, error) = (&unreadable.key, &unreadable.error);
                tracing::error!(run, %error, "a run cannot be read, and is left until a release can");
                is_written = true;
            }
        }
        if due.runs.is_empty() {
            let next = store.next_run_at(team).await?;
            return Ok(if is_written { Turn::Worked } else { Turn::Idle(next) });
        }
        let taken: Vec<_> = stream::iter(due.runs)
            .map(|run| self.claim_and_run(run))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let written = taken.into_iter().collect::<Result<Vec<bool>, _>>()?;
        Ok(if is_written || written.contains(&true) { Turn::Worked } else { Turn::Refused })
    }

    /// Ticks until the shutdown; runs in progress are finished. The runs that programmes have ahead are checked at the
    /// start, and again after the clock was set back.
    pub async fn run(self, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
        let Engine { store, clock, .. } = &self.engine;
        let repaired_at: Mutex<Option<Instant>> = Mutex::new(None);
        let turn = async || {
            let now = clock.now();
            let last = *repaired_at.lock().unwrap_or_else(PoisonError::into_inner);
            if last.is_none_or(|last| now < last - Duration::minutes(SET_BACK_MINUTES)) {
                self.repair().await?;
            }
            let latest = last.filter(|last| *last < now + Duration::minutes(SET_BACK_MINUTES));
            *repaired_at.lock().unwrap_or_else(PoisonError::into_inner) =
                Some(latest.map_or(now, |latest| latest.max(now)));
            self.tick_once().await
        };
        let look_again = || store.look_again();
        turns::repeat(clock, &heartbeat, shutdown, look_again, || store.runs_put(), turn).await;
    }

    /// Gives each programme the occasion that it should have ahead, at the instant that today's zone data give. A
    /// programme for which that fails does not stop the others.
    pub async fn repair(&self) -> Result<(), StoreError> {
        let Engine { store, team, .. } = &self.engine;
        for id in store.programme_ids(team).await? {
            let error = match guarded(self.repair_one(&id)).await {
                Ok(Ok(())) => continue,
                Ok(Err(error)) => error.to_string(),
                Err(panicked) => panicked.to_string(),
            };
            tracing::error!(programme = id, error, "what a programme has ahead could not be looked through");
        }
        Ok(())
    }

    async fn repair_one(&self, id: &str) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let Some(programme) = store.programme(team, id).await?.filter(Programme::is_running) else {
            return Ok(());
        };
        let (Some(ritual), Some(cadence)) = (self.ritual(&programme.ritual), &programme.cadence) else {
            return Ok(());
        };
        let now = clock.now();
        let pending = store.pending_runs(team, id).await?;
        let Some(kind) = main_kind(ritual, &programme, cadence) else { return Ok(()) };
        let last = store.last_run_at(team, id, kind, now).await?;
        let ahead = pending.iter().find(|run| run.kind == kind && run.subject.is_empty());
        let mut unit = UnitOfWork::new();
        let mut from = programme.from_at;
        // A moved programme keeps its new times from the round that was announced on. Any other change in the future
        // dates from a clock that was ahead.
        if from > now + Duration::minutes(SET_BACK_MINUTES) && ahead.is_none_or(|run| run.due.at != from) {
            from = now;
            programmes::plan_from(&mut unit, team, id, now);
        }
        let after = last.map_or(from, |last| last.max(from));
        match ahead {
            Some(run) => {
                let due =
                    Occurrence { at: cadence.instant_of(run.due.wall).unwrap_or(run.due.at), ..run.due };
                // A run further ahead than the next occasion was planned while the clock was ahead.
                let expected = cadence.next(after.max(now)).filter(|next| next.at < due.at);
                let is_called_off = match &expected {
                    Some(expected) => store.is_cancelled(team, id, expected.wall).await?,
                    None => false,
                };
                if let Some(expected) = expected.filter(|_| !is_called_off) {
                    let owner = &run.owner;
                    occasions::cancel(&mut unit, team, id, run.due.wall, now);
                    runs::cancel_occasion(
                        &mut unit,
                        team,
                        owner,
                        run.due.wall,
                        messages::CLOCK_WAS_AHEAD,
                        now,
                    );
                    put_occasion(&mut unit, team, ritual, &programme, expected, now);
                } else if due.at != run.due.at {
                    put_occasion(&mut unit, team, ritual, &programme, due, now);
                }
            }
            // That there are no more was said when they ended.
            None if cadence.next(after.max(now)).is_none() => {}
            None => self.put_next(&mut unit, &programme, after.max(now)),
        }
        if unit.is_empty() {
            return Ok(());
        }
        programmes::unchanged(&mut unit, team, &programme);
        store.commit(unit).await.map(drop)
    }

    fn ritual(&self, name: &str) -> Option<&dyn Ritual> {
        self.engine.ritual(name)
    }

    /// Claims a run and finishes or snoozes it; returns false if the store wrote nothing.
    async fn claim_and_run(&self, mut run: Run) -> Result<bool, StoreError> {
        let Engine { store, team, clock, entropy, .. } = &self.engine;
        let lease_end = clock.now() + Duration::seconds(LEASE_SECONDS);
        if !store.claim_run(team, &mut run, entropy.seed(), lease_end).await? {
            return Ok(false);
        }
        match guarded(self.attempt(&run)).await {
            Ok(Ok(is_written)) => Ok(is_written),
            Ok(Err(failure)) => self.failed(&run, failure).await,
            Err(panicked) => self.failed(&run, panicked.into()).await,
        }
    }

    async fn attempt(&self, run: &Run) -> Result<bool, Failure> {
        let Engine { store, team, clock, .. } = &self.engine;
        let programme = match run.programme() {
            Some(id) => store.programme(team, id).await?,
            None => None,
        };
        if run.programme().is_some()
            && programme.as_ref().is_none_or(|programme| programme.ended_at.is_some())
        {
            return Ok(self.finish(run, Ran::skipped(messages::WAS_STOPPED)).await?);
        }
        if let Some(paused) = programme.as_ref().filter(|programme| programme.paused_at.is_some()) {
            match self.in_pause(paused, run).await? {
                InPause::Comes => {}
                InPause::WaitsUntil(at) => {
                    return Ok(self.snooze(run, UnitOfWork::new(), at, messages::IS_PAUSED).await?);
                }
                InPause::Skipped => {
                    return Ok(self.finish(run, Ran::skipped(messages::IS_PAUSED)).await?);
                }
            }
        }
        if run.ritual == ENGINE {
            return Box::pin(self.dispatch.again(run)).await.map(|()| true);
        }
        let Some(ritual) = self.ritual(&run.ritual) else {
            return Ok(self.finish(run, Ran::skipped(messages::RITUAL_UNKNOWN)).await?);
        };
        let cadence = programme.as_ref().and_then(|programme| programme.cadence.as_ref());
        let start = match cadence {
            Some(cadence) if name_of(run.due.wall) == run.occasion => {
                catch_up::start(run.late, cadence, run.due, clock.now())
            }
            _ => catch_up::start_alone(run.late, run.due.at, clock.now()),
        };
        match start {
            Start::Now => {}
            Start::At(at) => {
                return Ok(self.snooze(run, UnitOfWork::new(), at, messages::RUN_TOO_LATE).await?);
            }
            Start::Never => return Ok(self.finish(run, Ran::skipped(messages::RUN_TOO_LATE)).await?),
        }
        let ran = handle_run(ritual, &self.engine.context(), programme.as_ref(), run).await?;
        Ok(self.finish(run, ran).await?)
    }

    /// Commits the end of a run, with its result and the occasion that follows.
    async fn finish(&self, run: &Run, ran: Ran) -> Result<bool, StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let Ran { unit, ending, remark, begins_occasion } = ran;
        let ended = match ending {
            Ending::Ended(ended) => ended,
            Ending::Snoozed(until) => return self.snooze(run, unit, until, &remark).await,
        };
        for _ in 0..MOST_CHANGES {
            let mut unit = unit.clone();
            self.put_what_follows(&mut unit, run, begins_occasion && ended == RunOutcome::Done).await?;
            runs::finish(&mut unit, team, run, ended, &remark, clock.now());
            match store.commit(unit).await? {
                Outcome::Committed(_) => {
                    metrics::counter!("rondo_runs_total", "ritual" => run.ritual.clone(), "outcome" => ended.as_str())
                        .increment(1);
                    tracing::info!(run = run.key, outcome = ended.as_str(), remark, "a run has ended");
                    return Ok(true);
                }
                Outcome::Refused(LEASE_LOST) => {
                    lease_lost(run);
                    return Ok(false);
                }
                // The programme was moved, paused or stopped at this moment: another occasion follows, or none.
                Outcome::Refused(programmes::CHANGED) => {}
                Outcome::Refused(runs::OUTDATED) => {
                    let now = clock.now();
                    return self.snooze(run, UnitOfWork::new(), now, messages::READ_AGAIN).await;
                }
                Outcome::Refused(guard) => {
                    // The ritual's own guard says that the result exists already. Without the ritual's writes the
                    // attempt is the only guard, so this branch is not reached again.
                    tracing::info!(run = run.key, guard, "what was due is there already");
                    return Box::pin(self.finish(run, Ran::skipped(messages::DONE_BEFORE))).await;
                }
            }
        }
        self.snooze(run, UnitOfWork::new(), clock.now(), messages::KEEPS_CHANGING).await
    }

    /// Adds to the end of a run that its occasion has begun, and, if the run was the occasion itself, the next run.
    async fn put_what_follows(
        &self,
        unit: &mut UnitOfWork,
        run: &Run,
        begins_occasion: bool,
    ) -> Result<(), StoreError> {
        let Engine { store, team, clock, .. } = &self.engine;
        let Some(id) = run.programme().filter(|_| !run.occasion.is_empty()) else { return Ok(()) };
        if begins_occasion {
            occasions::begin(unit, team, id, &run.occasion, clock.now());
        }
        let Ok(Some(programme)) = store.programme(team, id).await else { return Ok(()) };
        let (Some(ritual), Some(cadence)) = (self.ritual(&run.ritual), &programme.cadence) else {
            return Ok(());
        };
        let is_main = run.subject.is_empty() && main_kind(ritual, &programme, cadence) == Some(&run.kind);
        if is_main && programme.is_running() {
            programmes::unchanged(unit, team, &programme);
            self.put_next(unit, &programme, run.due.at.max(programme.from_at));
        }
        Ok(())
    }

    /// Tries again later. A run that fails for a reason of the program's own is given up after some attempts, with a
    /// log line.
    async fn failed(&self, run: &Run, failure: Failure) -> Result<bool, StoreError> {
        let (error, is_ours) = match failure {
            Failure::Retry(cause) => (format!("{cause:#}"), false),
            Failure::Fail(cause) => (format!("{cause:#}"), true),
            Failure::Refuse(message) => (message.text.as_str().to_owned(), true),
            Failure::Later(lookup) => (format!("it depends on {lookup:?}"), false),
        };
        if is_ours && run.attempt >= MOST_ATTEMPTS {
            tracing::error!(run = run.key, error, "a run failed for good: please report this line");
            let unit =
                if run.ritual == ENGINE { self.dispatch.on_failed_run(run) } else { UnitOfWork::new() };
            let ending = Ending::Ended(RunOutcome::Failed);
            let ran = Ran { ending, remark: error, ..Ran::prepared(unit) };
            return self.finish(run, ran).await;
        }
        tracing::warn!(run = run.key, error, attempt = run.attempt, "a run did not succeed; trying again");
        let until = BACKOFF.next_try(run.attempt, self.engine.clock.now());
        self.snooze(run, UnitOfWork::new(), until, &error).await
    }

    /// Gives a claimed run back until a later instant, together with what its ritual writes; returns false, and writes
    /// nothing, if another process has taken it over.
    async fn snooze(
        &self,
        run: &Run,
        mut unit: UnitOfWork,
        until: Instant,
        why: &str,
    ) -> Result<bool, StoreError> {
        runs::snooze(&mut unit, &self.engine.team, run, until, why);
        match self.engine.store.commit(unit).await? {
            Outcome::Committed(_) => Ok(true),
            Outcome::Refused(_) => {
                lease_lost(run);
                Ok(false)
            }
        }
    }

    fn put_next(&self, unit: &mut UnitOfWork, programme: &Programme, after: Instant) {
        let Some(ritual) = self.ritual(&programme.ritual) else { return };
        let (team, now) = (&self.engine.team, self.engine.clock.now());
        let planned = guarded_now(|| {
            let mut planned = UnitOfWork::new();
            put_next(&mut planned, team, ritual, programme, (after, now));
            planned
        });
        match planned {
            Ok(planned) => unit.append(planned),
            Err(panicked) => {
                tracing::error!(
                    programme = programme.id,
                    %panicked,
                    "when a programme comes next could not be worked out; it stands still: please report this line"
                );
            }
        }
    }
}

/// Returns the kind of run that is an occasion itself, as the ritual plans it.
fn main_kind(ritual: &dyn Ritual, programme: &Programme, cadence: &Cadence) -> Option<&'static str> {
    let any = cadence.next(programme.from_at)?;
    Some(planned_runs(ritual, programme, any).first()?.kind)
}

/// Logs that this attempt came too late.
fn lease_lost(run: &Run) {
    tracing::warn!(run = run.key, attempt = run.attempt, "another attempt has this run; nothing was written");
}
