//! What is due, and who takes it in hand.

use super::{
    FORMAT,
    rows::{Run, missing, read_run, run_rows},
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::TeamId,
    },
    store::{
        Store, StoreError,
        unit::{Outcome, UnitOfWork, Write},
    },
    values,
};

/// What a claim is refused with that somebody else was quicker to make.
const TAKEN: &str = "run_taken";

/// What a tick asks: the runs of a workspace that are visible by an instant and of a form that this release knows, the
/// longest first, so many at most.
pub const DUE: &str =
    run_rows!("WHERE team_id = $1 AND visible_at <= $2 AND format <= $3 ORDER BY visible_at LIMIT $4");
/// What a tick asks that finds nothing to do: when the next run of a workspace becomes visible.
pub const NEXT_AT: &str =
    "SELECT MIN(visible_at) FROM run WHERE team_id = $1 AND visible_at IS NOT NULL AND format <= $2";

/// What is due.
#[derive(Debug, Default)]
pub struct DueRuns {
    /// The runs, the longest due first.
    pub runs: Vec<Run>,
    /// Rows that are due and cannot be read.
    pub unreadable: Vec<UnreadableRun>,
}

/// A row that is due and of which no run can be made.
#[derive(Debug)]
pub struct UnreadableRun {
    /// Its key.
    pub key: String,
    /// Why it cannot be read.
    pub error: StoreError,
    visible_at: i64,
}

impl Store {
    /// The first rows that are due.
    pub async fn due_runs(&self, team: &TeamId, now: Instant, limit: i64) -> Result<DueRuns, StoreError> {
        /// Where the key and the instant stand in a row.
        const KEY: usize = 0;
        const VISIBLE_AT: usize = 10;
        let mut due = DueRuns::default();
        for row in self.ask(DUE, values![team.as_str(), now, FORMAT, limit]).await? {
            let key = row.get(KEY).cloned().and_then(crate::store::unit::Value::text).ok_or_else(missing)?;
            let visible_at =
                row.get(VISIBLE_AT).and_then(crate::store::unit::Value::int).ok_or_else(missing)?;
            match read_run(row) {
                Ok(run) => due.runs.push(run),
                Err(error) => due.unreadable.push(UnreadableRun { key, error, visible_at }),
            }
        }
        Ok(due)
    }

    /// When the next run becomes visible.
    pub async fn next_run_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows = self.ask(NEXT_AT, values![team.as_str(), FORMAT]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// The run that becomes visible next, or has been for the longest.
    pub async fn next_run(&self, team: &TeamId) -> Result<Option<Run>, StoreError> {
        let rows = self
            .ask(
                run_rows!(
                    "WHERE team_id = $1 AND visible_at IS NOT NULL AND format <= $2 ORDER BY visible_at LIMIT 1"
                ),
                values![team.as_str(), FORMAT],
            )
            .await?;
        rows.into_iter().next().map(read_run).transpose()
    }

    /// Takes a due run in hand until `lease_end`; false when somebody else was quicker. The first claim draws its seed.
    pub async fn claim_run(
        &self,
        team: &TeamId,
        run: &mut Run,
        seed: i64,
        lease_end: Instant,
    ) -> Result<bool, StoreError> {
        let claim = Write::Run(
            "UPDATE run SET visible_at = $4, attempt = attempt + 1, seed = COALESCE(seed, $5) \
             WHERE team_id = $1 AND key = $2 AND visible_at = $3 AND done_at IS NULL RETURNING attempt, seed",
            values![team.as_str(), run.key.as_str(), run.visible_at, lease_end, seed],
        );
        let Outcome::Committed(returned) = self.commit(UnitOfWork::guarded(TAKEN, claim)).await? else {
            return Ok(false);
        };
        let row = returned.first().ok_or_else(missing)?;
        run.attempt = row[0].int().ok_or_else(missing)?;
        run.seed = row[1].int().ok_or_else(missing)?;
        run.visible_at = lease_end.timestamp_millis();
        Ok(true)
    }

    /// Sets a row aside that cannot be read, until a later instant; false when another replica did.
    pub async fn set_run_aside(
        &self,
        team: &TeamId,
        unreadable: &UnreadableRun,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let write = Write::Run(
            "UPDATE run SET visible_at = $4, last_error = $5 \
             WHERE team_id = $1 AND key = $2 AND visible_at = $3 AND done_at IS NULL RETURNING key",
            values![
                team.as_str(),
                unreadable.key.as_str(),
                unreadable.visible_at,
                until,
                unreadable.error.to_string()
            ],
        );
        Ok(matches!(self.commit(UnitOfWork::guarded(TAKEN, write)).await?, Outcome::Committed(_)))
    }
}
