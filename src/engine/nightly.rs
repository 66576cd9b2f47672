//! What is done once a night: the store is swept, the directory is read anew.

use std::{str::FromStr as _, time::Duration as StdDuration};

use chrono::Duration;
use cron::Schedule;
use tokio::sync::watch;

use super::{
    Engine, directory, stopped,
    supervisor::{Heartbeat, Loop},
};
use crate::model::clock::Instant;

/// At 3:17 UTC, a minute that few other programs choose.
const EVERY_NIGHT: &str = "0 17 3 * * *";
/// How long after a directory that could not be read it is tried again.
const AGAIN_AFTER_MINUTES: i64 = 10;
/// A directory that is older than this at the start is read at once.
const STALE_AFTER_HOURS: i64 = 20;
/// One replica does the night's work.
const LEASE: &str = "nightly";
const LEASE_MINUTES: i64 = 15;

/// The loop, for its supervisor.
pub const LOOP: Loop = Loop {
    name: "nightly",
    part: "directory",
    undone: "the night's work is not done",
    limit: StdDuration::from_mins(1),
};
/// How long a night may take: Slack tells of 100,000 people at 20 pages a minute.
const LONGEST: StdDuration = StdDuration::from_hours(2);

/// The next night's instant.
pub fn next(after: Instant) -> Instant {
    let schedule = Schedule::from_str(EVERY_NIGHT).ok();
    schedule.and_then(|schedule| schedule.after(&after).next()).unwrap_or(after + Duration::days(1))
}

/// Sweeps the store and reads the directory, unless another replica is at it. False when it is to be done again soon:
/// something failed, or whoever was at it has left the directory old.
pub async fn night(engine: &Engine, holder: &str) -> bool {
    let now = engine.clock.now();
    let length = Duration::minutes(LEASE_MINUTES);
    match engine.store.take_lease(&engine.team, LEASE, holder, now, length).await {
        Ok(true) => {}
        Ok(false) => return is_fresh(engine).await,
        Err(error) => {
            tracing::warn!(%error, "the night's work could not begin");
            return false;
        }
    }
    let is_swept = engine.store.sweep(&engine.team, now).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the store could not be swept; the next night does it");
        true
    });
    match directory::refresh(engine).await {
        Ok(()) => {
            tracing::info!("the directory of people, channels and groups is read");
            is_swept
        }
        Err(error) => {
            tracing::warn!(%error, "the directory could not be read; what was known before still holds");
            false
        }
    }
}

/// Works every night until the shutdown, and at the start when the directory is old.
pub async fn run(engine: Engine, heartbeat: Heartbeat, mut shutdown: watch::Receiver<bool>) {
    let holder = engine.entropy.id(engine.clock.now());
    let mut at = if is_fresh(&engine).await { next(engine.clock.now()) } else { engine.clock.now() };
    loop {
        tokio::select! {
            () = heartbeat.during(engine.clock.sleep_until(at)) => {}
            () = stopped(&mut shutdown) => break,
        }
        let done = tokio::select! {
            done = heartbeat.during_at_most(LONGEST, night(&engine, &holder)) => done,
            () = stopped(&mut shutdown) => break,
        };
        let now = engine.clock.now();
        at = if done { next(now) } else { now + Duration::minutes(AGAIN_AFTER_MINUTES) };
    }
    // Whoever starts next need not wait for the end of a night that was broken off.
    if let Err(error) = engine.store.release_lease(&engine.team, LEASE, &holder).await {
        tracing::warn!(%error, "the night's lease could not be given back; it ends by itself");
    }
}

/// Whether the directory was read within the last day. A reading in the future is from before the clock was set back.
async fn is_fresh(engine: &Engine) -> bool {
    let known = engine.store.directory_at(&engine.team).await.ok().flatten();
    let age = known.map(|at| engine.clock.now() - at);
    age.is_some_and(|age| age < Duration::hours(STALE_AFTER_HOURS) && age > -Duration::hours(1))
}
