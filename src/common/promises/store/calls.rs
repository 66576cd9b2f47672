//! Whom an owner asked for help.

use super::CHANGED;
use crate::{
    common::promises::{Promise, plan::Call},
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        runs,
        unit::{UnitOfWork, Value, Write},
    },
    values,
};

/// Refuses a call for help that comes soon after the same one, or after as many as an hour allows.
pub const HELPED: &str = "promise_helped";
/// How many calls for help follow their promise: the latest ones.
const MOST_CALLS: i64 = 20;

/// Whether the run that asks the person is still to come.
macro_rules! is_planned {
    () => {
        "CASE WHEN EXISTS (SELECT 1 FROM run r WHERE r.team_id = c.team_id AND r.owner = 'person/' || c.helper_id \
         AND r.ritual = 'promises' AND r.kind = 'call' \
         AND r.subject = c.promise_id || '/' || CAST(c.called_at AS TEXT) AND r.done_at IS NULL) THEN 1 ELSE 0 END"
    };
}

/// Whether the person's account is off.
macro_rules! is_gone {
    () => {
        "CASE WHEN EXISTS (SELECT 1 FROM person h WHERE h.team_id = c.team_id AND h.user_id = c.helper_id \
         AND h.deactivated_at IS NOT NULL) THEN 1 ELSE 0 END"
    };
}

/// Adds to a unit whom the owner asks for help, unless the promise has changed ([`CHANGED`]), or they have asked the same person or in the
/// channel since `since`, or as many as `most` ([`HELPED`]). An earlier call to the same isn't known any more.
pub fn call_for_help(
    unit: &mut UnitOfWork,
    team: &TeamId,
    promise: &Promise,
    call: &Call,
    (since, most): (Instant, i64),
) {
    // It locks the promise, so that its calls are counted one after the other.
    let write = Write::Run(
        "UPDATE promise_owner SET helped_at = $4 WHERE team_id = $1 AND promise_id = $2 AND version = $3 \
         RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), promise.version, call.at],
    );
    unit.guard(CHANGED, write);
    let helper = call.helper.as_ref().map_or("", UserId::as_str);
    let write = Write::Run(
        "INSERT INTO promise_call (team_id, promise_id, helper_id, called_at, asked_by, words) \
         SELECT o.team_id, o.promise_id, CAST($3 AS TEXT), CAST($4 AS BIGINT), o.owner_id, CAST($7 AS TEXT) FROM promise_owner o WHERE o.team_id = $1 AND o.promise_id = $2 \
         AND (SELECT COUNT(*) FROM promise_call c WHERE c.team_id = $1 AND c.promise_id = $2 AND c.called_at >= $5) < $6 \
         ON CONFLICT (team_id, promise_id, helper_id) DO UPDATE \
         SET called_at = excluded.called_at, asked_by = excluded.asked_by, words = excluded.words \
         WHERE promise_call.called_at < $5 RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), helper, call.at, since, most, call.words.as_str()],
    );
    unit.guard(HELPED, write);
}

/// Makes a run depend on a call standing as it was read ([`runs::OUTDATED`]).
pub fn calls_still(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, call: &Call) {
    let helper = call.helper.as_ref().map_or("", UserId::as_str);
    let write = Write::Run(
        "UPDATE promise_call SET called_at = called_at WHERE team_id = $1 AND promise_id = $2 AND helper_id = $3 AND called_at = $4 \
         RETURNING team_id, promise_id",
        values![team.as_str(), promise.id.as_str(), helper, call.at],
    );
    unit.guard(runs::OUTDATED, write);
}

/// Adds to a unit that the call in the channel reached no one.
pub fn forget_call(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    unit.run(
        "DELETE FROM promise_call WHERE team_id = $1 AND promise_id = $2 AND helper_id = ''",
        values![team.as_str(), promise.id.as_str()],
    );
}

/// Returns the calls for a person's help who will be asked after an instant, with the ids of the promises; the latest first.
pub async fn calls_after(
    store: &ReadStore,
    helper: &UserId,
    at: Instant,
) -> Result<Vec<(String, Call)>, StoreError> {
    let text = concat!(
        "SELECT c.promise_id, c.called_at, c.words, 1, ",
        is_gone!(),
        " FROM promise_call c WHERE c.team_id = $1 AND c.helper_id = $2 \
                AND EXISTS (SELECT 1 FROM run r WHERE r.team_id = c.team_id AND r.owner = 'person/' || c.helper_id \
                AND r.ritual = 'promises' AND r.kind = 'call' \
                AND r.subject = c.promise_id || '/' || CAST(c.called_at AS TEXT) AND r.visible_at > $3) \
                ORDER BY c.called_at DESC LIMIT $4"
    );
    let rows = store.ask(text, values![store.team(), helper.as_str(), at, MOST_CALLS]).await?;
    rows.into_iter().map(|row| call_to(helper, row)).collect()
}

/// Returns the calls for a person's help with what is open, or may be opened again, with the ids of the promises; open ones first, and
/// the latest of them.
pub async fn calls_to(store: &ReadStore, helper: &UserId) -> Result<Vec<(String, Call)>, StoreError> {
    let text = concat!(
        "SELECT c.promise_id, c.called_at, c.words, ",
        is_planned!(),
        ", ",
        is_gone!(),
        " FROM promise_call c JOIN promise_owner o ON o.team_id = c.team_id AND o.promise_id = c.promise_id \
          WHERE c.team_id = $1 AND c.helper_id = $2 AND o.state IN ('open', 'kept', 'dropped') \
          ORDER BY CASE o.state WHEN 'open' THEN 0 ELSE 1 END, c.called_at DESC LIMIT $3"
    );
    let rows = store.ask(text, values![store.team(), helper.as_str(), MOST_CALLS]).await?;
    rows.into_iter().map(|row| call_to(helper, row)).collect()
}

/// Reads a call for a person's help, with the id of the promise.
fn call_to(helper: &UserId, row: Vec<Value>) -> Result<(String, Call), StoreError> {
    let mut row = Columns::of("promise_call", row);
    let id = row.text()?;
    Ok((id, call(Some(helper.clone()), &mut row)?))
}

/// Reads a call behind its person.
fn call(helper: Option<UserId>, row: &mut Columns) -> Result<Call, StoreError> {
    Ok(Call {
        helper,
        at: row.at()?,
        words: row.text()?,
        is_planned: row.int()? == 1,
        is_gone: row.int()? == 1,
    })
}

/// Adds to a unit that the owner of a promise has asked no one for help: it goes to another person.
pub fn forget_calls(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    unit.run(
        "DELETE FROM promise_call WHERE team_id = $1 AND promise_id = $2",
        values![team.as_str(), promise.id.as_str()],
    );
}

/// Adds to a unit that the owner of a promise hasn't asked a person for help with it.
pub fn forget_helper(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, helper: &UserId) {
    unit.run(
        "DELETE FROM promise_call WHERE team_id = $1 AND promise_id = $2 AND helper_id = $3",
        values![team.as_str(), promise.id.as_str(), helper.as_str()],
    );
}

/// Returns the calls for help with a promise, the latest first.
pub async fn calls(store: &ReadStore, id: &str) -> Result<Vec<Call>, StoreError> {
    let text = concat!(
        "SELECT c.helper_id, c.called_at, c.words, ",
        is_planned!(),
        ", ",
        is_gone!(),
        " FROM promise_call c WHERE c.team_id = $1 AND c.promise_id = $2 ORDER BY c.called_at DESC, c.helper_id LIMIT $3"
    );
    let read = |row: Vec<Value>| {
        let mut row = Columns::of("promise_call", row);
        let helper = row.text()?;
        let helper = (!helper.is_empty()).then_some(UserId(helper));
        call(helper, &mut row)
    };
    store.ask(text, values![store.team(), id, MOST_CALLS]).await?.into_iter().map(read).collect()
}
