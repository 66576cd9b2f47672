//! Stopping a programme.

use super::{Programmes, Replanned, messages, which::is_held_once};
use crate::{
    model::{
        effect::{Effect, NewEffect, Target},
        event::{Action, Reply},
        failure::Failure,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Handling},
    store::{
        outbox,
        programmes::{self, Programme},
        runs,
        unit::UnitOfWork,
    },
};

impl<'c> Programmes<'c> {
    /// Asks before a programme ends, since it is not the organiser's alone.
    pub(super) async fn ask_to_stop(
        self,
        programme: Programme,
        user: &UserId,
    ) -> Result<Answer<'c>, Failure> {
        self.may_lead_on(&programme, user).await?;
        let next = self.next(&programme).await?;
        let participants = self.participants(&programme, next.map(|next| next.wall)).await?;
        let unfinished = self.ritual.unfinished(self.context, &programme).await?;
        let message = messages::ask_to_stop(
            self.words(),
            (&programme.name, &programme.channel),
            participants.of_the_programme(),
            (next.as_ref(), &unfinished),
            &start_of(&programme),
        );
        Ok(Answer::reply(Reply::Ephemeral(message)))
    }

    pub(super) fn stop(self, programme: Programme, action: Action) -> Handling<'c> {
        Box::pin(self.stopped(programme, action))
    }

    async fn stopped(self, programme: Programme, action: Action) -> Result<Answer<'c>, Failure> {
        // A question of before a new start does not end what was started since.
        if action.value != start_of(&programme) {
            return Err(self.over());
        }
        let (context, words, user) = (self.context, self.words(), &action.user);
        self.may_lead_on(&programme, user).await?;
        let (team, owner) = (&context.team, Owner::Programme(programme.id.clone()));
        let mut unit = UnitOfWork::new();
        programmes::end(&mut unit, team, &programme.id, context.now);
        runs::cancel(&mut unit, team, &owner, &messages::why_stopped(words), context.now);
        outbox::withdraw(&mut unit, team, &owner, context.now);
        unit.append(self.replanned(&programme, Replanned::Stopped).await?);
        let zone = self.times(&programme)?.zone;
        let [began, today] =
            [programme.started_at, context.now].map(|at| at.with_timezone(&zone).date_naive());
        let began = messages::began_and_stopped(words, &programme.name, (began, today));
        let to = Target::Channel(programme.channel.clone());
        context.amend(&mut unit, &self.beginning_key(&programme), &Effect::Post { to, message: began })?;
        let was_held = self.ritual.was_held(context, &programme).await?;
        let stopped = (programme.name.as_str(), is_held_once(&programme));
        let farewell = messages::announcement_of_stop(words, user, stopped, was_held, self.command());
        // What its programme owns is withdrawn, so the farewell has no owner.
        let effect = NewEffect { owner: Owner::None, ..self.announcement(&programme, farewell)? };
        context.enqueue(&mut unit, &effect.caused_by(user))?;
        let stopped = messages::stopped(words, &programme.name, &programme.channel);
        Ok(Answer::new(unit, Reply::Replace(stopped)).or_else(move |guard| match guard {
            // A turn of it has changed in this instant.
            runs::OUTDATED => self.stop(programme, action),
            _ => Box::pin(std::future::ready(Err(self.over()))),
        }))
    }
}

/// Which start of a programme a question is about: its id and the instant, as a button holds them.
pub(super) fn start_of(programme: &Programme) -> String {
    format!("{} {}", programme.id, programme.started_at.timestamp_millis())
}
