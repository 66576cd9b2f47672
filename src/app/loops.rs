//! The loops beside the listeners, each kept running by the supervisor.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration as StdDuration,
};

use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
};

use super::Bot;
use crate::{
    engine::{
        Engine, directory, nightly,
        supervisor::{Heartbeat, Loop},
        ticker, timekeeper,
        turns::{self, Turn},
    },
    status::{self, Metrics},
    store::StoreError,
};

/// Every how many updates the store is queried; in between only the file is checked.
const ASK_EVERY: u32 = 3;
/// Every how many updates a write is tried, so that a database file which was replaced is noticed on a quiet day.
const PROBE_EVERY: u32 = 12;

const GAUGES: Loop = Loop {
    name: "gauges",
    part: "metrics",
    undone: "gauges are not measured",
    limit: StdDuration::from_mins(1),
};

/// Starts all of them; each ends after the shutdown, when its work in progress is finished. A fatal error is sent to
/// `fatal`.
pub(super) fn start(
    bot: &Bot,
    metrics: &Metrics,
    fatal: mpsc::Sender<StoreError>,
    shutdown: &watch::Receiver<bool>,
) -> JoinSet<()> {
    let (supervisor, stop) = (&bot.supervisor, || shutdown.clone());
    let mut loops = JoinSet::new();
    loops.spawn(bot.outbox.clone().run(supervisor.clone(), stop()));
    let (kept, end) = (bot.ticker.clone(), stop());
    loops.spawn(supervisor.keep(ticker::LOOP, stop(), move |heart| kept.clone().run(heart, end.clone())));
    let (kept, end) = (bot.timekeeper.clone(), stop());
    loops.spawn(supervisor.keep(timekeeper::LOOP, stop(), move |heart| kept.clone().run(heart, end.clone())));
    let (kept, end) = (bot.readings.clone(), stop());
    loops.spawn(
        supervisor.keep(directory::READINGS, stop(), move |heart| kept.clone().run(heart, end.clone())),
    );
    let (kept, end) = (bot.lists.clone(), stop());
    loops.spawn(supervisor.keep(directory::LISTS, stop(), move |heart| kept.clone().run(heart, end.clone())));
    let (kept, end) = (bot.engine.clone(), stop());
    loops.spawn(
        supervisor.keep(nightly::LOOP, stop(), move |heart| nightly::run(kept.clone(), heart, end.clone())),
    );
    let (engine, metrics, end) = (bot.engine.clone(), metrics.clone(), stop());
    loops.spawn(supervisor.keep(GAUGES, stop(), move |heart| {
        gauges(engine.clone(), metrics.clone(), fatal.clone(), heart, end.clone())
    }));
    loops
}

/// Updates the gauges until the shutdown.
async fn gauges(
    engine: Engine,
    metrics: Metrics,
    fatal: mpsc::Sender<StoreError>,
    heartbeat: Heartbeat,
    shutdown: watch::Receiver<bool>,
) {
    let updates = AtomicU32::new(0);
    let turn = || async {
        metrics.upkeep();
        match measure(&engine, updates.fetch_add(1, Ordering::Relaxed)).await {
            Err(StoreError::Replaced) => {
                // The first error is enough.
                let _ = fatal.try_send(StoreError::Replaced);
                Ok(Turn::Idle(None))
            }
            Err(error) => Err(error),
            Ok(()) => Ok(Turn::Idle(None)),
        }
    };
    turns::repeat(&engine.clock, &heartbeat, shutdown, || status::UPKEEP_EVERY, std::future::pending, turn)
        .await;
}

/// Checks the store, and measures what each update measures.
async fn measure(engine: &Engine, update: u32) -> Result<(), StoreError> {
    is_whole(engine, update.is_multiple_of(PROBE_EVERY)).await?;
    if update.is_multiple_of(PROBE_EVERY) {
        engine.store.correct(&engine.clock).await?;
    }
    if update.is_multiple_of(ASK_EVERY) { measure_waiting(engine).await } else { Ok(()) }
}

async fn is_whole(engine: &Engine, thoroughly: bool) -> Result<(), StoreError> {
    if thoroughly { engine.store.probe().await } else { engine.store.is_same_file().await }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a floating-point number, and these are small")]
async fn measure_waiting(engine: &Engine) -> Result<(), StoreError> {
    let now = engine.clock.now();
    let depth = engine.store.outbox_depth(now).await?;
    metrics::gauge!("rondo_outbox_waiting").set(depth.waiting as f64);
    metrics::gauge!("rondo_outbox_oldest_seconds").set(depth.oldest.num_milliseconds() as f64 / 1_000.0);
    metrics::gauge!("rondo_outbox_discarded").set(depth.discarded as f64);
    let next = engine.store.next_run_at(&engine.team).await?;
    let late = next.map_or(0, |at| (now - at).num_milliseconds().max(0));
    metrics::gauge!("rondo_runs_late_seconds").set(late as f64 / 1_000.0);
    Ok(())
}
