//! The promises of a programme at its occasions: what is due comes up at the next one, and in no other place.

use chrono::NaiveDate;

use super::{Promise, messages, store};
use crate::{
    common::programmes::{NewsSubject, origin},
    model::{
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

/// Adds to a unit that the thread of an occasion lists the promises that are due, once. `ritual` is the one that posts.
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
    let post = NewEffect::post(about, key, thread.clone(), message, context.now);
    let owner = Owner::Programme(programme.id.clone());
    Ok(context.enqueue_once(unit, &NewEffect { owner, ..post })?)
}
