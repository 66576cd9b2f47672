//! What `status` tells: the next sync, who takes turns, and who led the last ones.

use super::{
    START, Syncs,
    messages::{self, PastSync, Status},
    options::Options,
    plan::LEAD,
    store,
};
use crate::{
    common::programmes::{audience::Audience, messages::chosen, participants_of},
    model::{
        event::Reply,
        failure::Failure,
        people::{ChannelState, UserId},
        text::Markup,
    },
    ritual::{Answer, Context},
    store::{programmes::Programme, runs::RunOutcome},
};

/// The number of past syncs that `status` tells of.
const PAST_SYNCS: usize = 3;
/// The number of runs among which they are looked for.
const PAST_RUNS: i64 = 12;

impl Syncs {
    pub(super) async fn status<'c>(
        &'c self,
        context: &'c Context,
        programme: Programme,
        user: UserId,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let next = programmes.next(&programme).await?;
        let participants = participants_of(context, &programme, next.map(|next| next.wall)).await?;
        let zone = context.store.zone_of(&user).await?.unwrap_or(context.zone);
        let past = self.past(context, &programme).await?;
        let status = Status {
            programme: &programme.id,
            name: &programme.name,
            is_paused: programme.paused_at.is_some(),
            cadence: programmes.times(&programme)?,
            minutes: self.minutes(&Options::read(&programme.settings)),
            organisers: &programme.organisers,
            next: self.next_turns(context, &programme).await?.into_iter().next(),
            zone,
            here: participants.here.len(),
            absent: participants.skipping.len() + participants.away.len(),
            audience: audience_of(context, &programme).await?,
            reader: participants.part_of(&user),
            past: &past,
            closed: match context.store.channel_state(&programme.channel).await? {
                ChannelState::Closed(closed) => Some((closed, &context.bot)),
                ChannelState::Open { .. } | ChannelState::Unread { .. } => None,
            },
        };
        Ok(Answer::reply(Reply::Ephemeral(messages::status(&status, &self.command))))
    }

    /// Returns what became of the last syncs, the newest first.
    async fn past(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<Vec<(chrono::NaiveDate, PastSync)>, Failure> {
        let runs = context.store.past_runs(&programme.id, START, PAST_RUNS).await?;
        let held = store::past(&context.store, &programme.id, PAST_RUNS).await?;
        // A sync that was planned and then moved did not take place at all.
        let took_place = runs.into_iter().filter(|run| run.outcome != RunOutcome::Cancelled.as_str());
        let told = took_place.take(PAST_SYNCS).map(|run| {
            let date = run.wall.date();
            let past = match held.iter().find(|held| held.occasion.date == date) {
                Some(held) => PastSync::Held(held.occasion.duties.get(LEAD).cloned()),
                // Why it failed is written for the operator.
                None if run.outcome == RunOutcome::Failed.as_str() => PastSync::Failed,
                None => PastSync::LeftOut(run.remark),
            };
            (date, past)
        });
        Ok(told.collect())
    }
}

/// Says for whom syncs are that aren't for everyone in the channel.
async fn audience_of(context: &Context, programme: &Programme) -> Result<Option<Markup>, Failure> {
    let Some(audience) = Audience::of(&programme.settings) else { return Ok(None) };
    let lacks_group = audience.chosen(&context.store).await?.lacks_group;
    Ok(Some(chosen(&messages::WORDS, &audience.named(), lacks_group)))
}
