//! Reminders: each date that a person named is reminded once, in their own hours. And what becomes of the promises of a person who
//! is gone.

use std::collections::BTreeMap;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::{
    calling::follow_with_call,
    cards::{change_card, change_first_answer, late_key, leave_together, reminder_key, together_key},
    messages,
};
use crate::{
    common::promises::{
        Due, MOST_OPEN, Owner, Promise, PromiseState, RITUAL, of_run,
        owner::{is_after_due, is_other_clock},
        plan::remind_at,
        put_reminder_at, store, told,
    },
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::Instant,
        effect::{Effect, NewEffect, Target},
        event::WorkspaceEvent,
        failure::Failure,
        message::Message,
        owner,
        people::UserId,
    },
    ritual::{Context, Ran},
    store::{
        runs::{self, NewRun, OUTDATED, Run},
        unit::UnitOfWork,
    },
};

/// The kinds of runs.
pub(super) const GONE: &str = "gone";
pub(super) const ABSENT: &str = "absent";
pub(super) const DONE_FOR_LONG: &str = "done";
/// How many promises of a person who is gone one run gives back; the next attempt goes on.
const AT_A_TIME: i64 = 20;
/// For how long a run that looks at a person's promises is worth doing, in days.
const OWN_RUN_DAYS: i64 = 7;

/// Reminds an owner of a promise, and of all others whose reminders are due by now. If they are out by now, which they weren't when it
/// was planned, the reminder waits for them.
pub(super) async fn remind(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(|promise| promise.state == PromiseState::Open);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    if promise.reminded_at.is_some() {
        return Ok(Ran::skipped(messages::REMINDED));
    }
    let owner = Owner::load(context, &promise.owner).await?;
    if owner.is_gone() {
        let mut unit = UnitOfWork::new();
        give_one_back(&mut unit, context, &promise).await?;
        return Ok(Ran::done(unit));
    }
    let next = owner.next_at_work(context.now);
    if next > context.now {
        return Ok(Ran::snoozed(UnitOfWork::new(), next, messages::OUT_OF_HOURS));
    }
    let person = promise.owner.clone();
    let mut all = store::to_remind(&context.store, &person, context.now).await?;
    if !all.iter().any(|other| other.id == promise.id) {
        all.push(promise);
    }
    // What is due some time that day comes behind what has a time. Each keeps its place in the message.
    all.sort_by_key(|promise| promise.due.map(|due| (due.date, due.time.is_none(), due.time)));
    let mut unit = UnitOfWork::new();
    leave_together(&mut unit, context, &all).await?;
    let today = owner.today(context.now);
    let (key, message) = match &all[..] {
        [only] => {
            store::remind(&mut unit, &context.team, only, ("", 0), context.now);
            (reminder_key(&only.id, only.version), messages::reminder(only, today))
        }
        several => {
            let id = context.id();
            for (place, promise) in (0..).zip(several) {
                store::remind(&mut unit, &context.team, promise, (&id, place), context.now);
            }
            store::put_reminder(&mut unit, &context.team, &id, several);
            let reminded = several.iter().map(|promise| promise.reminded(context.now)).collect::<Vec<_>>();
            (together_key(&id), messages::reminders(&reminded, (context.now, owner.zone)))
        }
    };
    context.enqueue_once(&mut unit, &told(context, key, &person, message))?;
    Ok(Ran::done(unit))
}

/// Plans what a person's new days away change: a run, since those aren't stored yet.
pub(super) fn days_changed(context: &Context, user: &UserId) -> UnitOfWork {
    let mut unit = UnitOfWork::new();
    put_own_run(&mut unit, context, ABSENT, user);
    unit
}

/// Reminds a person of what they promised at the times that suit their days away, and tells them which reminders come at another time. The
/// unit has what follows beside that.
pub(super) async fn plan_anew(context: &Context, run: &Run, mut unit: UnitOfWork) -> Result<Ran, Failure> {
    let owner::Owner::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let owner = Owner::load(context, user).await?;
    let mut moved = Vec::new();
    for promise in store::to_remind_later(&context.store, user, context.now).await? {
        let Some(due) = promise.due else { continue };
        let at = remind_at(&due, &owner.work(), context.now);
        if promise.remind_at == Some(at) {
            continue;
        }
        store::stands(&mut unit, &context.team, &promise);
        let is_late = |at: Instant| is_after_due(at, &due, owner.zone);
        let was_late = promise.remind_at.is_some_and(is_late);
        if is_late(at) || was_late {
            let wall = owner.wall(at);
            let on_the_wall = Due { date: wall.date(), time: Some(wall.time()) };
            let late = |today| {
                if is_late(at) {
                    messages::reminded_late(&promise, &on_the_wall, today)
                } else {
                    messages::reminded_in_time(&promise)
                }
            };
            put_to_asker(&mut unit, context, &promise, (late_key(&promise), at, !was_late), late).await?;
        }
        follow_with_answer(&mut unit, context, &promise, (at, &owner)).await?;
        put_reminder_at(&mut unit, context, &promise, (at, &owner));
        moved.push((promise, at));
    }
    if !moved.is_empty() {
        let message = messages::remind_otherwise(&moved, owner.zone);
        let key = format!("promises/otherwise/{}", run.subject);
        context.enqueue_once(&mut unit, &told(context, key, user, message))?;
    }
    Ok(Ran::done(unit))
}

/// Adds to a unit that the answer with which an owner read when they're reminded says the new time.
async fn follow_with_answer(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    (at, owner): (Instant, &Owner),
) -> Result<(), Failure> {
    if promise.moves > 0 {
        return Ok(());
    }
    let is_told = zone_of_asker(context, promise).await?.is_some();
    let before = Promise { state: PromiseState::Asked, ..promise.clone() };
    let card = messages::card(&before, promise, owner.today(context.now), (Some((at, owner.zone)), is_told));
    change_first_answer(unit, context, promise, &card)
}

/// Returns what is written about a change of the workspace: the promises of a person who is gone go back where they are from, and
/// those of a channel follow its id.
pub(super) async fn changed(context: &Context, change: &WorkspaceEvent) -> Result<UnitOfWork, Failure> {
    let mut unit = UnitOfWork::new();
    match change {
        WorkspaceEvent::PersonChanged(person) if person.deactivated => {
            let pending = store::pending_of(&context.store, &person.id, ("", ""), 1).await?;
            for promise in &pending {
                put_own_run(&mut unit, context, GONE, &promise.owner);
            }
        }
        WorkspaceEvent::ChannelMoved { from, to } => store::move_channel(&mut unit, &context.team, from, to),
        _ => {}
    }
    Ok(unit)
}

/// Adds a run to a unit that looks at all promises of a person, at once.
fn put_own_run(unit: &mut UnitOfWork, context: &Context, kind: &'static str, user: &UserId) {
    let subject = context.id();
    let run = NewRun {
        owner: owner::Owner::Person(user.clone()),
        ritual: RITUAL,
        occasion: None,
        kind,
        subject: &subject,
        due: Occurrence { at: context.now, wall: context.now.naive_utc() },
        late: CatchUp::Within(Duration::days(OWN_RUN_DAYS)),
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
    let mut of_askers: BTreeMap<&UserId, Vec<&Promise>> = BTreeMap::new();
    for promise in &promises {
        return_one(&mut unit, context, promise).await?;
        of_askers.entry(&promise.asker).or_default().push(promise);
    }
    for promises in of_askers.values() {
        tell_of_returned(&mut unit, context, promises).await?;
    }
    // A snoozed run's unit is refused as a whole if one of them has changed, and is tried again.
    Ok(Ran::snoozed(unit, context.now, messages::NO_OWNER))
}

pub(super) async fn give_one_back(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
) -> Result<(), Failure> {
    return_one(unit, context, promise).await?;
    tell_of_returned(unit, context, &[promise]).await
}

async fn return_one(unit: &mut UnitOfWork, context: &Context, promise: &Promise) -> Result<(), Failure> {
    let returned = promise.then(PromiseState::Returned, context.now);
    store::change_in_run(unit, &context.team, promise, &returned);
    follow_with_call(unit, context, promise, &returned).await
}

/// Adds to a unit that the asker of promises hears that they have no owner any more: several are one message.
async fn tell_of_returned(
    unit: &mut UnitOfWork,
    context: &Context,
    promises: &[&Promise],
) -> Result<(), Failure> {
    match promises {
        [] => Ok(()),
        [only] => {
            let returned = only.then(PromiseState::Returned, context.now);
            tell_asker(unit, context, only, &returned).await.map(drop)
        }
        [first, ..] => put_returned(unit, context, (first, promises)).await,
    }
}

async fn put_returned(
    unit: &mut UnitOfWork,
    context: &Context,
    (first, promises): (&Promise, &[&Promise]),
) -> Result<(), Failure> {
    if zone_of_asker(context, first).await?.is_none() {
        return Ok(());
    }
    let key = format!("promises/returned/{}/{}", first.id, first.version);
    let message = messages::several_returned(promises);
    Ok(context.enqueue_once(unit, &told(context, key, &first.asker, message))?)
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

/// Adds to a unit a message to the asker, who is another person, if they can read it: in their working hours, and before `until`, when it's
/// worth nothing any more. If there is a message of this key already, it says so; without one it is sent if it `is_new`. The message is
/// made for the date on their wall.
pub(super) async fn put_to_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    (key, until, is_new): (String, Instant, bool),
    message: impl FnOnce(NaiveDate) -> Message,
) -> Result<(), Failure> {
    if zone_of_asker(context, promise).await?.is_none() {
        return Ok(());
    }
    let asker = Owner::load(context, &promise.asker).await?;
    let message = message(asker.today(context.now));
    let effect = Effect::Post { to: Target::Person(promise.asker.clone()), message: message.clone() };
    if is_new {
        let told = told(context, key.clone(), &promise.asker, message);
        let not_before = asker.next_at_work(context.now);
        context.enqueue_once(unit, &NewEffect { not_before, expires_at: Some(until), ..told })?;
    }
    Ok(context.revise(unit, &key, &effect)?)
}

/// Returns the zone of an asker who is another person and can read of their promise.
async fn zone_of_asker(context: &Context, promise: &Promise) -> Result<Option<Tz>, Failure> {
    let asker = &promise.asker;
    if promise.is_own() || asker.is_pseudonym() {
        return Ok(None);
    }
    let known = context.store.person(asker).await?;
    if known.as_ref().is_some_and(|person| person.deactivated) {
        return Ok(None);
    }
    Ok(Some(known.and_then(|person| person.zone).unwrap_or(context.zone)))
}

/// Adds to a unit that the asker hears how a promise stands now, if they can, and returns whether they do.
pub(super) async fn tell_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<bool, Failure> {
    let Some(zone) = zone_of_asker(context, before).await? else { return Ok(false) };
    let today = context.now.with_timezone(&zone).date_naive();
    let owner = context.store.zone_of(&after.owner).await?.unwrap_or(context.zone);
    let is_other = after.due.is_some_and(|due| is_other_clock(&due, owner, zone, context.now));
    let heard = messages::heard(before, after, (today, is_other));
    let is_told = heard.is_some();
    if let Some(message) = heard {
        let key = heard_key(&after.id, after.version);
        context.enqueue_once(unit, &told(context, key, &before.asker, message))?;
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

/// Ends the button with which an owner takes *Done* or *Drop it* back.
pub(super) async fn end_undo(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(Promise::can_be_reopened);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_DONE)) };
    let owner = Owner::load(context, &promise.owner).await?;
    let is_told = zone_of_asker(context, &promise).await?.is_some();
    let card = messages::card(&promise, &promise, owner.today(context.now), (None, is_told));
    let mut unit = UnitOfWork::new();
    store::stands(&mut unit, &context.team, &promise);
    change_card(&mut unit, context, (&promise, &promise), &card, OUTDATED).await?;
    Ok(Ran::done(unit))
}

/// Tells an asker that the owner of a promise of theirs was erased.
pub(super) async fn tell_of_return(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(|promise| promise.state == PromiseState::Returned);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    let mut unit = UnitOfWork::new();
    let mut all = store::asked_by(&context.store, &promise.asker, ("", ""), MOST_OPEN).await?;
    all.retain(|other| other.state == PromiseState::Returned && other.owner == promise.owner);
    all.sort_by(|one, other| one.id.cmp(&other.id));
    let all: Vec<&Promise> = all.iter().collect();
    match all[..] {
        // The run of the first one tells of all.
        [first, _, ..] if first.id != promise.id => return Ok(Ran::skipped(messages::REMINDED)),
        [first, _, ..] => put_returned(&mut unit, context, (first, &all)).await?,
        _ => drop(tell_asker(&mut unit, context, &promise, &promise).await?),
    }
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
