//! Requests that wait: the question comes in the owner's hours, is asked a second time, and ends without an answer.

use chrono::Duration;

use super::{
    calling::{CALL, call_sooner},
    cards::{change, change_card, delayed_key, nudge_key},
    messages, reminding,
    returning::give_one_back,
    telling::{put_to_asker, tell_asker},
};
use crate::{
    common::promises::{
        ASK, LAPSE, NUDGE, Owner, Promise, PromiseState, REMIND, RITUAL, STILL_WANTED, asked_at, of_run,
        put_run, question_key, question_now, store, told,
    },
    model::{clock::Instant, failure::Failure, owner::Owner as Holder},
    ritual::{Context, Ran},
    store::{
        runs::{self, OUTDATED, Run},
        unit::UnitOfWork,
    },
};

/// How many days after the second question a request ends, and how many an owner has who was away.
const LAPSE_DAYS: i64 = 11;
const BACK_DAYS: i64 = 3;
/// On how many days they have worked by then.
const FIRST_DAYS: usize = 3;
/// The kinds of runs that wait for a person who is out, and may come as soon as they're back. That a request ends may not: they have their
/// first days back to answer.
const PUT_OFF: [&str; 5] = [REMIND, ASK, NUDGE, STILL_WANTED, CALL];

/// What a run finds.
enum Found {
    /// A request that its owner can answer now.
    Waiting(Box<Promise>, Box<Owner>),
    /// What the run comes to instead.
    Ran(Ran),
}

/// Returns the request that a run is about, if it waits for its owner and they are at work.
async fn waiting(context: &Context, run: &Run) -> Result<Found, Failure> {
    let promise = of_run(context, run).await?.filter(|promise| promise.state == PromiseState::Asked);
    let Some(promise) = promise else { return Ok(Found::Ran(Ran::skipped(messages::NOT_ASKED))) };
    let owner = Owner::load(context, &promise.owner).await?;
    if !owner.can_be_asked() {
        let mut unit = UnitOfWork::new();
        give_one_back(&mut unit, context, &promise).await?;
        return Ok(Found::Ran(Ran::done(unit)));
    }
    let next = owner.next_at_work(context.now);
    if next > context.now {
        let mut unit = UnitOfWork::new();
        if run.kind == ASK {
            tell_of_delay(&mut unit, context, &promise, (next, &owner)).await?;
        }
        let (next, why) = match (run.kind.as_str(), owner.is_away(context.now)) {
            // Their first days back aren't over.
            (LAPSE, true) => (next + Duration::days(BACK_DAYS), messages::AWAY_AGAIN),
            _ => (next, messages::OUT_OF_HOURS),
        };
        return Ok(Found::Ran(Ran::snoozed(unit, next, why)));
    }
    if run.kind == LAPSE && owner.is_just_back(context.now, FIRST_DAYS) {
        let tomorrow = owner.next_at_work(context.now + Duration::days(1));
        return Ok(Found::Ran(Ran::snoozed(UnitOfWork::new(), tomorrow, messages::AWAY_AGAIN)));
    }
    Ok(Found::Waiting(Box::new(promise), Box::new(owner)))
}

/// Adds to a unit that the asker reads when an owner will be asked who has gone away since it was said when.
async fn tell_of_delay(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    (next, owner): (Instant, &Owner),
) -> Result<(), Failure> {
    let later = asked_at(context, promise, (next, owner)).await?;
    let delayed = |today| messages::delayed(promise, &later, today);
    // A second delay changes the message of the first.
    put_to_asker(unit, context, promise, (delayed_key(&promise.id), next, true), delayed).await
}

/// Plans what a person's new days away change: when they're reminded, and asked.
pub(super) async fn plan_anew(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let sooner = ask_sooner(context, run).await?;
    reminding::plan_anew(context, run, sooner).await
}

/// Returns what follows for requests if a person is at work earlier than they would be asked: they're asked then, and the askers who read when
/// that would be read so.
async fn ask_sooner(context: &Context, run: &Run) -> Result<UnitOfWork, Failure> {
    let mut unit = UnitOfWork::new();
    let Holder::Person(user) = &run.owner else { return Ok(unit) };
    let owner = Owner::load(context, user).await?;
    call_sooner(&mut unit, context, (user, &owner)).await?;
    // Each of them looks whether they're at work.
    for kind in PUT_OFF {
        runs::wake(&mut unit, &context.team, &run.owner, (RITUAL, kind), context.now);
    }
    let at = owner.next_at_work(context.now);
    for promise in store::to_ask_after(&context.store, user, at).await? {
        store::stands(&mut unit, &context.team, &promise);
        put_run(&mut unit, context, ASK, &promise, (at, &owner));
        let sooner = asked_at(context, &promise, (at, &owner)).await?;
        let message = |today| messages::delayed(&promise, &sooner, today);
        put_to_asker(&mut unit, context, &promise, (delayed_key(&promise.id), at, false), message).await?;
    }
    Ok(unit)
}

/// Asks an owner who wasn't at work when they were asked for something.
pub(super) async fn ask(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let (promise, owner) = match waiting(context, run).await? {
        Found::Waiting(promise, owner) => (promise, owner),
        Found::Ran(ran) => return Ok(ran),
    };
    let mut unit = UnitOfWork::new();
    store::stands(&mut unit, &context.team, &promise);
    question_now(&mut unit, context, &promise, &owner)?;
    Ok(Ran::done(unit))
}

/// Asks an owner a second time, and plans the end of the request.
pub(super) async fn nudge(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let (promise, owner) = match waiting(context, run).await? {
        Found::Waiting(promise, owner) => (promise, owner),
        Found::Ran(ran) => return Ok(ran),
    };
    let mut unit = UnitOfWork::new();
    store::nudge(&mut unit, &context.team, &promise, context.now);
    change(
        &mut unit,
        context,
        &promise,
        &question_key(&promise.id, promise.version),
        &messages::asked_again(&promise),
    )?;
    let message = messages::nudge(&promise, owner.wall(context.now));
    let key = nudge_key(&promise.id, promise.version);
    context.enqueue_once(&mut unit, &told(context, key, &promise.owner, message))?;
    let end = owner.next_at_work(context.now + Duration::days(LAPSE_DAYS));
    put_run(&mut unit, context, LAPSE, &promise, (end, &owner));
    Ok(Ran::done(unit))
}

/// Ends a request that has no answer: the asker is told, and may ask another person or do it themselves.
pub(super) async fn lapse(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = match waiting(context, run).await? {
        Found::Waiting(promise, _) => promise,
        Found::Ran(ran) => return Ok(ran),
    };
    let after = promise.then(PromiseState::Lapsed, context.now);
    let mut unit = UnitOfWork::new();
    store::change_in_run(&mut unit, &context.team, &promise, &after);
    change_card(&mut unit, context, (&promise, &after), &messages::lapsed(&promise), OUTDATED).await?;
    tell_asker(&mut unit, context, &promise, &after).await?;
    Ok(Ran::done(unit))
}
