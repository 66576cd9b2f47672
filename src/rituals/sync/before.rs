//! Before a sync: the person who is next is asked whether they lead, reminded, and told what to know.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{
    Syncs,
    busy::Busy,
    changing::{AboutTurn, TurnOn, occurrence_on, value_of},
    looking::{look_for_lead, look_for_scribe},
    messages::{self, Loss, SyncPlace},
    plan::{
        How, Offer, Phase, RollCall, Step, Steps, Turn, TurnState, answer_until, asked_last, step,
        unanswering,
    },
    rota::{at_night, roll_call, work_time},
    store::{self, AnswerState, Refusals},
};
use crate::{
    common::{
        people::work_time::WorkTime,
        programmes::{ChannelPeople, Part, Readiness, readiness},
    },
    model::{cadence::Occurrence, clock::Instant, failure::Failure, people::UserId},
    ritual::{Context, Ran},
    store::{
        occasions::name_of,
        programmes::{self, Programme},
        runs::Run,
        unit::UnitOfWork,
    },
};

/// A sync that is to come, with all that is known of its lead.
pub(super) struct Ahead {
    pub programme: Programme,
    pub at: Occurrence,
    pub steps: Steps,
    pub people: ChannelPeople,
    pub turn: Turn,
    pub refusals: Refusals,
    /// Who could lead.
    pub here: BTreeSet<UserId>,
    /// For whom it is at night, or outside their hours.
    pub at_night: BTreeSet<UserId>,
    /// Who has not answered lately, and is asked last.
    pub asked_last: BTreeSet<UserId>,
    /// Whether half of those who could lead, or more, have not answered lately.
    pub is_silent: bool,
    /// Who has a duty in another sync at that time.
    pub busy: Busy,
}

impl Ahead {
    pub fn date(&self) -> NaiveDate {
        self.at.wall.date()
    }

    pub fn key(&self) -> (&str, NaiveDate) {
        (&self.programme.id, self.date())
    }

    pub fn place(&self) -> SyncPlace<'_> {
        SyncPlace { name: &self.programme.name, channel: &self.programme.channel, at: &self.at }
    }

    /// Returns the value of a button about a turn.
    pub fn value(&self, turn: &Turn) -> String {
        value_of(&self.programme.id, self.date(), turn.version)
    }

    /// Returns the person who has the turn, if they can still lead.
    pub fn holder(&self) -> Option<&UserId> {
        self.turn.holder().filter(|user| self.here.contains(*user))
    }

    /// Returns the person who has said that they lead, or was told to, if they can.
    pub(super) fn lead(&self) -> Option<&UserId> {
        self.turn.lead().filter(|user| self.here.contains(*user))
    }

    pub(super) fn work_time(&self, user: &UserId, context: &Context) -> WorkTime<'_> {
        work_time(&self.people, user, context.zone)
    }

    /// Returns until when the person who is asked in a version of the turn can answer, as they read it; `None` where they lead if they say
    /// nothing.
    pub(super) fn deadline(&self, turn: &Turn, context: &Context) -> Option<Occurrence> {
        let (user, by) = (turn.holder()?, turn.answer_by?);
        Some(self.said_at(answer_until(by, turn.changed_at, &self.work_time(user, context)), context))
    }

    /// Returns an instant as it is said in messages about the sync.
    pub(super) fn said_at(&self, at: Instant, context: &Context) -> Occurrence {
        let zone = self.programme.cadence.as_ref().map_or(context.zone, |times| times.zone);
        Occurrence { at, wall: at.with_timezone(&zone).naive_local() }
    }

    /// Returns the turn of a person who is told of it anew, since the sync has moved: one who was asked is asked again, and leads if there is
    /// no time left to ask another.
    pub(super) fn told_anew(&self, user: &UserId, context: &Context) -> Turn {
        let state = self.turn.state;
        if state == TurnState::Accepted {
            return self.turn.anew(state, context.now);
        }
        let (_, told_at) = self.reach(user, context);
        // One who was named since there was no time left is asked again where there is some.
        let is_open = matches!(state, TurnState::Asked | TurnState::Named);
        let by = self.steps.deadline(told_at).filter(|_| is_open).map(|by| by.at);
        let state = match by {
            Some(_) => TurnState::Asked,
            None if self.steps.phase(told_at) >= Phase::Naming => TurnState::Named,
            None => state,
        };
        self.turn.anew(state, told_at).answered_by(by)
    }

    pub(super) fn roll_call(&self, declined: BTreeSet<UserId>) -> RollCall {
        let mut called = roll_call(&self.people, self.date());
        called.occasion.declined = declined;
        called.occasion.asked_last.clone_from(&self.asked_last);
        called.occasion.busy = self.busy.keys().cloned().collect();
        called.occasion.at_night.clone_from(&self.at_night);
        called
    }

    /// Returns the turn as it is stored, for a change.
    pub fn turn_on(&self) -> TurnOn<'_> {
        TurnOn { programme: &self.programme, at: self.at, turn: &self.turn }
    }

    /// Returns how a person stands about the sync.
    pub fn part_of(&self, user: &UserId) -> Part {
        self.people.on(Some(self.date())).part_of(user)
    }

    /// Returns the questions of the person who has the turn to others that aren't answered: they have it until then.
    pub(super) async fn open_offers(&self, context: &Context) -> Result<Vec<Offer>, Failure> {
        let Some(holder) = self.holder() else { return Ok(Vec::new()) };
        let mut offers = store::open_offers(&context.store, &self.programme.id, self.date()).await?;
        offers.retain(|offer| offer.date == self.date() && offer.since == self.turn.since);
        offers.retain(|offer| offer.from == *holder);
        Ok(offers)
    }

    /// Returns why the person who has the turn can't lead; `None` if they can, or if no one has it.
    pub fn lost(&self) -> Option<Loss<'static>> {
        let absent = self.turn.holder().filter(|user| !self.here.contains(*user))?;
        Some(Loss::Absent(self.part_of(absent)))
    }
}

impl Syncs {
    /// Returns the next sync of a programme; `None` in a pause that doesn't end by itself.
    pub(super) async fn ahead(
        &self,
        context: &Context,
        programme: Programme,
    ) -> Result<Option<Ahead>, Failure> {
        match self.programmes(context).next(&programme).await? {
            Some(next) => self.ahead_at(context, programme, next).await.map(Some),
            None => Ok(None),
        }
    }

    /// Returns the sync of a programme at a time to come.
    pub(super) async fn ahead_at(
        &self,
        context: &Context,
        programme: Programme,
        at: Occurrence,
    ) -> Result<Ahead, Failure> {
        let steps = Steps::plan(self.programmes(context).times(&programme)?, programme.from_at, at);
        let people = ChannelPeople::load(context, &programme).await?;
        let date = at.wall.date();
        let here = roll_call(&people, date).occasion.available;
        let turn = store::turn(&context.store, &programme.id, date).await?;
        let mut refusals = store::refusals_from(&context.store, &programme.id, date).await?;
        let refusals = refusals.remove(&date).unwrap_or_default();
        let reactions = store::reactions(&context.store, &programme.id).await?;
        let is_silent = 2 * unanswering(&reactions).intersection(&here).count() >= here.len().max(1);
        let asked_last = asked_last(&reactions, &here);
        let at_night = at_night(&people, &at, context.zone);
        let busy = self.busy_on(context, &programme, &[(at, here.clone())]).await?.pop().unwrap_or_default();
        Ok(Ahead {
            programme,
            at,
            steps,
            people,
            turn,
            refusals,
            here,
            at_night,
            asked_last,
            is_silent,
            busy,
        })
    }

    /// Does what is to be done about the lead of the next sync. Turns of people who don't take part on their dates are open
    /// again, those of later syncs, too.
    pub(super) async fn prepare(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Ran, Failure> {
        let ahead = match self.ahead_of(context, programme, run).await? {
            Ok(ahead) => ahead,
            Err(ran) => return Ok(ran),
        };
        let mut unit = self.free_absent(context, &ahead).await?;
        self.withdraw_from_absent(&mut unit, context, &ahead).await?;
        if store::changes_turn(&unit, &context.team, ahead.key()) {
            // The end of a swap has opened this turn, and what follows is decided once that is written.
            look_now(&mut unit, context, &ahead, &format!("opened-{}", ahead.turn.version));
            return Ok(Ran::prepared(unit));
        }
        // A question names the time of the sync.
        programmes::unchanged(&mut unit, &context.team, programme);
        let absent = ahead.lost();
        let line = self.line(context, &ahead).await?;
        let zone = self.programmes(context).times(programme)?.zone;
        let step = step(&ahead.steps, &ahead.turn, ahead.holder().is_some(), &line, (zone, context.now));
        let step = Syncs::unless_offered(&mut unit, context, &ahead, step).await?;
        let only = self.only_lead(context, &ahead).await?;
        let about = match &step {
            Step::Ask(user) | Step::Remind(user) | Step::Name(user) => Some(user),
            Step::Wait => only.as_ref(),
            Step::NoLead => None,
        };
        let waits = about.map(|user| ahead.reach(user, context).1).filter(|at| *at > context.now);
        let loss = match absent {
            Some(loss) => loss,
            None => self.silence_of_holder(context, &ahead).await?,
        };
        match &step {
            Step::Ask(user) if waits.is_none() => {
                self.put_asked(&mut unit, context, (&ahead, loss), user).await?;
            }
            Step::Name(user) if waits.is_none() => {
                self.put_named(&mut unit, context, (&ahead, loss), user).await?;
            }
            _ if absent.is_some() => self.put_free(&mut unit, context, &ahead.turn_on(), loss).await?,
            Step::Remind(user) if waits.is_none() => {
                let deadline = ahead.deadline(&ahead.turn, context);
                let message = messages::remind(&ahead.place(), deadline.as_ref(), &ahead.value(&ahead.turn));
                let message = messages::with_own_clock(message, &ahead.at, ahead.own_clock(user, context));
                let reminder =
                    ahead.turn_on().message(context, AboutTurn::Reminded, (&ahead.turn, user), message)?;
                context.enqueue_once(&mut unit, &reminder)?;
            }
            Step::Wait if waits.is_none() => {
                self.put_only_sheet(&mut unit, context, &ahead, only.as_ref()).await?;
            }
            _ => {}
        }
        if step == Step::NoLead {
            // The turn of a person who can't lead is opened in the same unit.
            let open = ahead.turn.then(None, TurnState::Open, How::Assigned, context.now);
            let turn = if absent.is_some() { &open } else { &ahead.turn };
            Syncs::tell_no_lead(&mut unit, context, (&ahead, turn))?;
        }
        if step == Step::Wait {
            self.put_waiting(&mut unit, context, (&ahead, run)).await?;
        }
        Ok(match waits {
            None => Ran::prepared(unit),
            Some(at) => Ran::snoozed(unit, at, messages::OUT_OF_HOURS),
        })
    }

    /// Adds to a unit that a person is asked, and that the one who had the turn before doesn't lead.
    async fn put_asked(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, loss): (&Ahead, Loss<'_>),
        user: &UserId,
    ) -> Result<(), Failure> {
        let turn = ahead.turn.then(Some(user), TurnState::Asked, How::Assigned, context.now);
        // Where all others have said no, they lead if they say nothing.
        let mut without = ahead.refusals.declined.clone();
        without.insert(user.clone());
        let is_last = self.first_in_line(context, ahead, without).await?.is_none();
        let by = ahead.steps.deadline(context.now).filter(|_| !is_last);
        let turn = turn.answered_by(by.map(|by| by.at));
        self.put_change(unit, context, (&ahead.turn_on(), &turn), loss).await?;
        Syncs::put_asked_last(unit, context, (ahead, loss), user)?;
        store::put_answer(unit, &context.team, ahead.key(), (user, AnswerState::Asked), context.now);
        let (about, message) = self.question(context, ahead, (user, &turn)).await?;
        let question = ahead.turn_on().message(context, about, (&turn, user), message)?;
        Ok(context.enqueue(unit, &question)?)
    }

    /// Adds to a unit that a person is told to lead, with the run sheet if its time has come.
    async fn put_named(
        &self,
        unit: &mut UnitOfWork,
        context: &Context,
        (ahead, loss): (&Ahead, Loss<'_>),
        user: &UserId,
    ) -> Result<(), Failure> {
        let turn = ahead.turn.then(Some(user), TurnState::Named, How::Assigned, context.now);
        self.put_change(unit, context, (&ahead.turn_on(), &turn), loss).await?;
        Syncs::put_asked_last(unit, context, (ahead, loss), user)?;
        if ahead.holder() == Some(user) && loss != Loss::Away {
            store::put_answer(unit, &context.team, ahead.key(), (user, AnswerState::Silent), context.now);
        }
        if self.put_sheet_if_due(unit, context, ahead, &turn).await? {
            return Ok(());
        }
        let message = messages::named(&ahead.place(), &ahead.value(&turn));
        let message = messages::named_with_own_clock(message, &ahead.at, ahead.named_at_night(user, context));
        let message = ahead.with_other_duty(message, user);
        let named = ahead.turn_on().message(context, AboutTurn::Named, (&turn, user), message)?;
        Ok(context.enqueue(unit, &named)?)
    }

    /// Returns a unit in which the later turns are open again of people who don't take part on their dates.
    async fn free_absent(&self, context: &Context, next: &Ahead) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        let times = self.programmes(context).times(&next.programme)?;
        for (date, turn) in store::turns_from(&context.store, &next.programme.id, next.date()).await? {
            let Some(holder) = turn.holder().filter(|_| date != next.date()) else { continue };
            let (part, at) = (next.people.on(Some(date)).part_of(holder), occurrence_on(times, date));
            if let Some(at) = at.filter(|_| part != Part::TakesPart) {
                let on = TurnOn { programme: &next.programme, at, turn: &turn };
                self.put_free(&mut unit, context, &on, Loss::Absent(part)).await?;
            }
        }
        Ok(unit)
    }

    /// Returns the sync that a run prepares, or how the run ends.
    pub(super) async fn ahead_of(
        &self,
        context: &Context,
        programme: &Programme,
        run: &Run,
    ) -> Result<Result<Ahead, Ran>, Failure> {
        match readiness(context, programme).await? {
            Readiness::Ready => {}
            Readiness::BeingRead(waits) => return Ok(Err(waits)),
            // The organisers hear of it when the sync is due.
            Readiness::Closed => return Ok(Err(Ran::skipped(messages::NOT_IN_CHANNEL))),
        }
        let ahead = self.ahead(context, programme.clone()).await?;
        let ahead = ahead.filter(|ahead| name_of(ahead.at.wall) == run.occasion);
        Ok(ahead.ok_or_else(|| Ran::skipped(messages::NOT_NEXT)))
    }
}

/// Adds to a unit that it is looked at now who leads the next sync, and who takes notes; each `subject` once.
pub(super) fn look_now(unit: &mut UnitOfWork, context: &Context, ahead: &Ahead, subject: &str) {
    if ahead.steps.phase(context.now) == Phase::Over {
        return;
    }
    look_for_lead(unit, context, (&ahead.programme, ahead.at), subject);
    look_for_scribe(unit, context, (&ahead.programme, ahead.at, &ahead.steps), subject);
}
