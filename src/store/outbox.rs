//! The outbox: one row for each thing that people see, with what it should say and what Slack shows.
//!
//! A row holds the version that is wanted and the version that was sent. Enqueueing an effect under a key that is
//! there already asks for the next version: unsent it is replaced, sent it becomes an update, and while it is on
//! its way it waits for its turn. So order holds per key without any ordering.

mod delivery;
mod view;

pub use self::{
    delivery::{Due, Fate},
    view::{Depth, Listed},
};
use super::{
    StoreError,
    unit::{Insert, Unit, Value},
};
use crate::{
    model::{
        clock::Instant,
        effect::{Doubt, Effect, Target, Work},
        people::TeamId,
    },
    values,
};

const COLUMNS: &[&str] = &[
    "team_id",
    "key",
    "kind",
    "target",
    "lane",
    "ritual",
    "note",
    "doubt",
    "payload",
    "version",
    "sent_version",
    "not_before",
    "visible_at",
    "expires_at",
    "attempts",
    "looks",
    "channel",
    "created_at",
];

pub(super) static EFFECT: Insert = Insert {
    table: "outbox",
    columns: COLUMNS,
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO UPDATE SET \
         payload = excluded.payload, version = outbox.version + 1, expires_at = excluded.expires_at, \
         note = excluded.note, lane = excluded.lane, attempts = 0, dead_at = NULL, last_error = NULL, \
         channel = CASE WHEN outbox.ts IS NULL THEN excluded.channel ELSE outbox.channel END, \
         not_before = CASE WHEN outbox.visible_at IS NULL THEN excluded.not_before ELSE outbox.not_before END, \
         visible_at = CASE WHEN outbox.send_started_at IS NULL THEN excluded.visible_at ELSE outbox.visible_at END",
};

/// The same, for what is said once and not changed by being said again.
static EFFECT_ONCE: Insert =
    Insert { table: "outbox", columns: COLUMNS, identity: 2, on_conflict: "ON CONFLICT DO NOTHING" };

/// What a claim is refused with that somebody else was quicker to make.
const TAKEN: &str = "taken";
/// What a settling is refused with whose claim had ended.
const LOST: &str = "lost";

/// Adds an effect to a unit, so that it is committed together with what caused it.
pub fn enqueue(unit: &mut Unit, team: &TeamId, effect: &Effect, now: Instant) -> Result<(), StoreError> {
    unit.row(&EFFECT, row(team, effect, now)?);
    Ok(())
}

/// Adds an effect to a unit, unless one of its key was asked for before: that one stays as it is.
pub fn enqueue_once(unit: &mut Unit, team: &TeamId, effect: &Effect, now: Instant) -> Result<(), StoreError> {
    unit.row(&EFFECT_ONCE, row(team, effect, now)?);
    Ok(())
}

fn row(team: &TeamId, effect: &Effect, now: Instant) -> Result<Vec<Value>, StoreError> {
    // A DM has no conversation before it is opened; a group must be opened before it is posted to.
    let (kind, target, conversation) = match &effect.work {
        Work::Post { to: to @ Target::Channel(channel), .. } => {
            ("post", to.to_string(), Some(channel.as_str()))
        }
        Work::Post { to: to @ Target::Person(_), .. } => ("post", to.to_string(), None),
        Work::Post { to: to @ Target::Group(_), .. } => ("group", to.to_string(), None),
        // The address of an answer is a secret and no channel.
        Work::Respond { .. } => ("respond", String::new(), None),
    };
    let doubt = match effect.doubt {
        Doubt::GiveUp => "give_up",
        Doubt::Repeat => "repeat",
    };
    let expires_at = effect.expires_at.map(|at| at.timestamp_millis());
    Ok(values![
        team.as_str(),
        effect.key.as_str(),
        kind,
        target,
        effect.lane.rank(),
        effect.origin.ritual.as_str(),
        effect.origin.note.as_str(),
        doubt,
        encode(&effect.work)?,
        1,
        0,
        effect.not_before,
        effect.not_before,
        expires_at,
        0,
        0,
        conversation.map(str::to_owned),
        now,
    ])
}

/// Adds to a unit that a thing which may have been posted says something else from now on. What was not posted
/// yet is withdrawn instead, and what was never to be posted stays so. What is on its way says something else if it
/// arrives; if not, it has expired.
pub fn amend(unit: &mut Unit, team: &TeamId, key: &str, work: &Work, now: Instant) -> Result<(), StoreError> {
    unit.run(
        "UPDATE outbox SET version = version + 1, dead_at = NULL, \
         payload = CASE WHEN ts IS NULL AND send_started_at IS NULL THEN NULL ELSE $3 END, \
         expires_at = CASE WHEN ts IS NULL AND send_started_at IS NOT NULL THEN $4 ELSE expires_at END, \
         not_before = CASE WHEN visible_at IS NULL THEN $4 ELSE not_before END, \
         visible_at = CASE WHEN send_started_at IS NOT NULL THEN visible_at WHEN ts IS NULL THEN NULL ELSE $4 END \
         WHERE team_id = $1 AND key = $2",
        values![team.as_str(), key, encode(work)?, now],
    );
    Ok(())
}

fn encode(work: &Work) -> Result<String, StoreError> {
    serde_json::to_string(work).map_err(StoreError::coding)
}

fn missing() -> StoreError {
    StoreError::coding("a row of the outbox lacks a value")
}
