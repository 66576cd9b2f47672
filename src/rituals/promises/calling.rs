//! Calls for help, to a person or in a channel: each says how the promise stands, as long as it is there.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    cards::{change, change_newest},
    messages, note,
};
use crate::{
    common::promises::{
        self, AskedLater, Due, KEEP_DAYS, Owner, Promise, PromiseState, RITUAL,
        owner::{is_after_due, is_other_clock},
        plan::{Call, undo_until},
        put_run_of, store, told,
    },
    model::{
        clock::Instant,
        effect::{Effect, Keep, NewEffect, Origin, Target},
        failure::Failure,
        message::Message,
        owner,
        people::UserId,
    },
    ritual::{Context, Ran},
    store::{
        runs::{self, Run},
        unit::UnitOfWork,
    },
};

/// The kind of the run that asks a person for help.
pub(super) const CALL: &str = "call";

/// What a post in a channel has with it, for the case that it is refused.
#[derive(Serialize, Deserialize)]
pub(super) struct Posted {
    pub help_for: String,
}

/// Returns the outbox key of a call for help.
pub(super) fn call_key(id: &str, call: &Call) -> String {
    let helper = call.helper.as_ref().map(|helper| format!("/{helper}")).unwrap_or_default();
    format!("promises/help/{id}/{}{helper}", call.at.timestamp_millis())
}

/// Returns the outbox key of the message of its own with which the owner reads of a call for help.
pub(super) fn told_key(id: &str, call: &Call) -> String {
    format!("{}/told", call_key(id, call))
}

/// Returns the outbox key of the message with which the owner reads that a person isn't asked yet. A second delay changes the first one's.
fn delayed_key(id: &str, call: &Call) -> String {
    format!("{}/delayed", call_key(id, call))
}

/// Returns the outbox keys of the messages with which the owner reads that a person is asked, or isn't yet.
pub(super) fn asked_keys(id: &str, call: &Call) -> [String; 2] {
    [told_key(id, call), delayed_key(id, call)]
}

/// Returns the outbox key of the message with which the owner reads that a person who was asked has left.
pub(super) fn left_key(id: &str, call: &Call) -> String {
    format!("{}/left", call_key(id, call))
}

/// Returns a call for help as the person or the channel reads it; `None` if the promise is from no channel.
pub(super) async fn effect_of(
    context: &Context,
    promise: &Promise,
    call: &Call,
) -> Result<Option<NewEffect>, Failure> {
    let key = call_key(&promise.id, call);
    let Some(helper) = &call.helper else {
        let Some(channel) = promise.origin.channel.clone() else { return Ok(None) };
        let origin = Origin::new(RITUAL, note(&Posted { help_for: promise.id.clone() })?);
        let (to, message) = (Target::Channel(channel), messages::help_wanted_here(promise, call));
        let keep = Keep::Until(context.now + Duration::days(KEEP_DAYS));
        let post = NewEffect::post(origin, key, to, message, context.now);
        return Ok(Some(NewEffect { keep, ..post }));
    };
    let wanted = help_wanted(context, promise, call, &Owner::load(context, helper).await?).await?;
    Ok(Some(told(context, key, helper, wanted)))
}

/// Adds to a unit that a call for help says something else.
pub(super) fn change_call(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    call: &Call,
    message: Message,
) -> Result<(), Failure> {
    let to = match (&call.helper, &promise.origin.channel) {
        (Some(helper), _) => Target::Person(helper.clone()),
        (None, Some(channel)) => Target::Channel(channel.clone()),
        (None, None) => return Ok(()),
    };
    Ok(context.amend(unit, &call_key(&promise.id, call), &Effect::Post { to, message })?)
}

/// Adds to a unit that the owner's own messages about a call say something else.
pub(super) fn change_told(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    call: &Call,
    message: &Message,
) -> Result<(), Failure> {
    for key in asked_keys(&promise.id, call).into_iter().chain([left_key(&promise.id, call)]) {
        change(unit, context, promise, &key, message)?;
    }
    Ok(())
}

/// Adds a new call to a unit. An earlier one to the same person, or in the channel, says that the owner has asked again. A person who
/// isn't at work now is asked when they are; that is returned. `limits` is as in [`store::call_for_help`].
pub(super) async fn put_call(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    call: &Call,
    limits: (Instant, i64),
) -> Result<Option<AskedLater>, Failure> {
    let calls = store::calls(&context.store, &promise.id).await?;
    for earlier in calls.iter().filter(|earlier| earlier.helper == call.helper) {
        change_call(unit, context, promise, earlier, messages::help_wanted_again(promise))?;
    }
    store::call_for_help(unit, &context.team, promise, call, limits);
    if let Some(helper) = &call.helper {
        let there = Owner::load(context, helper).await?;
        let at = there.next_at_work(context.now);
        if at > context.now {
            put_call_run(unit, context, (&promise.id, call), (at, helper, &there));
            return Ok(Some(asked_later(context, promise, (at, helper, &there)).await?));
        }
    }
    if let Some(effect) = effect_of(context, promise, call).await? {
        context.enqueue(unit, &effect)?;
    }
    Ok(None)
}

/// Adds to a unit the run that asks a person for help, at an instant.
fn put_call_run(
    unit: &mut UnitOfWork,
    context: &Context,
    (id, call): (&str, &Call),
    (at, helper, there): (Instant, &UserId, &Owner),
) {
    let subject = format!("{id}/{}", call.at.timestamp_millis());
    put_run_of(unit, context, CALL, (helper, &subject), (at, there));
}

/// Adds to a unit that a person who is at work earlier than they would be asked for help is asked then.
pub(super) async fn call_sooner(
    unit: &mut UnitOfWork,
    context: &Context,
    (helper, there): (&UserId, &Owner),
) -> Result<(), Failure> {
    let at = there.next_at_work(context.now);
    for (id, call) in store::calls_after(&context.store, helper, at).await? {
        put_call_run(unit, context, (&id, &call), (at, helper, there));
    }
    Ok(())
}

/// Returns for the owner when a person is asked for help who isn't at work now.
async fn asked_later(
    context: &Context,
    promise: &Promise,
    (at, helper, there): (Instant, &UserId, &Owner),
) -> Result<AskedLater, Failure> {
    let wall = there.wall(at);
    let on_the_wall = Due { date: wall.date(), time: Some(wall.time()) };
    let reader = zone_of(context, &promise.owner).await?;
    Ok(AskedLater {
        owner: helper.clone(),
        at: on_the_wall,
        is_other_clock: is_other_clock(&on_the_wall, there.zone, reader, context.now),
        is_after_due: promise.due.is_some_and(|due| is_after_due(at, &due, reader)),
    })
}

/// Asks a person for help who wasn't at work when the owner wanted it, unless the promise is settled by now.
pub(super) async fn call_now(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let owner::Owner::Person(helper) = &run.owner else { return Ok(Ran::unknown_work()) };
    let (id, called_at) = run.subject.split_once('/').unwrap_or((&run.subject, ""));
    let promise = store::promise(&context.store, id).await?;
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    if promise.state != PromiseState::Open {
        // It may be opened again, which wakes this run.
        let until = promise.settled_at.map(undo_until).filter(|until| *until > context.now);
        return Ok(match until.filter(|_| promise.can_be_reopened()) {
            Some(until) => {
                let mut unit = UnitOfWork::new();
                store::stands(&mut unit, &context.team, &promise);
                Ran::snoozed(unit, until, messages::NOT_OPEN)
            }
            None => Ran::skipped(messages::NOT_OPEN),
        });
    }
    let is_it = |call: &Call| {
        call.helper.as_ref() == Some(helper) && call.at.timestamp_millis().to_string() == called_at
    };
    let Some(call) = store::calls(&context.store, id).await?.into_iter().find(is_it) else {
        return Ok(Ran::skipped(messages::CALLED_AGAIN));
    };
    let there = Owner::load(context, helper).await?;
    if there.is_gone() {
        // The owner hears so by another run, and if the person is back they're asked then.
        return Ok(Ran::skipped(messages::HELPER_GONE));
    }
    let mut unit = UnitOfWork::new();
    if !there.can_be_asked() {
        let message = messages::help_not_asked(&promise, helper);
        let key = format!("{}/gone", call_key(id, &call));
        context.enqueue_once(&mut unit, &told(context, key, &promise.owner, message.clone()))?;
        change_told(&mut unit, context, &promise, &call, &message)?;
        store::forget_helper(&mut unit, &context.team, &promise, helper);
        return Ok(Ran::done(unit));
    }
    let next = there.next_at_work(context.now);
    if next > context.now {
        let later = asked_later(context, &promise, (next, helper, &there)).await?;
        let today = promises::today(context, &promise.owner).await?;
        let message = messages::help_delayed(&promise, &later, today);
        store::stands(&mut unit, &context.team, &promise);
        context.enqueue(&mut unit, &told(context, delayed_key(id, &call), &promise.owner, message))?;
        return Ok(Ran::snoozed(unit, next, messages::HELPER_OUT));
    }
    store::stands(&mut unit, &context.team, &promise);
    store::calls_still(&mut unit, &context.team, &promise, &call);
    let wanted = help_wanted(context, &promise, &call, &there).await?;
    context.enqueue_once(&mut unit, &told(context, call_key(id, &call), helper, wanted))?;
    if promise.reminder.is_empty() && promise.reminded_at.is_some() {
        let card = with_helpers(context, &promise, reminder_now(context, &promise).await?).await?;
        change_newest(&mut unit, context, &promise, &card)?;
    }
    let asked = messages::help_asked_with(&promise, messages::help_asked(&call, None, None));
    change_told(&mut unit, context, &promise, &call, &asked)?;
    Ok(Ran::done(unit))
}

async fn help_wanted(
    context: &Context,
    promise: &Promise,
    call: &Call,
    there: &Owner,
) -> Result<Message, Failure> {
    let zone = zone_of(context, &promise.owner).await?;
    let is_other = promise.due.is_some_and(|due| is_other_clock(&due, zone, there.zone, context.now));
    Ok(messages::help_wanted(promise, call, (there.today(context.now), is_other)))
}

async fn zone_of(context: &Context, user: &UserId) -> Result<Tz, Failure> {
    Ok(context.store.zone_of(user).await?.unwrap_or(context.zone))
}

/// Adds to a unit that the calls for help follow their promise: they are over with it, stand again with it, and say its date. A person who
/// was back while it wasn't open, or whose message wasn't sent, is asked now.
pub(super) async fn follow_with_call(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<(), Failure> {
    let is_open = |promise: &Promise| promise.state == PromiseState::Open;
    let is_moved = is_open(after) && before.due != after.due;
    if is_open(before) == is_open(after) && !is_moved {
        return Ok(());
    }
    let today = promises::today(context, &after.owner).await?;
    for call in store::calls(&context.store, &before.id).await? {
        if let Some(helper) = call.helper.as_ref().filter(|_| call.is_gone && is_open(after)) {
            change_told(unit, context, before, &call, &messages::helper_left(after, helper))?;
            continue;
        }
        if !is_open(after) {
            // What became of it isn't said to a person who has left.
            if !call.is_gone {
                change_call(unit, context, before, &call, messages::help_over(before))?;
            }
            change_told(unit, context, before, &call, &messages::help_was_asked(before, &call))?;
            continue;
        }
        let later = later_of(context, after, &call).await?;
        match (&call.helper, effect_of(context, after, &call).await?) {
            (Some(helper), _) if call.is_planned => {
                let helper = owner::Owner::Person(helper.clone());
                runs::wake(unit, &context.team, &helper, (RITUAL, CALL), context.now);
            }
            (_, Some(again)) if !is_open(before) && context.now - call.at < Duration::days(KEEP_DAYS) => {
                context.enqueue(unit, &again)?;
            }
            (_, Some(again)) => context.amend(unit, &again.key, &again.effect)?,
            (_, None) => {}
        }
        let channel = after.origin.channel.as_ref();
        let asked = messages::help_asked(&call, channel, later.as_ref().map(|later| (later, today)));
        change_told(unit, context, before, &call, &messages::help_asked_with(after, asked))?;
    }
    Ok(())
}

/// Returns when the person of a call is asked who isn't at work now.
pub(super) async fn later_of(
    context: &Context,
    promise: &Promise,
    call: &Call,
) -> Result<Option<AskedLater>, Failure> {
    let Some(helper) = call.helper.as_ref().filter(|_| call.is_planned) else { return Ok(None) };
    let there = Owner::load(context, helper).await?;
    let at = there.next_at_work(context.now);
    if at <= context.now {
        return Ok(None);
    }
    Ok(Some(asked_later(context, promise, (at, helper, &there)).await?))
}

/// Returns these calls with the day on which each person is asked who isn't at work now, and the owner's date. Those of people who have left
/// are left out.
pub(super) async fn hoped_for<'c>(
    context: &Context,
    promise: &Promise,
    calls: &'c [Call],
) -> Result<(Vec<messages::Hoped<'c>>, NaiveDate), Failure> {
    let mut hoped = Vec::with_capacity(calls.len());
    for call in calls.iter().filter(|call| !call.is_gone) {
        let later = later_of(context, promise, call).await?;
        hoped.push((call, later.map(|later| later.at.date)));
    }
    Ok((hoped, promises::today(context, &promise.owner).await?))
}

/// Returns the reminder of a promise as it reads now.
pub(super) async fn reminder_now(context: &Context, promise: &Promise) -> Result<Message, Failure> {
    let zone = zone_of(context, &promise.owner).await?;
    let day = |at: Instant| at.with_timezone(&zone).date_naive();
    let days = (day(context.now), day(promise.reminded_at.unwrap_or(context.now)));
    Ok(messages::reminder(promise, days))
}

/// Adds to a message whom an owner has asked for help with a promise.
pub(super) async fn with_helpers(
    context: &Context,
    promise: &Promise,
    message: Message,
) -> Result<Message, Failure> {
    let calls = store::calls(&context.store, &promise.id).await?;
    let (hoped, today) = hoped_for(context, promise, &calls).await?;
    Ok(match messages::help_hoped_for(&hoped, promise.origin.channel.as_ref(), today) {
        Some(line) => message.with_context(line),
        None => message,
    })
}
