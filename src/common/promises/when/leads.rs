//! What words mean behind `by` that are no date elsewhere: `by lunch`, `by week 50` and `Friday by 15:00`.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::{
    Why, is_mark,
    times::{before_midnight, split_time},
    whole::{PARTS_OF_DAY, written},
};
use crate::common::promises::Due;

/// The last week of a year, of those that have it.
const LAST_WEEK: u32 = 53;

/// Returns why words are no date, and phrases in their place. `read` reads a date alone.
pub(super) fn behind_a_lead(
    low: &str,
    today: NaiveDate,
    read: &dyn Fn(&str) -> Option<Due>,
) -> Option<(Why, Vec<String>)> {
    let words: Vec<&str> = low.split_whitespace().map(|word| word.trim_matches(is_mark)).collect();
    match words[..] {
        ["week" | "cw" | "kw", number] | ["calendar", "week", number] => {
            let friday = friday_of_week(number.parse().ok()?, today)?;
            Some((Why::Vague, vec![friday.format("%-d %B").to_string()]))
        }
        [part, ref date @ ..] if !date.is_empty() => {
            let time = time_in(part)?;
            let date = match date {
                ["on" | "of", date @ ..] | date => date.join(" "),
            };
            read(&date).filter(|due| due.time.is_none())?;
            let date = written(&date);
            Some((Why::PartOfDay, vec![format!("{date} at {time}"), date]))
        }
        _ => None,
    }
}

/// Returns phrases in place of a part of a day alone, such as `lunch`; `None` for other words.
pub(super) fn part_alone(low: &str) -> Option<Vec<String>> {
    let time = time_in(low)?;
    Some(vec![format!("today at {time}"), format!("tomorrow at {time}")])
}

fn time_in(part: &str) -> Option<&'static str> {
    PARTS_OF_DAY.iter().find(|(name, _)| *name == part).map(|(_, time)| *time)
}

/// Returns the Friday of the next week with this number.
fn friday_of_week(number: u32, today: NaiveDate) -> Option<NaiveDate> {
    let of_year = |year| NaiveDate::from_isoywd_opt(year, number, Weekday::Fri);
    let years = today.iso_week().year()..;
    let is_week = (1..=LAST_WEEK).contains(&number);
    years.take(2).filter_map(of_year).find(|friday| is_week && *friday >= today)
}

/// Reads a time behind a date of its own, as in `friday by 15:00`. `None` if these words are no time alone.
pub(super) fn at_time(date: &Due, low: &str) -> Option<Due> {
    let low = low.trim_matches(is_mark);
    if date.time.is_some() {
        return None;
    }
    // By midnight is on that day still.
    if before_midnight(low) == Some("") {
        return Some(*date);
    }
    match split_time(low) {
        ("", Some(time)) if !low.starts_with("at ") => Some(Due { time: Some(time), ..*date }),
        _ => None,
    }
}
