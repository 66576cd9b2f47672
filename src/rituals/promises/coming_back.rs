//! A person whose account was off is back: they hear what went back meanwhile, and can take it on again, and what became of what they had
//! asked for.

use super::{
    askers::asker_back,
    cards::change,
    helpers::helper_back,
    messages,
    telling::{heard_key, say_now},
    zones::put_other_times,
};
use crate::{
    common::promises::{MOST_OPEN, Owner, Promise, store, told},
    model::{failure::Failure, owner::Owner as Holder, people::UserId},
    ritual::{Context, Ran},
    store::{runs::Run, unit::UnitOfWork},
};

/// How many of what they lost, and of the changes of what they asked for, have a message of their own.
const MOST_LOST_ALONE: usize = 3;
const MOST_MESSAGES: usize = 5;

/// Tells a person in their hours what they had promised or were asked for and no one has taken on since, and what changed of what they had
/// asked for: once.
pub(super) async fn tell(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let Holder::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let owner = Owner::load(context, user).await?;
    let lost = store::lost_by(&context.store, user, MOST_OPEN).await?;
    let unheard = store::unheard_by(&context.store, user, MOST_OPEN).await?;
    let mut unit = UnitOfWork::new();
    if !owner.can_be_asked() {
        return Ok(Ran::done(unit));
    }
    helper_back(&mut unit, context, (user, &owner)).await?;
    asker_back(&mut unit, context, user, &unheard).await?;
    if lost.is_empty() && unheard.is_empty() {
        return Ok(Ran::done(unit));
    }
    let next = owner.next_at_work(context.now);
    if next > context.now {
        return Ok(Ran::snoozed(unit, next, messages::OUT_OF_HOURS));
    }
    match &lost[..] {
        few if few.len() <= MOST_LOST_ALONE => {
            for promise in few {
                store::tell_lost(&mut unit, &context.team, promise, context.now);
                let message = messages::lost_meanwhile(promise, owner.today(context.now));
                context.enqueue_once(&mut unit, &told(context, lost_key(promise), user, message))?;
            }
        }
        several => {
            store::tell_all_lost(&mut unit, &context.team, user, context.now);
            let key = format!("promises/all_lost/{}", run.subject);
            context.enqueue_once(&mut unit, &told(context, key, user, messages::several_lost(several)))?;
        }
    }
    tell_of_changes(&mut unit, context, (user, &run.subject), &unheard).await?;
    Ok(Ran::done(unit))
}

/// Adds to a unit that an asker hears what changed while their account was off: each by itself, and one message for all beyond a few.
async fn tell_of_changes(
    unit: &mut UnitOfWork,
    context: &Context,
    (user, subject): (&UserId, &str),
    unheard: &[Promise],
) -> Result<(), Failure> {
    if unheard.is_empty() {
        return Ok(());
    }
    let (mut news, mut timed) = (Vec::new(), Vec::new());
    for promise in unheard {
        // They have heard of this version already, so it's only that its time is another one on their clock.
        let is_timed = context.store.posted(&heard_key(&promise.id, promise.version)).await?.is_some();
        if is_timed { timed.push(promise) } else { news.push(promise) }
    }
    put_other_times(unit, context, (user, subject), &timed).await?;
    let (alone, others) = news.split_at(news.len().min(MOST_MESSAGES));
    for &promise in alone {
        store::stands(unit, &context.team, promise);
        if let Some(message) = say_now(context, promise).await? {
            let key = heard_key(&promise.id, promise.version);
            context.enqueue_once(unit, &told(context, key, user, message))?;
        }
    }
    if !others.is_empty() {
        let key = format!("promises/unheard/{subject}");
        context.enqueue_once(unit, &told(context, key, user, messages::unheard_since(others)))?;
    }
    store::heard_all(unit, &context.team, user);
    Ok(())
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

/// Returns the outbox key of the message with which they heard of it alone.
pub(super) fn lost_key(promise: &Promise) -> String {
    format!("promises/lost/{}/{}", promise.id, promise.version)
}
