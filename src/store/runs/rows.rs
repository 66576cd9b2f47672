//! Rows of the runs, as values.

use chrono::NaiveDateTime;

use crate::{
    model::{cadence::Occurrence, catch_up::CatchUp, clock::from_ms, owner::Owner},
    store::{StoreError, occasions::wall_of, unit::Value},
};

/// The question for whole runs, of which [`read_run`] makes what they are; what is behind it says which.
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

/// A run that is due, and once it is claimed, the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its identity: owner, occasion, kind, subject.
    pub key: String,
    /// Whose it is.
    pub owner: Owner,
    /// The ritual's name.
    pub ritual: String,
    /// The name of the occasion that it belongs to; empty where it belongs to none.
    pub occasion: String,
    /// What is due: `round`, say.
    pub kind: String,
    /// Whom or what it is for, where there are several of a kind; else empty.
    pub subject: String,
    /// When it was meant to come, on the wall and as an instant.
    pub due: Occurrence,
    /// How late it may start.
    pub late: CatchUp,
    /// What the ritual wanted to know.
    pub payload: String,
    /// By which a claim knows that nobody was quicker; once it is claimed, the end of the claim.
    pub visible_at: i64,
    /// Which attempt this is; the first is 1.
    pub attempt: i64,
    /// Drawn when it was first claimed, and the same in every attempt.
    pub seed: i64,
}

impl Run {
    /// The programme that it is of, if it is of one.
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
    /// When it was meant to come, on the wall.
    pub wall: NaiveDateTime,
    /// `done`, `skipped`, `failed` or `cancelled`.
    pub outcome: String,
    /// Why, where it did not go as planned.
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
