//! Dates as people type them and as messages write them: `2026-12-24`, `24.12.`, `24 December`, `Tuesday, 6 January`.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::typed::{Word, named, number, ordinal, weekday, weekday_name};

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// A 29 February without a year is this many years ahead at most.
const LEAP_YEARS_APART: i32 = 8;

/// A date that may lack its year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Partial {
    year: Option<i32>,
    month: u32,
    day: u32,
    weekday: Option<Weekday>,
}

impl Partial {
    /// Returns the date itself; without a year it is the next one on or after `from`. The error says what is wrong with
    /// it.
    pub(super) fn on_or_after(self, from: NaiveDate) -> Result<NaiveDate, String> {
        let years = from.year()..=from.year().saturating_add(LEAP_YEARS_APART);
        self.first_of(years, |date| date >= from)
    }

    /// The same with the last one on or before `to`.
    pub(super) fn on_or_before(self, to: NaiveDate) -> Result<NaiveDate, String> {
        let years = to.year().saturating_sub(LEAP_YEARS_APART)..=to.year();
        self.first_of(years.rev(), |date| date <= to)
    }

    /// Returns another day of the same month.
    pub(super) fn with_day(self, day: u32) -> Partial {
        Partial { day, weekday: None, ..self }
    }

    pub(super) fn has_year(self) -> bool {
        self.year.is_some()
    }

    fn first_of(
        self,
        mut years: impl Iterator<Item = i32>,
        fits: impl Fn(NaiveDate) -> bool,
    ) -> Result<NaiveDate, String> {
        let in_year = |year| NaiveDate::from_ymd_opt(year, self.month, self.day);
        let date = match self.year {
            Some(year) => in_year(year),
            None => years.find_map(|year| in_year(year).filter(|date| fits(*date))),
        };
        let month = usize::try_from(self.month).ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
        let Some(date) = date else {
            return Err(month.map_or_else(
                || format!("There's no month {}.", self.month),
                |month| format!("There's no {} {month}.", self.day),
            ));
        };
        match self.weekday {
            Some(other) if other != date.weekday() => Err(format!(
                "{} is a {}, not a {}.",
                said(date),
                weekday_name(date.weekday()),
                weekday_name(other)
            )),
            _ => Ok(date),
        }
    }
}

/// Returns the next such day of a month, on or after `from`; `None` if there is none.
pub(super) fn next(month: u32, day: u32, from: NaiveDate) -> Option<NaiveDate> {
    Partial { year: None, month, day, weekday: None }.on_or_after(from).ok()
}

/// Writes a date in the style of all messages: `24 December 2026`.
pub(super) fn said(date: NaiveDate) -> String {
    let month = MONTHS.get(usize::try_from(date.month0()).unwrap_or_default()).copied().unwrap_or_default();
    format!("{} {month} {:04}", date.day(), date.year())
}

/// Reads the date at the beginning of these words, and returns how many words it takes. Several days may share a month,
/// as in `24, 25 and 31 December`.
pub(super) fn read(words: &[Word], today: NaiveDate) -> Option<(Vec<Partial>, usize)> {
    let low = |at: usize| words.get(at).map_or("", |word| word.low.as_str());
    let weekday = weekday(low(0));
    let mut at = usize::from(weekday.is_some());
    if low(at) == "the" {
        at += 1;
    }
    if let Some(date) = named_or_iso(low(at), today) {
        return Some((vec![Partial { weekday, ..date }], at + 1));
    }
    let mut days = Vec::new();
    let month = if let Some(month) = month(low(at)) {
        days.push(day(low(at + 1))?);
        at += 2;
        month
    } else {
        loop {
            days.push(day(low(at))?);
            at += 1;
            let has_comma = words.get(at - 1).is_some_and(|word| word.comma);
            match low(at) {
                "and" | "&" if weekday.is_none() => at += 1,
                _ if has_comma && weekday.is_none() => {}
                _ => break,
            }
        }
        at += usize::from(low(at) == "of");
        at += 1;
        month(low(at - 1))?
    };
    let year = year(low(at));
    at += usize::from(year.is_some());
    let dates = days.into_iter().map(|day| Partial { year, month, day, weekday });
    Some((dates.collect(), at))
}

fn named_or_iso(word: &str, today: NaiveDate) -> Option<Partial> {
    let date = match word {
        "today" => today,
        "tomorrow" => today.succ_opt()?,
        "yesterday" => today.pred_opt()?,
        _ if word.contains('.') => return dotted(word),
        _ => {
            let parts: Vec<&str> = word.split('-').collect();
            let [year_part, month, day] = parts[..] else { return None };
            let (month, day) = (number(month)?, number(day)?);
            return Some(Partial { year: Some(year(year_part)?), month, day, weekday: None });
        }
    };
    Some(Partial { year: Some(date.year()), month: date.month(), day: date.day(), weekday: None })
}

/// Reads a day and a month with full stops, the last of which is missing here: `24.12`, `24.12.2026`.
fn dotted(word: &str) -> Option<Partial> {
    let mut parts = word.split('.');
    let (day, month) = (day(parts.next()?)?, number(parts.next()?)?);
    let year = parts.next().map(|typed| year(typed).ok_or(())).transpose().ok()?;
    let is_date = (1..=12).contains(&month) && parts.next().is_none();
    is_date.then_some(Partial { year, month, day, weekday: None })
}

fn day(word: &str) -> Option<u32> {
    number(word).or_else(|| ordinal(word)).filter(|day| *day <= 31)
}

/// Reads a month in lower case: `december`, `dec`, `sept`.
pub(super) fn month(word: &str) -> Option<u32> {
    named(&MONTHS, word, 3..=4).and_then(|place| u32::try_from(place + 1).ok())
}

fn year(word: &str) -> Option<i32> {
    let is_year = word.len() == 4 && word.chars().all(|letter| letter.is_ascii_digit());
    is_year.then(|| word.parse().ok()).flatten().filter(|year| *year > 0)
}
