//! People who are thanked in a conversation that they aren't in: the announcement doesn't reach them, so they get a DM.

use chrono::Duration;
use chrono_tz::Tz;

use super::{
    Kudos, NAME,
    give::{Announced, private_effect},
    messages,
    plan::StoredGift,
    store,
};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        effect::Origin,
        failure::Failure,
        owner::Owner,
        people::{ChannelId, ChannelState, Closed, UserId},
    },
    ritual::{Context, Ran, Settled},
    store::{
        people::channels,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// The kind of run that tells them.
pub(super) const KIND: &str = "absent";
/// How often the directory is looked at while it reads the channel, and for how long.
const LOOK_SECONDS: i64 = 5;
const PATIENCE_MINUTES: i64 = 2;
/// A channel that was public so recently is taken to be public. It may be made private, and no event says so.
const PUBLIC_FOR_MINUTES: i64 = 60;

/// An announcement stands in its channel. Where one of the people thanked may not see it, a run looks closer.
pub(super) async fn announced(context: &Context, origin: &Origin) -> Result<Settled, Failure> {
    let mut unit = UnitOfWork::new();
    let Ok(Announced { gift: id, .. }) = serde_json::from_str::<Announced>(&origin.note) else {
        return Ok(Settled::with(unit));
    };
    if let Some(gift) = still_given(context, &id).await? {
        let receivers = store::receivers(&context.store, &id).await?;
        if absent(context, &gift.channel, receivers).await?.is_none_or(|absent| !absent.is_empty()) {
            put_run(&mut unit, context, &id);
        }
    }
    Ok(Settled::with(unit))
}

fn put_run(unit: &mut UnitOfWork, context: &Context, gift: &str) {
    let due = Occurrence { at: context.now, wall: context.now.with_timezone(&Tz::UTC).naive_local() };
    let run = NewRun {
        owner: Owner::None,
        ritual: NAME,
        occasion: None,
        kind: KIND,
        subject: gift,
        due,
        late: CatchUp::Within(Duration::hours(12)),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}

async fn still_given(context: &Context, id: &str) -> Result<Option<StoredGift>, Failure> {
    Ok(store::gift(&context.store, id).await?.filter(|gift| gift.undone_at.is_none()))
}

/// Which of these people aren't in a conversation that the bot has posted in; `None` while its members aren't known.
async fn absent(
    context: &Context,
    channel: &ChannelId,
    people: Vec<UserId>,
) -> Result<Option<Vec<UserId>>, Failure> {
    match context.store.channel_state(channel).await? {
        ChannelState::Open { .. } => {
            let mut absent = Vec::new();
            for person in people {
                if !context.store.is_member(channel, &person).await? {
                    absent.push(person);
                }
            }
            Ok(Some(absent))
        }
        // Slack doesn't tell who is in a group DM. Of those that the bot opened it is known.
        ChannelState::Closed(Closed::Direct) => {
            let present = context.store.group_dm_people(channel).await?.unwrap_or_default();
            Ok(Some(people.into_iter().filter(|person| !present.contains(person)).collect()))
        }
        // The bot has left since, and nothing more will be known.
        ChannelState::Closed(_) => Ok(Some(Vec::new())),
        ChannelState::Unread { .. } => Ok(None),
    }
}

impl Kudos {
    /// Tells by DM the people of a gift who don't see its announcement, as soon as it is known who that is.
    pub(super) async fn tell_absent(&self, context: &Context, run: &Run) -> Result<Ran, Failure> {
        let Some(gift) = still_given(context, &run.subject).await? else {
            return Ok(Ran::skipped(messages::TAKEN_BACK));
        };
        let has_patience = context.now < run.due.at + Duration::minutes(PATIENCE_MINUTES);
        let receivers = store::receivers(&context.store, &gift.id).await?;
        let Some(absent) = absent(context, &gift.channel, receivers.clone()).await? else {
            return Ok(if has_patience {
                reads_first(context, &gift.channel)
            } else {
                Ran::skipped(messages::MEMBERS_UNKNOWN)
            });
        };
        if absent.is_empty() {
            return Ok(Ran::done(UnitOfWork::new()));
        }
        let seen = context.store.channel_seen(&gift.channel).await?;
        let fresh = context.now - Duration::minutes(PUBLIC_FOR_MINUTES);
        let is_public = seen.public_at.is_some_and(|at| at >= fresh);
        let is_read = seen.read_at.is_none_or(|at| at >= run.due.at);
        if !is_public && !is_read && has_patience {
            return Ok(reads_first(context, &gift.channel));
        }
        let mut unit = UnitOfWork::new();
        store::still_given(&mut unit, &context.team, &gift.id);
        let name = self.giver_name(context, &gift.giver, None).await?;
        for reader in &absent {
            let message = if is_public || gift.reason.is_empty() {
                messages::private_announcement(name.as_deref(), &receivers, reader, &gift.reason)
            } else {
                messages::private_announcement_without_reason(name.as_deref(), &receivers, reader)
            };
            let effect = private_effect(context, &gift.id, reader, message).caused_by(&gift.giver);
            context.enqueue_once(&mut unit, &effect)?;
        }
        Ok(Ran::done(unit))
    }
}

/// The run waits while the channel is read.
fn reads_first(context: &Context, channel: &ChannelId) -> Ran {
    let mut unit = UnitOfWork::new();
    channels::want_for_person(&mut unit, &context.team, channel, context.now);
    let again = context.now + Duration::seconds(LOOK_SECONDS);
    Ran::snoozed(unit, again, "the channel is still being read")
}
