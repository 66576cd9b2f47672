//! The days of a cadence: which days of the calendar, and which weeks or months.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::day_number;

/// Days of the calendar. Lists are sorted and without duplicates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Days {
    Weekdays(Vec<Weekday>),
    /// Such weekdays of a month: the first Monday.
    Places(Vec<(NthWeekday, Weekday)>),
    Dates(Dates),
    /// Days that only cron's fields can describe.
    Fields(CronDays),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Dates {
    pub(super) days: BTreeSet<u32>,
    /// Whether the last day of the month is included, which may be the 28th.
    pub(super) last: bool,
}

/// Days of some months. If both days of the month and days of the week are set, either is enough, as in Vixie's cron.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CronDays {
    pub(super) days: Option<BTreeSet<u32>>,
    pub(super) months: BTreeSet<u32>,
    pub(super) weekdays: Option<Vec<Weekday>>,
}

/// Which of the weekdays of one name in a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NthWeekday {
    First,
    Second,
    Third,
    Fourth,
    Fifth,
    Last,
}

pub(super) const NTH_WEEKDAYS: [(&str, NthWeekday); 6] = [
    ("first", NthWeekday::First),
    ("second", NthWeekday::Second),
    ("third", NthWeekday::Third),
    ("fourth", NthWeekday::Fourth),
    ("fifth", NthWeekday::Fifth),
    ("last", NthWeekday::Last),
];

/// Every so many weeks or months, counted from those of the first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Interval {
    pub(super) every: u32,
    /// The Monday of the first week, or the first day of the first month.
    pub(super) from: NaiveDate,
}

impl Days {
    /// Returns days of the week in their order.
    pub(super) fn weekdays(days: impl IntoIterator<Item = Weekday>) -> Days {
        Days::Weekdays(sorted(days))
    }

    pub(super) fn include(&self, date: NaiveDate) -> bool {
        match self {
            Days::Weekdays(days) => days.contains(&date.weekday()),
            Days::Places(places) => {
                places.iter().any(|(place, day)| *day == date.weekday() && is_at(*place, date))
            }
            Days::Dates(dates) => {
                dates.days.contains(&date.day()) || (dates.last && is_in_last_days(date, 1))
            }
            Days::Fields(fields) => {
                let days = fields.days.as_ref().map(|days| days.contains(&date.day()));
                let weekdays = fields.weekdays.as_ref().map(|days| days.contains(&date.weekday()));
                let either = match (days, weekdays) {
                    (Some(day), Some(weekday)) => day || weekday,
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => true,
                };
                either && fields.months.contains(&date.month())
            }
        }
    }

    /// Whether these are counted in weeks, rather than in months.
    pub(super) fn are_of_the_week(&self) -> bool {
        matches!(self, Days::Weekdays(_))
    }

    /// Returns every so many weeks or months from that of a date on; `None` for each of them.
    pub(super) fn step(&self, every: u32, date: NaiveDate) -> Option<Interval> {
        let from = if self.are_of_the_week() {
            NaiveDate::from_num_days_from_ce_opt(week(date) * 7 + 1)
        } else {
            date.with_day(1)
        };
        from.filter(|_| every > 1).map(|from| Interval { every, from })
    }

    /// Whether the week or month of a date is included.
    pub(super) fn counts(&self, step: Interval, date: NaiveDate) -> bool {
        let apart = if self.are_of_the_week() {
            week(date) - week(step.from)
        } else {
            month(date) - month(step.from)
        };
        i32::try_from(step.every).is_ok_and(|every| apart.checked_rem_euclid(every) == Some(0))
    }
}

/// Returns days of the week from Monday on, each once.
pub(super) fn sorted(days: impl IntoIterator<Item = Weekday>) -> Vec<Weekday> {
    let mut days: Vec<Weekday> = days.into_iter().collect();
    days.sort_by_key(Weekday::num_days_from_monday);
    days.dedup();
    days
}

fn is_at(place: NthWeekday, date: NaiveDate) -> bool {
    let nth = date.day0() / 7;
    match place {
        NthWeekday::First => nth == 0,
        NthWeekday::Second => nth == 1,
        NthWeekday::Third => nth == 2,
        NthWeekday::Fourth => nth == 3,
        NthWeekday::Fifth => nth == 4,
        NthWeekday::Last => is_in_last_days(date, 7),
    }
}

fn is_in_last_days(date: NaiveDate, days: i32) -> bool {
    let later = NaiveDate::from_num_days_from_ce_opt(day_number(date) + days);
    later.is_none_or(|later| later.month() != date.month())
}

/// Returns the number of a week. The calendar's first day is a Monday.
fn week(date: NaiveDate) -> i32 {
    (day_number(date) - 1).div_euclid(7)
}

fn month(date: NaiveDate) -> i32 {
    date.year() * 12 + date.month0().cast_signed()
}
