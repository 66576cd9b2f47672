//! When owners are reminded and asked again, and which promises one message reminds of.

use chrono::NaiveDate;

use super::read;
use crate::{
    common::promises::{MOST_OPEN, Promise},
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        reading::ReadStore,
        runs,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// Refuses to draw a message that was drawn anew since its promises were read.
pub const DRAWN: &str = "promise_reminder_drawn";

static REMINDER: Insert = Insert {
    table: "promise_reminder",
    columns: &["team_id", "reminder_id", "owner_id", "drawn"],
    identity: 2,
    on_conflict: "",
};

/// Adds to a unit when the owner of a promise will be reminded of this version.
pub fn plan_reminder(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, at: Instant) {
    unit.run(
        "UPDATE promise_owner SET remind_at = $4 WHERE team_id = $1 AND promise_id = $2 AND version = $3",
        values![team.as_str(), promise.id.as_str(), promise.version, at],
    );
}

/// Makes a run depend on a promise standing as it was read ([`runs::OUTDATED`]).
pub fn stands(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    let write = Write::Run(
        "UPDATE promise_owner SET version = version WHERE team_id = $1 AND promise_id = $2 AND version = $3 AND state = $4 \
         RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, promise.state.as_str()],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit that a promise came up at an occasion on a date, unless it has changed since it was read; a date counts once.
pub fn came_up(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, date: NaiveDate) {
    unit.run(
        "UPDATE promise_owner SET listed = listed + 1, listed_on = $4 \
         WHERE team_id = $1 AND promise_id = $2 AND version = $3 AND listed_on <> $4",
        values![team.as_str(), promise.id.as_str(), promise.version, date.to_string()],
    );
}

/// Makes a run depend on a request waiting for its answer as it was read, and stores that its owner was asked a second time
/// ([`runs::OUTDATED`]).
pub fn nudge(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    let write = Write::Run(
        "UPDATE promise_owner SET nudged_at = $4 WHERE team_id = $1 AND promise_id = $2 AND version = $3 AND state = 'asked' \
         AND nudged_at IS NULL RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, now],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Makes a run depend on a promise having no owner since this version, and stores that the one who had it was asked about it since
/// ([`runs::OUTDATED`]).
pub fn tell_lost(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    let write = Write::Run(
        "UPDATE promise_owner SET nudged_at = $4 WHERE team_id = $1 AND promise_id = $2 AND version = $3 AND state = 'returned' \
         AND nudged_at IS NULL RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, now],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit that a person was told of all that they lost, in one message.
pub fn tell_all_lost(unit: &mut UnitOfWork, team: &TeamId, owner: &UserId, now: Instant) {
    unit.run(
        "UPDATE promise_owner SET nudged_at = $3 WHERE team_id = $1 AND owner_id = $2 AND state = 'returned' AND nudged_at IS NULL",
        values![team.as_str(), owner.as_str(), now],
    );
}

/// Adds to a unit, behind the change of a promise, that its asker hasn't heard of it, since their account is off.
pub fn not_heard(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    unit.run(
        "UPDATE promise_owner SET unheard_at = $3 WHERE team_id = $1 AND promise_id = $2",
        values![team.as_str(), promise.id.as_str(), now],
    );
}

/// Adds to a unit that an asker has heard of all that changed while their account was off.
pub fn heard_all(unit: &mut UnitOfWork, team: &TeamId, asker: &UserId) {
    unit.run(
        "UPDATE promise_owner SET unheard_at = NULL WHERE team_id = $1 AND unheard_at IS NOT NULL \
         AND EXISTS (SELECT 1 FROM promise p WHERE p.team_id = promise_owner.team_id \
         AND p.promise_id = promise_owner.promise_id AND p.asker_id = $2)",
        values![team.as_str(), asker.as_str()],
    );
}

/// Returns what a person asked of others that changed while their account was off; what needs them comes first.
pub async fn unheard_by(store: &ReadStore, asker: &UserId, limit: i64) -> Result<Vec<Promise>, StoreError> {
    let text = selected!(
        "p.asker_id = $2 AND o.unheard_at IS NOT NULL ORDER BY CASE WHEN o.state IN ('open', 'kept') THEN 1 ELSE 0 END, \
         p.promise_id LIMIT $3"
    );
    let rows = store.ask(text, values![store.team(), asker.as_str(), limit]).await?;
    rows.into_iter().map(read).collect()
}

/// Makes a run depend on a promise standing as it was read and its owner not having been reminded of this date, and stores that they
/// are now ([`runs::OUTDATED`]). `reminder` is the id of the message, where it reminds of others as well, and the place in it.
pub fn remind(
    unit: &mut UnitOfWork,
    team: &TeamId,
    promise: &Promise,
    (reminder, place): (&str, i64),
    now: Instant,
) {
    let write = Write::Run(
        "UPDATE promise_owner SET reminded_at = $4, card_version = version, reminder_id = $5, reminder_row = $6 \
         WHERE team_id = $1 AND promise_id = $2 AND version = $3 AND state = 'open' AND reminded_at IS NULL \
         RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, now, reminder, place],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit a message that reminds of several promises.
pub fn put_reminder(unit: &mut UnitOfWork, team: &TeamId, id: &str, promises: &[Promise]) {
    let owner = promises.first().map_or("", |promise| promise.owner.as_str());
    unit.row(&REMINDER, values![team.as_str(), id, owner, 0]);
}

/// Makes a unit depend on the message of this id not having been drawn anew since it was read. `guard` is the name of the refusal.
pub fn draw(unit: &mut UnitOfWork, guard: &'static str, team: &TeamId, id: &str, drawn: i64) {
    let write = Write::Run(
        "UPDATE promise_reminder SET drawn = drawn + 1 WHERE team_id = $1 AND reminder_id = $2 AND drawn = $3 \
         RETURNING team_id, reminder_id",
        values![team.as_str(), id, drawn],
    );
    unit.guard(guard, write);
}

/// Returns the promises of a message, in its order, and how often it was drawn anew; `None` if it is kept no more. A promise that has had
/// another reminder since is none of them.
pub async fn reminded_together(
    store: &ReadStore,
    id: &str,
) -> Result<Option<(i64, Vec<Promise>)>, StoreError> {
    // The count is read first: what changes behind it is refused.
    let count = "SELECT drawn FROM promise_reminder WHERE team_id = $1 AND reminder_id = $2";
    let rows = store.ask(count, values![store.team(), id]).await?;
    let Some(drawn) = rows.into_iter().flatten().next().and_then(|drawn| drawn.int()) else {
        return Ok(None);
    };
    let text = selected!("o.reminder_id = $2 ORDER BY o.reminder_row, p.promise_id LIMIT $3");
    let rows = store.ask(text, values![store.team(), id, MOST_OPEN]).await?;
    Ok(Some((drawn, rows.into_iter().map(read).collect::<Result<_, _>>()?)))
}

/// Returns the promises of a person whose reminders are due and haven't come.
pub async fn to_remind(store: &ReadStore, owner: &UserId, now: Instant) -> Result<Vec<Promise>, StoreError> {
    let text = selected!(
        "o.owner_id = $2 AND o.state = 'open' AND o.reminded_at IS NULL AND o.remind_at <= $3 ORDER BY p.promise_id LIMIT $4"
    );
    let rows = store.ask(text, values![store.team(), owner.as_str(), now, MOST_OPEN]).await?;
    rows.into_iter().map(read).collect()
}

/// Returns what others ask of a person who will be asked for it after an instant.
pub async fn to_ask_after(
    store: &ReadStore,
    owner: &UserId,
    at: Instant,
) -> Result<Vec<Promise>, StoreError> {
    let text = selected!(
        "o.owner_id = $2 AND o.state = 'asked' AND EXISTS (SELECT 1 FROM run r WHERE r.team_id = p.team_id \
         AND r.owner = 'person/' || o.owner_id AND r.ritual = 'promises' AND r.kind = 'ask' \
         AND r.subject = p.promise_id || '/' || CAST(o.version AS TEXT) AND r.visible_at > $3) \
         ORDER BY p.promise_id LIMIT $4"
    );
    let rows = store.ask(text, values![store.team(), owner.as_str(), at, MOST_OPEN]).await?;
    rows.into_iter().map(read).collect()
}

/// Returns what a person had promised or was asked for that went back since they were gone, and of which they haven't heard.
pub async fn lost_by(store: &ReadStore, owner: &UserId, limit: i64) -> Result<Vec<Promise>, StoreError> {
    let text = selected!(
        "o.owner_id = $2 AND o.state = 'returned' AND o.nudged_at IS NULL ORDER BY o.due_on, p.promise_id LIMIT $3"
    );
    let rows = store.ask(text, values![store.team(), owner.as_str(), limit]).await?;
    rows.into_iter().map(read).collect()
}

/// Returns the promises of a person whose reminders aren't due yet.
pub async fn to_remind_later(
    store: &ReadStore,
    owner: &UserId,
    now: Instant,
) -> Result<Vec<Promise>, StoreError> {
    let text = selected!(
        "o.owner_id = $2 AND o.state = 'open' AND o.reminded_at IS NULL AND o.remind_at > $3 \
         ORDER BY o.remind_at, p.promise_id LIMIT $4"
    );
    let rows = store.ask(text, values![store.team(), owner.as_str(), now, MOST_OPEN]).await?;
    rows.into_iter().map(read).collect()
}
