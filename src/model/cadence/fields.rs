//! Five cron fields: `minute hour day month weekday`.

use std::collections::BTreeSet;

use chrono::{NaiveTime, Weekday};

use super::{
    NotUnderstood,
    dates::MONTHS,
    rule::{CronDays, Dates, Days, sorted},
    say,
    typed::{WEEKDAY_NAMES, WEEKDAYS, number, plain_dash, shortened},
};

/// A ritual is not held more often in a day.
pub(super) const MOST_A_DAY: usize = 4;

/// A field: its name, its least and greatest value, the names of its values, and a value that works.
struct CronField {
    name: &'static str,
    values: std::ops::RangeInclusive<u32>,
    names: &'static [&'static str],
    usual: &'static str,
}

const FIELDS: [CronField; 5] = [
    CronField { name: "minute", values: 0..=59, names: &[], usual: "0" },
    CronField { name: "hour", values: 0..=23, names: &[], usual: "10" },
    CronField { name: "day of the month", values: 1..=31, names: &[], usual: "*" },
    CronField { name: "month", values: 1..=12, names: &MONTHS, usual: "*" },
    // Both 0 and 7 are Sunday.
    CronField { name: "day of the week", values: 0..=7, names: &WEEKDAY_NAMES, usual: "Tue" },
];

/// Splits a text into the five fields at its beginning and the rest, if it is meant as fields rather than as words.
pub(super) fn split(text: &str) -> Option<([&str; 5], String)> {
    let is_field = |word: &&str| {
        let mut letters = word.chars().map(plain_dash);
        letters.all(|letter| letter.is_ascii_digit() || matches!(letter, '*' | ',' | '-' | '/' | '?'))
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let (fields, rest) = words.split_at_checked(5)?;
    let fields: [&str; 5] = fields.try_into().ok()?;
    fields.iter().take(2).all(is_field).then(|| (fields, rest.join(" ")))
}

/// Reads the fields. Fields that words can express as well become the same as those words.
pub(super) fn read(fields: [&str; 5]) -> Result<(Days, BTreeSet<NaiveTime>), NotUnderstood> {
    let mut sets: [BTreeSet<u32>; 5] = Default::default();
    for (at, field) in FIELDS.iter().enumerate() {
        sets[at] = field.read(fields[at]).ok_or_else(|| unknown(fields, at))?;
    }
    let [minutes, hours, days, months, weekdays] = sets;
    if minutes.len() * hours.len() > MOST_A_DAY {
        let nearest = [FIELDS[0].usual, FIELDS[1].usual, fields[2], fields[3], fields[4]].join(" ");
        return Err(NotUnderstood::example(too_often(), vec![nearest]));
    }
    let times = hours
        .iter()
        .flat_map(|hour| minutes.iter().filter_map(|minute| NaiveTime::from_hms_opt(*hour, *minute, 0)));
    let times = times.collect();
    let is_open = |at: usize| matches!(fields[at], "*" | "?");
    let steps = |at: usize| fields[at].starts_with('*') && !is_open(at);
    if (steps(2) && !is_open(4)) || (steps(4) && !is_open(2)) {
        let said = format!("I can't combine \"{}\" with \"{}\".", shortened(fields[2]), shortened(fields[4]));
        return Err(NotUnderstood::example(
            said,
            vec![format!("{} {} * {} *", fields[0], fields[1], fields[3])],
        ));
    }
    let days = (!is_open(2)).then_some(days);
    let weekdays = (!is_open(4)).then(|| sorted(weekdays.into_iter().filter_map(weekday)));
    let days = match (days, weekdays) {
        (None, weekdays) if months.len() == 12 => Days::weekdays(weekdays.unwrap_or(WEEKDAYS.to_vec())),
        (Some(days), None) if months.len() == 12 => Days::Dates(Dates { days, last: false }),
        (days, weekdays) => Days::Fields(CronDays { days, months, weekdays }),
    };
    Ok((days, times))
}

/// Returns the sentence about more times in a day than allowed.
pub(super) fn too_often() -> String {
    format!("That's more than {MOST_A_DAY} times a day, and {MOST_A_DAY} is the most.")
}

fn weekday(number: u32) -> Option<Weekday> {
    WEEKDAYS.get(usize::try_from((number + 6) % 7).ok()?).copied()
}

/// Names the first field that has no meaning.
fn unknown(fields: [&str; 5], at: usize) -> NotUnderstood {
    let said = format!("I don't know the {} \"{}\".", FIELDS[at].name, shortened(fields[at]));
    let mut nearest = fields;
    for (at, field) in FIELDS.iter().enumerate() {
        if field.read(nearest[at]).is_none() {
            nearest[at] = field.usual;
        }
    }
    let nearest = match read(nearest) {
        Ok((days, times)) => say::occasions(&days, 1, &times),
        Err(other) => other.nearest().first().cloned().unwrap_or_default(),
    };
    NotUnderstood::example(said, vec![nearest])
}

impl CronField {
    /// Reads a field of numbers, names, lists, ranges and steps. A range of weekdays may pass the end of the week.
    fn read(&self, text: &str) -> Option<BTreeSet<u32>> {
        let text: String = text.chars().map(plain_dash).collect();
        let mut values = BTreeSet::new();
        for part in text.split(',') {
            let (range, step) = match part.split_once('/') {
                Some((range, step)) => (range, Some(number(step).filter(|step| *step > 0)?)),
                None => (part, None),
            };
            let (from, to) = match range.split_once('-') {
                Some((from, to)) => (self.value(from)?, self.value(to)?),
                None if matches!(range, "*" | "?") => (*self.values.start(), self.last()),
                // `5/10` is from 5 on, every 10.
                None if step.is_some() => (self.value(range)?, self.last()),
                None => (self.value(range)?, self.value(range)?),
            };
            let is_week = *self.values.end() == 7;
            let to = if from > to && is_week { to + 7 } else { to };
            if from > to {
                return None;
            }
            let steps = (from..=to).step_by(usize::try_from(step.unwrap_or(1)).ok()?);
            values.extend(steps.map(|value| if is_week { value % 7 } else { value }));
        }
        Some(values)
    }

    /// Returns the greatest value, where Sunday counts once.
    fn last(&self) -> u32 {
        (*self.values.end()).min(if self.values.end() == &7 { 6 } else { u32::MAX })
    }

    fn value(&self, text: &str) -> Option<u32> {
        let text = text.to_lowercase();
        let is_name = |name: &&str| {
            let name = name.to_lowercase();
            name == text || (text.chars().count() == 3 && name.starts_with(&text))
        };
        let named = self.names.iter().position(is_name).and_then(|place| u32::try_from(place + 1).ok());
        named.or_else(|| number(&text).filter(|value| self.values.contains(value)))
    }
}
