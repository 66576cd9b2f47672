//! A call for help in a channel: it says how the promise stands, as long as it is there.

use super::messages;
use crate::{
    common::promises::{Promise, PromiseState, store},
    model::{
        clock::Instant,
        effect::{Effect, Target},
        failure::Failure,
        message::Message,
    },
    ritual::Context,
    store::unit::UnitOfWork,
};

/// Returns the outbox key of a call for help in the channel.
pub(super) fn call_key(id: &str, at: Instant) -> String {
    format!("promises/help/{id}/{}", at.timestamp_millis())
}

/// Adds to a unit that the last call for help in the channel says something else, if there was one.
pub(super) async fn change_call(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    message: Message,
) -> Result<(), Failure> {
    let Some(channel) = &promise.origin.channel else { return Ok(()) };
    let Some(at) = store::called_at(&context.store, &promise.id).await? else { return Ok(()) };
    let effect = Effect::Post { to: Target::Channel(channel.clone()), message };
    Ok(context.amend(unit, &call_key(&promise.id, at), &effect)?)
}

/// Adds to a unit that the call for help in the channel follows its promise: it is over with it, and stands again with it.
pub(super) async fn follow_with_call(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<(), Failure> {
    match (before.state, after.state) {
        (PromiseState::Open, PromiseState::Open) => Ok(()),
        (PromiseState::Open, _) => change_call(unit, context, before, messages::help_over(before)).await,
        (_, PromiseState::Open) => change_call(unit, context, after, messages::help_wanted_here(after)).await,
        _ => Ok(()),
    }
}
