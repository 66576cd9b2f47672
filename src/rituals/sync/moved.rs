//! A sync that moves to another date or time: its turn and offers go along, and the people concerned read of it.

use super::{
    NAME, Syncs,
    before::Ahead,
    changing::{
        AboutTurn, TurnOn, occurrence_on, offer_key, offered_key, said, swapped_key, unanswered_key, value_of,
    },
    messages::{self, Loss, TurnMoved},
    plan::TurnState,
    store::{self, OfferState},
};
use crate::{
    common::programmes::to_person,
    model::{cadence::Occurrence, effect::NewEffect, failure::Failure, message::Message, people::UserId},
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

impl Syncs {
    /// Returns what follows when a sync of a programme, as it is from then on, moves from one time to another.
    pub(super) async fn sync_moved(
        &self,
        context: &Context,
        programme: &Programme,
        (from, to): (Occurrence, Occurrence),
    ) -> Result<UnitOfWork, Failure> {
        let old = self.ahead_at(context, programme.clone(), from).await?;
        let new = self.ahead_at(context, programme.clone(), to).await?;
        let new = Ahead { turn: old.turn.clone(), refusals: old.refusals.clone(), ..new };
        let holder = new.holder().cloned();
        let turn = holder.as_ref().map_or_else(|| old.turn.clone(), |user| new.told_anew(user, context));
        let new = Ahead { turn, ..new };
        let mut unit = UnitOfWork::new();
        let dates = (old.date(), new.date());
        store::renew(&mut unit, &context.team, old.key(), (&old.turn, &new.turn));
        store::move_date(&mut unit, &context.team, (&programme.id, &old.turn), dates);
        if let Some(user) = old.turn.holder() {
            self.tell_holder(&mut unit, context, (&old, &new), user).await?;
        }
        Syncs::put_scribe_moved(&mut unit, context, (&old, &new))?;
        self.move_skip_questions(&mut unit, context, programme, (from, to)).await?;
        self.change_offers(&mut unit, context, (&old, &new)).await?;
        self.tell_swapped(&mut unit, context, (&old, &new)).await?;
        Ok(unit)
    }

    /// Adds to a unit what the person reads who has the turn. A changed message rings no bell, so they get a new one, with the buttons, and
    /// the old ones lead to it.
    async fn tell_holder(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (old, new): (&Ahead, &Ahead),
        user: &UserId,
    ) -> Result<(), Failure> {
        let is_there = new.holder() == Some(user);
        let told_at = new.said_at(new.turn.changed_at, context);
        let turn = match is_there {
            true if told_at.at > context.now => TurnMoved::At(&told_at),
            true => TurnMoved::Below,
            false => TurnMoved::IsNotThere,
        };
        let note = messages::turn_moved(&old.place(), &new.at, turn);
        let offers = store::offers_on(&context.store, &old.programme.id, old.date()).await?;
        let mut keys = old.turn_on().keys_of(&old.turn, user);
        keys.extend(old.turn_on().swap_keys(user, &offers));
        Syncs::amend_newest(unit, context, (&old.place(), user), &keys, &note).await?;
        if !is_there {
            let key = format!("sync/moved/{}", context.id());
            return Ok(context.enqueue(unit, &to_person(context, NAME, key, user, note)?)?);
        }
        let has_sheet = new.steps.has_sheet(new.turn.changed_at);
        let (about, message) = match new.turn.state {
            TurnState::Asked => self.question(context, new, (user, &new.turn)).await?,
            _ if has_sheet => (AboutTurn::Sheet, self.sheet(context, new, (user, &new.turn)).await?),
            TurnState::Named => (AboutTurn::Named, new.as_it_is(context)),
            _ => (AboutTurn::Leads, new.as_it_is(context)),
        };
        let message = messages::with_old_time(message, &old.at);
        let effect = new.turn_on().message(context, about, (&new.turn, user), message)?;
        // A question waits for their hours, unless the sync would begin before.
        Ok(context.enqueue(unit, &NewEffect { not_before: new.turn.changed_at, ..effect })?)
    }

    /// Adds to a unit what the person reads in whose place another leads: when that is now.
    async fn tell_swapped(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (old, new): (&Ahead, &Ahead),
    ) -> Result<(), Failure> {
        let times = self.programmes(context).times(&new.programme)?;
        for (offer, state) in store::offers_on(&context.store, &old.programme.id, old.date()).await? {
            if state != OfferState::Accepted || !old.turn.is_of(&offer.to) {
                continue;
            }
            // Messages about the former date can't be changed any more after this.
            let note = messages::swap::moved(&old.place(), &new.at, &offer.to);
            old.turn_on().amend_swapped(unit, context, &offer, &note).await?;
            let day = offer.in_return.map(|(day, _)| day);
            let swapped = messages::free(&new.place(), Loss::Swapped(&offer.to, day), &offer.from);
            revise(unit, context, (&swapped_key(&offer), &offer.from), &swapped)?;
            let Some((day, at)) = day.and_then(|day| Some((day, occurrence_on(times, day)?))) else {
                continue;
            };
            let turn = store::turn(&context.store, &offer.programme, day).await?;
            if turn.is_of(&offer.from) {
                let buttons = messages::ways_out(&value_of(&offer.programme, day, turn.version));
                let message =
                    swapped.with_context(messages::swap::if_return_fails(day)).with_buttons(buttons);
                let back = TurnOn { programme: &new.programme, at, turn: &turn };
                back.revise(unit, context, (AboutTurn::Leads, &offer.from), &message)?;
            }
        }
        Ok(())
    }

    /// Returns a sync at other times with until when its person, who was asked, can answer: as they have read it, if another is asked then;
    /// else as it is from now on.
    pub(super) fn with_time_to_answer(unit: &mut UnitOfWork, context: &Context, ahead: Ahead) -> Ahead {
        let Some(by) = ahead.turn.answer_by.filter(|_| ahead.turn.state == TurnState::Asked) else {
            return ahead;
        };
        let later = [ahead.steps.next, ahead.steps.name].into_iter().flatten().any(|step| step.at >= by);
        if later && by > context.now {
            return ahead;
        }
        let by = ahead.steps.deadline(context.now).map(|by| by.at);
        let turn = ahead.turn.clone().answered_by(by);
        store::renew(unit, &context.team, ahead.key(), (&ahead.turn, &turn));
        Ahead { turn, ..ahead }
    }

    /// Adds to a unit that the offers say when the sync is now.
    async fn change_offers(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (old, new): (&Ahead, &Ahead),
    ) -> Result<(), Failure> {
        let (programme, date) = (&new.programme, old.date());
        let moved = |day| if day == date { new.date() } else { day };
        for offer in store::open_offers(&context.store, &programme.id, date).await? {
            let other;
            let place = if offer.date == date {
                new.place()
            } else {
                let coming = self.coming(context, programme).await?;
                let Some(at) = coming.into_iter().find(|at| at.wall.date() == offer.date) else { continue };
                other = self.ahead_at(context, programme.clone(), at).await?;
                other.place()
            };
            let in_return = offer.in_return.map(|(day, _)| moved(day));
            let value = format!("{} {}", programme.id, offer.id);
            // An answer in this instant has written the question to its end.
            store::still_open(unit, &context.team, &offer.id);
            let message = messages::swap::offer(&place, &offer.from, in_return, &value);
            revise(unit, context, (&offer_key(&offer), &offer.to), &message)?;
            let offered = messages::swap::offered(&place, &offer.to, (false, in_return), None);
            revise(unit, context, (&offered_key(&offer), &offer.from), &offered)?;
            let waits = messages::swap::unanswered(&place, &offer.to, &new.value(&new.turn));
            if offer.date == date {
                revise(unit, context, (&unanswered_key(&offer), &offer.from), &waits)?;
            }
        }
        Ok(())
    }
}

/// Adds to a unit that a message to a person says something else, sent or not.
fn revise(
    unit: &mut UnitOfWork,
    context: &Context,
    (key, user): (&str, &UserId),
    message: &Message,
) -> Result<(), Failure> {
    Ok(context.revise(unit, key, &said(user, message))?)
}
