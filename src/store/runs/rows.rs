//! Rows of runs, as values.

use chrono::NaiveDateTime;

use crate::{
    model::{cadence::Occurrence, catch_up::CatchUp, owner::Owner},
    store::{StoreError, columns::Columns, occasions::wall_of, unit::Value},
};

/// The query for whole runs, which [`read_run`] reads; its condition follows.
macro_rules! run_rows {
    ($which:literal) => {
        concat!(
            "SELECT key, visible_at, owner, ritual, occasion, kind, subject, wall, due_at, late, payload, attempt, seed \
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

impl PastRun {
    /// Returns the reason that people may read; `None` where it failed, since that is written for the operator.
    pub fn reason(&self) -> Option<&str> {
        (self.outcome != super::RunOutcome::Failed.as_str()).then_some(&self.remark)
    }
}

pub(super) fn read_run(row: Vec<Value>) -> Result<Run, StoreError> {
    let mut row = Columns::of("run", row);
    let (key, visible_at) = (row.text()?, row.int_or_null().unwrap_or_default());
    let [owner, ritual, occasion] = [row.text()?, row.text()?, row.text()?];
    let [kind, subject, wall] = [row.text()?, row.text()?, row.text()?];
    Ok(Run {
        key,
        owner: owner.parse().map_err(StoreError::coding)?,
        ritual,
        occasion,
        kind,
        subject,
        due: Occurrence { at: row.at()?, wall: wall_of(&wall)? },
        late: row.text()?.parse().map_err(StoreError::coding)?,
        payload: row.text()?,
        visible_at,
        attempt: row.int()?,
        seed: row.int_or_null().unwrap_or_default(),
    })
}

pub(super) fn read_past(row: Vec<Value>) -> Result<PastRun, StoreError> {
    let mut row = Columns::of("run", row);
    Ok(PastRun {
        wall: wall_of(&row.text()?)?,
        outcome: row.text_or_null().unwrap_or_default(),
        remark: row.text_or_null().unwrap_or_default(),
    })
}
