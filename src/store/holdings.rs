//! What is kept of people, table by table, as data: from it a person's data is exported and erased.
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

/// What a slice keeps of people.
#[derive(Clone, Copy, Debug)]
pub struct Holdings {
    /// All tables of the slice.
    pub tables: &'static [HeldTable],
    /// What is exported of a person.
    pub sections: &'static [Section],
}

impl Holdings {
    /// Of a slice that has no tables.
    pub const NONE: Holdings = Holdings { tables: &[], sections: &[] };
}

/// A table, and what each of its text columns holds of people.
#[derive(Clone, Copy, Debug)]
pub struct HeldTable {
    /// Its name.
    pub name: &'static str,
    /// The columns that tell its rows apart behind `team_id`. They are texts.
    pub key: &'static [&'static str],
    /// Every text column but `team_id`.
    pub columns: &'static [(&'static str, Holds)],
    /// What is withdrawn before the rows are gone through: a statement on this table. `$1` is the workspace, `$2` the person
    /// and `$3`, where it is used, the instant.
    pub withdraws: Option<&'static str>,
}

impl HeldTable {
    /// The columns that hold the id of a person and nothing else.
    pub fn ids(&self) -> impl Iterator<Item = &'static str> {
        let ids = self.columns.iter().filter(|(_, holds)| matches!(holds, Holds::Row | Holds::Person));
        ids.map(|(column, _)| *column)
    }
}

/// What a column holds of people, and so what becomes of it when a person is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// The id of the person whom the whole row is about: it is deleted with them.
    Row,
    /// The id of a person: the pseudonym takes its place.
    Person,
    /// The words of the row's [`Holds::Person`]: they go. In another person's words the person is scrubbed.
    Words,
    /// A reply that is kept for a repetition: it says nothing any more where it was the person's or names them.
    Reply,
    /// A text or JSON that may name or mention people: the person is scrubbed, and leaves its lists.
    Text,
    /// Nothing of any person.
    Nothing,
}

/// A part of an export: rows of which the first column, a text, is the place in the order, and the others are `columns`.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its name in the export.
    pub name: &'static str,
    /// The question. `$1` is the workspace, `$2` the person, `$3` the place behind which it goes on, `$4` how many rows.
    pub sql: &'static str,
    /// What the columns are called. One that ends in `_at` holds an instant in milliseconds.
    pub columns: &'static [&'static str],
}
