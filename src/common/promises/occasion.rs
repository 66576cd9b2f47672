//! The promises of a programme at its occasions: what is due comes up at the next one, and in no other place.

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;

use super::{
    KEPT_DAYS, KeptRate, MOST_LISTED, Promise, PromiseState, STILL_WANTED, messages, put_run, store,
};
use crate::{
    common::programmes::{NewsSubject, origin},
    model::{
        clock::Instant,
        effect::{NewEffect, Target},
        failure::Failure,
        owner::Owner,
    },
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// How many promises that are due are counted.
const MOST_COUNTED: i64 = 100;

/// Returns the promises that come up at the occasion of a programme on a local date, the longest due first: those due by then, and
/// those without an owner.
pub async fn due(context: &Context, programme: &Programme, date: NaiveDate) -> Result<Vec<Promise>, Failure> {
    let of = (programme.id.as_str(), &programme.channel);
    Ok(store::due_of(&context.store, of, date, MOST_COUNTED).await?)
}

/// Adds to a unit that the thread of an occasion lists the promises that are due, once. `ritual` is the one that posts. The owner of one that
/// has come up often is asked whether it's still wanted.
pub async fn put_due(
    unit: &mut UnitOfWork,
    context: &Context,
    ritual: &'static str,
    (programme, date): (&Programme, NaiveDate),
    thread: &Target,
) -> Result<(), Failure> {
    let due = due(context, programme, date).await?;
    let Some(message) = messages::in_thread(&due, date) else { return Ok(()) };
    let about = origin(ritual, &NewsSubject::Aside)?;
    let key = format!("promises/due/{}/{date}", programme.id);
    // Before decisions to look at again, which come before the agenda: messages are sent in the order of these times.
    let first = context.now - Duration::seconds(2);
    let post = NewEffect::post(about, key, thread.clone(), message, first);
    let owner = Owner::Programme(programme.id.clone());
    context.enqueue_once(unit, &NewEffect { owner, ..post })?;
    for promise in messages::named(&due) {
        store::came_up(unit, &context.team, promise, date);
        if promise.state == PromiseState::Open && promise.listed + 1 >= MOST_LISTED {
            let owner = super::Owner::load(context, &promise.owner).await?;
            put_run(unit, context, STILL_WANTED, promise, (owner.next_at_work(context.now), &owner));
        }
    }
    Ok(())
}

/// What became of the promises of a programme, as an occasion of it opens with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromiseReview {
    /// Those that were kept or dropped since the last occasion.
    pub settled: Vec<Promise>,
    /// Those that are due by the date of the occasion and weren't at the last one, and those without an owner.
    pub due: Vec<Promise>,
    /// How many others are open that were due at the last occasion. They were named there.
    pub still_open: usize,
    /// Those that are promised for a later date.
    pub later: Vec<Promise>,
    pub rate: KeptRate,
}

/// Reviews the promises of a programme for an occasion on a local date; `since` is when the last occasion began, and without one the
/// time for which the kept rate counts.
pub async fn review(
    context: &Context,
    programme: &Programme,
    since: Option<Instant>,
    date: NaiveDate,
) -> Result<PromiseReview, Failure> {
    let last = since.map(|since| since.with_timezone(&zone_of(context, programme)).date_naive());
    let since = since.unwrap_or(context.now - Duration::days(i64::from(KEPT_DAYS)));
    let reviewed = store::reviewed_of(&context.store, &programme.id, (since, date), 2 * MOST_COUNTED).await?;
    let (later, settled) = reviewed.into_iter().partition(|promise| promise.state == PromiseState::Open);
    let was_named = |promise: &Promise| {
        let due = promise.due.as_ref().filter(|_| promise.state != PromiseState::Returned);
        due.zip(last).is_some_and(|(due, last)| due.date <= last)
    };
    let (before, due): (Vec<Promise>, Vec<Promise>) =
        due(context, programme, date).await?.into_iter().partition(was_named);
    let rate = kept_rate(context, programme).await?;
    Ok(PromiseReview { settled, due, still_open: before.len(), later, rate })
}

fn zone_of(context: &Context, programme: &Programme) -> Tz {
    programme.cadence.as_ref().map_or(context.zone, |cadence| cadence.zone)
}

/// Returns how many of the promises of a programme were kept lately.
pub async fn kept_rate(context: &Context, programme: &Programme) -> Result<KeptRate, Failure> {
    let since = context.now - Duration::days(i64::from(KEPT_DAYS));
    let zone = zone_of(context, programme);
    let date = |at: Instant| at.with_timezone(&zone).date_naive();
    let (from, today) = (date(since), date(context.now));
    Ok(store::rate_of(&context.store, &programme.id, (since, from), today).await?)
}
