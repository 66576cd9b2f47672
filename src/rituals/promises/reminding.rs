//! Reminders: each date that a person named is reminded once, in their own hours. And what becomes of the promises of a person who
//! is gone.

use chrono::{Duration, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::{
    calling::follow_with_call,
    messages,
    plan::{is_other_clock, remind_at},
};
use crate::{
    common::{
        people::{self, Away, PersonSettings, WorkTime},
        promises::{Promise, PromiseState, RITUAL, question_key, store, told},
    },
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::{Effect, Target},
        event::WorkspaceEvent,
        failure::Failure,
        message::Message,
        owner,
        people::{Person, UserId},
    },
    ritual::{Context, Ran},
    store::{
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// The kinds of runs.
pub(super) const REMIND: &str = "remind";
pub(super) const GONE: &str = "gone";
/// How late a person may still be reminded, in days: they may be away for long.
const LATEST_DAYS: i64 = 92;
/// How many promises of a person who is gone one run gives back; the next attempt goes on.
const AT_A_TIME: i64 = 20;
/// For how long one of those runs is worth doing, in days.
const GONE_DAYS: i64 = 7;

/// When a person works, holidays included.
pub(super) struct Owner {
    pub(super) zone: Tz,
    settings: PersonSettings,
    person: Option<Person>,
}

impl Owner {
    pub(super) async fn load(context: &Context, user: &UserId) -> Result<Owner, Failure> {
        let person = context.store.person(user).await?;
        let zone = person.as_ref().and_then(|person| person.zone).unwrap_or(context.zone);
        let mut settings = people::store::of_person(&context.store, user).await?;
        let region = settings.region.as_deref().and_then(|region| context.holidays.region_of(region));
        let yesterday = (context.now - Duration::days(1)).date_naive();
        let holidays = region.into_iter().flat_map(|region| region.days.range(yesterday..));
        settings.away.extend(holidays.map(|(day, _)| Away { from: *day, to: *day }));
        Ok(Owner { zone, settings, person })
    }

    pub(super) fn work(&self) -> WorkTime<'_> {
        WorkTime { zone: self.zone, settings: &self.settings }
    }

    /// Returns the time on their wall.
    pub(super) fn wall(&self, at: Instant) -> NaiveDateTime {
        at.with_timezone(&self.zone).naive_local()
    }

    pub(super) fn today(&self, at: Instant) -> NaiveDate {
        self.wall(at).date()
    }

    fn is_gone(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.deactivated)
    }
}

/// Adds the reminder of a version of an open promise to a unit, and returns when it comes.
pub(super) fn put(unit: &mut UnitOfWork, context: &Context, promise: &Promise, owner: &Owner) -> Instant {
    let Some(due) = promise.due else { return context.now };
    let at = remind_at(&due, &owner.work(), context.now);
    let subject = format!("{}/{}", promise.id, promise.version);
    let run = NewRun {
        owner: owner::Owner::Person(promise.owner.clone()),
        ritual: RITUAL,
        occasion: None,
        kind: REMIND,
        subject: &subject,
        due: Occurrence { at, wall: owner.wall(at) },
        late: CatchUp::Until(at + Duration::days(LATEST_DAYS)),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
    at
}

/// Returns the outbox key of the reminder of a version of a promise.
fn reminder_key(id: &str, version: i64) -> String {
    format!("promises/reminded/{id}/{version}")
}

/// Reminds an owner. If they are out by now, which they weren't when it was planned, the reminder waits for them.
pub(super) async fn remind(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let (id, version) = run.subject.split_once('/').unwrap_or((&run.subject, ""));
    let promise = store::promise(&context.store, id).await?;
    let is_current =
        |promise: &Promise| promise.state == PromiseState::Open && promise.version.to_string() == version;
    let Some(promise) = promise.filter(is_current) else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    let owner = Owner::load(context, &promise.owner).await?;
    if owner.is_gone() {
        let mut unit = UnitOfWork::new();
        give_one_back(&mut unit, context, &promise).await?;
        return Ok(Ran::done(unit));
    }
    let work = owner.work();
    let end = run.due.at + Duration::days(LATEST_DAYS);
    if !work.includes(context.now)
        && let Some(next) = work.next(context.now, end)
    {
        return Ok(Ran::snoozed(UnitOfWork::new(), next, messages::OUT_OF_HOURS));
    }
    let mut unit = UnitOfWork::new();
    store::remind(&mut unit, &context.team, &promise, context.now);
    let message = messages::reminder(&promise, owner.today(context.now));
    let key = reminder_key(&promise.id, promise.version);
    context.enqueue_once(&mut unit, &told(context, key, &promise.owner, message))?;
    Ok(Ran::done(unit))
}

/// Returns what is written about a change of the workspace: the promises of a person who is gone go back where they are from, and
/// those of a channel follow its id.
pub(super) async fn changed(context: &Context, change: &WorkspaceEvent) -> Result<UnitOfWork, Failure> {
    let mut unit = UnitOfWork::new();
    match change {
        WorkspaceEvent::PersonChanged(person) if person.deactivated => {
            let pending = store::pending_of(&context.store, &person.id, ("", ""), 1).await?;
            for promise in &pending {
                put_gone(&mut unit, context, &promise.owner);
            }
        }
        WorkspaceEvent::ChannelMoved { from, to } => store::move_channel(&mut unit, &context.team, from, to),
        _ => {}
    }
    Ok(unit)
}

fn put_gone(unit: &mut UnitOfWork, context: &Context, user: &UserId) {
    let subject = context.id();
    let run = NewRun {
        owner: owner::Owner::Person(user.clone()),
        ritual: RITUAL,
        occasion: None,
        kind: GONE,
        subject: &subject,
        due: Occurrence { at: context.now, wall: context.now.naive_utc() },
        late: CatchUp::Within(Duration::days(GONE_DAYS)),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}

/// Gives back the promises of a person who is gone, some at a time.
pub(super) async fn give_back(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let owner::Owner::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let is_gone = context.store.person(user).await?.is_none_or(|person| person.deactivated);
    let promises = store::pending_of(&context.store, user, ("", ""), AT_A_TIME).await?;
    if !is_gone || promises.is_empty() {
        return Ok(Ran::done(UnitOfWork::new()));
    }
    let mut unit = UnitOfWork::new();
    for promise in &promises {
        give_one_back(&mut unit, context, promise).await?;
    }
    // A snoozed run's unit is refused as a whole if one of them has changed, and is tried again.
    Ok(Ran::snoozed(unit, context.now, messages::NO_OWNER))
}

async fn give_one_back(unit: &mut UnitOfWork, context: &Context, promise: &Promise) -> Result<(), Failure> {
    let returned = promise.then(PromiseState::Returned, context.now);
    store::change_in_run(unit, &context.team, promise, &returned);
    follow_with_call(unit, context, promise, &returned).await?;
    tell_asker(unit, context, promise, &returned).await.map(drop)
}

/// Whether the asker has to be told whose clock counts: theirs shows another time when a promise of this owner is due, or another day now.
pub(super) async fn is_other_for_asker(
    context: &Context,
    promise: &Promise,
    owner: &Owner,
) -> Result<bool, Failure> {
    let asker = context.store.zone_of(&promise.asker).await?.unwrap_or(context.zone);
    Ok(promise.due.is_some_and(|due| is_other_clock(&due, owner.zone, asker, context.now)))
}

/// Adds to a unit that the asker hears how a promise stands now, if they can, and returns whether they do.
pub(super) async fn tell_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<bool, Failure> {
    let asker = &before.asker;
    if before.is_own() || asker.is_pseudonym() {
        return Ok(false);
    }
    let known = context.store.person(asker).await?;
    if known.as_ref().is_some_and(|person| person.deactivated) {
        return Ok(false);
    }
    let zone = known.and_then(|person| person.zone).unwrap_or(context.zone);
    let today = context.now.with_timezone(&zone).date_naive();
    let owner = context.store.zone_of(&after.owner).await?.unwrap_or(context.zone);
    let is_other = after.due.is_some_and(|due| is_other_clock(&due, owner, zone, context.now));
    let heard = messages::heard(before, after, (today, is_other));
    let is_told = heard.is_some();
    if let Some(message) = heard {
        let key = heard_key(&after.id, after.version);
        context.enqueue_once(unit, &told(context, key, asker, message))?;
    }
    Ok(is_told)
}

/// Returns the outbox key of the message with which an asker hears of a version of a promise.
fn heard_key(id: &str, version: i64) -> String {
    format!("promises/heard/{id}/{version}")
}

/// Adds to a unit that the message with which an asker heard of this version says something else.
pub(super) fn change_heard(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    message: &Message,
) -> Result<(), Failure> {
    let effect = Effect::Post { to: Target::Person(promise.asker.clone()), message: message.clone() };
    Ok(context.amend(unit, &heard_key(&promise.id, promise.version), &effect)?)
}

/// Tells an asker that the owner of a promise of theirs was erased.
pub(super) async fn tell_of_return(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let (id, version) = run.subject.split_once('/').unwrap_or((&run.subject, ""));
    let promise = store::promise(&context.store, id).await?;
    let is_current =
        |promise: &Promise| promise.state == PromiseState::Returned && promise.version.to_string() == version;
    let Some(promise) = promise.filter(is_current) else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    let mut unit = UnitOfWork::new();
    tell_asker(&mut unit, context, &promise, &promise).await?;
    Ok(Ran::done(unit))
}

/// Adds to a unit that the owner hears that they don't have to do what they promised, if they can, and returns whether they do.
pub(super) async fn tell_owner(
    unit: &mut UnitOfWork,
    context: &Context,
    after: &Promise,
) -> Result<bool, Failure> {
    let owner = &after.owner;
    let known = context.store.person(owner).await?;
    if owner.is_pseudonym() || known.is_some_and(|person| person.deactivated) {
        return Ok(false);
    }
    let key = format!("promises/not_needed/{}/{}", after.id, after.version);
    context.enqueue_once(unit, &told(context, key, owner, messages::not_needed(after)))?;
    Ok(true)
}

/// Adds to a unit that the question or reminder about a version of a promise says something else.
pub(super) fn change_card(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    message: &Message,
) -> Result<(), Failure> {
    for key in [question_key(&before.id, before.card), reminder_key(&before.id, before.card)] {
        let effect = Effect::Post { to: Target::Person(before.owner.clone()), message: message.clone() };
        context.amend(unit, &key, &effect)?;
    }
    Ok(())
}
