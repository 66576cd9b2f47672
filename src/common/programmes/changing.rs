//! Pausing, resuming and stopping a programme.

use super::{Programmes, messages};
use crate::{
    model::{
        effect::NewEffect,
        event::{Action, Reply},
        failure::Failure,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context, Ritual, put_occasion},
    store::{
        occasions, outbox,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

impl<'c, R: Ritual> Programmes<'c, R> {
    /// Cancels what is to come until the programme is resumed. An occasion that has begun goes on.
    pub(super) async fn pause(self, programme: Programme, user: &UserId) -> Result<Answer<'c>, Failure> {
        let words = self.words();
        self.may_manage(&programme, user).await?;
        let mut unit = UnitOfWork::new();
        put_pause(&mut unit, self.context, &programme, &messages::why_paused(words)).await?;
        let message = messages::announcement_of_pause(words, user, &programme.name);
        self.announce(&mut unit, &programme, message)?;
        let paused = messages::paused(words, &programme.name, &programme.id);
        let answer = Answer::new(unit, Reply::Ephemeral(paused.clone()));
        Ok(answer.or_else(move |guard| {
            let refused = match guard {
                // The occasion began in this instant, so nothing was written.
                occasions::BEGUN => messages::occasion_begins(words),
                // It is paused already.
                _ => paused,
            };
            Box::pin(std::future::ready(Err(Failure::refuse(refused))))
        }))
    }

    /// Plans occasions again after a pause.
    pub(super) async fn resume(self, programme: Programme, user: &UserId) -> Result<Answer<'c>, Failure> {
        let (context, words) = (self.context, self.words());
        self.may_manage(&programme, user).await?;
        let cadence = self.times(&programme)?;
        let next = self.next_free(&programme.id, cadence, context.now).await?;
        let mut unit = UnitOfWork::new();
        programmes::resume(&mut unit, &context.team, &programme.id, context.now);
        let resumed = Programme { from_at: context.now, paused_at: None, ..programme.clone() };
        put_occasion(&mut unit, &context.team, self.ritual, &resumed, next, context.now);
        let message = messages::announcement_of_resume(words, user, &programme.name, &next);
        self.announce(&mut unit, &programme, message)?;
        let same = messages::same_times(words, cadence, self.next(&programme).await?.as_ref());
        let resumed = messages::resumed(words, &programme.name, &next);
        Ok(Answer::new(unit, Reply::Ephemeral(resumed)).or_refuse(Failure::refuse(same)))
    }

    /// Asks before a programme ends, since it is not the organiser's alone.
    pub(super) async fn ask_to_stop(
        self,
        programme: Programme,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.may_manage(&programme, user).await?;
        let next = self.next(&programme).await?;
        let participants = self.participants(&programme, next.map(|next| next.wall)).await?;
        let message = messages::ask_to_stop(
            self.words(),
            (&programme.name, &programme.channel),
            participants.of_the_programme(),
            next.as_ref(),
            &start_of(&programme),
        );
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }

    pub(super) async fn stop(self, programme: Programme, action: &Action) -> Result<Answer<'c>, Failure> {
        // A question of before a new start does not end what was started since.
        if action.value != start_of(&programme) {
            return Err(self.over());
        }
        let (context, words, user) = (self.context, self.words(), &action.user);
        self.may_manage(&programme, user).await?;
        let (team, owner) = (&context.team, Owner::Programme(programme.id.clone()));
        let mut unit = UnitOfWork::new();
        programmes::end(&mut unit, team, &programme.id, context.now);
        runs::cancel(&mut unit, team, &owner, &messages::why_stopped(words), context.now);
        outbox::withdraw(&mut unit, team, &owner, context.now);
        (self.kind.put_stop)(&mut unit, context, &programme);
        let was_held = (self.kind.was_held)(context, &programme).await?;
        let farewell = messages::announcement_of_stop(words, user, &programme.name, was_held, self.command());
        // What its programme owns is withdrawn, so the farewell has no owner.
        let effect = NewEffect { owner: Owner::None, ..self.announcement(&programme, farewell)? };
        context.enqueue(&mut unit, &effect.caused_by(user))?;
        let stopped = messages::stopped(words, &programme.name, &programme.channel);
        Ok(Answer::new(unit, Reply::Replace(stopped)).or_refuse(self.over()))
    }
}

/// Adds to a unit that a programme pauses, for a reason: the occasions that have not begun do not come.
pub async fn put_pause(
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
