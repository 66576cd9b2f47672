//! Writes a cadence in words that can be typed back.

use std::{collections::BTreeSet, fmt::Display};

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike as _, Weekday};

use super::{
    Cadence, dates,
    rule::{CronDays, Days, NTH_WEEKDAYS, NthWeekday},
    typed::weekday_name,
};

/// Writes a cadence: `every Tuesday at 10:00 (Europe/Berlin), except 22 December 2026, also on 23 December 2026 at 15:00`.
pub(super) fn cadence(cadence: &Cadence) -> String {
    if let Some(wall) = cadence.only() {
        return format!("{} ({})", once(wall), cadence.zone.name());
    }
    let said = occasions(&cadence.days, cadence.step.map_or(1, |step| step.every), &cadence.times);
    let clause = |before: &str, dates: String| {
        if dates.is_empty() { dates } else { format!("{before} {dates}") }
    };
    let date = |date: Option<NaiveDate>| date.map_or_else(String::new, dates::said);
    let starting = clause(" starting", date(cadence.starting));
    let except = clause(", except", listed(cadence.left_out.iter().map(|date| dates::said(*date))));
    let until = clause(if except.is_empty() { " until" } else { ", until" }, date(cadence.until));
    let moment = |wall: &NaiveDateTime| format!("{} at {}", dates::said(wall.date()), wall.format("%H:%M"));
    let also = clause(", also on", listed(cadence.also.iter().map(moment)));
    format!("{said} ({}){starting}{except}{until}{also}", cadence.zone.name())
}

/// Writes a single date and its time: `once on 3 December 2026 at 10:00`.
pub(super) fn once(wall: NaiveDateTime) -> String {
    format!("once on {} at {}", dates::said(wall.date()), wall.format("%H:%M"))
}

/// Writes days and times: `every Tuesday at 10:00`.
pub(super) fn occasions(days: &Days, every: u32, times: &BTreeSet<NaiveTime>) -> String {
    if let Days::Fields(fields) = days {
        return cron(fields, times);
    }
    format!("{} at {}", self::days(days, every), listed(times.iter().map(|time| time.format("%H:%M"))))
}

/// Writes days: `every 2 weeks on Tuesday`, `the first Monday of every month`.
pub(super) fn days(days: &Days, every: u32) -> String {
    let of_the_months = |what: String| match every {
        1 => format!("the {what} of every month"),
        _ => format!("every {every} months on the {what}"),
    };
    match days {
        Days::Weekdays(days) => weekdays(days, every),
        Days::Places(places) => of_the_months(self::places(places)),
        Days::Dates(dates) => {
            let last = dates.last.then(|| "last day".to_owned());
            let said = of_the_months(listed(dates.days.iter().copied().map(ordinal).chain(last)));
            if every == 1 { format!("on {said}") } else { said }
        }
        Days::Fields(fields) => cron(fields, &BTreeSet::new()),
    }
}

fn weekdays(days: &[Weekday], every: u32) -> String {
    let names = listed(days.iter().map(|day| weekday_name(*day)));
    match days {
        _ if every > 1 => format!("every {every} weeks on {names}"),
        [_, _, _, _, _, _, _] => "every day".to_owned(),
        [Weekday::Mon, _, _, _, Weekday::Fri] => "every weekday".to_owned(),
        _ => format!("every {names}"),
    }
}

fn places(places: &[(NthWeekday, Weekday)]) -> String {
    let name =
        |place: NthWeekday| NTH_WEEKDAYS.iter().find(|(_, one)| *one == place).map_or("", |(name, _)| *name);
    match places {
        [(_, day), ..] if places.iter().all(|(_, other)| other == day) => {
            format!("{} {}", listed(places.iter().map(|(place, _)| name(*place))), weekday_name(*day))
        }
        _ => listed(places.iter().map(|(place, day)| format!("{} {}", name(*place), weekday_name(*day)))),
    }
}

fn cron(fields: &CronDays, times: &BTreeSet<NaiveTime>) -> String {
    let numbers = |numbers: &BTreeSet<u32>| joined(numbers.iter());
    let minutes: BTreeSet<u32> = times.iter().map(NaiveTime::minute).collect();
    let hours: BTreeSet<u32> = times.iter().map(NaiveTime::hour).collect();
    let months = if fields.months.len() == 12 { "*".to_owned() } else { numbers(&fields.months) };
    let days = fields.days.as_ref().map_or_else(|| "*".to_owned(), numbers);
    let weekdays = fields.weekdays.as_ref().map_or_else(|| "*".to_owned(), |days| joined(days.iter()));
    format!("{} {} {days} {months} {weekdays}", numbers(&minutes), numbers(&hours))
}

fn joined(values: impl Iterator<Item = impl Display>) -> String {
    values.map(|value| value.to_string()).collect::<Vec<_>>().join(",")
}

/// `1st`, `2nd`, `11th`.
fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number / 10 % 10) {
        (_, 1) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

/// `Monday, Wednesday and Friday`.
pub(super) fn listed(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    match items.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => items.concat(),
    }
}
