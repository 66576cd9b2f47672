//! Dates that are so long from now, and words that name a day again and again.

use chrono::{Datelike as _, Duration, NaiveDate, NaiveTime, Timelike as _, Weekday};

use super::Wall;
use crate::common::promises::Due;

/// Words ahead of a day that comes each week.
const EACH: [&str; 2] = ["every ", "each "];
/// How many days ahead working days are counted.
const MOST_WORKING_DAYS: usize = 365;

/// Reads `in 3 days` and `in a week` as a number of days.
pub(super) fn days_ahead(low: &str) -> Option<i64> {
    match span(low)? {
        (number, "day" | "days") => Some(number),
        (number, "week" | "weeks") => Some(number * 7),
        (number, "fortnight" | "fortnights") => Some(number * 14),
        _ => None,
    }
}

/// Reads `in 2 hours`, `in 1.5 hours` and `in 30 minutes`, to the minute that follows. It's so long by any clock, also where the one on the
/// wall changes meanwhile.
pub(super) fn moment_ahead(low: &str, now: Wall) -> Option<Due> {
    let at = now.after(Duration::minutes(minutes_ahead(low)?))?;
    let at = if at.second() == 0 { at } else { at.checked_add_signed(Duration::minutes(1))? };
    let time = NaiveTime::from_hms_opt(at.hour(), at.minute(), 0)?;
    Some(Due { date: at.date(), time: Some(time) })
}

fn minutes_ahead(low: &str) -> Option<i64> {
    match low {
        "in half an hour" => return Some(30),
        "in an hour and a half" | "in one and a half hours" => return Some(90),
        _ => {}
    }
    let (number, unit) = words_of_span(low)?;
    let (whole, part) = number.split_once(['.', ',']).unwrap_or((number, ""));
    let minutes_of = match unit {
        "hour" | "hours" | "hr" | "hrs" | "h" => 60,
        "minute" | "minutes" | "min" | "mins" => 1,
        _ => return None,
    };
    let part = match (part.len(), part.parse::<i64>()) {
        (0, _) => 0,
        (1, Ok(tenths)) => tenths * 10,
        (2, Ok(hundredths)) => hundredths,
        _ => return None,
    };
    Some(number_in(whole)? * minutes_of + part * minutes_of / 100)
}

fn span(low: &str) -> Option<(i64, &str)> {
    let (number, unit) = words_of_span(low)?;
    Some((number_in(number)?, unit))
}

/// Returns the number and the unit of `in 2 hours`, as they were typed.
fn words_of_span(low: &str) -> Option<(&str, &str)> {
    let words: Vec<&str> = low.split_whitespace().collect();
    match words[..] {
        ["in" | "within", number, unit] | [number, unit, "from", "now"] => Some((number, unit)),
        ["in", number, unit, "time"] => Some((number, unit.trim_end_matches(['\'', '’']))),
        ["in" | "within", short] => {
            let unit = short.find(|letter: char| letter.is_alphabetic())?;
            short.split_at_checked(unit).filter(|(number, _)| !number.is_empty())
        }
        _ => None,
    }
}

fn number_in(word: &str) -> Option<i64> {
    Some(match word {
        "a" | "an" | "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        digits => i64::from(digits.parse::<u32>().ok()?),
    })
}

/// Returns the day that may be meant by `in 5 working days`: from Monday to Friday, and no holidays are known of.
pub(super) fn working_days_ahead(low: &str, today: NaiveDate) -> Option<Vec<String>> {
    let words: Vec<&str> = low.split_whitespace().collect();
    let ["in" | "within", number, "working" | "business" | "work", "day" | "days"] = words[..] else {
        return None;
    };
    let number = usize::try_from(number_in(number)?).ok()?.checked_sub(1)?;
    let is_workday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    let days = today.succ_opt()?.iter_days().take(MOST_WORKING_DAYS);
    let day = days.filter(is_workday).nth(number)?;
    Some(vec![day.format("%-d %B").to_string()])
}

/// Reads the names of days that stand for themselves.
pub(super) fn named_day(low: &str, today: NaiveDate) -> Option<NaiveDate> {
    match low {
        "tonight" => Some(today),
        "day after tomorrow" | "the day after tomorrow" => today.succ_opt()?.succ_opt(),
        _ => None,
    }
}

/// Returns the day that comes again and again in `every friday` and `on fridays`.
pub(super) fn repeated(low: &str) -> Option<&str> {
    let day = low.strip_prefix("on ").unwrap_or(low);
    EACH.iter().find_map(|each| low.strip_prefix(each)).or_else(|| day_of_each_week(day))
}

/// Whether a word is a day that comes each week, as `fridays`. By itself it may be a part of what is to be done.
pub(super) fn is_day_of_each_week(low: &str) -> bool {
    day_of_each_week(low).is_some()
}

fn day_of_each_week(low: &str) -> Option<&str> {
    let day = low.strip_suffix('s').filter(|day| day.ends_with("day"))?;
    day.parse::<Weekday>().is_ok().then_some(day)
}

/// Returns a time as it is meant behind `tonight`: in the evening.
pub(super) fn in_the_evening(date: &str, time: NaiveTime) -> NaiveTime {
    if date == "tonight" && time.hour() < 12 {
        time.with_hour(time.hour() + 12).unwrap_or(time)
    } else {
        time
    }
}
