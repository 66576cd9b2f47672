//! The whole grammar: days and times, then `in`, `starting`, `except`, `until` and `also` in any order.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Duration, NaiveDate, NaiveTime};

use super::{
    Cadence, Instead, NotUnderstood, dates, days,
    draft::Fault,
    examples,
    fields::{self, MOST_A_DAY},
    reader::{ReadingContext, WordReader},
    resolve,
    times::ReadTime,
    typed::{Typed, shortened},
};

/// A refusal before its phrases are tried.
pub(super) enum ReadRefusal {
    Plain(NotUnderstood),
    /// Words without a meaning, by their places; they may be typing errors.
    Unknown {
        refusal: NotUnderstood,
        typed: Box<Typed>,
        unknown: Vec<usize>,
    },
}

impl ReadingContext {
    pub(super) fn parse(self, text: &str) -> Result<Cadence, ReadRefusal> {
        let (cron, rest) = match fields::split(text) {
            Some((fields, rest)) => (Some(fields::read(fields).map_err(ReadRefusal::Plain)?), rest),
            None => (None, text.to_owned()),
        };
        let typed = Typed::read(&rest);
        if cron.is_none() && typed.words.is_empty() {
            let refusal = NotUnderstood::example("When?", vec![examples::SURE.to_owned()]);
            return Err(ReadRefusal::Plain(refusal));
        }
        let mut reader = WordReader::new(&typed, self);
        reader.clauses();
        let is_cron = cron.is_some();
        let unknown = if let Some((days, times)) = cron {
            reader.draft.days = Some((days, 1));
            reader.draft.times = times;
            reader.free()
        } else {
            reader.times();
            match reader.free() {
                // The only date needs no other days.
                free if free.is_empty() && reader.once.is_some() => free,
                free => days::read(&typed, free, &mut reader.draft),
            }
        };
        reader.times_beside_dates();
        reader.settle_once();
        reader.settle_also();
        match reader.finish(text, &unknown) {
            Err((refusal, true)) if !is_cron => {
                Err(ReadRefusal::Unknown { refusal, typed: Box::new(typed), unknown })
            }
            Err((refusal, _)) => Err(ReadRefusal::Plain(refusal)),
            Ok(cadence) => Ok(cadence),
        }
    }
}

impl WordReader<'_> {
    /// Reads the times at any position: `at 10:00 and 15:00`, `9am`.
    fn times(&mut self) {
        let mut at = 0;
        while at < self.used.len() {
            let says_at = matches!(self.low(at), "at" | "@");
            let first = at + usize::from(says_at);
            let read = if self.used[at] { ReadTime::Nothing } else { self.time(first, says_at) };
            at = match read {
                ReadTime::Nothing => at + 1,
                ReadTime::Wrong(words) => self.wrong_time(at, (first, words), "."),
                ReadTime::NeedsNoHalf(time, half, words) => {
                    self.draft.times.insert(time);
                    let why = format!(": {} goes without \"{half}\".", time.format("%H:%M"));
                    self.wrong_time(at, (first, words), &why)
                }
                ReadTime::Time(time, words) => self.list_of_times(at, (first + words, time), says_at),
            };
        }
        if self.draft.times.len() > MOST_A_DAY {
            self.draft.times.pop_last();
            let first = self.draft.times.first().copied();
            self.draft.times.retain(|time| Some(*time) == first);
            self.draft.fault(0, Fault::new(fields::too_often()));
        }
    }

    /// Refuses what is no time, and returns where it ends.
    fn wrong_time(&mut self, at: usize, (first, words): (usize, usize), why: &str) -> usize {
        let end = first + words;
        let said = format!("I don't know the time \"{}\"{why}", self.typed.quote(first, end - 1));
        self.draft.fault(at, Fault::new(said));
        self.use_up(at, end);
        end
    }

    /// Continues behind the first time of a list, and returns where the list ends.
    fn list_of_times(&mut self, start: usize, first: (usize, NaiveTime), says_at: bool) -> usize {
        let (mut end, time) = first;
        let mut times = BTreeSet::from([time]);
        loop {
            let has_comma = self.typed.words.get(end - 1).is_some_and(|word| word.comma);
            let joiner = usize::from(matches!(self.low(end), "and" | "&"));
            let next = end + joiner;
            if (joiner == 0 && !has_comma) || self.used.get(next).is_none_or(|used| *used) {
                break;
            }
            let ReadTime::Time(time, words) = self.time(next, says_at) else { break };
            times.insert(time);
            end = next + words;
        }
        self.use_up(start, end);
        if self.draft.times.is_empty() {
            self.draft.times = times;
        } else if self.draft.times != times {
            let said = "All days need the same time.";
            self.draft.fault(start, Fault::new(said));
        }
        end
    }

    /// Reads a time behind a date: it is the time of all dates, or repeats it.
    fn times_beside_dates(&mut self) {
        for (at, time) in std::mem::take(&mut self.beside_dates) {
            if self.draft.times.is_empty() {
                self.draft.times.insert(time);
            } else if self.draft.times != BTreeSet::from([time]) {
                let said = format!("There are two times, and one of them is \"{}\".", time.format("%H:%M"));
                self.draft.fault(at, Fault::new(said));
            }
        }
    }

    /// Returns the cadence, or the refusal for the first part that was not understood, and whether that is a word.
    fn finish(mut self, text: &str, unknown: &[usize]) -> Result<Cadence, (NotUnderstood, bool)> {
        if self.draft.times.is_empty() {
            self.draft.fault(usize::MAX, Fault::new("What time?"));
        }
        let only = unknown.first().and_then(|first| self.only_date(*first));
        let yearly = unknown.first().and_then(|first| self.yearly(*first));
        if let Some(first) = unknown.first() {
            let last = unknown.iter().zip(*first..).take_while(|(at, next)| *at == next).last();
            let quote = self.typed.quote(*first, last.map_or(*first, |(at, _)| *at));
            let fault = match (&only, &yearly) {
                (Some(Ok(date)), _) => {
                    Fault::once(format!("\"{quote}\" is one date: that needs \"once\" before it."), *date)
                }
                (Some(Err(said)), _) => Fault::once(said, examples::a_day(self.context.today)),
                (None, Some(fault)) => fault.clone(),
                (None, None) => Fault::new(format!("I don't know \"{quote}\".")),
            };
            self.draft.fault(*first, fault);
        }
        if let Some((at, fault)) = self.draft.faults.iter().min_by_key(|(at, _)| *at) {
            let may_be_misspelt = only.is_none() && yearly.is_none() && unknown.first() == Some(at);
            return Err((self.draft.refusal(fault), may_be_misspelt));
        }
        let Some((days, every)) = self.draft.days.clone() else {
            return Err((self.draft.refusal(&Fault::new("Which day?")), false));
        };
        let mut cadence = Cadence {
            days,
            times: self.draft.times.clone(),
            step: None,
            zone: self.zone.unwrap_or(self.context.zone),
            starting: self.starting,
            left_out: BTreeSet::new(),
            instead: Instead::Skip,
            until: None,
            also: BTreeSet::new(),
            moved: BTreeMap::new(),
        };
        let from = self.starting.unwrap_or(self.context.today);
        let first = cadence.dates(from, 0).next();
        cadence.step = first.and_then(|first| cadence.days.step(every, first));
        cadence.left_out = std::mem::take(&mut self.left_out);
        self.check_occurs(&cadence, text).map_err(|refusal| (refusal, false))?;
        cadence.until = self.until;
        cadence.also = std::mem::take(&mut self.also);
        let over = first.filter(|_| self.check_occurs(&cadence, text).is_err());
        over.map_or(Ok(cadence), |first| {
            let until = self.until.map_or_else(String::new, dates::said);
            let said = format!("That ends on {until}, before it first comes.");
            let later =
                first.max(self.context.today).checked_add_signed(Duration::days(examples::LATER_DAYS));
            let behind = format!("until {}", later.map_or(until, dates::said));
            Err((self.draft.refusal(&Fault::with(said, behind)), false))
        })
    }

    /// Returns the only date that is said where no days are, or what is wrong with it: `11 December`, `tomorrow`.
    fn only_date(&self, at: usize) -> Option<Result<NaiveDate, String>> {
        if self.draft.days.is_some() || self.once.is_some() {
            return None;
        }
        if let Some(day) = self.near_day(at) {
            return Some(Ok(day));
        }
        match self.date(at)?.0.as_slice() {
            [only] => Some(only.on_or_after(self.context.today)),
            _ => None,
        }
    }

    /// Checks that a cadence occurs at all, today or later.
    fn check_occurs(&self, cadence: &Cadence, text: &str) -> Result<(), NotUnderstood> {
        let today = resolve(cadence.zone, self.context.today.and_time(NaiveTime::MIN));
        let before = today.and_then(|today| today.checked_sub_signed(Duration::milliseconds(1)));
        before.and_then(|before| cadence.next(before)).map(|_| ()).ok_or_else(|| {
            let said = format!("No day fits \"{}\".", shortened(text.trim()));
            self.draft.refusal(&Fault::new(said))
        })
    }
}

#[cfg(test)]
mod tests;
