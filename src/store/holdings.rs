//! What is kept about people, table by table, as data: exports and erasures are driven by it.
//!
//! Each slice declares its own tables and what it exports. A test compares all declarations with the schema, so that no
//! table and no text column is forgotten.

mod erasing;
mod exporting;
mod own;

pub use self::{
    erasing::{Eraser, FreeSpace},
    exporting::Entry,
    own::{HOLDINGS, PEOPLE},
};

/// What a slice keeps about people.
#[derive(Clone, Copy, Debug)]
pub struct Holdings {
    pub tables: &'static [HeldTable],
    /// What an export contains.
    pub sections: &'static [Section],
}

impl Holdings {
    /// For a slice without tables.
    pub const NONE: Holdings = Holdings { tables: &[], sections: &[] };
}

/// A table, and what each of its text columns holds about people.
#[derive(Clone, Copy, Debug)]
pub struct HeldTable {
    pub name: &'static str,
    /// The key columns behind `team_id`.
    pub key: &'static [&'static str],
    /// Every text column but `team_id`.
    pub columns: &'static [(&'static str, Holds)],
    /// A statement on this table that runs before an erasure reads its rows, and withdraws what is still to be done.
    /// `$1` is the workspace, `$2` the person and `$3`, where it is used, the instant.
    pub withdraws: Option<&'static str>,
}

impl HeldTable {
    /// Returns the columns that hold the id of a person and nothing else.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        let ids = self.columns.iter().filter(|(_, holds)| matches!(holds, Holds::Row | Holds::Person));
        ids.map(|(column, _)| *column)
    }
}

/// What a column holds about people, and so what an erasure does with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The id of the person that the row is about: the row is deleted.
    Row,
    /// The id of a person: it is replaced by the pseudonym.
    Person,
    /// The words of the row's [`Holds::Person`]: they are deleted. In another person's words, mentions of the person
    /// are scrubbed.
    Words,
    /// A reply kept for repetitions: it is emptied if it was for the person or names them.
    Reply,
    /// A text or JSON that may name or mention people: mentions are scrubbed, and the person is removed from its lists.
    Text,
    /// A copy of another table's columns and of names that is kept for a search, declared there as a [`FoldedCopy`].
    Folded,
    /// Nothing about any person; a part of the key of a row whose words another table holds folded.
    KeyOfCopy(&'static FoldedCopy),
    /// Nothing about any person.
    Nothing,
}

/// A copy of words for a search, in the columns `words`, `more` and `is_long` of another table that has the same columns as a key
/// ([`folded_words`](crate::model::text::folded_words)). If an erasure changes the row, its copy is made of the columns anew, without
/// names, in the same transaction.
#[derive(Debug, PartialEq, Eq)]
pub struct FoldedCopy {
    pub table: &'static str,
    /// The columns that it is a copy of.
    pub of: &'static [&'static str],
}

/// A part of an export: rows whose first column, a text, gives their order; the other columns are `columns`.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name in the export.
    pub name: &'static str,
    /// The query. `$1` is the workspace, `$2` the person, `$3` the first column of the last row before the page, `$4`
    /// the number of rows.
    pub sql: &'static str,
    /// The names of the columns. One that ends in `_at` holds an instant in milliseconds.
    pub columns: &'static [&'static str],
}
