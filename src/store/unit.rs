//! A unit of work: guards that decide whether it may be written, then its rows.

use std::time::Duration;

use crate::model::clock::Instant;

/// A value of a statement, bound or returned. There are no booleans: both engines share text and 64-bit integers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Text, or NULL in a text column.
    Text(Option<String>),
    /// An integer, or NULL in an integer column.
    Int(Option<i64>),
}

impl Value {
    pub fn text(self) -> Option<String> {
        match self {
            Value::Text(text) => text,
            Value::Int(_) => None,
        }
    }

    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(int) => *int,
            Value::Text(_) => None,
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(Some(text.to_owned()))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(Some(text))
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Value {
        Value::Text(text)
    }
}

impl From<i64> for Value {
    fn from(int: i64) -> Value {
        Value::Int(Some(int))
    }
}

impl From<Option<i64>> for Value {
    fn from(int: Option<i64>) -> Value {
        Value::Int(int)
    }
}

impl From<Instant> for Value {
    fn from(at: Instant) -> Value {
        Value::Int(Some(at.timestamp_millis()))
    }
}

/// Collects values of different types for a statement.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::unit::Value::from($value)),*] };
}

/// The shape of rows of one table, so that the rows of many units can share one statement.
#[derive(Debug)]
pub struct Insert {
    pub table: &'static str,
    /// Its columns; the first `identity` of them identify a row.
    pub columns: &'static [&'static str],
    pub identity: usize,
    /// What to do when the row exists: an `ON CONFLICT` clause, or nothing.
    pub on_conflict: &'static str,
}

/// One write: a row of a shape, or a statement of its own.
#[derive(Clone, Debug)]
pub enum Write {
    /// A row; rows of the same shape that are committed together share a statement.
    Row(&'static Insert, Vec<Value>),
    Run(&'static str, Vec<Value>),
}

/// A conditional write: the unit is written only if it returns a row.
#[derive(Clone, Debug)]
pub struct Guard {
    /// The name of a refusal.
    pub name: &'static str,
    /// A row whose `ON CONFLICT` may decline, or a statement with `RETURNING` that touches at most one row and whose
    /// first two values are the workspace and the row's key.
    pub write: Write,
}

/// Writes that are made together or not at all. Guards come first, in their order, and each must be one conditional
/// statement on one row; then the rows; then the statements.
#[derive(Clone, Debug, Default)]
pub struct UnitOfWork {
    pub(super) guards: Vec<Guard>,
    pub(super) writes: Vec<Write>,
    pub(super) patience: Duration,
    pub(super) wiped: Vec<&'static str>,
    pub(super) empties_log: bool,
}

impl UnitOfWork {
    pub fn new() -> UnitOfWork {
        UnitOfWork::default()
    }

    /// Returns a unit that consists of one guard.
    pub fn guarded(name: &'static str, write: Write) -> UnitOfWork {
        let mut unit = UnitOfWork::new();
        unit.guard(name, write);
        unit
    }

    /// Whether there is nothing to write and no guard.
    pub fn is_empty(&self) -> bool {
        self.guards.is_empty() && self.writes.is_empty()
    }

    /// Adds all of another unit at the end.
    pub fn append(&mut self, mut other: UnitOfWork) {
        self.guards.append(&mut other.guards);
        self.writes.append(&mut other.writes);
        self.patience = self.patience.max(other.patience);
        self.wiped.append(&mut other.wiped);
        self.empties_log |= other.empties_log;
    }

    /// Adds a guard behind the others.
    pub fn guard(&mut self, name: &'static str, write: Write) {
        self.guards.push(Guard { name, write });
    }

    /// Adds a guard before the others.
    pub fn guard_first(&mut self, name: &'static str, write: Write) {
        self.guards.insert(0, Guard { name, write });
    }

    /// Whether it has a guard of this name whose statement begins with these values.
    pub fn has_guard(&self, name: &str, first: &[Value]) -> bool {
        let begins = |write: &Write| match write {
            Write::Row(_, values) | Write::Run(_, values) => values.starts_with(first),
        };
        self.guards.iter().any(|guard| guard.name == name && begins(&guard.write))
    }

    /// Adds a row.
    ///
    /// # Panics
    ///
    /// Panics unless there's a value for each column.
    pub fn row(&mut self, shape: &'static Insert, values: Vec<Value>) {
        assert_eq!(shape.columns.len(), values.len(), "a value for each column of {}", shape.table);
        self.writes.push(Write::Row(shape, values));
    }

    /// Adds a statement, which runs after the unit's rows. It changes the one table that it names, and reads no other
    /// except what guards change. It begins with `UPDATE`, `DELETE FROM` or `INSERT INTO`.
    pub fn run(&mut self, sql: &'static str, values: Vec<Value>) {
        self.writes.push(Write::Run(sql, values));
    }

    /// Whether it adds an effect or a run, whose rows name the person or the time that caused them.
    pub fn names_its_cause(&self) -> bool {
        ["outbox", "run", "processed_delivery"].into_iter().any(|table| self.writes_to(table))
    }

    /// Has what the unit deletes from this table overwritten once it is committed, in the database and in its log, as far as
    /// the database allows.
    pub fn wipe(&mut self, table: &'static str) {
        self.wiped.push(table);
    }

    /// Has the log of a database file emptied soon after the unit is committed, so that it doesn't tell for long what was written in which
    /// order. A server's log is its own.
    pub fn empty_log(&mut self) {
        self.empties_log = true;
    }

    /// Lets the unit take longer than a few rows do, because it may touch any number. Other units wait meanwhile.
    pub(super) fn may_take(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// Counts the rows that are added to this table.
    pub(super) fn rows_of(&self, table: &str) -> usize {
        self.writes
            .iter()
            .filter(|write| matches!(write, Write::Row(shape, _) if shape.table == table))
            .count()
    }

    /// Whether a row of this table is written or changed; guards do not count.
    pub(super) fn writes_to(&self, table: &str) -> bool {
        self.writes.iter().any(|write| match write {
            Write::Row(shape, _) => shape.table == table,
            // The table is the second word, or the third behind `INSERT INTO`.
            Write::Run(text, _) => {
                !text.starts_with("DELETE") && text.split_whitespace().take(3).any(|word| word == table)
            }
        })
    }
}

/// The outcome of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is committed. Holds what each guard statement returned, in the guards' order; guards that are rows return
    /// their identity.
    Committed(Vec<Vec<Value>>),
    /// The guard of this name refused the unit, and nothing was written.
    Refused(&'static str),
}
