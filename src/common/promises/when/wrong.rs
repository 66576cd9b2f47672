//! What was meant as a date and is none, and why.

use super::{Wall, works};

/// How many phrases are offered.
const MOST_NEAREST: usize = 3;

/// What was meant as a date and is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongWhen {
    /// As it was typed.
    pub typed: String,
    pub why: Why,
    /// Phrases in its place that work, the nearest first.
    pub nearest: Vec<String>,
}

impl WrongWhen {
    /// Returns the same with those phrases only that are read as dates.
    pub(super) fn with_what_works(mut self, now: Wall) -> WrongWhen {
        let most = if matches!(self.why, Why::NoSuchDay(_)) { 1 } else { MOST_NEAREST };
        // It's offered behind `by`.
        let behind_by = |phrase: String| phrase.strip_prefix("on ").map_or(phrase.clone(), str::to_owned);
        self.nearest = self.nearest.into_iter().map(behind_by).filter(|phrase| works(phrase, now)).collect();
        self.nearest.truncate(most);
        self
    }
}

/// Why it is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It names no day: `soon`.
    Vague,
    /// There is no such day: a sentence.
    NoSuchDay(String),
    /// The month has four days of its name: `5th Friday of February`.
    NoFifth,
    Over,
    TooFar,
    /// Day and month can't be told apart: `4/12`.
    Ambiguous,
    /// It may be in the morning or in the afternoon: `Friday at 3`.
    WhichHalf,
    /// Its time is none: `Friday at 25:00`.
    NoSuchTime,
    /// It is a holiday's name: `Christmas`.
    Holiday,
    /// It names a part of a day and no time: `Friday evening`.
    PartOfDay,
    /// It names two dates: `Friday or Monday`.
    TwoDates,
    /// It names a day again and again: `every Friday`.
    Repeated,
    /// Its time is on another clock: `Friday at 15:00 in New York`.
    OtherClock,
    /// It is a number alone, a day of the month or an hour: `5`.
    DayOrTime,
    /// It is a day in another language: `Freitag`.
    OtherLanguage,
}
