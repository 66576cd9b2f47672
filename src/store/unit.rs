//! What is written together: guards that say whether it may happen, then rows.

use std::time::Duration;

use crate::model::clock::Instant;

/// A value on its way into a statement or out of one. Booleans do not exist here: both engines know text and
/// 64-bit integers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Text, or NULL where a text could stand.
    Text(Option<String>),
    /// An integer, or NULL where an integer could stand.
    Int(Option<i64>),
}

impl Value {
    /// The text, if it is one.
    pub fn text(self) -> Option<String> {
        match self {
            Value::Text(text) => text,
            Value::Int(_) => None,
        }
    }

    /// The integer, if it is one.
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

/// The shape of rows that go into one table, so that the rows of many units can share one statement.
#[derive(Debug)]
pub struct Insert {
    /// The table.
    pub table: &'static str,
    /// Its columns; the first `identity` of them tell one row from another.
    pub columns: &'static [&'static str],
    /// How many leading columns are the row's identity.
    pub identity: usize,
    /// What to do when the row is there already: an `ON CONFLICT` clause, or nothing.
    pub on_conflict: &'static str,
}

/// One write: a row of a shape, or a statement of its own.
#[derive(Clone, Debug)]
pub enum Write {
    /// A row; those of the same shape that are committed together share a statement.
    Row(&'static Insert, Vec<Value>),
    /// A statement.
    Run(&'static str, Vec<Value>),
}

/// A question put as a write: the unit goes on only if it returned a row.
#[derive(Clone, Debug)]
pub struct Guard {
    /// What a refusal is called.
    pub name: &'static str,
    /// A row whose `ON CONFLICT` may decline, or a statement with `RETURNING` that touches one row or none and whose
    /// first two values are the workspace and the row's key.
    pub write: Write,
}

/// What is written together or not at all. Guards come first, in their order, and each must be one conditional
/// statement on one row; then the rows; then the statements.
#[derive(Clone, Debug, Default)]
pub struct UnitOfWork {
    pub(super) guards: Vec<Guard>,
    pub(super) writes: Vec<Write>,
    pub(super) patience: Duration,
}

impl UnitOfWork {
    /// An empty unit.
    pub fn new() -> UnitOfWork {
        UnitOfWork::default()
    }

    /// A unit that consists of one guard.
    pub fn guarded(name: &'static str, write: Write) -> UnitOfWork {
        let mut unit = UnitOfWork::new();
        unit.guard(name, write);
        unit
    }

    /// Whether there is nothing to write and no guard.
    pub fn is_empty(&self) -> bool {
        self.guards.is_empty() && self.writes.is_empty()
    }

    /// Adds all of another unit behind what is there.
    pub fn append(&mut self, mut other: UnitOfWork) {
        self.guards.append(&mut other.guards);
        self.writes.append(&mut other.writes);
        self.patience = self.patience.max(other.patience);
    }

    /// Adds a guard behind those that are there.
    pub fn guard(&mut self, name: &'static str, write: Write) {
        self.guards.push(Guard { name, write });
    }

    /// Adds a guard before those that are there.
    pub fn guard_first(&mut self, name: &'static str, write: Write) {
        self.guards.insert(0, Guard { name, write });
    }

    /// Adds a row.
    pub fn row(&mut self, shape: &'static Insert, values: Vec<Value>) {
        debug_assert_eq!(shape.columns.len(), values.len(), "a value for each column of {}", shape.table);
        self.writes.push(Write::Row(shape, values));
    }

    /// Adds a statement, which runs after the unit's rows. It changes the one table that it names, and reads no other but
    /// for what guards change. It begins with `UPDATE`, `DELETE FROM` or `INSERT INTO`.
    pub fn run(&mut self, sql: &'static str, values: Vec<Value>) {
        self.writes.push(Write::Run(sql, values));
    }

    /// Lets the unit take longer than a few rows do: it touches as many as there are. Who comes meanwhile waits.
    pub(super) fn may_take(&mut self, patience: Duration) {
        self.patience = patience;
    }

    /// How many rows are added to this table.
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

/// What became of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is committed. What each guard statement returned is here, in the guards' order; guards that are rows
    /// return their identity.
    Committed(Vec<Vec<Value>>),
    /// The guard of this name said no, and the unit has left no trace.
    Refused(&'static str),
}
