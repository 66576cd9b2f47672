//! Answers `status`: the next occasion, how many people take part, and what became of the last occasions.

use futures_util::FutureExt as _;

use super::{
    Programmes,
    audience::Audience,
    messages::{self, Status},
};
use crate::{
    model::{
        cadence::Cadence,
        clock::Instant,
        event::Reply,
        failure::Failure,
        people::{ChannelState, UserId},
        text::Markup,
    },
    ritual::{Answer, Handling},
    store::{
        programmes::Programme,
        runs::{PastRun, RunOutcome},
    },
};

/// The number of past occasions that a status tells of.
const PAST_OCCASIONS: usize = 3;
/// The number of runs among which they are looked for.
const PAST_RUNS: i64 = 12;

/// What a status says that only its ritual knows.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// An occasion that is on, if one is: until when, and what follows that: `: Ana leads`, or nothing.
    pub now: Option<(Instant, Markup)>,
    /// What follows the next occasion's time: `: Ana leads`, or nothing.
    pub next: Markup,
    /// What follows the times: `, 30 minutes`, or nothing.
    pub times: Markup,
    /// What became of the last occasions: a line each, in the order of the runs that were given.
    pub past: Vec<Markup>,
    /// A sentence before what the reader can do, or nothing.
    pub more: Markup,
}

impl<'c> Programmes<'c> {
    /// Answers with the state of a programme.
    pub(super) fn status(self, programme: Programme, user: UserId) -> Handling<'c> {
        async move {
            let store = &self.context.store;
            let cadence = self.shown(self.times(&programme)?);
            let next = self.next(&programme).await?;
            let participants = self.participants(&programme, next.map(|next| next.wall)).await?;
            let past = self.past_runs(&programme).await?;
            let audience = self.audience(&programme).await?;
            let status = Status {
                programme: &programme.id,
                name: &programme.name,
                is_paused: programme.paused_at.is_some(),
                paused_until: self.paused_until(&programme).await?,
                organisers: &programme.organisers,
                cadence: &cadence,
                next: next.as_ref(),
                zone: store.zone_of(&user).await?.unwrap_or(self.context.zone),
                here: participants.here.len(),
                absent: participants.skipping.len() + participants.away.len(),
                audience: audience.as_ref(),
                reader: participants.part_of(&user),
                manages: self.manages(&programme, &user).await?,
                closed: match store.channel_state(&programme.channel).await? {
                    ChannelState::Closed(closed) => Some((closed, &self.context.bot)),
                    ChannelState::Open { .. } | ChannelState::Unread { .. } => None,
                },
                standing: self.ritual.standing(self.context, &programme, past).await?,
            };
            Ok(Answer::reply(Reply::Ephemeral(messages::status(self.words(), &status, self.command()))))
        }
        .boxed()
    }

    /// Returns times as people are shown them: dates that are over aren't told, but of a single one that is all there is.
    pub(super) fn shown(self, times: &Cadence) -> Cadence {
        if times.only().is_some() { times.clone() } else { times.pruned(self.today(times)) }
    }

    /// Says for whom a programme is that isn't for everyone in the channel.
    async fn audience(self, programme: &Programme) -> Result<Option<Markup>, Failure> {
        let Some(audience) = Audience::of(&programme.settings) else { return Ok(None) };
        let lacks_group = audience.chosen(&self.context.store).await?.lacks_group;
        Ok(Some(messages::chosen(self.words(), &audience.named(), lacks_group)))
    }

    /// Returns the last occasions that came, the newest first; one that was planned and then moved is none.
    async fn past_runs(self, programme: &Programme) -> Result<Vec<PastRun>, Failure> {
        let runs = self.context.store.past_runs(&programme.id, self.ritual.occasion(), PAST_RUNS).await?;
        let came = runs.into_iter().filter(|run| run.outcome != RunOutcome::Cancelled.as_str());
        Ok(came.take(PAST_OCCASIONS).collect())
    }
}
