//! Dates that are so long from now, and words that name a day again and again.

use chrono::{Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

use crate::common::promises::Due;

/// Words ahead of a day that comes each week.
const EACH: [&str; 2] = ["every ", "each "];

/// Reads `in 3 days` and `in a week` as a number of days.
pub(super) fn days_ahead(low: &str) -> Option<i64> {
    match span(low)? {
        (number, "day" | "days") => Some(number),
        (number, "week" | "weeks") => Some(number * 7),
        (number, "fortnight" | "fortnights") => Some(number * 14),
        _ => None,
    }
}

/// Reads `in 2 hours` and `in 30 minutes`, to the minute that follows.
pub(super) fn moment_ahead(low: &str, now: NaiveDateTime) -> Option<Due> {
    let minutes = match span(low).or((low == "in half an hour").then_some((30, "minutes")))? {
        (number, "hour" | "hours") => number * 60,
        (number, "minute" | "minutes" | "min") => number,
        _ => return None,
    };
    let at = now.checked_add_signed(Duration::minutes(minutes))?;
    let at = if at.second() == 0 { at } else { at.checked_add_signed(Duration::minutes(1))? };
    let time = NaiveTime::from_hms_opt(at.hour(), at.minute(), 0)?;
    Some(Due { date: at.date(), time: Some(time) })
}

fn span(low: &str) -> Option<(i64, &str)> {
    let words: Vec<&str> = low.split_whitespace().collect();
    let (number, unit) = match words[..] {
        ["in" | "within", number, unit] | [number, unit, "from", "now"] => (number, unit),
        ["in", number, unit, "time"] => (number, unit.trim_end_matches(['\'', '’'])),
        _ => return None,
    };
    let number: u32 = match number {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        digits => digits.parse().ok()?,
    };
    Some((i64::from(number), unit))
}

/// Reads the names of days that stand for themselves.
pub(super) fn named_day(low: &str, today: NaiveDate) -> Option<NaiveDate> {
    match low {
        "tonight" => Some(today),
        "day after tomorrow" | "the day after tomorrow" => today.succ_opt()?.succ_opt(),
        _ => None,
    }
}

/// Returns the day that comes again and again in `every friday`.
pub(super) fn repeated(low: &str) -> Option<&str> {
    EACH.iter().find_map(|each| low.strip_prefix(each))
}

/// Returns a time as it is meant behind `tonight`: in the evening.
pub(super) fn in_the_evening(date: &str, time: NaiveTime) -> NaiveTime {
    if date == "tonight" && time.hour() < 12 {
        time.with_hour(time.hour() + 12).unwrap_or(time)
    } else {
        time
    }
}
