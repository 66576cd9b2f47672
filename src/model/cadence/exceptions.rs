//! Single occurrences that are cancelled or moved, and when a cadence comes with them.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};

use super::{
    Cadence, Instead, day_number,
    reader::{MOST_ALSO, MOST_DATES_LEFT_OUT},
};

impl Cadence {
    /// Returns the same without the occurrences of a date, and without exceptions that are over on the day `today`; `None` if it
    /// would have more of them than can be typed.
    pub fn without(&self, date: NaiveDate, today: NaiveDate) -> Option<Cadence> {
        let mut cadence = self.pruned(today);
        let also = cadence.also.len();
        cadence.also.retain(|wall| wall.date() != date);
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
        let mut cadence = self.pruned(today);
        if !cadence.also.remove(&from) {
            // The others of that day stay.
            let others =
                self.times.iter().map(|time| from.date().and_time(*time)).filter(|wall| *wall != from);
            cadence.also.extend(others);
            cadence.left_out.insert(from.date());
        }
        let mut back = cadence.clone();
        back.left_out.remove(&to.date());
        let is_usual = self.times.len() == 1 && self.times.contains(&to.time());
        if is_usual && back.is_by_rule(to.date()) {
            return back.fits();
        }
        cadence.also.insert(to);
        cadence.fits()
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

    fn pruned(&self, today: NaiveDate) -> Cadence {
        // In a zone to the west it is still the day before.
        let since = day_number(today) - 1;
        let mut cadence = self.clone();
        cadence.left_out.retain(|date| day_number(*date) >= since);
        cadence.also.retain(|wall| day_number(wall.date()) >= since);
        cadence
    }

    fn fits(self) -> Option<Cadence> {
        let fits = self.left_out.len() <= MOST_DATES_LEFT_OUT
            && self.also.len() <= MOST_ALSO
            && self.instead == Instead::Skip;
        fits.then_some(self)
    }
}
