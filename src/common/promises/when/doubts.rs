//! Dates that read as one and may be meant otherwise, or that read as two: an hour of the night, `24:00` ahead of a day, and the fifth
//! Friday of a month that has four.

use chrono::{Datelike as _, Month, NaiveDate, NaiveTime, Timelike as _, Weekday};

use super::{Why, WrongWhen, is_mark, whole::written};
use crate::common::promises::Due;

/// Hours that hardly anyone means when they type them without a zero.
const NIGHT: std::ops::RangeInclusive<u32> = 1..=6;
const HALVES: [&str; 4] = ["am", "pm", "a.m", "p.m"];

fn tokens(text: &str) -> Vec<&str> {
    text.split_whitespace().map(|word| word.trim_matches(is_mark)).collect()
}

/// Returns what is wrong with a text whose date was read with a time such as `3:30`, which may be in the afternoon. `words` are those
/// without the date.
pub(super) fn at_night(text: &str, words: &str, due: Option<Due>) -> Option<WrongWhen> {
    let due = due?;
    let time = due.time.filter(|time| NIGHT.contains(&time.hour()))?;
    let all = tokens(text);
    let is_it = |word: &str| {
        word.split_once(':').is_some_and(|(hour, _)| hour.len() == 1)
            && NaiveTime::parse_from_str(word, "%H:%M") == Ok(time)
    };
    let is_half =
        |at: usize| all.get(at + 1).is_some_and(|next| HALVES.contains(&next.to_lowercase().as_str()));
    let at = (0..all.len()).find(|at| is_it(all[*at]) && !is_half(*at))?;
    if tokens(words).contains(&all[at]) {
        return None;
    }
    let date = due.date.format("%-d %B");
    let nearest = [12, 0].map(|later| format!("{date} at {:02}:{:02}", time.hour() + later, time.minute()));
    Some(WrongWhen { typed: all[at].to_owned(), why: Why::WhichHalf, nearest: nearest.into() })
}

/// Returns what is wrong with a text that names `24:00` ahead of a day, or a fifth day of the week of a month that has four.
pub(super) fn not_there(text: &str, today: NaiveDate) -> Option<WrongWhen> {
    let low = text.to_lowercase();
    let all = tokens(&low);
    if let Some(at) = all.iter().position(|word| *word == "24:00")
        && at + 1 < all.len()
    {
        let day = written(&all[at + 1..].join(" "));
        let nearest = vec![format!("{day} at midnight"), day.clone()];
        return Some(WrongWhen { typed: format!("24:00 {day}"), why: Why::NoSuchTime, nearest });
    }
    let [_, day, _, month] = all.windows(4).find(|four| {
        matches!(four[0], "5th" | "fifth")
            && four[1].parse::<Weekday>().is_ok()
            && matches!(four[2], "of" | "in")
            && four[3].parse::<Month>().is_ok()
    })?
    else {
        return None;
    };
    let (day, month): (Weekday, Month) = (day.parse().ok()?, month.parse().ok()?);
    let number = month.number_from_month();
    let year = today.year() + i32::from(number < today.month());
    if NaiveDate::from_weekday_of_month_opt(year, number, day, 5).is_some() {
        return None;
    }
    let last = NaiveDate::from_weekday_of_month_opt(year, number, day, 4)?;
    Some(WrongWhen {
        typed: format!("5th {} of {} {year}", last.format("%A"), month.name()),
        why: Why::NoFifth,
        nearest: vec![last.format("%-d %B %Y").to_string()],
    })
}
