//! Before and after a round: the notice to the channel, and the question to each group whether they met.

use chrono::Duration;

use super::{Coffee, NAME, messages, next_round, plan, store};
use crate::{
    common::programmes::{NewsSubject, origin, participants_of},
    model::{
        cadence::Occurrence,
        effect::{Effect, Keep, Lane, NewEffect, Target},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::{ChannelState, UserId},
    },
    ritual::{Context, Ran},
    store::{
        absences::{self, Absence},
        programmes::Programme,
        runs::Run,
        unit::UnitOfWork,
    },
};

/// A question that did not get out within this many days comes too late.
const FRESH_DAYS: i64 = 3;
/// For how long an answer still changes the question.
const ANSWERABLE_DAYS: i64 = 60;

impl Coffee {
    /// Tells the channel on the day before that a round comes. Where nothing would come of the round, nothing is said: the
    /// organiser hears of that when it is due.
    pub(super) async fn give_notice(&self, context: &Context, programme: &Programme) -> Result<Ran, Failure> {
        if !matches!(context.store.channel_state(&programme.channel).await?, ChannelState::Open { .. }) {
            return Ok(Ran::skipped(messages::NOT_IN_CHANNEL));
        }
        let Some(round) = next_round(context, programme).await? else {
            return Ok(Ran::skipped(messages::NOTHING_AHEAD));
        };
        let members = participants_of(context, programme, Some(round.wall)).await?;
        if members.here.len() < plan::SMALLEST_GROUP {
            return Ok(Ran::skipped(messages::FEW));
        }
        let message = messages::notice(&round, members.here.len(), &programme.name, &programme.id);
        let about = origin(NAME, &NewsSubject::Aside)?;
        let to = Target::Channel(programme.channel.clone());
        let effect = NewEffect {
            owner: Owner::Programme(programme.id.clone()),
            expires_at: Some(round.at),
            ..NewEffect::post(about, notice_key(programme, &round), to, message, context.now)
        };
        let mut unit = UnitOfWork::new();
        context.enqueue_once(&mut unit, &effect)?;
        Ok(Ran::done(unit))
    }

    /// Asks each group of a round that has not said so yet whether they met. Who has left since is left in peace.
    pub(super) async fn close_round(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let date = run.occasion.split('T').next().unwrap_or_default();
        let mut unit = UnitOfWork::new();
        let absences = absences::of_programme(&context.store, &programme.id).await?;
        let has_left = |person: &UserId| absences.contains(&(person.clone(), Absence::Left));
        for group in store::silent_groups(&context.store, &programme.id, date).await? {
            if group.people.iter().any(has_left) {
                continue;
            }
            let message = messages::ask_whether_met(&group, &programme.name);
            let to = Target::Group(group.people.clone());
            let effect = NewEffect {
                owner: Owner::Programme(programme.id.clone()),
                keep: Keep::Until(context.now + Duration::days(ANSWERABLE_DAYS)),
                lane: Lane::Bulk,
                expires_at: Some(context.now + Duration::days(FRESH_DAYS)),
                ..NewEffect::post(
                    origin(NAME, &NewsSubject::Aside)?,
                    question_key(&group.id),
                    to,
                    message,
                    context.now,
                )
            };
            context.enqueue(&mut unit, &effect)?;
        }
        Ok(Ran::done(unit))
    }
}

/// Adds to a unit that the channel's notice of a round, where it was given, says that the round was called off today.
pub(super) fn put_called_off(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    round: &Occurrence,
) -> Result<(), Failure> {
    let Some(times) = &programme.cadence else { return Ok(()) };
    let today = context.now.with_timezone(&times.zone).date_naive();
    amend(unit, context, programme, round, messages::notice_over(round, &programme.name, today))
}

/// Adds to a unit that the notice says that the round has come.
pub(super) fn put_past(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    round: &Occurrence,
) -> Result<(), Failure> {
    amend(unit, context, programme, round, messages::notice_past(round, &programme.name))
}

fn amend(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    round: &Occurrence,
    message: Message,
) -> Result<(), Failure> {
    let to = Target::Channel(programme.channel.clone());
    Ok(context.amend(unit, &notice_key(programme, round), &Effect::Post { to, message })?)
}

fn notice_key(programme: &Programme, round: &Occurrence) -> String {
    format!("coffee/notice/{}/{}", programme.id, round.at.timestamp())
}

/// The outbox key of the question to a group.
pub(super) fn question_key(group: &str) -> String {
    format!("coffee/close/{group}")
}
