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
/// `was` is the zone before; `subject` tells one change from another.
pub(super) async fn tell_of_zone(
    unit: &mut UnitOfWork,
    context: &Context,
    (user, owner): (&UserId, &Owner),
    (was, subject): (Tz, &str),
) -> Result<(), Failure> {
    let mut pending = store::pending_of(&context.store, user, ("", ""), MOST_OPEN).await?;
    pending.retain(|promise| {
        let timed = promise.due.filter(|due| due.time.is_some() && promise.state == PromiseState::Open);
        timed.is_some_and(|due| is_other_clock(&due, owner.zone, was, context.now))
    });
    let mut of_askers: BTreeMap<&UserId, Vec<&Promise>> = BTreeMap::new();
    for promise in &pending {
        if has_reader(context, promise).await? {
            store::stands(unit, &context.team, promise);
            say_anew(unit, context, promise).await?;
            of_askers.entry(&promise.asker).or_default().push(promise);
        }
    }
    for (asker, promises) in of_askers {
        let there = Owner::load(context, asker).await?;
        let is_other = |promise: &Promise| {
            promise.due.is_some_and(|due| is_other_clock(&due, owner.zone, there.zone, context.now))
        };
        let lines: Vec<(&Promise, bool)> =
            promises.into_iter().map(|promise| (promise, is_other(promise))).collect();
        let message = messages::on_another_clock(user, &lines, there.today(context.now));
        let key = format!("promises/zone/{subject}/{asker}");
        context.enqueue_once(unit, &told(context, key, asker, message))?;
    }
    Ok(())
}
