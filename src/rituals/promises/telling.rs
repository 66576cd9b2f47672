//! What the asker of a promise hears of it, and its owner, as far as they can read it.

use chrono::NaiveDate;

use super::messages;
use crate::{
    common::promises::{Owner, Promise, PromiseState, owner::is_other_clock, store, told},
    model::{
        clock::Instant,
        effect::{Effect, NewEffect, Target},
        failure::Failure,
        message::Message,
    },
    ritual::Context,
    store::unit::UnitOfWork,
};

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
    if !has_reader(context, promise).await? {
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

/// Whether a promise has an asker who is another person and can read of it.
pub(super) async fn has_reader(context: &Context, promise: &Promise) -> Result<bool, Failure> {
    let asker = &promise.asker;
    if promise.is_own() || asker.is_pseudonym() {
        return Ok(false);
    }
    Ok(context.store.person(asker).await?.is_none_or(|person| !person.deactivated))
}

/// Returns the asker's date, and whether their clock shows another time than the owner's when a promise is due.
async fn as_asker_sees(context: &Context, promise: &Promise) -> Result<(NaiveDate, bool), Failure> {
    let asker = context.store.zone_of(&promise.asker).await?.unwrap_or(context.zone);
    let owner = context.store.zone_of(&promise.owner).await?.unwrap_or(context.zone);
    let is_other = promise.due.is_some_and(|due| is_other_clock(&due, owner, asker, context.now));
    Ok((context.now.with_timezone(&asker).date_naive(), is_other))
}

/// Adds to a unit that the asker hears how a promise stands now, if they can, and returns whether they do. If their account is off, they
/// hear it once it's on again.
pub(super) async fn tell_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<bool, Failure> {
    if !has_reader(context, before).await? {
        if !before.is_own() && !before.asker.is_pseudonym() {
            store::not_heard(unit, &context.team, after, context.now);
        }
        return Ok(false);
    }
    let heard = messages::heard(before, after, as_asker_sees(context, after).await?);
    let is_told = heard.is_some();
    if let Some(message) = heard {
        let key = heard_key(&after.id, after.version);
        // It stays the asker's if the owner, whose press it follows, is erased: then it has to be changed.
        let heard = told(context, key, &before.asker, message).caused_by(&before.asker);
        context.enqueue_once(unit, &heard)?;
    }
    Ok(is_told)
}

/// Adds to a unit that the message with which an asker heard that something is promised says it on their clock as it is now.
pub(super) async fn say_anew(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
) -> Result<(), Failure> {
    match say_now(context, promise).await? {
        Some(message) => change_heard(unit, context, promise, &message),
        None => Ok(()),
    }
}

/// Returns what an asker hears of how a promise stands, as if it were new to them.
pub(super) async fn say_now(context: &Context, promise: &Promise) -> Result<Option<Message>, Failure> {
    let was = if promise.moves > 0 { PromiseState::Open } else { PromiseState::Asked };
    let before = Promise { state: was, ..promise.clone() };
    Ok(messages::heard(&before, promise, as_asker_sees(context, promise).await?))
}

/// Adds to a unit that the message with which an asker last heard of a promise says it as past, now that it stands otherwise.
pub(super) async fn end_heard(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<(), Failure> {
    if before.is_own() || before.state == PromiseState::Asked || before.version == after.version {
        return Ok(());
    }
    let seen = as_asker_sees(context, before).await?;
    change_heard(unit, context, before, &messages::heard_before(before, after, seen))
}

/// Returns the outbox key of the message with which an asker hears of a version of a promise.
pub(super) fn heard_key(id: &str, version: i64) -> String {
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
