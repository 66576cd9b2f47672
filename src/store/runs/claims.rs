//! Finds due runs, and claims them.

use super::{
    FORMAT,
    rows::{Run, read_run, run_rows},
};
use crate::{
    model::{
        clock::{Instant, from_ms},
        people::TeamId,
    },
    store::{
        Store, StoreError,
        columns::Columns,
        unit::{Outcome, UnitOfWork, Write},
    },
    values,
};

/// Refuses a claim that another process made first.
const TAKEN: &str = "run_taken";

/// The query of a tick: the runs of a workspace that are visible by an instant and of a form that this release knows,
/// oldest first, with a limit.
pub const DUE: &str =
    run_rows!("WHERE team_id = $1 AND visible_at <= $2 AND format <= $3 ORDER BY visible_at LIMIT $4");
/// The query of a tick that finds nothing: when the next run of a workspace becomes visible.
pub const NEXT_AT: &str =
    "SELECT MIN(visible_at) FROM run WHERE team_id = $1 AND visible_at IS NOT NULL AND format <= $2";

#[derive(Debug, Default)]
pub struct DueRuns {
    /// Oldest due first.
    pub runs: Vec<Run>,
    /// Due rows that cannot be read.
    pub unreadable: Vec<UnreadableRun>,
}

/// A due row that cannot be read.
#[derive(Debug)]
pub struct UnreadableRun {
    pub key: String,
    pub error: StoreError,
    visible_at: i64,
}

impl Store {
    /// Returns the first due rows.
    pub async fn due_runs(&self, team: &TeamId, now: Instant, limit: i64) -> Result<DueRuns, StoreError> {
        let mut due = DueRuns::default();
        for row in self.ask(DUE, values![team.as_str(), now, FORMAT, limit]).await? {
            let mut first = Columns::of("run", row.iter().take(2).cloned().collect());
            let (key, visible_at) = (first.text()?, first.int()?);
            match read_run(row) {
                Ok(run) => due.runs.push(run),
                Err(error) => due.unreadable.push(UnreadableRun { key, error, visible_at }),
            }
        }
        Ok(due)
    }

    /// Returns when the next run becomes visible.
    pub async fn next_run_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows = self.ask(NEXT_AT, values![team.as_str(), FORMAT]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// Returns the runs that become visible next, or have been visible longest, so many at most.
    pub async fn next_runs(&self, team: &TeamId, limit: i64) -> Result<Vec<Run>, StoreError> {
        let rows = self
            .ask(
                run_rows!(
                    "WHERE team_id = $1 AND visible_at IS NOT NULL AND format <= $2 ORDER BY visible_at LIMIT $3"
                ),
                values![team.as_str(), FORMAT, limit],
            )
            .await?;
        rows.into_iter().map(read_run).collect()
    }

    /// Claims a due run until `lease_end`; returns false if another process was first. The first claim draws its seed.
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
        let mut claimed = Columns::of("run", returned.into_iter().next().unwrap_or_default());
        (run.attempt, run.seed) = (claimed.int()?, claimed.int()?);
        run.visible_at = lease_end.timestamp_millis();
        Ok(true)
    }

    /// Sets a row aside that cannot be read, until a later instant; returns false if another replica did.
    pub async fn set_run_aside(
        &self,
        team: &TeamId,
        unreadable: &UnreadableRun,
        until: Instant,
    ) -> Result<bool, StoreError> {
        let write = Write::Run(
            "UPDATE run SET visible_at = $4, remark = $5 \
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
