//! What was understood of a schedule so far, what was not, and the phrases that are near to both.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, Weekday};

use super::{
    NotUnderstood, dates,
    rule::{Days, NthWeekday},
    say,
};

/// Examples have this hour if no time was typed.
const USUAL_HOUR: u32 = 10;
/// Examples have this day if no day was typed.
pub(super) const USUAL_DAY: Weekday = Weekday::Tue;

/// What was understood of a schedule.
#[derive(Clone, Debug, Default)]
pub(super) struct ScheduleDraft {
    pub(super) days: Option<(Days, u32)>,
    pub(super) times: BTreeSet<NaiveTime>,
    /// What was not understood, each at the place of its first word.
    pub(super) faults: Vec<(usize, Fault)>,
}

/// A part that was not understood: a sentence about it, and what to type instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) said: String,
    pub(super) instead: Vec<Phrase>,
}

/// A phrase that works once it is combined with what was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phrase {
    /// The days and times that were understood.
    Understood,
    /// The same, with this behind it.
    With(String),
    /// These days, at the times that were understood.
    Days(Days, u32),
    /// The same from this date on.
    DaysFrom(Days, u32, NaiveDate),
    /// This date alone, at the time that was understood.
    Once(NaiveDate),
}

impl Fault {
    pub(super) fn new(said: impl Into<String>) -> Fault {
        Fault { said: said.into(), instead: vec![Phrase::Understood] }
    }

    pub(super) fn with(said: impl Into<String>, behind: impl Into<String>) -> Fault {
        Fault { said: said.into(), instead: vec![Phrase::With(behind.into())] }
    }

    pub(super) fn once(said: impl Into<String>, date: NaiveDate) -> Fault {
        Fault { said: said.into(), instead: vec![Phrase::Once(date)] }
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

    /// Returns the refusal for the first part that was not understood.
    pub(super) fn refusal(&self, fault: &Fault) -> NotUnderstood {
        NotUnderstood::example(&fault.said, fault.instead.iter().map(|phrase| self.phrase(phrase)).collect())
    }

    /// Returns a whole phrase of what was understood, with usual days or a usual time in place of missing ones.
    pub(super) fn phrase(&self, phrase: &Phrase) -> String {
        let usual = (Days::weekdays([USUAL_DAY]), 1);
        let (days, every) = match phrase {
            Phrase::Days(days, every) | Phrase::DaysFrom(days, every, _) => (days, *every),
            _ => self.days.as_ref().map_or((&usual.0, 1), |(days, every)| (days, *every)),
        };
        let usual_time = || NaiveTime::from_hms_opt(USUAL_HOUR, 0, 0).into_iter().collect();
        let times = if self.times.is_empty() { usual_time() } else { self.times.clone() };
        let said = say::occasions(days, every, &times);
        match phrase {
            Phrase::Once(date) => say::once(date.and_time(times.first().copied().unwrap_or_default())),
            Phrase::With(behind) => format!("{said} {behind}"),
            Phrase::DaysFrom(_, _, from) => format!("{said} starting {}", dates::said(*from)),
            _ => said,
        }
    }
}

/// Returns the days of such a weekday of each month.
pub(super) fn place(place: NthWeekday, day: Weekday) -> Days {
    Days::Places(vec![(place, day)])
}
