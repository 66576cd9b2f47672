//! What the asker of a promise hears of it, and its owner, as far as they can read it.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::messages;
use crate::{
    common::promises::{Owner, Promise, owner::is_other_clock, told},
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
pub(super) async fn zone_of_asker(context: &Context, promise: &Promise) -> Result<Option<Tz>, Failure> {
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

/// Whether a promise has an asker who is another person and can read of it.
pub(super) async fn has_reader(context: &Context, promise: &Promise) -> Result<bool, Failure> {
    Ok(zone_of_asker(context, promise).await?.is_some())
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
