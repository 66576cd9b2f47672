//! Dates that are so long from now, and words that name a day again and again.

use chrono::{Datelike as _, Days, Duration, Months, NaiveDate, NaiveTime, Timelike as _, Weekday};

use super::{Wall, whole::written};
use crate::common::promises::Due;

/// Words ahead of a day that comes each week.
const EACH: [&str; 2] = ["every ", "each "];
/// What comes each day or so, and each week or so.
const DAILY: [&str; 9] =
    ["day", "other day", "weekday", "workday", "working day", "business day", "morning", "evening", "hour"];
const WEEKLY: [&str; 6] = ["week", "other week", "two weeks", "month", "quarter", "year"];
/// Numbers in words, from one on.
const NUMBERS: [&str; 12] =
    ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
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
    if matches!(word, "a" | "an") {
        return Some(1);
    }
    match NUMBERS.iter().position(|name| *name == word) {
        Some(at) => i64::try_from(at + 1).ok(),
        None => word.parse::<u32>().ok().map(i64::from),
    }
}

/// Reads `in 2 months`, `in a year` and `in 1.5 years`.
pub(super) fn months_ahead(low: &str) -> Option<Months> {
    if low == "in half a year" {
        return Some(Months::new(6));
    }
    let (number, unit) = words_of_span(low)?;
    let months = match unit {
        "month" | "months" => number_in(number)?,
        "year" | "years" => match tenths_of(number) {
            Some(tenths) => tenths * 12 / 10,
            None => number_in(number)? * 12,
        },
        _ => return None,
    };
    Some(Months::new(u32::try_from(months).unwrap_or(u32::MAX)))
}

/// Returns the days on either side of `in 1.5 weeks`, or `in 2.5 months`.
pub(super) fn parts_ahead(low: &str, today: NaiveDate) -> Option<Vec<String>> {
    let (number, unit) = words_of_span(low)?;
    let tenths = tenths_of(number)?;
    let in_days = |days: i64| {
        let least = u64::try_from(tenths * days / 10).ok()?;
        let least = today.checked_add_days(Days::new(least))?;
        Some([least, least.succ_opt()?])
    };
    let in_months = || {
        let least = u32::try_from(tenths / 10).ok()?;
        let date = |months| today.checked_add_months(Months::new(months));
        Some([date(least)?, date(least.checked_add(1)?)?])
    };
    let dates = match unit {
        "day" | "days" => in_days(1),
        "week" | "weeks" => in_days(7),
        "month" | "months" => in_months(),
        _ => None,
    };
    Some(dates?.map(|date| date.format("%-d %B").to_string()).into())
}

/// Reads `1.5` as 15.
fn tenths_of(number: &str) -> Option<i64> {
    let (whole, part) = number.split_once(['.', ','])?;
    let tenths = part.parse::<u8>().ok().filter(|_| part.len() == 1)?;
    Some(number_in(whole)? * 10 + i64::from(tenths))
}

/// Returns phrases in place of `in 0 hours`.
pub(super) fn no_time_ahead(low: &str) -> Option<Vec<String>> {
    let phrases = ["in 30 minutes", "today"].map(str::to_owned);
    (minutes_ahead(low) == Some(0)).then(|| phrases.into())
}

/// Returns days in place of what comes again and again: `every day`, `each week` and `mon-fri`.
pub(super) fn again_and_again(low: &str) -> Option<Vec<String>> {
    let days = |days: [&str; 2]| Some(days.map(written).into());
    if let Some((first, last)) = low.split_once(['-', '–']) {
        let are_days = [first, last].iter().all(|day| day.parse::<Weekday>().is_ok());
        return if are_days { days([last, first]) } else { None };
    }
    let each = EACH.iter().find_map(|each| low.strip_prefix(each))?;
    match each {
        each if DAILY.contains(&each) => days(["today", "tomorrow"]),
        each if WEEKLY.contains(&each) => days(["friday", "next friday"]),
        _ => None,
    }
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
