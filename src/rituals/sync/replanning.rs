//! What becomes of turns when syncs are cancelled, paused, stopped, or come at other times.

use super::{
    Syncs,
    before::{Ahead, look_now},
    changing::{AboutTurn, TurnOn, amend, occurrence_on},
    messages::{self, Loss},
    plan::TurnState,
    store,
};
use crate::{
    common::programmes::Replanned,
    model::{failure::Failure, message::Message, people::UserId},
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Syncs {
    /// Returns what follows for the turns to come. Those of syncs that don't come are open again, and those of syncs that come
    /// at another time of the day, or otherwise, say so.
    pub(super) async fn replan_turns(
        &self,
        context: &Context,
        programme: &Programme,
        change: Replanned,
    ) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        let Some(times) = &programme.cadence else { return Ok(unit) };
        let today = context.now.with_timezone(&times.zone).date_naive();
        if !matches!(change, Replanned::Planned(_)) {
            // A person who gets a turn in this instant hears of the change, too.
            let changes = store::changes_from(&context.store, &programme.id, today).await?;
            store::no_changes_since(&mut unit, &context.team, (&programme.id, today), changes);
        }
        if let Replanned::Rescheduled(from, to) = change {
            unit.append(self.sync_moved(context, programme, (from, to)).await?);
            return Ok(unit);
        }
        let by = context.causer().unwrap_or(&context.bot);
        let planned = match change {
            Replanned::Planned(next) => Some(next),
            Replanned::Paused(first) => first,
            Replanned::Changed if programme.paused_at.is_none() => {
                times.next(context.now.max(programme.from_at))
            }
            Replanned::Changed => self.programmes(context).first_after_pause(programme).await?,
            _ => None,
        };
        if let Some(next) = planned {
            // A question that was asked before isn't asked again by its own run.
            let ahead = self.ahead_at(context, programme.clone(), next).await?;
            look_now(&mut unit, context, &ahead, &format!("planned-{}", ahead.turn.version));
        }
        self.close_skip_questions(&mut unit, context, (programme, times), change).await?;
        if change == Replanned::Stopped {
            self.put_stopped(&mut unit, context, programme, by).await?;
        }
        let before = context.store.programme(&programme.id).await?.and_then(|before| before.cadence);
        for (date, turn) in store::turns_from(&context.store, &programme.id, today).await? {
            // What has begun goes on as it is.
            let has_begun = turn.state == TurnState::Begun;
            let is_free = turn.holder().is_none() && turn.scribe.is_none();
            if has_begun
                || is_free && store::open_offers(&context.store, &programme.id, date).await?.is_empty()
            {
                continue;
            }
            // A sync that doesn't come any more was at its former time.
            let comes = times.is_on(date);
            let times = if comes { times } else { before.as_ref().unwrap_or(times) };
            let Some(at) = occurrence_on(times, date) else { continue };
            let loss = match change {
                Replanned::Cancelled(cancelled) if cancelled == date => Loss::Cancelled(by),
                Replanned::Cancelled(_) | Replanned::Planned(_) | Replanned::Rescheduled(..) => continue,
                // Those of syncs after the pause are kept.
                Replanned::Paused(Some(first)) if date >= first.wall.date() => continue,
                Replanned::Paused(_) => Loss::Paused(by),
                Replanned::Stopped => Loss::Stopped(by),
                Replanned::Changed if !comes => Loss::Moved,
                Replanned::Changed => {
                    let ahead = self.ahead_at(context, programme.clone(), at).await?;
                    self.put_changed(&mut unit, context, ahead).await?;
                    continue;
                }
            };
            let on = TurnOn { programme, at, turn: &turn };
            self.put_free(&mut unit, context, &on, loss).await?;
        }
        Ok(unit)
    }

    /// Adds to a unit what follows for the turn of a sync that comes otherwise.
    async fn put_changed(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: Ahead,
    ) -> Result<(), Failure> {
        Syncs::put_scribe_moved(unit, context, (&ahead, &ahead))?;
        match (ahead.lost(), ahead.turn.holder().cloned()) {
            (Some(loss), _) => self.put_free(unit, context, &ahead.turn_on(), loss).await,
            (None, Some(holder)) => {
                let ahead = Syncs::with_time_to_answer(unit, context, ahead);
                self.put_as_it_is(unit, context, &ahead, &holder).await
            }
            (None, None) => Ok(()),
        }
    }

    /// Adds to a unit that the messages to a person who keeps a turn show the sync as it is.
    pub(super) async fn put_as_it_is(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
        holder: &UserId,
    ) -> Result<(), Failure> {
        let (on, asked) = (ahead.turn_on(), ahead.as_it_is(context));
        let offers = store::offers_on(&context.store, &ahead.programme.id, ahead.date()).await?;
        let swaps = on.swap_keys(holder, &offers);
        for about in AboutTurn::WORDS {
            on.revise(unit, context, (about, holder), &asked)?;
        }
        for key in &swaps {
            amend(unit, context, (key, holder), &asked)?;
        }
        let mut keys = on.keys_of_words(holder);
        keys.extend(swaps);
        Syncs::put_news_below(unit, context, (&on, holder), &keys).await?;
        let sheet = self.sheet(context, ahead, (holder, &ahead.turn)).await?;
        on.revise(unit, context, (AboutTurn::Sheet, holder), &sheet)
    }
}

impl Ahead {
    /// Returns what the person reads who has the turn.
    pub(super) fn as_it_is(&self, context: &Context) -> Message {
        let (place, value) = (self.place(), self.value(&self.turn));
        let message = match self.turn.state {
            TurnState::Asked => messages::ask(&place, self.deadline(&self.turn, context).as_ref(), &value),
            TurnState::Named => messages::named(&place, &value),
            _ => messages::yours(&place, &value),
        };
        let message = match self.turn.holder() {
            Some(user) => self.with_other_duty(message, user),
            None => message,
        };
        let Some(user) = self.turn.holder() else { return message };
        if self.turn.state == TurnState::Named {
            return messages::named_with_own_clock(message, &self.at, self.named_at_night(user, context));
        }
        messages::with_own_clock(message, &self.at, self.own_clock(user, context))
    }
}
