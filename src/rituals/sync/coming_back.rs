//! People who have not answered several questions in a row: they hear that they're asked last, and come back with one press.

use chrono::Duration;

use super::{
    NAME, Syncs,
    before::Ahead,
    messages::{self, Loss},
    plan::{QUESTIONS_IN_A_ROW, Reaction, TurnState, asked_last, unanswered, unanswering},
    store,
};
use crate::{
    common::programmes::to_person,
    model::{
        effect::NewEffect,
        event::{Action, Reply},
        failure::Failure,
        owner::Owner,
        people::UserId,
    },
    ritual::{Answer, Context},
    store::unit::UnitOfWork,
};

/// How far ahead an hour is looked for in which a person reads that they're asked last, in days.
const LATEST_DAYS: i64 = 14;

impl Syncs {
    /// Returns why the person who is asked would not lead: they haven't answered, perhaps once too often, or since they're away.
    pub(super) async fn silence_of_holder(
        &self,
        context: &Context,
        ahead: &Ahead,
    ) -> Result<Loss<'static>, Failure> {
        let Some(holder) = ahead.holder().filter(|_| ahead.turn.state == TurnState::Asked) else {
            return Ok(Loss::Silent);
        };
        let work = ahead.work_time(holder, context);
        if work.settings.is_away(work.date(context.now)) {
            return Ok(Loss::Away);
        }
        let mut reactions = store::reactions(&context.store, &ahead.programme.id).await?;
        let of_holder = reactions.entry(holder.clone()).or_default();
        of_holder.insert(0, Reaction::Silent);
        let is_the_third = unanswered(of_holder) == QUESTIONS_IN_A_ROW;
        let is_last = is_the_third && asked_last(&reactions, &ahead.here).contains(holder);
        Ok(if is_last { Loss::AskedLast } else { Loss::Silent })
    }

    /// Adds to a unit that the person whose turn goes to another reads that they're asked last, in their hours.
    pub(super) fn put_asked_last(
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, loss): (&Ahead, Loss<'_>),
        next: &UserId,
    ) -> Result<(), Failure> {
        let Some(person) = ahead.holder().filter(|holder| loss == Loss::AskedLast && *holder != next) else {
            return Ok(());
        };
        let programme = &ahead.programme;
        let latest = context.now + Duration::days(LATEST_DAYS);
        let at = ahead.work_time(person, context).next(context.now, latest).unwrap_or(context.now);
        let message = messages::asked_last((&programme.name, &programme.channel), &programme.id);
        let key = format!("sync/last/{}/{}/{person}", programme.id, ahead.date());
        let effect = to_person(context, NAME, key, person, message)?;
        let owner = Owner::Programme(programme.id.clone());
        Ok(context.enqueue_once(unit, &NewEffect { owner, not_before: at, ..effect })?)
    }

    /// *I'm back in* of a person who is asked last.
    pub(super) async fn back_in<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(&action).await?;
        programmes.may_take_part(&action.user).await?;
        if !context.store.is_member(&programme.channel, &action.user).await? {
            return Err(Failure::refuse(messages::not_in_channel()));
        }
        let place = (programme.name.as_str(), &programme.channel);
        let already = Reply::Replace(messages::in_line_already(place, &self.command));
        let silent = unanswering(&store::reactions(&context.store, &programme.id).await?);
        if !silent.contains(&action.user) {
            return Ok(Answer::reply(already));
        }
        let mut unit = UnitOfWork::new();
        store::is_back(&mut unit, &context.team, &programme.id, &action.user, context.now);
        let back = Reply::Replace(messages::back_in(place, &self.command));
        let answer = Answer::new(unit, back);
        Ok(answer.or_else(move |_| Box::pin(std::future::ready(Ok(Answer::reply(already))))))
    }
}
