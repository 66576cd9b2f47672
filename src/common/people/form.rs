//! What the answers of the form come to: settings, or what is to be mended at which field. Only what a person changed counts.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime, Timelike as _, Weekday, WeekdaySet};

use super::{
    Away, Hours, PersonSettings, away,
    fields::{AWAY_FROM, AWAY_TO, DAYS_OUT, DEPARTMENT, LONGEST_WORD, REGION, WORK_FROM, WORK_TO, to_come},
    messages,
};
use crate::model::{
    cadence::DaySpan,
    event::FieldValue,
    text::{has_visible_text, one_line, shorten},
};

/// What is to be mended, by the field's name.
pub type Errors = BTreeMap<String, String>;

/// What the fields of the form hold, by their names.
pub type Answers = BTreeMap<String, FieldValue>;

/// Returns what sent answers make of the stored settings. A field that holds what it held when the form was opened (`shown`), or
/// that the form doesn't have, leaves them alone: they may have changed meanwhile. The form has one time away, which comes next or
/// is now; the others stay.
pub fn settings(
    sent: &Answers,
    shown: &Answers,
    stored: &PersonSettings,
    today: NaiveDate,
) -> Result<PersonSettings, Errors> {
    let has_changed = |fields: &[&str]| fields.iter().any(|field| differs(sent, shown, field));
    let mut errors = Errors::new();
    let mut settings = stored.clone();
    if has_changed(&[DEPARTMENT]) {
        settings.department = word(sent, DEPARTMENT);
    }
    if has_changed(&[REGION]) {
        settings.region = word(sent, REGION);
    }
    if has_changed(&[WORK_FROM, WORK_TO]) {
        settings.work = work(sent, &mut errors);
    }
    if has_changed(&[DAYS_OUT]) {
        settings.days_out = days_out(sent, &mut errors);
    }
    if has_changed(&[AWAY_FROM, AWAY_TO]) {
        let before = (date(shown, AWAY_FROM), date(shown, AWAY_TO));
        let mut others: Vec<Away> = to_come(stored, today).collect();
        others.retain(|away| (Some(away.from), Some(away.to)) != before);
        settings.away = match away(sent, today, &mut errors) {
            Some(new) => match away::with(&others, new, today) {
                Some(placed) => placed.all,
                None => complain(&mut errors, AWAY_FROM, messages::TOO_MANY_TIMES_AWAY).unwrap_or_default(),
            },
            None => others,
        };
    }
    if errors.is_empty() { Ok(settings) } else { Err(errors) }
}

/// Whether a field was sent that holds something else than the form showed.
fn differs(sent: &Answers, shown: &Answers, field: &str) -> bool {
    let Some(sent) = sent.get(field) else { return false };
    match shown.get(field) {
        Some(shown) => sent != shown && !(sent.is_empty() && shown.is_empty()),
        None => !sent.is_empty(),
    }
}

fn date(answers: &Answers, field: &str) -> Option<NaiveDate> {
    match answers.get(field) {
        Some(FieldValue::Date(date)) => Some(*date),
        _ => None,
    }
}

fn word(answers: &Answers, field: &str) -> Option<String> {
    let Some(FieldValue::Text(text)) = answers.get(field) else { return None };
    let text = one_line(text);
    has_visible_text(&text).then(|| shorten(text.trim(), LONGEST_WORD))
}

fn work(answers: &Answers, errors: &mut Errors) -> Option<Hours> {
    let time = |field: &str| match answers.get(field) {
        Some(FieldValue::Time(time)) => Some(*time),
        _ => None,
    };
    let minutes = |time: NaiveTime| u16::try_from(time.num_seconds_from_midnight() / 60).unwrap_or_default();
    match (time(WORK_FROM), time(WORK_TO)) {
        (None, None) => None,
        (Some(_), None) => complain(errors, WORK_TO, messages::NO_END),
        (None, Some(_)) => complain(errors, WORK_FROM, messages::NO_BEGINNING),
        (Some(from), Some(to)) => {
            let hours = Hours::new(minutes(from), minutes(to));
            hours.or_else(|| complain(errors, WORK_TO, &messages::ends_too_early(from, to)))
        }
    }
}

fn days_out(answers: &Answers, errors: &mut Errors) -> WeekdaySet {
    let Some(FieldValue::Choices(days)) = answers.get(DAYS_OUT) else { return WeekdaySet::EMPTY };
    let days: WeekdaySet = days.iter().filter_map(|day| day.parse::<Weekday>().ok()).collect();
    if days == WeekdaySet::ALL {
        return complain(errors, DAYS_OUT, messages::NEVER_IN).unwrap_or(WeekdaySet::EMPTY);
    }
    days
}

fn away(answers: &Answers, today: NaiveDate, errors: &mut Errors) -> Option<Away> {
    match (date(answers, AWAY_FROM), date(answers, AWAY_TO)) {
        (None, None) => None,
        (Some(_), None) => complain(errors, AWAY_TO, messages::NO_LAST_DAY),
        (None, Some(_)) => complain(errors, AWAY_FROM, messages::NO_FIRST_DAY),
        (Some(from), Some(to)) if to < from => complain(errors, AWAY_TO, &messages::back_too_early(from)),
        (Some(_), Some(to)) if to < today => complain(errors, AWAY_TO, messages::OVER),
        (Some(_), Some(to)) if DaySpan::is_too_far(to, today) => complain(errors, AWAY_TO, messages::TOO_FAR),
        (Some(from), Some(to)) => Some(Away { from, to }),
    }
}

fn complain<T>(errors: &mut Errors, field: &str, words: &str) -> Option<T> {
    errors.insert(field.to_owned(), words.to_owned());
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::holidays::Holidays;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn time(text: &str) -> FieldValue {
        FieldValue::Time(text.parse().unwrap())
    }

    fn read(answers: &[(&str, FieldValue)], stored: &PersonSettings) -> Result<PersonSettings, Errors> {
        settings(&answers_of(answers), &shown(stored), stored, day("2026-01-05"))
    }

    fn answers_of(answers: &[(&str, FieldValue)]) -> Answers {
        answers.iter().map(|(field, answer)| ((*field).to_owned(), answer.clone())).collect()
    }

    fn shown(stored: &PersonSettings) -> Answers {
        messages::as_it_stands(&messages::form(
            stored,
            None,
            day("2026-01-05"),
            "Europe/Lisbon",
            &Holidays::default(),
        ))
    }

    #[test]
    fn an_empty_form_takes_everything_back_but_what_it_does_not_show() {
        let later = Away { from: day("2026-07-01"), to: day("2026-07-14") };
        let stored = PersonSettings {
            department: Some("Design".to_owned()),
            region: Some("PT".to_owned()),
            work: Hours::new(540, 1_020),
            quiet: Hours::new(720, 780),
            days_out: WeekdaySet::single(Weekday::Fri),
            away: vec![
                Away { from: day("2025-12-24"), to: day("2026-01-04") },
                Away { from: day("2026-01-05"), to: day("2026-01-05") },
                later,
            ],
        };
        let expected = PersonSettings { quiet: stored.quiet, away: vec![later], ..PersonSettings::default() };
        let empty = |field| (field, FieldValue::Empty);
        let fields = [DEPARTMENT, REGION, WORK_FROM, WORK_TO, DAYS_OUT, AWAY_FROM, AWAY_TO];
        assert_eq!(read(&fields.map(empty), &stored), Ok(expected));
        assert_eq!(read(&[], &stored), Ok(stored), "a form without a field leaves it alone");
    }

    #[test]
    fn what_was_not_changed_in_the_form_stays_as_it_is_now() {
        let date = |text: &str| FieldValue::Date(day(text));
        let opened = PersonSettings {
            department: Some("Design".to_owned()),
            away: vec![Away { from: day("2026-01-12"), to: day("2026-01-14") }],
            ..PersonSettings::default()
        };
        let sooner = Away { from: day("2026-01-05"), to: day("2026-01-07") };
        let now = PersonSettings {
            away: vec![sooner, opened.away[0]],
            days_out: WeekdaySet::single(Weekday::Fri),
            ..opened.clone()
        };
        let mut sent = shown(&opened);
        sent.insert(DEPARTMENT.to_owned(), FieldValue::Text("Ops".to_owned()));
        let saved = settings(&sent, &shown(&opened), &now, day("2026-01-05")).unwrap();
        assert_eq!(saved, PersonSettings { department: Some("Ops".to_owned()), ..now.clone() });
        sent.insert(AWAY_TO.to_owned(), date("2026-01-13"));
        let saved = settings(&sent, &shown(&opened), &now, day("2026-01-05")).unwrap();
        assert_eq!(saved.away, [sooner, Away { from: day("2026-01-12"), to: day("2026-01-13") }]);
        let gone = PersonSettings { away: Vec::new(), ..now };
        let saved = settings(&shown(&opened), &shown(&opened), &gone, day("2026-01-05")).unwrap();
        assert_eq!(saved.away, [], "what was dropped meanwhile doesn't come back");
    }

    #[test]
    fn words_are_cleaned_and_kept_short() {
        let long = "x".repeat(200);
        let department = |text: &str| {
            let answers = [(DEPARTMENT, FieldValue::Text(text.to_owned()))];
            read(&answers, &PersonSettings::default()).unwrap().department
        };
        assert_eq!(department("  Product\nDesign "), Some("Product Design".to_owned()));
        assert_eq!(department(" \u{200b} "), None);
        assert_eq!(department(&long).map(|text| text.chars().count()), Some(LONGEST_WORD));
    }

    #[test]
    fn each_error_stands_at_its_field() {
        let date = |text: &str| FieldValue::Date(day(text));
        let all_days: Vec<String> =
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(str::to_owned).into();
        let cases = [
            (vec![(WORK_FROM, time("09:00:00"))], WORK_TO, "When does your working day end?"),
            (vec![(WORK_TO, time("17:00:00"))], WORK_FROM, "When does your working day start?"),
            (
                vec![(WORK_FROM, time("09:00:00")), (WORK_TO, time("09:00:00"))],
                WORK_TO,
                "Your working day starts at 09:00. Choose a later time.",
            ),
            (
                vec![(WORK_FROM, time("22:00:00")), (WORK_TO, time("06:00:00"))],
                WORK_TO,
                "I can't keep a working day that crosses midnight. Choose the part in which I may write to you: 22:00 to 23:59, or 00:00 to 06:00.",
            ),
            (
                vec![(DAYS_OUT, FieldValue::Choices(all_days))],
                DAYS_OUT,
                "That's every day of the week. For a longer break, choose the days you're away below.",
            ),
            (vec![(AWAY_FROM, date("2026-01-08"))], AWAY_TO, "Until when? Choose your last day away."),
            (vec![(AWAY_TO, date("2026-01-08"))], AWAY_FROM, "From when? Choose your first day away."),
            (
                vec![(AWAY_FROM, date("2026-01-08")), (AWAY_TO, date("2026-01-07"))],
                AWAY_TO,
                "Your first day away is Thursday, 8 January. Choose that day or a later one.",
            ),
            (
                vec![(AWAY_FROM, date("2026-01-02")), (AWAY_TO, date("2026-01-04"))],
                AWAY_TO,
                "That's over. Choose today or a later day, or clear both days.",
            ),
            (
                vec![(AWAY_FROM, date("2026-01-08")), (AWAY_TO, date("9999-12-31"))],
                AWAY_TO,
                "That's more than a year ahead, and a year is as far as it goes.",
            ),
        ];
        for (answers, field, words) in cases {
            let errors = read(&answers, &PersonSettings::default()).unwrap_err();
            assert_eq!(errors, Errors::from([(field.to_owned(), words.to_owned())]));
        }
    }

    #[test]
    fn all_errors_are_said_at_once() {
        let answers = [(WORK_FROM, time("09:00:00")), (AWAY_TO, FieldValue::Date(day("2026-02-01")))];
        let errors = read(&answers, &PersonSettings::default()).unwrap_err();
        assert_eq!(errors.into_keys().collect::<Vec<_>>(), [AWAY_FROM, WORK_TO]);
    }

    #[test]
    fn a_form_sent_as_it_opened_changes_nothing() {
        let stored = PersonSettings {
            department: Some("Design".to_owned()),
            region: None,
            work: Hours::new(540, 1_020),
            quiet: None,
            days_out: WeekdaySet::from_array([Weekday::Fri, Weekday::Sat]),
            away: vec![Away { from: day("2026-01-04"), to: day("2026-01-09") }],
        };
        let sent: Vec<(String, FieldValue)> = shown(&stored).into_iter().collect();
        let sent: Vec<(&str, FieldValue)> =
            sent.iter().map(|(field, value)| (field.as_str(), value.clone())).collect();
        assert_eq!(read(&sent, &stored), Ok(stored));
    }
}
