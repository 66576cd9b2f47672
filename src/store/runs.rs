//! Runs: what is due, who has it in hand, and what became of it.
//!
//! A claim moves `visible_at` to its end and counts an attempt, in one conditional statement. Whatever the run then
//! writes is guarded by that attempt: a process that was suspended past its claim finds another attempt in the row, and
//! leaves no trace. So a run may be begun twice, and is done once.

use chrono::NaiveDateTime;

use super::{
    Store, StoreError,
    unit::{Insert, Outcome, Unit, Value, Write},
};
use crate::{
    model::{
        cadence::Occurrence,
        clock::{Instant, from_ms},
        people::TeamId,
    },
    values,
};

/// What a finish is refused with whose claim another has taken over, or whose run was cancelled meanwhile.
pub const LEASE_LOST: &str = "run_lease_lost";
/// What a claim is refused with that somebody else was quicker to make.
const TAKEN: &str = "run_taken";

/// The question for whole runs, of which [`read_run`] makes what they are; what is behind it says which.
macro_rules! run_rows {
    ($which:literal) => {
        concat!(
            "SELECT key, programme_id, ritual, kind, subject, wall, due_at, visible_at, attempt, seed FROM run ",
            $which
        )
    };
}

/// What a tick asks: the runs of a workspace that are visible by an instant, the longest first, so many at most.
pub const DUE: &str = run_rows!("WHERE team_id = $1 AND visible_at <= $2 ORDER BY visible_at LIMIT $3");
/// What a tick asks that finds nothing to do: when the next run of a workspace becomes visible.
pub const NEXT_AT: &str = "SELECT MIN(visible_at) FROM run WHERE team_id = $1 AND visible_at IS NOT NULL";

/// How the store writes the date and time on a wall.
const WALL: &str = "%Y-%m-%dT%H:%M";

/// A run that is due, and once it is claimed, the claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its identity: programme, kind, subject, and the date and time on the wall.
    pub key: String,
    /// Whose.
    pub programme: String,
    /// The ritual's name.
    pub ritual: String,
    /// What is due: `round`, say.
    pub kind: String,
    /// Whom it is for, where it is for one; else empty.
    pub subject: String,
    /// When it was meant to come, on the wall and as an instant.
    pub due: Occurrence,
    /// By which a claim knows that nobody was quicker; once it is claimed, the end of the claim.
    pub visible_at: i64,
    /// Which attempt this is; the first is 1.
    pub attempt: i64,
    /// Drawn when it was first claimed, and the same in every attempt.
    pub seed: i64,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    /// It was done.
    Done,
    /// It was left out, for a reason that people may read.
    Skipped,
    /// It could not be done.
    Failed,
    /// Its programme was stopped or moved.
    Cancelled,
}

impl RunOutcome {
    /// The word the store keeps.
    pub fn as_str(self) -> &'static str {
        match self {
            RunOutcome::Done => "done",
            RunOutcome::Skipped => "skipped",
            RunOutcome::Failed => "failed",
            RunOutcome::Cancelled => "cancelled",
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

/// A run that comes back to life after it was cancelled is the same run: moved there and back again.
pub(super) static RUN: Insert = Insert {
    table: "run",
    columns: &[
        "team_id",
        "key",
        "programme_id",
        "ritual",
        "kind",
        "subject",
        "wall",
        "due_at",
        "visible_at",
        "attempt",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO UPDATE SET due_at = excluded.due_at, \
         visible_at = CASE WHEN run.done_at IS NULL OR run.outcome = 'cancelled' THEN excluded.visible_at \
         ELSE run.visible_at END, \
         done_at = CASE WHEN run.outcome = 'cancelled' THEN NULL ELSE run.done_at END, \
         outcome = CASE WHEN run.outcome = 'cancelled' THEN NULL ELSE run.outcome END",
};

/// Adds a run to a unit. One that is there already is the same run: it is due at the new instant, or stays done.
pub fn put(unit: &mut Unit, team: &TeamId, whose: (&str, &str), kind: &str, subject: &str, due: Occurrence) {
    let (programme, ritual) = whose;
    let wall = due.wall.format(WALL).to_string();
    let key = key_of(programme, kind, subject, &wall);
    let values = values![team.as_str(), key, programme, ritual, kind, subject, wall, due.at, due.at, 0];
    unit.row(&RUN, values);
}

/// Adds to a unit that the runs of a programme which are not done are cancelled, but for the one of this kind at this time.
pub fn cancel(
    unit: &mut Unit,
    team: &TeamId,
    programme: &str,
    but: Option<(&str, Occurrence)>,
    now: Instant,
) {
    let kept = but.map(|(kind, due)| key_of(programme, kind, "", &due.wall.format(WALL).to_string()));
    unit.run(
        "UPDATE run SET visible_at = NULL, done_at = $4, outcome = 'cancelled', \
         remark = 'the programme was stopped or moved' \
         WHERE team_id = $1 AND programme_id = $2 AND done_at IS NULL AND key <> $3",
        values![team.as_str(), programme, kept.unwrap_or_default(), now],
    );
}

/// Makes a unit depend on the claim, and says in it how the run ended ([`LEASE_LOST`]).
pub fn finish(unit: &mut Unit, team: &TeamId, run: &Run, outcome: RunOutcome, remark: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE run SET visible_at = NULL, done_at = $4, outcome = $5, remark = $6 \
         WHERE team_id = $1 AND key = $2 AND attempt = $3 AND done_at IS NULL RETURNING key",
        values![team.as_str(), run.key.as_str(), run.attempt, now, outcome.as_str(), remark],
    );
    unit.guard_first(LEASE_LOST, write);
}

/// Makes a unit depend on the claim, and gives the run back until a later instant ([`LEASE_LOST`]).
pub fn snooze(unit: &mut Unit, team: &TeamId, run: &Run, until: Instant, why: &str) {
    let write = Write::Run(
        "UPDATE run SET visible_at = $4, last_error = $5 \
         WHERE team_id = $1 AND key = $2 AND attempt = $3 AND done_at IS NULL RETURNING key",
        values![team.as_str(), run.key.as_str(), run.attempt, until, why],
    );
    unit.guard_first(LEASE_LOST, write);
}

fn key_of(programme: &str, kind: &str, subject: &str, wall: &str) -> String {
    format!("{programme}/{kind}/{subject}/{wall}")
}

impl Store {
    /// The first runs that are due, the longest due first.
    pub async fn due_runs(&self, team: &TeamId, now: Instant, limit: i64) -> Result<Vec<Run>, StoreError> {
        let rows = self.ask(DUE, values![team.as_str(), now, limit]).await?;
        rows.into_iter().map(read_run).collect()
    }

    /// When the next run becomes visible.
    pub async fn next_run_at(&self, team: &TeamId) -> Result<Option<Instant>, StoreError> {
        let rows = self.ask(NEXT_AT, values![team.as_str()]).await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }

    /// The run that becomes visible next, or has been for the longest.
    pub async fn next_run(&self, team: &TeamId) -> Result<Option<Run>, StoreError> {
        let rows = self
            .ask(
                run_rows!("WHERE team_id = $1 AND visible_at IS NOT NULL ORDER BY visible_at LIMIT 1"),
                values![team.as_str()],
            )
            .await?;
        rows.into_iter().next().map(read_run).transpose()
    }

    /// The runs of a programme that are still to come, the next first.
    pub async fn pending_runs(&self, team: &TeamId, programme: &str) -> Result<Vec<Run>, StoreError> {
        let rows = self
            .ask(
                run_rows!("WHERE team_id = $1 AND programme_id = $2 AND done_at IS NULL ORDER BY due_at"),
                values![team.as_str(), programme],
            )
            .await?;
        rows.into_iter().map(read_run).collect()
    }

    /// What became of the last runs of a programme, the newest first.
    pub async fn past_runs(
        &self,
        team: &TeamId,
        programme: &str,
        limit: i64,
    ) -> Result<Vec<PastRun>, StoreError> {
        let rows = self
            .ask(
                "SELECT wall, outcome, remark FROM run \
                 WHERE team_id = $1 AND programme_id = $2 AND done_at IS NOT NULL ORDER BY due_at DESC LIMIT $3",
                values![team.as_str(), programme, limit],
            )
            .await?;
        rows.into_iter().map(read_past).collect()
    }

    /// When the last run of a programme was due, whatever became of it.
    pub async fn last_run_at(&self, team: &TeamId, programme: &str) -> Result<Option<Instant>, StoreError> {
        let rows = self
            .ask(
                "SELECT MAX(due_at) FROM run WHERE team_id = $1 AND programme_id = $2 AND outcome <> 'cancelled'",
                values![team.as_str(), programme],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
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
        let Outcome::Committed(returned) = self.commit(Unit::guarded(TAKEN, claim)).await? else {
            return Ok(false);
        };
        let row = returned.first().ok_or_else(missing)?;
        run.attempt = row[0].int().ok_or_else(missing)?;
        run.seed = row[1].int().ok_or_else(missing)?;
        run.visible_at = lease_end.timestamp_millis();
        Ok(true)
    }
}

fn missing() -> StoreError {
    StoreError::coding("a row of the runs lacks a value")
}

fn wall_of(text: &str) -> Result<NaiveDateTime, StoreError> {
    NaiveDateTime::parse_from_str(text, WALL).map_err(StoreError::coding)
}

fn read_run(row: Vec<Value>) -> Result<Run, StoreError> {
    let [key, programme, ritual, kind, subject, wall, due_at, visible_at, attempt, seed]: [Value; 10] =
        row.try_into().map_err(|_| missing())?;
    let wall = wall_of(&wall.text().ok_or_else(missing)?)?;
    Ok(Run {
        key: key.text().ok_or_else(missing)?,
        programme: programme.text().ok_or_else(missing)?,
        ritual: ritual.text().ok_or_else(missing)?,
        kind: kind.text().ok_or_else(missing)?,
        subject: subject.text().ok_or_else(missing)?,
        due: Occurrence { at: due_at.int().map(from_ms).ok_or_else(missing)?, wall },
        visible_at: visible_at.int().unwrap_or_default(),
        attempt: attempt.int().ok_or_else(missing)?,
        seed: seed.int().unwrap_or_default(),
    })
}

fn read_past(row: Vec<Value>) -> Result<PastRun, StoreError> {
    let [wall, outcome, remark]: [Value; 3] = row.try_into().map_err(|_| missing())?;
    Ok(PastRun {
        wall: wall_of(&wall.text().ok_or_else(missing)?)?,
        outcome: outcome.text().unwrap_or_default(),
        remark: remark.text().unwrap_or_default(),
    })
}
