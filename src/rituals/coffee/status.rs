//! What `status` tells: the next round, who takes part, and the last rounds.

use super::{
    Coffee, ROUND,
    messages::{self, PastRound, Status},
    next_round, store,
};
use crate::{
    common::programmes::participants_of,
    model::{
        event::Reply,
        failure::Failure,
        people::{ChannelState, UserId},
    },
    ritual::{Answer, Context},
    store::{
        programmes::Programme,
        runs::{PastRun, RunOutcome},
    },
};

/// How many past rounds `status` tells of.
const PAST_ROUNDS: usize = 3;
/// Among how many runs they are looked for.
const PAST_RUNS: i64 = 12;

impl Coffee {
    pub(super) async fn status<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let cadence = self.programmes(context).times(&programme)?;
        let next = next_round(context, &programme).await?;
        let members = participants_of(context, &programme, next.map(|next| next.wall)).await?;
        let past = past(context, &programme).await?;
        let standing = Status {
            programme: &programme.id,
            name: &programme.name,
            is_paused: programme.paused_at.is_some(),
            cadence,
            organisers: &programme.organisers,
            next: next.map(|next| (next, cadence.zone)),
            here: members.here.len(),
            skipping: members.skipping.len() + members.away.len(),
            reader: members.part_of(&user),
            past: &past,
            closed: match context.store.channel_state(&programme.channel).await? {
                ChannelState::Closed(closed) => Some((closed, &context.bot)),
                ChannelState::Open { .. } | ChannelState::Unread { .. } => None,
            },
        };
        Ok(Answer::reply(Reply::Ephemeral(messages::status(&standing, &self.command))))
    }
}

/// What became of the last rounds.
async fn past(
    context: &Context,
    programme: &Programme,
) -> Result<Vec<(chrono::NaiveDateTime, PastRound)>, Failure> {
    let runs = context.store.past_runs(&programme.id, ROUND, PAST_RUNS).await?;
    let held = store::held(&context.store, &programme.id, PAST_RUNS).await?;
    let told = |run: PastRun| {
        let date = run.wall.date().to_string();
        let past = match held.iter().find(|held| held.date == date) {
            Some(held) if run.outcome == RunOutcome::Done.as_str() => PastRound::Held(held.clone()),
            // Why it failed is written for the operator.
            _ if run.outcome == RunOutcome::Failed.as_str() => PastRound::Failed,
            _ => PastRound::LeftOut(run.remark),
        };
        (run.wall, past)
    };
    // What was planned and then moved elsewhere is no news.
    let came = runs.into_iter().filter(|run| run.outcome != RunOutcome::Cancelled.as_str());
    Ok(came.take(PAST_ROUNDS).map(told).collect())
}
