//! Days that are said by their number alone: `the 31st`, and `5`, which may be an hour.

use chrono::{Datelike as _, Days, Month, Months, NaiveDate, NaiveDateTime, Timelike as _, Weekday};

use crate::model::cadence::WrongDays;

/// The places that a day of the week has in a month; the last one of them is the last.
const PLACES: [&[&str]; 5] =
    [&["first", "1st"], &["second", "2nd"], &["third", "3rd"], &["fourth", "4th"], &["last"]];
const LAST: usize = PLACES.len() - 1;
/// What stands behind the number of a day.
const ENDINGS: [&str; 4] = ["st", "nd", "rd", "th"];
/// From this hour on a day is too late for what is due some time that day.
const EVENING: u32 = 18;
/// From this hour on a bare hour is one of the morning; an earlier one is in the afternoon, when people work.
const MORNING: u32 = 7;

/// Reads `the 31st` and `31st` as the number of a day.
pub(super) fn day_of_month(low: &str) -> Option<u32> {
    let word = low.strip_prefix("the ").unwrap_or(low);
    ENDINGS.iter().find_map(|ending| number(word.strip_suffix(ending)?))
}

fn number(digits: &str) -> Option<u32> {
    let are_digits = digits.len() <= 2 && digits.chars().all(|letter| letter.is_ascii_digit());
    digits.parse().ok().filter(|day| are_digits && (1..=31).contains(day))
}

/// Returns the next day of this number: of this month, or of the next one if it is over.
pub(super) fn next_of_number(number: u32, today: NaiveDate) -> Result<NaiveDate, WrongDays> {
    let next = || today.with_day(1)?.checked_add_months(Months::new(1));
    let month = if number < today.day() { next().unwrap_or(today) } else { today };
    month
        .with_day(number)
        .ok_or_else(|| WrongDays::NoSuchDay(format!("{} has no day {number}.", month.format("%B %Y"))))
}

/// Reads `the first monday of january` and `last friday of the month`: the next such day.
pub(super) fn place_in_month(low: &str, today: NaiveDate) -> Option<NaiveDate> {
    let words: Vec<&str> = low.strip_prefix("the ").unwrap_or(low).split_whitespace().collect();
    let ([place, weekday, "of", month] | [place, weekday, "of", "the" | "this", month]) = words[..] else {
        return None;
    };
    let (weekday, place) = (weekday.parse().ok()?, PLACES.iter().position(|names| names.contains(&place))?);
    let first = today.with_day(1)?;
    let months = (0..13).filter_map(|ahead| first.checked_add_months(Months::new(ahead)));
    let mut of_name = months.filter(|first| match month {
        "month" => (first.year(), first.month()) == (today.year(), today.month()),
        name => name.parse::<Month>().is_ok_and(|month| month.number_from_month() == first.month()),
    });
    of_name.find_map(|first| in_month(first, weekday, place).filter(|date| *date >= today))
}

fn in_month(first: NaiveDate, weekday: Weekday, place: usize) -> Option<NaiveDate> {
    let days = first.iter_days().take_while(|day| day.month() == first.month());
    let mut days = days.filter(|day| day.weekday() == weekday);
    if place == LAST { days.last() } else { days.nth(place) }
}

/// Returns the hour and the day that a number alone may stand for; `None` for other words.
pub(super) fn day_or_time(low: &str, today: NaiveDate) -> Option<Vec<String>> {
    let hour = hour_alone(low);
    let day = next_of_number(number(low)?, today).ok().map(|day| day.format("%-d %B").to_string());
    Some(hour.into_iter().chain(day).collect())
}

/// Returns phrases in place of a day that is over; without a year it may be meant in the next one.
pub(super) fn later_than(day: NaiveDate, has_year: bool) -> Vec<String> {
    let next = (!has_year).then_some(day).and_then(|day| {
        day.checked_add_months(Months::new(12)).map(|next| next.format("%-d %B %Y").to_string())
    });
    ["today", "tomorrow"].map(str::to_owned).into_iter().chain(next).collect()
}

/// Returns the time that a number alone may stand for; `None` for other words.
pub(super) fn hour_alone(low: &str) -> Option<String> {
    let hour = match number(low)? {
        early @ ..MORNING => early + 12,
        hour @ MORNING..24 => hour,
        _ => return None,
    };
    Some(format!("{hour:02}:00"))
}

/// Returns the last day before a date; before a week it's the Friday of the one ahead of it, or its last day if that is over, or so late
/// that nothing can be done on it. `None` where that day is as late.
pub(super) fn day_before(low: &str, date: NaiveDate, now: NaiveDateTime) -> Option<NaiveDate> {
    if !low.ends_with("week") {
        return date.pred_opt();
    }
    let monday = date.week(Weekday::Mon).first_day();
    let ahead = |days| monday.checked_sub_days(Days::new(days)).unwrap_or(monday);
    let is_time = |day: &NaiveDate| *day > now.date() || *day == now.date() && now.hour() < EVENING;
    // A week that has begun already has no day ahead of it.
    let days = [ahead(3), ahead(1)].into_iter().chain((monday <= now.date()).then_some(now.date()));
    days.into_iter().find(is_time)
}

/// Returns phrases in place of `before next week`, where that is too late for today.
pub(super) fn instead_of_before(now: NaiveDateTime) -> Vec<String> {
    let begins = now.date().succ_opt().unwrap_or(now.date());
    vec![format!("{} at 09:00", begins.format("%-d %B")), "tomorrow".to_owned(), "next week".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_next_day_of_it() {
        let next = |number, today: &str| {
            next_of_number(number, today.parse().unwrap())
                .map(|day| day.to_string())
                .map_err(|why| format!("{why:?}"))
        };
        assert_eq!(next(2, "2026-12-02").unwrap(), "2026-12-02");
        assert_eq!(next(31, "2026-12-02").unwrap(), "2026-12-31");
        assert_eq!(next(1, "2026-12-02").unwrap(), "2027-01-01");
        assert!(next(31, "2026-11-02").unwrap_err().contains("November 2026 has no day 31."));
        assert!(next(30, "2027-01-31").unwrap_err().contains("February 2027 has no day 30."));
        assert_eq!(next(31, "9999-12-31").unwrap(), "9999-12-31");
    }

    #[test]
    fn an_ending_makes_a_day() {
        assert_eq!(
            ["the 31st", "2nd", "the 3rd", "the 40th", "the th", "5", "the 0th"].map(day_of_month),
            [Some(31), Some(2), Some(3), None, None, None, None]
        );
    }
}
