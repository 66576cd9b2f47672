//! People who were asked for help and whose account is off, and on again: the owner reads so, and the call stands again.

use chrono::Duration;

use super::{
    calling::{
        asked_keys, change_call, change_told, effect_of, later_of, left_key, reminder_now, with_helpers,
    },
    cards::{change, change_newest},
    messages,
};
use crate::{
    common::promises::{self, KEEP_DAYS, Owner, Promise, PromiseState, store, told},
    model::{effect::NewEffect, failure::Failure, people::UserId},
    ritual::Context,
    store::unit::UnitOfWork,
};

/// Adds to a unit that the owners hear of it who hoped for help from a person who is gone.
pub(super) async fn helper_gone(
    unit: &mut UnitOfWork,
    context: &Context,
    helper: &UserId,
) -> Result<(), Failure> {
    for (id, call) in store::calls_to(&context.store, helper).await? {
        let Some(promise) = store::promise(&context.store, &id).await? else { continue };
        if promise.state != PromiseState::Open {
            continue;
        }
        change_call(unit, context, &promise, &call, messages::help_was_wanted(&promise))?;
        let message = messages::helper_left(&promise, helper);
        for key in asked_keys(&id, &call) {
            change(unit, context, &promise, &key, &message)?;
        }
        // They may have left before and come back: then it's said in the same message.
        context.enqueue(unit, &told(context, left_key(&id, &call), &promise.owner, message))?;
        follow_with_card(unit, context, &promise).await?;
    }
    Ok(())
}

/// Adds to a unit that the calls for the help of a person who is back stand again, where they're still wanted. What wasn't sent before comes in
/// their hours.
pub(super) async fn helper_back(
    unit: &mut UnitOfWork,
    context: &Context,
    (helper, there): (&UserId, &Owner),
) -> Result<(), Failure> {
    for (id, call) in store::calls_to(&context.store, helper).await? {
        let Some(promise) = store::promise(&context.store, &id).await? else { continue };
        if promise.state != PromiseState::Open || context.now - call.at >= Duration::days(KEEP_DAYS) {
            continue;
        }
        store::stands(unit, &context.team, &promise);
        // What is planned asks them by itself.
        if let Some(effect) = effect_of(context, &promise, &call).await?.filter(|_| !call.is_planned) {
            let not_before = there.next_at_work(context.now);
            context.enqueue(unit, &NewEffect { not_before, ..effect })?;
        }
        let later = later_of(context, &promise, &call).await?;
        let today = promises::today(context, &promise.owner).await?;
        let asked = messages::help_asked(&call, None, later.as_ref().map(|later| (later, today)));
        change_told(unit, context, &promise, &call, &messages::help_asked_with(&promise, asked))?;
        change(unit, context, &promise, &left_key(&id, &call), &messages::helper_back(&promise, helper))?;
        follow_with_card(unit, context, &promise).await?;
    }
    Ok(())
}

/// Adds to a unit that the reminder of a promise says of whom its owner hopes for help now.
async fn follow_with_card(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
) -> Result<(), Failure> {
    if promise.reminded_at.is_none() {
        return Ok(());
    }
    let card = with_helpers(context, promise, reminder_now(context, promise).await?).await?;
    change_newest(unit, context, promise, &card)
}
