//! What a person reads of a turn that they have while nothing is to be done: that they agreed long ago, or that no one comes after them.

use chrono::Duration;

use super::{PREPARE, Syncs, before::Ahead, changing::AboutTurn, messages, plan::TurnState, store};
use crate::{
    model::{effect::NewEffect, failure::Failure},
    ritual::Context,
    store::{runs::Run, unit::UnitOfWork},
};

/// How long ago a person said that they lead who is reminded of it when others would be asked, in days.
const OLD_YES_DAYS: i64 = 7;

impl Syncs {
    /// Adds to a unit what a person reads who has the turn, while nothing else is to be done.
    pub(super) async fn put_waiting(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, run): (&Ahead, &Run),
    ) -> Result<(), Failure> {
        if run.kind == PREPARE {
            Syncs::remind_of_old_yes(unit, context, ahead)?;
        }
        self.put_no_one_next(unit, context, ahead).await
    }

    /// Adds to a unit that the person who is asked leads if they say nothing, once there is no one else to ask.
    async fn put_no_one_next(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
    ) -> Result<(), Failure> {
        let is_asked = ahead.turn.state == TurnState::Asked && ahead.turn.answer_by.is_some();
        let Some(holder) = ahead.holder().filter(|_| is_asked) else { return Ok(()) };
        let mut without = ahead.refusals.declined.clone();
        without.insert(holder.clone());
        if self.first_in_line(context, ahead, without).await?.is_some() {
            return Ok(());
        }
        let turn = ahead.turn.clone().answered_by(None);
        store::renew(unit, &context.team, ahead.key(), (&ahead.turn, &turn));
        let message = messages::ask(&ahead.place(), None, &ahead.value(&turn));
        let message = messages::with_own_clock(message, &ahead.at, ahead.own_clock(holder, context));
        let message = ahead.with_other_duty(message, holder);
        for about in [AboutTurn::Asked, AboutTurn::Reminded] {
            ahead.turn_on().revise(unit, context, (about, holder), &message)?;
        }
        let on = ahead.turn_on();
        Syncs::put_news_below(unit, context, (&on, holder), &on.keys_of_words(holder)).await
    }

    /// Adds to a unit that a person who said long ago that they lead is reminded of it, in their hours.
    fn remind_of_old_yes(unit: &mut UnitOfWork, context: &Context, ahead: &Ahead) -> Result<(), Failure> {
        let is_old = ahead.turn.changed_at <= context.now - Duration::days(OLD_YES_DAYS);
        let has_agreed = ahead.turn.state == TurnState::Accepted && is_old;
        let Some(user) = ahead.holder().filter(|_| has_agreed) else { return Ok(()) };
        let Some(at) = ahead.work_time(user, context).next(context.now, ahead.at.at) else { return Ok(()) };
        let message = messages::agreed(&ahead.place(), &ahead.value(&ahead.turn));
        let about = (&ahead.turn, user);
        let reminder = ahead.turn_on().message(context, AboutTurn::Reminded, about, message)?;
        Ok(context.enqueue_once(unit, &NewEffect { not_before: at, ..reminder })?)
    }
}
