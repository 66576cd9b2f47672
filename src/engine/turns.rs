//! What all loops of the engine share: a turn, and a pause that depends on its result.

use std::time::Duration as StdDuration;

use chrono::Duration;
use tokio::{sync::watch, time::sleep};

use super::{stopped, supervisor::Heartbeat};
use crate::{
    model::clock::{Clock, Instant},
    store::StoreError,
};

/// The shortest pause of a loop that has nothing to do.
const BREATHER: Duration = Duration::milliseconds(10);

/// The result of one turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Something was done; there may be more.
    Worked,
    /// There was something to do, and the store let this process write nothing.
    Refused,
    /// Nothing can be done before that instant, or before new work arrives.
    Idle(Option<Instant>),
}

/// Takes one turn after another until the shutdown; the last one is finished. Without work it waits for the instant
/// that the turn named, for `news`, or for `look_again`, because news can be missed.
pub async fn repeat<T, N>(
    clock: &Clock,
    heartbeat: &Heartbeat,
    mut shutdown: watch::Receiver<bool>,
    look_again: impl Fn() -> StdDuration,
    news: impl Fn() -> N,
    turn: impl Fn() -> T,
) where
    T: Future<Output = Result<Turn, StoreError>>,
    N: Future<Output = ()>,
{
    while !*shutdown.borrow() {
        // Listening begins before the turn looks, so that nothing is missed in between.
        let news = news();
        let pause = match turn().await {
            Ok(Turn::Worked) => {
                heartbeat.beat();
                continue;
            }
            Ok(Turn::Idle(until)) => {
                heartbeat.beat();
                let latest = clock.now() + Duration::from_std(look_again()).unwrap_or(BREATHER);
                let until = until.map_or(latest, |at| at.min(latest));
                tokio::select! {
                    () = rest_until(clock, until) => {}
                    () = news => {}
                    () = stopped(&mut shutdown) => {}
                }
                continue;
            }
            Ok(Turn::Refused) => heartbeat.refused(),
            Err(error) => heartbeat.failed(error.kind(), &error),
        };
        tokio::select! {
            () = sleep(pause) => {}
            () = stopped(&mut shutdown) => {}
        }
    }
}

/// A past instant would give no pause, and keep a core busy.
async fn rest_until(clock: &Clock, until: Instant) {
    if until <= clock.now() {
        sleep(BREATHER.to_std().unwrap_or_default()).await;
    } else {
        clock.sleep_until(until).await;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;
    use crate::engine::supervisor::{Loop, Supervisor};

    /// Counts the turns that are taken in 650 ms if all have this result.
    async fn turns(outcome: impl Fn() -> Result<Turn, StoreError>) -> u32 {
        let (stop, stopped) = watch::channel(false);
        let (clock, taken) = (Clock::machine(), AtomicU32::new(0));
        let kept = Loop { name: "t", part: "t", undone: "nothing is done", limit: StdDuration::from_secs(1) };
        let news = || std::future::ready(());
        let turn = || async {
            taken.fetch_add(1, Ordering::Relaxed);
            outcome()
        };
        let supervisor = Supervisor::default();
        let kept = supervisor.keep(kept, stopped.clone(), async |heart| {
            repeat(&clock, &heart, stopped.clone(), || StdDuration::from_secs(5), news, turn).await;
        });
        let ends = async {
            sleep(StdDuration::from_millis(650)).await;
            stop.send_replace(true);
        };
        tokio::join!(kept, ends);
        taken.into_inner()
    }

    #[tokio::test]
    async fn repeated_failures_back_off_despite_news() {
        let refused = turns(|| Ok(Turn::Refused)).await;
        assert!((2..=3).contains(&refused), "at 0, 100 and 300 ms: {refused}");
        assert_eq!(turns(|| Err(StoreError::Full)).await, 1);
    }
}
