//! Swapping a turn: a person asks another to lead in their place, and nothing changes until the other says yes.

use chrono::NaiveDate;

use super::{
    NAME, Syncs,
    before::{Ahead, LEADS, change_own, told},
    messages::{self, swap},
    plan::{How, Offer, TurnState},
    rota::roll_call,
    store::{self, AnswerState},
};
use crate::{
    common::programmes::to_person,
    model::{
        effect::{Effect, NewEffect, Target},
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, Context, Handling},
    store::unit::UnitOfWork,
};

impl Syncs {
    /// Opens the form that asks with whom.
    pub(super) async fn open_swap<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let Some((ahead, _)) = self.answered(context, &action).await? else {
            return self.programmes(context).pressed(action).await;
        };
        if !ahead.turn.is_of(&action.user) {
            return Err(Failure::refuse(messages::not_yours(ahead.holder())));
        }
        self.may_lead(&ahead, &action.user)?;
        let private = format!("{} {}", ahead.programme.id, ahead.date());
        Ok(Answer::reply(Reply::Open(Box::new(swap::form(&ahead.place(), private)))))
    }

    /// Asks the person that was chosen in the form.
    pub(super) async fn offer_swap<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let stale = || Failure::refuse(messages::moved(&self.command));
        let (id, date) = sent.private.split_once(' ').ok_or_else(stale)?;
        let date: NaiveDate = date.parse().map_err(|_| stale())?;
        let programme = context.store.programme(id).await?;
        let programme =
            programme.filter(|programme| programme.ended_at.is_none() && programme.ritual == NAME);
        programmes.may_take_part(&sent.user).await?;
        let ahead = self.ahead_on(context, programme.ok_or_else(stale)?, (date, &sent.user)).await?;
        if !ahead.turn.is_of(&sent.user) {
            return Err(Failure::refuse(messages::not_yours(ahead.holder())));
        }
        self.may_lead(&ahead, &sent.user)?;
        let wrong = |why: &str| {
            let errors = [(swap::PERSON.to_owned(), why.to_owned())].into();
            Ok(Answer::reply(Reply::Errors(errors)))
        };
        let Some(FieldValue::Person(to)) = sent.answers.get(swap::PERSON) else {
            return wrong(swap::NO_PERSON);
        };
        if *to == sent.user {
            return wrong(swap::YOURSELF);
        }
        if !ahead.here.contains(to) {
            return wrong(swap::CANNOT_LEAD);
        }
        let wants_return =
            sent.answers.get(swap::IN_RETURN) == Some(&FieldValue::Choice(swap::THEIR_NEXT.to_owned()));
        let in_return =
            if wants_return { self.turn_of(context, &ahead, (&sent.user, to)).await? } else { None };
        let offer = Offer {
            id: context.id(),
            programme: ahead.programme.id.clone(),
            date,
            version: ahead.turn.version,
            from: sent.user.clone(),
            to: to.clone(),
            in_return,
        };
        let mut unit = UnitOfWork::new();
        store::put_offer(&mut unit, &context.team, &offer, context.now);
        let value = format!("{} {}", ahead.programme.id, offer.id);
        let day = in_return.map(|(date, _)| date);
        let message = swap::offer(&ahead.place(), &sent.user, day, &value);
        let effect = told(context, &ahead, LEADS, to, message)?;
        context.enqueue(&mut unit, &NewEffect { key: offer_key(&offer), ..effect })?;
        let offered = swap::offered(&ahead.place(), to, (wants_return, day));
        let again = Failure::refuse(swap::asked_already(to));
        Ok(Answer::new(unit, Reply::Ephemeral(offered)).or_refuse(again))
    }

    /// Returns the next turn of the second person that the first could take: its date, and the version seen of it.
    async fn turn_of(
        &self,
        context: &Context,
        ahead: &Ahead,
        (from, to): (&UserId, &UserId),
    ) -> Result<Option<(NaiveDate, i64)>, Failure> {
        let is_theirs = |date: NaiveDate| roll_call(&ahead.people, date).occasion.available.contains(from);
        let turns = self.next_turns(context, &ahead.programme).await?;
        let mut later = turns.into_iter().skip(1).filter(|turn| turn.lead.as_ref() == Some(to));
        let Some(date) = later.next().map(|turn| turn.at.wall.date()).filter(|date| is_theirs(*date)) else {
            return Ok(None);
        };
        let turn = store::turn(&context.store, &ahead.programme.id, date).await?;
        Ok(Some((date, turn.version)))
    }

    /// *Yes, I'll take it*: the person leads, and the turn counts as theirs.
    pub(super) fn take_swap<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.swap_taken(context, action))
    }

    async fn swap_taken<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (ahead, offer, is_open) = self.offered(context, &action).await?;
        let is_valid = is_open && ahead.turn.version == offer.version && ahead.turn.is_of(&offer.from);
        if !is_valid {
            if ahead.turn.is_of(&offer.to) {
                return Ok(Answer::reply(Reply::Ephemeral(messages::yours_already())));
            }
            return Err(Failure::refuse(swap::void(ahead.holder())));
        }
        self.may_lead(&ahead, &offer.to)?;
        let (team, now, key) = (&context.team, context.now, ahead.key());
        let turn = ahead.turn.then(Some(&offer.to), TurnState::Accepted, How::Swapped, now);
        let mut unit = UnitOfWork::new();
        store::answer_offer(&mut unit, team, &offer.id, true, now);
        store::put_turn(&mut unit, team, key, &turn);
        if let Some((date, version)) = offer.in_return {
            let current = store::turn(&context.store, &offer.programme, date).await?;
            if current.version != version || current.state == TurnState::Begun {
                return Err(Failure::refuse(swap::return_changed()));
            }
            let current = current.then(Some(&offer.from), TurnState::Accepted, How::Swapped, now);
            store::put_turn(&mut unit, team, (&offer.programme, date), &current);
        }
        store::put_answer(&mut unit, team, key, (&offer.from, AnswerState::Relieved), now);
        store::put_answer(&mut unit, team, key, (&offer.to, AnswerState::Accepted), now);
        let (place, day) = (ahead.place(), offer.in_return.map(|(date, _)| date));
        let swapped = swap::swapped(&place, &offer.to, day);
        change_own(&mut unit, context, &ahead, &offer.from, &swapped)?;
        tell(&mut unit, context, &offer, swapped)?;
        let taken = swap::taken(&place, &offer.from, day, &ahead.value(&turn));
        change_offer(&mut unit, context, &offer, taken)?;
        self.put_sheet_if_due(&mut unit, context, &ahead, &turn).await?;
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |_| self.take_swap(context, action)))
    }

    /// *No*: the person who asked hears so, and still has the turn.
    pub(super) fn refuse_swap<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.swap_refused(context, action))
    }

    async fn swap_refused<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (ahead, offer, is_open) = self.offered(context, &action).await?;
        if !is_open {
            return Err(Failure::refuse(swap::void(ahead.holder())));
        }
        let mut unit = UnitOfWork::new();
        store::answer_offer(&mut unit, &context.team, &offer.id, false, context.now);
        let place = ahead.place();
        change_offer(&mut unit, context, &offer, swap::refused(&place, &offer.from))?;
        if ahead.turn.is_of(&offer.from) {
            let message = swap::refused_by(&place, &offer.to, &ahead.value(&ahead.turn));
            tell(&mut unit, context, &offer, message)?;
        }
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |_| self.refuse_swap(context, action)))
    }

    /// Returns the offer that a button answers, with its sync and whether it is open. Only the person who was asked answers.
    async fn offered(&self, context: &Context, action: &Action) -> Result<(Ahead, Offer, bool), Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(action).await?;
        programmes.may_take_part(&action.user).await?;
        let id = action.value.split(' ').nth(1).unwrap_or_default();
        let offer = store::offer(&context.store, id).await?;
        let offer = offer.filter(|(offer, _)| offer.programme == programme.id);
        let (offer, is_open) = offer.ok_or_else(|| Failure::refuse(messages::moved(&self.command)))?;
        if offer.to != action.user {
            return Err(Failure::refuse(swap::not_asked()));
        }
        Ok((self.ahead_on(context, programme, (offer.date, &action.user)).await?, offer, is_open))
    }
}

/// The outbox key of an offer.
fn offer_key(offer: &Offer) -> String {
    format!("sync/offer/{}", offer.id)
}

/// Adds to a unit that the person who offered their turn reads this.
fn tell(unit: &mut UnitOfWork, context: &Context, offer: &Offer, message: Message) -> Result<(), Failure> {
    let key = format!("sync/offered/{}", offer.id);
    Ok(context.enqueue(unit, &to_person(context, NAME, key, &offer.from, message)?)?)
}

/// Adds to a unit that the message of an offer says something else.
pub(super) fn change_offer(
    unit: &mut UnitOfWork,
    context: &Context,
    offer: &Offer,
    message: Message,
) -> Result<(), Failure> {
    let effect = Effect::Post { to: Target::Person(offer.to.clone()), message };
    Ok(context.amend(unit, &offer_key(offer), &effect)?)
}
