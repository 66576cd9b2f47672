//! A person whose account was off is back: they hear what went back meanwhile, and can take it on again.

use super::{cards::change, messages};
use crate::{
    common::promises::{Owner, Promise, store, told},
    model::{failure::Failure, owner::Owner as Holder},
    ritual::{Context, Ran},
    store::{runs::Run, unit::UnitOfWork},
};

/// Of how many promises they hear; what others asked of them is on the lists of its channels, too.
const MOST: i64 = 20;

/// Tells a person in their hours what they had promised or were asked for, and what no one has taken on since: once.
pub(super) async fn tell(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let Holder::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let owner = Owner::load(context, user).await?;
    let lost = store::lost_by(&context.store, user, MOST).await?;
    let mut unit = UnitOfWork::new();
    if !owner.can_be_asked() || lost.is_empty() {
        return Ok(Ran::done(unit));
    }
    let next = owner.next_at_work(context.now);
    if next > context.now {
        return Ok(Ran::snoozed(unit, next, messages::OUT_OF_HOURS));
    }
    let today = owner.today(context.now);
    for promise in &lost {
        store::tell_lost(&mut unit, &context.team, promise, context.now);
        let message = messages::lost_meanwhile(promise, today);
        context.enqueue_once(&mut unit, &told(context, lost_key(promise), user, message))?;
    }
    Ok(Ran::done(unit))
}

/// Adds to a unit that the message with which they heard of it says what became of it.
pub(super) fn change_lost(
    unit: &mut UnitOfWork,
    context: &Context,
    before: &Promise,
    after: &Promise,
) -> Result<(), Failure> {
    change(unit, context, before, &lost_key(before), &messages::lost_no_more(before, after))
}

fn lost_key(promise: &Promise) -> String {
    format!("promises/lost/{}/{}", promise.id, promise.version)
}
