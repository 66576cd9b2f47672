//! The days in words: `every 2 weeks on Tuesday`, `1st and 3rd Thursday`, `the last day of every month`.

use std::ops::RangeInclusive;

use chrono::Weekday;

use super::{
    draft::{Fault, ScheduleDraft, USUAL_DAY},
    rule::{Dates, Days, NTH_WEEKDAYS, NthWeekday},
    typed::{Typed, WEEKDAYS, number, ordinal, short_weekday, weekday},
};

mod whole;

/// A rarer rhythm is better counted in months.
pub(super) const MOST_WEEKS: u32 = 26;
pub(super) const MOST_MONTHS: u32 = 12;
const DAYS_OF_A_MONTH: RangeInclusive<u32> = 1..=31;

const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DateUnit {
    Weeks(u32),
    Months(u32),
}

/// A number that stands for a place in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ordinal {
    Nth(u32),
    Last,
}

/// The words for days, and their meaning so far.
struct DayReader<'t> {
    typed: &'t Typed,
    /// Places of the words that belong to no time, zone or date.
    words: Vec<usize>,
    at: usize,
    unit: Option<DateUnit>,
    weekdays: Vec<Weekday>,
    places: Vec<(NthWeekday, Weekday)>,
    dates: Dates,
    /// Numbers that can only be days of a month.
    bare: Vec<(usize, u32)>,
    /// `every second Tuesday`, which is every 2 weeks or once a month.
    second: Option<(u32, Weekday)>,
    unknown: Vec<usize>,
    faults: Vec<(usize, Fault)>,
}

/// Reads the days from the words that are left; returns the places of those without a meaning.
pub(super) fn read(typed: &Typed, words: Vec<usize>, draft: &mut ScheduleDraft) -> Vec<usize> {
    let mut reader = DayReader {
        typed,
        words,
        at: 0,
        unit: None,
        weekdays: Vec::new(),
        places: Vec::new(),
        dates: Dates::default(),
        bare: Vec::new(),
        second: None,
        unknown: Vec::new(),
        faults: Vec::new(),
    };
    while reader.at < reader.words.len() {
        reader.step();
    }
    reader.bare_numbers();
    match reader.days() {
        Ok(days) => draft.days = days,
        Err(fault) => {
            let at = reader.words.first().copied().unwrap_or_default();
            reader.faults.push((at, fault));
        }
    }
    draft.faults.append(&mut reader.faults);
    reader.unknown
}

impl<'t> DayReader<'t> {
    /// Returns the word some places ahead, or behind.
    fn word(&self, ahead: isize) -> &'t str {
        let at = self.at.checked_add_signed(ahead).and_then(|at| self.words.get(at));
        at.and_then(|at| self.typed.words.get(*at)).map_or("", |word| word.low.as_str())
    }

    fn place(&self, ahead: usize) -> usize {
        self.words.get(self.at + ahead).or(self.words.last()).copied().unwrap_or_default()
    }

    fn has_comma(&self) -> bool {
        self.typed.words.get(self.place(0)).is_some_and(|word| word.comma)
    }

    fn is_after_every(&self) -> bool {
        matches!(self.word(-1), "every" | "each")
    }

    fn step(&mut self) {
        let word = self.word(0);
        let used = match word {
            "every" | "each" | "on" | "the" | "of" | "and" | "&" | "+" | "a" | "per" | "all" => 1,
            "once" if matches!(self.word(1), "a" | "per" | "every" | "each") => 1,
            "from" if weekday(self.word(1)).is_some() => 1,
            "week" | "weekly" => self.count(DateUnit::Weeks(1), 1),
            "biweekly" | "fortnight" | "fortnightly" => self.count(DateUnit::Weeks(2), 1),
            "month" | "monthly" => self.count(DateUnit::Months(1), 1),
            "quarterly" => self.count(DateUnit::Months(3), 1),
            "quarter" if self.is_after_every() || self.word(-1) == "a" => self.count(DateUnit::Months(3), 1),
            "other" if self.is_after_every() => self.every_other(),
            "day" if number(self.word(1)).is_some_and(|day| DAYS_OF_A_MONTH.contains(&day)) => {
                self.dates.days.extend(number(self.word(1)));
                2
            }
            "day" | "days" if self.is_after_every() => self.week_days(7, 1),
            "daily" => self.week_days(7, 1),
            "weekday" | "weekdays" | "workday" | "workdays" => self.week_days(5, 1),
            "working" | "business" | "work" if matches!(self.word(1), "day" | "days") => self.week_days(5, 2),
            "twice" | "thrice" => self.so_often(1),
            _ if cardinal(word).is_some() && matches!(self.word(1), "times" | "x") => self.so_often(2),
            _ => self.counted_or_named(word),
        };
        self.at += used;
    }

    fn counted_or_named(&mut self, word: &str) -> usize {
        if let Some(day) = self.a_weekday(0) {
            return self.weekday_or_range(day);
        }
        if self.an_ordinal(0).is_some() {
            return self.ordinals();
        }
        let Some(number) = cardinal(word) else {
            self.unknown.push(self.place(0));
            return 1;
        };
        match self.word(1) {
            "week" | "weeks" => self.count(DateUnit::Weeks(number), 2),
            "month" | "months" => self.count(DateUnit::Months(number), 2),
            "day" | "days" if self.is_after_every() => self.every_so_many_days(2),
            _ => {
                self.bare.push((self.place(0), number));
                1
            }
        }
    }

    /// Reads a day of the week; two letters are enough beside a dash.
    fn a_weekday(&self, ahead: isize) -> Option<Weekday> {
        let in_range = self.word(ahead + 1) == "-" || self.word(ahead - 1) == "-";
        let word = self.word(ahead);
        weekday(word).or_else(|| short_weekday(word).filter(|_| in_range))
    }

    fn an_ordinal(&self, ahead: isize) -> Option<Ordinal> {
        let word = self.word(ahead);
        if word == "last" {
            return Some(Ordinal::Last);
        }
        let named =
            NTH_WEEKDAYS.iter().position(|(name, _)| *name == word).and_then(|at| u32::try_from(at + 1).ok());
        named.or_else(|| ordinal(word)).map(Ordinal::Nth)
    }

    fn weekday_or_range(&mut self, day: Weekday) -> usize {
        let to =
            if matches!(self.word(1), "-" | "to" | "through" | "thru") { self.a_weekday(2) } else { None };
        let Some(to) = to else {
            self.weekdays.push(day);
            return 1;
        };
        let days = to.days_since(day) as usize;
        let from = day.num_days_from_monday() as usize;
        self.weekdays.extend(WEEKDAYS.iter().cycle().skip(from).take(days + 1));
        3
    }

    fn week_days(&mut self, days: usize, words: usize) -> usize {
        self.weekdays.extend(WEEKDAYS.iter().take(days));
        words
    }

    /// Reads `every other week`, `every other Tuesday`.
    fn every_other(&mut self) -> usize {
        match self.word(1) {
            "week" => self.count(DateUnit::Weeks(2), 2),
            "month" => self.count(DateUnit::Months(2), 2),
            "day" | "weekday" | "workday" => self.every_so_many_days(2),
            other if weekday(other).is_some() => self.count(DateUnit::Weeks(2), 1),
            _ => {
                self.unknown.push(self.place(0));
                1
            }
        }
    }

    fn count(&mut self, unit: DateUnit, words: usize) -> usize {
        self.unit = match (self.unit, unit) {
            (None, unit)
            | (Some(DateUnit::Weeks(1)), unit @ DateUnit::Weeks(_))
            | (Some(DateUnit::Months(1)), unit @ DateUnit::Months(_)) => Some(unit),
            (Some(old @ DateUnit::Weeks(_)), DateUnit::Weeks(1))
            | (Some(old @ DateUnit::Months(_)), DateUnit::Months(1)) => Some(old),
            (Some(old), unit) if old == unit => Some(old),
            (Some(old), _) => {
                let quote = self.typed.quote(self.place(0), self.place(words - 1));
                let said = format!("I can count only one thing, and \"{quote}\" is another.");
                self.faults.push((self.place(0), Fault::new(said)));
                Some(old)
            }
        };
        words
    }

    fn every_so_many_days(&mut self, words: usize) -> usize {
        let every = self.at.checked_sub(1).and_then(|at| self.words.get(at)).copied().unwrap_or_default();
        let quote = self.typed.quote(every, self.place(words - 1));
        let days = Days::weekdays([Weekday::Mon, Weekday::Wed, Weekday::Fri]);
        let said = format!("I can count weeks and months, not days, so \"{quote}\" won't work.");
        self.faults.push((self.place(0), Fault::days(said, [(days, 1)])));
        words
    }

    /// Reads `twice a month`, `3 times a week`.
    fn so_often(&mut self, words: usize) -> usize {
        let per = usize::from(matches!(self.word(words.cast_signed()), "a" | "per" | "each" | "every"));
        let unit = self.word((words + per).cast_signed());
        let (days, used) = match unit {
            "week" => (Days::weekdays([Weekday::Tue, Weekday::Thu]), words + per + 1),
            "month" => (Days::Dates(Dates { days: [1, 15].into(), last: false }), words + per + 1),
            _ => (Days::weekdays([USUAL_DAY]), words),
        };
        let quote = self.typed.quote(self.place(0), self.place(used - 1));
        self.faults.push((self.place(0), Fault::days(format!("Which days are \"{quote}\"?"), [(days, 1)])));
        used
    }

    /// Reads `1st and 3rd Thursday`, `the 5th and 20th`, `last day of the month`, `every third month`.
    fn ordinals(&mut self) -> usize {
        let start = self.at;
        let after_every = self.is_after_every();
        let mut ordinals = Vec::new();
        while let Some(ordinal) = self.an_ordinal(0) {
            ordinals.push(ordinal);
            let goes_on = self.has_comma();
            self.at += 1;
            let joiner = usize::from(matches!(self.word(0), "and" | "&"));
            let article = usize::from(self.word(joiner.cast_signed()) == "the");
            if (joiner == 0 && !goes_on) || self.an_ordinal((joiner + article).cast_signed()).is_none() {
                break;
            }
            self.at += joiner + article;
        }
        let end = self.at;
        self.at = start;
        let ahead = (end - start).cast_signed();
        let known = match (ordinals.as_slice(), self.word(ahead)) {
            ([Ordinal::Nth(nth @ 2..)], "week") if after_every => {
                return self.count(DateUnit::Weeks(*nth), 2);
            }
            ([Ordinal::Nth(nth @ 2..)], "month") if after_every => {
                return self.count(DateUnit::Months(*nth), 2);
            }
            ([Ordinal::Nth(2..)], "day") if after_every => return self.every_so_many_days(2),
            (_, "day" | "days") => {
                self.dates_of(ahead);
                Some(ahead + 1)
            }
            (_, "of") => {
                self.dates_of(ahead);
                Some(ahead)
            }
            (_, word) if weekday(word).is_some() => self.places_of(&ordinals, after_every, ahead),
            _ if self.is_group(ahead) => None,
            _ if ordinals.contains(&Ordinal::Last) => None,
            _ => {
                self.dates_of(ahead);
                Some(ahead)
            }
        };
        known.map_or_else(
            || {
                // `first weekday` has no meaning as a whole.
                let words = end - start + usize::from(self.is_group(ahead));
                self.unknown.extend(self.words.iter().skip(start).take(words));
                words
            },
            isize::unsigned_abs,
        )
    }

    fn is_group(&self, ahead: isize) -> bool {
        matches!(self.word(ahead), "weekday" | "weekdays" | "workday" | "working" | "business" | "week")
    }

    /// Makes the ordinals of the next words days of a month.
    fn dates_of(&mut self, words: isize) {
        for ahead in 0..words {
            match self.an_ordinal(ahead) {
                Some(Ordinal::Nth(day)) if DAYS_OF_A_MONTH.contains(&day) => {
                    self.dates.days.insert(day);
                }
                Some(Ordinal::Nth(_)) => self.no_day_of_a_month(self.place(ahead.unsigned_abs())),
                Some(Ordinal::Last) => self.dates.last = true,
                None => {}
            }
        }
    }

    /// Refuses a number that is no day of any month.
    fn no_day_of_a_month(&mut self, at: usize) {
        let said = format!("\"{}\" is no day of a month: those are 1 to 31.", self.typed.quote(at, at));
        let days = Days::Dates(Dates { last: true, ..Dates::default() });
        self.faults.push((at, Fault::days(said, [(days, 1)])));
    }

    /// Reads the weekdays behind ordinals: each ordinal goes with each weekday.
    fn places_of(&mut self, ordinals: &[Ordinal], after_every: bool, ahead: isize) -> Option<isize> {
        let mut ahead = ahead;
        let mut days = Vec::new();
        while let Some(day) = weekday(self.word(ahead)) {
            days.push(day);
            ahead += 1;
            let joiner = isize::from(matches!(self.word(ahead), "and" | "&"));
            if weekday(self.word(ahead + joiner)).is_some() {
                ahead += joiner;
            }
        }
        let place = |ordinal: &Ordinal| match ordinal {
            Ordinal::Last => Some(NthWeekday::Last),
            Ordinal::Nth(nth) => {
                let at = usize::try_from(*nth).ok()?.checked_sub(1)?;
                NTH_WEEKDAYS.get(at).map(|(_, place)| *place).filter(|place| *place != NthWeekday::Last)
            }
        };
        let places: Option<Vec<NthWeekday>> = ordinals.iter().map(place).collect();
        let places = places?;
        if let ([Ordinal::Nth(nth @ 2..)], [day], true) = (ordinals, days.as_slice(), after_every) {
            self.second = Some((*nth, *day));
        }
        self.places.extend(places.iter().flat_map(|place| days.iter().map(|day| (*place, *day))));
        Some(ahead)
    }

    /// Makes a number alone a day if months were named: `every month on 15`.
    fn bare_numbers(&mut self) {
        let of_a_month = matches!(self.unit, Some(DateUnit::Months(_)));
        for (at, number) in std::mem::take(&mut self.bare) {
            if !of_a_month {
                self.unknown.push(at);
            } else if DAYS_OF_A_MONTH.contains(&number) {
                self.dates.days.insert(number);
            } else {
                self.no_day_of_a_month(at);
            }
        }
        self.unknown.sort_unstable();
    }
}

/// Reads a number in digits or in words, up to twelve.
fn cardinal(word: &str) -> Option<u32> {
    let named = NUMBERS.iter().position(|name| *name == word).and_then(|at| u32::try_from(at + 1).ok());
    named.or_else(|| number(word))
}
