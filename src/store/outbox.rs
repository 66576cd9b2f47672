//! The outbox: one row for each thing that people see, with what it should say and what Slack shows.
//!
//! A row holds the version that is wanted and the version that was sent. Enqueueing an effect under a key that is
//! there already asks for the next version: unsent it is replaced, sent it becomes an update, and while it is on
//! its way it waits for its turn. So order holds per key without any ordering.

/// Which rows this release can read. Those of a newer one are left to it.
macro_rules! readable {
    () => {
        "format <= 1"
    };
}

mod delivery;
mod row;
mod settlement;
mod view;

pub(super) use self::row::EFFECT;
use self::row::{EFFECT_ONCE, encode, kind, row};
pub use self::{
    delivery::{Due, HeldUp, UnreadableEffect},
    settlement::Settlement,
    view::{Depth, ListedEffect},
};
use super::{StoreError, unit::UnitOfWork};
use crate::{
    model::{
        clock::Instant,
        effect::{Effect, NewEffect},
        owner::Owner,
        people::TeamId,
    },
    values,
};

/// What a claim is refused with that somebody else was quicker to make.
const TAKEN: &str = "taken";
/// What a settling is refused with whose claim had ended.
const LOST: &str = "lost";

/// How many effects a unit asks for anew. What only changes or deletes what was asked for does not count.
pub fn effects_in(unit: &UnitOfWork) -> usize {
    unit.rows_of("outbox")
}

/// Adds an effect to a unit, so that it is committed together with what caused it.
pub fn enqueue(
    unit: &mut UnitOfWork,
    team: &TeamId,
    effect: &NewEffect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.row(&EFFECT, row(team, effect, now)?);
    Ok(())
}

/// Adds an effect to a unit, unless one of its key was asked for before: that one stays as it is.
pub fn enqueue_once(
    unit: &mut UnitOfWork,
    team: &TeamId,
    effect: &NewEffect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.row(&EFFECT_ONCE, row(team, effect, now)?);
    Ok(())
}

/// Adds to a unit that a thing which may have been posted says something else from now on, or is deleted. What was not posted
/// yet is withdrawn instead, and what was never to be posted stays so. What is on its way says something else if it
/// arrives; if not, it has expired.
pub fn amend(
    unit: &mut UnitOfWork,
    team: &TeamId,
    key: &str,
    work: &Effect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.run(
        "UPDATE outbox SET version = version + 1, format = 1, kind = $5, discarded_at = NULL, \
         payload = CASE WHEN ts IS NULL AND send_started_at IS NULL THEN NULL ELSE $3 END, \
         expires_at = CASE WHEN ts IS NULL AND send_started_at IS NOT NULL THEN $4 ELSE expires_at END, \
         not_before = CASE WHEN visible_at IS NULL THEN $4 ELSE not_before END, \
         visible_at = CASE WHEN send_started_at IS NOT NULL THEN visible_at WHEN ts IS NULL THEN NULL ELSE $4 END \
         WHERE team_id = $1 AND key = $2",
        values![team.as_str(), key, encode(work)?, now, kind(work)],
    );
    Ok(())
}

/// Adds to a unit that nothing more is sent of what an owner had asked for. A message that was never posted never will be,
/// and one that is on its way counts as expired if it does not arrive. Posted messages stay as they are.
///
/// Statements of a unit run behind its rows: what the same unit says of the end, such as a farewell, needs another owner.
pub fn withdraw(unit: &mut UnitOfWork, team: &TeamId, owner: &Owner, now: Instant) {
    debug_assert!(*owner != Owner::None, "what nobody owns cannot be withdrawn");
    unit.run(
        "UPDATE outbox SET expires_at = $3, discarded_at = NULL, \
         payload = CASE WHEN send_started_at IS NULL THEN NULL ELSE payload END, \
         visible_at = CASE WHEN send_started_at IS NULL THEN NULL ELSE visible_at END, \
         last_error = CASE WHEN send_started_at IS NULL THEN 'withdrawn' ELSE last_error END \
         WHERE team_id = $1 AND owner = $2 AND owner <> '' AND ts IS NULL \
         AND (visible_at IS NOT NULL OR discarded_at IS NOT NULL)",
        values![team.as_str(), owner.to_string(), now],
    );
}

/// Adds to a unit that a message which Slack shows says something else, if the programme that owns it has ended. In the unit
/// that settles its posting this decides without a gap: an end that comes later finds the message posted.
pub fn amend_if_over(
    unit: &mut UnitOfWork,
    team: &TeamId,
    key: &str,
    work: &Effect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.run(
        "UPDATE outbox SET version = version + 1, format = 1, kind = $5, payload = $3, not_before = $4, visible_at = $4 \
         WHERE team_id = $1 AND key = $2 AND ts IS NOT NULL AND EXISTS (SELECT 1 FROM programme \
         WHERE programme.team_id = $1 AND 'programme/' || programme.programme_id = outbox.owner \
         AND programme.ended_at IS NOT NULL)",
        values![team.as_str(), key, encode(work)?, now, kind(work)],
    );
    Ok(())
}

fn missing() -> StoreError {
    StoreError::coding("a row of the outbox lacks a value")
}
