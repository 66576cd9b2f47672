//! Who got the short help in their DM, and when: at most once in ten seconds for each person. A person who asks again reads it again, and
//! a program that answers each answer is slow.

use super::unit::{Insert, UnitOfWork, Write};
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    values,
};

/// Refuses a unit whose person got the help less than ten seconds ago.
pub const ANSWERED: &str = "answered";

/// A time in the future dates from before the clock was set back.
static ANSWER: Insert = Insert {
    table: "dm_help",
    columns: &["team_id", "user_id", "answered_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, user_id) DO UPDATE SET answered_at = excluded.answered_at \
         WHERE dm_help.answered_at <= excluded.answered_at - 10000 OR dm_help.answered_at > excluded.answered_at",
};

/// Makes a unit depend on the person's last help being at least ten seconds old.
pub fn guard(unit: &mut UnitOfWork, team: &TeamId, user: &UserId, now: Instant) {
    unit.guard(ANSWERED, Write::Row(&ANSWER, values![team.as_str(), user.as_str(), now]));
}
