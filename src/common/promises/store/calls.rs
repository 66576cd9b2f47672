//! Whom an owner asked for help.

use crate::{
    common::promises::Promise,
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

/// Refuses a call for help that comes soon after another one.
pub const HELPED: &str = "promise_helped";
/// How many calls for help follow their promise: the latest ones.
const MOST_CALLS: i64 = 20;

static CALL: Insert = Insert {
    table: "promise_call",
    columns: &["team_id", "promise_id", "helper_id", "called_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, promise_id, helper_id) DO UPDATE SET called_at = excluded.called_at",
};

/// A call for help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `None` if it is in the channel.
    pub helper: Option<UserId>,
    pub at: Instant,
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

/// Adds to a unit whom the owner asks. An earlier call to the same person, or in the channel, isn't known any more.
pub fn put_call(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, call: &Call) {
    let helper = call.helper.as_ref().map_or("", UserId::as_str);
    unit.row(&CALL, values![team.as_str(), promise.id.as_str(), helper, call.at]);
}

/// Adds to a unit that the call in the channel reached no one.
pub fn forget_call(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    unit.run(
        "DELETE FROM promise_call WHERE team_id = $1 AND promise_id = $2 AND helper_id = ''",
        values![team.as_str(), promise.id.as_str()],
    );
    unit.run(
        "UPDATE promise_owner SET helped_at = NULL WHERE team_id = $1 AND promise_id = $2 AND version = $3",
        values![team.as_str(), promise.id.as_str(), promise.version],
    );
}

/// Returns the calls for help with a promise, the latest first.
pub async fn calls(store: &ReadStore, id: &str) -> Result<Vec<Call>, StoreError> {
    let text = "SELECT helper_id, called_at FROM promise_call WHERE team_id = $1 AND promise_id = $2 \
                ORDER BY called_at DESC, helper_id LIMIT $3";
    let read = |row: Vec<Value>| {
        let mut row = Columns::of("promise_call", row);
        let helper = row.text()?;
        Ok(Call { helper: (!helper.is_empty()).then_some(UserId(helper)), at: row.at()? })
    };
    store.ask(text, values![store.team(), id, MOST_CALLS]).await?.into_iter().map(read).collect()
}
