//! Asking an owner for a promise: by DM and in their own hours, a second time if they don't answer, and not for ever.

use chrono::{Days, Duration, NaiveDate, NaiveTime};

use super::{
    AskedLater, Due, KEEP_DAYS, Owner, Promise, PromiseState, RITUAL, messages,
    owner::{is_after_due, is_other_clock},
    plan::remind_at,
    store, today,
    when::{self, Wall},
};
use crate::{
    model::{
        cadence::{Occurrence, resolve},
        catch_up::CatchUp,
        clock::{Instant, from_ms},
        effect::{DeliveryGuarantee, Keep, NewEffect, Origin, Target},
        failure::Failure,
        message::Message,
        owner,
        people::UserId,
    },
    ritual::Context,
    store::{
        StoreError,
        reading::ReadStore,
        runs::{self, NewRun, Run},
        unit::UnitOfWork,
    },
};

/// The kinds of the runs about a request: they ask, ask a second time, and end it.
pub const ASK: &str = "ask";
pub const NUDGE: &str = "nudge";
pub const LAPSE: &str = "lapse";
/// The kind of the run that reminds an owner.
pub const REMIND: &str = "remind";
/// The kind of the run that asks an owner whether a promise is still wanted.
pub const STILL_WANTED: &str = "still_wanted";
/// How late an owner may still hear of a promise, in days: they may be away for long.
pub const LATEST_DAYS: i64 = 92;

/// After how many days an owner is asked a second time; sooner if it is due by then, and after so many hours if it is due that day.
const NUDGE_DAYS: i64 = 3;
const NUDGE_HOURS: i64 = 3;

/// Adds to a unit that a person is asked for a promise: its record, and the question in their DM. They may say yes, name another
/// date or say no; the asker hears the answer. That the owner is a person who can be asked is for the caller to find out.
///
/// The unit depends on the bounds that hold wherever the promise comes from: not the same one twice ([`store::TWICE`]), so many requests
/// of others a day ([`store::ASKED_OFTEN`]), and so many promises of one's own ([`store::FULL`]).
pub async fn ask(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
) -> Result<Option<AskedLater>, Failure> {
    store::once(unit, &context.team, promise, context.now);
    if promise.is_own() {
        store::one_more(unit, &context.team, promise);
    } else {
        count_request(unit, context, &promise.asker).await?;
    }
    store::put(unit, &context.team, promise, context.now);
    question(unit, context, promise).await
}

/// Adds to a unit what a person promises of their own accord, within the same bounds, and its reminder, whose time is returned.
pub fn make(unit: &mut UnitOfWork, context: &Context, promise: &Promise, owner: &Owner) -> Instant {
    store::once(unit, &context.team, promise, context.now);
    store::one_more(unit, &context.team, promise);
    store::put(unit, &context.team, promise, context.now);
    put_reminder(unit, context, promise, owner)
}

/// Adds the reminder of a version of an open promise to a unit, and returns when it comes.
pub fn put_reminder(unit: &mut UnitOfWork, context: &Context, promise: &Promise, owner: &Owner) -> Instant {
    let Some(due) = promise.due else { return context.now };
    let at = remind_at(&due, &owner.work(), context.now);
    put_reminder_at(unit, context, promise, (at, owner));
    at
}

/// The same at this instant.
pub fn put_reminder_at(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    (at, owner): (Instant, &Owner),
) {
    put_run(unit, context, REMIND, promise, (at, owner));
    store::plan_reminder(unit, &context.team, promise, at);
}

/// Adds a request to those that a person makes of others on this day, as far as a day allows.
pub async fn count_request(unit: &mut UnitOfWork, context: &Context, asker: &UserId) -> Result<(), Failure> {
    let today = today(context, asker).await?.to_string();
    store::request_one_more(unit, &context.team, asker, &today);
    Ok(())
}

/// Adds to a unit the question whether a person promises something, once for each version of it. What another person asks for waits
/// for the owner's next working hour; if that is later, it is returned. What they ask of themselves they are asked at once.
pub async fn question(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
) -> Result<Option<AskedLater>, Failure> {
    let owner = Owner::load(context, &promise.owner).await?;
    let at = owner.next_at_work(context.now);
    if promise.is_own() || at <= context.now {
        question_now(unit, context, promise, &owner)?;
        return Ok(None);
    }
    put_run(unit, context, ASK, promise, (at, &owner));
    Ok(Some(asked_at(context, promise, (at, &owner)).await?))
}

/// Returns for the asker when an owner is asked who isn't at work now.
pub async fn asked_at(
    context: &Context,
    promise: &Promise,
    (at, owner): (Instant, &Owner),
) -> Result<AskedLater, Failure> {
    let wall = owner.wall(at);
    let on_the_wall = Due { date: wall.date(), time: Some(wall.time()) };
    let asker = context.store.zone_of(&promise.asker).await?.unwrap_or(context.zone);
    Ok(AskedLater {
        owner: promise.owner.clone(),
        at: on_the_wall,
        is_other_clock: is_other_clock(&on_the_wall, owner.zone, asker, context.now),
        is_after_due: promise.due.is_some_and(|due| is_after_due(at, &due, owner.zone)),
    })
}

/// Adds the question to a unit, also outside of the owner's hours, and plans the second one.
pub fn question_now(
    unit: &mut UnitOfWork,
    context: &Context,
    promise: &Promise,
    owner: &Owner,
) -> Result<(), Failure> {
    let message = current_question(promise, owner, context.now);
    let effect = told(context, question_key(&promise.id, promise.version), &promise.owner, message);
    context.enqueue_once(unit, &effect)?;
    if !promise.is_own() {
        put_run(unit, context, NUDGE, promise, (nudge_at(promise, owner, context.now), owner));
    }
    Ok(())
}

/// Returns the question as it reads now.
pub fn current_question(promise: &Promise, owner: &Owner, now: Instant) -> Message {
    messages::question(promise, owner.today(now), named_in(promise, owner, now))
}

/// Returns the date that the words of a promise without one name, on the owner's wall and as of when they were written. A person may
/// have meant something else by it, so it is only offered.
fn named_in(promise: &Promise, owner: &Owner, now: Instant) -> Option<Due> {
    let written = written_at(&promise.link).map_or(now, |at| at.min(now));
    let due = when::named(&promise.words, Wall::new(written, owner.zone))?;
    (promise.due.is_none() && !when::is_over(&due, owner.wall(now))).then_some(due)
}

/// Returns when the message of an address was written, which is a part of it: `…/archives/C1/p1767693700000100`.
fn written_at(link: &str) -> Option<Instant> {
    let path = link.split('?').next()?;
    let micros: i64 = path.rsplit_once("/p")?.1.parse().ok()?;
    Some(from_ms(micros / 1_000))
}

/// Returns the outbox key of the question about a version of a promise.
pub fn question_key(id: &str, version: i64) -> String {
    format!("promises/asked/{id}/{version}")
}

/// Returns when an owner who is asked now is asked a second time, in their hours: before it is due, as far as there is time. That is
/// another day, unless it is due by then. A date that is over is none.
fn nudge_at(promise: &Promise, owner: &Owner, now: Instant) -> Instant {
    let midnight = |date: NaiveDate| resolve(owner.zone, date.and_time(NaiveTime::MIN));
    let due = promise.due.filter(|due| !when::is_over(due, owner.wall(now)));
    let day_before_it = due.and_then(|due| {
        midnight(if due.time.is_some() { due.date } else { due.date.checked_sub_days(Days::new(1))? })
    });
    let usual = now + Duration::days(NUDGE_DAYS);
    let wanted = day_before_it.map_or(usual, |day| day.min(usual));
    let tomorrow =
        owner.today(now).succ_opt().and_then(midnight).map(|day| owner.next_at_work(day.max(wanted)));
    let is_late = |at: &Instant| due.is_some_and(|due| is_after_due(*at, &due, owner.zone));
    tomorrow
        .filter(|at| !is_late(at))
        .unwrap_or_else(|| owner.next_at_work(wanted.max(now + Duration::hours(NUDGE_HOURS))))
}

/// Adds to a unit a run about a version of a promise, at an instant.
pub fn put_run(
    unit: &mut UnitOfWork,
    context: &Context,
    kind: &'static str,
    promise: &Promise,
    (at, owner): (Instant, &Owner),
) {
    let subject = format!("{}/{}", promise.id, promise.version);
    put_run_of(unit, context, kind, (&promise.owner, &subject), (at, owner));
}

/// Adds to a unit a run of a person, who works when it says, at an instant.
pub fn put_run_of(
    unit: &mut UnitOfWork,
    context: &Context,
    kind: &'static str,
    (person, subject): (&UserId, &str),
    (at, works): (Instant, &Owner),
) {
    let run = NewRun {
        owner: owner::Owner::Person(person.clone()),
        ritual: RITUAL,
        occasion: None,
        kind,
        subject,
        due: Occurrence { at, wall: works.wall(at) },
        late: CatchUp::Until(at + Duration::days(LATEST_DAYS)),
        payload: "",
    };
    runs::put(unit, &context.team, &run, context.now);
}

/// Returns the promise that a run is about, if it stands in the version for which the run was planned.
pub async fn of_run(context: &Context, run: &Run) -> Result<Option<Promise>, Failure> {
    Ok(subject_of(&context.store, run).await?)
}

/// Whether a run about a promise will find nothing to do, since it was answered, changed or ended.
pub async fn is_over(store: &ReadStore, run: &Run) -> Result<bool, StoreError> {
    Ok(match run.kind.as_str() {
        REMIND => subject_of(store, run)
            .await?
            .is_none_or(|promise| promise.state != PromiseState::Open || promise.reminded_at.is_some()),
        ASK | NUDGE | LAPSE | STILL_WANTED => subject_of(store, run).await?.is_none(),
        _ => false,
    })
}

/// The same as [`of_run`] for those who only read.
async fn subject_of(store: &ReadStore, run: &Run) -> Result<Option<Promise>, StoreError> {
    let (id, version) = run.subject.split_once('/').unwrap_or((&run.subject, ""));
    let promise = store::promise(store, id).await?;
    Ok(promise.filter(|promise| promise.version.to_string() == version))
}

/// Returns a message to a person about a promise, which can be changed for half a year.
pub fn told(context: &Context, key: String, person: &UserId, message: Message) -> NewEffect {
    let to = Target::Person(person.clone());
    NewEffect {
        keep: Keep::Until(context.now + Duration::days(KEEP_DAYS)),
        delivery: DeliveryGuarantee::AtLeastOnce,
        ..NewEffect::post(Origin::new(RITUAL, String::new()), key, to, message, context.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_when_its_message_was_written() {
        let at = |link: &str| written_at(link).map(|at| at.timestamp_millis());
        assert_eq!(at("https://acme.slack.com/archives/C1/p1767693700000100"), Some(1_767_693_700_000));
        let in_thread = "https://acme.slack.com/archives/C1/p1767693700000100?thread_ts=1.5&cid=C1";
        assert_eq!(at(in_thread), Some(1_767_693_700_000));
        for other in ["", "https://acme.slack.com/files/F1", "https://acme.slack.com/archives/C1/pp"] {
            assert_eq!(at(other), None, "{other}");
        }
    }
}
