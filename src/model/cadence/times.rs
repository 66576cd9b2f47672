//! Times of day as people type them: `10:00`, `10h30`, `10.30`, `2:30 pm`, `9am`, `noon`, `midnight`.

use chrono::NaiveTime;

use super::typed::{Typed, Word, number};

/// What is at a place where a time may be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ReadTime {
    /// A time, and how many words it takes.
    Time(NaiveTime, usize),
    /// It looks like a time, but is none: `25:00`. How many words it takes.
    Wrong(usize),
    /// A time of 24 hours with `am` or `pm` behind it: `13:00 pm`. The time without it, that word, and how many words it takes.
    NeedsNoHalf(NaiveTime, &'static str, usize),
    Nothing,
}

/// Reads the time at the beginning of these words. A bare hour counts only where a time is expected, as behind `at`.
pub(super) fn read(words: &[Word], expected: bool) -> ReadTime {
    let Some(word) = words.first().map(|word| word.low.as_str()) else { return ReadTime::Nothing };
    match word {
        "noon" | "midday" => return time(12, 0).map_or(ReadTime::Nothing, |time| ReadTime::Time(time, 1)),
        "midnight" => return ReadTime::Time(NaiveTime::MIN, 1),
        _ => {}
    }
    if !word.starts_with(|letter: char| letter.is_ascii_digit()) {
        return ReadTime::Nothing;
    }
    let next = words.get(1).map(|word| word.low.as_str()).and_then(half_of_day);
    let (digits, half) = match half_at_end(word) {
        Some((digits, half)) => (digits, Some(half)),
        None => (word, next),
    };
    let used = 1 + usize::from(half.is_some() && digits == word);
    let bare = number(digits).is_some();
    if bare && half.is_none() && !expected {
        return ReadTime::Nothing;
    }
    let parts = digits.split_once([':', '.', 'h']).unwrap_or((digits, ""));
    let read = |half| clock(parts, half, bare || digits.ends_with('h'));
    if let Some(time) = read(half) {
        return ReadTime::Time(time, used);
    }
    match (half, read(None)) {
        (Some(half), Some(time)) => ReadTime::NeedsNoHalf(time, half.word(), used),
        _ if expected || looks_like_a_time(digits) => ReadTime::Wrong(used),
        _ => ReadTime::Nothing,
    }
}

/// Reads a text that is a time of day and nothing else. A bare hour counts only where a time is expected.
pub fn time_of_day(text: &str, expected: bool) -> Option<NaiveTime> {
    let typed = Typed::read(text);
    match read(&typed.words, expected) {
        ReadTime::Time(time, used) if used == typed.words.len() => Some(time),
        _ => None,
    }
}

fn looks_like_a_time(digits: &str) -> bool {
    let (hour, minute) = digits.split_once([':', 'h']).unwrap_or((digits, "x"));
    number(hour).is_some() && minute.chars().all(|letter| letter.is_ascii_digit())
}

#[derive(Clone, Copy)]
enum Half {
    Morning,
    Afternoon,
}

impl Half {
    fn word(self) -> &'static str {
        match self {
            Half::Morning => "am",
            Half::Afternoon => "pm",
        }
    }
}

fn half_of_day(word: &str) -> Option<Half> {
    match word {
        "am" | "a.m" => Some(Half::Morning),
        "pm" | "p.m" => Some(Half::Afternoon),
        _ => None,
    }
}

fn half_at_end(word: &str) -> Option<(&str, Half)> {
    let ends = |ending: &str| word.strip_suffix(ending).filter(|digits| !digits.is_empty());
    let morning = ends("a.m").or_else(|| ends("am")).map(|digits| (digits, Half::Morning));
    morning.or_else(|| ends("p.m").or_else(|| ends("pm")).map(|digits| (digits, Half::Afternoon)))
}

fn clock((hour, minute): (&str, &str), half: Option<Half>, whole_hour: bool) -> Option<NaiveTime> {
    let hour = number(hour)?;
    let minute = match minute {
        "" if whole_hour => 0,
        minute if minute.len() == 2 => number(minute)?,
        _ => return None,
    };
    match half {
        Some(_) if !(1..=12).contains(&hour) => None,
        Some(Half::Morning) => time(hour % 12, minute),
        Some(Half::Afternoon) => time(hour % 12 + 12, minute),
        None => time(hour, minute),
    }
}

fn time(hour: u32, minute: u32) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(hour, minute, 0)
}
