//! Pausing, resuming and stopping chats, and who may.

use super::{Coffee, EffectSubject, members_of, messages, next_round, origin, store, times};
use crate::{
    model::{
        effect::{NewEffect, Target},
        event::{Action, Reply},
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context, put_occasion},
    store::{
        occasions, outbox,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

/// Why rounds are cancelled when their chats are stopped, and when they pause.
const STOPPED: &str = "the chats were stopped";
const PAUSED: &str = "the chats were paused";

impl Coffee {
    /// Cancels what is to come until chats are resumed. A round that has begun goes on.
    pub(super) async fn pause<'c>(
        &self,
        context: &Context,
        programme: Programme,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.may_manage(context, &programme, user).await?;
        let mut unit = UnitOfWork::new();
        put_pause(&mut unit, context, &programme, PAUSED).await?;
        announce(&mut unit, context, &programme, messages::announcement_of_pause(user, &programme.name))?;
        let paused = messages::paused(&programme.name, &programme.id);
        let answer = Answer::new(unit, Reply::Ephemeral(paused.clone()));
        Ok(answer.or_else(|guard| {
            let refused = match guard {
                // The round began in this instant, so nothing was written.
                occasions::BEGUN => messages::round_begins(),
                // They are paused already.
                _ => paused,
            };
            Box::pin(std::future::ready(Err(Failure::refuse(refused))))
        }))
    }

    /// Plans rounds again after a pause.
    pub(super) async fn resume<'c>(
        &self,
        context: &Context,
        programme: Programme,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.may_manage(context, &programme, user).await?;
        let cadence = times(&programme)?;
        let next = self.next_free(context, &programme.id, cadence, context.now).await?;
        let mut unit = UnitOfWork::new();
        programmes::resume(&mut unit, &context.team, &programme.id, context.now);
        let resumed = Programme { from_at: context.now, paused_at: None, ..programme.clone() };
        put_occasion(&mut unit, &context.team, self, &resumed, next, context.now);
        let message = messages::announcement_of_resume(user, &programme.name, &next);
        announce(&mut unit, context, &programme, message)?;
        let same = messages::same_times(cadence, next_round(context, &programme).await?.as_ref());
        let resumed = messages::resumed(&programme.name, &next);
        Ok(Answer::new(unit, Reply::Ephemeral(resumed)).or_refuse(Failure::refuse(same)))
    }

    /// Asks before chats end, since they are not the organiser's alone.
    pub(super) async fn ask_to_stop<'c>(
        &self,
        context: &Context,
        programme: Programme,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.may_manage(context, &programme, user).await?;
        let next = next_round(context, &programme).await?;
        let members = members_of(context, &programme, next.map(|next| next.wall)).await?;
        let people = members.here.len() + members.skipping.len() + members.away.len();
        let which = start_of(&programme);
        let message =
            messages::ask_to_stop((&programme.name, &programme.channel), people, next.as_ref(), &which);
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }

    pub(super) async fn stop<'c>(
        &self,
        context: &Context,
        programme: Programme,
        action: &Action,
    ) -> Result<Answer<'c>, Failure> {
        // A question of before a new start does not end what was started since.
        if action.value != start_of(&programme) {
            return Err(Failure::refuse(messages::over()));
        }
        let user = &action.user;
        self.may_manage(context, &programme, user).await?;
        let mut unit = UnitOfWork::new();
        programmes::end(&mut unit, &context.team, &programme.id, context.now);
        runs::cancel(&mut unit, &context.team, &Owner::Programme(programme.id.clone()), STOPPED, context.now);
        outbox::withdraw(&mut unit, &context.team, &Owner::Programme(programme.id.clone()), context.now);
        store::rest_unreached(&mut unit, &context.team, &programme, context.now);
        let have_met = !store::held(&context.store, &programme.id, 1).await?.is_empty();
        let farewell = messages::announcement_of_stop(user, &programme.name, have_met, &self.command);
        // What its programme owns is withdrawn, so the farewell has no owner.
        let effect = NewEffect { owner: Owner::None, ..announcement(context, &programme, farewell)? };
        context.enqueue(&mut unit, &effect.caused_by(user))?;
        let stopped =
            Answer::new(unit, Reply::Replace(messages::stopped(&programme.name, &programme.channel)));
        Ok(stopped.or_refuse(Failure::refuse(messages::over())))
    }
}

/// Adds to a unit that chats pause: the rounds that have not begun do not come.
pub(super) async fn put_pause(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    why: &str,
) -> Result<(), Failure> {
    let (team, now) = (&context.team, context.now);
    let owner = Owner::Programme(programme.id.clone());
    programmes::pause(unit, team, &programme.id, now);
    for occasion in context.store.occasions_from(&programme.id, now).await? {
        if !occasion.has_begun {
            occasions::cancel(unit, team, &programme.id, occasion.planned_for, now);
            runs::cancel_occasion(unit, team, &owner, occasion.planned_for, why, now);
        }
    }
    Ok(())
}

/// Which start of a programme a question is about: its id and the instant, as a button holds them.
fn start_of(programme: &Programme) -> String {
    format!("{} {}", programme.id, programme.started_at.timestamp_millis())
}

/// Tells the channel. Each announcement is one thing that is seen, so it has a key of its own.
pub(super) fn announce(
    unit: &mut UnitOfWork,
    context: &Context,
    programme: &Programme,
    message: Message,
) -> Result<(), Failure> {
    Ok(context.enqueue(unit, &announcement(context, programme, message)?)?)
}

fn announcement(context: &Context, programme: &Programme, message: Message) -> Result<NewEffect, Failure> {
    let key = format!("coffee/news/{}", context.id());
    let to = Target::Channel(programme.channel.clone());
    let about = origin(&EffectSubject::Programme(programme.id.clone()))?;
    let owner = Owner::Programme(programme.id.clone());
    Ok(NewEffect { owner, ..NewEffect::post(about, key, to, message, context.now) })
}
