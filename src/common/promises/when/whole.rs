//! Words around a date that say more than a date: they are read, or told apart from it, so that none of them ends up in what is to be
//! done.

use chrono::{Datelike as _, Days, Month, NaiveTime, Weekday};

use super::{
    Why,
    days::hour_alone,
    is_mark,
    times::{halves, hour_of_either_half, split_time},
};
use crate::{common::promises::Due, model::cadence::names_a_zone};

/// Parts of a day, with a time that is in each.
pub(super) const PARTS_OF_DAY: [(&str, &str); 7] = [
    ("morning", "11:00"),
    ("noonish", "12:00"),
    ("lunch", "12:00"),
    ("lunchtime", "12:00"),
    ("afternoon", "17:00"),
    ("evening", "20:00"),
    ("night", "22:00"),
];
/// Words ahead of a date that change nothing of it, and words behind it.
const IDLE_AHEAD: [&str; 13] = [
    "end of play ",
    "eod ",
    "eob ",
    "cob ",
    "end of day ",
    "close of business ",
    "no later than ",
    "coming ",
    "this coming ",
    "the coming ",
    "latest ",
    "at latest ",
    "at the latest ",
];
const IDLE_BEHIND: [&str; 14] = [
    " end of play",
    " eob",
    " at the latest",
    " the latest",
    " latest",
    " or earlier",
    " or sooner",
    " or before",
    " eod",
    " cob",
    " end of day",
    " close of business",
    " end of business",
    " sharp",
];
/// Words ahead of a date with which it is no date, and words behind it.
const LOOSE_AHEAD: [&str; 14] = [
    "early ",
    "late ",
    "mid ",
    "around ",
    "roughly ",
    "approximately ",
    "sometime ",
    "first thing ",
    "end of ",
    "the end of ",
    "beginning of ",
    "the beginning of ",
    "start of ",
    "the start of ",
];
const LOOSE_BEHIND: [&str; 9] = [
    " after next",
    " at the earliest",
    " earliest",
    " or so",
    " ish",
    " week",
    " or later",
    " first thing",
    " roughly",
];
/// Names of clocks that the zone database doesn't have.
const CLOCKS: [&str; 14] =
    ["et", "pt", "ct", "mt", "pst", "pdt", "edt", "cst", "cdt", "mdt", "cest", "bst", "ist", "jst"];
/// Words ahead of `time` that say whose clock is meant.
const WHOSE: [&str; 10] =
    ["my", "your", "their", "our", "his", "her", "my own", "his own", "her own", "local"];
/// How many words the name of a zone has at most, with the word ahead of it.
const MOST_ZONE_WORDS: usize = 5;
/// Words between two dates.
const BETWEEN: [&str; 9] = ["or", "and", "to", "then", "on", "-", "–", "/", "&"];

/// What words are that are no date by themselves.
pub(super) enum Around {
    Due(Due),
    Wrong(Why, Vec<String>),
}

/// Reads words in lower case that have a date in them and more. `read` reads a date alone.
pub(super) fn around(low: &str, read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    if let Some(idle) = stripped(low, &IDLE_AHEAD, &IDLE_BEHIND)
        && let Some(due) = read(idle)
    {
        return Some(Around::Due(due));
    }
    if let Some(loose) = stripped(low, &LOOSE_AHEAD, &LOOSE_BEHIND)
        && read(loose).is_some()
    {
        return Some(Around::Wrong(
            Why::Vague,
            vec![a_week_later(low, read).unwrap_or_else(|| written(loose))],
        ));
    }
    let words: Vec<&str> = low.split_whitespace().collect();
    day_by_number(&words, read)
        .or_else(|| part_of_day(&words, read))
        .or_else(|| other_clock(&words, read))
        .or_else(|| other_clock_between(&words, read))
        .or_else(|| other_clock_beside(&words, read))
        .or_else(|| time_ahead(&words, read))
        .or_else(|| two_dates(&words, read))
}

fn stripped<'l>(low: &'l str, ahead: &[&str], behind: &[&str]) -> Option<&'l str> {
    let rest = |rest: &'l str| rest.strip_prefix("on ").unwrap_or(rest).trim_matches(is_mark);
    let ahead = ahead.iter().find_map(|words| low.strip_prefix(words));
    ahead.or_else(|| behind.iter().find_map(|words| low.strip_suffix(words))).map(rest)
}

/// Returns the date that is meant by `friday week`.
fn a_week_later(low: &str, read: &dyn Fn(&str) -> Option<Due>) -> Option<String> {
    let day = low.strip_suffix(" week").or_else(|| low.strip_suffix(" after next"))?;
    let date = read(day)?.date.checked_add_days(Days::new(7))?;
    Some(date.format("%-d %B").to_string())
}

/// Reads a day of the week with a number, which have to agree: `friday the 4th`.
fn day_by_number(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    let ([weekday, number] | [weekday, "the", number]) = words else { return None };
    let (weekday, number) = (weekday.parse::<Weekday>().ok()?, number.trim_matches(is_mark));
    let is_bare = number.chars().all(|letter| letter.is_ascii_digit());
    let date = read(&if is_bare { format!("{number}th") } else { number.to_owned() })?.date;
    if date.weekday() == weekday {
        return Some(Around::Due(Due::on(date)));
    }
    let (named, of_week) = (date.format("%-d %B").to_string(), date.format("%A"));
    if let Some(hour) = hour_alone(number).filter(|_| is_bare && words.len() == 2) {
        return Some(Around::Wrong(Why::DayOrTime, vec![format!("{} at {hour}", written(words[0])), named]));
    }
    let why = format!("{named} is a {of_week}, not a {}.", written(words[0]));
    Some(Around::Wrong(Why::NoSuchDay(why), vec![named]))
}

/// Reads `friday evening` and `this morning`.
fn part_of_day(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    let (part, mut date) = words.split_last()?;
    let (_, time) = PARTS_OF_DAY.iter().find(|(name, _)| name == part)?;
    while let [before @ .., "in" | "the" | "at" | "during" | "early" | "late" | "after" | "before"] = date {
        date = before;
    }
    let date = if date == ["this"] { "today".to_owned() } else { joined(date) };
    let due = read(&date)?;
    let date = written(&date);
    let nearest = if due.time.is_some() { vec![date] } else { vec![format!("{date} at {time}"), date] };
    Some(Around::Wrong(Why::PartOfDay, nearest))
}

/// Reads `friday at 15:00 in new york`: the time would be on another clock.
fn other_clock(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    let first = words.len().saturating_sub(MOST_ZONE_WORDS).max(1);
    (first..words.len()).find_map(|at| {
        (is_timed(&words[..at], read) && is_clock(&words[at..]))
            .then(|| Around::Wrong(Why::OtherClock, vec![written(&joined(&words[..at]))]))
    })
}

/// Reads `15:00 cet friday`, with the clock between the time and its day.
fn other_clock_between(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    let places = (1..words.len()).flat_map(|at| (at + 1..words.len()).map(move |end| (at, end)));
    places.filter(|(at, end)| end - at <= MOST_ZONE_WORDS).find_map(|(at, end)| {
        let rest = [&words[..at], &words[end..]].concat();
        (split_time(&joined(&words[..at])).0.is_empty() && is_clock(&words[at..end]) && is_timed(&rest, read))
            .then(|| Around::Wrong(Why::OtherClock, vec![written(&joined(&rest))]))
    })
}

/// Reads `her time 15:00`, with the clock ahead of the time, and `friday my time`, which names no time.
fn other_clock_beside(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    let places = || 1..words.len();
    let is_time = |words: &[&str]| match split_time(&joined(words)) {
        (date, Some(_)) => date.is_empty() || is_timed(words, read),
        _ => false,
    };
    // Looking for the name of a zone is the longest of these.
    let is_ahead = |at: &usize| is_time(&words[*at..]) && is_clock(&words[..*at]);
    let ahead = places().take(MOST_ZONE_WORDS).find(is_ahead).map(|at| &words[at..]);
    let is_whose = |at: &usize| words.last() == Some(&"time") && is_clock(&words[*at..]);
    let behind = || {
        let at = places().find(|at| is_whose(at) && read(&joined(&words[..*at])).is_some());
        at.map(|at| &words[..at])
    };
    let rest = ahead.or_else(behind)?;
    Some(Around::Wrong(Why::OtherClock, vec![written(&joined(rest))]))
}

fn is_timed(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> bool {
    read(&joined(words)).is_some_and(|due| due.time.is_some())
        || matches!(time_ahead(words, read), Some(Around::Due(due)) if due.time.is_some())
}

/// Whether words name a clock: `in lisbon`, `cet` or `his time`.
fn is_clock(words: &[&str]) -> bool {
    let (named, is_time) = match words {
        ["in", named @ .., "time"] | [named @ .., "time"] => (joined(named), true),
        ["in", named @ ..] | named => (joined(named), false),
    };
    let is_whose = || WHOSE.contains(&named.as_str()) || named.ends_with("'s") || named.ends_with("’s");
    CLOCKS.contains(&named.as_str()) || is_time && is_whose() || !named.is_empty() && names_a_zone(&named)
}

/// Reads `3pm on friday`.
fn time_ahead(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    (1..words.len().min(4)).rev().find_map(|at| {
        let time = joined(&words[..at]);
        let ("", Some(clock)) = split_time(&time) else { return None };
        let date = match &words[at..] {
            ["on" | "of", date @ ..] | date => joined(date),
        };
        let due = read(&date).filter(|due| due.time.is_none() && split_time(&date).1.is_none())?;
        Some(match hour_of_either_half(&time) {
            Some(hour) => {
                Around::Wrong(Why::WhichHalf, halves(&format!("{} at {hour}", written(&date)), hour))
            }
            // The midnight that ends the day.
            None if time == "midnight" => Around::Due(due),
            None => Around::Due(Due { time: Some(clock), ..due }),
        })
    })
}

/// Reads `friday or monday`. Two names of one day are one date.
fn two_dates(words: &[&str], read: &dyn Fn(&str) -> Option<Due>) -> Option<Around> {
    (1..words.len()).find_map(|at| {
        let first = joined(&words[..at]);
        let second = match &words[at..] {
            [between, second @ ..] if BETWEEN.contains(between) => joined(second),
            second => joined(second),
        };
        let first = first.strip_prefix("on ").unwrap_or(&first).to_owned();
        let (one, other) = (read(&first)?, read(&second)?);
        if let Some(due) = day_of_week(&first, &second, read) {
            return Some(Around::Due(due));
        }
        if one.date == other.date && (one.time.is_none() || one == other) {
            return Some(Around::Due(other));
        }
        Some(Around::Wrong(Why::TwoDates, nearest_of_two(&first, &second)))
    })
}

/// Reads a day and its week, in either order: `friday next week`.
fn day_of_week(first: &str, second: &str, read: &dyn Fn(&str) -> Option<Due>) -> Option<Due> {
    let is_day = |word: &str| word.parse::<Weekday>().is_ok();
    match (first, second) {
        ("next week", day) | (day, "next week") if is_day(day) => read(&format!("next {day}")),
        ("this week", day) | (day, "this week") if is_day(day) => {
            let week = read("this week")?.date.iso_week();
            read(day).filter(|due| due.date.iso_week() == week)
        }
        (day, weeks) if is_day(day) && weeks.starts_with("in ") && weeks.contains(" week") => {
            let weekday: Weekday = day.parse().ok()?;
            let monday = read(weeks)?.date.week(Weekday::Mon).first_day();
            Some(Due::on(monday.checked_add_days(Days::new(weekday.num_days_from_monday().into()))?))
        }
        _ => None,
    }
}

/// Returns what was meant by two dates: a day of next week, a date with its time, or either of them.
pub(super) fn nearest_of_two(first: &str, second: &str) -> Vec<String> {
    let is_day = |word: &str| word.parse::<Weekday>().is_ok();
    match (first, second) {
        ("next week", day) | (day, "next week") if is_day(day) => vec![written(&format!("next {day}"))],
        _ => match split_time(second) {
            ("", Some(time)) => vec![written(&format!("{first} at {}", said(time)))],
            _ => vec![written(first), written(second)],
        },
    }
}

fn said(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

fn joined(words: &[&str]) -> String {
    words.join(" ").trim_matches(is_mark).to_owned()
}

/// Writes words in lower case with the capitals of days and months.
pub(super) fn written(low: &str) -> String {
    let word = |word: &str| {
        let plain = word.trim_matches(is_mark);
        let is_name = plain.parse::<Weekday>().is_ok() || plain.parse::<Month>().is_ok();
        let mut letters = word.chars();
        match letters.next() {
            Some(first) if is_name => first.to_uppercase().chain(letters).collect(),
            _ => word.to_owned(),
        }
    };
    low.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}
