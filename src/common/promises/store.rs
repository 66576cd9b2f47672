//! The only SQL of promises.

/// The columns of a promise, in the order of [`read`].
macro_rules! selected {
    ($($rest:tt)*) => {
        concat!(
            "SELECT p.promise_id, o.owner_id, p.asker_id, p.author_id, p.words, p.link, p.channel_id, p.programme_id, p.occasion, o.state, \
             o.due_on, o.due_minute, o.moves, o.first_due, o.reason, o.version, o.card_version, o.reminder_id, o.nudged_at, o.remind_at, \
             o.reminded_at, o.promised_at, o.settled_at, o.refused_by, o.refusal, o.listed, o.asked_version, \
             CASE WHEN EXISTS (SELECT 1 FROM person h WHERE h.team_id = p.team_id AND h.user_id = p.asker_id \
             AND h.deactivated_at IS NOT NULL) THEN 1 ELSE 0 END FROM promise p \
             JOIN promise_owner o ON o.team_id = p.team_id AND o.promise_id = p.promise_id \
             WHERE p.team_id = $1 AND p.words <> '' AND ",
            $($rest)*
        )
    };
}

mod calls;
mod holdings;
mod ledger;
mod limits;
mod lists;
mod rates;
mod reminders;

use chrono::{NaiveTime, Timelike as _};

pub use self::{
    calls::{
        HELPED, call_for_help, calls, calls_after, calls_still, calls_to, forget_call, forget_calls,
        forget_helper,
    },
    holdings::HOLDINGS,
    ledger::{PromiseLine, ledger},
    limits::{ASKED_OFTEN, FULL, TWICE, is_recent, once, one_more, request_one_more},
    lists::{
        asked_by, due_of, kept_in, kept_since, lost_behind, open_in, pending_from, pending_of, place_in_list,
        promise, reviewed_of,
    },
    rates::{rate_in, rate_of, rates_in},
    reminders::{
        DRAWN, came_up, draw, heard_all, lost_by, not_heard, nudge, plan_reminder, put_reminder, remind,
        reminded_together, stands, tell_all_lost, tell_lost, to_ask_after, to_remind, to_remind_later,
        unheard_by,
    },
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
        runs,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// Refuses a change of a promise that has changed since it was read.
pub const CHANGED: &str = "promise_changed";

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
        "asked_version",
        "moves",
        "first_due",
        "reminder_id",
        "reminder_row",
        "refused_by",
        "refusal",
        "listed",
        "listed_on",
        "promised_at",
    ],
    identity: 2,
    on_conflict: "",
};

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
        promise.version,
        promise.moves,
        promise.first_due.map(|date| date.to_string()).unwrap_or_default(),
        promise.reminder.as_str(),
        0,
        "",
        "",
        0,
        "",
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

/// Adds to a unit, which changes a promise, who asked for it from now on.
pub fn change_asker(unit: &mut UnitOfWork, team: &TeamId, before: &Promise, after: &Promise) {
    if before.asker != after.asker {
        let text =
            "UPDATE promise SET asker_id = $3 WHERE team_id = $1 AND promise_id = $2 AND asker_id = $4";
        let (id, before, after) = (before.id.as_str(), before.asker.as_str(), after.asker.as_str());
        unit.run(text, values![team.as_str(), id, after, before]);
    }
}

fn change_or(guard: &'static str, unit: &mut UnitOfWork, team: &TeamId, before: &Promise, after: &Promise) {
    if after.state == PromiseState::Open && before.state != PromiseState::Open {
        one_more(unit, team, after);
    }
    let (due_on, due_minute) = due_as_stored(after.due);
    let write = Write::Run(
        "UPDATE promise_owner SET owner_id = $5, state = $6, due_on = $7, due_minute = $8, reason = $9, \
         version = version + 1, promised_at = $10, settled_at = $11, card_version = $12, reminded_at = $13, moves = $14, \
         first_due = $15, reminder_id = $16, refused_by = $17, refusal = $18, \
         asked_version = CASE WHEN $6 = 'asked' OR owner_id <> $5 THEN $12 ELSE asked_version END, \
         listed = CASE WHEN card_version = $12 THEN listed ELSE 0 END, nudged_at = NULL, remind_at = NULL, helped_at = NULL, unheard_at = NULL \
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
            after.reminded_at.map(|at| at.timestamp_millis()),
            after.moves,
            after.first_due.map(|date| date.to_string()).unwrap_or_default(),
            after.reminder.as_str(),
            after.refused.as_ref().map_or("", |(person, _)| person.as_str()),
            after.refused.as_ref().map_or("", |(_, why)| why.as_str())
        ],
    );
    unit.guard(guard, write);
    if !after.is_pending() {
        limits::forget(unit, team, before);
    }
}

/// Adds to a unit that a channel has another id.
pub fn move_channel(unit: &mut UnitOfWork, team: &TeamId, from: &ChannelId, to: &ChannelId) {
    unit.run(
        "UPDATE promise SET channel_id = $3 WHERE team_id = $1 AND channel_id = $2",
        values![team.as_str(), from.as_str(), to.as_str()],
    );
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
    let (moves, first_due) = (row.int()?, row.text()?);
    let mut promise = Promise {
        id,
        owner,
        asker,
        is_asker_gone: false,
        author: (!author.is_empty()).then_some(UserId(author)),
        words,
        link,
        origin,
        state,
        due: due_of_stored(&due_on, due_minute),
        moves,
        first_due: first_due.parse().ok(),
        reason: row.text()?,
        version: row.int()?,
        card: row.int()?,
        reminder: row.text()?,
        nudged_at: row.at_or_null(),
        remind_at: row.at_or_null(),
        reminded_at: row.at_or_null(),
        promised_at: row.at_or_null(),
        settled_at: row.at_or_null(),
        refused: None,
        listed: 0,
        asked_in: 0,
    };
    let (person, why) = (row.text()?, row.text()?);
    promise.refused = (!person.is_empty()).then_some((UserId(person), why));
    promise.listed = row.int()?;
    promise.asked_in = row.int()?;
    promise.is_asker_gone = row.int()? == 1;
    Ok(promise)
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
