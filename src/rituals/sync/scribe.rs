//! Who takes notes: settled when the run sheet is sent, told in their hours, and settled anew if they can't.

use std::collections::BTreeSet;

use super::{
    NAME, Syncs,
    before::Ahead,
    changing::{AboutTurn, TurnOn},
    looking::look_for_scribe,
    messages::{Loss, notes, with_own_clock},
    options::Options,
    plan::{LEAD, SCRIBE, Steps, Turn, TurnState},
    store,
};
use crate::{
    common::{people::work_time::Reach, programmes::to_person},
    model::{
        clock::Instant,
        effect::NewEffect,
        event::{Action, Reply},
        failure::Failure,
        people::UserId,
    },
    ritual::{Answer, Context, Handling, Ran},
    store::{
        programmes::{self, Programme},
        runs::Run,
        unit::UnitOfWork,
    },
};

impl Ahead {
    /// Returns the person who takes notes, if that is settled and they can.
    pub(super) fn scribe(&self) -> Option<&UserId> {
        self.scribe_of(&self.turn)
    }

    /// Returns the same of a version of the turn.
    pub(super) fn scribe_of<'t>(&self, turn: &'t Turn) -> Option<&'t UserId> {
        let has_scribes = Options::read(&self.programme.settings).scribe;
        let can = |scribe: &&UserId| has_scribes && self.here.contains(*scribe) && !turn.is_of(scribe);
        turn.scribe.as_ref().filter(can)
    }
}

impl Syncs {
    /// Settles who takes notes at the next sync, if no one does who can. They are told in their working hours, and the run sheet
    /// says so.
    pub(super) async fn settle_scribe(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let ahead = match self.ahead_of(context, programme, run).await? {
            Ok(ahead) => ahead,
            Err(ran) => return Ok(ran),
        };
        if ahead.scribe().is_some() {
            return Ok(Ran::skipped(notes::SETTLED));
        }
        let is_time = Options::read(&programme.settings).scribe && ahead.steps.has_sheet(context.now);
        let next = if is_time { self.next_scribe(context, &ahead, None).await? } else { None };
        if next.is_none() && ahead.turn.scribe.is_none() {
            return Ok(Ran::skipped(notes::NO_ONE));
        }
        let after = ahead.turn.noted(next.as_ref().map(|(scribe, _)| scribe), context.now);
        let loss = match &ahead.turn.scribe {
            Some(former) if !ahead.here.contains(former) => Loss::Absent(ahead.part_of(former)),
            _ => Loss::Silent,
        };
        let mut unit = UnitOfWork::new();
        programmes::unchanged(&mut unit, &context.team, programme);
        self.put_noted(&mut unit, context, (&ahead, &after), loss).await?;
        if let Some((scribe, at)) = next {
            let message = notes::please_take(&ahead.place(), &ahead.value(&after));
            let message = with_own_clock(message, &ahead.at, ahead.own_clock(&scribe, context));
            let told = ahead.turn_on().message(context, AboutTurn::Notes, (&after, &scribe), message)?;
            context.enqueue(&mut unit, &NewEffect { not_before: at, ..told })?;
        }
        Ok(Ran::prepared(unit))
    }

    /// Adds to a unit that another person takes notes, or no one, and that the run sheet of the lead says so.
    async fn put_noted(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, after): (&Ahead, &Turn),
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        let on = ahead.turn_on();
        on.put_version(unit, context, after, loss)?;
        if let Some(lead) = after.holder() {
            let sheet = self.sheet(context, ahead, (lead, after)).await?;
            on.revise(unit, context, (AboutTurn::Sheet, lead), &sheet)?;
        }
        Ok(())
    }

    /// Returns the person who takes notes next, without one who can't, and when they can be told: one who works before the sync, if there
    /// is one.
    async fn next_scribe(
        &self,
        context: &Context,
        ahead: &Ahead,
        without: Option<&UserId>,
    ) -> Result<Option<(UserId, Instant)>, Failure> {
        let called = vec![ahead.roll_call(BTreeSet::new())];
        let Some(mut called) = self.settled(context, &ahead.programme, called).await?.pop() else {
            return Ok(None);
        };
        // Who is named in this instant takes no notes.
        let lead = self.expected_lead(context, ahead).await?;
        called.occasion.duties.extend(lead.map(|lead| (LEAD.to_owned(), lead)));
        if let Some(user) = without {
            called.occasion.duties.remove(SCRIBE);
            called.occasion.declined_notes.insert(user.clone());
        }
        let mut best: Option<(Reach, (UserId, Instant))> = None;
        loop {
            let mut duties = self.assign(context, &ahead.programme, vec![called.clone()]).await?;
            let Some(user) = duties.pop().and_then(|mut duties| duties.remove(SCRIBE)) else {
                return Ok(best.map(|(_, found)| found));
            };
            let (reach, at) = ahead.reach(&user, context);
            if reach == Reach::AtWork {
                return Ok(Some((user, at)));
            }
            called.occasion.declined_notes.insert(user.clone());
            if best.as_ref().is_none_or(|(best, _)| reach < *best) {
                best = Some((reach, (user, at)));
            }
        }
    }

    /// *Can't this time* of a person who was told to take notes. Another person takes them.
    pub(super) fn decline_notes<'c>(&'c self, context: &'c Context, action: Action) -> Handling<'c> {
        Box::pin(self.notes_declined(context, action))
    }

    async fn notes_declined<'c>(
        &'c self,
        context: &'c Context,
        action: Action,
    ) -> Result<Answer<'c>, Failure> {
        let Some((ahead, _)) = self.answered(context, &action).await? else {
            return self.programmes(context).pressed(action).await;
        };
        if ahead.turn.scribe.as_ref() != Some(&action.user) {
            return Err(Failure::refuse(notes::not_yours(ahead.scribe())));
        }
        let after = ahead.turn.noted(None, context.now);
        let mut unit = UnitOfWork::new();
        let next = self.next_scribe(context, &ahead, Some(&action.user)).await?;
        let loss = if next.is_some() { Loss::Declined } else { Loss::LastDeclined };
        self.put_noted(&mut unit, context, (&ahead, &after), loss).await?;
        if let Some(lead) = after.lead().filter(|_| next.is_none()) {
            let key = format!("sync/no-notes/{}/{}/{}", ahead.programme.id, ahead.date(), after.version);
            let message = notes::no_one(&ahead.place(), &action.user);
            context.enqueue(&mut unit, &to_person(context, NAME, key, lead, message)?)?;
        }
        store::put_no_notes(&mut unit, &context.team, ahead.key(), &action.user, context.now);
        let subject = format!("declined-{}", after.version);
        look_for_scribe(&mut unit, context, (&ahead.programme, ahead.at, &ahead.steps), &subject);
        let message = notes::free(&ahead.place(), loss, &action.user);
        let answer = Answer::new(unit, Reply::Ephemeral(message));
        Ok(answer.or_else(move |_| self.decline_notes(context, action)))
    }

    /// Adds to a unit that the person who takes notes reads of the sync as it is, or that it has moved to another date: who takes
    /// notes there is settled anew.
    pub(super) fn put_scribe_moved(
        unit: &mut UnitOfWork,
        context: &Context,
        (old, new): (&Ahead, &Ahead),
    ) -> Result<(), Failure> {
        let Some(scribe) = &old.turn.scribe else { return Ok(()) };
        let about = (AboutTurn::Notes, scribe);
        if old.date() == new.date() {
            let message = notes::please_take(&new.place(), &new.value(&new.turn));
            let message = with_own_clock(message, &new.at, new.own_clock(scribe, context));
            return old.turn_on().revise(unit, context, about, &message);
        }
        old.turn_on().amend(unit, context, about, &notes::moved(&old.place(), &new.at))
    }
}

impl TurnOn<'_> {
    /// Adds to a unit what the person reads who takes notes once the turn has changed, and that another is looked for if they lead
    /// now.
    pub(super) fn put_scribe(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        after: &Turn,
        loss: Loss<'_>,
    ) -> Result<(), Failure> {
        let Some(scribe) = &self.turn.scribe else { return Ok(()) };
        let place = self.place();
        let words = match loss {
            _ if after.is_of(scribe) && after.state == TurnState::Asked => notes::asked_to_lead(&place),
            _ if after.is_of(scribe) => notes::leads(&place),
            _ if after.scribe.as_ref() == Some(scribe) => match after.state {
                TurnState::Begun => notes::begun(&place),
                _ => return Ok(()),
            },
            _ => notes::free(&place, loss, scribe),
        };
        self.amend(unit, context, (AboutTurn::Notes, scribe), &words)?;
        if after.is_of(scribe)
            && let Some(times) = &self.programme.cadence
        {
            let steps = Steps::plan(times, self.programme.from_at, self.at);
            let subject = format!("leads-{}", after.version);
            look_for_scribe(unit, context, (self.programme, self.at, &steps), &subject);
        }
        Ok(())
    }
}
