//! Whether a promise is still wanted that came up at several occasions: its owner is asked once, and then it rests.

use super::{cards::still_wanted_key, messages, returning::give_one_back};
use crate::{
    common::promises::{Owner, PromiseState, of_run, store, told},
    model::failure::Failure,
    ritual::{Context, Ran},
    store::{runs::Run, unit::UnitOfWork},
};

/// Asks an owner in their hours.
pub(super) async fn ask(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(|promise| promise.state == PromiseState::Open);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    let owner = Owner::load(context, &promise.owner).await?;
    let mut unit = UnitOfWork::new();
    if owner.is_gone() {
        give_one_back(&mut unit, context, &promise).await?;
        return Ok(Ran::done(unit));
    }
    let next = owner.next_at_work(context.now);
    if next > context.now {
        return Ok(Ran::snoozed(unit, next, messages::OUT_OF_HOURS));
    }
    store::stands(&mut unit, &context.team, &promise);
    let message = messages::still_wanted(&promise, owner.today(context.now));
    let key = still_wanted_key(&promise.id, promise.card);
    context.enqueue_once(&mut unit, &told(context, key, &promise.owner, message))?;
    Ok(Ran::done(unit))
}
