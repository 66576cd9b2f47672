//! Calls for help, to a person or in a channel: each says how the promise stands, as long as it is there.

use super::messages;
use crate::{
    common::promises::{
        self, Promise, PromiseState,
        store::{self, Call},
    },
    model::{
        effect::{Effect, Target},
        failure::Failure,
        message::Message,
    },
    ritual::Context,
    store::unit::UnitOfWork,
};

/// Returns the outbox key of a call for help.
pub(super) fn call_key(id: &str, call: &Call) -> String {
    let helper = call.helper.as_ref().map(|helper| format!("/{helper}")).unwrap_or_default();
    format!("promises/help/{id}/{}{helper}", call.at.timestamp_millis())
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

/// Adds a new call to a unit. An earlier one to the same person, or in the channel, says that the owner has asked again.
pub(super) async fn put_call(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    call: &Call,
) -> Result<(), Failure> {
    let calls = store::calls(&context.store, &promise.id).await?;
    for earlier in calls.iter().filter(|earlier| earlier.helper == call.helper) {
        change_call(unit, context, promise, earlier, messages::help_wanted_again(promise))?;
    }
    store::put_call(unit, &context.team, promise, call);
    Ok(())
}

/// Adds to a unit that the calls for help follow their promise: they are over with it, and stand again with it.
pub(super) async fn follow_with_call(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<(), Failure> {
    let is_open = |promise: &Promise| promise.state == PromiseState::Open;
    if is_open(before) == is_open(after) {
        return Ok(());
    }
    for call in store::calls(&context.store, &before.id).await? {
        let message = match &call.helper {
            _ if is_open(before) => messages::help_over(before),
            Some(helper) => messages::help_wanted(after, promises::today(context, helper).await?),
            None => messages::help_wanted_here(after),
        };
        change_call(unit, context, before, &call, message)?;
    }
    Ok(())
}
