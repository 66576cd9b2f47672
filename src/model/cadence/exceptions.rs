//! Single occurrences that are cancelled or moved, and when a cadence comes with them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::{
    Cadence, Instead, day_number,
    reader::{MOST_ALSO, MOST_DATES_LEFT_OUT},
    resolve,
};

/// A single occurrence that does not come as the days say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exception {
    /// None comes on this date.
    LeftOut(NaiveDate),
    /// One comes at this local time, in place of that of the date, if there was one.
    Also(NaiveDateTime, Option<NaiveDate>),
}

impl Exception {
    /// Returns the date on which it is seen.
    pub fn date(self) -> NaiveDate {
        match self {
            Exception::LeftOut(date) => date,
            Exception::Also(wall, _) => wall.date(),
        }
    }

    /// Returns the same with the local time of another zone; dates stay as people know them.
    fn seen_in(self, old: Tz, new: Tz) -> Exception {
        match self {
            Exception::Also(wall, origin) if old != new => {
                let there = resolve(old, wall).map(|at| at.with_timezone(&new).naive_local());
                Exception::Also(there.unwrap_or(wall), origin)
            }
            same => same,
        }
    }
}

/// What became of the exceptions of times that have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeptDates {
    pub kept: Vec<Exception>,
    /// Those that are as usual now.
    pub gone: Vec<Exception>,
}

impl KeptDates {
    /// Compares old times with new ones on the day `today`. Both lists are in the order of their dates.
    pub fn of(old: &Cadence, new: &Cadence, today: NaiveDate) -> KeptDates {
        let there = new.exceptions(today);
        let before = old.exceptions(today).into_iter().map(|exception| exception.seen_in(old.zone, new.zone));
        let (kept, gone) = before.partition(|exception| there.contains(exception));
        KeptDates { kept, gone }
    }
}

impl Cadence {
    /// Returns the same without the occurrences of a date, and without exceptions that are over on the day `today`; `None` if it
    /// would have more of them than can be typed.
    pub fn without(&self, date: NaiveDate, today: NaiveDate) -> Option<Cadence> {
        let mut cadence = self.pruned(today);
        let also = cadence.also.len();
        cadence.also.retain(|wall| wall.date() != date);
        cadence.moved.retain(|to, _| to.date() != date);
        if cadence.also.len() == also || cadence.is_by_rule(date) {
            cadence.left_out.insert(date);
        }
        cadence.fits()
    }

    /// Returns the same with the occurrence of one local time at another, and without exceptions that are over on the day
    /// `today`; `None` if it would have more of them than can be typed.
    pub fn with_moved(
        &self,
        (from, to): (NaiveDateTime, NaiveDateTime),
        today: NaiveDate,
    ) -> Option<Cadence> {
        if self.only() == Some(from) {
            return Some(Cadence::once(to, self.zone));
        }
        let mut cadence = self.pruned(today);
        let origin = if cadence.also.remove(&from) {
            cadence.moved.remove(&from)
        } else {
            // The others of that day stay.
            let others =
                self.times.iter().map(|time| from.date().and_time(*time)).filter(|wall| *wall != from);
            cadence.also.extend(others);
            cadence.left_out.insert(from.date());
            Some(from.date())
        };
        let is_usual = self.times.len() == 1 && self.times.contains(&to.time());
        if is_usual && origin == Some(to.date()) {
            let mut back = cadence.clone();
            back.left_out.remove(&to.date());
            if back.is_by_rule(to.date()) {
                return back.fits();
            }
        }
        cadence.also.insert(to);
        cadence.moved.extend(origin.map(|origin| (to, origin)));
        cadence.fits()
    }

    /// Returns its usual times: the same without any exception.
    #[must_use]
    pub fn regular(&self) -> Cadence {
        Cadence { left_out: BTreeSet::new(), also: BTreeSet::new(), moved: BTreeMap::new(), ..self.clone() }
    }

    /// Returns the date on which an occurrence would come as usual: its own, unless it was moved from another.
    pub fn usual_date(&self, wall: NaiveDateTime) -> NaiveDate {
        self.moved.get(&wall).copied().unwrap_or(wall.date())
    }

    /// Returns when the occurrence of a date comes that was moved from it.
    pub fn moved_to(&self, date: NaiveDate) -> Option<NaiveDateTime> {
        self.moved.iter().find(|(to, from)| **from == date && to.date() != date).map(|(to, _)| *to)
    }

    /// Returns the dates left out that are days off. One whose occurrence has only moved is a day like others.
    pub fn days_off(&self) -> BTreeSet<NaiveDate> {
        let have_moved: BTreeSet<NaiveDate> = self.moved.values().copied().collect();
        self.left_out.difference(&have_moved).copied().collect()
    }

    /// Returns the exceptions that are not over on the day `today`, in the order of their dates.
    pub fn exceptions(&self, today: NaiveDate) -> Vec<Exception> {
        let ahead = self.pruned(today);
        let origin = |wall: &NaiveDateTime| ahead.moved.get(wall).copied();
        let have_moved: BTreeSet<NaiveDate> = ahead.also.iter().filter_map(origin).collect();
        let left_out = ahead.left_out.difference(&have_moved).map(|date| Exception::LeftOut(*date));
        let also = ahead.also.iter().map(|wall| Exception::Also(*wall, origin(wall)));
        let mut exceptions: Vec<Exception> = left_out.chain(also).collect();
        exceptions.sort_by_key(|exception| exception.date());
        exceptions
    }

    /// Returns the same as usual where it had these exceptions.
    #[must_use]
    pub fn with_usual(&self, gone: &[Exception]) -> Cadence {
        let mut cadence = self.clone();
        for exception in gone {
            match exception {
                Exception::LeftOut(date) => {
                    cadence.left_out.remove(date);
                }
                Exception::Also(wall, origin) => {
                    cadence.also.remove(wall);
                    cadence.moved.remove(wall);
                    if let Some(origin) = origin {
                        cadence.left_out.remove(origin);
                    }
                }
            }
        }
        cadence
    }

    /// Returns the same with those exceptions of an older one that aren't over on the day `today` and still mean something: a date
    /// stays left out on which it would come, and an occurrence stays moved if it would come on its first date, or has none, and
    /// its day is free. `None` if it would have more exceptions than can be typed.
    pub fn with_exceptions_of(&self, old: &Cadence, today: NaiveDate) -> Option<Cadence> {
        let (mut cadence, regular) = (self.clone(), self.regular());
        let exceptions = old.exceptions(today);
        for exception in &exceptions {
            if let Exception::LeftOut(date) = exception
                && regular.is_by_rule(*date)
            {
                cadence.left_out.insert(*date);
            }
        }
        for exception in exceptions {
            let Exception::Also(wall, origin) = exception.seen_in(old.zone, self.zone) else { continue };
            let date = wall.date();
            let would_come = origin.is_none_or(|origin| regular.is_by_rule(origin));
            let is_free =
                origin == Some(date) || !regular.is_by_rule(date) || cadence.left_out.contains(&date);
            let is_alone = !cadence.also.iter().any(|other| other.date() == date && *other != wall);
            if would_come && is_free && is_alone && self.is_within(date) {
                cadence.also.insert(wall);
                if let Some(origin) = origin {
                    cadence.left_out.insert(origin);
                    cadence.moved.insert(wall, origin);
                }
            }
        }
        let is_same = cadence.pruned(today) == old.pruned(today);
        if is_same { Some(old.clone()) } else { cadence.fits() }
    }

    /// Whether it occurs on a date.
    pub fn is_on(&self, date: NaiveDate) -> bool {
        self.is_by_rule(date) || self.also.iter().any(|wall| wall.date() == date)
    }

    /// Returns the first date that has an occurrence by its days and one in addition.
    pub fn doubled(&self) -> Option<NaiveDate> {
        let mut dates: BTreeSet<NaiveDate> = BTreeSet::new();
        self.also.iter().map(NaiveDateTime::date).find(|date| self.is_by_rule(*date) || !dates.insert(*date))
    }

    /// Whether its days include a date.
    fn is_by_rule(&self, date: NaiveDate) -> bool {
        let is_it = |from: NaiveDate| self.dates(from, 0).next() == Some(date);
        is_it(date) && !self.left_out.contains(&date) && self.is_within(date)
    }

    /// Returns the same without exceptions that are over on the day `today`.
    #[must_use]
    pub fn pruned(&self, today: NaiveDate) -> Cadence {
        // In a zone to the west it is still the day before.
        let since = day_number(today) - 1;
        let mut cadence = self.clone();
        cadence.left_out.retain(|date| day_number(*date) >= since);
        cadence.also.retain(|wall| day_number(wall.date()) >= since);
        let is_ahead = |date: NaiveDate| day_number(date) >= since;
        cadence.moved.retain(|to, from| is_ahead(to.date()) || is_ahead(*from));
        cadence
    }

    fn fits(self) -> Option<Cadence> {
        let fits = self.left_out.len() <= MOST_DATES_LEFT_OUT
            && self.also.len() <= MOST_ALSO
            && self.instead == Instead::Skip;
        fits.then_some(self)
    }
}
