//! A person's clock is another one: what they promised by a time is due at another time for those who asked for it.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::{
    messages,
    telling::{has_reader, say_anew},
};
use crate::{
    common::promises::{MOST_OPEN, Owner, Promise, PromiseState, owner::is_other_clock, store, told},
    model::{failure::Failure, people::UserId},
    ritual::Context,
    store::unit::UnitOfWork,
};

/// Adds to a unit that those who asked a person for something by a time hear when it is due now, and that what they heard before says so.
/// Those whose account is off hear it once it's on again. `was` is the zone before; `subject` tells one change from another.
pub(super) async fn tell_of_zone(
    unit: &mut UnitOfWork,
    context: &Context,
    (user, owner): (&UserId, &Owner),
    (was, subject): (Tz, &str),
) -> Result<(), Failure> {
    let mut pending = store::pending_of(&context.store, user, ("", ""), MOST_OPEN).await?;
    pending.retain(|promise| {
        is_timed(promise) && promise.due.is_some_and(|due| is_other_clock(&due, owner.zone, was, context.now))
    });
    let mut of_askers: BTreeMap<&UserId, Vec<&Promise>> = BTreeMap::new();
    for promise in pending.iter().filter(|promise| !promise.is_own() && !promise.asker.is_pseudonym()) {
        if has_reader(context, promise).await? {
            of_askers.entry(&promise.asker).or_default().push(promise);
        } else {
            store::stands(unit, &context.team, promise);
            store::not_heard(unit, &context.team, promise, context.now);
        }
    }
    for (asker, promises) in of_askers {
        put_other_times(unit, context, (asker, subject), &promises).await?;
    }
    Ok(())
}

/// Adds to a unit that an asker reads of promises that are due at another time on their clock, since their owners' zones have changed.
pub(super) async fn put_other_times(
    unit: &mut UnitOfWork,
    context: &Context,
    (asker, subject): (&UserId, &str),
    promises: &[&Promise],
) -> Result<(), Failure> {
    let there = Owner::load(context, asker).await?;
    let mut of_owners: BTreeMap<&UserId, Vec<(&Promise, bool)>> = BTreeMap::new();
    for &promise in promises {
        store::stands(unit, &context.team, promise);
        say_anew(unit, context, promise).await?;
        let owner = Owner::load(context, &promise.owner).await?;
        let is_other =
            promise.due.is_some_and(|due| is_other_clock(&due, owner.zone, there.zone, context.now));
        of_owners.entry(&promise.owner).or_default().push((promise, is_other));
    }
    for (owner, lines) in of_owners {
        let message = messages::on_another_clock(owner, &lines, there.today(context.now));
        let key = format!("promises/zone/{subject}/{owner}/{asker}");
        context.enqueue_once(unit, &told(context, key, asker, message))?;
    }
    Ok(())
}

/// Adds to a unit that what a person heard of promises by a time says whose time it is, since their own zone has changed.
pub(super) async fn follow_asker(
    unit: &mut UnitOfWork,
    context: &Context,
    asker: &UserId,
) -> Result<(), Failure> {
    let requests = store::asked_by(&context.store, asker, ("", ""), MOST_OPEN).await?;
    for promise in requests.iter().filter(|promise| is_timed(promise)) {
        store::stands(unit, &context.team, promise);
        say_anew(unit, context, promise).await?;
    }
    Ok(())
}

fn is_timed(promise: &Promise) -> bool {
    promise.state == PromiseState::Open && promise.due.is_some_and(|due| due.time.is_some())
}
