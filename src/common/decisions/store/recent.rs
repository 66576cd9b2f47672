//! What was recorded a short time ago, so that the same decision isn't recorded twice.

use crate::{
    common::decisions::record::Decision,
    model::{clock::Instant, people::TeamId},
    store::unit::{Insert, UnitOfWork, Write},
    values,
};

/// Refuses a decision that the same person recorded with the same words in the same channel a few minutes ago.
pub const TWICE: &str = "decision_twice";
/// For how many milliseconds the same decision is taken for a repetition; the statement holds the number.
const RECENT_MS: i64 = 600_000;

static RECENT: Insert = Insert {
    table: "decision_recent",
    columns: &["team_id", "recorded_by", "fingerprint", "recorded_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, recorded_by, fingerprint) DO UPDATE SET recorded_at = excluded.recorded_at \
         WHERE decision_recent.recorded_at <= excluded.recorded_at - 600000",
};

/// Makes a unit depend on its person not having recorded the same a short time ago ([`TWICE`]). What is older is forgotten.
pub fn once(unit: &mut UnitOfWork, team: &TeamId, decision: &Decision, now: Instant) {
    let (team, person) = (team.as_str(), decision.recorded_by.as_str());
    unit.run(
        "DELETE FROM decision_recent WHERE team_id = $1 AND recorded_by = $2 AND recorded_at <= $3 - $4",
        values![team, person, now, RECENT_MS],
    );
    let row = values![team, person, decision.fingerprint(), now];
    unit.guard(TWICE, Write::Row(&RECENT, row));
}
