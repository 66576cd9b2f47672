//! A ritual's ledger: a table of all that was done with it, for `rondo export`.

use chrono::NaiveDate;
use futures_util::future::BoxFuture;

use crate::store::{Store, StoreError};

/// The ledger of a ritual.
#[derive(Clone, Copy)]
pub struct Ledger {
    /// The columns in their order.
    pub columns: &'static [LedgerColumn],
    /// Which date `--since` compares: `in UTC`, say.
    pub dated: &'static str,
    /// How it reads as Markdown; without one, as a table.
    pub document: Option<LedgerDocument>,
    /// Returns a page of it.
    pub page: for<'s> fn(&'s Store, LedgerPage<'s>) -> LedgerLines<'s>,
    /// Further tables of the same ritual, each with the name by which `--what` asks for it.
    pub others: &'static [(&'static str, Ledger)],
}

impl Ledger {
    /// Returns the table of this name.
    pub fn named(&self, name: &str) -> Option<Ledger> {
        self.others.iter().find(|(known, _)| *known == name).map(|(_, ledger)| *ledger)
    }
}

/// A ledger as a text that people read.
#[derive(Clone, Copy)]
pub struct LedgerDocument {
    pub title: &'static str,
    /// Writes the entry of lines that follow one another and whose positions have the same first part.
    pub entry: fn(&[LedgerLine]) -> String,
}

/// Lines that are being read.
pub type LedgerLines<'s> = BoxFuture<'s, Result<Vec<LedgerLine>, StoreError>>;

/// A column of a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LedgerColumn {
    pub name: &'static str,
    /// Whether people typed it: a spreadsheet must not take it for a formula.
    pub is_typed: bool,
    /// Whether it is a number, in JSON, too.
    pub is_number: bool,
}

impl LedgerColumn {
    /// Returns a column of ids, instants and the like.
    pub const fn plain(name: &'static str) -> LedgerColumn {
        LedgerColumn { name, is_typed: false, is_number: false }
    }

    /// Returns a column of numbers.
    pub const fn number(name: &'static str) -> LedgerColumn {
        LedgerColumn { name, is_typed: false, is_number: true }
    }

    /// Returns a column of texts that people typed.
    pub const fn typed(name: &'static str) -> LedgerColumn {
        LedgerColumn { name, is_typed: true, is_number: false }
    }
}

/// Which lines are asked for: those of a date or later, behind a position, in the order of their positions.
#[derive(Clone, Copy, Debug)]
pub struct LedgerPage<'s> {
    pub since: NaiveDate,
    /// The position of the last line before the page; two empty texts are before all.
    pub after: (&'s str, &'s str),
    /// The number of lines at most.
    pub limit: i64,
}

/// A line of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerLine {
    /// Its position, unique in the ledger.
    pub position: (String, String),
    /// A cell for each column.
    pub cells: Vec<Option<String>>,
}
