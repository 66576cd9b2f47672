//! Occasions: the single occurrences of programmes. One that has begun keeps its date when its programme moves.

use chrono::NaiveDateTime;

use super::{
    Store, StoreError,
    columns::Columns,
    unit::{Insert, UnitOfWork, Value, Write},
};
use crate::{
    model::{cadence::Occurrence, clock::Instant, people::TeamId},
    values,
};

/// The stored form of a local date and time.
const WALL: &str = "%Y-%m-%dT%H:%M";

/// Refuses a cancellation of an occasion that has begun, or is cancelled already.
pub const BEGUN: &str = "occasion_begun";

/// A future or current occurrence of a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Its name within the programme: the local date and time for which it was planned.
    pub planned_for: NaiveDateTime,
    /// When it happens.
    pub at: Instant,
    /// Whether any of its runs was done.
    pub has_begun: bool,
}

/// An occasion that is planned again after its cancellation is the same one: its programme was moved there and back
/// again.
static OCCASION: Insert = Insert {
    table: "occasion",
    columns: &["team_id", "programme_id", "planned_for", "at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, programme_id, planned_for) DO UPDATE SET at = excluded.at, \
         cancelled_at = NULL",
};

/// Returns the name of an occasion within its programme.
pub fn name_of(planned_for: NaiveDateTime) -> String {
    planned_for.format(WALL).to_string()
}

/// Adds an occasion to a unit. One of the same name is kept, and gets the new instant.
pub fn put(unit: &mut UnitOfWork, team: &TeamId, programme: &str, due: Occurrence) {
    unit.row(&OCCASION, values![team.as_str(), programme, name_of(due.wall), due.at]);
}

/// Adds to a unit that an occasion has begun.
pub fn begin(unit: &mut UnitOfWork, team: &TeamId, programme: &str, occasion: &str, now: Instant) {
    unit.run(
        "UPDATE occasion SET opened_at = COALESCE(opened_at, $4) \
         WHERE team_id = $1 AND programme_id = $2 AND planned_for = $3",
        values![team.as_str(), programme, occasion, now],
    );
}

/// Adds to a unit that an occasion is cancelled of which people may have heard, unless it is held by now or is cancelled already
/// ([`BEGUN`]). Its runs are [cancelled](super::runs::cancel_occasion) in the same unit.
pub fn cancel_ahead(
    unit: &mut UnitOfWork,
    team: &TeamId,
    programme: &str,
    occasion: NaiveDateTime,
    now: Instant,
) {
    let write = Write::Run(
        "UPDATE occasion SET cancelled_at = $4 WHERE team_id = $1 AND programme_id = $2 \
         AND planned_for = $3 AND cancelled_at IS NULL AND at > $4 RETURNING planned_for",
        values![team.as_str(), programme, name_of(occasion), now],
    );
    unit.guard(BEGUN, write);
}

/// Adds to a unit that an occasion is cancelled, unless it has begun ([`BEGUN`]).
/// Its runs are [cancelled](super::runs::cancel_occasion) in the same unit.
pub fn cancel(unit: &mut UnitOfWork, team: &TeamId, programme: &str, occasion: NaiveDateTime, now: Instant) {
    let write = Write::Run(
        "UPDATE occasion SET cancelled_at = $4 WHERE team_id = $1 AND programme_id = $2 \
         AND planned_for = $3 AND opened_at IS NULL AND cancelled_at IS NULL RETURNING planned_for",
        values![team.as_str(), programme, name_of(occasion), now],
    );
    unit.guard(BEGUN, write);
}

impl Store {
    /// Whether an occasion was planned and then cancelled.
    pub async fn is_cancelled(
        &self,
        team: &TeamId,
        programme: &str,
        occasion: NaiveDateTime,
    ) -> Result<bool, StoreError> {
        let rows = self
            .ask(
                "SELECT cancelled_at FROM occasion WHERE team_id = $1 AND programme_id = $2 AND planned_for = $3",
                values![team.as_str(), programme, name_of(occasion)],
            )
            .await?;
        Ok(rows.first().is_some_and(|row| row[0].int().is_some()))
    }

    /// Returns the occasions of a programme from an instant on that are not cancelled, the next first; 20 at most.
    pub async fn occasions_from(
        &self,
        team: &TeamId,
        programme: &str,
        from: Instant,
    ) -> Result<Vec<Occasion>, StoreError> {
        let rows = self
            .ask(
                "SELECT planned_for, at, opened_at FROM occasion WHERE team_id = $1 AND programme_id = $2 \
                 AND at >= $3 AND cancelled_at IS NULL ORDER BY at LIMIT 20",
                values![team.as_str(), programme, from],
            )
            .await?;
        rows.into_iter().map(read_occasion).collect()
    }
}

/// Parses the stored form of a local date and time.
pub(super) fn wall_of(stored: &str) -> Result<NaiveDateTime, StoreError> {
    NaiveDateTime::parse_from_str(stored, WALL).map_err(StoreError::coding)
}

fn read_occasion(row: Vec<Value>) -> Result<Occasion, StoreError> {
    let mut row = Columns::of("occasion", row);
    Ok(Occasion {
        planned_for: wall_of(&row.text()?)?,
        at: row.at()?,
        has_begun: row.int_or_null().is_some(),
    })
}
