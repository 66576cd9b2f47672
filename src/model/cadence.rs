//! Cadences: days, times, a zone, every so many weeks or months, and the dates left out.
//!
//! A cadence keeps local time and the name of a zone, never an offset, since "Tuesday at 10:00" stays the same for
//! people when the clocks change. Days are matched on the calendar, and the local time of a day is then resolved to an
//! instant: a time that the clocks skip becomes the first valid instant after the gap, a time that they show twice is
//! taken the first time only. So no day is lost and none occurs twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{
    Datelike as _, Duration, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Timelike as _,
    Utc, Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::clock::Instant;

mod clauses;
mod dates;
mod days;
mod draft;
mod examples;
mod exceptions;
mod fields;
mod moments;
mod nearest;
mod parse;
mod reader;
mod refusal;
mod rule;
mod say;
mod spans;
mod stored;
mod times;
mod typed;
mod words;
mod yearly;
mod zones;

pub use exceptions::{Exception, KeptDates};
pub use moments::{TypedMoment, WrongMoment};
pub use refusal::NotUnderstood;
use rule::{Days, Interval};
pub use spans::{DaySpan, WrongDays};
use stored::Stored;
pub use times::time_of_day;
pub use zones::names_a_zone;

/// When a ritual is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Cadence {
    days: Days,
    times: BTreeSet<NaiveTime>,
    /// Only every so many weeks or months; `None` is each of them.
    step: Option<Interval>,
    /// The zone of the times.
    pub zone: Tz,
    /// The first day on which it may occur, if one was named.
    pub starting: Option<NaiveDate>,
    /// Days on which it does not occur.
    pub left_out: BTreeSet<NaiveDate>,
    /// What happens to an occurrence on such a day.
    pub instead: Instead,
    /// The last day on which it may occur.
    pub until: Option<NaiveDate>,
    /// Local times at which it occurs in addition to its days; no limit and no date that is left out applies to them.
    pub also: BTreeSet<NaiveDateTime>,
    /// The dates left out whose occurrences have only moved, by the local times to which they have.
    pub moved: BTreeMap<NaiveDateTime, NaiveDate>,
}

/// What happens to an occurrence on a day left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Instead {
    /// It is skipped.
    #[default]
    Skip,
    /// It moves to the working day before.
    Previous,
    /// It moves to the working day after.
    Next,
}

/// One time that a ritual is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occurrence {
    pub at: Instant,
    /// The local date and time it was meant for: this identifies the occurrence, even if the clocks skip it.
    pub wall: NaiveDateTime,
}

/// An occurrence on a holiday is moved by this many days at most; a longer stretch of days left out skips it.
const FARTHEST_MOVE_DAYS: i32 = 14;
/// How far ahead to search before a cadence counts as over: far enough for several 29 Februaries.
const FARTHEST_YEARS: i32 = 40;
/// The days on which anything may occur, from 1 January 1 to 31 December 9999. chrono's own limits are two thousand
/// centuries away, so that no sum of such a day and some more leaves them.
const DAYS: std::ops::RangeInclusive<i32> = 1..=3_652_059;
/// How many occurrences are checked for holidays: a year of a monthly ritual.
const LOOK_AHEAD: usize = 12;

impl Cadence {
    /// Reads plain words, such as `every 2 weeks on Tuesday at 10:00`, or five cron fields, as in `docs/schedules.md`.
    /// `today` is the day on which they are typed: `every 2 weeks` counts from the first such day on or after it.
    pub fn parse(text: &str, zone: Tz, today: NaiveDate) -> Result<Cadence, NotUnderstood> {
        let cadence = parse::parse(text, zone, today)?;
        // The only time is said as it will be.
        let only = cadence.only().filter(|wall| cadence.is_skipped(*wall));
        let shown = only.and_then(|wall| Some(resolve(zone, wall)?.with_timezone(&zone).naive_local()));
        Ok(shown.map_or(cadence, |wall| Cadence::once(wall, zone)))
    }

    /// Returns the cadence that occurs at one local time, to the minute, and never again.
    pub fn once(wall: NaiveDateTime, zone: Tz) -> Cadence {
        let minute = NaiveTime::from_hms_opt(wall.hour(), wall.minute(), 0).unwrap_or_default();
        Cadence {
            days: Days::weekdays([wall.weekday()]),
            times: [minute].into(),
            step: None,
            zone,
            starting: Some(wall.date()),
            left_out: BTreeSet::new(),
            instead: Instead::Skip,
            until: Some(wall.date()),
            also: BTreeSet::new(),
            moved: BTreeMap::new(),
        }
    }

    /// Returns the local time at which it occurs if that is the only one.
    pub fn only(&self) -> Option<NaiveDateTime> {
        let wall = self.starting?.and_time(*self.times.first()?);
        (*self == Cadence::once(wall, self.zone)).then_some(wall)
    }

    /// Returns the first occurrence after an instant; `None` if there are no more.
    pub fn next(&self, after: Instant) -> Option<Occurrence> {
        let also = self.also.iter().filter_map(|wall| self.occurrence(*wall)).filter(|also| also.at > after);
        self.next_by_rule(after).into_iter().chain(also).min()
    }

    /// Returns the first occurrence of its days after an instant.
    fn next_by_rule(&self, after: Instant) -> Option<Occurrence> {
        // A day of the calendar and its instants in any zone are two days apart at most: one for the zone, and one for
        // a day that was skipped as a whole.
        let reach = if self.left_out.is_empty() { 2 } else { FARTHEST_MOVE_DAYS + 2 };
        let mut best: Option<Occurrence> = None;
        for date in self.dates(after.date_naive(), reach) {
            // A later occurrence may be moved before the best one by a holiday.
            if best.is_some_and(|best| day_number(date) > day_number(best.wall.date()) + reach) {
                break;
            }
            let moved = self.moved_from(date).filter(|date| self.is_within(*date));
            for wall in moved.iter().flat_map(|date| self.times.iter().map(|time| date.and_time(*time))) {
                let Some(occurrence) = self.occurrence(wall) else { continue };
                if occurrence.at > after && best.is_none_or(|best| occurrence < best) {
                    best = Some(occurrence);
                }
            }
            if best.is_some() && self.left_out.is_empty() {
                break;
            }
        }
        best
    }

    /// Returns the next occurrences after an instant, `number` at most.
    pub fn upcoming(&self, after: Instant, number: usize) -> Vec<Occurrence> {
        let mut last = after;
        std::iter::from_fn(|| {
            let next = self.next(last)?;
            last = next.at;
            Some(next)
        })
        .take(number)
        .collect()
    }

    /// Returns those of the next twelve occurrences that are on Christmas, New Year, or the day before one of them.
    pub fn falls_on_holidays(&self, after: Instant) -> Vec<NaiveDate> {
        let dates = self.upcoming(after, LOOK_AHEAD).into_iter().map(|next| next.wall.date());
        let mut dates: Vec<NaiveDate> =
            dates.filter(|date| matches!((date.month(), date.day()), (12, 24..=26 | 31) | (1, 1))).collect();
        dates.dedup();
        dates
    }

    /// Returns it as it goes on after an instant: a last day that is over falls away, and one date alone doesn't come again.
    pub fn going_on(self, after: Instant) -> Option<Cadence> {
        match self.only() {
            Some(_) => None,
            None if self.next(after).is_none() => Some(Cadence { until: None, ..self }),
            None => Some(self),
        }
    }

    /// Counts its weeks or months from the first occurrence after an instant, unless a first day was named. If today's
    /// time is over already, `every 2 weeks` would otherwise begin two weeks late.
    #[must_use]
    pub fn counted_from(mut self, after: Instant) -> Cadence {
        if let (Some(step), None) = (self.step, self.starting) {
            let each = Cadence {
                step: None,
                left_out: BTreeSet::new(),
                until: None,
                also: BTreeSet::new(),
                moved: BTreeMap::new(),
                ..self.clone()
            };
            if let Some(first) = each.next(after) {
                self.step = self.days.step(step.every, first.wall.date());
            }
        }
        self
    }

    /// Returns the instant of a local time in its zone.
    pub fn instant_of(&self, wall: NaiveDateTime) -> Option<Instant> {
        resolve(self.zone, wall)
    }

    /// Whether the clocks skip a local time in its zone.
    pub fn is_skipped(&self, wall: NaiveDateTime) -> bool {
        self.zone.from_local_datetime(&wall) == LocalResult::None
    }

    /// Returns it in words that [`Cadence::parse`] reads.
    pub fn say(&self) -> String {
        say::cadence(self)
    }

    fn occurrence(&self, wall: NaiveDateTime) -> Option<Occurrence> {
        Some(Occurrence { at: resolve(self.zone, wall)?, wall })
    }

    /// Iterates over its days, from `reach` days before a date.
    fn dates(&self, from: NaiveDate, reach: i32) -> impl Iterator<Item = NaiveDate> {
        let starting = self.starting.map_or(*DAYS.start(), day_number);
        let from = (day_number(from) - reach).max(starting).max(*DAYS.start());
        let until =
            self.until.map_or(*DAYS.end(), |until| day_number(until) + FARTHEST_MOVE_DAYS).min(*DAYS.end());
        let farthest = from.saturating_add(FARTHEST_YEARS * 366).min(until);
        (from..=farthest).filter_map(NaiveDate::from_num_days_from_ce_opt).filter(|date| {
            self.days.include(*date) && self.step.is_none_or(|step| self.days.counts(step, *date))
        })
    }

    fn is_within(&self, date: NaiveDate) -> bool {
        self.starting.is_none_or(|first| date >= first) && self.until.is_none_or(|last| date <= last)
    }

    /// Returns the day to which an occurrence moves that is on a day left out.
    fn moved_from(&self, date: NaiveDate) -> Option<NaiveDate> {
        if !self.left_out.contains(&date) {
            return Some(date);
        }
        let step = match self.instead {
            Instead::Skip => return None,
            Instead::Previous => -1,
            Instead::Next => 1,
        };
        (1..=FARTHEST_MOVE_DAYS)
            .filter_map(|days| NaiveDate::from_num_days_from_ce_opt(day_number(date) + step * days))
            .find(|date| !is_weekend(*date) && !self.left_out.contains(date))
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Returns the days since the calendar began; sums of these never leave an `i32`.
fn day_number(date: NaiveDate) -> i32 {
    date.num_days_from_ce()
}

/// Returns the instant of a local time: the first of two, and in a gap the first valid one after it.
pub fn resolve(zone: Tz, wall: NaiveDateTime) -> Option<Instant> {
    /// Samoa skipped a whole day in 2011; no gap is longer.
    const LONGEST_GAP_MINUTES: i64 = 25 * 60;
    if !DAYS.contains(&day_number(wall.date())) {
        return None;
    }
    let at = |wall: NaiveDateTime| match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.with_timezone(&Utc)),
        LocalResult::None => None,
    };
    (0..=LONGEST_GAP_MINUTES).find_map(|minutes| at(wall.checked_add_signed(Duration::minutes(minutes))?))
}

#[cfg(test)]
mod tests;
