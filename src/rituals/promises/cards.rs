//! The message in an owner's DM about a promise, or about several of which they were reminded at once: it says how they stand.

use std::collections::BTreeMap;

use super::messages;
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

/// Adds to a unit that the message about a promise says something else: the question, or the reminder. One that reminds of others as
/// well says how each of them stands now, and `guard` refuses the unit if it was drawn anew meanwhile.
pub(super) async fn change_card(
    unit: &mut UnitOfWork,
    context: &Context,
    (before, after): (&Promise, &Promise),
    message: &Message,
    guard: &'static str,
) -> Result<(), Failure> {
    if before.state == PromiseState::Asked && after.state != PromiseState::Asked && !before.is_own() {
        for key in [asked_key(&before.id), delayed_key(&before.id)] {
            change_for_asker(unit, context, before, &key, messages::no_longer_asked(before, after.state))?;
        }
    }
    if before.state == PromiseState::Open && !before.is_own() {
        change_for_asker(unit, context, before, &late_key(before), messages::late_no_more(before, after))?;
    }
    change_first_answer(unit, context, before, message)?;
    change(unit, context, before, &still_wanted_key(&before.id, before.card), message)?;
    if !before.reminder.is_empty() {
        return draw_together(unit, context, std::slice::from_ref(after), guard).await;
    }
    let question = if before.nudged_at.is_some() {
        nudge_key(&before.id, before.card)
    } else {
        question_key(&before.id, before.card)
    };
    for key in [question, reminder_key(&before.id, before.card)] {
        change(unit, context, before, &key, message)?;
    }
    Ok(())
}

/// Adds to a unit that the first answer to a question says how the promise stands, where a reminder has been sent since. The buttons are
/// below the newer message.
pub(super) fn change_first_answer(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    message: &Message,
) -> Result<(), Failure> {
    let said = message.without_controls();
    let own = promise.is_own().then(|| asked_key(&promise.id));
    let asked = (promise.asked_in != promise.card)
        .then(|| [question_key(&promise.id, promise.asked_in), nudge_key(&promise.id, promise.asked_in)]);
    for key in own.into_iter().chain(asked.into_iter().flatten()) {
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
    let found = store::reminded_together(&context.store, &first.reminder).await?;
    let Some((drawn, mut all)) = found else { return Ok(()) };
    for promise in &mut all {
        if let Some(now) = now.iter().find(|now| now.id == promise.id) {
            promise.clone_from(now);
        }
    }
    store::draw(unit, guard, &context.team, &first.reminder, drawn);
    let owner = Owner::load(context, &first.owner).await?;
    let message = messages::reminders(&all, (context.now, owner.zone));
    change(unit, context, first, &together_key(&first.reminder), &message)
}

/// Adds to a unit that the messages that reminded of these promises before say that they were moved, and not when they'd be reminded:
/// they are now.
pub(super) async fn leave_together(
    unit: &mut UnitOfWork,
    context: &Context,
    promises: &[Promise],
) -> Result<(), Failure> {
    let mut left: BTreeMap<&str, Vec<Promise>> = BTreeMap::new();
    for promise in promises.iter().filter(|promise| !promise.reminder.is_empty()) {
        left.entry(&promise.reminder).or_default().push(Promise { remind_at: None, ..promise.clone() });
    }
    for promises in left.values() {
        draw_together(unit, context, promises, OUTDATED).await?;
    }
    Ok(())
}
