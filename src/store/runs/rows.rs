//! Rows of runs, as values.

use chrono::NaiveDateTime;

use crate::{
    model::{cadence::Occurrence, catch_up::CatchUp, clock::from_ms, owner::Owner},
    store::{StoreError, occasions::wall_of, unit::Value},
};

/// The query for whole runs, which [`read_run`] reads; its condition follows.
macro_rules! run_rows {
    ($which:literal) => {
        concat!(
            "SELECT key, owner, ritual, occasion, kind, subject, wall, due_at, late, payload, visible_at, attempt, seed \
             FROM run ",
            $which
        )
    };
}
pub(super) use run_rows;

/// A due run, and once it is claimed, the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its identity: owner, occasion, kind, subject.
    pub key: String,
    pub owner: Owner,
    pub ritual: String,
    /// The name of the occasion that it belongs to; empty if it belongs to none.
    pub occasion: String,
    /// For example `round`.
    pub kind: String,
    /// The person or thing it is for, if there are several of a kind; else empty.
    pub subject: String,
    /// When it was planned for: local time and instant.
    pub due: Occurrence,
    /// How late it may start.
    pub late: CatchUp,
    /// Data for the ritual.
    pub payload: String,
    /// By which a claim detects another one; after the claim, the end of the claim.
    pub visible_at: i64,
    /// The number of the attempt; the first is 1.
    pub attempt: i64,
    /// Drawn by the first claim, and the same in every attempt.
    pub seed: i64,
}

impl Run {
    /// Returns the programme that it belongs to, if any.
    pub fn programme(&self) -> Option<&str> {
        match &self.owner {
            Owner::Programme(id) => Some(id),
            Owner::None | Owner::Person(_) | Owner::Delivery(_) => None,
        }
    }
}

/// A line of a programme's history.
#[derive(Clone, Debug, PartialEq)]
pub struct PastRun {
    /// When it was planned for, in local time.
    pub wall: NaiveDateTime,
    /// `done`, `skipped`, `failed` or `cancelled`.
    pub outcome: String,
    /// The reason, if it did not go as planned.
    pub remark: String,
}

pub(super) fn missing() -> StoreError {
    StoreError::coding("a row of the runs lacks a value")
}

pub(super) fn read_run(row: Vec<Value>) -> Result<Run, StoreError> {
    let [key, owner, ritual, occasion, kind, subject, wall, due_at, late, payload, visible_at, attempt, seed]: [Value;
        13] = row.try_into().map_err(|_| missing())?;
    let wall = wall_of(&wall.text().ok_or_else(missing)?)?;
    Ok(Run {
        key: key.text().ok_or_else(missing)?,
        owner: owner.text().ok_or_else(missing)?.parse().map_err(StoreError::coding)?,
        ritual: ritual.text().ok_or_else(missing)?,
        occasion: occasion.text().ok_or_else(missing)?,
        kind: kind.text().ok_or_else(missing)?,
        subject: subject.text().ok_or_else(missing)?,
        due: Occurrence { at: due_at.int().map(from_ms).ok_or_else(missing)?, wall },
        late: late.text().ok_or_else(missing)?.parse().map_err(StoreError::coding)?,
        payload: payload.text().ok_or_else(missing)?,
        visible_at: visible_at.int().unwrap_or_default(),
        attempt: attempt.int().ok_or_else(missing)?,
        seed: seed.int().unwrap_or_default(),
    })
}

pub(super) fn read_past(row: Vec<Value>) -> Result<PastRun, StoreError> {
    let [wall, outcome, remark]: [Value; 3] = row.try_into().map_err(|_| missing())?;
    Ok(PastRun {
        wall: wall_of(&wall.text().ok_or_else(missing)?)?,
        outcome: outcome.text().unwrap_or_default(),
        remark: remark.text().unwrap_or_default(),
    })
}
