//! Reminders: each date that a person named is reminded once, in their own hours.

use chrono::Duration;

use super::{
    calling::with_helpers,
    cards::{
        change_card, change_older, late_key, leave_together, redraw_together, reminder_key, together_key,
    },
    messages,
    returning::give_one_back,
    telling::{has_reader, put_to_asker},
    zones::{follow_asker, tell_of_zone},
};
use crate::{
    common::promises::{
        Due, Owner, Promise, PromiseState, RITUAL, of_run,
        owner::{is_after_due, is_other_clock},
        plan::remind_at,
        put_reminder_at, store, told,
    },
    model::{
        cadence::Occurrence, catch_up::CatchUp, clock::Instant, event::WorkspaceEvent, failure::Failure,
        owner, people::UserId,
    },
    ritual::{Context, Ran},
    store::{
        runs::{self, NewRun, OUTDATED, Run},
        unit::UnitOfWork,
    },
};

/// The kinds of runs.
pub(super) const GONE: &str = "gone";
pub(super) const ABSENT: &str = "absent";
pub(super) const BACK: &str = "back";
pub(super) const DONE_FOR_LONG: &str = "done";
/// For how long a run that looks at a person's promises is worth doing, in days.
const OWN_RUN_DAYS: i64 = 7;

/// Reminds an owner of a promise, and of all others whose reminders are due by now. If they are out by now, which they weren't when it
/// was planned, the reminder waits for them.
pub(super) async fn remind(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(|promise| promise.state == PromiseState::Open);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_OPEN)) };
    if promise.reminded_at.is_some() {
        return Ok(Ran::skipped(messages::REMINDED));
    }
    let owner = Owner::load(context, &promise.owner).await?;
    if owner.is_gone() {
        let mut unit = UnitOfWork::new();
        give_one_back(&mut unit, context, &promise).await?;
        return Ok(Ran::done(unit));
    }
    let next = owner.next_at_work(context.now);
    if next > context.now {
        return Ok(Ran::snoozed(UnitOfWork::new(), next, messages::OUT_OF_HOURS));
    }
    let person = promise.owner.clone();
    let mut all = store::to_remind(&context.store, &person, context.now).await?;
    if !all.iter().any(|other| other.id == promise.id) {
        all.push(promise);
    }
    // What is due some time that day comes behind what has a time. Each keeps its place in the message.
    all.sort_by_key(|promise| promise.due.map(|due| (due.date, due.time.is_none(), due.time)));
    let mut unit = UnitOfWork::new();
    leave_together(&mut unit, context, &all).await?;
    let today = owner.today(context.now);
    let (key, message) = match &all[..] {
        [only] => {
            store::remind(&mut unit, &context.team, only, ("", 0), context.now);
            let reminder = messages::reminder(only, (today, today));
            (reminder_key(&only.id, only.version), with_helpers(context, only, reminder).await?)
        }
        several => {
            let id = context.id();
            for (place, promise) in (0..).zip(several) {
                store::remind(&mut unit, &context.team, promise, (&id, place), context.now);
            }
            store::put_reminder(&mut unit, &context.team, &id, several);
            let reminded = several.iter().map(|promise| promise.reminded(context.now)).collect::<Vec<_>>();
            (together_key(&id), messages::reminders(&reminded, (context.now, owner.zone)))
        }
    };
    context.enqueue_once(&mut unit, &told(context, key, &person, message))?;
    Ok(Ran::done(unit))
}

/// Plans what a person's new days away change: a run, since those aren't stored yet. A new time zone changes the same.
pub(super) fn days_changed(context: &Context, user: &UserId) -> UnitOfWork {
    let mut unit = UnitOfWork::new();
    put_own_run(&mut unit, context, ABSENT, (user, ""));
    unit
}

/// Reminds a person of what they promised at the times that suit their days away, and tells them which reminders come at another time. The
/// unit has what follows beside that.
pub(super) async fn plan_anew(context: &Context, run: &Run, mut unit: UnitOfWork) -> Result<Ran, Failure> {
    let owner::Owner::Person(user) = &run.owner else { return Ok(Ran::unknown_work()) };
    let owner = Owner::load(context, user).await?;
    let mut moved = Vec::new();
    for promise in store::to_remind_later(&context.store, user, context.now).await? {
        let Some(due) = promise.due else { continue };
        let at = remind_at(&due, &owner.work(), context.now);
        if promise.remind_at == Some(at) {
            continue;
        }
        store::stands(&mut unit, &context.team, &promise);
        let is_late = |at: Instant| is_after_due(at, &due, owner.zone);
        let was_late = promise.remind_at.is_some_and(is_late);
        if is_late(at) || was_late {
            let wall = owner.wall(at);
            let on_the_wall = Due { date: wall.date(), time: Some(wall.time()) };
            let is_other = is_other_for_asker(context, &promise, &owner).await?;
            let late = |today| {
                if is_late(at) {
                    messages::reminded_late(&promise, &on_the_wall, (today, is_other))
                } else {
                    messages::reminded_in_time(&promise)
                }
            };
            put_to_asker(&mut unit, context, &promise, (late_key(&promise), at, !was_late), late).await?;
        }
        follow_with_answer(&mut unit, context, &promise, (at, &owner)).await?;
        put_reminder_at(&mut unit, context, &promise, (at, &owner));
        moved.push((promise, at));
    }
    let anew = |(promise, at): &(Promise, Instant)| Promise { remind_at: Some(*at), ..promise.clone() };
    redraw_together(&mut unit, context, moved.iter().map(anew)).await?;
    if !moved.is_empty() {
        let message = messages::remind_otherwise(&moved, owner.zone);
        let key = format!("promises/otherwise/{}", run.subject);
        context.enqueue_once(&mut unit, &told(context, key, user, message))?;
    }
    if let Ok(was) = run.payload.parse() {
        tell_of_zone(&mut unit, context, (user, &owner), (was, &run.subject)).await?;
        follow_asker(&mut unit, context, user).await?;
    }
    Ok(Ran::done(unit))
}

/// Adds to a unit that the answer with which an owner read when they're reminded says the new time.
async fn follow_with_answer(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    (at, owner): (Instant, &Owner),
) -> Result<(), Failure> {
    let is_told = has_reader(context, promise).await?;
    let was = if promise.moves > 0 { PromiseState::Open } else { PromiseState::Asked };
    let before = Promise { state: was, ..promise.clone() };
    let card = messages::card(&before, promise, owner.today(context.now), (Some((at, owner.zone)), is_told));
    change_older(unit, context, promise, &card).await
}

/// Returns what is written about a change of the workspace: the promises of a person who is gone go back where they are from, and
/// those of a channel follow its id.
pub(super) async fn changed(context: &Context, change: &WorkspaceEvent) -> Result<UnitOfWork, Failure> {
    let mut unit = UnitOfWork::new();
    match change {
        WorkspaceEvent::PersonChanged(person) if person.deactivated => {
            let pending = store::pending_of(&context.store, &person.id, ("", ""), 1).await?;
            if !pending.is_empty() || is_asker_or_helper(context, &person.id).await? {
                put_own_run(&mut unit, context, GONE, (&person.id, ""));
            }
        }
        WorkspaceEvent::PersonChanged(person) => {
            let known = context.store.person(&person.id).await?;
            let was_gone = known.as_ref().is_some_and(|known| known.deactivated);
            if let Some(known) = known.filter(|known| known.zone != person.zone) {
                let was = known.zone.unwrap_or(context.zone);
                put_own_run(&mut unit, context, ABSENT, (&person.id, was.name()));
            }
            if !store::lost_by(&context.store, &person.id, 1).await?.is_empty()
                || !store::unheard_by(&context.store, &person.id, 1).await?.is_empty()
                || (was_gone && is_asker_or_helper(context, &person.id).await?)
            {
                put_own_run(&mut unit, context, BACK, (&person.id, ""));
            }
        }
        WorkspaceEvent::ChannelMoved { from, to } => store::move_channel(&mut unit, &context.team, from, to),
        _ => {}
    }
    Ok(unit)
}

/// Whether a person asked others for something that is open, or was asked for help.
async fn is_asker_or_helper(context: &Context, user: &UserId) -> Result<bool, Failure> {
    Ok(!store::asked_by(&context.store, user, ("", ""), 1).await?.is_empty()
        || !store::calls_to(&context.store, user).await?.is_empty())
}

/// Adds a run to a unit that looks at all promises of a person, at once. If their zone has changed, it carries the one before.
fn put_own_run(unit: &mut UnitOfWork, context: &Context, kind: &'static str, (user, zone): (&UserId, &str)) {
    let subject = context.id();
    let run = NewRun {
        owner: owner::Owner::Person(user.clone()),
        ritual: RITUAL,
        occasion: None,
        kind,
        subject: &subject,
        due: Occurrence { at: context.now, wall: context.now.naive_utc() },
        late: CatchUp::Within(Duration::days(OWN_RUN_DAYS)),
        payload: zone,
    };
    runs::put(unit, &context.team, &run, context.now);
}

/// Whether the asker has to be told whose clock counts: theirs shows another time when a promise of this owner is due, or another day now.
pub(super) async fn is_other_for_asker(
    context: &Context,
    promise: &Promise,
    owner: &Owner,
) -> Result<bool, Failure> {
    let asker = context.store.zone_of(&promise.asker).await?.unwrap_or(context.zone);
    Ok(promise.due.is_some_and(|due| is_other_clock(&due, owner.zone, asker, context.now)))
}

/// Ends the button with which an owner takes *Done* or *Drop it* back.
pub(super) async fn end_undo(context: &Context, run: &Run) -> Result<Ran, Failure> {
    let promise = of_run(context, run).await?.filter(Promise::can_be_reopened);
    let Some(promise) = promise else { return Ok(Ran::skipped(messages::NOT_DONE)) };
    let owner = Owner::load(context, &promise.owner).await?;
    let is_told = has_reader(context, &promise).await?;
    let card = messages::card(&promise, &promise, owner.today(context.now), (None, is_told));
    let mut unit = UnitOfWork::new();
    store::stands(&mut unit, &context.team, &promise);
    change_card(&mut unit, context, (&promise, &promise), &card, OUTDATED).await?;
    Ok(Ran::done(unit))
}
