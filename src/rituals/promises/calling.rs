//! Calls for help, to a person or in a channel: each says how the promise stands, as long as it is there.

use chrono::Duration;
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
        plan::Call,
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
    store::{runs::Run, unit::UnitOfWork},
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

/// Adds to a unit that a call for help says something else.
fn change_call(
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
    let key = call_key(&promise.id, call);
    let Some(helper) = &call.helper else {
        let Some(channel) = promise.origin.channel.clone() else { return Ok(None) };
        let origin = Origin::new(RITUAL, note(&Posted { help_for: promise.id.clone() })?);
        let (to, message) = (Target::Channel(channel), messages::help_wanted_here(promise));
        let keep = Keep::Until(context.now + Duration::days(KEEP_DAYS));
        let post = NewEffect::post(origin, key, to, message, context.now);
        context.enqueue(unit, &NewEffect { keep, ..post })?;
        return Ok(None);
    };
    let there = Owner::load(context, helper).await?;
    let at = there.next_at_work(context.now);
    if at <= context.now {
        let wanted = help_wanted(context, promise, &there).await?;
        context.enqueue(unit, &told(context, key, helper, wanted))?;
        return Ok(None);
    }
    put_call_run(unit, context, (&promise.id, call), (at, helper, &there));
    Ok(Some(asked_later(context, promise, (at, helper, &there)).await?))
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
    let Some(promise) = promise.filter(|promise| promise.state == PromiseState::Open) else {
        return Ok(Ran::skipped(messages::NOT_OPEN));
    };
    let is_it = |call: &Call| {
        call.helper.as_ref() == Some(helper) && call.at.timestamp_millis().to_string() == called_at
    };
    let Some(call) = store::calls(&context.store, id).await?.into_iter().find(is_it) else {
        return Ok(Ran::skipped(messages::CALLED_AGAIN));
    };
    let there = Owner::load(context, helper).await?;
    let mut unit = UnitOfWork::new();
    let of_owner = |what: &str| format!("{}/{what}", call_key(id, &call));
    if !there.can_be_asked() {
        let message = messages::help_not_asked(&promise, helper);
        context.enqueue_once(&mut unit, &told(context, of_owner("gone"), &promise.owner, message))?;
        return Ok(Ran::done(unit));
    }
    let next = there.next_at_work(context.now);
    if next > context.now {
        let later = asked_later(context, &promise, (next, helper, &there)).await?;
        let today = promises::today(context, &promise.owner).await?;
        let message = messages::help_delayed(&promise, &later, today);
        let key = of_owner(&format!("delayed/{}", next.timestamp_millis()));
        context.enqueue_once(&mut unit, &told(context, key, &promise.owner, message))?;
        return Ok(Ran::snoozed(unit, next, messages::HELPER_OUT));
    }
    store::stands(&mut unit, &context.team, &promise);
    store::calls_still(&mut unit, &context.team, &promise, &call);
    let wanted = help_wanted(context, &promise, &there).await?;
    context.enqueue_once(&mut unit, &told(context, call_key(id, &call), helper, wanted))?;
    let today = promises::today(context, &promise.owner).await?;
    if promise.reminder.is_empty() && promise.reminded_at.is_some() {
        let card = with_helpers(context, &promise, messages::reminder(&promise, today)).await?;
        change_newest(&mut unit, context, &promise, &card)?;
    }
    let asked = messages::help_asked_with(&promise, messages::help_asked(&call, None, None));
    change(&mut unit, context, &promise, &told_key(id, &call), &asked)?;
    Ok(Ran::done(unit))
}

async fn help_wanted(context: &Context, promise: &Promise, there: &Owner) -> Result<Message, Failure> {
    let zone = zone_of(context, &promise.owner).await?;
    let is_other = promise.due.is_some_and(|due| is_other_clock(&due, zone, there.zone, context.now));
    Ok(messages::help_wanted(promise, (there.today(context.now), is_other)))
}

async fn zone_of(context: &Context, user: &UserId) -> Result<Tz, Failure> {
    Ok(context.store.zone_of(user).await?.unwrap_or(context.zone))
}

/// Adds to a unit that the owners hear of it who hoped for help from a person who is gone.
pub(super) async fn helper_gone(
    unit: &mut UnitOfWork,
    context: &Context,
    helper: &UserId,
) -> Result<(), Failure> {
    for (id, call) in store::calls_to(&context.store, helper).await? {
        let Some(promise) = store::promise(&context.store, &id).await? else { continue };
        let message = messages::helper_left(&promise, helper);
        let key = format!("{}/left", call_key(&id, &call));
        context.enqueue_once(unit, &told(context, key, &promise.owner, message.clone()))?;
        change(unit, context, &promise, &told_key(&id, &call), &message)?;
        store::forget_helper(unit, &context.team, &promise, helper);
        if promise.reminded_at.is_some() {
            let today = promises::today(context, &promise.owner).await?;
            let mut calls = store::calls(&context.store, &id).await?;
            calls.retain(|other| other.helper != call.helper);
            let card = with_calls(&calls, &promise, messages::reminder(&promise, today));
            change_newest(unit, context, &promise, &card)?;
        }
    }
    Ok(())
}

/// Adds to a unit that the calls for help follow their promise: they are over with it, stand again with it, and say its date.
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
    for call in store::calls(&context.store, &before.id).await? {
        let message = match &call.helper {
            _ if !is_open(after) => messages::help_over(before),
            Some(helper) => help_wanted(context, after, &Owner::load(context, helper).await?).await?,
            None => messages::help_wanted_here(after),
        };
        change_call(unit, context, before, &call, message)?;
        let said = if is_open(after) {
            messages::help_asked_with(after, messages::help_asked(&call, after.origin.channel.as_ref(), None))
        } else {
            messages::help_was_asked(before, &call)
        };
        change(unit, context, before, &told_key(&before.id, &call), &said)?;
    }
    Ok(())
}

/// Adds to a message whom an owner has asked for help with a promise.
pub(super) async fn with_helpers(
    context: &Context,
    promise: &Promise,
    message: Message,
) -> Result<Message, Failure> {
    Ok(with_calls(&store::calls(&context.store, &promise.id).await?, promise, message))
}

fn with_calls(calls: &[Call], promise: &Promise, message: Message) -> Message {
    match messages::help_hoped_for(calls, promise.origin.channel.as_ref()) {
        Some(line) => message.with_context(line),
        None => message,
    }
}
