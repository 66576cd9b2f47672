//! What was understood of a schedule so far, what was not, and the phrases that are near to both.

use std::collections::BTreeSet;

use chrono::{NaiveTime, Weekday};

use super::{
    NotUnderstood,
    rule::{Days, NthWeekday},
    say,
};

/// When no time was said, examples have this one.
const USUAL_HOUR: u32 = 10;
/// When no day was said, examples have this one.
pub(super) const USUAL_DAY: Weekday = Weekday::Tue;

/// What was understood of a schedule.
#[derive(Clone, Debug, Default)]
pub(super) struct ScheduleDraft {
    pub(super) days: Option<(Days, u32)>,
    pub(super) times: BTreeSet<NaiveTime>,
    /// What was not understood, each at the place of its first word.
    pub(super) faults: Vec<(usize, Fault)>,
}

/// One thing that was not understood: a sentence about it, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) said: String,
    pub(super) instead: Vec<Phrase>,
}

/// A phrase that works once the rest of what was understood is added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// The days and times as they were understood.
    Understood,
    /// The same, with this behind it.
    With(String),
    /// These days, at the times that were understood.
    Days(Days, u32),
}

impl Fault {
    pub(super) fn new(said: impl Into<String>) -> Fault {
        Fault { said: said.into(), instead: vec![Phrase::Understood] }
    }

    pub(super) fn with(said: impl Into<String>, behind: impl Into<String>) -> Fault {
        Fault { said: said.into(), instead: vec![Phrase::With(behind.into())] }
    }

    pub(super) fn days(said: impl Into<String>, days: impl IntoIterator<Item = (Days, u32)>) -> Fault {
        let phrases = days.into_iter().map(|(days, every)| Phrase::Days(days, every));
        Fault { said: said.into(), instead: phrases.collect() }
    }
}

impl ScheduleDraft {
    pub(super) fn fault(&mut self, at: usize, fault: Fault) {
        self.faults.push((at, fault));
    }

    /// The refusal for the first thing that was not understood.
    pub(super) fn refusal(&self, fault: &Fault) -> NotUnderstood {
        NotUnderstood::example(&fault.said, fault.instead.iter().map(|phrase| self.phrase(phrase)).collect())
    }

    /// A whole phrase of what was understood, where days or a time lack with usual ones.
    pub(super) fn phrase(&self, phrase: &Phrase) -> String {
        let usual = (Days::weekdays([USUAL_DAY]), 1);
        let (days, every) = match phrase {
            Phrase::Days(days, every) => (days, *every),
            _ => self.days.as_ref().map_or((&usual.0, 1), |(days, every)| (days, *every)),
        };
        let usual_time = || NaiveTime::from_hms_opt(USUAL_HOUR, 0, 0).into_iter().collect();
        let times = if self.times.is_empty() { usual_time() } else { self.times.clone() };
        let said = say::occasions(days, every, &times);
        match phrase {
            Phrase::With(behind) => format!("{said} {behind}"),
            _ => said,
        }
    }
}

/// Such a weekday of each month.
pub(super) fn place(place: NthWeekday, day: Weekday) -> Days {
    Days::Places(vec![(place, day)])
}
