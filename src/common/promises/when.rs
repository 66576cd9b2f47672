//! Finds when something is to be done in a person's words: `send the report by Friday at 15:00`.
//!
//! A clause is a word such as `by` with a date behind it, anywhere in the text, or a bare date at its end. Of several clauses the last
//! one that reads as a date counts, so `stand by the door by Friday` is about a door. A clause that was meant as a date and is none is
//! an error with a phrase that works; a text without any is whole, and the person is asked.

mod ahead;
mod beside;
mod days;
mod doubts;
mod figures;
mod leads;
mod names;
mod times;
mod typed;
mod wall;
mod whole;
mod words;
mod wrong;

use chrono::{Datelike as _, Days, Duration, NaiveDate, NaiveDateTime, Weekday};

use self::{
    ahead::{
        again_and_again, days_ahead, in_the_evening, moment_ahead, months_ahead, named_day, no_time_ahead,
        parts_ahead, repeated, working_days_ahead,
    },
    days::{day_before, day_of_month, instead_of_before, later_than, next_of_number, place_in_month},
    doubts::{at_night, not_there},
    figures::{before_a_far_year, in_figures, in_usual_figures, other_days, with_month_named},
    names::{end_of, foreign_date, foreign_day, holiday, is_end_of_day, vague},
    times::{before_midnight, before_no_time, halves, hour_of_either_half, split_time},
    typed::Typed,
    whole::{Around, around, written},
    words::words_of,
};
pub use self::{
    wall::Wall,
    wrong::{Why, WrongWhen},
};
use crate::{
    common::promises::Due,
    model::cadence::{DaySpan, WrongDays},
};

/// Words that a date stands behind, anywhere in a text.
const LEADS: [&str; 6] = ["by", "until", "till", "before", "due", "bis"];
/// Words that a bare date at the end doesn't stand behind: it is a part of what is to be done.
const NOT_BEFORE_A_DATE: [&str; 16] = [
    "after", "for", "of", "from", "since", "to", "than", "and", "or", "with", "about", "the", "a", "last",
    "at", "between",
];
/// Words between a date and the next one behind `by`.
const BETWEEN_DATES: [&str; 4] = ["or", "and", "but", "then"];
/// What quoted words begin with.
const QUOTES: [char; 4] = ['"', '“', '„', '`'];
/// How many words a date may have: `Friday the 4th of December 2026 at 3 pm`.
const MOST_WORDS: usize = 10;
/// How far ahead a date may be, in days.
const FARTHEST_DAYS: u64 = 365;

/// What is to be done, and when, as far as it says.
type Split = (String, Option<Due>);

/// What some words say of a date.
enum Read {
    Due(Due),
    Wrong(WrongWhen),
    Nothing,
}

/// Splits a text into what is to be done and when, as far as it says. `now` is on the wall of the person who does it.
pub fn split(text: &str, now: Wall) -> Result<Split, WrongWhen> {
    let read = split_as_read(text, now);
    let doubt = match &read {
        Ok((words, due)) => at_night(text, words, *due),
        Err(wrong) => {
            not_there(text, now.date()).filter(|_| matches!(wrong.why, Why::TwoDates | Why::NoSuchTime))
        }
    };
    doubt.map_or(read, |wrong| Err(wrong.with_what_works(now)))
}

/// Returns the date that a text names, also by `by EOD`, about which a person who types it is asked: it may be late.
pub fn named(text: &str, now: Wall) -> Option<Due> {
    match split(text, now) {
        Ok((_, due)) => due,
        Err(wrong) => is_end_of_day(&wrong.typed.to_lowercase()).then(|| Due::on(now.date())),
    }
}

fn split_as_read(text: &str, now: Wall) -> Result<Split, WrongWhen> {
    let typed = Typed { text, words: words_of(text), now };
    if let Some(split) = typed.behind_a_lead()? {
        return Ok(split);
    }
    if let Some(wrong) = typed.word_alone_at_the_end() {
        return Err(wrong);
    }
    Ok(typed.bare_at_the_end()?.unwrap_or_else(|| (text.trim().to_owned(), None)))
}

/// Returns what reads a date alone.
fn date(now: Wall) -> impl Fn(&str) -> Option<Due> {
    move |words| match read_date(words, words, now, false) {
        Read::Due(due) => Some(due),
        _ => None,
    }
}

/// Reads words that are a date, with a time or without. `is_before` is whether they stand behind `before`: then a date means the day
/// ahead of it. Figures that could be a date and a time are a date, if that makes sense: behind `tomorrow`, `10.12` is a time.
fn read(clause: &str, now: Wall, is_before: bool) -> Read {
    let typed = clause.trim_matches(is_mark);
    let low = in_usual_figures(&unformatted(&clause.to_lowercase()), now.year());
    let readings: Vec<String> =
        with_month_named(&low).into_iter().chain([low.trim_matches(is_mark).to_owned()]).collect();
    let alone = readings.iter().map(|low| read_date(low, typed, now, is_before));
    let alone = alone.into_iter().find(|read| !matches!(read, Read::Nothing));
    let with_more = || readings.iter().map(|low| read_more(low, typed, now, is_before));
    alone.or_else(|| with_more().find(|read| !matches!(read, Read::Nothing))).unwrap_or(Read::Nothing)
}

/// Returns words without the marks of Slack's that make them bold, italic or struck.
fn unformatted(low: &str) -> String {
    let words = low.split_whitespace().map(|word| word.trim_matches(['*', '_', '~']));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn is_mark(letter: char) -> bool {
    letter.is_whitespace() || ",;:.!?()\"'`“”".contains(letter)
}

/// Reads words in lower case that were typed so: a date with other words around it.
fn read_more(low: &str, typed: &str, now: Wall, is_before: bool) -> Read {
    let wrong = |why, nearest| Read::Wrong(WrongWhen { typed: typed.to_owned(), why, nearest });
    match around(low, &date(now)) {
        Some(Around::Due(due)) if is_over(&due, *now) => wrong(Why::Over, vec!["tomorrow".to_owned()]),
        // Before midnight is on that day still.
        Some(Around::Due(Due { date, time: None })) if is_before && !low.contains("midnight") => {
            let Some(date) = day_before(low, date, *now) else {
                return wrong(Why::Vague, instead_of_before(*now));
            };
            let due = Due::on(date);
            if is_over(&due, *now) { wrong(Why::Over, vec!["tomorrow".to_owned()]) } else { Read::Due(due) }
        }
        Some(Around::Due(due)) => Read::Due(due),
        Some(Around::Wrong(why, nearest)) => wrong(why, nearest),
        None => Read::Nothing,
    }
}

/// Reads a date with nothing around it.
fn read_date(low: &str, typed: &str, now: Wall, is_before: bool) -> Read {
    let today = now.date();
    let wrong =
        |why: Why, nearest: Vec<String>| Read::Wrong(WrongWhen { typed: typed.to_owned(), why, nearest });
    // Before the end of a week there may be a day of it left, or not.
    if let Some(same) = end_of(low, today).filter(|_| !is_before) {
        return read_date(&same, typed, now, is_before);
    }
    let unclear = || working_days_ahead(low, today).or_else(|| parts_ahead(low, today));
    if let Some(nearest) = vague(low, today).or_else(unclear).or_else(|| no_time_ahead(low)) {
        return wrong(Why::Vague, nearest);
    }
    if let Some(nearest) = holiday(low, today) {
        return wrong(Why::Holiday, nearest);
    }
    if let Some(english) = foreign_day(low) {
        return wrong(Why::OtherLanguage, vec![english.to_owned()]);
    }
    if let Some(english) = foreign_date(low) {
        return wrong(Why::OtherLanguage, vec![english]);
    }
    if let Some(once) = repeated(low)
        && matches!(day(once, today, false), Ok(Some(_)))
    {
        return wrong(Why::Repeated, vec![written(once)]);
    }
    if let Some(nearest) = again_and_again(low) {
        return wrong(Why::Repeated, nearest);
    }
    if let Some(due) = moment_ahead(low, now) {
        let is_near = (due.date - today).num_days() <= FARTHEST_DAYS.cast_signed();
        return if is_near { Read::Due(due) } else { wrong(Why::TooFar, last_day(today)) };
    }
    if matches!(low, "yesterday" | "last week" | "last month") {
        return wrong(Why::Over, vec!["today".to_owned(), "tomorrow".to_owned()]);
    }
    // Figures of which one reading is a date are that date.
    if let Some(nearest) = in_figures(low).filter(|readings| readings.len() != 1) {
        return wrong(Why::Ambiguous, nearest);
    }
    if let Some(date) = before_a_far_year(low)
        && matches!(day(date, today, false), Ok(Some(_)))
    {
        return wrong(Why::TooFar, last_day(today));
    }
    if let Some((before, times)) = before_no_time(low)
        && matches!(day(before, today, true), Ok(Some(_)))
    {
        let day = written(before);
        let meant = times.into_iter().map(|time| format!("{day} at {time}"));
        let nearest = meant.chain([day.clone(), "tomorrow at 15:00".to_owned()]).collect();
        return wrong(Why::NoSuchTime, nearest);
    }
    // By midnight is on that day still.
    if let Some(before) = before_midnight(low) {
        return match day(before, today, true) {
            Ok(Some(date)) if date >= today => Read::Due(Due::on(date)),
            _ => Read::Nothing,
        };
    }
    let (date, time) = split_time(low);
    let time = time.map(|time| in_the_evening(date, time));
    if let Some(hour) = hour_of_either_half(low).filter(|_| date != "tonight") {
        return match day(date, today, true) {
            Ok(Some(_)) => wrong(Why::WhichHalf, halves(typed, hour)),
            _ => Read::Nothing,
        };
    }
    let due = match day(date, today, time.is_some()) {
        Ok(Some(date)) => {
            let is_earlier = is_before && time.is_none();
            let Some(date) = (if is_earlier { day_before(low, date, *now) } else { Some(date) }) else {
                return wrong(Why::Vague, instead_of_before(*now));
            };
            Due { date, time }
        }
        Err(WrongDays::NoSuchDay(why)) => return wrong(Why::NoSuchDay(why), other_days(date)),
        Err(WrongDays::TooFar(_)) => return wrong(Why::TooFar, last_day(today)),
        Err(WrongDays::Over(span)) => {
            let has_year = low.split([' ', '-', ',']).any(|word| word == span.last.year().to_string());
            return wrong(Why::Over, later_than(span.last, has_year));
        }
        Ok(None) | Err(_) => return Read::Nothing,
    };
    if is_over(&due, *now) { wrong(Why::Over, vec!["tomorrow".to_owned()]) } else { Read::Due(due) }
}

/// Whether what is due then is over, on the wall of the person who does it.
pub fn is_over(due: &Due, now: NaiveDateTime) -> bool {
    due.date < now.date() || due.date == now.date() && due.time.is_some_and(|time| time <= now.time())
}

fn works(phrase: &str, now: Wall) -> bool {
    matches!(read(phrase, now, false), Read::Due(_))
}

fn last_day(today: NaiveDate) -> Vec<String> {
    let last = today.checked_add_days(Days::new(FARTHEST_DAYS));
    last.map(|last| last.format("%-d %B %Y").to_string()).into_iter().collect()
}

/// Reads one day; a time without a day is today's. `None` if the words are no day at all.
fn day(low: &str, today: NaiveDate, has_time: bool) -> Result<Option<NaiveDate>, WrongDays> {
    if low.is_empty() {
        return Ok(has_time.then_some(today));
    }
    // From a day on, something may be done on any later one.
    if low.starts_with("from ") || low.starts_with("since ") {
        return Ok(None);
    }
    if let Some([only]) = in_figures(low).as_deref() {
        return day(&only.to_lowercase(), today, has_time);
    }
    if let Some(date) = named_day(low, today) {
        return Ok(Some(date));
    }
    if let Some(date) = place_in_month(low, today) {
        return Ok(Some(date));
    }
    if let Some(number) = day_of_month(low.strip_prefix("on ").unwrap_or(low)) {
        return next_of_number(number, today).map(Some);
    }
    let days = days_ahead(low).map(|days| today.checked_add_signed(Duration::try_days(days)?));
    if let Some(date) = days.or_else(|| months_ahead(low).map(|months| today.checked_add_months(months))) {
        let is_near = |date: &NaiveDate| (*date - today).num_days() <= FARTHEST_DAYS.cast_signed();
        return date
            .filter(is_near)
            .ok_or(WrongDays::TooFar(DaySpan { first: today, last: today }))
            .map(Some);
    }
    let low = LEADS.iter().find_map(|lead| low.strip_prefix(lead)?.strip_prefix(' ')).unwrap_or(low);
    if let Some(over) = DaySpan::just_over(low, today) {
        return Err(WrongDays::Over(DaySpan { first: over, last: over }));
    }
    let span = DaySpan::parse(low, today)?;
    let is_week = low.ends_with("week");
    let friday = || span.first.iter_days().take(7).find(|day| day.weekday() == Weekday::Fri);
    Ok(match span {
        _ if is_week && !low.starts_with("for ") => {
            friday().filter(|day| *day <= span.last).or(Some(span.last))
        }
        span if span.first == span.last && !low.starts_with("for ") => Some(span.last),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use chrono::{Month, NaiveTime};
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;

    fn on_wall(time: &str) -> Wall {
        Wall::new(format!("{time}:00Z").parse().unwrap(), Tz::UTC)
    }

    /// Wednesday, 2 December 2026, 10:30.
    fn now() -> Wall {
        on_wall("2026-12-02T10:30")
    }

    fn said(text: &str) -> String {
        match split(text, now()) {
            Ok((words, None)) => format!("{words} |"),
            Ok((words, Some(Due { date, time }))) => {
                let time = time.map(|time| time.format(" %H:%M").to_string()).unwrap_or_default();
                format!("{words} | {}{time}", date.format("%a %d %b"))
            }
            Err(wrong) => format!("{:?} {:?} {:?}", wrong.typed, wrong.why, wrong.nearest),
        }
    }

    #[test]
    fn what_may_be_meant_otherwise_is_asked_about() {
        for (text, found) in [
            (
                "send it by 3:30 tomorrow",
                r#""3:30" WhichHalf ["3 December at 15:30", "3 December at 03:30"]"#,
            ),
            ("send it by 03:30 tomorrow", "send it | Thu 03 Dec 03:30"),
            ("send it by 3:30 pm tomorrow", "send it | Thu 03 Dec 15:30"),
            (
                "send it by 24:00 tomorrow",
                r#""24:00 tomorrow" NoSuchTime ["tomorrow at midnight", "tomorrow"]"#,
            ),
            (
                "send it by the 5th Friday of February",
                r#""5th Friday of February 2027" NoFifth ["26 February 2027"]"#,
            ),
            (":tada: by Friday", ":tada: | Fri 04 Dec"),
            ("send it :+1: by Friday", "send it :+1: | Fri 04 Dec"),
            ("to do: by Friday", "to do | Fri 04 Dec"),
        ] {
            assert_eq!(said(text), found, "{text}");
        }
    }

    #[test]
    fn spans_and_clocks_are_read_or_answered() {
        for (text, found) in [
            ("send it in 0 hours", r#""in 0 hours" Vague ["in 30 minutes", "today"]"#),
            ("send it in 0.01 hours", r#""in 0.01 hours" Vague ["in 30 minutes", "today"]"#),
            ("send it in two years", r#""in two years" TooFar ["2 December 2027"]"#),
            ("send it in 14 months", r#""in 14 months" TooFar ["2 December 2027"]"#),
            ("send it in 4000000000 months", r#""in 4000000000 months" TooFar ["2 December 2027"]"#),
            ("send it in 4000000000 weeks", r#""in 4000000000 weeks" TooFar ["2 December 2027"]"#),
            ("send it in 1.5 years", r#""in 1.5 years" TooFar ["2 December 2027"]"#),
            ("send it in 2 months", "send it | Tue 02 Feb"),
            ("send it in half a year", "send it | Wed 02 Jun"),
            ("send it in a year", "send it | Thu 02 Dec"),
            ("send it in six weeks", "send it | Wed 13 Jan"),
            ("send it in 1.5 weeks", r#""in 1.5 weeks" Vague ["12 December", "13 December"]"#),
            ("send it in 2.5 months", r#""in 2.5 months" Vague ["2 February", "2 March"]"#),
            ("send it by Mon-Fri", r#""Mon-Fri" Repeated ["Fri", "Mon"]"#),
            ("back up the disk every day", r#""every day" Repeated ["today", "tomorrow"]"#),
            ("water the plants each week", r#""each week" Repeated ["Friday", "next Friday"]"#),
            (
                "send it by 2026-12-04T15:00+05:30",
                r#""2026-12-04T15:00+05:30" OtherClock ["2026-12-04 15:00"]"#,
            ),
            (
                "send it by 2026-12-04T15:00:00.000Z",
                r#""2026-12-04T15:00:00.000Z" OtherClock ["2026-12-04 15:00"]"#,
            ),
            ("send it by her time 15:00", r#""her time 15:00" OtherClock ["15:00"]"#),
            ("send it by Friday my time", r#""Friday my time" OtherClock ["Friday"]"#),
            ("save time by Friday", "save time | Fri 04 Dec"),
        ] {
            assert_eq!(said(text), found, "{text}");
        }
        let no_day = said("send it by 2027-02-30T10:00");
        assert!(no_day.contains("NoSuchDay"), "{no_day}");
    }

    #[test]
    fn a_date_is_found_in_a_text() {
        for (text, found) in [
            ("send the report by Friday", "send the report | Fri 04 Dec"),
            ("send the report by Friday at 15:00", "send the report | Fri 04 Dec 15:00"),
            ("send the report by Friday at 8", "send the report | Fri 04 Dec 08:00"),
            ("send the report by Friday at 03:00", "send the report | Fri 04 Dec 03:00"),
            ("send the report by Friday, 3 pm.", "send the report | Fri 04 Dec 15:00"),
            ("send the report until next Friday", "send the report | Fri 11 Dec"),
            ("send the report before Friday", "send the report | Thu 03 Dec"),
            ("send the report before Friday at noon", "send the report | Fri 04 Dec 12:00"),
            ("send the report on 4 December", "send the report | Fri 04 Dec"),
            ("send the report, due 2026-12-04", "send the report | Fri 04 Dec"),
            ("send the report (due by the 4th of December)", "send the report | Fri 04 Dec"),
            ("send the report tomorrow", "send the report | Thu 03 Dec"),
            ("send the report Friday", "send the report | Fri 04 Dec"),
            ("send the report today at 17:00", "send the report | Wed 02 Dec 17:00"),
            ("send the report by 17:00", "send the report | Wed 02 Dec 17:00"),
            ("send the report by tonight", "send the report | Wed 02 Dec"),
            ("send the report in 3 days", "send the report | Sat 05 Dec"),
            ("send the report in a week", "send the report | Wed 09 Dec"),
            ("send the report this week", "send the report | Fri 04 Dec"),
            ("send the report by next week", "send the report | Fri 11 Dec"),
            ("send the report by 5 January", "send the report | Tue 05 Jan"),
            ("send the report by Friday to Ben", "send the report to Ben | Fri 04 Dec"),
            ("by Friday: send the report", "send the report | Fri 04 Dec"),
            ("stand by the door by Friday", "stand by the door | Fri 04 Dec"),
            ("stand by Friday by the door", "stand by the door | Fri 04 Dec"),
            ("send it by Friday to Ben by Monday", "send it by Friday to Ben | Mon 07 Dec"),
            ("write the slides for Friday by Thursday", "write the slides for Friday | Thu 03 Dec"),
            ("release 2.5 by Friday", "release 2.5 | Fri 04 Dec"),
            ("send it by 3pm on Friday", "send it | Fri 04 Dec 15:00"),
            ("send it by 10:00 tomorrow", "send it | Thu 03 Dec 10:00"),
            ("send it at noon on 4 December", "send it | Fri 04 Dec 12:00"),
            ("send it by tomorrow, Thursday", "send it | Thu 03 Dec"),
            ("send it by Friday at the latest", "send it | Fri 04 Dec"),
            ("send it by EOD Friday", "send it | Fri 04 Dec"),
            ("send it by midnight", "send it | Wed 02 Dec"),
            ("send it before midnight", "send it | Wed 02 Dec"),
            ("send it by Friday at midnight", "send it | Fri 04 Dec"),
            (
                "meet the client by Friday 3pm in the office",
                "meet the client in the office | Fri 04 Dec 15:00",
            ),
            ("buy flowers by Friday in New York", "buy flowers in New York | Fri 04 Dec"),
            ("send it by 2 February", "send it | Tue 02 Feb"),
            ("send it by 20.12.", "send it | Sun 20 Dec"),
            ("send it by 20.12", "send it | Sun 20 Dec"),
            ("send it by 12.9.", "send it | Sun 12 Sep"),
            ("send it by 5.1", "send it | Tue 05 Jan"),
            ("send it before 5.1.", "send it | Mon 04 Jan"),
            ("send it 31.12.", "send it | Thu 31 Dec"),
            ("send it on 5.1", "send it | Tue 05 Jan"),
            ("send it by 20.12. at 15.30", "send it | Sun 20 Dec 15:30"),
            ("send it by Sunday, 20.12., 10.11", "send it | Sun 20 Dec 10:11"),
            ("send it by 20.12. to Ben", "send it to Ben | Sun 20 Dec"),
            ("send it by 15.30", "send it | Wed 02 Dec 15:30"),
            ("send it by 20:12", "send it | Wed 02 Dec 20:12"),
            ("send it at 20.12", "send it | Wed 02 Dec 20:12"),
            ("send it by Friday at 20.12.", "send it | Fri 04 Dec 20:12"),
            ("send it by Friday 10.12 pm", "send it | Fri 04 Dec 22:12"),
            ("send it by tomorrow 10.12", "send it | Thu 03 Dec 10:12"),
            ("send it by the day after tomorrow", "send it | Fri 04 Dec"),
            ("send it the day after tomorrow at 15:00", "send it | Fri 04 Dec 15:00"),
            ("send it by tonight at 8", "send it | Wed 02 Dec 20:00"),
            ("send it tonight at 6", "send it | Wed 02 Dec 18:00"),
            ("send it on Friday next week", "send it | Fri 11 Dec"),
            ("send it by Friday next week", "send it | Fri 11 Dec"),
            ("send it by Friday this week", "send it | Fri 04 Dec"),
            ("send it by 4.12.2026", "send it | Fri 04 Dec"),
            ("send it by 10.12.26 to Ben", "send it to Ben | Thu 10 Dec"),
            ("send it in 2 hours", "send it | Wed 02 Dec 12:30"),
            ("send it within 2 days", "send it | Fri 04 Dec"),
            ("send it in 30 minutes", "send it | Wed 02 Dec 11:00"),
            ("send it by 24:00", "send it | Wed 02 Dec"),
            ("send it by Friday (if I can)", "send it (if I can) | Fri 04 Dec"),
            ("send it by Friday; thanks", "send it; thanks | Fri 04 Dec"),
            ("send it (by Friday) to Ben", "send it to Ben | Fri 04 Dec"),
            ("send it by Friday!", "send it | Fri 04 Dec"),
        ] {
            assert_eq!(said(text), found, "{text}");
        }
    }

    #[test]
    fn other_ways_to_say_a_date_are_read() {
        for (text, found) in [
            ("send it before noon tomorrow", "send it | Thu 03 Dec 12:00"),
            ("send it by noon tomorrow", "send it | Thu 03 Dec 12:00"),
            ("send it by midnight tomorrow", "send it | Thu 03 Dec"),
            ("send it by Friday 4", "send it | Fri 04 Dec"),
            ("send it by coming Friday", "send it | Fri 04 Dec"),
            ("send it by this coming Friday", "send it | Fri 04 Dec"),
            ("send it latest Friday", "send it | Fri 04 Dec"),
            ("send it by Friday EOB", "send it | Fri 04 Dec"),
            ("send it by Friday 15 h", "send it | Fri 04 Dec 15:00"),
            ("send it in half an hour", "send it | Wed 02 Dec 11:00"),
            ("send it in a fortnight", "send it | Wed 16 Dec"),
            ("send it two weeks from now", "send it | Wed 16 Dec"),
            ("send it in 2 weeks' time", "send it | Wed 16 Dec"),
            ("send it by the first Monday of January", "send it | Mon 04 Jan"),
            ("send it by last Friday of the month", "send it | Fri 25 Dec"),
            ("send it Friday in two weeks", "send it | Fri 18 Dec"),
            ("send it by the 31st", "send it | Thu 31 Dec"),
            ("send it on the 4th", "send it | Fri 04 Dec"),
            ("send it by the 2nd", "send it | Wed 02 Dec"),
            ("send it by the 1st at 15:00", "send it | Fri 01 Jan 15:00"),
            ("send it by Friday the 4th", "send it | Fri 04 Dec"),
            ("schick es bis 4.12.", "schick es | Fri 04 Dec"),
            ("cut it by 5 by Friday", "cut it by 5 | Fri 04 Dec"),
            ("send it before next week", "send it | Fri 04 Dec"),
            ("send it before midnight on Friday", "send it | Fri 04 Dec"),
            ("send it by _Friday_ at 15:00", "send it | Fri 04 Dec 15:00"),
            ("send it by *Friday*", "send it | Fri 04 Dec"),
            ("send it by 12:00 noon on Friday", "send it | Fri 04 Dec 12:00"),
            ("send it by 12 noon tomorrow", "send it | Thu 03 Dec 12:00"),
            ("send it by 4 Dec 26", "send it | Fri 04 Dec"),
            ("send it by Friday 4 December 26 to Ben", "send it to Ben | Fri 04 Dec"),
            ("send it by end of play Friday", "send it | Fri 04 Dec"),
            ("send it by 15:30h on Friday", "send it | Fri 04 Dec 15:30"),
            ("send it Friday by 15:00", "send it | Fri 04 Dec 15:00"),
            ("send it Friday by 9:00", "send it | Fri 04 Dec 09:00"),
            ("send it on Friday before midnight", "send it | Fri 04 Dec"),
            ("send it tomorrow before noon", "send it | Thu 03 Dec 12:00"),
            ("send it by Friday, before noon please", "send it please | Fri 04 Dec 12:00"),
            ("send the report of Friday by 15:00", "send the report of Friday | Wed 02 Dec 15:00"),
        ] {
            assert_eq!(said(text), found, "{text}");
        }
    }

    #[test]
    fn words_without_a_date_stay_whole() {
        for text in [
            "stand by the door",
            "slides for Friday",
            "learn from the talk of last Friday",
            "book a room for 3 days",
            "by",
            "Friday",
            "read 10 pages",
            "due process",
            "ask Mr. May",
            "say happy New Year",
            "hide eggs on the lawn, Good Friday",
            "buy presents for Christmas",
            "look at 3 pages",
            "talk about Friday evening",
            "mend the bug from Friday",
            "mend the bug from Friday on",
            "enjoy the evening",
            "finish the 2nd",
            "clean up, floor the 3rd",
            "have it read by 5 people",
            "cut it by 50",
            "cut it by 2,5",
            "work not before Friday",
            "work after Friday",
            "cook lunch",
            "come by lunch room",
            "cook lunch in week 50",
            "cut it by week 60",
            "mend the \"by Friday\" bug",
        ] {
            assert_eq!(said(text), format!("{text} |"));
        }
    }

    #[test]
    fn a_time_ahead_of_a_day_is_asked_about() {
        for (text, wrong) in [
            (
                "send it by half past 3pm Friday",
                r#""half past 3pm Friday" NoSuchTime ["4 December at 15:30", "4 December"]"#,
            ),
            (
                "send it by quarter past 3 on Friday",
                r#""quarter past 3 on Friday" NoSuchTime ["4 December at 15:15", "4 December at 03:15", "4 December"]"#,
            ),
            (
                "send it by quarter to nine on Friday",
                r#""quarter to nine on Friday" NoSuchTime ["4 December at 08:45", "4 December"]"#,
            ),
            ("send it by 12 on Friday", r#""12 on Friday" NoSuchTime ["4 December at 12:00", "4 December"]"#),
            (
                "send it by 15 o'clock Friday",
                r#""15 o'clock Friday" NoSuchTime ["4 December at 15:00", "4 December"]"#,
            ),
            ("send it by two days before Friday", r#""two days before Friday" Vague ["2 December"]"#),
            (
                "send it by the day before 12 December",
                r#""the day before 12 December" Vague ["11 December"]"#,
            ),
            ("send it by a week on Friday", r#""a week on Friday" Vague ["11 December"]"#),
            ("send it a week on Friday", r#""a week on Friday" Vague ["11 December"]"#),
            ("send it two weeks on Friday", r#""two weeks on Friday" Vague ["18 December"]"#),
            ("send it by Friday after next", r#""Friday after next" Vague ["11 December"]"#),
            ("send it by 3pm Friday in Lisbon", r#""3pm Friday in Lisbon" OtherClock ["3pm Friday"]"#),
            (
                "send it by half past three tomorrow",
                r#""half past three tomorrow" NoSuchTime ["3 December at 15:30", "3 December at 03:30", "3 December"]"#,
            ),
            ("send it by 1500 on Friday", r#""1500 on Friday" NoSuchTime ["4 December"]"#),
            ("send it by Fri 4/12", r#""Fri 4/12" Ambiguous ["4 December", "12 April"]"#),
            ("send it by Friday at the earliest", r#""Friday at the earliest" Vague ["Friday"]"#),
        ] {
            assert_eq!(said(text), wrong, "{text}");
        }
    }

    #[test]
    fn ends_and_figures_with_one_reading_are_dates() {
        for (text, found) in [
            ("send it by the end of the week!", "send it | Fri 04 Dec"),
            ("send it by end of month", "send it | Thu 31 Dec"),
            ("send it by EOW", "send it | Fri 04 Dec"),
            ("send it by end of this week", "send it | Fri 04 Dec"),
            ("send it by the end of next week", "send it | Fri 11 Dec"),
            ("send it by the end of next month", "send it | Sun 31 Jan"),
            ("send it by 24/12/2026", "send it | Thu 24 Dec"),
            ("send it by 24/12 at 15:00", "send it | Thu 24 Dec 15:00"),
            ("send it by 12/24/2026", "send it | Thu 24 Dec"),
            ("send it by 13/12/26", "send it | Sun 13 Dec"),
        ] {
            assert_eq!(said(text), found, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_told_with_what_works() {
        for (text, wrong) in [
            ("send it soon", r#""soon" Vague ["tomorrow", "Friday", "next week"]"#),
            ("send it by asap", r#""asap" Vague ["tomorrow", "Friday", "next week"]"#),
            (
                "send it before the end of the week",
                r#""the end of the week" Vague ["Friday", "next Friday"]"#,
            ),
            ("send it by 31/6/2027", r#""31/6/2027" Ambiguous []"#),
            ("send it by EOD", r#""EOD" Vague ["today", "tomorrow"]"#),
            ("send it by 31.6.", r#""31.6" NoSuchDay("There's no 31 June.") ["30 June"]"#),
            ("send it by 31 June", r#""31 June" NoSuchDay("There's no 31 June.") ["30 June"]"#),
            (
                "send it by Friday 5 December",
                r#""Friday 5 December" NoSuchDay("5 December 2026 is a Saturday, not a Friday.") ["5 December"]"#,
            ),
            ("send it by 2026-11-30", r#""2026-11-30" Over ["today", "tomorrow"]"#),
            ("send it by 20 November", r#""20 November" Over ["today", "tomorrow", "20 November 2027"]"#),
            (
                "send it by Friday 20 November",
                r#""Friday 20 November" Over ["today", "tomorrow", "20 November 2027"]"#,
            ),
            ("send it by 12.11.", r#""12.11" Over ["today", "tomorrow", "12 November 2027"]"#),
            (
                "send it 1 December at 15:00",
                r#""1 December at 15:00" Over ["today", "tomorrow", "1 December 2027"]"#,
            ),
            ("send it by 10:00 today", r#""10:00 today" Over ["tomorrow"]"#),
            ("send it by Friday evening", r#""Friday evening" PartOfDay ["Friday at 20:00", "Friday"]"#),
            (
                "send it by Friday the 9th",
                r#""Friday the 9th" NoSuchDay("9 December is a Wednesday, not a Friday.") ["9 December"]"#,
            ),
            ("send it by Friday 13", r#""Friday 13" DayOrTime ["Friday at 13:00", "13 December"]"#),
            ("send it by Friday week", r#""Friday week" Vague ["11 December"]"#),
            ("send it by the end of the year", r#""the end of the year" Vague ["31 December"]"#),
            ("send it by mid December", r#""mid December" Vague ["15 December"]"#),
            ("send it by end of January", r#""end of January" Vague ["31 January"]"#),
            ("send it by next year", r#""next year" Vague ["31 December", "31 January"]"#),
            ("send it within the week", r#""within the week" Vague ["Friday", "next Friday"]"#),
            (
                "send it Friday in the afternoon",
                r#""Friday in the afternoon" PartOfDay ["Friday at 17:00", "Friday"]"#,
            ),
            ("send it this evening", r#""this evening" PartOfDay ["today at 20:00", "today"]"#),
            ("send it by Friday or Monday", r#""Friday or Monday" TwoDates ["Friday", "Monday"]"#),
            ("send it by Monday or by Friday", r#""Monday or by Friday" TwoDates ["Monday", "Friday"]"#),
            ("send it Friday or by 15:00", r#""Friday or by 15:00" TwoDates ["Friday at 15:00"]"#),
            ("send it by lunch", r#""lunch" PartOfDay ["today at 12:00", "tomorrow at 12:00"]"#),
            ("send it by lunch tomorrow", r#""lunch tomorrow" PartOfDay ["tomorrow at 12:00", "tomorrow"]"#),
            ("send it by week 50", r#""week 50" Vague ["11 December"]"#),
            ("send it by calendar week 2, please", r#""calendar week 2" Vague ["15 January"]"#),
            ("send it every Friday", r#""every Friday" Repeated ["Friday"]"#),
            ("send it by each Monday", r#""each Monday" Repeated ["Monday"]"#),
            ("send it by 31.12.2027", r#""31.12.2027" TooFar ["2 December 2027"]"#),
            ("send it by Friday 3pm in New York", r#""Friday 3pm in New York" OtherClock ["Friday 3pm"]"#),
            ("send it by Friday at 15:00 UTC", r#""Friday at 15:00 UTC" OtherClock ["Friday at 15:00"]"#),
            ("send it by 15:00 my time", r#""15:00 my time" OtherClock ["15:00"]"#),
            ("send it by early next week", r#""early next week" Vague ["next week"]"#),
            ("send it by Friday or so", r#""Friday or so" Vague ["Friday"]"#),
            (
                "send it by at 3 on Friday",
                r#""at 3 on Friday" WhichHalf ["Friday at 15:00", "Friday at 03:00"]"#,
            ),
            ("send it by Friday 25:00", r#""Friday 25:00" NoSuchTime ["Friday", "tomorrow at 15:00"]"#),
            (
                "send it by Friday at half past three",
                r#""Friday at half past three" NoSuchTime ["Friday at 15:30", "Friday at 03:30", "Friday"]"#,
            ),
            (
                "be done by Friday at 25:00 please",
                r#""Friday at 25:00" NoSuchTime ["Friday", "tomorrow at 15:00"]"#,
            ),
            ("send it by yesterday", r#""yesterday" Over ["today", "tomorrow"]"#),
            ("send it by 10:00", r#""10:00" Over ["tomorrow"]"#),
            ("send it by 2028-01-01", r#""2028-01-01" TooFar ["2 December 2027"]"#),
            ("send it in 100 weeks", r#""in 100 weeks" TooFar ["2 December 2027"]"#),
            ("send it in 9000 hours", r#""in 9000 hours" TooFar ["2 December 2027"]"#),
            ("send it in 99999999 hours", r#""in 99999999 hours" TooFar ["2 December 2027"]"#),
            ("send it by 4 December 99999", r#""4 December 99999" TooFar ["2 December 2027"]"#),
            ("send it by 4/12", r#""4/12" Ambiguous ["4 December", "12 April"]"#),
            ("send it by Friday at 3", r#""Friday at 3" WhichHalf ["Friday at 15:00", "Friday at 03:00"]"#),
            ("send it by 20.12. at 4.", r#""20.12. at 4" WhichHalf ["20.12 at 16:00", "20.12 at 04:00"]"#),
            (
                "send it tomorrow AT 6",
                r#""tomorrow AT 6" WhichHalf ["tomorrow at 18:00", "tomorrow at 06:00"]"#,
            ),
            ("send it at 3", r#""at 3" WhichHalf ["15:00", "tomorrow at 15:00"]"#),
            ("send it by today at 3", r#""today at 3" WhichHalf ["today at 15:00"]"#),
            ("send it by Friday at 25:00", r#""Friday at 25:00" NoSuchTime ["Friday", "tomorrow at 15:00"]"#),
            ("send it by Friday at 12:75", r#""Friday at 12:75" NoSuchTime ["Friday", "tomorrow at 15:00"]"#),
            ("send it at 24:30", r#""at 24:30" NoSuchTime ["tomorrow at 15:00"]"#),
        ] {
            assert_eq!(said(text), wrong, "{text}");
        }
    }

    #[test]
    fn names_and_numbers_alone_are_told() {
        for (text, wrong) in [
            ("send it by Christmas", r#""Christmas" Holiday ["25 December 2026"]"#),
            ("send it before the New Year’s Eve!", r#""the New Year’s Eve" Holiday ["31 December 2026"]"#),
            ("send it by Good Friday", r#""Good Friday" Holiday ["Friday", "30 December"]"#),
            ("send it until Easter", r#""Easter" Holiday ["Friday", "30 December"]"#),
            ("send it by 5", r#""5" DayOrTime ["17:00", "5 December"]"#),
            ("send it until 9.", r#""9" DayOrTime ["9 December"]"#),
            ("send it by 31", r#""31" DayOrTime ["31 December"]"#),
            ("schick es bis Freitag", r#""Freitag" OtherLanguage ["Friday"]"#),
            ("envoie le rapport mardi", r#""mardi" OtherLanguage ["Tuesday"]"#),
            ("send it by 25:00", r#""25:00" NoSuchTime ["15:00", "tomorrow at 15:00"]"#),
            ("send it by 9:61!", r#""9:61" NoSuchTime ["15:00", "tomorrow at 15:00"]"#),
            ("set the ratio to 30:70", "set the ratio to 30:70 |"),
            ("set the ratio to 30:70 by Friday", "set the ratio to 30:70 | Fri 04 Dec"),
            ("schick es bis 4. Dezember", r#""4. Dezember" OtherLanguage ["4 December"]"#),
            ("send it by 4 Dezember 2026 to Ben", r#""4 Dezember 2026" OtherLanguage ["4 December 2026"]"#),
            ("bis Freitag, den 4. Dezember", r#""Freitag, den 4. Dezember" OtherLanguage ["4 December"]"#),
            ("envoie le rapport le 15 août", r#""le 15 août" OtherLanguage ["15 August"]"#),
            ("envía el informe el 4 de diciembre", r#""el 4 de diciembre" OtherLanguage ["4 December"]"#),
            ("schick es bis 30. Februar", r#""30. Februar" OtherLanguage []"#),
            ("buy 4 mars", "buy 4 mars |"),
            ("schick es bis 4.12. um 9 Uhr", r#""4.12. um 9 Uhr" OtherLanguage ["4.12 at 09:00"]"#),
            ("send it by Friday à 15h30", r#""Friday à 15h30" OtherLanguage ["Friday at 15:30"]"#),
            ("hum by Friday um", "hum um | Fri 04 Dec"),
            (
                "send it by on the 3rd at 25:00",
                r#""on the 3rd at 25:00" NoSuchTime ["the 3rd", "tomorrow at 15:00"]"#,
            ),
            ("call 3 junior people", "call 3 junior people |"),
            ("send it by 2026/12/04", "send it | Fri 04 Dec"),
        ] {
            assert_eq!(said(text), wrong, "{text}");
        }
    }

    #[test]
    fn ways_that_people_write_are_answered() {
        for (text, said_of_it) in [
            ("send it by 2026-12-04T15:00", "send it | Fri 04 Dec 15:00"),
            ("send it 2026-12-04T15:00:00", "send it | Fri 04 Dec 15:00"),
            ("send it by 2026-12-04T15:00Z", r#""2026-12-04T15:00Z" OtherClock ["2026-12-04 15:00"]"#),
            ("send it by 15:00 CET Friday", r#""15:00 CET Friday" OtherClock ["15:00 Friday"]"#),
            (
                "send it by 3pm in New York on Friday",
                r#""3pm in New York on Friday" OtherClock ["3pm on Friday"]"#,
            ),
            ("send it by Friday 15:00 his time", r#""Friday 15:00 his time" OtherClock ["Friday 15:00"]"#),
            (
                "send it by Friday 15:00 Ben's time",
                r#""Friday 15:00 Ben's time" OtherClock ["Friday 15:00"]"#,
            ),
            ("come by Friday 15:00 to her office", "come to her office | Fri 04 Dec 15:00"),
            ("come by Friday 15:00 Ben's office", "come Ben's office | Fri 04 Dec 15:00"),
            ("send it by Monday 10", r#""Monday 10" DayOrTime ["Monday at 10:00", "10 December"]"#),
            ("send it by Friday 4", "send it | Fri 04 Dec"),
            ("send it on Fridays", r#""on Fridays" Repeated ["Friday"]"#),
            ("send it by Fridays", r#""Fridays" Repeated ["Friday"]"#),
            ("propose casual Fridays", "propose casual Fridays |"),
            ("propose casual Fridays by Monday", "propose casual Fridays | Mon 07 Dec"),
            ("send it by month end", "send it | Thu 31 Dec"),
            ("send it by end of quarter", r#""end of quarter" Vague ["31 December"]"#),
            ("send it in 1.5 hours", "send it | Wed 02 Dec 12:00"),
            ("send it in an hour and a half", "send it | Wed 02 Dec 12:00"),
            ("send it in 2h", "send it | Wed 02 Dec 12:30"),
            ("send it in 90 mins", "send it | Wed 02 Dec 12:00"),
            ("send it in 5 working days", r#""in 5 working days" Vague ["9 December"]"#),
            ("send it within 2 business days", r#""within 2 business days" Vague ["4 December"]"#),
            ("send it by Wed/Thu", r#""Wed/Thu" TwoDates ["Wed", "Thu"]"#),
            ("send it by venerdì", r#""venerdì" OtherLanguage ["Friday"]"#),
            ("schick es bis morgen", r#""morgen" OtherLanguage ["tomorrow"]"#),
            ("say guten Morgen", "say guten Morgen |"),
            ("x 14 March by 14 March", "x | Sun 14 Mar"),
            ("x on 14 March by Sunday 14 March", "x | Sun 14 Mar"),
            ("x in 40 hours by in 40 hours", "x | Fri 04 Dec 02:30"),
        ] {
            assert_eq!(said(text), said_of_it, "{text}");
        }
    }

    #[test]
    fn each_day_and_month_is_a_date() {
        let read = |text: String| split(&text, now()).map_err(|wrong| (wrong.why, wrong.nearest));
        for (day, month) in (1..=31_u32).flat_map(|day| (1..=12_u8).map(move |month| (day, month))) {
            let name = Month::try_from(month).unwrap().name();
            for lead in ["by ", "on ", ""] {
                let named = read(format!("send it {lead}{day} {name}"));
                for figures in [format!("{day}.{month}"), format!("{day:02}.{month:02}")] {
                    assert_eq!(read(format!("send it {lead}{figures}.")), named, "{lead}{figures}.");
                    assert_eq!(read(format!("send it {lead}{figures}")), named, "{lead}{figures}");
                }
            }
            let at = NaiveTime::from_hms_opt(day, u32::from(month), 0);
            if let Some(time) = at {
                let tomorrow = now().date().succ_opt().unwrap();
                let due = Some(Due { date: tomorrow, time: Some(time) });
                let text = format!("send it by tomorrow at {day}.{month:02}");
                assert_eq!(read(text), Ok(("send it".to_owned(), due)));
            }
        }
    }

    #[test]
    fn before_a_week_there_is_time_left() {
        let at = |time: &str| on_wall(&format!("2026-{time}"));
        for (now, due) in [
            ("12-02T10:30", Some("2026-12-04")),
            ("12-04T17:59", Some("2026-12-04")),
            ("12-04T23:50", Some("2026-12-06")),
            ("12-05T10:00", Some("2026-12-06")),
            ("12-06T12:00", Some("2026-12-06")),
            ("12-06T23:41", None),
        ] {
            let read =
                split("send it before next week", at(now)).map(|(_, due)| due.unwrap().date.to_string());
            assert_eq!(read.as_deref().ok(), due, "{now}: {read:?}");
        }
        let night = split("send it before next week", at("12-06T23:41")).unwrap_err();
        assert_eq!(
            (night.why, night.nearest.join(", ").as_str()),
            (Why::Vague, "7 December at 09:00, tomorrow, next week")
        );
    }

    proptest! {
        #[test]
        fn before_a_week_is_never_within_hours(minutes in 0..2_000_000_i64, week in "(next|this) week") {
            let now = Wall::new((*now() + Duration::minutes(minutes)).and_utc(), Tz::UTC);
            match split(&format!("send it before {week}"), now) {
                Ok((_, due)) => {
                    let due = due.unwrap().date;
                    prop_assert!(due > now.date() || due == now.date() && now.time() < NaiveTime::from_hms_opt(18, 0, 0).unwrap());
                }
                Err(wrong) => prop_assert!(!wrong.nearest.is_empty() && wrong.nearest.iter().all(|phrase| works(phrase, now))),
            }
        }

        #[test]
        fn any_text_is_split(
            text in "(by |until |before |on |in |at |3 |4 December |31 June |4/12 |Friday |next |week |soon |15:00 |20.12. |5.1 |\\PC ){0,8}",
            days in 0..4_000_u64,
        ) {
            let at = now().checked_add_days(Days::new(days)).unwrap().and_utc();
            let now = Wall::new(at, Tz::UTC);
            match split(&text, now) {
                Ok((words, due)) => {
                    prop_assert!(words.len() <= text.len());
                    prop_assert!(due.is_none_or(|due| due.date >= now.date()));
                }
                Err(wrong) => prop_assert!(wrong.nearest.iter().all(|phrase| works(phrase, now))),
            }
        }
    }
}
