//! People in a channel who don't take part in one of its programmes, or who sit out one occasion.

use chrono::NaiveDate;

use super::{
    StoreError,
    columns::Columns,
    reading::ReadStore,
    unit::{Insert, UnitOfWork},
};
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    values,
};

static ABSENCE: Insert = Insert {
    table: "programme_absence",
    columns: &["team_id", "programme_id", "user_id", "left_at", "skips_date"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, programme_id, user_id) DO UPDATE SET left_at = excluded.left_at, \
         skips_date = excluded.skips_date",
};

/// Why a person who is in the channel does not take part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Absence {
    /// They have left.
    Left,
    /// They sit out the occasion of that local date.
    Skips(String),
}

/// Adds to a unit that a person does not take part in a programme any more.
pub fn leave(unit: &mut UnitOfWork, team: &TeamId, programme: &str, user: &UserId, now: Instant) {
    let skips: Option<String> = None;
    unit.row(&ABSENCE, values![team.as_str(), programme, user.as_str(), now, skips]);
}

/// Adds to a unit that a person skips the occasion of that local date.
pub fn skip(unit: &mut UnitOfWork, team: &TeamId, programme: &str, user: &UserId, date: NaiveDate) {
    let left: Option<i64> = None;
    unit.row(&ABSENCE, values![team.as_str(), programme, user.as_str(), left, date.to_string()]);
}

/// Adds to a unit that a person takes part again.
pub fn join(unit: &mut UnitOfWork, team: &TeamId, programme: &str, user: &UserId) {
    unit.run(
        "DELETE FROM programme_absence WHERE team_id = $1 AND programme_id = $2 AND user_id = $3",
        values![team.as_str(), programme, user.as_str()],
    );
}

/// Adds to a unit that those who skip the occasion of one date skip that of another.
pub fn move_skips(unit: &mut UnitOfWork, team: &TeamId, programme: &str, (from, to): (NaiveDate, NaiveDate)) {
    unit.run(
        "UPDATE programme_absence SET skips_date = $4 \
         WHERE team_id = $1 AND programme_id = $2 AND skips_date = $3",
        values![team.as_str(), programme, from.to_string(), to.to_string()],
    );
}

/// Returns who does not take part in a programme, and why.
pub async fn of_programme(store: &ReadStore, programme: &str) -> Result<Vec<(UserId, Absence)>, StoreError> {
    let rows = store
        .ask(
            "SELECT user_id, left_at, skips_date FROM programme_absence WHERE team_id = $1 AND programme_id = $2",
            values![store.team(), programme],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("programme_absence", row);
        let (user, left_at) = (UserId(row.text()?), row.int_or_null());
        let absence = match (left_at, row.text_or_null()) {
            (None, Some(date)) => Absence::Skips(date),
            _ => Absence::Left,
        };
        Ok((user, absence))
    };
    rows.into_iter().map(read).collect()
}
