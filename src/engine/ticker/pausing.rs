//! Which runs of a paused programme come.

use chrono::Duration;

use super::Ticker;
use crate::{
    model::clock::Instant,
    ritual::planned_runs,
    store::{
        StoreError,
        programmes::Programme,
        runs::{self, Run},
    },
};

/// How long an occasion that is due waits for the end of its pause before it looks again, in seconds.
const LOOK_SECONDS: i64 = 10;

/// What becomes of a run of a paused programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InPause {
    /// It comes in its time: it ends the pause, or it is around an occasion that has begun or comes after the pause.
    Comes,
    /// Its occasion comes once the pause has ended.
    WaitsUntil(Instant),
    /// Its occasion doesn't come.
    Skipped,
}

impl Ticker {
    /// Decides about a run of a paused programme. A pause leaves no occasion ahead but the first one after it, if it ends by itself.
    pub(super) async fn in_pause(&self, programme: &Programme, run: &Run) -> Result<InPause, StoreError> {
        let Some(ritual) = self.ritual(&run.ritual) else { return Ok(InPause::Skipped) };
        let is_occasion = run.subject.is_empty()
            && planned_runs(ritual, programme, run.due).first().is_some_and(|main| main.kind == run.kind);
        if !is_occasion {
            return Ok(InPause::Comes);
        }
        let pending = self.engine.store.pending_runs(&self.engine.team, &programme.id).await?;
        let end = pending.iter().find(|pending| pending.kind == runs::RESUME);
        // The pause may have ended since the programme was read: its run is none of the pending ones any more then.
        let current = self.engine.store.programme(&self.engine.team, &programme.id).await?;
        if current.is_some_and(|current| current.paused_at != programme.paused_at) {
            return Ok(InPause::WaitsUntil(self.engine.clock.now()));
        }
        Ok(if end.is_some_and(|end| end.due.at <= run.due.at) {
            InPause::WaitsUntil(self.engine.clock.now() + Duration::seconds(LOOK_SECONDS))
        } else {
            InPause::Skipped
        })
    }
}
