//! The message in an owner's DM about a promise, or about several of which they were reminded at once: it says how they stand.

use super::messages;
use crate::{
    common::promises::{Owner, Promise, question_key, store},
    model::{
        effect::{Effect, Target},
        failure::Failure,
        message::Message,
    },
    ritual::Context,
    store::unit::UnitOfWork,
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

/// Adds to a unit that the message about a promise says something else: the question, or the reminder. One that reminds of others as
/// well says how each of them stands now, and `guard` refuses the unit if it shows something newer.
pub(super) async fn change_card(
    unit: &mut UnitOfWork,
    context: &Context,
    (before, after): (&Promise, &Promise),
    message: &Message,
    guard: &'static str,
) -> Result<(), Failure> {
    if !before.reminder.is_empty() {
        return draw_together(unit, context, after, guard).await;
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

async fn draw_together(
    unit: &mut UnitOfWork,
    context: &Context,
    after: &Promise,
    guard: &'static str,
) -> Result<(), Failure> {
    let mut all = store::reminded_together(&context.store, &after.reminder).await?;
    for promise in &mut all {
        if promise.id == after.id {
            promise.clone_from(after);
        }
    }
    store::draw(unit, guard, &context.team, &after.reminder, &all);
    let owner = Owner::load(context, &after.owner).await?;
    let message = messages::reminders(&all, (owner.today(context.now), owner.zone));
    change(unit, context, after, &together_key(&after.reminder), &message)
}
