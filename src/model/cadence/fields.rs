//! Five cron fields as people know them, rewritten for the `cron` crate, whose habits are others: seconds first,
//! Sunday is 1, both day fields must match, no ranges that wrap around.

use std::str::FromStr as _;

use cron::Schedule;

/// What was not understood, in one sentence with an example.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotUnderstood(String);

/// What each sentence ends with.
const EXAMPLE: &str = "For example: every 2 weeks on Tuesday at 10:00";
/// More often than this in a day is no ritual.
const MOST_A_DAY: usize = 4;

impl NotUnderstood {
    pub(super) fn part(what: &str) -> NotUnderstood {
        NotUnderstood(format!("I do not understand \"{what}\". {EXAMPLE}"))
    }

    pub(super) fn empty() -> NotUnderstood {
        NotUnderstood(format!("When should it come? {EXAMPLE}"))
    }

    pub(super) fn zone(name: &str) -> NotUnderstood {
        NotUnderstood(format!("I do not know the time zone \"{name}\". For example: Europe/Berlin"))
    }

    pub(super) fn left_out(most: usize) -> NotUnderstood {
        NotUnderstood(format!(
            "On which dates should it not come? Name {most} at most. For example: every Tuesday at 10:00 except 2026-12-29"
        ))
    }

    pub(super) fn too_often() -> NotUnderstood {
        NotUnderstood(format!("That would come more than {MOST_A_DAY} times a day. {EXAMPLE}"))
    }

    pub(super) fn never(text: &str) -> NotUnderstood {
        NotUnderstood(format!("\"{text}\" never comes. {EXAMPLE}"))
    }

    pub(super) fn over(text: &str) -> NotUnderstood {
        NotUnderstood(format!("\"{text}\" is over before it begins. {EXAMPLE}"))
    }
}

const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/// Whether a text is five fields rather than words.
pub(super) fn looks_like_cron(text: &str) -> bool {
    let mut fields = text.split_whitespace();
    fields.by_ref().take(2).all(|field| field.starts_with(|c: char| c.is_ascii_digit() || c == '*'))
        && fields.count() == 3
}

/// Rewrites `minute hour day month weekday`. Where both day fields are set, either of them is enough, as everywhere
/// since Vixie's cron; that takes two schedules.
pub(super) fn schedules(text: &str) -> Result<Vec<String>, NotUnderstood> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [minute, hour, day, month, weekday] = fields[..] else { return Err(NotUnderstood::part(text)) };
    for field in [minute, hour] {
        if field.contains(['*', '/']) {
            return Err(NotUnderstood::too_often());
        }
    }
    let times = listed(minute, 59)? * listed(hour, 23)?;
    if times > MOST_A_DAY {
        return Err(NotUnderstood::too_often());
    }
    let weekday = weekdays(weekday)?;
    let line = |day: &str, weekday: &str| format!("0 {minute} {hour} {day} {month} {weekday}");
    let lines = match (day, weekday.as_str()) {
        ("*" | "?", weekday) => vec![line("*", weekday)],
        (day, "*") => vec![line(day, "*")],
        (day, weekday) => vec![line(day, "*"), line("*", weekday)],
    };
    for line in &lines {
        Schedule::from_str(line).map_err(|_| NotUnderstood::part(text))?;
    }
    Ok(lines)
}

/// How many values a field of numbers, lists and ranges holds.
fn listed(field: &str, most: usize) -> Result<usize, NotUnderstood> {
    let number = |text: &str| {
        text.parse::<usize>().ok().filter(|n| *n <= most).ok_or_else(|| NotUnderstood::part(field))
    };
    let mut held = 0;
    for part in field.split(',') {
        held += match part.split_once('-') {
            None => number(part).map(|_| 1)?,
            Some((from, to)) => {
                let (from, to) = (number(from)?, number(to)?);
                to.checked_sub(from).ok_or_else(|| NotUnderstood::part(field))? + 1
            }
        };
    }
    Ok(held)
}

/// Days of the week as names: 0 and 7 are Sunday, and a range may go over the end of the week.
fn weekdays(field: &str) -> Result<String, NotUnderstood> {
    if matches!(field, "*" | "?") {
        return Ok("*".to_owned());
    }
    let day = |text: &str| -> Result<usize, NotUnderstood> {
        let known = DAYS.iter().position(|name| text.len() >= 3 && name.eq_ignore_ascii_case(&text[..3]));
        let number = text.parse::<usize>().ok().filter(|n| *n <= 7).map(|n| n % 7);
        number.or(known).ok_or_else(|| NotUnderstood::part(field))
    };
    let mut named = Vec::new();
    for part in field.split(',') {
        match part.split_once('-') {
            None => named.push(DAYS[day(part)?]),
            Some((from, to)) => {
                let (from, to) = (day(from)?, day(to)?);
                let days = (to + 7 - from) % 7;
                named.extend((0..=days).map(|n| DAYS[(from + n) % 7]));
            }
        }
    }
    named.sort_unstable();
    named.dedup();
    Ok(named.join(","))
}
