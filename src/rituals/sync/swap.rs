//! Swapping a turn: a person asks another to lead in their place, and nothing changes until the other says yes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    NAME, Syncs,
    before::Ahead,
    changing::{
        AboutTurn, TurnOn, amend, answered_key, occurrence_on, offer_key, offered_key, swapped_key,
        unanswered_key, value_of,
    },
    messages::{self, Loss, swap},
    plan::{How, Offer, TurnState},
    rota::roll_call,
    store::{self, AnswerState, OfferState},
};
use crate::{
    common::reply_target::ReplyTarget,
    model::{
        cadence::Occurrence,
        effect::NewEffect,
        event::{Action, FieldValue, Reply, Submission},
        failure::Failure,
        message::Message,
        people::UserId,
    },
    ritual::{Answer, Context, Handling},
    store::{programmes, runs, unit::UnitOfWork},
};

/// What the form carries.
#[derive(Serialize, Deserialize)]
struct Carried {
    programme: String,
    date: NaiveDate,
    target: Option<ReplyTarget>,
}

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
        self.may_lead(context, &ahead, &action.user)?;
        let carried = Carried {
            programme: ahead.programme.id.clone(),
            date: ahead.date(),
            target: ReplyTarget::seen_alone(&action, context.now),
        };
        let private = serde_json::to_string(&carried).map_err(|error| Failure::Fail(error.into()))?;
        let mut others = ahead.here.clone();
        others.remove(&action.user);
        if others.is_empty() {
            return Err(Failure::refuse(swap::no_one_else(&ahead.place())));
        }
        // More than a menu holds aren't named.
        let named: Vec<UserId> = others.iter().take(swap::MOST_OPTIONS).cloned().collect();
        let known = context.store.people(&named).await?;
        Ok(Answer::reply(Reply::Open(Box::new(swap::form(&ahead.place(), (&others, &known), private)))))
    }

    /// Asks the person that was chosen in the form.
    pub(super) fn offer_swap<'c>(&'c self, context: &'c Context, sent: Submission) -> Handling<'c> {
        Box::pin(self.swap_offered(context, sent))
    }

    async fn swap_offered<'c>(
        &'c self,
        context: &'c Context,
        sent: Submission,
    ) -> Result<Answer<'c>, Failure> {
        let programmes = self.programmes(context);
        let stale = || Failure::refuse(swap::no_sync(&self.command));
        let Carried { programme, date, target } = serde_json::from_str(&sent.private).map_err(|_| stale())?;
        let programme = context.store.programme(&programme).await?;
        let programme =
            programme.filter(|programme| programme.ended_at.is_none() && programme.ritual == NAME);
        programmes.may_take_part(&sent.user).await?;
        let ahead = self.ahead_on(context, programme.ok_or_else(stale)?, (date, &sent.user)).await?;
        if !ahead.turn.is_of(&sent.user) {
            return Err(Failure::refuse(messages::not_yours(ahead.holder())));
        }
        self.may_lead(context, &ahead, &sent.user)?;
        let wrong = |why: &str| {
            let errors = [(swap::PERSON.to_owned(), why.to_owned())].into();
            Ok(Answer::reply(Reply::Errors(errors)))
        };
        let to = match sent.answers.get(swap::PERSON) {
            Some(FieldValue::Person(to)) => to.clone(),
            Some(FieldValue::Choice(to)) => UserId(to.clone()),
            _ => return wrong(swap::NO_PERSON),
        };
        if to == sent.user {
            return wrong(swap::YOURSELF);
        }
        if !ahead.here.contains(&to) {
            return wrong(swap::CANNOT_LEAD);
        }
        let wants_return =
            sent.answers.get(swap::IN_RETURN) == Some(&FieldValue::Choice(swap::THEIR_NEXT.to_owned()));
        let in_return =
            if wants_return { self.turn_of(context, &ahead, (&sent.user, &to)).await? } else { None };
        let offer = Offer {
            id: context.id(),
            programme: ahead.programme.id.clone(),
            date,
            since: ahead.turn.since,
            from: sent.user.clone(),
            to: to.clone(),
            in_return,
        };
        let mut unit = UnitOfWork::new();
        store::put_offer(&mut unit, &context.team, &offer, context.now);
        // Both read when the sync is.
        programmes::unchanged(&mut unit, &context.team, &ahead.programme);
        // The turn isn't changed by another meanwhile who doesn't know of the offer.
        let turn = ahead.turn.offered();
        store::put_turn(&mut unit, &context.team, ahead.key(), &turn);
        let value = format!("{} {}", ahead.programme.id, offer.id);
        let day = in_return.map(|(date, _)| date);
        let message = swap::offer(&ahead.place(), &sent.user, day, &value);
        let told = told(context, &ahead, (offer_key(&offer), &to), message)?;
        let hours = ahead.work_time(&to, context).next(context.now, ahead.at.at);
        let not_before = hours.unwrap_or(told.not_before);
        context.enqueue(&mut unit, &NewEffect { not_before, ..told })?;
        let zone = programmes.times(&ahead.programme)?.zone;
        let later = Some(Occurrence { at: not_before, wall: not_before.with_timezone(&zone).naive_local() });
        let later = later.filter(|later| later.at > context.now);
        let offered = swap::offered(&ahead.place(), &to, (wants_return, day), later.as_ref());
        put_offered(&mut unit, context, (&ahead, &offer), target, offered)?;
        Ok(Answer::new(unit, Reply::Nothing).or_else(move |guard| match guard {
            runs::OUTDATED | programmes::CHANGED => self.offer_swap(context, sent),
            _ => Box::pin(std::future::ready(Err(Failure::refuse(swap::asked_already(&to))))),
        }))
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
        let (ahead, offer, state) = self.offered(context, &action).await?;
        let is_valid =
            state == OfferState::Open && ahead.turn.since == offer.since && ahead.turn.is_of(&offer.from);
        let was_answered = matches!(state, OfferState::Accepted | OfferState::Refused);
        if offer.from.is_pseudonym() && !was_answered && ahead.lead().is_none() {
            // They are erased, and no one leads in their place so far.
            self.may_lead(context, &ahead, &offer.to)?;
            let turn = ahead.turn.then(Some(&offer.to), TurnState::Accepted, How::Volunteered, context.now);
            let mut unit = UnitOfWork::new();
            self.put_accepted(&mut unit, context, (&ahead, &turn), &offer.to).await?;
            // What was sent in their name is erased, too, and can't be changed but by this press.
            let answer = Answer::new(unit, Reply::Replace(swap::settled(&ahead.place(), &offer.from)));
            return Ok(answer.or_else(move |_| self.take_swap(context, action)));
        }
        if !is_valid {
            if ahead.turn.is_of(&offer.to) {
                return Ok(Answer::reply(Reply::Ephemeral(messages::yours_already(&ahead.place()))));
            }
            return Err(Failure::refuse(swap::void(&ahead.place(), ahead.holder(), ahead.lead().is_some())));
        }
        self.may_lead(context, &ahead, &offer.to)?;
        let (team, now, key) = (&context.team, context.now, ahead.key());
        let turn = ahead.turn.then(Some(&offer.to), TurnState::Accepted, How::Swapped, now);
        let mut unit = UnitOfWork::new();
        if let Some((day, version)) = offer.in_return
            && !self.can_give(context, &offer, (day, version)).await?
        {
            store::withdraw_offer(&mut unit, team, &offer.id, now);
            put_return_gone(&mut unit, context, &ahead.turn_on(), (&offer, day)).await?;
            let answer = Answer::new(unit, Reply::Ephemeral(swap::return_changed()));
            return Ok(answer.or_else(move |_| self.take_swap(context, action)));
        }
        store::answer_offer(&mut unit, team, &offer.id, true, now);
        programmes::unchanged(&mut unit, team, &ahead.programme);
        let day = offer.in_return.map(|(date, _)| date);
        let loss = Loss::Swapped(&offer.to, day);
        self.put_change(&mut unit, context, (&ahead.turn_on(), &turn), loss).await?;
        store::put_answer(&mut unit, team, key, (&offer.to, AnswerState::Accepted), now);
        let place = ahead.place();
        let swapped = messages::free(&place, loss, &offer.from);
        match offer.in_return {
            Some((date, _)) => {
                self.put_return(&mut unit, context, (&ahead, &offer, date), swapped).await?;
            }
            None => put_told(&mut unit, context, &ahead, (swapped_key(&offer), &offer.from), swapped)?,
        }
        let taken = swap::taken(&place, &offer.from, day, &ahead.value(&turn));
        amend(&mut unit, context, (&offer_key(&offer), &offer.to), &taken)?;
        self.withdraw_without_return(&mut unit, context, &ahead.turn_on(), &offer.to).await?;
        self.put_sheet_if_due(&mut unit, context, &ahead, &turn).await?;
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |_| self.take_swap(context, action)))
    }

    /// Adds to a unit that the person who has swapped leads on a later date of the other's. What they read of the swap is about
    /// that turn, with its ways out.
    async fn put_return(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, offer, date): (&Ahead, &Offer, NaiveDate),
        swapped: Message,
    ) -> Result<(), Failure> {
        let changed = || Failure::refuse(swap::return_changed());
        let current = store::turn(&context.store, &offer.programme, date).await?;
        let times = self.programmes(context).times(&ahead.programme)?;
        let at = occurrence_on(times, date).ok_or_else(changed)?;
        let back = TurnOn { programme: &ahead.programme, at, turn: &current };
        let turn = current.then(Some(&offer.from), TurnState::Accepted, How::Swapped, context.now);
        let loss = Loss::Swapped(&offer.from, None);
        self.put_change(unit, context, (&back, &turn), loss).await?;
        self.withdraw_without_return(unit, context, &back, &offer.from).await?;
        let buttons = messages::ways_out(&value_of(&offer.programme, date, turn.version));
        let message = swapped.with_context(swap::if_return_fails(date)).with_buttons(buttons);
        let leads = back.message(context, AboutTurn::Leads, (&turn, &offer.from), message)?;
        Ok(context.enqueue(unit, &leads)?)
    }

    /// Whether the turn that a person gives in return is still theirs to give: as it was seen, or settled to be theirs since.
    async fn can_give(
        &self,
        context: &Context,
        offer: &Offer,
        (date, version): (NaiveDate, i64),
    ) -> Result<bool, Failure> {
        let turn = store::turn(&context.store, &offer.programme, date).await?;
        Ok(turn.is_of(&offer.to) || (turn.version == version && turn.state != TurnState::Begun))
    }

    /// Adds to a unit that open questions are withdrawn in which the turn of a date was to be led in return that another person
    /// has now than the one who was asked.
    pub(super) async fn withdraw_without_return(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        on: &TurnOn<'_>,
        holder: &UserId,
    ) -> Result<(), Failure> {
        let Ok(times) = self.programmes(context).times(on.programme) else { return Ok(()) };
        for offer in store::open_offers(&context.store, &on.programme.id, on.date()).await? {
            let key = (on.programme.id.as_str(), offer.date);
            if offer.date == on.date() || offer.to == *holder || store::changes_turn(unit, &context.team, key)
            {
                continue;
            }
            let turn = store::turn(&context.store, &on.programme.id, offer.date).await?;
            if let Some(at) = occurrence_on(times, offer.date).filter(|_| turn.is_of(&offer.from)) {
                let asked_for = TurnOn { programme: on.programme, at, turn: &turn };
                store::withdraw_offer(unit, &context.team, &offer.id, context.now);
                put_return_gone(unit, context, &asked_for, (&offer, on.date())).await?;
            }
        }
        Ok(())
    }

    /// *No*: the person who asked hears so, and still has the turn.
    pub(super) fn refuse_swap<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.swap_refused(context, action))
    }

    async fn swap_refused<'c>(&'c self, context: &'c Context, action: Action) -> Result<Answer<'c>, Failure> {
        let (ahead, offer, state) = self.offered(context, &action).await?;
        if state != OfferState::Open {
            return Err(Failure::refuse(swap::void(&ahead.place(), ahead.holder(), ahead.lead().is_some())));
        }
        let mut unit = UnitOfWork::new();
        store::answer_offer(&mut unit, &context.team, &offer.id, false, context.now);
        let place = ahead.place();
        let refused = swap::refused(&place, &offer.from);
        amend(&mut unit, context, (&offer_key(&offer), &offer.to), &refused)?;
        if ahead.turn.is_of(&offer.from) {
            Syncs::put_still_yours_below(&mut unit, context, &ahead.turn_on(), &offer.from).await?;
            let message = swap::refused_by(&place, &offer.to, &ahead.value(&ahead.turn));
            put_told(&mut unit, context, &ahead, (answered_key(&offer), &offer.from), message)?;
        }
        let keys = [offered_key(&offer), unanswered_key(&offer)];
        let said_no = swap::said_no(&place, &offer.to);
        Syncs::amend_newest(&mut unit, context, (&place, &offer.from), &keys, &said_no).await?;
        let answer = Answer::new(unit, Reply::Nothing);
        Ok(answer.or_else(move |_| self.refuse_swap(context, action)))
    }

    /// Returns the offer that a button answers, with its sync and what became of it. Only the person who was asked answers.
    async fn offered(
        &self,
        context: &Context,
        action: &Action,
    ) -> Result<(Ahead, Offer, OfferState), Failure> {
        let programmes = self.programmes(context);
        let programme = programmes.of_button(action).await?;
        programmes.may_take_part(&action.user).await?;
        let id = action.value.split(' ').nth(1).unwrap_or_default();
        let offer = store::offer(&context.store, id).await?;
        let offer = offer.filter(|(offer, _)| offer.programme == programme.id);
        let (offer, state) = offer.ok_or_else(|| Failure::refuse(swap::no_sync(&self.command)))?;
        if offer.to != action.user {
            return Err(Failure::refuse(swap::not_asked()));
        }
        Ok((self.ahead_on(context, programme, (offer.date, &action.user)).await?, offer, state))
    }
}

/// Adds to a unit what two people read of a question that is withdrawn, since the turn of a date that was to be led in return has
/// changed.
async fn put_return_gone(
    unit: &mut UnitOfWork,
    context: &Context,
    on: &TurnOn<'_>,
    (offer, day): (&Offer, NaiveDate),
) -> Result<(), Failure> {
    let gone = swap::without_return(&on.place(), (&offer.from, day));
    amend(unit, context, (&offer_key(offer), &offer.to), &gone)?;
    let withdrawn = swap::return_gone(&on.place(), (&offer.to, day));
    let keys = [offered_key(offer), unanswered_key(offer)];
    Syncs::amend_newest(unit, context, (&on.place(), &offer.from), &keys, &withdrawn).await?;
    let value = value_of(&offer.programme, offer.date, on.turn.version);
    Syncs::put_still_yours_below(unit, context, on, &offer.from).await?;
    let message = withdrawn.with_context(swap::ASK_AGAIN).with_buttons(messages::ways_out(&value));
    let told = on.message(context, AboutTurn::Leads, (on.turn, &offer.from), message)?;
    Ok(context.enqueue_once(unit, &NewEffect { key: answered_key(offer), ..told })?)
}

/// Adds to a unit what the person reads who has asked: in place of the message whose button opened the form, or else in their DM.
fn put_offered(
    unit: &mut UnitOfWork,
    context: &Context,
    (ahead, offer): (&Ahead, &Offer),
    target: Option<ReplyTarget>,
    offered: Message,
) -> Result<(), Failure> {
    let key = offered_key(offer);
    let in_place =
        target.and_then(|target| target.replaced(format!("{key}/in-place"), offered.clone(), context.now));
    match in_place {
        Some(in_place) => Ok(context.enqueue(unit, &in_place)?),
        None => put_told(unit, context, ahead, (key, &offer.from), offered),
    }
}

/// Adds to a unit a message about a swap to a person, which can be changed until after the sync.
fn put_told(
    unit: &mut UnitOfWork,
    context: &Context,
    ahead: &Ahead,
    (key, user): (String, &UserId),
    message: Message,
) -> Result<(), Failure> {
    Ok(context.enqueue(unit, &told(context, ahead, (key, user), message)?)?)
}

/// Returns that message.
fn told(
    context: &Context,
    ahead: &Ahead,
    (key, user): (String, &UserId),
    message: Message,
) -> Result<NewEffect, Failure> {
    let effect = ahead.turn_on().message(context, AboutTurn::Leads, (&ahead.turn, user), message)?;
    Ok(NewEffect { key, ..effect })
}
