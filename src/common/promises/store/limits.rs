//! How many promises a person may have and ask for, and that the same one isn't recorded twice.

use crate::{
    common::promises::{MOST_OPEN, Promise},
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    store::{
        StoreError,
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Write},
    },
    values,
};

/// Refuses a promise of a person who has [`MOST_OPEN`] open.
pub const FULL: &str = "promise_full";
/// Refuses a request of a person who asked for [`MOST_REQUESTS`](crate::common::promises::MOST_REQUESTS) on that day.
pub const ASKED_OFTEN: &str = "promise_asked_often";
/// Refuses what was recorded with the same words, date and people a few minutes ago.
pub const TWICE: &str = "promise_twice";
/// Locks a person's row; it refuses nothing.
const LOCKED: &str = "promise_person_locked";

static LOCK: Insert = Insert {
    table: "promise_person",
    columns: &["team_id", "user_id", "day", "requests"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, user_id) DO UPDATE SET requests = promise_person.requests",
};

/// The limit stands in the statement, so that one serves all people.
static REQUEST: Insert = Insert {
    table: "promise_person",
    columns: &["team_id", "user_id", "day", "requests"],
    identity: 2,
    on_conflict: concat!(
        "ON CONFLICT (team_id, user_id) DO UPDATE SET day = excluded.day, \
         requests = CASE WHEN promise_person.day = excluded.day THEN promise_person.requests + 1 ELSE 1 END \
         WHERE promise_person.day <> excluded.day OR promise_person.requests < ",
        crate::common::promises::most_requests!()
    ),
};

static RECENT: Insert = Insert {
    table: "promise_recent",
    columns: &["team_id", "fingerprint", "owner_id", "asker_id", "promise_id", "made_at"],
    identity: 2,
    on_conflict: concat!(
        "ON CONFLICT (team_id, fingerprint) DO UPDATE SET promise_id = excluded.promise_id, made_at = excluded.made_at \
         WHERE promise_recent.made_at <= excluded.made_at - ",
        crate::common::promises::recent_ms!()
    ),
};

/// Makes a unit depend on the owner of a promise having fewer than [`MOST_OPEN`] others ([`FULL`]): those that are open, and those that
/// they saved for themselves. What others ask of a person is no promise, and takes no room.
///
/// Their row is locked by a statement of its own, and the next one counts what is committed then: of two at once, the second counts the
/// first one's promise.
pub fn one_more(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    let owner = promise.owner.as_str();
    unit.guard(LOCKED, Write::Row(&LOCK, values![team.as_str(), owner, "", 0]));
    let write = Write::Run(
        "UPDATE promise_person SET requests = requests WHERE team_id = $1 AND user_id = $2 \
         AND (SELECT COUNT(*) FROM promise_owner o JOIN promise p ON p.team_id = o.team_id AND p.promise_id = o.promise_id \
         WHERE o.team_id = $1 AND o.owner_id = $2 AND o.promise_id <> $4 AND p.words <> '' \
         AND (o.state = 'open' OR (o.state = 'asked' AND p.asker_id = $2))) < $3 RETURNING team_id, user_id",
        values![team.as_str(), owner, MOST_OPEN, promise.id.as_str()],
    );
    unit.guard(FULL, write);
}

/// Makes a unit depend on a person's not having asked too often on a local date of theirs, and counts the request ([`ASKED_OFTEN`]).
pub fn request_one_more(unit: &mut UnitOfWork, team: &TeamId, asker: &UserId, day: &str) {
    unit.guard(ASKED_OFTEN, Write::Row(&REQUEST, values![team.as_str(), asker.as_str(), day, 1]));
}

/// Makes a unit depend on no promise of this fingerprint having been recorded a short time ago ([`TWICE`]).
pub fn once(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise, now: Instant) {
    let (owner, asker) = (promise.owner.as_str(), promise.asker.as_str());
    let row = values![team.as_str(), promise.fingerprint(), owner, asker, promise.id.as_str(), now];
    unit.guard(TWICE, Write::Row(&RECENT, row));
}

/// Whether [`once`] refuses a promise at this instant.
pub async fn is_recent(store: &ReadStore, promise: &Promise, now: Instant) -> Result<bool, StoreError> {
    let text = concat!(
        "SELECT 1 FROM promise_recent WHERE team_id = $1 AND fingerprint = $2 AND made_at > $3 - ",
        crate::common::promises::recent_ms!()
    );
    Ok(!store.ask(text, values![store.team(), promise.fingerprint(), now]).await?.is_empty())
}

/// Adds to a unit that a promise is over, so that the same one may be made again at once.
pub(super) fn forget(unit: &mut UnitOfWork, team: &TeamId, promise: &Promise) {
    unit.run(
        "DELETE FROM promise_recent WHERE team_id = $1 AND promise_id = $2",
        values![team.as_str(), promise.id.as_str()],
    );
}
