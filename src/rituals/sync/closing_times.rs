//! When people read that they're asked to close a sync, and are reminded.

use super::{
    messages::Led,
    plan::{HeldSync, next_working_day},
};
use crate::{
    common::people::{PersonSettings, WorkTime, store as settings, work_time::next_hour_of},
    model::{clock::Instant, failure::Failure, people::UserId},
    ritual::Context,
};

/// Returns when a person reads the question to close a sync. Others than its lead and its scribe may not have been there, and read it in
/// their hours.
pub(super) async fn question_at(
    context: &Context,
    held: &HeldSync,
    person: &UserId,
) -> Result<Instant, Failure> {
    let was_there = held.led_by(Some(person)) == Led::ByReader || held.scribe.as_ref() == Some(person);
    if was_there { Ok(context.now) } else { next_hour_of(context, person).await }
}

/// Returns when these people are asked again: on the next working day of the first of them after the one on which they read the question.
pub(super) async fn reminder_at(
    context: &Context,
    asked: &[UserId],
    read_at: Instant,
) -> Result<Instant, Failure> {
    let next = |work: WorkTime<'_>| next_working_day(read_at, &work);
    of_first(context, asked, next).await
}

/// Returns when the first of these people is back at work, if they don't work today.
pub(super) async fn back_at(context: &Context, asked: &[UserId]) -> Result<Option<Instant>, Failure> {
    let now = context.now;
    let next = |work: WorkTime<'_>| work.rests_on(work.date(now)).then(|| next_working_day(now, &work));
    Ok(of_first(context, asked, next).await?.filter(|_| !asked.is_empty()))
}

/// Returns what follows from when the first of these people works; without one, from usual hours.
async fn of_first<T>(
    context: &Context,
    people: &[UserId],
    follows: impl Fn(WorkTime<'_>) -> T,
) -> Result<T, Failure> {
    let (mut zone, mut own) = (context.zone, PersonSettings::default());
    if let Some(first) = people.first() {
        zone = context.store.zone_of(first).await?.unwrap_or(zone);
        own = settings::of_person(&context.store, first).await?;
    }
    Ok(follows(WorkTime::of(zone, &own, &context.holidays)))
}
