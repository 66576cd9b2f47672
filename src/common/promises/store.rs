//! The only SQL of promises.

mod holdings;
mod ledger;
mod limits;
mod rates;

use chrono::{NaiveDate, NaiveTime, Timelike as _};

pub use self::{
    holdings::HOLDINGS,
    ledger::{PromiseLine, ledger},
    limits::{ASKED_OFTEN, FULL, TWICE, is_recent, once, one_more, request_one_more},
    rates::{rate_in, rate_of, rates_in},
};
use super::{Due, Promise, PromiseOrigin, PromiseState};
use crate::{
    model::{
        clock::Instant,
        people::{ChannelId, TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// Refuses a change of a promise that has changed since it was read.
pub const CHANGED: &str = "promise_changed";
/// Refuses a call for help that comes soon after another one.
pub const HELPED: &str = "promise_helped";

static PROMISE: Insert = Insert {
    table: "promise",
    columns: &[
        "team_id",
        "promise_id",
        "asker_id",
        "author_id",
        "words",
        "link",
        "channel_id",
        "programme_id",
        "occasion",
        "asked_at",
    ],
    identity: 2,
    on_conflict: "",
};

static OWNER: Insert = Insert {
    table: "promise_owner",
    columns: &[
        "team_id",
        "promise_id",
        "owner_id",
        "state",
        "due_on",
        "due_minute",
        "reason",
        "version",
        "card_version",
        "promised_at",
    ],
    identity: 2,
    on_conflict: "",
};

/// The columns of a promise, in the order of [`read`].
macro_rules! promises {
    ($rest:literal) => {
        concat!(
            "SELECT p.promise_id, o.owner_id, p.asker_id, p.author_id, p.words, p.link, p.channel_id, p.programme_id, p.occasion, o.state, \
             o.due_on, o.due_minute, o.reason, o.version, o.card_version, o.reminded_at, o.promised_at, o.settled_at FROM promise p \
             JOIN promise_owner o ON o.team_id = p.team_id AND o.promise_id = p.promise_id \
             WHERE p.team_id = $1 AND p.words <> '' AND ",
            $rest
        )
    };
}

/// Adds a new promise to a unit.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    let (team, id, origin) = (team.as_str(), promise.id.as_str(), &promise.origin);
    let row = values![
        team,
        id,
        promise.asker.as_str(),
        promise.author.as_ref().map_or("", UserId::as_str),
        promise.words.as_str(),
        promise.link.as_str(),
        origin.channel.as_ref().map_or("", ChannelId::as_str),
        origin.programme.as_str(),
        origin.occasion.map(|date| date.to_string()).unwrap_or_default(),
        now
    ];
    unit.row(&PROMISE, row);
    let (due_on, due_minute) = due_as_stored(promise.due);
    let row = values![
        team,
        id,
        promise.owner.as_str(),
        promise.state.as_str(),
        due_on,
        due_minute,
        promise.reason.as_str(),
        promise.version,
        promise.card,
        promise.promised_at.map(|at| at.timestamp_millis())
    ];
    unit.row(&OWNER, row);
}

/// Adds to a unit that a promise stands otherwise, unless it has changed since it was read ([`CHANGED`]), or would be one more
/// than its owner can have ([`FULL`]).
pub fn change(unit: &mut UnitOfWork, team: &TeamId, before: &Promise, after: &Promise) {
    change_or(CHANGED, unit, team, before, after);
}

/// The same for a run, which reads again if it has changed ([`runs::OUTDATED`]).
pub fn change_in_run(unit: &mut UnitOfWork, team: &TeamId, before: &Promise, after: &Promise) {
    change_or(runs::OUTDATED, unit, team, before, after);
}

fn change_or(guard: &'static str, unit: &mut UnitOfWork, team: &TeamId, before: &Promise, after: &Promise) {
    if after.state == PromiseState::Open && before.state != PromiseState::Open {
        one_more(unit, team, after);
    }
    let (due_on, due_minute) = due_as_stored(after.due);
    let write = Write::Run(
        "UPDATE promise_owner SET owner_id = $5, state = $6, due_on = $7, due_minute = $8, reason = $9, \
         version = version + 1, promised_at = $10, settled_at = $11, card_version = $12, reminded_at = $13, helped_at = NULL \
         WHERE team_id = $1 AND promise_id = $2 AND state = $3 AND version = $4 RETURNING team_id, promise_id",
        values![
            team.as_str(),
            before.id.as_str(),
            before.state.as_str(),
            before.version,
            after.owner.as_str(),
            after.state.as_str(),
            due_on,
            due_minute,
            after.reason.as_str(),
            after.promised_at.map(|at| at.timestamp_millis()),
            after.settled_at.map(|at| at.timestamp_millis()),
            after.card,
            after.reminded_at.map(|at| at.timestamp_millis())
        ],
    );
    unit.guard(guard, write);
    if !after.is_pending() {
        limits::forget(unit, team, before);
    }
}

/// Makes the run of a reminder depend on the promise standing as it was read, and stores that its owner was reminded
/// ([`runs::OUTDATED`]).
pub fn remind(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    let write = Write::Run(
        "UPDATE promise_owner SET reminded_at = $4, card_version = version \
         WHERE team_id = $1 AND promise_id = $2 AND version = $3 AND state = 'open' RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, now],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit that the owner asks others for help, unless they have since `since` or the promise has changed ([`HELPED`]).
pub fn call_for_help(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, since: Instant, now: Instant) {
    let write = Write::Run(
        "UPDATE promise_owner SET helped_at = $4 WHERE team_id = $1 AND promise_id = $2 AND version = $3 \
         AND (helped_at IS NULL OR helped_at < $5) RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, now, since],
    );
    unit.guard(HELPED, write);
}

/// Adds to a unit that the channel of a promise was asked for help.
pub fn call_the_channel(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    unit.run(
        "UPDATE promise_owner SET called_at = $3 WHERE team_id = $1 AND promise_id = $2",
        values![team.as_str(), promise.id.as_str(), now],
    );
}

/// Returns when the channel of a promise was last asked for help.
pub async fn called_at(store: &ReadStore, id: &str) -> Result<Option<Instant>, StoreError> {
    let text = "SELECT called_at FROM promise_owner WHERE team_id = $1 AND promise_id = $2";
    let rows = store.ask(text, values![store.team(), id]).await?;
    Ok(rows.into_iter().next().and_then(|row| Columns::of("promise", row).at_or_null()))
}

/// Returns what waits for a person and is from the message at this address.
pub async fn pending_from(
    store: &ReadStore,
    owner: &UserId,
    link: &str,
) -> Result<Option<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!("o.owner_id = $2 AND p.link = $3 AND o.state IN ('asked', 'open') ORDER BY p.promise_id LIMIT 1"),
            values![store.team(), owner.as_str(), link],
        )
        .await?;
    rows.into_iter().next().map(read).transpose()
}

/// Adds to a unit that a call for help reached no one.
pub fn forget_help(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    unit.run(
        "UPDATE promise_owner SET helped_at = NULL, called_at = NULL WHERE team_id = $1 AND promise_id = $2 AND version = $3",
        values![team.as_str(), promise.id.as_str(), promise.version],
    );
}

/// Adds to a unit that a channel has another id.
pub fn move_channel(unit: &mut UnitOfWork, team: &TeamId, from: &ChannelId, to: &ChannelId) {
    unit.run(
        "UPDATE promise SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
}

/// Returns a promise; `None` if it is unknown or was forgotten.
pub async fn promise(store: &ReadStore, id: &str) -> Result<Option<Promise>, StoreError> {
    let rows = store.ask(promises!("p.promise_id = $2"), values![store.team(), id]).await?;
    rows.into_iter().next().map(read).transpose()
}

/// Returns what waits for a person, what has no date yet first and then the next, behind a due date and a promise.
pub async fn pending_of(
    store: &ReadStore,
    owner: &UserId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!(
                "o.owner_id = $2 AND o.state IN ('asked', 'open') AND (o.due_on, p.promise_id) > ($3, $4) \
                 ORDER BY o.due_on, p.promise_id LIMIT $5"
            ),
            values![store.team(), owner.as_str(), after.0, after.1, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns what a person asked of others and no one has done yet, in the order of [`pending_of`], behind a due date and a promise.
pub async fn asked_by(
    store: &ReadStore,
    asker: &UserId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!(
                "p.asker_id = $2 AND o.owner_id <> $2 AND o.state IN ('asked', 'open', 'returned') \
                 AND (o.due_on, p.promise_id) > ($3, $4) ORDER BY o.due_on, p.promise_id LIMIT $5"
            ),
            values![store.team(), asker.as_str(), after.0, after.1, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the promises from a channel that are neither kept nor dropped, the next first.
pub async fn open_in(store: &ReadStore, channel: &ChannelId, limit: i64) -> Result<Vec<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!(
                "p.channel_id = $2 AND o.state IN ('asked', 'open', 'returned') ORDER BY o.due_on, p.promise_id LIMIT $3"
            ),
            values![store.team(), channel.as_str(), limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the promises from a channel that were kept since an instant, newest first.
pub async fn kept_in(
    store: &ReadStore,
    channel: &ChannelId,
    since: Instant,
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!(
                "p.channel_id = $2 AND o.state = 'kept' AND o.settled_at >= $3 \
                 ORDER BY o.settled_at DESC, p.promise_id LIMIT $4"
            ),
            values![store.team(), channel.as_str(), since, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the promises of a programme of a channel that are due on a date or before, and those without an owner, the next first.
/// Those of a programme that has ended come with any other one of the same channel.
pub async fn due_of(
    store: &ReadStore,
    (programme, channel): (&str, &ChannelId),
    until: NaiveDate,
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!(
                "p.channel_id = $2 AND (o.state = 'returned' OR (o.state = 'open' AND o.due_on <= $4)) \
                 AND (p.programme_id = $3 OR (p.programme_id <> '' AND NOT EXISTS (SELECT 1 FROM programme g \
                 WHERE g.team_id = p.team_id AND g.programme_id = p.programme_id AND g.ended_at IS NULL))) \
                 ORDER BY o.due_on, p.promise_id LIMIT $5"
            ),
            values![store.team(), channel.as_str(), programme, until.to_string(), limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

/// Returns the promises of a programme that were kept or dropped since an instant, and those that are due after a date; of each state the
/// next first. A no to a question isn't among them, since it never was a promise.
pub async fn reviewed_of(
    store: &ReadStore,
    programme: &str,
    (since, date): (Instant, NaiveDate),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    let rows = store
        .ask(
            promises!(
                "p.programme_id = $2 AND o.promised_at IS NOT NULL AND ((o.state IN ('kept', 'dropped') \
                 AND o.settled_at >= $3) OR (o.state = 'open' AND o.due_on > $4)) \
                 ORDER BY o.state, o.due_on, p.promise_id LIMIT $5"
            ),
            values![store.team(), programme, since, date.to_string(), limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Vec<Value>) -> Result<Promise, StoreError> {
    let mut row = Columns::of("promise", row);
    let (id, owner, asker) = (row.text()?, UserId(row.text()?), UserId(row.text()?));
    let (author, words) = (row.text()?, row.text()?);
    let (link, channel) = (row.text()?, row.text()?);
    let (programme, occasion, state) = (row.text()?, row.text()?, row.text()?);
    let origin = PromiseOrigin {
        channel: (!channel.is_empty()).then_some(ChannelId(channel)),
        programme,
        occasion: occasion.parse().ok(),
    };
    let state =
        PromiseState::parse(&state).ok_or_else(|| StoreError::coding("a promise in an unknown state"))?;
    let (due_on, due_minute) = (row.text()?, row.int_or_null());
    Ok(Promise {
        id,
        owner,
        asker,
        author: (!author.is_empty()).then_some(UserId(author)),
        words,
        link,
        origin,
        state,
        due: due_of_stored(&due_on, due_minute),
        reason: row.text()?,
        version: row.int()?,
        card: row.int()?,
        reminded_at: row.at_or_null(),
        promised_at: row.at_or_null(),
        settled_at: row.at_or_null(),
    })
}

fn due_as_stored(due: Option<Due>) -> (String, Option<i64>) {
    let minute = |time: NaiveTime| i64::from(time.num_seconds_from_midnight() / 60);
    let date = due.map(|due| due.date.to_string()).unwrap_or_default();
    (date, due.and_then(|due| due.time).map(minute))
}

fn due_of_stored(date: &str, minute: Option<i64>) -> Option<Due> {
    let seconds = minute.and_then(|minute| u32::try_from(minute * 60).ok());
    let time = seconds.and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0));
    Some(Due { date: date.parse().ok()?, time })
}
