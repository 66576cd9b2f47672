//! The message in an owner's DM about a promise, or about several of which they were reminded at once: it says how they stand.

use std::collections::BTreeMap;

use super::{
    messages,
    telling::{end_heard, heard_key},
};
use crate::{
    common::promises::{Owner, Promise, PromiseState, question_key, store},
    model::{
        effect::{Effect, Target},
        failure::Failure,
        message::Message,
    },
    ritual::Context,
    store::{runs::OUTDATED, unit::UnitOfWork},
};

/// How many versions back the reminders of a promise follow how it stands, the newest first.
const MOST_OLDER: usize = 30;

/// Returns the outbox key of the reminder of a version of a promise.
pub(super) fn reminder_key(id: &str, version: i64) -> String {
    format!("promises/reminded/{id}/{version}")
}

/// Returns the outbox key of a message that reminds of several promises.
pub(super) fn together_key(id: &str) -> String {
    format!("promises/reminded_together/{id}")
}

/// Returns the outbox key of the second question about a version of a promise.
pub(super) fn nudge_key(id: &str, version: i64) -> String {
    format!("promises/nudged/{id}/{version}")
}

/// Returns the outbox key of the question whether a promise is still wanted, for the version of the newest message about it.
pub(super) fn still_wanted_key(id: &str, card: i64) -> String {
    format!("promises/still_wanted/{id}/{card}")
}

/// Returns the outbox key of the message with which an asker reads by DM that a person is asked.
pub(super) fn asked_key(id: &str) -> String {
    format!("promises/made/{id}")
}

/// Returns the outbox key of the message with which an asker reads that a person isn't asked yet.
pub(super) fn delayed_key(id: &str) -> String {
    format!("promises/delayed/{id}")
}

/// Returns the outbox key of the message with which an asker heard that the owner before couldn't do it: it says now whom they asked in
/// their place, or that they do it themselves.
fn handed_key(promise: &Promise) -> String {
    heard_key(&promise.id, promise.asked_in - 1)
}

/// Returns the outbox key of the message with which an asker reads that the reminder of a version of a promise comes late.
pub(super) fn late_key(promise: &Promise) -> String {
    format!("promises/late/{}/{}", promise.id, promise.version)
}

/// Adds to a unit that a message to the asker of a promise says something else.
pub(super) fn change_for_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    key: &str,
    message: Message,
) -> Result<(), Failure> {
    let effect = Effect::Post { to: Target::Person(promise.asker.clone()), message };
    Ok(context.amend(unit, key, &effect)?)
}

/// Whether the message about a promise can be changed by its key.
pub(super) async fn is_kept(context: &Context, promise: &Promise) -> Result<bool, Failure> {
    let (id, card) = (promise.id.as_str(), promise.card);
    let alone =
        [reminder_key(id, card), question_key(id, card), nudge_key(id, card), still_wanted_key(id, card)];
    for key in alone.into_iter().chain([together_key(&promise.reminder)]) {
        if context.store.posted(&key).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Adds to a unit that the message about a promise says something else: the question, or the reminder. One that reminds of others as
/// well says how each of them stands now, and `guard` refuses the unit if it was drawn anew meanwhile.
pub(super) async fn change_card(
    unit: &mut UnitOfWork,
    context: &Context,
    (before, after): (&Promise, &Promise),
    message: &Message,
    guard: &'static str,
) -> Result<(), Failure> {
    change_alone(unit, context, (before, after), message).await?;
    if before.reminder.is_empty() {
        return Ok(());
    }
    draw_together(unit, context, std::slice::from_ref(after), guard).await
}

/// The same without the message that reminds of others as well.
pub(super) async fn change_alone(
    unit: &mut UnitOfWork,
    context: &Context,
    (before, after): (&Promise, &Promise),
    message: &Message,
) -> Result<(), Failure> {
    if before.state == PromiseState::Asked && after.state != PromiseState::Asked && !before.is_own() {
        for key in [asked_key(&before.id), delayed_key(&before.id), handed_key(before)] {
            change_for_asker(unit, context, before, &key, messages::no_longer_asked(before, after.state))?;
        }
    }
    if before.state == PromiseState::Open && !before.is_own() {
        change_for_asker(unit, context, before, &late_key(before), messages::late_no_more(before, after))?;
    }
    end_heard(unit, context, before, after).await?;
    change_older(unit, context, before, message).await?;
    change(unit, context, before, &still_wanted_key(&before.id, before.card), message)?;
    change_newest(unit, context, before, message)
}

/// Adds to a unit that the newest message about a promise says something else, unless it reminds of others as well. Older ones stay as they
/// are.
pub(super) fn change_newest(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    message: &Message,
) -> Result<(), Failure> {
    if !promise.reminder.is_empty() {
        return Ok(());
    }
    for key in newest_keys(promise) {
        change(unit, context, promise, &key, message)?;
    }
    Ok(())
}

/// Returns the outbox keys that the newest message about a promise alone may have.
fn newest_keys(promise: &Promise) -> [String; 2] {
    let (id, card) = (&promise.id, promise.card);
    let question = if promise.nudged_at.is_some() { nudge_key(id, card) } else { question_key(id, card) };
    [question, reminder_key(id, card)]
}

/// Adds to a unit that the answer to a question, and those to the reminders before the newest, say how the promise stands. The buttons are
/// below the newest message. A question that was asked again has no answer of its own.
pub(super) async fn change_older(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    message: &Message,
) -> Result<(), Failure> {
    let (id, said) = (promise.id.as_str(), message.without_controls());
    let mut keys: Vec<String> =
        if promise.is_own() { vec![asked_key(id), handed_key(promise)] } else { Vec::new() };
    if promise.asked_in != promise.card {
        let nudge = nudge_key(id, promise.asked_in);
        let is_nudged = context.store.posted(&nudge).await?.is_some();
        keys.push(if is_nudged { nudge } else { question_key(id, promise.asked_in) });
    }
    for card in (promise.asked_in..promise.card).rev().take(MOST_OLDER) {
        keys.extend([reminder_key(id, card), still_wanted_key(id, card)]);
    }
    for key in keys {
        change(unit, context, promise, &key, &said)?;
    }
    Ok(())
}

/// Adds to a unit that a message to the owner of a promise says something else.
pub(super) fn change(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    key: &str,
    message: &Message,
) -> Result<(), Failure> {
    let effect = Effect::Post { to: Target::Person(promise.owner.clone()), message: message.clone() };
    Ok(context.amend(unit, key, &effect)?)
}

/// Draws the message anew that reminded of promises together. These of them stand so now, and all have it as their reminder.
async fn draw_together(
    unit: &mut UnitOfWork,
    context: &Context,
    now: &[Promise],
    guard: &'static str,
) -> Result<(), Failure> {
    let Some(first) = now.first() else { return Ok(()) };
    let Some((drawn, message)) = together_now(context, now).await? else { return Ok(()) };
    store::draw(unit, guard, &context.team, &first.reminder, drawn);
    change(unit, context, first, &together_key(&first.reminder), &message)
}

/// Returns how often the message was drawn that reminded of promises together, and how it reads. These of them stand so now, and all have it as
/// their reminder.
pub(super) async fn together_now(
    context: &Context,
    now: &[Promise],
) -> Result<Option<(i64, Message)>, Failure> {
    let Some(first) = now.first() else { return Ok(None) };
    let found = store::reminded_together(&context.store, &first.reminder).await?;
    let Some((drawn, mut all)) = found else { return Ok(None) };
    for promise in &mut all {
        if let Some(now) = now.iter().find(|now| now.id == promise.id) {
            promise.clone_from(now);
        }
    }
    let owner = Owner::load(context, &first.owner).await?;
    Ok(Some((drawn, messages::reminders(&all, (context.now, owner.zone)))))
}

/// Adds to a unit that the messages that reminded of these promises before say that they were moved, and not when they'd be reminded:
/// they are now.
pub(super) async fn leave_together(
    unit: &mut UnitOfWork,
    context: &Context,
    promises: &[Promise],
) -> Result<(), Failure> {
    let left = promises.iter().map(|promise| Promise { remind_at: None, ..promise.clone() });
    redraw_together(unit, context, left).await
}

/// Adds to a unit of a run that the messages that reminded of these promises, among others, say that they stand so now.
pub(super) async fn redraw_together(
    unit: &mut UnitOfWork,
    context: &Context,
    promises: impl Iterator<Item = Promise>,
) -> Result<(), Failure> {
    let mut messages: BTreeMap<String, Vec<Promise>> = BTreeMap::new();
    for promise in promises.filter(|promise| !promise.reminder.is_empty()) {
        messages.entry(promise.reminder.clone()).or_default().push(promise);
    }
    for promises in messages.values() {
        draw_together(unit, context, promises, OUTDATED).await?;
    }
    Ok(())
}
