//! Lists of promises: a person's, an asker's, a channel's and a programme's.

use chrono::{NaiveDate, NaiveTime, Timelike as _};

use super::read;
use crate::{
    common::promises::{MOST_LISTED, Promise},
    model::{
        clock::Instant,
        people::{ChannelId, UserId},
    },
    store::{StoreError, reading::ReadStore, unit::Value},
    values,
};

/// The date and time by which lists are in order, as in [`place_in_list`].
macro_rules! by_date {
    () => {
        "CASE o.due_on WHEN '' THEN '9999' ELSE o.due_on || 'T' || CAST(COALESCE(10000 + o.due_minute, 99999) AS TEXT) END"
    };
}

/// A page of a list: what has this about the person `$2`, behind a due date and a promise, in the order of [`place_in_list`].
macro_rules! page_of {
    ($has:literal) => {
        selected!(
            $has,
            " AND (",
            by_date!(),
            ", p.promise_id) > ($3, $4) ORDER BY ",
            by_date!(),
            ", p.promise_id LIMIT $5"
        )
    };
}

/// Returns what lists are in the order of: when a promise is due, and its id. What has no time is behind all others of its date, and what
/// has no date is last.
pub fn place_in_list(promise: &Promise) -> (String, String) {
    let minute = |time: NaiveTime| 10_000 + time.num_seconds_from_midnight() / 60;
    let due = match promise.due {
        None => "9999".to_owned(),
        Some(due) => format!("{}T{}", due.date, due.time.map_or(99_999, minute)),
    };
    (due, promise.id.clone())
}

async fn listed(
    store: &ReadStore,
    text: &'static str,
    values: Vec<Value>,
) -> Result<Vec<Promise>, StoreError> {
    store.ask(text, values).await?.into_iter().map(read).collect()
}

/// Returns a promise; `None` if it is unknown or was forgotten.
pub async fn promise(store: &ReadStore, id: &str) -> Result<Option<Promise>, StoreError> {
    Ok(listed(store, selected!("p.promise_id = $2"), values![store.team(), id]).await?.pop())
}

/// Returns what waits for a person and is from the message at this address.
pub async fn pending_from(
    store: &ReadStore,
    owner: &UserId,
    link: &str,
) -> Result<Option<Promise>, StoreError> {
    let found = listed(
        store,
        selected!(
            "o.owner_id = $2 AND p.link = $3 AND o.state IN ('asked', 'open') ORDER BY p.promise_id LIMIT 1"
        ),
        values![store.team(), owner.as_str(), link],
    );
    Ok(found.await?.pop())
}

/// Returns what waits for a person, the next first and what has no date yet last, behind a due date and a promise.
pub async fn pending_of(
    store: &ReadStore,
    owner: &UserId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        page_of!("o.owner_id = $2 AND o.state IN ('asked', 'open')"),
        values![store.team(), owner.as_str(), after.0, after.1, limit],
    )
    .await
}

/// Returns what a person had promised or was asked for that has no owner since their account was off, in the order of [`pending_of`], behind
/// a due date and a promise.
pub async fn lost_behind(
    store: &ReadStore,
    owner: &UserId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        page_of!("o.owner_id = $2 AND o.state = 'returned'"),
        values![store.team(), owner.as_str(), after.0, after.1, limit],
    )
    .await
}

/// Returns what a person asked of others and no one has done yet, in the order of [`pending_of`], behind a due date and a promise.
pub async fn asked_by(
    store: &ReadStore,
    asker: &UserId,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        page_of!("p.asker_id = $2 AND o.owner_id <> $2 AND o.state IN ('asked', 'open', 'returned')"),
        values![store.team(), asker.as_str(), after.0, after.1, limit],
    )
    .await
}

/// Returns the promises from a channel that are neither kept nor dropped, the next first, and behind them what was asked for and no one has
/// promised: those behind a place, which is whether it's only asked for, the due date and the id; the first one is before all.
pub async fn open_in(
    store: &ReadStore,
    channel: &ChannelId,
    (is_asked, date, id): (i64, &str, &str),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        selected!(
            "p.channel_id = $2 AND o.state IN ('asked', 'open', 'returned') \
                 AND (CASE WHEN o.promised_at IS NULL THEN 1 ELSE 0 END, ",
            by_date!(),
            ", p.promise_id) > ($3, $4, $5) ORDER BY CASE WHEN o.promised_at IS NULL THEN 1 ELSE 0 END, ",
            by_date!(),
            ", p.promise_id LIMIT $6"
        ),
        values![store.team(), channel.as_str(), is_asked, date, id, limit],
    )
    .await
}

/// Returns the promises from a channel that were kept since an instant, newest first.
pub async fn kept_in(
    store: &ReadStore,
    channel: &ChannelId,
    since: Instant,
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        selected!(
            "p.channel_id = $2 AND o.state = 'kept' AND o.settled_at >= $3 \
                 ORDER BY o.settled_at DESC, p.promise_id LIMIT $4"
        ),
        values![store.team(), channel.as_str(), since, limit],
    )
    .await
}

/// Returns what a person has done last since an instant.
pub async fn kept_since(
    store: &ReadStore,
    owner: &UserId,
    since: Instant,
) -> Result<Option<Promise>, StoreError> {
    let found = listed(
        store,
        selected!(
            "o.owner_id = $2 AND o.state = 'kept' AND o.settled_at > $3 ORDER BY o.settled_at DESC, p.promise_id LIMIT 1"
        ),
        values![store.team(), owner.as_str(), since],
    );
    Ok(found.await?.pop())
}

/// Returns the promises of a programme of a channel that are due on a date or before, the next first, and behind them those without an owner.
/// What has come up [`MOST_LISTED`] times is left out. Those of a programme that has ended come with any other one of the same channel.
pub async fn due_of(
    store: &ReadStore,
    (programme, channel): (&str, &ChannelId),
    until: NaiveDate,
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        selected!(
            "p.channel_id = $2 AND o.listed < $6 AND (o.state = 'returned' OR (o.state = 'open' AND o.due_on <= $4)) \
                 AND (p.programme_id = $3 OR (p.programme_id <> '' AND NOT EXISTS (SELECT 1 FROM programme g \
                 WHERE g.team_id = p.team_id AND g.programme_id = p.programme_id AND g.ended_at IS NULL))) \
                 ORDER BY CASE o.state WHEN 'open' THEN 0 ELSE 1 END, o.due_on, p.promise_id LIMIT $5"
        ),
        values![store.team(), channel.as_str(), programme, until.to_string(), limit, MOST_LISTED],
    )
    .await
}

/// Returns the promises of a programme that were kept or dropped since an instant, and those that are due after a date; of each state the
/// next first. A no to a question isn't among them, since it never was a promise.
pub async fn reviewed_of(
    store: &ReadStore,
    programme: &str,
    (since, date): (Instant, NaiveDate),
    limit: i64,
) -> Result<Vec<Promise>, StoreError> {
    listed(
        store,
        selected!(
            "p.programme_id = $2 AND o.promised_at IS NOT NULL AND ((o.state IN ('kept', 'dropped') \
                 AND o.settled_at >= $3) OR (o.state = 'open' AND o.due_on > $4)) \
                 ORDER BY o.state, o.due_on, p.promise_id LIMIT $5"
        ),
        values![store.team(), programme, since, date.to_string(), limit],
    )
    .await
}
