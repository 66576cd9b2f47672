//! The time at the end of a date: read, or told apart from what is none.

use chrono::{Duration, NaiveTime, Timelike as _};

use super::{is_mark, words::words_of};
use crate::model::cadence::time_of_day;

/// Words that a time in words begins with.
const NUMBERS: [&str; 14] = [
    "half", "quarter", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve",
];

/// Returns the hour that a word names.
fn hour_of(word: &str) -> Option<NaiveTime> {
    let hour = NUMBERS[2..].iter().position(|number| *number == word)? + 1;
    NaiveTime::from_hms_opt(u32::try_from(hour).ok()?, 0, 0)
}

/// Splits off a time at the end: `friday at 15:00`, `friday 3pm`, `15:00`.
pub(super) fn split_time(low: &str) -> (&str, Option<NaiveTime>) {
    let words = words_of(low);
    for at in (words.len().saturating_sub(2)..words.len()).rev() {
        let behind_at = at > 0 && &low[words[at - 1].0..words[at - 1].1] == "at";
        if let Some(time) = time_of_day(&low[words[at].0..], behind_at) {
            let end = if behind_at { words[at - 1].0 } else { words[at].0 };
            let longer = at > 0 && !behind_at && time_of_day(&low[words[at - 1].0..], false).is_some();
            if !longer {
                return (low[..end].trim_end_matches([',', ' ']), Some(time));
            }
        }
    }
    (low, None)
}

/// Returns the hour of words that end in one at which hardly anyone works, such as `at 3`: the afternoon may be meant.
pub(super) fn hour_of_either_half(low: &str) -> Option<u32> {
    let mut words = low.split_whitespace().rev();
    let hour = words.next()?.parse().ok()?;
    (words.next() == Some("at") && (1..=6).contains(&hour)).then_some(hour)
}

/// Returns the same date with that hour in the afternoon and in the morning, and on the next day.
pub(super) fn halves(typed: &str, hour: u32) -> Vec<String> {
    let date = before_time(typed);
    let (afternoon, morning) = (format!("{:02}:00", hour + 12), format!("{hour:02}:00"));
    match date {
        "" => vec![afternoon.clone(), morning, format!("tomorrow at {afternoon}")],
        date => vec![format!("{date} at {afternoon}"), format!("{date} at {morning}")],
    }
}

/// Returns the words before the last `at`, as they were typed.
pub(super) fn before_time(typed: &str) -> &str {
    // ASCII letters have the same places in lower case.
    let before = typed.to_ascii_lowercase().rfind("at ").map_or("", |at| &typed[..at]);
    before.trim_end_matches(is_mark)
}

/// Returns what stands before a time that no clock shows, as in `friday at 25:00`, or that is in words, as in `friday at half past three`;
/// and what such words may mean.
pub(super) fn before_no_time(low: &str) -> Option<(&str, Vec<String>)> {
    let (before, time) = match low.rsplit_once("at ") {
        Some((before, time)) if before.is_empty() || before.ends_with(' ') => (before, time),
        _ => low.rsplit_once(' ').filter(|(_, time)| time.contains(':'))?,
    };
    let is_in_words = || time.split(' ').next().is_some_and(|word| NUMBERS.contains(&word));
    let times = || {
        let words: Vec<String> = time.split_whitespace().map(str::to_owned).collect();
        times_ahead(&words, None).unwrap_or_default()
    };
    (is_no_time(time) || is_in_words()).then(|| (before.trim_end_matches(is_mark), times()))
}

/// Whether figures look like a time that no clock shows, such as `25:00`.
pub(super) fn is_no_time(time: &str) -> bool {
    let are_figures = |text: &str| !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit());
    let parts = time.split_once(':');
    parts.is_some_and(|(hour, minute)| are_figures(hour) && are_figures(minute))
        && time_of_day(time, true).is_none()
}

/// Returns what stands before `midnight`, as in `friday at midnight`.
pub(super) fn before_midnight(low: &str) -> Option<&str> {
    let before = low.strip_suffix("midnight").or_else(|| low.strip_suffix("24:00"))?.trim_end();
    let before =
        before.strip_suffix("at").filter(|rest| rest.is_empty() || rest.ends_with(' ')).unwrap_or(before);
    Some(before.trim_end_matches(is_mark))
}

/// Words that a time in words has beside its numbers.
const AROUND_A_TIME: [&str; 7] = ["past", "to", "o'clock", "o’clock", "oclock", "h", "at"];
/// How many words such a time has at most.
const MOST_TIME_WORDS: usize = 4;

/// Returns what words may mean that stand ahead of a date and are a time, as `half past` in `half past 3pm friday`, of which `behind` is
/// the rest; nothing if that can't be told, and `None` if they are no time.
pub(super) fn times_ahead(words: &[String], behind: Option<NaiveTime>) -> Option<Vec<String>> {
    let words: Vec<&str> =
        words.iter().map(|word| word.trim_matches(is_mark)).filter(|word| *word != "on").collect();
    let is_figure = |word: &str| word.starts_with(|letter: char| letter.is_ascii_digit());
    let is_number = |word: &str| is_figure(word) || NUMBERS.contains(&word);
    let is_time = words.iter().all(|word| is_number(word) || AROUND_A_TIME.contains(word));
    if !is_time || !(1..=MOST_TIME_WORDS).contains(&words.len()) || !words.iter().any(|word| is_number(word))
    {
        return None;
    }
    let minutes = match words[..] {
        ["half", "past", ..] => 30,
        ["quarter", "past", ..] => 15,
        ["quarter", "to", ..] => -15,
        _ => 0,
    };
    let figure = words.iter().rev().find(|word| is_figure(word)).map(|word| word.trim_end_matches('h'));
    let named = words.iter().rev().find_map(|word| hour_of(word));
    let typed = figure.and_then(|figure| time_of_day(figure, true)).or(named);
    let Some(hour) = typed.or(behind) else { return Some(Vec::new()) };
    let time = hour.overflowing_add_signed(Duration::minutes(minutes)).0;
    // The afternoon may be meant.
    let has_no_half = figure.map_or(named.is_some(), |figure| figure.len() == 1);
    let is_either = has_no_half && (1..=6).contains(&hour.hour());
    let afternoon = is_either.then(|| time.overflowing_add_signed(Duration::hours(12)).0);
    Some(afternoon.into_iter().chain([time]).map(|time| time.format("%H:%M").to_string()).collect())
}
