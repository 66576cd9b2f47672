//! The SQL of notes for the next retro. Only their author reads them.

use super::number;
use crate::{
    model::{
        clock::Instant,
        people::{TeamId, UserId},
    },
    rituals::retro::values::{MOST_NOTES, Note, Retro},
    store::{
        StoreError,
        columns::Columns,
        reading::ReadStore,
        unit::{UnitOfWork, Write},
    },
    values,
};

/// The refusal of a note where a person has as many as they may, or adds another at the same time.
pub const FULL: &str = "retro_notes_full";
/// The refusal of a note that is deleted by another person than wrote it, or twice.
pub const GONE: &str = "retro_note_gone";

/// Adds a note to a unit, unless its author has as many as they may ([`FULL`]).
pub fn put(unit: &mut UnitOfWork, team: &TeamId, note: &Note) {
    let write = Write::Run(
        "INSERT INTO retro_note (team_id, note_id, programme_id, user_id, place, words, noted_at) \
         SELECT $1, $2, $3, $4, (SELECT COALESCE(MAX(place), 0) + 1 FROM retro_note \
         WHERE team_id = $1 AND user_id = $4 AND programme_id = $3), $5, $6 \
         WHERE (SELECT COUNT(*) FROM retro_note WHERE team_id = $1 AND user_id = $4 AND programme_id = $3) < $7 \
         ON CONFLICT DO NOTHING RETURNING note_id",
        values![
            team.as_str(),
            note.id.as_str(),
            note.programme.as_str(),
            note.user.as_str(),
            note.words.as_str(),
            note.noted_at,
            number(MOST_NOTES)
        ],
    );
    unit.guard(FULL, write);
}

/// Adds to a unit that a person deletes a note of theirs ([`GONE`]).
pub fn delete(unit: &mut UnitOfWork, team: &TeamId, note: &str, user: &UserId) {
    let write = Write::Run(
        "DELETE FROM retro_note WHERE team_id = $1 AND note_id = $2 AND user_id = $3 RETURNING note_id",
        values![team.as_str(), note, user.as_str()],
    );
    unit.guard(GONE, write);
    unit.wipe("retro_note");
}

/// Adds to a unit that the notes which came back in a retro are deleted: those of people who were asked, from before it opened.
pub fn forget(unit: &mut UnitOfWork, team: &TeamId, retro: &Retro) {
    unit.run(
        "DELETE FROM retro_note WHERE team_id = $1 AND programme_id = $2 AND noted_at <= $3 \
         AND user_id IN (SELECT user_id FROM retro_asked WHERE team_id = $1 AND retro_id = $4)",
        values![team.as_str(), retro.programme.as_str(), retro.opened_at, retro.id.as_str()],
    );
    unit.wipe("retro_note");
}

/// Adds to a unit that all notes for a programme are deleted.
pub(super) fn forget_all(unit: &mut UnitOfWork, team: &TeamId, programme: &str) {
    unit.run(
        "DELETE FROM retro_note WHERE team_id = $1 AND programme_id = $2",
        values![team.as_str(), programme],
    );
    unit.wipe("retro_note");
}

/// Returns the notes of a person for the next retro of a programme, the oldest first, those until an instant.
pub async fn notes(
    store: &ReadStore,
    programme: &str,
    user: &UserId,
    until: Instant,
) -> Result<Vec<Note>, StoreError> {
    let rows = store
        .ask(
            "SELECT note_id, programme_id, user_id, words, noted_at FROM retro_note \
             WHERE team_id = $1 AND user_id = $2 AND programme_id = $3 AND noted_at <= $4 ORDER BY place LIMIT $5",
            values![store.team(), user.as_str(), programme, until, number(MOST_NOTES)],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_note", row);
        Ok(Note {
            id: row.text()?,
            programme: row.text()?,
            user: UserId(row.text()?),
            words: row.text()?,
            noted_at: row.at()?,
        })
    };
    rows.into_iter().map(read).collect()
}
