//! What all readings of Slack share: why a reading stops, and how long it then waits.

use std::time::Duration;

use crate::{
    engine::Engine,
    model::{backoff::Backoff, call_kind::CallKind, clock::Instant, effect::Lane},
    slack::{CallError, pacing::Gate},
    store::StoreError,
};

/// The pauses before something that failed is asked for again.
pub(super) const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(5));

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

/// Pauses the calls of a kind for as long as Slack asks; returns until when.
pub(super) fn pause_after_429(engine: &Engine, kind: CallKind, retry_after: Duration) -> Instant {
    let until = engine.clock.now() + retry_after;
    tracing::warn!(?kind, seconds = retry_after.as_secs(), "Slack asks to wait before more is read");
    engine.pacer.close(kind, until);
    until
}

/// Returns the first of what is wanted whose call may be made now, or when the first of them may be.
pub(super) fn first_open<W>(wanted: Vec<W>, mut gate: impl FnMut(&W) -> Gate) -> Result<W, Option<Instant>> {
    let mut free_at: Option<Instant> = None;
    for wanted in wanted {
        match gate(&wanted) {
            Gate::Open => return Ok(wanted),
            Gate::MethodBusy(until) | Gate::ChannelBusy(until) => {
                free_at = Some(free_at.map_or(until, |known| known.min(until)));
            }
        }
    }
    Err(free_at)
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
