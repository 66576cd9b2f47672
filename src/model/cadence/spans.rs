//! Days as people type them for a time away: `until Friday`, `3 to 10 December`, `tomorrow`, `for 2 weeks`.

use chrono::{Datelike as _, Days, Duration, NaiveDate, Weekday};

use super::{
    dates::{self, Partial},
    typed::{Typed, number, ordinal, weekday},
};

/// How far ahead a last day may be, in days.
const FARTHEST_DAYS: i64 = 366;
/// How long ago the first day may be if its year was not typed, in days.
const RECENT_DAYS: i64 = 60;
/// How long a time may be whose years were not typed, in days: longer ones are a slip as a rule.
const LONGEST_DAYS: i64 = 183;

/// Days, the first and the last among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySpan {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

/// Why a text names no days that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongDays {
    /// There is no text.
    Missing,
    /// These words are not understood.
    Unknown(String),
    /// There is no such day: a sentence.
    NoSuchDay(String),
    /// The last day is over.
    Over(DaySpan),
    /// The last day is more than a year ahead.
    TooFar(DaySpan),
    /// The last day is before the first.
    Backwards,
    /// The time is so long that its years have to be typed.
    Long(DaySpan),
}

impl DaySpan {
    /// Reads days that are not over on the day `today`. Days without a year are the next ones.
    pub fn parse(text: &str, today: NaiveDate) -> Result<DaySpan, WrongDays> {
        let text = apart(text);
        let typed = Typed::read(&text);
        if typed.words.is_empty() {
            return Err(WrongDays::Missing);
        }
        let mut reader = SpanReader { typed: &typed, today, at: 0 };
        let (span, has_years) = reader.span()?;
        if reader.at < typed.words.len() {
            return Err(reader.unknown());
        }
        let days = (span.last - span.first).num_days();
        if span.last < today {
            return Err(WrongDays::Over(span));
        }
        if days < 0 {
            return Err(WrongDays::Backwards);
        }
        if DaySpan::is_too_far(span.last, today) {
            return Err(WrongDays::TooFar(span));
        }
        if days > LONGEST_DAYS && !has_years {
            return Err(WrongDays::Long(span));
        }
        Ok(span)
    }

    /// Returns the day that a text means if it names a day and a month without a year that were a short time ago: the same in the next
    /// year is hardly meant.
    pub fn just_over(text: &str, today: NaiveDate) -> Option<NaiveDate> {
        let typed = Typed::read(text);
        let mut reader = SpanReader { typed: &typed, today, at: 0 };
        let TypedDay::Date(date) = reader.day().ok()? else { return None };
        if date.has_year() || reader.at < typed.words.len() {
            return None;
        }
        let last = date.on_or_before(today).ok()?;
        (1..=RECENT_DAYS).contains(&(today - last).num_days()).then_some(last)
    }

    /// Whether a text of days says only how long from now: `until Friday`, `for 2 days`.
    pub fn says_only_its_end(text: &str) -> bool {
        let typed = Typed::read(text);
        typed.words.first().is_some_and(|word| is_to(&word.low) || word.low == "for")
    }

    /// Whether a text of days says when they begin without an end: `from Friday`.
    pub fn says_only_its_beginning(&self, text: &str) -> bool {
        self.first == self.last && Typed::read(text).words.first().is_some_and(|word| word.low == "from")
    }

    /// Whether a last day is so far ahead that it is a slip.
    pub fn is_too_far(last: NaiveDate, today: NaiveDate) -> bool {
        (last - today).num_days() > FARTHEST_DAYS
    }
}

/// Returns the text with spaces around a dash between two days of a month: `3-10 December`.
fn apart(text: &str) -> String {
    let word = |word: &str| {
        let plain: String = word.chars().map(super::typed::plain_dash).collect();
        match plain.split_once('-') {
            Some((from, to)) if day_of_month(from).is_some() && day_of_month(to).is_some() => {
                format!("{from} - {to}")
            }
            _ => word.to_owned(),
        }
    };
    text.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn day_of_month(word: &str) -> Option<u32> {
    number(word).or_else(|| ordinal(&word.to_lowercase())).filter(|day| (1..=31).contains(day))
}

/// One day, as far as it is typed.
enum TypedDay {
    Date(Partial),
    Weekday { day: Weekday, of_next_week: bool },
    OfMonth(u32),
}

struct SpanReader<'t> {
    typed: &'t Typed,
    today: NaiveDate,
    at: usize,
}

impl SpanReader<'_> {
    /// Reads days, and whether their years are typed.
    fn span(&mut self) -> Result<(DaySpan, bool), WrongDays> {
        if is_to(self.low()) {
            self.at += 1;
            let day = self.day()?;
            return Ok((
                DaySpan { first: self.today, last: self.resolve(&day, self.today)? },
                has_year(&day),
            ));
        }
        match self.low() {
            "for" => return Ok((self.length()?, true)),
            "this" | "next" if self.word(1) == "week" => return Ok((self.week()?, true)),
            "from" | "on" => self.at += 1,
            _ => {}
        }
        let start = self.at;
        let first = self.day()?;
        if !is_to(self.low()) {
            if let TypedDay::OfMonth(_) = first {
                self.at = start;
                return Err(self.unknown());
            }
            let day = self.resolve(&first, self.today)?;
            return Ok((DaySpan { first: day, last: day }, true));
        }
        self.at += 1;
        let last = self.day()?;
        self.between(first, last)
    }

    fn between(&self, first: TypedDay, last: TypedDay) -> Result<(DaySpan, bool), WrongDays> {
        match (first, last) {
            (TypedDay::OfMonth(day), TypedDay::Date(date)) => {
                let last = date.on_or_after(self.today).map_err(WrongDays::NoSuchDay)?;
                if day > last.day() {
                    return Err(WrongDays::Backwards);
                }
                let first = date.with_day(day).on_or_before(last).map_err(WrongDays::NoSuchDay)?;
                Ok((DaySpan { first, last }, true))
            }
            (TypedDay::Date(date), TypedDay::OfMonth(day)) => {
                let last = date.with_day(day).on_or_after(self.today).map_err(WrongDays::NoSuchDay)?;
                let first = date.on_or_before(last).map_err(WrongDays::NoSuchDay)?;
                if (last - first).num_days() > 31 {
                    return Err(WrongDays::Backwards);
                }
                Ok((DaySpan { first, last }, true))
            }
            (TypedDay::Date(first), last @ TypedDay::Date(_)) => {
                let has_years = first.has_year() && has_year(&last);
                let end = self.resolve(&last, self.today)?;
                let begins = first.on_or_before(end).map_err(WrongDays::NoSuchDay)?;
                if first.has_year() || (self.today - begins).num_days() <= RECENT_DAYS {
                    return Ok((DaySpan { first: begins, last: end }, has_years));
                }
                let begins = first.on_or_after(self.today).map_err(WrongDays::NoSuchDay)?;
                Ok((DaySpan { first: begins, last: self.resolve(&last, begins)? }, has_years))
            }
            (first, last) => {
                let first = self.resolve(&first, self.today)?;
                Ok((DaySpan { first, last: self.resolve(&last, first)? }, true))
            }
        }
    }

    /// Reads `for 3 days` or `for a week`.
    fn length(&mut self) -> Result<DaySpan, WrongDays> {
        let number = match self.word(1) {
            "a" | "one" => Some(1),
            "two" => Some(2),
            "three" => Some(3),
            word => number(word),
        };
        let days = match self.word(2) {
            "day" | "days" => 1,
            "week" | "weeks" => 7,
            _ => 0,
        };
        let days = number.map(|number| i64::from(number) * days).filter(|days| *days > 0);
        let last = days.and_then(|days| self.today.checked_add_signed(Duration::days(days - 1)));
        let last = last.ok_or_else(|| self.unknown())?;
        self.at += 3;
        Ok(DaySpan { first: self.today, last })
    }

    /// Reads `this week` or `next week`.
    fn week(&mut self) -> Result<DaySpan, WrongDays> {
        let week = self.today.week(Weekday::Mon);
        let this = DaySpan { first: self.today, last: week.last_day() };
        let next = week.last_day().checked_add_days(Days::new(1)).map(|monday| {
            let week = monday.week(Weekday::Mon);
            DaySpan { first: week.first_day(), last: week.last_day() }
        });
        let span = if self.low() == "this" { Some(this) } else { next };
        let span = span.ok_or_else(|| self.unknown())?;
        self.at += 2;
        Ok(span)
    }

    /// Reads one day.
    fn day(&mut self) -> Result<TypedDay, WrongDays> {
        self.at += usize::from(self.low() == "on" || self.low() == "the");
        if let Some((dates, words)) =
            dates::read(&self.typed.words[self.at.min(self.typed.words.len())..], self.today)
            && let [date] = dates[..]
        {
            self.at += words;
            return Ok(TypedDay::Date(date));
        }
        let of_next_week = self.low() == "next";
        let word = self.word(usize::from(of_next_week || self.low() == "this"));
        if let Some(day) = weekday(word) {
            self.at += 1 + usize::from(of_next_week || self.low() == "this");
            return Ok(TypedDay::Weekday { day, of_next_week });
        }
        match day_of_month(self.low()) {
            Some(day) => {
                self.at += 1;
                Ok(TypedDay::OfMonth(day))
            }
            None => Err(self.unknown()),
        }
    }

    fn resolve(&self, day: &TypedDay, from: NaiveDate) -> Result<NaiveDate, WrongDays> {
        match day {
            TypedDay::Date(date) => date.on_or_after(from).map_err(WrongDays::NoSuchDay),
            TypedDay::Weekday { day, of_next_week } => {
                let from = if *of_next_week {
                    self.today.week(Weekday::Mon).last_day().succ_opt().unwrap_or(from)
                } else {
                    from
                };
                let found = from.iter_days().take(7).find(|date| date.weekday() == *day);
                found.ok_or_else(|| self.unknown())
            }
            TypedDay::OfMonth(_) => Err(self.unknown()),
        }
    }

    fn low(&self) -> &str {
        self.word(0)
    }

    fn word(&self, behind: usize) -> &str {
        self.typed.words.get(self.at + behind).map_or("", |word| word.low.as_str())
    }

    /// Quotes the words from here on; where there are none, all of them.
    fn unknown(&self) -> WrongDays {
        let last = self.typed.words.len().saturating_sub(1);
        let from = if self.at > last { 0 } else { self.at };
        WrongDays::Unknown(self.typed.quote(from, last))
    }
}

/// Returns the weekday if a text says only that, without a week: `Wednesday`, `on Wednesday`.
pub(super) fn bare_weekday(text: &str) -> Option<Weekday> {
    let typed = Typed::read(text);
    match typed.words.as_slice() {
        [on, day] if on.low == "on" => weekday(&day.low),
        [day] => weekday(&day.low),
        _ => None,
    }
}

fn is_to(word: &str) -> bool {
    matches!(word, "to" | "until" | "till" | "til" | "through" | "-")
}

fn has_year(day: &TypedDay) -> bool {
    match day {
        TypedDay::Date(date) => date.has_year(),
        TypedDay::Weekday { .. } => true,
        TypedDay::OfMonth(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// Read on Wednesday, 2 December 2026.
    fn read(text: &str) -> Result<String, WrongDays> {
        DaySpan::parse(text, day("2026-12-02")).map(|span| format!("{} {}", span.first, span.last))
    }

    #[test]
    fn days_are_read_as_people_say_them() {
        for (text, days) in [
            ("until Friday", "2026-12-02 2026-12-04"),
            ("until Wednesday", "2026-12-02 2026-12-02"),
            ("till next Friday", "2026-12-02 2026-12-11"),
            ("until 2026-12-20", "2026-12-02 2026-12-20"),
            ("until the 20th of December", "2026-12-02 2026-12-20"),
            ("until 5 January", "2026-12-02 2027-01-05"),
            ("3 to 10 December", "2026-12-03 2026-12-10"),
            ("3-10 December", "2026-12-03 2026-12-10"),
            ("3rd – 10th December", "2026-12-03 2026-12-10"),
            ("December 3 to 10", "2026-12-03 2026-12-10"),
            ("from 1 to 10 December", "2026-12-01 2026-12-10"),
            ("30 December to 3 January", "2026-12-30 2027-01-03"),
            ("28 November to 3 December", "2026-11-28 2026-12-03"),
            ("2026-12-03 to 2026-12-10", "2026-12-03 2026-12-10"),
            ("2026-12-20 to 2027-11-30", "2026-12-20 2027-11-30"),
            ("Monday to Wednesday", "2026-12-07 2026-12-09"),
            ("Mon-Wed", "2026-12-07 2026-12-09"),
            ("tomorrow", "2026-12-03 2026-12-03"),
            ("today", "2026-12-02 2026-12-02"),
            ("1.1.", "2027-01-01 2027-01-01"),
            ("until 24.12.2026", "2026-12-02 2026-12-24"),
            ("3.12. to 10.12.", "2026-12-03 2026-12-10"),
            ("on Friday, 4 December", "2026-12-04 2026-12-04"),
            ("tomorrow until Friday", "2026-12-03 2026-12-04"),
            ("for 3 days", "2026-12-02 2026-12-04"),
            ("for a week", "2026-12-02 2026-12-08"),
            ("for two weeks!", "2026-12-02 2026-12-15"),
            ("this week", "2026-12-02 2026-12-06"),
            ("next week", "2026-12-07 2026-12-13"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(days), "{text}");
        }
    }

    #[test]
    fn what_is_no_day_is_told() {
        use WrongDays::{Backwards, Long, Missing, NoSuchDay, Over, TooFar, Unknown};
        let unknown = |text: &str| Unknown(text.to_owned());
        let span = |first: &str, last: &str| DaySpan { first: day(first), last: day(last) };
        for (text, wrong) in [
            ("", Missing),
            (" \u{a0} ", Missing),
            ("until", unknown("until")),
            ("until blursday", unknown("blursday")),
            ("until Friday please", unknown("please")),
            ("until Friday 10:00", unknown("10:00")),
            ("3", unknown("3")),
            ("3 to 10", unknown("3 to 10")),
            ("3 and 4 December", unknown("3 and 4 December")),
            ("for ages", unknown("for ages")),
            ("for 0 days", unknown("for 0 days")),
            ("until 31 February", NoSuchDay("There's no 31 February.".to_owned())),
            ("until 2026-02-30", NoSuchDay("There's no 30 February.".to_owned())),
            ("30 to 31 February", NoSuchDay("There's no 31 February.".to_owned())),
            ("until Friday 5 December", NoSuchDay("5 December 2026 is a Saturday, not a Friday.".to_owned())),
            ("30.2.", NoSuchDay("There's no 30 February.".to_owned())),
            ("yesterday", Over(span("2026-12-01", "2026-12-01"))),
            ("until 2026-12-01", Over(span("2026-12-02", "2026-12-01"))),
            ("2026-11-01 to 2026-11-05", Over(span("2026-11-01", "2026-11-05"))),
            ("until 2027-12-25", TooFar(span("2026-12-02", "2027-12-25"))),
            ("for 100 weeks", TooFar(span("2026-12-02", "2028-10-31"))),
            ("10 to 3 December", Backwards),
            ("2026-12-10 to 2026-12-03", Backwards),
            ("10 March to 3 February", TooFar(span("2027-03-10", "2028-02-03"))),
            ("20 December to 3 August", Long(span("2026-12-20", "2027-08-03"))),
        ] {
            assert_eq!(read(text), Err(wrong), "{text}");
        }
    }

    #[test]
    fn a_day_of_the_last_weeks_is_just_over() {
        let over = |text: &str| DaySpan::just_over(text, day("2026-12-02")).map(|day| day.to_string());
        for (text, date) in [
            ("1 December", Some("2026-12-01")),
            ("on 20.11.", Some("2026-11-20")),
            ("Friday 20 November", Some("2026-11-20")),
            ("3 October", Some("2026-10-03")),
            ("2 October", None),
            ("2 December", None),
            ("20 November 2026", None),
            ("yesterday", None),
            ("Friday", None),
            ("20 November to 3 December", None),
        ] {
            assert_eq!(over(text).as_deref(), date, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(
            text in "(until |to |for |from |3 |10 |December |2026-12-03 |Friday |next |week |- |\\PC ){0,6}",
        ) {
            let today = day("2026-12-02");
            if let Ok(span) = DaySpan::parse(&text, today) {
                prop_assert!(span.first <= span.last && span.last >= today);
                prop_assert!((span.last - today).num_days() <= FARTHEST_DAYS);
            }
        }
    }
}
