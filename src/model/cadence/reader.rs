//! The state of reading a text: its words, which of them are used, and what was understood so far.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;

use super::{
    dates::Partial,
    draft::ScheduleDraft,
    times::{self, ReadTime},
    typed::Typed,
};

/// A year's holidays and more; a button that holds a cadence takes 2,000 characters.
pub(super) const MOST_DATES_LEFT_OUT: usize = 40;
/// How often a cadence may occur in addition to its days.
pub(super) const MOST_ALSO: usize = 10;

/// Where and when a text is read.
#[derive(Clone, Copy)]
pub(super) struct ReadingContext {
    pub(super) zone: Tz,
    pub(super) today: NaiveDate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    In,
    Starting,
    Except,
    Until,
    Also,
    Once,
}

impl Clause {
    pub(super) fn of(word: &str) -> Option<Clause> {
        match word {
            "in" | "(" => Some(Clause::In),
            "starting" | "starts" | "start" | "beginning" | "from" => Some(Clause::Starting),
            "except" | "excluding" | "without" => Some(Clause::Except),
            "until" | "till" => Some(Clause::Until),
            "also" | "plus" => Some(Clause::Also),
            _ => None,
        }
    }

    /// Returns its best-known word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Clause::In => "in",
            Clause::Starting => "starting",
            Clause::Except => "except",
            Clause::Until => "until",
            Clause::Also => "also on",
            Clause::Once => "once on",
        }
    }
}

/// The words, and their meaning so far.
pub(super) struct WordReader<'t> {
    pub(super) typed: &'t Typed,
    pub(super) used: Vec<bool>,
    pub(super) context: ReadingContext,
    pub(super) draft: ScheduleDraft,
    pub(super) zone: Option<Tz>,
    /// Whether a place was named, known or not.
    pub(super) has_place: bool,
    pub(super) starting: Option<NaiveDate>,
    pub(super) left_out: BTreeSet<NaiveDate>,
    pub(super) until: Option<NaiveDate>,
    pub(super) also: BTreeSet<NaiveDateTime>,
    /// The only date, and the place of its clause.
    pub(super) once: Option<(usize, NaiveDate)>,
    /// Dates without a year, which wait until the first day is known.
    pub(super) waiting: Vec<(Clause, usize, Vec<Partial>)>,
    /// Dates that are held in addition, each with its own time or that of all days.
    pub(super) also_waiting: Vec<(usize, Partial, Option<NaiveTime>)>,
    /// Times behind a date, as in messages: `1 December at 10:00`.
    pub(super) beside_dates: Vec<(usize, NaiveTime)>,
}

impl<'t> WordReader<'t> {
    pub(super) fn new(typed: &'t Typed, context: ReadingContext) -> WordReader<'t> {
        WordReader {
            typed,
            used: vec![false; typed.words.len()],
            context,
            draft: ScheduleDraft::default(),
            zone: None,
            has_place: false,
            starting: None,
            left_out: BTreeSet::new(),
            until: None,
            also: BTreeSet::new(),
            once: None,
            waiting: Vec::new(),
            also_waiting: Vec::new(),
            beside_dates: Vec::new(),
        }
    }

    pub(super) fn low(&self, at: usize) -> &'t str {
        self.typed.words.get(at).map_or("", |word| word.low.as_str())
    }

    pub(super) fn use_up(&mut self, from: usize, to: usize) {
        self.used.iter_mut().take(to).skip(from).for_each(|used| *used = true);
    }

    /// Returns the places of words that are not used yet.
    pub(super) fn free(&self) -> Vec<usize> {
        (0..self.used.len()).filter(|at| !self.used[*at]).collect()
    }

    pub(super) fn time(&self, at: usize, expected: bool) -> ReadTime {
        self.typed.words.get(at..).map_or(ReadTime::Nothing, |words| times::read(words, expected))
    }
}
