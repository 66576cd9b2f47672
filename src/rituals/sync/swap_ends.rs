//! What becomes of swaps when a turn changes: what people have read of them says so.

use chrono::NaiveDate;

use super::{
    NAME, Syncs,
    before::Ahead,
    changing::{
        AboutTurn, TurnOn, amend, answered_key, occurrence_on, offer_key, offered_key, unanswered_key,
        value_of,
    },
    messages::{self, Loss, swap},
    plan::{How, Offer, Step, Turn, TurnState},
    rota::roll_call,
    store::{self, OfferState},
};
use crate::{
    common::programmes::to_person,
    model::{cadence::Occurrence, effect::NewEffect, failure::Failure, message::Message, people::UserId},
    ritual::Context,
    store::unit::UnitOfWork,
};

impl Syncs {
    /// Adds to a unit what the messages about offers of a turn say once it has changed. `words` is what the person reads who had it;
    /// `None` if they keep it.
    pub(super) async fn put_offers(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        (offers, words): (&[(Offer, OfferState)], Option<&Message>),
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        let holder = on.turn.holder();
        for (offer, state) in offers {
            let is_of_holder = Some(&offer.from) == holder && offer.since == on.turn.since;
            let is_open = *state == OfferState::Open;
            if is_open {
                let settled = swap::settled(&on.place(), &offer.from);
                amend(unit, context, (&offer_key(offer), &offer.to), &settled)?;
            }
            match words {
                // What was withdrawn before has nothing to do with what becomes of the turn now.
                Some(_) if is_of_holder && *state == OfferState::Void => {
                    tell_asker(unit, context, (on, offer), &swap::over(&on.place(), &offer.to)).await?;
                }
                Some(words) if is_of_holder => {
                    // What follows from a yes stands in messages of the turn itself.
                    let answered = match loss {
                        Loss::Swapped(lead, _) if is_open => {
                            Some(swap::answered(&on.place(), &offer.to, lead))
                        }
                        _ => None,
                    };
                    tell_asker(unit, context, (on, offer), answered.as_ref().unwrap_or(words)).await?;
                }
                None if is_open => {
                    tell_asker(unit, context, (on, offer), &swap::kept(&on.place(), &offer.to)).await?;
                }
                _ => {}
            }
            if let Some(words) = words
                && *state == OfferState::Accepted
                && Some(&offer.to) == holder
            {
                amend(unit, context, (&offer_key(offer), &offer.to), words)?;
                if loss != Loss::Begun {
                    let given_up = swap::given_up(&on.place(), &offer.to);
                    on.amend_swapped(unit, context, offer, &given_up).await?;
                }
            }
        }
        if offers.iter().any(|(_, state)| *state == OfferState::Open) {
            store::void_open(unit, &context.team, on.key(), context.now);
        }
        Ok(())
    }

    /// Adds to a unit that questions to people who aren't there for the sync that they would lead are withdrawn.
    pub(super) async fn withdraw_from_absent(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        next: &Ahead,
    ) -> Result<(), Failure> {
        let programme = &next.programme;
        let times = self.programmes(context).times(programme)?;
        for offer in store::open_offers_from(&context.store, &programme.id, next.date()).await? {
            let here = roll_call(&next.people, offer.date).occasion.available;
            let Some(at) = occurrence_on(times, offer.date).filter(|_| !here.contains(&offer.to)) else {
                continue;
            };
            let turn = store::turn(&context.store, &programme.id, offer.date).await?;
            // Who isn't there either loses the turn, and the question with it.
            if !turn.is_of(&offer.from) || !here.contains(&offer.from) {
                continue;
            }
            let on = TurnOn { programme, at, turn: &turn };
            store::withdraw_offer(unit, &context.team, &offer.id, context.now);
            let settled = swap::settled(&on.place(), &offer.from);
            amend(unit, context, (&offer_key(&offer), &offer.to), &settled)?;
            let withdrawn = swap::withdrawn(&on.place(), &offer.to);
            let keys = [offered_key(&offer), unanswered_key(&offer)];
            Syncs::amend_newest(unit, context, (&on.place(), &offer.from), &keys, &withdrawn).await?;
            let value = value_of(&programme.id, offer.date, turn.version);
            Syncs::put_still_yours_below(unit, context, &on, &offer.from).await?;
            let message = swap::not_there(&on.place(), &offer.to, &value);
            let told = on.message(context, AboutTurn::Leads, (&turn, &offer.from), message)?;
            context.enqueue(unit, &NewEffect { key: answered_key(&offer), ..told })?;
        }
        Ok(())
    }

    /// Adds to a unit that open questions about a turn that no one has are settled. People have asked them who were erased since: until
    /// another leads, a yes counts as an offer.
    pub(super) async fn settle_offers(
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
    ) -> Result<(), Failure> {
        let offers = store::offers_on(&context.store, &on.programme.id, on.date()).await?;
        let open = offers.iter().filter(|(_, state)| *state == OfferState::Open);
        for (offer, _) in open.clone() {
            let settled = swap::settled(&on.place(), &offer.from);
            amend(unit, context, (&offer_key(offer), &offer.to), &settled)?;
        }
        if open.count() > 0 {
            store::void_open(unit, &context.team, on.key(), context.now);
        }
        Ok(())
    }

    /// Returns what is to be done about a turn: nothing while its person waits for an answer of a colleague. Once another would have
    /// been asked or named, they read that no answer came, and what follows.
    pub(super) async fn unless_offered(
        unit: &mut UnitOfWork,
        context: &Context,
        ahead: &Ahead,
        step: Step,
    ) -> Result<Step, Failure> {
        let offers = ahead.open_offers(context).await?;
        if offers.is_empty() {
            return Ok(step);
        }
        if matches!(step, Step::Ask(_) | Step::Name(_)) {
            for offer in &offers {
                let message = swap::unanswered(&ahead.place(), &offer.to, &ahead.value(&ahead.turn));
                let told = ahead.turn_on().message(
                    context,
                    AboutTurn::Leads,
                    (&ahead.turn, &offer.from),
                    message,
                )?;
                let hours = ahead.work_time(&offer.from, context).next(context.now, ahead.at.at);
                let not_before = hours.unwrap_or(told.not_before);
                let told = NewEffect { key: unanswered_key(offer), not_before, ..told };
                context.enqueue_once(unit, &told)?;
            }
        }
        Ok(Step::Wait)
    }

    /// Adds to a unit that what two people read of their swap says no more that the turn is led in return.
    pub(super) async fn put_without_return(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        holder: &UserId,
    ) -> Result<(), Failure> {
        let Ok(times) = self.programmes(context).times(on.programme) else { return Ok(()) };
        for offer in store::returns_of(&context.store, on.key(), holder).await? {
            let Some(at) = occurrence_on(times, offer.date) else { continue };
            let turn = store::turn(&context.store, &on.programme.id, offer.date).await?;
            let first = TurnOn { programme: on.programme, at, turn: &turn };
            let words = messages::free(&first.place(), Loss::Swapped(&offer.to, None), &offer.from);
            first.amend_swapped(unit, context, &offer, &words).await?;
            if turn.is_of(&offer.to) {
                let value = value_of(&on.programme.id, offer.date, turn.version);
                let taken = swap::taken(&first.place(), &offer.from, None, &value);
                amend(unit, context, (&offer_key(&offer), &offer.to), &taken)?;
            } else if turn.state == TurnState::Begun {
                // They have led, and count on the turn in return.
                let message = swap::return_given_back(&on.place(), &offer.from, offer.date);
                let key = format!("sync/return/{}/{}", offer.id, on.turn.version);
                context.enqueue_once(unit, &to_person(context, NAME, key, &offer.to, message)?)?;
            }
        }
        Ok(())
    }

    /// Returns the swaps that end because a turn is free that was taken by them, with the turn in return that falls back.
    pub(super) async fn ended_swaps<'o>(
        &self,
        context: &Context,
        on: &TurnOn<'_>,
        (after, loss): (&Turn, Loss<'_>),
        offers: &'o [(Offer, OfferState)],
    ) -> Result<Vec<(&'o Offer, NaiveDate, Occurrence, Turn)>, Failure> {
        let mut over = Vec::new();
        let is_free = after.how != How::Swapped && !matches!(loss, Loss::Begun | Loss::SwapOver(..));
        if on.turn.how != How::Swapped || !is_free {
            return Ok(over);
        }
        for (offer, _) in offers.iter().filter(|(_, state)| *state == OfferState::Accepted) {
            let Some((day, _)) = offer.in_return else { continue };
            let turn = store::turn(&context.store, &on.programme.id, day).await?;
            let at =
                self.programmes(context).times(on.programme).ok().and_then(|times| occurrence_on(times, day));
            if let Some(at) =
                at.filter(|_| turn.is_of(&offer.from) && turn.how == How::Swapped && day != on.date())
            {
                over.push((offer, day, at, turn));
            }
        }
        Ok(over)
    }
}

/// Adds to a unit that the messages to the person who has made an offer say something else.
async fn tell_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    (on, offer): (&TurnOn<'_>, &Offer),
    message: &Message,
) -> Result<(), Failure> {
    let keys = [offered_key(offer), unanswered_key(offer), answered_key(offer)];
    Syncs::amend_newest(unit, context, (&on.place(), &offer.from), &keys, message).await
}
