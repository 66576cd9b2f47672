//! Promises whose owner is gone: they go back where they are from, and those who asked for them hear it.

use std::collections::BTreeMap;

use super::{
    askers::asker_gone,
    calling::follow_with_call,
    cards::{change_alone, redraw_together},
    helpers::helper_gone,
    messages,
    telling::{end_heard, has_reader, tell_asker},
};
use crate::{
    common::promises::{MOST_OPEN, Promise, PromiseState, of_run, store, told},
    model::{failure::Failure, owner, people::UserId},
    ritual::{Context, Ran},
    store::{runs::Run, unit::UnitOfWork},
};

/// How many promises of a person who is gone one run gives back; the next attempt goes on.
const AT_A_TIME: i64 = 20;

/// Gives back the promises of a person who is gone, some at a time.
pub(super) async fn give_back(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let owner::Owner::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let is_gone = context.store.person(user).await?.is_none_or(|person| person.deactivated);
    if !is_gone {
        return Ok(Ran::done(UnitOfWork::new()));
    }
    let mut unit = UnitOfWork::new();
    helper_gone(&mut unit, context, user).await?;
    asker_gone(&mut unit, context, (user, &run.subject)).await?;
    let promises = store::pending_of(&context.store, user, ("", ""), AT_A_TIME).await?;
    if promises.is_empty() {
        return Ok(Ran::done(unit));
    }
    let mut of_askers: BTreeMap<&UserId, Vec<&Promise>> = BTreeMap::new();
    redraw_together(&mut unit, context, promises.iter().map(|promise| gone_from(promise, context))).await?;
    for promise in &promises {
        return_one(&mut unit, context, promise).await?;
        of_askers.entry(&promise.asker).or_default().push(promise);
    }
    for promises in of_askers.values() {
        tell_of_returned(&mut unit, context, promises).await?;
    }
    // A snoozed run's unit is refused as a whole if one of them has changed, and is tried again.
    Ok(Ran::snoozed(unit, context.now, messages::NO_OWNER))
}

pub(super) async fn give_one_back(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
) -> Result<(), Failure> {
    redraw_together(unit, context, std::iter::once(gone_from(promise, context))).await?;
    return_one(unit, context, promise).await?;
    tell_of_returned(unit, context, &[promise]).await
}

/// Returns a promise as the message of the owner who is gone shows it, who may come back.
fn gone_from(promise: &Promise, context: &Context) -> Promise {
    let returned = promise.then(PromiseState::Returned, context.now);
    Promise { reminder: promise.reminder.clone(), ..returned }
}

async fn return_one(unit: &mut UnitOfWork, context: &Context, promise: &Promise) -> Result<(), Failure> {
    let returned = promise.then(PromiseState::Returned, context.now);
    store::change_in_run(unit, &context.team, promise, &returned);
    let today = context.now.with_timezone(&context.zone).date_naive();
    let card = messages::card(promise, &returned, today, (None, false));
    change_alone(unit, context, (promise, &returned), &card).await?;
    follow_with_call(unit, context, promise, &returned).await
}

/// Adds to a unit that the asker of promises hears that they have no owner any more: several are one message.
async fn tell_of_returned(
    unit: &mut UnitOfWork,
    context: &Context,
    promises: &[&Promise],
) -> Result<(), Failure> {
    match promises {
        [] => Ok(()),
        [only] => {
            let returned = only.then(PromiseState::Returned, context.now);
            tell_asker(unit, context, only, &returned).await.map(drop)
        }
        [first, ..] => put_returned(unit, context, (first, promises)).await,
    }
}

async fn put_returned(
    unit: &mut UnitOfWork,
    context: &Context,
    (first, promises): (&Promise, &[&Promise]),
) -> Result<(), Failure> {
    if !has_reader(context, first).await? {
        for promise in promises.iter().filter(|promise| !promise.is_own()) {
            let returned = promise.then(PromiseState::Returned, context.now);
            store::not_heard(unit, &context.team, &returned, context.now);
        }
        return Ok(());
    }
    let key = format!("promises/returned/{}/{}", first.id, first.version);
    let message = messages::several_returned(promises);
    Ok(context.enqueue_once(unit, &told(context, key, &first.asker, message))?)
}

/// Tells an asker that the owner of a promise of theirs was erased.
pub(super) async fn tell_of_return(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(|promise| promise.state == PromiseState::Returned);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    let mut unit = UnitOfWork::new();
    let mut all = store::asked_by(&context.store, &promise.asker, ("", ""), MOST_OPEN).await?;
    all.retain(|other| other.state == PromiseState::Returned && other.owner == promise.owner);
    all.sort_by(|one, other| one.id.cmp(&other.id));
    let all: Vec<&Promise> = all.iter().collect();
    if promise.promised_at.is_some() {
        let before = Promise { version: promise.version - 1, state: PromiseState::Open, ..promise.clone() };
        end_heard(&mut unit, context, &before, &promise).await?;
    }
    match all[..] {
        // The run of the first one tells of all.
        [first, _, ..] if first.id != promise.id => {
            return Ok(Ran { unit, ..Ran::skipped(messages::REMINDED) });
        }
        [first, _, ..] => put_returned(&mut unit, context, (first, &all)).await?,
        _ => drop(tell_asker(&mut unit, context, &promise, &promise).await?),
    }
    Ok(Ran::done(unit))
}
