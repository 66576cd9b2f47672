//! The stored form of a cadence, also used in the value of a button, and its checks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::{
    Cadence, DAYS, Instead, day_number,
    days::{MOST_MONTHS, MOST_WEEKS},
    fields::MOST_A_DAY,
    reader::{MOST_ALSO, MOST_DATES_LEFT_OUT},
    rule::{Days, Interval, sorted},
};

/// The stored form. It refuses unknown fields: a newer release may have given them a meaning.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored {
    days: Days,
    times: BTreeSet<NaiveTime>,
    zone: Tz,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<Interval>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    starting: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    left_out: BTreeSet<NaiveDate>,
    #[serde(default)]
    instead: Instead,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    also: BTreeSet<NaiveDateTime>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    moved: BTreeMap<NaiveDateTime, NaiveDate>,
}

/// Why a stored form is no cadence.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum UnreadableCadence {
    #[error("a cadence without days, or with days that no calendar has")]
    Days,
    #[error("a cadence without times, or with too many in a day")]
    Times,
    #[error("a cadence that skips too many weeks or months")]
    Step,
    #[error("a cadence with too many dates, or with one that is too far away")]
    Dates,
}

impl From<Cadence> for Stored {
    fn from(cadence: Cadence) -> Stored {
        let Cadence { days, times, step, zone, starting, left_out, instead, until, also, moved } = cadence;
        Stored { days, times, zone, step, starting, left_out, instead, until, also, moved }
    }
}

impl TryFrom<Stored> for Cadence {
    type Error = UnreadableCadence;

    fn try_from(stored: Stored) -> Result<Cadence, UnreadableCadence> {
        let Stored { days, times, zone, step, starting, left_out, instead, until, also, moved } = stored;
        let cadence = Cadence { days, times, step, zone, starting, left_out, instead, until, also, moved };
        if !has_days(&cadence.days) {
            return Err(UnreadableCadence::Days);
        }
        let whole_minute = |time: &NaiveTime| time.second() == 0 && time.nanosecond() == 0;
        if !(1..=MOST_A_DAY).contains(&cadence.times.len()) || !cadence.times.iter().all(whole_minute) {
            return Err(UnreadableCadence::Times);
        }
        let most = if cadence.days.are_of_the_week() { MOST_WEEKS } else { MOST_MONTHS };
        let can_count = !matches!(cadence.days, Days::Fields(_));
        // A counted week or month is kept by its first day, so that equal cadences are equal values.
        let is_whole = |step: Interval| {
            can_count
                && (2..=most).contains(&step.every)
                && cadence.days.step(step.every, step.from) == Some(step)
        };
        if !cadence.step.is_none_or(is_whole) {
            return Err(UnreadableCadence::Step);
        }
        let dates = cadence.left_out.iter().chain(&cadence.starting).chain(&cadence.until).copied();
        let dates = dates.chain(cadence.also.iter().map(NaiveDateTime::date));
        let mut dates = dates.chain(cadence.moved.iter().flat_map(|(to, from)| [to.date(), *from]));
        let are_near = dates.all(|date| DAYS.contains(&day_number(date)));
        let are_many = cadence.left_out.len() > MOST_DATES_LEFT_OUT
            || cadence.also.len() > MOST_ALSO
            || cadence.moved.len() > MOST_DATES_LEFT_OUT;
        if !are_near || are_many {
            return Err(UnreadableCadence::Dates);
        }
        if !cadence.also.iter().all(|wall| whole_minute(&wall.time())) {
            return Err(UnreadableCadence::Times);
        }
        Ok(cadence)
    }
}

fn has_days(days: &Days) -> bool {
    let of_a_month = |days: &BTreeSet<u32>| !days.is_empty() && days.iter().all(|day| (1..=31).contains(day));
    match days {
        Days::Weekdays(days) => !days.is_empty() && sorted(days.iter().copied()) == *days,
        Days::Places(places) => !places.is_empty() && places.len() <= 6 * 7,
        Days::Dates(dates) if dates.days.is_empty() => dates.last,
        Days::Dates(dates) => of_a_month(&dates.days),
        Days::Fields(fields) => {
            let months =
                !fields.months.is_empty() && fields.months.iter().all(|month| (1..=12).contains(month));
            let weekdays = fields.weekdays.as_ref();
            months
                && fields.days.as_ref().is_none_or(of_a_month)
                && weekdays.is_none_or(|days| !days.is_empty() && sorted(days.iter().copied()) == *days)
        }
    }
}
