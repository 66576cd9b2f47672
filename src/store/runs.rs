//! Runs: what is due, which process has claimed it, and how it ended.
//!
//! A claim moves `visible_at` to its end and counts an attempt, in one conditional statement. Everything that the run
//! then writes is guarded by that attempt: a process that was suspended past its claim finds another attempt in the
//! row, and writes nothing. So a run may be begun twice, and is done once.

mod claims;
mod rows;

use self::rows::{read_past, read_run, run_rows};
pub use self::{
    claims::{DUE, DueRuns, NEXT_AT, UnreadableRun},
    rows::{PastRun, Run},
};
use super::{
    Store, StoreError,
    occasions::name_of,
    unit::{Insert, UnitOfWork, Write},
};
use crate::{
    model::{
        cadence::Occurrence,
        catch_up::CatchUp,
        clock::{Instant, from_ms},
        owner::Owner,
        people::TeamId,
    },
    values,
};

/// Refuses the end of a run whose claim another process has taken over, or which was cancelled meanwhile.
pub const LEASE_LOST: &str = "run_lease_lost";

/// Refuses what a run planned from data that have changed since it read them: it reads them again.
pub const OUTDATED: &str = "run_outdated";

/// The kind of run that ends a pause. It is due while its programme is paused; its subject is the instant of the pause.
pub const RESUME: &str = "resume";

/// The kind of run after which people read that a programme has come to its end; its subject is the last day of its times.
pub const LAST: &str = "last";

/// Whether programmes of every ritual have runs of this kind.
pub fn is_shared(kind: &str) -> bool {
    [RESUME, LAST].contains(&kind)
}

/// The form of the rows that this release writes. It leaves rows of a greater one alone.
const FORMAT: i64 = 1;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOutcome {
    Done,
    /// It was skipped, for a reason that people may read.
    Skipped,
    Failed,
    /// Its programme was stopped or moved.
    Cancelled,
}

impl RunOutcome {
    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            RunOutcome::Done => "done",
            RunOutcome::Skipped => "skipped",
            RunOutcome::Failed => "failed",
            RunOutcome::Cancelled => "cancelled",
        }
    }
}

/// A run to add to the store.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun<'r> {
    pub owner: Owner,
    /// The ritual that handles it.
    pub ritual: &'r str,
    /// The occasion that it belongs to, if any.
    pub occasion: Option<Occurrence>,
    /// For example `round`.
    pub kind: &'r str,
    /// The person or thing it is for, if there are several of a kind; else empty.
    pub subject: &'r str,
    /// Local time and instant.
    pub due: Occurrence,
    /// How late it may start.
    pub late: CatchUp,
    /// Data for the ritual, in a form of its own.
    pub payload: &'r str,
}

/// A run that is added again after its cancellation is the same run: its programme was moved there and back again. So
/// is one that was skipped while the clock was ahead, once the clock is right again.
pub(super) static RUN: Insert = Insert {
    table: "run",
    columns: &[
        "team_id",
        "key",
        "owner",
        "ritual",
        "occasion",
        "kind",
        "subject",
        "wall",
        "due_at",
        "late",
        "payload",
        "format",
        "planned_at",
        "visible_at",
        "attempt",
    ],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO UPDATE SET due_at = excluded.due_at, wall = excluded.wall, \
         late = excluded.late, payload = excluded.payload, planned_at = excluded.planned_at, \
         visible_at = CASE WHEN run.done_at IS NULL OR run.outcome = 'cancelled' \
         OR (run.outcome = 'skipped' AND excluded.planned_at < run.due_at) THEN excluded.visible_at \
         ELSE run.visible_at END, \
         done_at = CASE WHEN run.outcome = 'cancelled' \
         OR (run.outcome = 'skipped' AND excluded.planned_at < run.due_at) THEN NULL ELSE run.done_at END, \
         outcome = CASE WHEN run.outcome = 'cancelled' \
         OR (run.outcome = 'skipped' AND excluded.planned_at < run.due_at) THEN NULL ELSE run.outcome END",
};

/// Adds a run to a unit. An existing one is the same run: it is due at the new instant, or stays done.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, run: &NewRun<'_>, now: Instant) {
    let owner = run.owner.to_string();
    let occasion = run.occasion.map(|occasion| name_of(occasion.wall)).unwrap_or_default();
    let values = values![
        team.as_str(),
        key_of(&run.owner, &occasion, run.kind, run.subject),
        owner,
        run.ritual,
        occasion,
        run.kind,
        run.subject,
        name_of(run.due.wall),
        run.due.at,
        run.late.to_string(),
        run.payload,
        FORMAT,
        now,
        run.due.at,
        0,
    ];
    unit.row(&RUN, values);
}

/// Adds to a unit that the unfinished runs of an owner are cancelled, for a reason that people may read.
pub fn cancel(unit: &mut UnitOfWork, team: &TeamId, owner: &Owner, why: &str, now: Instant) {
    unit.run(
        "UPDATE run SET visible_at = NULL, done_at = $3, outcome = 'cancelled', remark = $4 \
         WHERE team_id = $1 AND owner = $2 AND done_at IS NULL",
        values![team.as_str(), owner.to_string(), now, why],
    );
}

/// Adds to a unit that the unfinished runs of one occasion are cancelled, for a reason that people may read.
pub fn cancel_occasion(
    unit: &mut UnitOfWork,
    team: &TeamId,
    owner: &Owner,
    occasion: chrono::NaiveDateTime,
    why: &str,
    now: Instant,
) {
    unit.run(
        "UPDATE run SET visible_at = NULL, done_at = $4, outcome = 'cancelled', remark = $5 \
         WHERE team_id = $1 AND owner = $2 AND occasion = $3 AND done_at IS NULL",
        values![team.as_str(), owner.to_string(), name_of(occasion), now, why],
    );
}

/// Adds to a unit that an occasion does not take place, unless its own run has ended ([`BEGUN`](super::occasions::BEGUN)), for a reason that people may
/// read. Unlike [`cancel`](super::occasions::cancel) it may follow another run of the occasion. The other runs are
/// [cancelled](cancel_occasion) in the same unit, and the next occasion is planned in it.
pub fn call_off(unit: &mut UnitOfWork, team: &TeamId, run: &Run, why: &str, now: Instant) {
    let write = Write::Run(
        "UPDATE run SET visible_at = NULL, done_at = $3, outcome = 'cancelled', remark = $4 \
         WHERE team_id = $1 AND key = $2 AND done_at IS NULL RETURNING key",
        values![team.as_str(), run.key.as_str(), now, why],
    );
    unit.guard(super::occasions::BEGUN, write);
    unit.run(
        "UPDATE occasion SET cancelled_at = $4 WHERE team_id = $1 AND programme_id = $2 AND planned_for = $3",
        values![team.as_str(), run.programme().unwrap_or_default(), run.occasion.as_str(), now],
    );
}

/// Makes a unit depend on a run not having ended ([`OUTDATED`]).
pub fn still_due(unit: &mut UnitOfWork, team: &TeamId, run: &Run) {
    let write = Write::Run(
        "UPDATE run SET due_at = due_at WHERE team_id = $1 AND key = $2 AND done_at IS NULL RETURNING key",
        values![team.as_str(), run.key.as_str()],
    );
    unit.guard(OUTDATED, write);
}

/// Adds to a unit that the runs of one kind of an occasion are cancelled.
pub fn cancel_kind(
    unit: &mut UnitOfWork,
    team: &TeamId,
    owner: &Owner,
    (occasion, kind): (chrono::NaiveDateTime, &str),
    why: &str,
    now: Instant,
) {
    unit.run(
        "UPDATE run SET visible_at = NULL, done_at = $5, outcome = 'cancelled', remark = $6 \
         WHERE team_id = $1 AND owner = $2 AND occasion = $3 AND kind = $4 AND done_at IS NULL",
        values![team.as_str(), owner.to_string(), name_of(occasion), kind, now, why],
    );
}

/// Adds to a unit that the pause of an owner doesn't end by itself any more.
pub fn cancel_resume(unit: &mut UnitOfWork, team: &TeamId, owner: &Owner, why: &str, now: Instant) {
    unit.run(
        "UPDATE run SET visible_at = NULL, done_at = $3, outcome = 'cancelled', remark = $4 \
         WHERE team_id = $1 AND owner = $2 AND kind = 'resume' AND done_at IS NULL",
        values![team.as_str(), owner.to_string(), now, why],
    );
}

/// Makes a unit depend on the claim, and stores in it how the run ended ([`LEASE_LOST`]). Its payload is erased: people
/// may have written it.
pub fn finish(
    unit: &mut UnitOfWork,
    team: &TeamId,
    run: &Run,
    outcome: RunOutcome,
    remark: &str,
    now: Instant,
) {
    let write = Write::Run(
        "UPDATE run SET visible_at = NULL, done_at = $4, outcome = $5, remark = $6, payload = '' \
         WHERE team_id = $1 AND key = $2 AND attempt = $3 AND done_at IS NULL RETURNING key",
        values![team.as_str(), run.key.as_str(), run.attempt, now, outcome.as_str(), remark],
    );
    unit.guard_first(LEASE_LOST, write);
}

/// Makes a unit depend on the claim, and gives the run back until a later instant ([`LEASE_LOST`]).
pub fn snooze(unit: &mut UnitOfWork, team: &TeamId, run: &Run, until: Instant, why: &str) {
    let write = Write::Run(
        "UPDATE run SET visible_at = $4, remark = $5 \
         WHERE team_id = $1 AND key = $2 AND attempt = $3 AND done_at IS NULL RETURNING key",
        values![team.as_str(), run.key.as_str(), run.attempt, until, why],
    );
    unit.guard_first(LEASE_LOST, write);
}

/// Adds to a unit that the runs of one kind of an owner that were due and were put off are looked at now.
pub fn wake(unit: &mut UnitOfWork, team: &TeamId, owner: &Owner, (ritual, kind): (&str, &str), now: Instant) {
    unit.run(
        "UPDATE run SET visible_at = $5 WHERE team_id = $1 AND owner = $2 AND ritual = $3 AND kind = $4 \
         AND due_at <= $5 AND visible_at > $5",
        values![team.as_str(), owner.to_string(), ritual, kind, now],
    );
}

/// Two owners never share an id: ids are random, and other owners have their kind before them.
fn key_of(owner: &Owner, occasion: &str, kind: &str, subject: &str) -> String {
    match owner {
        Owner::Programme(id) => format!("{id}/{occasion}/{kind}/{subject}"),
        owner => format!("{owner}/{occasion}/{kind}/{subject}"),
    }
}

impl Store {
    /// Returns the pending runs of a programme, the next first.
    pub async fn pending_runs(&self, team: &TeamId, programme: &str) -> Result<Vec<Run>, StoreError> {
        let rows = self
            .ask(
                run_rows!(
                    "WHERE team_id = $1 AND owner = $2 AND done_at IS NULL ORDER BY due_at, key LIMIT 1000"
                ),
                values![team.as_str(), Owner::Programme(programme.to_owned()).to_string()],
            )
            .await?;
        rows.into_iter().map(read_run).collect()
    }

    /// Returns the outcomes of a programme's last runs of one kind, newest first.
    pub async fn past_runs(
        &self,
        team: &TeamId,
        programme: &str,
        kind: &str,
        limit: i64,
    ) -> Result<Vec<PastRun>, StoreError> {
        let owner = Owner::Programme(programme.to_owned()).to_string();
        let rows = self
            .ask(
                "SELECT wall, outcome, remark FROM run WHERE team_id = $1 AND owner = $2 AND kind = $3 \
                 AND done_at IS NOT NULL ORDER BY due_at DESC LIMIT $4",
                values![team.as_str(), owner, kind, limit],
            )
            .await?;
        rows.into_iter().map(read_past).collect()
    }

    /// Returns when the last run of this kind was due that was done, or skipped in its time. One that was skipped
    /// before it was due does not count: the clock was ahead.
    pub async fn last_run_at(
        &self,
        team: &TeamId,
        programme: &str,
        kind: &str,
        now: Instant,
    ) -> Result<Option<Instant>, StoreError> {
        let owner = Owner::Programme(programme.to_owned()).to_string();
        let rows = self
            .ask(
                "SELECT MAX(due_at) FROM run WHERE team_id = $1 AND owner = $2 AND kind = $3 \
                 AND (outcome = 'done' OR (outcome <> 'cancelled' AND due_at <= $4))",
                values![team.as_str(), owner, kind, now],
            )
            .await?;
        Ok(rows.first().and_then(|row| row[0].int()).map(from_ms))
    }
}
