//! What a form asks for: read from its answers, with what is to be mended at which field.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use super::messages::{
    DATE_OVER, DATE_TOO_FAR, NO_DATE, NO_OWNER_CHOSEN, NO_WORDS, RequestFields, date_over_there, too_long,
};
use crate::{
    common::{saving::kept, setup::Complaints},
    model::{
        event::{FieldValue, LONGEST_WORDS},
        people::UserId,
        text::{clean, has_visible_text},
    },
};

/// How far ahead a date may be, in days.
const FARTHEST_DAYS: u64 = 366;

/// What a person wants to be promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub words: String,
    /// `None` if no one was chosen.
    pub owner: Option<UserId>,
    pub due: Option<NaiveDate>,
}

/// Reads a request from the answers of a form; `None` where nothing is written. A person or a date without words is asked about, but for
/// the name of the person who sends it, which may have been there from the beginning.
pub fn wanted(
    user: &UserId,
    answers: &BTreeMap<String, FieldValue>,
    fields: &RequestFields,
    complaints: &mut Complaints,
) -> Option<Wanted> {
    let typed = match answers.get(&fields.what) {
        Some(FieldValue::Text(typed)) => typed.as_str(),
        _ => "",
    };
    let owner = match answers.get(&fields.who) {
        Some(FieldValue::Person(owner)) => Some(owner.clone()),
        other => wrong(other, &fields.who, NO_OWNER_CHOSEN, complaints),
    };
    let due = match answers.get(&fields.date) {
        Some(FieldValue::Date(date)) => Some(*date),
        other => wrong(other, &fields.date, NO_DATE, complaints),
    };
    let words = kept(&clean(typed));
    if !has_visible_text(&words) {
        if owner.is_some_and(|owner| owner != *user) || due.is_some() {
            complaints.add(&fields.what, NO_WORDS.to_owned());
        }
        return None;
    }
    let length = typed.chars().count();
    if length > LONGEST_WORDS {
        complaints.add(&fields.what, too_long(length));
    }
    Some(Wanted { words, owner, due })
}

/// Says that an answer of another kind can't be read.
fn wrong<T>(answer: Option<&FieldValue>, field: &str, words: &str, complaints: &mut Complaints) -> Option<T> {
    if answer.is_some_and(|answer| !answer.is_empty()) {
        complaints.add(field, words.to_owned());
    }
    None
}

/// Says what is wrong with a date on which a person is to do something for another: it may be over for them alone.
pub fn wrong_date_of(date: NaiveDate, owner: NaiveDate, asker: NaiveDate) -> Option<String> {
    if date < owner && date >= asker {
        return Some(date_over_there(owner));
    }
    wrong_date(date, owner).map(str::to_owned)
}

/// Says what is wrong with a date on which something is to be done.
pub fn wrong_date(date: NaiveDate, today: NaiveDate) -> Option<&'static str> {
    if date < today {
        return Some(DATE_OVER);
    }
    let last = today.checked_add_days(Days::new(FARTHEST_DAYS));
    last.is_some_and(|last| date > last).then_some(DATE_TOO_FAR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Reply;

    fn words(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned())
    }

    fn read(answers: [FieldValue; 3]) -> Result<Option<Wanted>, BTreeMap<String, String>> {
        let [fields, _] = RequestFields::all();
        let names = [&fields.what, &fields.who, &fields.date].map(Clone::clone);
        let mut complaints = Complaints::default();
        let wanted =
            wanted(&"UANA".into(), &names.into_iter().zip(answers).collect(), &fields, &mut complaints);
        match complaints.reply() {
            Reply::Errors(errors) if !errors.is_empty() => Err(errors),
            _ => Ok(wanted),
        }
    }

    #[test]
    fn words_alone_are_a_request() {
        let asked = |text: &str| read([words(text), FieldValue::Empty, FieldValue::Empty]).unwrap();
        assert_eq!(asked(" \u{200b} "), None);
        let own_name = [FieldValue::Empty, FieldValue::Person("UANA".into()), FieldValue::Empty];
        assert_eq!(read(own_name).unwrap(), None);
        let wanted = Wanted { words: "send <!channel>".to_owned(), owner: None, due: None };
        assert_eq!(asked(" send\u{202e} <!channel>\n"), Some(wanted));
    }

    #[test]
    fn what_is_wrong_stands_at_its_field() {
        let (ben, date) =
            (FieldValue::Person("UBEN".into()), FieldValue::Date("2026-01-09".parse().unwrap()));
        let errors = |answers| {
            let errors = read(answers).unwrap_err();
            errors.into_iter().map(|(field, words)| format!("{field}: {words}")).collect::<Vec<_>>()
        };
        let nothing = "promised_1: What is it about? Write a few words.";
        assert_eq!(errors([words(""), ben.clone(), FieldValue::Empty]), [nothing]);
        assert_eq!(errors([words("\u{3164}"), FieldValue::Empty, date.clone()]), [nothing]);
        assert_eq!(
            errors([words(&"é".repeat(3_001)), ben, date]),
            ["promised_1: That has 3001 characters, and 3000 fit. Please shorten it."]
        );
        assert_eq!(
            errors([words("tea"), words("ben"), words("soon")]),
            ["promised_1_date: Choose a date.", "promised_1_who: Choose a person."]
        );
    }

    #[test]
    fn a_date_that_is_over_for_one_of_two_says_so() {
        let day = |text: &str| text.parse().unwrap();
        let wrong = wrong_date_of(day("2027-01-25"), day("2027-01-26"), day("2027-01-25")).unwrap();
        assert_eq!(
            wrong,
            "That day is over where they are: it's Tuesday, 26 January there. Choose that day or a later one."
        );
        assert_eq!(
            wrong_date_of(day("2027-01-24"), day("2027-01-26"), day("2027-01-25")),
            Some(DATE_OVER.to_owned())
        );
        assert_eq!(wrong_date_of(day("2027-01-26"), day("2027-01-26"), day("2027-01-25")), None);
    }

    #[test]
    fn a_date_is_within_a_year() {
        let wrong = |date: &str| wrong_date(date.parse().unwrap(), "2026-01-06".parse().unwrap());
        assert_eq!(
            ["2026-01-05", "2026-01-06", "2027-01-07", "2027-01-08", "9999-12-31"].map(wrong),
            [Some(DATE_OVER), None, None, Some(DATE_TOO_FAR), Some(DATE_TOO_FAR)]
        );
    }
}
