//! The work of each night: sweeps the store, and requests a new reading of the directory.

use std::{
    str::FromStr as _,
    sync::{Mutex, PoisonError},
    time::Duration as StdDuration,
};

use chrono::Duration;
use cron::Schedule;
use tokio::sync::watch;

use super::{
    Engine,
    directory::{Hold, LeaseClaim},
    person::PersonData,
    stopped,
    supervisor::{Heartbeat, Loop},
    turns::Turn,
};
use crate::{model::clock::Instant, store::StoreError};

/// At 3:17 UTC, a minute that few other programs choose.
const EVERY_NIGHT: &str = "0 17 3 * * *";
/// How long after a night that did not finish it is tried again.
const AGAIN_AFTER_MINUTES: i64 = 10;
/// One replica does the night's work.
const LEASE: &str = "nightly";
const LEASE_SECONDS: i64 = 60;

pub const LOOP: Loop = Loop {
    name: "nightly",
    part: "directory",
    undone: "the night's work is not done",
    limit: StdDuration::from_mins(1),
};
/// How long a night may take.
const LONGEST: StdDuration = StdDuration::from_hours(2);

/// Returns the instant of the next night.
pub fn next(after: Instant) -> Instant {
    let schedule = Schedule::from_str(EVERY_NIGHT).ok();
    schedule.and_then(|schedule| schedule.after(&after).next()).unwrap_or(after + Duration::days(1))
}

/// Returns the instant of the last night, which may be `now`.
fn last(now: Instant) -> Instant {
    next(now - Duration::days(1))
}

pub fn hold(engine: &Engine) -> Hold {
    Hold::new(engine.clone(), LEASE, Duration::seconds(LEASE_SECONDS))
}

/// Does the last night's work, unless it is done or another replica is doing it. Returns false if it has to be done
/// again soon.
pub async fn night(engine: &Engine, hold: &Hold) -> bool {
    let work = async {
        if is_done(engine).await? {
            return Ok(true);
        }
        if hold.claim().await? == LeaseClaim::No {
            return Ok(false);
        }
        // The other replica may have finished just now.
        if is_done(engine).await? {
            return Ok(true);
        }
        Ok(hold.during(do_work(engine)).await.transpose()?.unwrap_or(false))
    };
    let done = work.await.unwrap_or_else(|error: StoreError| {
        tracing::warn!(%error, "the night's work was not done; trying again");
        false
    });
    hold.release().await;
    done
}

async fn do_work(engine: &Engine) -> Result<bool, StoreError> {
    let Engine { store, team, clock, .. } = engine;
    let now = clock.now();
    store.want_directory(team, last(now), now).await?;
    let is_swept = store.sweep(team, now).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the store could not be swept; the next night does it");
        true
    });
    match PersonData::of(engine).erase_again().await {
        Ok(0) => {}
        Ok(people) => tracing::info!(people, "what was written of erased people since is erased"),
        Err(error) => tracing::warn!(%error, "erased people could not be looked for; the next night does it"),
    }
    if is_swept {
        store.put_swept(team, clock.now()).await?;
    }
    Ok(is_swept)
}

/// Works every night until the shutdown, which interrupts it, and at the start if the last night's work is not done.
pub async fn run(engine: Engine, heartbeat: Heartbeat, shutdown: watch::Receiver<bool>) {
    let (hold, heart, stopping) = (hold(&engine), heartbeat.clone(), shutdown.clone());
    let at = Mutex::new(engine.clock.now());
    let turn = || async {
        let due_at = *at.lock().unwrap_or_else(PoisonError::into_inner);
        if due_at > engine.clock.now() {
            return Ok(Turn::Idle(Some(due_at)));
        }
        let mut stopping = stopping.clone();
        let done = tokio::select! {
            done = heart.during_at_most(LONGEST, night(&engine, &hold)) => done,
            () = stopped(&mut stopping) => false,
        };
        let now = engine.clock.now();
        let next = if done { next(now) } else { now + Duration::minutes(AGAIN_AFTER_MINUTES) };
        *at.lock().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(Turn::Idle(Some(next)))
    };
    // Another process need not wait for the end of an interrupted night.
    hold.repeat(heartbeat, shutdown, turn).await;
}

/// Whether the last night's work is done. A sweep in the future dates from before the clock was set back.
async fn is_done(engine: &Engine) -> Result<bool, StoreError> {
    let now = engine.clock.now();
    let swept_at = engine.store.swept_at(&engine.team).await?;
    Ok(swept_at.is_some_and(|at| last(now) <= at && at <= now + Duration::hours(1)))
}
