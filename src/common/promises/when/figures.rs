//! Dates in figures: those that can't be told apart, and days that don't exist, with what works in their place.

use chrono::{Month, NaiveDate, NaiveTime, Weekday};

use super::{is_mark, whole::written};

/// How many days in a month are tried for a date that doesn't exist.
const LAST_DAYS: [u32; 3] = [30, 29, 28];

/// The two readings of a date in figures, `4/12` or `4.12.2026`. Two figures with a dot between them are a day and a month, or a time.
pub(super) fn in_figures(low: &str) -> Option<Vec<String>> {
    let dotted = low.contains('.');
    let parts: Vec<&str> = low.split(if dotted { '.' } else { '/' }).collect();
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let dates = match numbers[..] {
        [one, two] if !dotted => vec![(one, two, None), (two, one, None)],
        [year, month, day] if year > 31 => vec![(day, month, Some(year))],
        [one, two, year] => {
            let year = if year < 100 { 2_000 + year } else { year };
            vec![(one, two, Some(year)), (two, one, Some(year))]
        }
        _ => return None,
    };
    let said = |(day, month, year): (u32, u32, Option<u32>)| {
        // A leap year has every day of a month.
        let in_year = i32::try_from(year.unwrap_or(2_024)).ok()?;
        let date = NaiveDate::from_ymd_opt(in_year, month, day)?;
        Some(date.format(if year.is_some() { "%-d %B %Y" } else { "%-d %B" }).to_string())
    };
    let mut said: Vec<String> = dates.into_iter().filter_map(said).collect();
    said.dedup();
    Some(said)
}

/// Other days in place of one that doesn't exist: the last of its month, or the same without its day of the week.
pub(super) fn other_days(low: &str) -> Vec<String> {
    let words: Vec<&str> = low.split_whitespace().collect();
    let mut others = Vec::new();
    for day in LAST_DAYS {
        let other: Vec<String> = words
            .iter()
            .map(|word| {
                let digits = word.trim_end_matches(|letter: char| !letter.is_ascii_digit());
                let is_day = digits.parse::<u32>().is_ok_and(|number| (28..=31).contains(&number));
                let parts = word.rsplit_once('-');
                match parts {
                    Some((month, end)) if end.len() == 2 => format!("{month}-{day}"),
                    _ if is_day && *word != digits && !word.ends_with(',') => format!("{day}th"),
                    _ if is_day => day.to_string(),
                    _ => written(word),
                }
            })
            .collect();
        others.push(other.join(" "));
    }
    others.extend(words.get(1..).map(|rest| written(&rest.join(" "))));
    others
}

/// Returns the words with `20.12.`, `20.12` or `20.12.2026`, the first of its kind, as `20 december`. Behind `at` and before `pm` it is a time.
pub(super) fn with_month_named(low: &str) -> Option<String> {
    let words: Vec<&str> = low.split_whitespace().collect();
    let named = (0..words.len()).find_map(|at| {
        let before = at.checked_sub(1).map_or("", |at| words[at]);
        let behind = words.get(at + 1).map_or("", |word| word.trim_matches(is_mark));
        let is_time = before == "at" || matches!(behind, "am" | "pm" | "a.m" | "p.m");
        let named = day_of_named_month(words[at]);
        named.filter(|_| !is_time).map(|named| (at, named))
    });
    let (at, named) = named?;
    let words: Vec<&str> = [&words[..at], &[named.as_str()], &words[at + 1..]].concat();
    Some(words.join(" ").trim_matches(is_mark).to_owned())
}

/// Reads `20.12.` and `20.12` as `20 december`, and `20.12.26` as that of 2026.
fn day_of_named_month(word: &str) -> Option<String> {
    let (day, month) = word.trim_matches(is_mark).split_once('.')?;
    let (month, year) = month.split_once('.').unwrap_or((month, ""));
    let year = match year.len() {
        2 => format!(" 20{year}"),
        _ => format!(" {year}"),
    };
    let figures = |text: &str| {
        let is_short = text.len() <= 2 && text.chars().all(|letter| letter.is_ascii_digit());
        text.parse::<u8>().ok().filter(|_| is_short)
    };
    let (day, month) = (figures(day)?, Month::try_from(figures(month)?).ok()?);
    let is_year = year.trim().chars().all(|letter| letter.is_ascii_digit()) && matches!(year.len(), 1 | 5);
    let named = format!("{day} {}{}", month.name().to_lowercase(), year.trim_end());
    ((1..=31).contains(&day) && is_year).then_some(named)
}

/// Returns words with their times and years as they're usually written: `15h` for `15 h`, `15:30` for `15:30h`, `noon` for `12:00 noon`,
/// and `4 december 2026` for `4 december 26`, if that is this year or the next.
pub(super) fn in_usual_figures(low: &str, year: i32) -> String {
    let words: Vec<&str> = low.split_whitespace().collect();
    let before =
        |at: usize, back: usize| at.checked_sub(back).and_then(|at| words.get(at)).copied().unwrap_or("");
    let is_number = |word: &str| word.chars().all(|letter| letter.is_ascii_digit()) && !word.is_empty();
    let mut usual: Vec<String> = Vec::with_capacity(words.len());
    for (at, word) in words.iter().copied().enumerate() {
        let plain = word.trim_matches(is_mark);
        let is_month = before(at, 1).parse::<Month>().is_ok();
        let full = (year..=year + 1).find(|year| format!("{:02}", year % 100) == plain);
        if let Some(parts) = stamped(plain).or_else(|| days_with_a_slash(plain)) {
            usual.extend(parts);
            continue;
        }
        match (word, usual.last_mut()) {
            ("h", Some(last))
                if at + 1 == words.len() && last.ends_with(|letter: char| letter.is_ascii_digit()) =>
            {
                last.push('h');
            }
            ("noon", Some(last)) if matches!(last.as_str(), "12" | "12:00") => "noon".clone_into(last),
            _ if is_month
                && is_number(before(at, 2))
                && let Some(full) = full =>
            {
                usual.push(word.replacen(plain, &full.to_string(), 1));
            }
            _ if word.contains(':') && is_number(&word.replace([':', 'h'], "")) => {
                usual.push(word.trim_end_matches('h').to_owned());
            }
            _ => usual.push(word.to_owned()),
        }
    }
    usual.join(" ")
}

/// Returns the date, the time and the clock of `2026-12-04t15:00z` and `2026-12-04t15:00:00.000+05:30`; another clock is named as UTC.
fn stamped(word: &str) -> Option<Vec<String>> {
    let (date, time) = word.split_once('t')?;
    let (time, clock) = time.split_at(time.find(['z', '+', '-']).unwrap_or(time.len()));
    let clock = match clock {
        "" => None,
        clock if clock == "z" || is_offset(clock) => Some("utc".to_owned()),
        _ => return None,
    };
    let time = time.split('.').next().unwrap_or_default();
    let are_figures = |part: &str| part.chars().all(|letter| letter.is_ascii_digit());
    let parts: Vec<&str> = date.split('-').collect();
    // A day that doesn't exist is answered as such.
    let is_date = matches!(parts[..], [year, month, day] if (year.len(), month.len(), day.len()) == (4, 2, 2))
        && parts.iter().all(|part| are_figures(part));
    let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(time, form).ok())?;
    is_date.then(|| [date.to_owned(), time.format("%H:%M").to_string()].into_iter().chain(clock).collect())
}

/// Reads `+05:30` and `-0800`.
fn is_offset(clock: &str) -> bool {
    let figures = clock.trim_start_matches(['+', '-']).replace(':', "");
    matches!(figures.len(), 2 | 4) && figures.chars().all(|letter| letter.is_ascii_digit())
}

/// Returns the days of `wed/thu`, with the mark between them.
fn days_with_a_slash(word: &str) -> Option<Vec<String>> {
    let (one, other) = word.split_once('/')?;
    let are_days = [one, other].iter().all(|day| day.parse::<Weekday>().is_ok());
    are_days.then(|| [one, "/", other].map(str::to_owned).to_vec())
}

/// Returns what stands before a year of more than four digits, as in `4 december 99999`.
pub(super) fn before_a_far_year(low: &str) -> Option<&str> {
    let (date, year) = low.rsplit_once(' ')?;
    let is_year = year.len() > 4 && year.chars().all(|letter| letter.is_ascii_digit());
    let is_month = date.rsplit(' ').next()?.parse::<Month>().is_ok();
    (is_year && is_month).then_some(date)
}
