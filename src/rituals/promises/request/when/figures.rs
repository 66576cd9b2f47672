//! Dates in figures that can't be told apart, and days that don't exist: what works in their place.

use chrono::NaiveDate;

use super::whole::written;

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
