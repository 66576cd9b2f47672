//! Before a sync: the person who is next is asked whether they lead, reminded, and told what to know.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};

use super::{
    NAME, PREPARE, Syncs,
    messages::{self, SyncPlace},
    plan::{How, LEAD, Line, Phase, RollCall, Step, Steps, Turn, TurnState, step},
    rota::roll_call,
    store::{self, AnswerState, Refusals},
};
use crate::{
    common::{
        people::{PersonSettings, work_time::WorkTime},
        programmes::{ChannelPeople, Readiness, readiness, tell_organisers, to_person},
    },
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        effect::{DeliveryGuarantee, Effect, Keep, NewEffect, Target},
        event::WorkspaceEvent,
        failure::Failure,
        message::Message,
        owner::Owner,
        people::UserId,
    },
    ritual::{Context, Ran},
    store::{
        occasions::name_of,
        programmes::Programme,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// For how long messages about a turn can be changed after the sync, in days.
const KEEP_DAYS: i64 = 2;
/// The messages to a person about their turn.
pub(super) const ASKED: &str = "ask";
const REMINDED: &str = "remind";
pub(super) const NAMED: &str = "name";
pub(super) const LEADS: &str = "lead";

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

    pub(super) fn work_time(&self, user: &UserId, context: &Context) -> WorkTime<'_> {
        static USUAL: std::sync::LazyLock<PersonSettings> = std::sync::LazyLock::new(PersonSettings::default);
        let person = self.people.people.iter().find(|person| person.id == *user);
        let zone = person.and_then(|person| person.zone).unwrap_or(context.zone);
        WorkTime { zone, settings: self.people.settings.get(user).unwrap_or(&USUAL) }
    }

    pub(super) fn roll_call(&self, declined: BTreeSet<UserId>) -> RollCall {
        let mut called = roll_call(&self.people, self.date());
        called.occasion.declined = declined;
        called
    }

    pub(super) fn effect_key(&self, kind: &str, user: &UserId) -> String {
        format!("sync/{kind}/{}/{}/{user}", self.programme.id, self.date())
    }
}

/// Returns the value of a button about the turn of a date.
pub(super) fn value_of(programme: &str, date: NaiveDate, version: i64) -> String {
    format!("{programme} {date} {version}")
}

impl Syncs {
    /// Returns the next sync of a programme; `None` while it is paused.
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
        Ok(Ahead { programme, at, steps, people, turn, refusals, here })
    }

    /// Does what is to be done about the lead of the next sync.
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
        let line = self.line(context, &ahead).await?;
        let zone = self.programmes(context).times(programme)?.zone;
        let step = step(&ahead.steps, &ahead.turn, ahead.holder().is_some(), &line, (zone, context.now));
        if let Step::Ask(user) | Step::Remind(user) | Step::Name(user) = &step {
            match ahead.work_time(user, context).next(context.now, ahead.at.at) {
                Some(at) if at <= context.now => {}
                Some(at) => return Ok(Ran::snoozed(UnitOfWork::new(), at, messages::OUT_OF_HOURS)),
                None => return Ok(Ran::skipped(messages::OUT_OF_HOURS)),
            }
        }
        let mut unit = UnitOfWork::new();
        match step {
            Step::Wait => {}
            Step::Ask(user) => put_question(&mut unit, context, &ahead, &user)?,
            Step::Remind(user) => {
                let message = messages::remind(
                    &ahead.place(),
                    ahead.steps.is_last_question(context.now),
                    &ahead.value(&ahead.turn),
                );
                let reminder = told(context, &ahead, REMINDED, &user, message)?;
                context.enqueue_once(&mut unit, &reminder)?;
            }
            Step::Name(user) => {
                let turn = ahead.turn.then(Some(&user), TurnState::Named, How::Assigned, context.now);
                put_silence(&mut unit, context, &ahead, &user)?;
                store::put_turn(&mut unit, &context.team, ahead.key(), &turn);
                let message = messages::named(&ahead.place(), &ahead.value(&turn));
                context.enqueue(&mut unit, &told(context, &ahead, NAMED, &user, message)?)?;
                self.put_sheet_if_due(&mut unit, context, &ahead, &turn).await?;
            }
            Step::NoLead => {
                let key = format!("no-lead/{}", ahead.date());
                let message = messages::no_lead(&ahead.place());
                tell_organisers(&mut unit, context, NAME, &ahead.programme, (&key, &message))?;
            }
        }
        Ok(Ran::prepared(unit))
    }

    /// Returns what follows when a person leaves or skips: it is looked whether the next sync has lost its lead.
    pub(super) async fn look_for_absent(
        &self,
        context: &Context,
        programme: &Programme,
    ) -> Result<UnitOfWork, Failure> {
        let mut unit = UnitOfWork::new();
        if let Some(ahead) = self.ahead(context, programme.clone()).await? {
            look_now(&mut unit, context, &ahead, &format!("absent-{}", context.id()));
        }
        Ok(unit)
    }

    /// Returns the same for a person who has left a channel, or whose account was deactivated.
    pub(super) async fn person_gone(
        &self,
        context: &Context,
        change: &WorkspaceEvent,
    ) -> Result<UnitOfWork, Failure> {
        let user = match change {
            WorkspaceEvent::PersonChanged(person) if person.deactivated => &person.id,
            WorkspaceEvent::MemberLeft(_, user) => user,
            _ => return Ok(UnitOfWork::new()),
        };
        let mut unit = UnitOfWork::new();
        // A sync in a zone to the west is on the day before.
        let since = context.now.date_naive() - Duration::days(1);
        for (programme, _) in store::turns_of(&context.store, user, since).await? {
            let programme = context.store.programme(&programme).await?;
            if let Some(programme) = programme.filter(Programme::is_running) {
                unit.append(self.look_for_absent(context, &programme).await?);
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

    async fn line(&self, context: &Context, ahead: &Ahead) -> Result<Line, Failure> {
        let mut asked = ahead.refusals.all();
        asked.extend(ahead.turn.holder().cloned());
        let next = self.first_reachable(context, ahead, asked).await?;
        let declined = || ahead.refusals.declined.clone();
        let (mut silent, mut is_empty) = (None, false);
        if next.is_none() {
            silent = self.first_reachable(context, ahead, declined()).await?;
            is_empty = self.first_in_line(context, ahead, declined()).await?.is_none();
        }
        Ok(Line { next, silent, is_empty, is_alone: ahead.here.len() == 1 })
    }

    /// Returns the first person in line who works before the sync.
    async fn first_reachable(
        &self,
        context: &Context,
        ahead: &Ahead,
        mut without: BTreeSet<UserId>,
    ) -> Result<Option<UserId>, Failure> {
        while let Some(user) = self.first_in_line(context, ahead, without.clone()).await? {
            if ahead.work_time(&user, context).next(context.now, ahead.at.at).is_some() {
                return Ok(Some(user));
            }
            without.insert(user);
        }
        Ok(None)
    }

    pub(super) async fn first_in_line(
        &self,
        context: &Context,
        ahead: &Ahead,
        without: BTreeSet<UserId>,
    ) -> Result<Option<UserId>, Failure> {
        let mut duties = self.assign(context, &ahead.programme, vec![ahead.roll_call(without)]).await?;
        Ok(duties.pop().and_then(|mut duties| duties.remove(LEAD)))
    }
}

/// Adds to a unit that a person is asked, and that the one who was asked before has not answered.
fn put_question(
    unit: &mut UnitOfWork,
    context: &Context,
    ahead: &Ahead,
    user: &UserId,
) -> Result<(), Failure> {
    let turn = ahead.turn.then(Some(user), TurnState::Asked, How::Assigned, context.now);
    put_silence(unit, context, ahead, user)?;
    store::put_turn(unit, &context.team, ahead.key(), &turn);
    store::put_answer(unit, &context.team, ahead.key(), (user, AnswerState::Asked), context.now);
    let is_last = ahead.steps.is_last_question(context.now);
    let message = messages::ask(&ahead.place(), is_last, &ahead.value(&turn));
    Ok(context.enqueue(unit, &told(context, ahead, ASKED, user, message)?)?)
}

/// Adds to a unit that the person who was asked has not answered; they hear so where the turn goes to another person.
fn put_silence(
    unit: &mut UnitOfWork,
    context: &Context,
    ahead: &Ahead,
    next: &UserId,
) -> Result<(), Failure> {
    let Some(silent) = ahead.holder().filter(|_| ahead.turn.state == TurnState::Asked) else {
        return Ok(());
    };
    store::put_answer(unit, &context.team, ahead.key(), (silent, AnswerState::Silent), context.now);
    if silent == next {
        return Ok(());
    }
    change_own(unit, context, ahead, silent, &messages::passed_on(&ahead.place()))
}

/// A message to a person about their turn, which can be changed until after the sync.
pub(super) fn told(
    context: &Context,
    ahead: &Ahead,
    kind: &str,
    user: &UserId,
    message: Message,
) -> Result<NewEffect, Failure> {
    let effect = to_person(context, NAME, ahead.effect_key(kind, user), user, message)?;
    Ok(NewEffect {
        owner: Owner::Programme(ahead.programme.id.clone()),
        expires_at: Some(ahead.at.at),
        keep: Keep::Until(ahead.at.at + Duration::days(KEEP_DAYS)),
        delivery: DeliveryGuarantee::AtLeastOnce,
        ..effect
    })
}

/// Adds to a unit that the messages that asked a person, or named them, say something else.
pub(super) fn change_own(
    unit: &mut UnitOfWork,
    context: &Context,
    ahead: &Ahead,
    user: &UserId,
    message: &Message,
) -> Result<(), Failure> {
    for kind in [ASKED, REMINDED, NAMED] {
        let effect = Effect::Post { to: Target::Person(user.clone()), message: message.clone() };
        context.amend(unit, &ahead.effect_key(kind, user), &effect)?;
    }
    Ok(())
}

/// Adds to a unit that the lead of the next sync is looked at now; each `subject` once.
pub(super) fn look_now(unit: &mut UnitOfWork, context: &Context, ahead: &Ahead, subject: &str) {
    if matches!(ahead.steps.phase(context.now), Phase::Early | Phase::Over) {
        return;
    }
    let zone = ahead.programme.cadence.as_ref().map_or(context.zone, |cadence| cadence.zone);
    let wall = context.now.with_timezone(&zone).naive_local();
    let run = NewRun {
        owner: Owner::Programme(ahead.programme.id.clone()),
        ritual: NAME,
        occasion: Some(ahead.at),
        kind: PREPARE,
        subject,
        due: Occurrence { at: context.now, wall },
        late: CatchUp::Until(ahead.at.at),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}
