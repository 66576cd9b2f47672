//! A cadence in plain words, read and said.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime, Timelike as _};
use chrono_tz::Tz;

use super::{Cadence, NotUnderstood, Rule};

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const ORDINALS: [&str; 5] = ["first", "second", "third", "fourth", "last"];
/// When nobody says a time.
const USUAL_TIME: (u32, u32) = (10, 0);
/// A year's holidays and more; a button that holds a cadence takes 2,000 characters.
const MOST_DATES_LEFT_OUT: usize = 40;
/// A ritual that comes more rarely than this many weeks is better said by months.
const MOST_WEEKS: u32 = 26;

/// The days that were said.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Days {
    /// These days of the week, by their place in [`WEEKDAYS`].
    Of(Vec<usize>),
    /// Such a weekday of each month: place in [`ORDINALS`], place in [`WEEKDAYS`].
    OfMonth(usize, usize),
    /// A day of each month.
    Date(u32),
}

/// Reads words such as `every weekday at 9:30`, `first Monday of the month at 15:00`,
/// `every 2 weeks on Tuesday at 10:00 in Europe/Berlin until 2026-12-31`.
pub(super) fn parse(text: &str, zone: Tz, today: NaiveDate) -> Result<Cadence, NotUnderstood> {
    let lower = text.to_lowercase().replace(',', " ");
    let mut words: Vec<&str> = lower.split_whitespace().collect();
    if words.is_empty() {
        return Err(NotUnderstood::empty());
    }
    let left_out = take_dates_left_out(&mut words)?;
    // The two may stand in either order, so the end is looked for before and behind the zone.
    let early = tail(&mut words, "until");
    let zone = match tail(&mut words, "in") {
        Some(name) => find_zone(name).ok_or_else(|| NotUnderstood::zone(name))?,
        None => zone,
    };
    let until = early.or_else(|| tail(&mut words, "until"));
    let until = until.map(|date| date.parse().map_err(|_| NotUnderstood::part(date))).transpose()?;
    let time = take_time(&mut words)?.unwrap_or(USUAL_TIME);
    let (weeks, days) = take_days(&words)?;
    let mut cadence = Cadence::of(rule(&days, time), zone, today);
    cadence.every_weeks = weeks;
    cadence.until = until;
    cadence.left_out = left_out;
    Ok(cadence)
}

/// Takes `except 2026-12-29 and 2027-01-05`, wherever it stands.
fn take_dates_left_out(words: &mut Vec<&str>) -> Result<BTreeSet<NaiveDate>, NotUnderstood> {
    let Some(place) = words.iter().position(|word| matches!(*word, "except" | "without")) else {
        return Ok(BTreeSet::new());
    };
    let is_date = |word: &&&str| word.parse::<NaiveDate>().is_ok() || matches!(**word, "and" | "on");
    let count = words[place + 1..].iter().take_while(is_date).count();
    let dates: BTreeSet<NaiveDate> =
        words[place + 1..=place + count].iter().filter_map(|word| word.parse().ok()).collect();
    words.drain(place..=place + count);
    if (1..=MOST_DATES_LEFT_OUT).contains(&dates.len()) {
        Ok(dates)
    } else {
        Err(NotUnderstood::left_out(MOST_DATES_LEFT_OUT))
    }
}

/// Takes `word X` from the end of what was said.
fn tail<'w>(words: &mut Vec<&'w str>, word: &str) -> Option<&'w str> {
    let [.., said, value] = words[..] else { return None };
    (said == word).then(|| {
        words.truncate(words.len() - 2);
        value
    })
}

/// Zones are written with capitals, which the lowered words have lost.
fn find_zone(lower: &str) -> Option<Tz> {
    chrono_tz::TZ_VARIANTS.into_iter().find(|zone| zone.name().eq_ignore_ascii_case(lower))
}

/// Takes the time of day, wherever it stands: `at 10:00`, `10:00`, `at 9`, `2:30pm`, `noon`.
fn take_time(words: &mut Vec<&str>) -> Result<Option<(u32, u32)>, NotUnderstood> {
    let at = words.iter().position(|word| matches!(*word, "at" | "@"));
    let place = at.map(|at| at + 1).or_else(|| words.iter().position(|word| word.contains(':')));
    let Some(place) = place else { return Ok(None) };
    let Some(word) = words.get(place).copied() else { return Err(NotUnderstood::part("at")) };
    let half = words.get(place + 1).copied().filter(|word| matches!(*word, "am" | "pm"));
    let time = time(word, half).ok_or_else(|| NotUnderstood::part(word))?;
    words.drain(at.unwrap_or(place)..=place + usize::from(half.is_some()));
    Ok(Some(time))
}

fn time(word: &str, half: Option<&str>) -> Option<(u32, u32)> {
    if word == "noon" {
        return Some((12, 0));
    }
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some("am")),
        (_, Some(digits)) => (digits, Some("pm")),
        _ => (word, half),
    };
    let (hour, minute) = digits.split_once(':').unwrap_or((digits, "0"));
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("pm") => hour % 12 + 12,
        Some(_) => hour % 12,
        None => hour,
    };
    (hour < 24 && minute < 60).then_some((hour, minute))
}

/// Reads every so many weeks, and the days.
fn take_days(words: &[&str]) -> Result<(u32, Days), NotUnderstood> {
    let mut weeks = 1;
    let mut named = Vec::new();
    let mut ordinal = None;
    let mut date = None;
    let mut monthly = false;
    let mut words = words.iter().copied().peekable();
    while let Some(word) = words.next() {
        match word {
            "every" | "each" | "on" | "and" | "the" | "of" | "a" | "week" | "weekly" | "weeks" => {}
            "month" | "monthly" => monthly = true,
            "other" | "biweekly" | "fortnightly" | "fortnight" => weeks = 2,
            "day" | "daily" if ordinal.is_none() => named.extend(0..7),
            "weekday" | "weekdays" | "workday" | "workdays" => named.extend(0..5),
            _ => {
                if let Some(day) = weekday(word) {
                    named.push(day);
                } else if let Some(place) = ordinal_of(word) {
                    ordinal = Some(place);
                } else if let Some(number) = number(word) {
                    match words.peek() {
                        Some(&("weeks" | "week")) => weeks = number,
                        _ => date = Some(number),
                    }
                } else {
                    return Err(NotUnderstood::part(word));
                }
            }
        }
    }
    named.sort_unstable();
    named.dedup();
    let days = match (ordinal, named.as_slice(), date) {
        (Some(place), [day], None) => Days::OfMonth(place, *day),
        (None, [], Some(date)) if (1..=31).contains(&date) => Days::Date(date),
        (Some(place), [], None) if monthly && place < 4 => {
            Days::Date(u32::try_from(place).unwrap_or_default() + 1)
        }
        (None, [_, ..], None) => Days::Of(named),
        (None, [], None) => return Err(NotUnderstood::part("no day")),
        _ => return Err(NotUnderstood::part("these days together")),
    };
    if weeks == 0 || weeks > MOST_WEEKS || (weeks > 1 && !matches!(days, Days::Of(_))) {
        return Err(NotUnderstood::part(&format!("every {weeks} weeks")));
    }
    Ok((weeks, days))
}

fn weekday(word: &str) -> Option<usize> {
    let singular = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
    WEEKDAYS.iter().position(|day| {
        let day = day.to_lowercase();
        day == singular || (singular.len() >= 3 && singular.len() <= 5 && day.starts_with(singular))
    })
}

fn ordinal_of(word: &str) -> Option<usize> {
    let short = ["1st", "2nd", "3rd", "4th"];
    ORDINALS.iter().position(|name| *name == word).or_else(|| short.iter().position(|name| *name == word))
}

fn number(word: &str) -> Option<u32> {
    const SMALL: [&str; 6] = ["two", "three", "four", "five", "six", "eight"];
    const VALUES: [u32; 6] = [2, 3, 4, 5, 6, 8];
    if let Some(place) = SMALL.iter().position(|name| *name == word) {
        return Some(VALUES[place]);
    }
    word.trim_end_matches(['s', 't', 'h', 'n', 'd', 'r']).parse().ok()
}

/// Writes the days as cron's fields.
fn rule(days: &Days, (hour, minute): (u32, u32)) -> Rule {
    let short = |day: usize| &WEEKDAYS[day][..3];
    match days {
        Days::Of(days) => {
            let names: Vec<&str> = days.iter().map(|day| short(*day)).collect();
            Rule::Cron(vec![format!("0 {minute} {hour} * * {}", names.join(","))])
        }
        // That both day fields must match is what makes the nth weekday: the first seven days, and a Monday.
        Days::OfMonth(4, day) => Rule::LastWeekday(format!("0 {minute} {hour} 22-31 * {}", short(*day))),
        Days::OfMonth(place, day) => {
            let first = place * 7 + 1;
            Rule::Cron(vec![format!("0 {minute} {hour} {first}-{} * {}", first + 6, short(*day))])
        }
        Days::Date(date) => Rule::Cron(vec![format!("0 {minute} {hour} {date} * *")]),
    }
}

/// Says a cadence: in the words that [`parse`] reads, or as its fields where only those can say it.
pub(super) fn say(cadence: &Cadence) -> String {
    let (days, time) = match &cadence.rule {
        Rule::Cron(lines) => match lines.as_slice() {
            [line] => said_days(line, cadence.every_weeks).unwrap_or_else(|| (five_fields(lines), None)),
            lines => (five_fields(lines), None),
        },
        Rule::LastWeekday(line) => {
            let (_, day, time) = split(line).unwrap_or_default();
            (format!("the last {} of every month", full(&day)), time)
        }
    };
    let said = match time {
        Some(time) => format!("{days} at {:02}:{:02}", time.hour(), time.minute()),
        None => days,
    };
    let until = cadence.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let dates: Vec<String> = cadence.left_out.iter().map(NaiveDate::to_string).collect();
    let except = if dates.is_empty() { String::new() } else { format!(" except {}", listed(&dates)) };
    format!("{said} ({}){except}{until}", cadence.zone.name())
}

fn five_fields(lines: &[String]) -> String {
    lines.iter().map(|line| line.strip_prefix("0 ").unwrap_or(line)).collect::<Vec<_>>().join(" or ")
}

/// Day of month, days of the week and the time of a line of six fields.
fn split(line: &str) -> Option<(String, String, Option<NaiveTime>)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let [_, minute, hour, date, _, weekday] = fields[..] else { return None };
    let time = NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0);
    Some((date.to_owned(), weekday.to_owned(), time))
}

fn said_days(line: &str, weeks: u32) -> Option<(String, Option<NaiveTime>)> {
    let (date, weekday, time) = split(line)?;
    if line.split_whitespace().nth(4) != Some("*") {
        return None;
    }
    let days: Vec<String> = weekday.split(',').map(full).collect();
    let said = match (date.as_str(), weekday.as_str(), weeks) {
        ("*", "*", 1) => "every day".to_owned(),
        ("*", "Mon,Tue,Wed,Thu,Fri" | "Fri,Mon,Thu,Tue,Wed", 1) => "every weekday".to_owned(),
        ("*", _, 1) if days.len() == 7 => "every day".to_owned(),
        ("*", "*", _) => return None,
        ("*", _, 1) => format!("every {}", listed(&days)),
        ("*", _, weeks) => format!("every {weeks} weeks on {}", listed(&days)),
        (date, "*", 1) => format!("on day {} of every month", date.parse::<u32>().ok()?),
        (dates, _, 1) if days.len() == 1 => {
            let first: usize = dates.split_once('-')?.0.parse().ok()?;
            format!("the {} {} of every month", ORDINALS.get(first / 7)?, days[0])
        }
        _ => return None,
    };
    Some((said, time))
}

fn full(short: &str) -> String {
    WEEKDAYS
        .iter()
        .find(|day| day.starts_with(short))
        .map_or_else(|| short.to_owned(), |day| (*day).to_owned())
}

fn listed(days: &[String]) -> String {
    match days.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => days.concat(),
    }
}
