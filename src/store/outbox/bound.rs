//! How much may wait of what one person caused. Programmes have no bound: a round of 10,000 people waits as a whole.

use crate::{
    model::{
        clock::Instant,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::unit::{Insert, Unit, Write},
    values,
};

/// What a unit is declined with that would add to the 500 effects which wait for the same person already.
pub const TOO_MANY_WAITING: &str = "too_many_waiting";

/// The row is what the guard of two units of one person meets at; a person's first unit in days finds nothing waiting.
static CAUSER: Insert = Insert {
    table: "effect_causer",
    columns: &["team_id", "causer", "asked_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, causer) DO UPDATE SET asked_at = excluded.asked_at WHERE 500 > \
         (SELECT COUNT(*) FROM (SELECT 1 FROM outbox WHERE outbox.team_id = effect_causer.team_id \
         AND outbox.causer = effect_causer.causer AND outbox.visible_at IS NOT NULL LIMIT 500) waiting)",
};

/// Makes a unit that asks for something new at Slack depend on how much of this person's waits ([`TOO_MANY_WAITING`]). What
/// only changes or deletes what was asked for is never declined.
pub fn bound(unit: &mut Unit, team: &TeamId, person: &UserId, now: Instant) {
    if unit.has_row_of("outbox") {
        let causer = Owner::Person(person.clone()).to_string();
        unit.guard(TOO_MANY_WAITING, Write::Row(&CAUSER, values![team.as_str(), causer, now]));
    }
}
