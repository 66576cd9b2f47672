//! The only SQL, and what the table holds about people.

use rondo::{
    model::{
        clock::{Instant, from_ms},
        people::TeamId,
    },
    store::{
        Store, StoreError,
        holdings::{HeldTable, Holdings, Holds, Section},
        reading::ReadStore,
        unit::{Insert, UnitOfWork, Value, Write},
    },
    values,
};

use super::plan::Note;

/// The refusal of a second *Done*.
pub const DONE: &str = "toy_done";

static NOTE: Insert = Insert {
    table: "toy_note",
    columns: &["team_id", "note_id", "author", "channel_id", "words", "noted_at"],
    identity: 2,
    on_conflict: "",
};

pub static HOLDINGS: Holdings = Holdings {
    tables: &[HeldTable {
        name: "toy_note",
        key: &["note_id"],
        columns: &[
            ("note_id", Holds::Nothing),
            ("author", Holds::Person),
            ("channel_id", Holds::Nothing),
            ("words", Holds::Words),
        ],
        withdraws: None,
    }],
    sections: &[Section {
        name: "toy_notes",
        sql: "SELECT note_id, channel_id, words, noted_at FROM toy_note \
              WHERE team_id = $1 AND author = $2 AND note_id > $3 ORDER BY note_id LIMIT $4",
        columns: &["channel", "words", "noted_at"],
    }],
};

pub fn put(unit: &mut UnitOfWork, team: &TeamId, note: &Note) {
    let Note { id, author, channel, words, noted_at, .. } = note;
    unit.row(
        &NOTE,
        values![team.as_str(), id.as_str(), author.as_str(), channel.as_str(), words.as_str(), *noted_at],
    );
}

/// Marks a note as done, unless it is.
pub fn mark_done(unit: &mut UnitOfWork, team: &TeamId, id: &str, now: Instant) {
    const MARK: &str = "UPDATE toy_note SET done_at = $3 WHERE team_id = $1 AND note_id = $2 AND done_at IS NULL \
                        RETURNING team_id, note_id";
    unit.guard(DONE, Write::Run(MARK, values![team.as_str(), id, now]));
}

pub async fn note(store: &ReadStore, id: &str) -> Result<Option<Note>, StoreError> {
    const ONE: &str = "SELECT note_id, author, channel_id, words, noted_at, done_at FROM toy_note \
                       WHERE team_id = $1 AND note_id = $2";
    let rows = store.ask(ONE, values![store.team(), id]).await?;
    Ok(rows.into_iter().find_map(read))
}

/// Returns a page of all notes behind an id, from a date on.
pub async fn page(store: &Store, since: Instant, after: &str, limit: i64) -> Result<Vec<Note>, StoreError> {
    const PAGE: &str = "SELECT note_id, author, channel_id, words, noted_at, done_at FROM toy_note \
                        WHERE noted_at >= $1 AND note_id > $2 ORDER BY note_id LIMIT $3";
    Ok(store.ask(PAGE, values![since, after, limit]).await?.into_iter().filter_map(read).collect())
}

fn read(row: Vec<Value>) -> Option<Note> {
    let [id, author, channel, words, noted_at, done_at]: [Value; 6] = row.try_into().ok()?;
    Some(Note {
        id: id.text()?,
        author: author.text()?,
        channel: channel.text()?,
        words: words.text()?,
        noted_at: from_ms(noted_at.int()?),
        done_at: done_at.int().map(from_ms),
    })
}
