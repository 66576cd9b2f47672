//! What stands ahead of a date and belongs to it: the day of a time, a time that can't be read, and another date.

use chrono::Days;

use super::{
    BETWEEN_DATES, LEADS, MOST_WORDS, NOT_BEFORE_A_DATE, Read, Wall, Why, WrongWhen, is_mark, is_over,
    leads::at_time, read, times::times_ahead, words::plain, works,
};
use crate::common::promises::Due;

/// Returns where the date begins, with the word that leads to it, that these words end in and that a time behind them is on; `None` if
/// the clause is no time alone, or another date is meant by it.
pub(super) fn date_of_time(
    text: &str,
    words: &[(usize, usize)],
    clause: &str,
    now: Wall,
) -> Option<(usize, Due)> {
    let low = |at: usize| plain(&text[words[at].0..words[at].1]);
    let is_between =
        words.len().checked_sub(1).is_some_and(|last| BETWEEN_DATES.contains(&low(last).as_str()));
    let (from, first) = date_ahead(text, words, now).filter(|_| !is_between)?;
    let Read::Due(day) = read(first, now, false) else { return None };
    let due = at_time(&day, &clause.to_lowercase()).filter(|due| !is_over(due, *now))?;
    Some((begin_of(text, words, from), due))
}

/// Returns where the date begins that is at this place, with the word that leads to it.
pub(super) fn begin_of(text: &str, words: &[(usize, usize)], from: usize) -> usize {
    let leads = |word: &&(usize, usize)| {
        let low = plain(&text[word.0..word.1]);
        LEADS.contains(&low.as_str()) || low == "on"
    };
    let before = words.iter().take_while(|word| word.0 < from).last();
    before.filter(leads).map_or(from, |lead| lead.0)
}

/// Returns that a time can't be read which stands behind `by` and ahead of a date, as in `by half past 3 on Friday`.
pub(super) fn time_before(text: &str, words: &[(usize, usize)], date: &str, due: &Due) -> Option<WrongWhen> {
    let word = |at: usize| text[words[at].0..words[at].1].to_lowercase();
    let last = (0..words.len()).rev().find(|at| LEADS.contains(&plain(&word(*at)).as_str()))?;
    let between: Vec<String> = (last + 1..words.len()).map(word).collect();
    let times = times_ahead(&between, due.time)?;
    let day = due.date.format("%-d %B").to_string();
    let nearest = times.into_iter().map(|time| format!("{day} at {time}")).chain([day.clone()]).collect();
    let typed = format!("{} {date}", &text[words[last + 1].0..words[words.len() - 1].1]);
    Some(WrongWhen { typed, why: Why::NoSuchTime, nearest })
}

/// Returns that what stands between `by` and a date moves it by days or weeks, as in `by two days before Friday` and `by a week on Friday`.
pub(super) fn moved_before(
    text: &str,
    words: &[(usize, usize)],
    date: &str,
    (due, is_before): (&Due, bool),
) -> Option<WrongWhen> {
    let low: Vec<String> = words.iter().map(|(from, to)| plain(&text[*from..*to])).collect();
    let last = low.iter().rposition(|word| LEADS.contains(&word.as_str()));
    // `a week on Friday` needs no `by`.
    let begin = last.map_or(low.len().saturating_sub(2), |last| last + 1);
    let span: Vec<&str> = low[begin..].iter().map(String::as_str).collect();
    if last.is_none() && !(date.starts_with("on ") && matches!(span[..], [_, "week" | "weeks"])) {
        return None;
    }
    let (number, unit) = match span[..] {
        ["the" | "a" | "one", unit] => (1, unit),
        [number, unit] => (number_of(number)?, unit),
        _ => return None,
    };
    let days = match unit {
        "day" | "days" => number,
        "week" | "weeks" => 7 * number,
        _ => return None,
    };
    let meant = if is_before {
        // Behind `before` it is the day ahead already.
        due.date.succ_opt()?.checked_sub_days(Days::new(days))?
    } else {
        due.date.checked_add_days(Days::new(days))?
    };
    let between = if is_before { " before" } else { "" };
    let typed = format!("{}{between} {date}", span.join(" "));
    Some(WrongWhen { typed, why: Why::Vague, nearest: vec![meant.format("%-d %B").to_string()] })
}

/// Reads a small number, in figures or as a word.
fn number_of(word: &str) -> Option<u64> {
    const WORDS: [&str; 6] = ["two", "three", "four", "five", "six", "seven"];
    let named = || WORDS.iter().position(|name| *name == word).and_then(|at| u64::try_from(at + 2).ok());
    word.parse().ok().filter(|number| (1..=60).contains(number)).or_else(named)
}

/// Returns where the date begins that these words end in, and the date, as in `Friday or`: what stands behind `by` next is another one.
pub(super) fn date_ahead<'t>(text: &'t str, words: &[(usize, usize)], now: Wall) -> Option<(usize, &'t str)> {
    let low = |at: usize| plain(&text[words[at].0..words[at].1]);
    let end = match words.len().checked_sub(1) {
        Some(last) if BETWEEN_DATES.contains(&low(last).as_str()) => last,
        _ => words.len(),
    };
    (end.saturating_sub(MOST_WORDS)..end).find_map(|from| {
        let is_part = from > 0 && NOT_BEFORE_A_DATE.contains(&low(from - 1).as_str());
        let clause = text[words[from].0..words[end - 1].1].trim_matches(is_mark);
        // Figures may be the number of a release.
        let is_named = clause.chars().any(char::is_alphabetic) && !LEADS.contains(&low(from).as_str());
        (!is_part && is_named && works(clause, now)).then_some((words[from].0, clause))
    })
}
