//! Names that stand for no date of ours: vague words, and holidays.

use chrono::{Datelike as _, Days, Month, Months, NaiveDate, NaiveTime};

use crate::model::cadence::time_of_day;

/// Holidays that are on the same date each year.
const ON_A_DATE: [(&str, &str); 16] = [
    ("christmas", "25 December"),
    ("christmas day", "25 December"),
    ("xmas", "25 December"),
    ("christmas eve", "24 December"),
    ("xmas eve", "24 December"),
    ("boxing day", "26 December"),
    ("new year", "1 January"),
    ("new year's", "1 January"),
    ("new year's day", "1 January"),
    ("new years", "1 January"),
    ("new year's eve", "31 December"),
    ("new years eve", "31 December"),
    ("halloween", "31 October"),
    ("valentine's day", "14 February"),
    ("silvester", "31 December"),
    ("epiphany", "6 January"),
];
/// Holidays that move, or that aren't on the same date everywhere.
const MOVABLE: [&str; 22] = [
    "easter",
    "easter sunday",
    "easter monday",
    "good friday",
    "thanksgiving",
    "black friday",
    "whit monday",
    "whitsun",
    "pentecost",
    "ascension day",
    "labour day",
    "labor day",
    "ramadan",
    "eid",
    "diwali",
    "hanukkah",
    "passover",
    "yom kippur",
    "chinese new year",
    "lunar new year",
    "independence day",
    "holidays",
];
/// Days of the week in other languages.
const FOREIGN_DAYS: [(&[&str], &str); 7] = [
    (&["montag", "lundi", "lunes", "lunedì", "lunedi", "segunda-feira", "maandag"], "Monday"),
    (&["dienstag", "mardi", "martes", "martedì", "martedi", "terça-feira", "dinsdag"], "Tuesday"),
    (
        &[
            "mittwoch",
            "mercredi",
            "miércoles",
            "miercoles",
            "mercoledì",
            "mercoledi",
            "quarta-feira",
            "woensdag",
        ],
        "Wednesday",
    ),
    (&["donnerstag", "jeudi", "jueves", "giovedì", "giovedi", "quinta-feira", "donderdag"], "Thursday"),
    (&["freitag", "vendredi", "viernes", "venerdì", "venerdi", "sexta-feira", "vrijdag"], "Friday"),
    (&["samstag", "sonnabend", "samedi", "sábado", "sabado", "sabato", "zaterdag"], "Saturday"),
    (&["sonntag", "dimanche", "domingo", "domenica", "zondag"], "Sunday"),
];
/// Months in other languages whose English name is another, and none that is a word in English, such as French `mars`.
const FOREIGN_MONTHS: [(&[&str], &str); 12] = [
    (&["januar", "jänner", "janvier", "enero", "gennaio", "janeiro", "januari"], "January"),
    (&["februar", "feber", "février", "fevrier", "febrero", "febbraio", "fevereiro", "februari"], "February"),
    (&["märz", "maerz", "marzo", "março", "marco", "maart"], "March"),
    (&["avril", "abril", "aprile"], "April"),
    (&["mai", "mayo", "maggio", "maio", "mei"], "May"),
    (&["juni", "juin", "junio", "giugno", "junho"], "June"),
    (&["juli", "juillet", "julio", "luglio", "julho"], "July"),
    (&["août", "aout", "agosto", "augustus"], "August"),
    (&["septembre", "septiembre", "settembre", "setembro"], "September"),
    (&["oktober", "octobre", "octubre", "ottobre", "outubro"], "October"),
    (&["novembre", "noviembre", "novembro"], "November"),
    (&["dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro"], "December"),
];
/// Words around the day of such a date.
const AROUND_FOREIGN: [&str; 8] = ["den", "dem", "le", "el", "il", "de", "do", "di"];
/// Words for today and tomorrow in other languages.
const FOREIGN_NEAR_DAYS: [(&[&str], &str); 2] = [
    (&["heute", "aujourd'hui", "aujourd’hui", "hoy", "oggi", "hoje", "vandaag"], "today"),
    (&["morgen", "demain", "mañana", "domani", "amanhã"], "tomorrow"),
];
/// How many days ahead the example of a date is.
const EXAMPLE_DAYS: u64 = 28;

/// Returns the English name of a day of the week in German, French, Spanish, Italian, Portuguese or Dutch.
pub(super) fn foreign_day(low: &str) -> Option<&'static str> {
    english(&FOREIGN_DAYS, low)
}

/// Returns a date with a month in one of these languages in English: `freitag, 4. dezember 2026` as `4 December 2026`.
pub(super) fn foreign_date(low: &str) -> Option<String> {
    let is_day = |word: &&str| foreign_day(word.trim_end_matches(',')).is_some();
    let mut words = low.split_whitespace().filter(|word| !AROUND_FOREIGN.contains(word)).skip_while(is_day);
    let (day, month) = (words.next()?, words.next()?);
    let day: u32 = day.trim_end_matches(['.', ',', 'º']).parse().ok()?;
    let month = english(&FOREIGN_MONTHS, month.trim_end_matches([',', '.']))?;
    match (words.next(), words.next()) {
        (None, _) => Some(format!("{day} {month}")),
        (Some(year), None) => Some(format!("{day} {month} {}", year.parse::<u32>().ok()?)),
        _ => None,
    }
}

/// Returns the time that words begin with in these languages, as `um 9 uhr` and `à 9h` do.
pub(super) fn foreign_time(low: &[String]) -> Option<NaiveTime> {
    let words: Vec<&str> = low.iter().map(String::as_str).collect();
    let (["um" | "à" | "às" | "om", time, ..] | ["a", "las", time, ..]) = words[..] else { return None };
    time_of_day(time.trim_end_matches('h'), true)
}

/// Returns the English word for today or tomorrow in these languages. By itself such a word may be a part of what is to be done.
pub(super) fn foreign_near_day(low: &str) -> Option<&'static str> {
    english(&FOREIGN_NEAR_DAYS, low)
}

fn english(names: &[(&[&str], &'static str)], low: &str) -> Option<&'static str> {
    names.iter().find(|(known, _)| known.contains(&low)).map(|(_, english)| *english)
}

/// Returns phrases that work in place of a holiday's name; `None` for other words.
pub(super) fn holiday(low: &str, today: NaiveDate) -> Option<Vec<String>> {
    let name = low.strip_prefix("the ").unwrap_or(low).replace('’', "'");
    if let Some((_, date)) = ON_A_DATE.iter().find(|(known, _)| *known == name) {
        // With its year, since one that is just over would be meant otherwise.
        let in_year = |year| NaiveDate::parse_from_str(&format!("{date} {year}"), "%d %B %Y").ok();
        let next = (today.year()..).take(2).filter_map(in_year).find(|next| *next >= today)?;
        return Some(vec![next.format("%-d %B %Y").to_string()]);
    }
    let example = today.checked_add_days(Days::new(EXAMPLE_DAYS))?;
    MOVABLE.contains(&name.as_str()).then(|| vec!["Friday".to_owned(), example.format("%-d %B").to_string()])
}

/// Returns what the end of a week or a month says in other words, as it is read: `this week` for `the end of the week`.
pub(super) fn end_of(low: &str, today: NaiveDate) -> Option<String> {
    let last = |ahead: u32| {
        let month = today.with_day(1)?.checked_add_months(Months::new(1 + ahead))?.pred_opt()?;
        Some(month.format("%-d %B %Y").to_string().to_lowercase())
    };
    match low.strip_prefix("the ").unwrap_or(low) {
        low if is_end_of_week(low) => Some("this week".to_owned()),
        "end of next week" => Some("next week".to_owned()),
        low if is_end_of_month(low) => last(0),
        "end of next month" => last(1),
        _ => None,
    }
}

fn is_end_of_week(low: &str) -> bool {
    matches!(low, "eow" | "end of week" | "end of the week" | "end of this week")
}

fn is_end_of_month(low: &str) -> bool {
    matches!(
        low,
        "eom" | "end of month" | "end of the month" | "end of this month" | "month end" | "month-end"
    )
}

/// Whether words mean the end of the day on which they're written.
pub(super) fn is_end_of_day(low: &str) -> bool {
    matches!(low, "eod" | "cob" | "end of day" | "the end of the day" | "end of the day")
}

/// The nearest phrases for words that name no day.
pub(super) fn vague(low: &str, today: NaiveDate) -> Option<Vec<String>> {
    let phrases = |phrases: &[&str]| Some(phrases.iter().map(|phrase| (*phrase).to_owned()).collect());
    let bare = low.strip_prefix("the ").unwrap_or(low);
    match low {
        "soon"
        | "asap"
        | "a.s.a.p"
        | "as soon as possible"
        | "later"
        | "sometime"
        | "someday"
        | "eventually"
        | "now"
        | "whenever"
        | "next time"
        | "the next time" => phrases(&["tomorrow", "Friday", "next week"]),
        low if is_end_of_day(low) => phrases(&["today", "tomorrow"]),
        "end of year"
        | "the end of the year"
        | "end of the year"
        | "eoy"
        | "this year"
        | "year end"
        | "year-end" => phrases(&["31 December"]),
        "next year" => phrases(&["31 December", "31 January"]),
        "within the week" | "within this week" => phrases(&["Friday", "next Friday"]),
        low if is_end_of_week(bare) || low == "the weekend" => phrases(&["Friday", "next Friday"]),
        low if is_end_of_month(bare) || matches!(low, "this month" | "next month") => {
            let last = |month: NaiveDate| {
                let next = month.with_day(1)?.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
                Some(next.format("%-d %B").to_string())
            };
            let next = today.checked_add_months(chrono::Months::new(1));
            let months = if low == "next month" { [next, None] } else { [Some(today), next] };
            Some(months.into_iter().flatten().filter_map(last).collect())
        }
        "eoq"
        | "end of quarter"
        | "the end of the quarter"
        | "end of the quarter"
        | "quarter end"
        | "quarter-end" => {
            let ahead = Months::new(3 - today.month0() % 3);
            let last = today.with_day(1)?.checked_add_months(ahead)?.pred_opt()?;
            Some(vec![last.format("%-d %B").to_string()])
        }
        _ => part_of_month(low, today),
    }
}

/// Returns the day that may be meant by `mid december` and `end of january`.
fn part_of_month(low: &str, today: NaiveDate) -> Option<Vec<String>> {
    let (part, month) = low.rsplit_once(' ')?;
    let month: Month = month.parse().ok()?;
    let day = match part.strip_prefix("the ").unwrap_or(part) {
        "early" | "beginning of" | "start of" => Some(5),
        "mid" | "middle of" => Some(15),
        "late" | "end of" => None,
        _ => return None,
    };
    let of_year = |year| {
        let first = NaiveDate::from_ymd_opt(year, month.number_from_month(), 1)?;
        match day {
            Some(day) => first.with_day(day),
            None => first.checked_add_months(Months::new(1))?.pred_opt(),
        }
    };
    let date = (today.year()..).take(2).filter_map(of_year).find(|date| *date >= today)?;
    Some(vec![date.format("%-d %B").to_string()])
}
