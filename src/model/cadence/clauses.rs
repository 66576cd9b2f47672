//! The clauses behind the days and times: `in Berlin`, `starting 6 January`, `except 24 December`, `until 2026-12-31`.

use chrono::{Datelike as _, NaiveDate};
use chrono_tz::Tz;

use super::{
    dates::{self, Partial},
    draft::Fault,
    examples,
    reader::{Clause, MOST_ALSO, MOST_DATES_LEFT_OUT, WordReader},
    rule::Days,
    times::ReadTime,
    typed::weekday,
    yearly::only_months,
    zones,
};

impl WordReader<'_> {
    /// Reads all clauses at any position.
    pub(super) fn clauses(&mut self) {
        let mut at = 0;
        while at < self.typed.words.len() {
            let from_a_weekday = self.low(at) == "from" && weekday(self.low(at + 1)).is_some();
            at = match Clause::of(self.low(at)) {
                None if self.low(at) == "once" => self.once(at),
                Some(Clause::In) => self.zone(at),
                Some(Clause::Starting) if from_a_weekday && self.date(at + 1).is_none() => at + 1,
                Some(clause) => self.dates(clause, at),
                None => at + 1,
            };
        }
        self.settle_dates();
    }

    /// Reads `in New York` or `(America/New_York)`, and returns where it ends.
    fn zone(&mut self, at: usize) -> usize {
        if self.has_place {
            self.twice(at, Clause::In);
            self.use_up(at, at + 1);
            return at + 1;
        }
        self.has_place = true;
        let in_brackets = self.low(at) == "(";
        let start = at + 1 + usize::from(in_brackets && self.low(at + 1) == "in");
        let goes_on = |at: &usize| {
            let word = self.low(*at);
            Clause::of(word).is_none() && !matches!(word, "at" | "@" | "every" | "each" | "on" | ")")
        };
        let most = (start..self.typed.words.len()).take_while(goes_on).take(zones::MOST_WORDS).count();
        let name = |words: usize| {
            let words: Vec<&str> = (start..start + words).map(|at| self.low(at)).collect();
            words.join(" ")
        };
        let found = (1..=most).rev().find_map(|words| match zones::find(&name(words)) {
            zones::ZoneMatch::None => None,
            found => Some((words, found)),
        });
        let (words, fault) = match found {
            Some((words, zones::ZoneMatch::One(zone))) => {
                self.zone = Some(zone);
                (words, None)
            }
            Some((words, zones::ZoneMatch::Several(zones))) => {
                (words, Some(ambiguous(&self.typed.quote(start, start + words - 1), &zones)))
            }
            _ => (most, Some(self.unknown_place(at, (start, most), &name(most)))),
        };
        let mut end = start + words;
        end += usize::from(fault.is_none() && self.low(end) == "time");
        // A bracket that is not closed has no meaning.
        let closes = in_brackets && self.low(end) == ")";
        if in_brackets && !closes && fault.is_none() {
            self.zone = None;
            return at + 1;
        }
        end += usize::from(closes);
        self.use_up(at, end);
        if let Some(fault) = fault {
            self.draft.fault(at, fault);
        }
        end
    }

    fn unknown_place(&self, at: usize, (start, words): (usize, usize), name: &str) -> Fault {
        let nearest = zones::nearest(name).unwrap_or_else(|| examples::usual_city(self.context.zone));
        let said = if words == 0 {
            format!("Which place goes with \"{}\"?", self.typed.quote(at, at))
        } else if dates::month(self.low(start)).is_some() {
            return Fault::new(only_months(&self.typed.quote(at, start)));
        } else {
            let quote = self.typed.quote(start, start + words - 1);
            format!("I don't know the place \"{quote}\"; name the city of a time zone.")
        };
        Fault::with(said, format!("in {nearest}"))
    }

    pub(super) fn date(&self, at: usize) -> Option<(Vec<Partial>, usize)> {
        dates::read(self.typed.words.get(at..)?, self.context.today)
    }

    /// Reads `once on 3 December` or `once on Thursday`, and returns where it ends. `once a week` is no date.
    fn once(&mut self, at: usize) -> usize {
        let first = at + 1 + usize::from(self.low(at + 1) == "on");
        if self.date(first).is_some() {
            return self.dates(Clause::Once, at);
        }
        let word = self.low(first);
        let of_the_week = || {
            let weekday = weekday(word)?;
            self.context.today.iter_days().take(7).find(|day| day.weekday() == weekday)
        };
        let Some(day) = self.near_day(first).or_else(of_the_week) else {
            let says_a_date = first > at + 1
                || word.is_empty()
                || matches!(word, "at" | "@")
                || word.starts_with(|letter: char| letter.is_ascii_digit());
            return if says_a_date { self.no_date(Clause::Once, at) } else { at + 1 };
        };
        if self.once.is_some() {
            self.twice(at, Clause::Once);
        }
        self.use_up(at, first + 1);
        self.once = Some((at, day));
        first + 1
    }

    /// Returns the day that `today` or `tomorrow` is.
    pub(super) fn near_day(&self, at: usize) -> Option<NaiveDate> {
        match self.low(at) {
            "today" => Some(self.context.today),
            "tomorrow" => self.context.today.succ_opt(),
            _ => None,
        }
    }

    /// Reads the dates of a clause, and returns where it ends.
    fn dates(&mut self, clause: Clause, start: usize) -> usize {
        let mut found = Vec::new();
        let mut end = start + 1;
        loop {
            let fillers = (end..self.typed.words.len())
                .take_while(|at| matches!(self.low(*at), "and" | "on" | "from" | "&"))
                .count();
            let Some((dates, words)) = self.date(end + fillers) else { break };
            end += fillers + words;
            let mut beside = None;
            if let ("at" | "@", ReadTime::Time(time, words)) = (self.low(end), self.time(end + 1, true)) {
                beside = Some((end, time));
                end += 1 + words;
            }
            if clause == Clause::Also {
                let time = beside.map(|(_, time)| time);
                self.also_waiting.extend(dates.iter().map(|date| (start, *date, time)));
            } else {
                self.beside_dates.extend(beside);
            }
            found.extend(dates);
            if !matches!(clause, Clause::Except | Clause::Also) {
                break;
            }
        }
        if found.is_empty() {
            return self.no_date(clause, start);
        }
        self.use_up(start, end);
        if clause == Clause::Also {
            return end;
        }
        let is_second = self.waiting.iter().any(|(other, ..)| *other == clause);
        if clause != Clause::Except && (is_second || found.len() > 1) {
            self.twice(start, clause);
        }
        self.waiting.push((clause, start, found));
        end
    }

    fn no_date(&mut self, clause: Clause, start: usize) -> usize {
        let is_part = |at: &usize| {
            let word = self.low(*at);
            let is_time = matches!(word, "at" | "@") || matches!(self.time(*at, false), ReadTime::Time(..));
            !is_time
                && (*at == start + 1
                    || (Clause::of(word).is_none() && !matches!(word, "every" | "each" | ")")))
        };
        let end = (start + 1..self.typed.words.len()).take_while(is_part).take(6).last();
        let today = self.context.today;
        let fault = |said: String| match clause {
            Clause::Once => Fault::once(said, examples::a_day(today)),
            _ => Fault::with(said, format!("{} {}", clause.word(), examples::a_date(today))),
        };
        let Some(end) = end else {
            self.use_up(start, start + 1);
            let said = format!("Which date goes with \"{}\"?", self.typed.quote(start, start));
            self.draft.fault(start, fault(said));
            return start + 1;
        };
        self.use_up(start, end + 1);
        let first = start + 1 + usize::from(self.low(start + 1) == "on" && end > start + 1);
        let fault = fault(format!("I don't know the date \"{}\".", self.typed.quote(first, end)));
        self.draft.fault(start, fault);
        end + 1
    }

    fn twice(&mut self, at: usize, clause: Clause) {
        let said = format!("There can be only one \"{}\".", clause.word());
        self.draft.fault(at, Fault::new(said));
    }

    /// Gives dates their years: the first day counts from today, all others from the first day.
    fn settle_dates(&mut self) {
        self.waiting.sort_by_key(|(clause, ..)| *clause != Clause::Starting);
        for (clause, at, partials) in std::mem::take(&mut self.waiting) {
            let from = self.starting.map_or(self.context.today, |first| first.max(self.context.today));
            for partial in partials {
                match (partial.on_or_after(from), clause) {
                    (Ok(date), Clause::Starting) => self.starting = Some(date),
                    (Ok(date), Clause::Until) => self.until = Some(date),
                    (Ok(date), Clause::Once) => self.once = Some((at, date)),
                    (Ok(date), _) => {
                        self.left_out.insert(date);
                    }
                    (Err(said), Clause::Once) => {
                        self.draft.fault(at, Fault::once(said, examples::a_day(from)));
                    }
                    (Err(said), _) => {
                        let behind = format!("{} {}", clause.word(), examples::a_date(from));
                        self.draft.fault(at, Fault::with(said, behind));
                    }
                }
            }
        }
        if self.left_out.len() > MOST_DATES_LEFT_OUT {
            let said = format!(
                "That leaves out {} dates, and {MOST_DATES_LEFT_OUT} are the most.",
                self.left_out.len()
            );
            self.draft.fault(0, Fault::new(said));
        }
    }
}

impl WordReader<'_> {
    /// Makes the only date the first and the last one, and its weekday the only day; called once the other days are known.
    pub(super) fn settle_once(&mut self) {
        let Some((at, date)) = self.once else { return };
        let later = date.max(self.context.today);
        if date < self.context.today {
            let said = format!("{} is over.", dates::said(date));
            self.draft.fault(at, Fault::once(said, examples::a_day(later)));
        }
        let is_alone = self.draft.days.is_none()
            && self.starting.is_none()
            && self.until.is_none()
            && self.left_out.is_empty()
            && self.also_waiting.is_empty();
        if !is_alone {
            let said = "\"once\" goes with one date and its time, and nothing else.";
            self.draft.fault(at, Fault::once(said, examples::a_day(later)));
        }
        self.draft.days = Some((Days::weekdays([date.weekday()]), 1));
        (self.starting, self.until) = (Some(date), Some(date));
    }

    /// Gives the dates that are held in addition their years and times; called once the times are known.
    pub(super) fn settle_also(&mut self) {
        let from = self.context.today;
        let usual = self.draft.times.clone();
        for (at, partial, time) in std::mem::take(&mut self.also_waiting) {
            match partial.on_or_after(from) {
                Ok(date) => {
                    let times = time.map_or_else(|| usual.clone(), |time| [time].into());
                    self.also.extend(times.into_iter().map(|time| date.and_time(time)));
                }
                Err(said) => {
                    let behind = format!("{} {}", Clause::Also.word(), examples::a_date(from));
                    self.draft.fault(at, Fault::with(said, behind));
                }
            }
        }
        if self.also.len() > MOST_ALSO {
            let said = format!("That adds {} dates, and {MOST_ALSO} are the most.", self.also.len());
            self.draft.fault(0, Fault::new(said));
        }
    }
}

fn ambiguous(name: &str, zones: &[Tz]) -> Fault {
    let names: Vec<&str> = zones.iter().take(3).map(|zone| zone.name()).collect();
    let first = names.first().copied().unwrap_or_default();
    Fault::with(format!("\"{name}\" could be {}.", names.join(" or ")), format!("in {first}"))
}
