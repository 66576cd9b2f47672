//! The outbox: one row for each thing that people see, with what it should say and what Slack shows.
//!
//! A row holds the requested version and the sent version. Enqueueing an effect under an existing key requests the next
//! version: an unsent effect is replaced, a sent one is updated, and one that is being sent is updated afterwards. So
//! the order per key holds by itself.

/// The form of the rows that this release writes: a macro, so that statements can hold it. A release that writes another
/// form takes the next number.
macro_rules! format_written {
    () => {
        1
    };
}
use format_written;

/// Which rows this release can read. Rows of a newer one are left to it.
macro_rules! readable {
    () => {
        concat!("format <= ", format_written!())
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

/// Refuses a claim that another worker made first.
const TAKEN: &str = "taken";
/// Refuses a settlement whose claim had ended.
const LOST: &str = "lost";

/// Counts the new effects of a unit. Changes and deletions of existing effects do not count.
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

/// Adds an effect to a unit, unless an effect of its key exists: that one stays as it is.
pub fn enqueue_once(
    unit: &mut UnitOfWork,
    team: &TeamId,
    effect: &NewEffect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.row(&EFFECT_ONCE, row(team, effect, now)?);
    Ok(())
}

/// Adds to a unit that an effect which may have been posted is replaced by another, or is deleted. An effect that is not
/// posted yet is withdrawn instead, and one that was withdrawn stays so. One that is being sent is changed if it
/// arrives; if not, it has expired.
pub fn amend(
    unit: &mut UnitOfWork,
    team: &TeamId,
    key: &str,
    effect: &Effect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.run(
        concat!(
            "UPDATE outbox SET version = version + 1, format = ",
            format_written!(),
            ", kind = $5, discarded_at = NULL, \
         payload = CASE WHEN ts IS NULL AND send_started_at IS NULL THEN NULL ELSE $3 END, \
         expires_at = CASE WHEN ts IS NULL AND send_started_at IS NOT NULL THEN $4 ELSE expires_at END, \
         not_before = CASE WHEN visible_at IS NULL THEN $4 ELSE not_before END, \
         visible_at = CASE WHEN send_started_at IS NOT NULL THEN visible_at WHEN ts IS NULL THEN NULL ELSE $4 END \
         WHERE team_id = $1 AND key = $2"
        ),
        values![team.as_str(), key, encode(effect)?, now, kind(effect)],
    );
    Ok(())
}

/// Adds to a unit that a message says something else, posted or not. One that was withdrawn or has expired stays so.
pub fn revise(
    unit: &mut UnitOfWork,
    team: &TeamId,
    key: &str,
    effect: &Effect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.run(
        concat!(
            "UPDATE outbox SET version = version + 1, format = ",
            format_written!(),
            ", kind = $5, payload = $3, discarded_at = NULL, \
             not_before = CASE WHEN visible_at IS NULL THEN $4 ELSE not_before END, \
             visible_at = CASE WHEN visible_at IS NULL THEN $4 ELSE visible_at END \
             WHERE team_id = $1 AND key = $2 AND (ts IS NOT NULL OR visible_at IS NOT NULL)"
        ),
        values![team.as_str(), key, encode(effect)?, now, kind(effect)],
    );
    Ok(())
}

/// Adds to a unit that nothing more is sent for an owner. A message that was not posted is withdrawn, and one that is
/// being sent counts as expired if it does not arrive. Posted messages stay as they are.
///
/// Statements of a unit run behind its rows: what the same unit says about the end, such as a farewell, needs another
/// owner.
///
/// # Panics
///
/// Panics for `Owner::None`: an effect without an owner can't be withdrawn.
pub fn withdraw(unit: &mut UnitOfWork, team: &TeamId, owner: &Owner, now: Instant) {
    assert!(*owner != Owner::None, "an effect without an owner cannot be withdrawn");
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

/// Adds to a unit that messages whose keys are like this pattern aren't sent any more. One that is being sent counts as expired if it does not
/// arrive, and posted ones stay as they are.
pub fn withdraw_like(unit: &mut UnitOfWork, team: &TeamId, pattern: &str, now: Instant) {
    unit.run(
        "UPDATE outbox SET expires_at = $3, discarded_at = NULL, \
         payload = CASE WHEN send_started_at IS NULL THEN NULL ELSE payload END, \
         visible_at = CASE WHEN send_started_at IS NULL THEN NULL ELSE visible_at END, \
         last_error = CASE WHEN send_started_at IS NULL THEN 'withdrawn' ELSE last_error END \
         WHERE team_id = $1 AND key LIKE $2 AND ts IS NULL \
         AND (visible_at IS NOT NULL OR discarded_at IS NOT NULL)",
        values![team.as_str(), pattern, now],
    );
}

/// Adds to a unit that a posted message gets another text if the programme that owns it has ended. In the unit that
/// settles its posting this leaves no gap: an end that comes later finds the message posted.
pub fn amend_if_over(
    unit: &mut UnitOfWork,
    team: &TeamId,
    key: &str,
    effect: &Effect,
    now: Instant,
) -> Result<(), StoreError> {
    unit.run(
        concat!(
            "UPDATE outbox SET version = version + 1, format = ",
            format_written!(),
            ", kind = $5, payload = $3, not_before = $4, visible_at = $4 \
         WHERE team_id = $1 AND key = $2 AND ts IS NOT NULL AND EXISTS (SELECT 1 FROM programme \
         WHERE programme.team_id = $1 AND 'programme/' || programme.programme_id = outbox.owner \
         AND programme.ended_at IS NOT NULL)"
        ),
        values![team.as_str(), key, encode(effect)?, now, kind(effect)],
    );
    Ok(())
}
