//! What all readings of Slack share: why a reading stops, and how long it then waits.

use std::time::Duration as StdDuration;

use chrono::Duration;

use crate::{
    engine::Engine,
    model::{call_kind::CallKind, effect::Lane},
    slack::{CallError, pacing::Gate},
    store::StoreError,
};

/// The longest pause before something is asked for again.
const LONGEST_PAUSE_SECONDS: i64 = 300;

/// Why the answer to a call was not stored.
pub(super) enum Stopped {
    Slack(CallError),
    Store(StoreError),
    /// Another process reads, or what is read has changed or was requested again.
    Overtaken,
}

impl From<CallError> for Stopped {
    fn from(error: CallError) -> Stopped {
        Stopped::Slack(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped::Store(error)
    }
}

/// Returns the pause after this many failed tries, in seconds.
pub(super) fn pause_seconds(tries: u32) -> i64 {
    2_i64.saturating_pow(tries.min(16)).min(LONGEST_PAUSE_SECONDS)
}

/// Returns how long Slack asks to wait.
pub(super) fn wait_of(retry_after: StdDuration) -> Duration {
    Duration::from_std(retry_after).unwrap_or(Duration::minutes(1))
}

/// Waits until the pacer allows a call that a person waits for.
pub(super) async fn wait_for_pacer(engine: &Engine, kind: CallKind) {
    let Engine { pacer, clock, .. } = engine;
    while let Gate::MethodBusy(until) | Gate::ChannelBusy(until) =
        pacer.enter(kind, None, Lane::Interactive, false, clock.now())
    {
        clock.sleep_until(until).await;
    }
}
