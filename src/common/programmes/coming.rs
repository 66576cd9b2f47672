//! Which occasion of a programme comes next, and whether one comes at all.

use super::{Programmes, pausing::end_of};
use crate::{
    model::{cadence::Occurrence, failure::Failure},
    ritual::Context,
    store::{programmes::Programme, runs::Run},
};

impl Programmes<'_> {
    /// The occasion that is still to come.
    pub async fn next(self, programme: &Programme) -> Result<Option<Occurrence>, Failure> {
        next_occasion(self.context, programme, self.ritual.occasion()).await
    }

    /// Whether no occasion comes any more, although the programme was not stopped or paused.
    pub(super) async fn is_over(self, programme: &Programme) -> Result<bool, Failure> {
        Ok(programme.paused_at.is_none() && self.next(programme).await?.is_none() && {
            let is_under_way = self.ritual.is_under_way(self.context, programme).await?;
            !is_under_way
        })
    }

    /// Whether a programme counts as stopped: it was, or the last occasion of its times is over.
    pub async fn has_ended(self, programme: &Programme) -> Result<bool, Failure> {
        if programme.ended_at.is_some() {
            return Ok(true);
        }
        let has_last_day = programme.cadence.as_ref().is_some_and(|cadence| cadence.until.is_some());
        Ok(has_last_day && self.is_over(programme).await?)
    }
}

/// The occasion of a programme that is still to come, in a pause that ends by itself the first one after it; `kind` is that of its
/// run.
pub async fn next_occasion(
    context: &Context,
    programme: &Programme,
    kind: &str,
) -> Result<Option<Occurrence>, Failure> {
    let pending = context.store.pending_runs(&programme.id).await?;
    if rests(programme, &pending) {
        return Ok(None);
    }
    Ok(pending.into_iter().find(|run| run.kind == kind).map(|run| run.due))
}

/// Whether nothing of a programme with these pending runs comes: it pauses, and the pause doesn't end by itself.
pub fn rests(programme: &Programme, pending: &[Run]) -> bool {
    programme.paused_at.is_some() && end_of(programme, pending).is_none()
}
