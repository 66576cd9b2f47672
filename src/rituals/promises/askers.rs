//! People who asked for promises and whose account is off, and on again: the owners of these read so.

use std::collections::BTreeSet;

use super::messages;
use crate::{
    common::promises::{MOST_OPEN, Owner, Promise, put_run_of, store, told},
    model::{
        effect::{Effect, Target},
        failure::Failure,
        owner::Owner as Holder,
        people::UserId,
    },
    ritual::{Context, Ran},
    store::{runs::Run, unit::UnitOfWork},
};

/// The kind of the run that tells an owner.
pub(super) const ASKER_GONE: &str = "asker_gone";

/// Adds to a unit that the owners of what a person who is gone asked for are told so in their hours. `subject` tells one time from another.
pub(super) async fn asker_gone(
    unit: &mut UnitOfWork,
    context: &Context,
    (asker, subject): (&UserId, &str),
) -> Result<(), Failure> {
    let requests = store::asked_by(&context.store, asker, ("", ""), MOST_OPEN).await?;
    let mut planned = BTreeSet::new();
    for promise in requests.iter().filter(|promise| promise.is_pending()) {
        if planned.insert(&promise.owner) {
            let owner = Owner::load(context, &promise.owner).await?;
            let subject = format!("{}/{subject}", promise.id);
            let at = owner.next_at_work(context.now);
            put_run_of(unit, context, ASKER_GONE, (&promise.owner, &subject), (at, &owner));
        }
    }
    Ok(())
}

/// Tells an owner that a person has left who asked them for something: once, for all of it.
pub(super) async fn tell_owner_of_asker(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let Holder::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let id = run.subject.split_once('/').map_or(run.subject.as_str(), |(id, _)| id);
    let Some(promise) = store::promise(&context.store, id).await? else {
        return Ok(Ran::skipped(messages::NOT_OPEN));
    };
    let owner = Owner::load(context, user).await?;
    let mut pending = store::pending_of(&context.store, user, ("", ""), MOST_OPEN).await?;
    pending.retain(|other| other.asker == promise.asker && other.is_asker_gone);
    if !owner.can_be_asked() || pending.is_empty() {
        return Ok(Ran::skipped(messages::ASKER_BACK));
    }
    let mut unit = UnitOfWork::new();
    let next = owner.next_at_work(context.now);
    if next > context.now {
        return Ok(Ran::snoozed(unit, next, messages::OUT_OF_HOURS));
    }
    let message = messages::asker_left(&promise.asker, &pending.iter().collect::<Vec<_>>());
    // They may have left before and come back: then it's said in the same message.
    context.enqueue(&mut unit, &told(context, left_key(&promise.asker, user), user, message))?;
    Ok(Ran::done(unit))
}

/// Adds to a unit that these messages say that the person is back. `unheard` is what changed meanwhile.
pub(super) async fn asker_back(
    unit: &mut UnitOfWork,
    context: &Context,
    asker: &UserId,
    unheard: &[Promise],
) -> Result<(), Failure> {
    let requests = store::asked_by(&context.store, asker, ("", ""), MOST_OPEN).await?;
    let owners: BTreeSet<&UserId> = requests.iter().chain(unheard).map(|promise| &promise.owner).collect();
    for owner in owners {
        let theirs: Vec<&Promise> =
            requests.iter().filter(|promise| promise.is_pending() && promise.owner == *owner).collect();
        let message = messages::asker_back(asker, &theirs);
        let effect = Effect::Post { to: Target::Person(owner.clone()), message };
        context.amend(unit, &left_key(asker, owner), &effect)?;
    }
    Ok(())
}

/// Returns the outbox key of the message with which an owner reads that an asker has left.
fn left_key(asker: &UserId, owner: &UserId) -> String {
    format!("promises/asker_left/{owner}/{asker}")
}
