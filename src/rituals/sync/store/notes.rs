//! The notes of syncs: those of their closings, and those that came later.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    rituals::sync::plan::PastNotes,
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{Insert, UnitOfWork},
    },
    values,
};

static ADDITION: Insert = Insert {
    table: "sync_addition",
    columns: &["team_id", "addition_id", "programme_id", "local_date", "user_id", "notes", "added_at"],
    identity: 2,
    on_conflict: "ON CONFLICT DO NOTHING",
};

/// Adds to a unit notes of a sync that was closed before they came.
pub fn add(
    unit: &mut UnitOfWork,
    team: &TeamId,
    (programme, date): (&str, NaiveDate),
    (id, user, notes): (&str, &UserId, &str),
    now: Instant,
) {
    unit.row(&ADDITION, values![team.as_str(), id, programme, date.to_string(), user.as_str(), notes, now]);
}

/// Returns the notes of a programme's syncs from a date on, by date: those of the closing, and later ones, the oldest first; 200 later ones
/// at most.
pub async fn since(
    store: &ReadStore,
    programme: &str,
    date: NaiveDate,
) -> Result<BTreeMap<NaiveDate, PastNotes>, StoreError> {
    let key = || values![store.team(), programme, date.to_string()];
    let closed = store
        .ask(
            "SELECT local_date, notes FROM sync_closing WHERE team_id = $1 AND programme_id = $2 AND local_date >= $3 \
             AND notes <> '' ORDER BY local_date LIMIT 100",
            key(),
        )
        .await?;
    let mut notes: BTreeMap<NaiveDate, PastNotes> = BTreeMap::new();
    for row in closed {
        let mut row = Columns::of("sync_closing", row);
        let (date, words) = (super::date(&mut row)?, row.text()?);
        notes.entry(date).or_default().closing = words;
    }
    let added = store
        .ask(
            "SELECT local_date, user_id, notes FROM sync_addition WHERE team_id = $1 AND programme_id = $2 \
             AND local_date >= $3 AND notes <> '' ORDER BY local_date, added_at, addition_id LIMIT 200",
            key(),
        )
        .await?;
    for row in added {
        let mut row = Columns::of("sync_addition", row);
        let (date, user, words) = (super::date(&mut row)?, UserId(row.text()?), row.text()?);
        notes.entry(date).or_default().added.push((user, words));
    }
    Ok(notes)
}
