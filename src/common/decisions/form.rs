//! What the answers of the form come to: what a version says, or what is to be mended at which field.

use std::collections::BTreeMap;

use chrono::{Months, NaiveDate};

use super::{
    messages::{
        DECIDED, DECIDED_WHY, ERASED, NO_DECISION, NOT_LATER, REVIEW, TOO_FAR, TURNED_DOWN, WHAT, WHO, WHY,
        WRONG_DATE, WRONG_PEOPLE, too_long, too_many_people,
    },
    record::MOST_PEOPLE,
};
use crate::{
    common::setup::Complaints,
    model::{
        event::{FieldValue, LONGEST_WORDS},
        people::UserId,
        text::{clean, has_visible_text},
    },
};

/// For how many months ahead a decision can be looked at again.
const MOST_MONTHS: u32 = 120;

/// What a person says a decision is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub what: String,
    pub why: String,
    pub turned_down: String,
    pub decided_by: Vec<UserId>,
    pub review_on: Option<NaiveDate>,
}

impl Said {
    /// Reads the answers of a form. `is_erased` says which people are never named.
    pub fn of(
        answers: &BTreeMap<String, FieldValue>,
        today: NaiveDate,
        is_erased: impl Fn(&UserId) -> bool,
        complaints: &mut Complaints,
    ) -> Said {
        let what = text(answers, WHAT, complaints);
        if what.is_empty() {
            complaints.add(WHAT, NO_DECISION.to_owned());
        }
        Said {
            what,
            why: text(answers, WHY, complaints),
            turned_down: text(answers, TURNED_DOWN, complaints),
            decided_by: people(answers, is_erased, complaints),
            review_on: review(answers, today, complaints),
        }
    }
}

/// Reads what was decided and why from another form; `None` where nothing is written there.
pub fn decided(answers: &BTreeMap<String, FieldValue>, complaints: &mut Complaints) -> Option<Said> {
    let (what, why) = (text(answers, DECIDED, complaints), text(answers, DECIDED_WHY, complaints));
    if what.is_empty() {
        if !why.is_empty() {
            complaints.add(DECIDED, NO_DECISION.to_owned());
        }
        return None;
    }
    Some(Said { what, why, ..Said::default() })
}

/// Returns a clean text, empty where there is nothing to see.
fn text(answers: &BTreeMap<String, FieldValue>, field: &str, complaints: &mut Complaints) -> String {
    let Some(FieldValue::Text(typed)) = answers.get(field) else { return String::new() };
    let text = clean(typed).trim().to_owned();
    if !has_visible_text(&text) {
        return String::new();
    }
    let length = text.chars().count();
    if length > LONGEST_WORDS {
        complaints.add(field, too_long(length));
    }
    text
}

fn people(
    answers: &BTreeMap<String, FieldValue>,
    is_erased: impl Fn(&UserId) -> bool,
    complaints: &mut Complaints,
) -> Vec<UserId> {
    let mut people = match answers.get(WHO) {
        Some(FieldValue::People(people)) => people.clone(),
        None | Some(FieldValue::Empty) => Vec::new(),
        Some(_) => {
            complaints.add(WHO, WRONG_PEOPLE.to_owned());
            Vec::new()
        }
    };
    let mut known = std::collections::BTreeSet::new();
    people.retain(|person| known.insert(person.clone()));
    // A list is stored with commas between.
    if people.iter().any(|person| person.as_str().is_empty() || person.as_str().contains(',')) {
        complaints.add(WHO, WRONG_PEOPLE.to_owned());
    }
    if people.len() > MOST_PEOPLE {
        complaints.add(WHO, too_many_people(people.len()));
    }
    if people.iter().any(is_erased) {
        complaints.add(WHO, ERASED.to_owned());
    }
    people
}

/// Reads the day from which a decision is looked at again.
pub fn review(
    answers: &BTreeMap<String, FieldValue>,
    today: NaiveDate,
    complaints: &mut Complaints,
) -> Option<NaiveDate> {
    let date = match answers.get(REVIEW) {
        Some(FieldValue::Date(date)) => *date,
        None | Some(FieldValue::Empty) => return None,
        Some(value) => {
            if !value.is_empty() {
                complaints.add(REVIEW, WRONG_DATE.to_owned());
            }
            return None;
        }
    };
    if date <= today {
        complaints.add(REVIEW, NOT_LATER.to_owned());
    } else if today.checked_add_months(Months::new(MOST_MONTHS)).is_none_or(|last| date > last) {
        complaints.add(REVIEW, TOO_FAR.to_owned());
    }
    Some(date)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::event::Reply;

    fn today() -> NaiveDate {
        "2026-01-06".parse().unwrap()
    }

    fn read(answers: &[(&str, FieldValue)]) -> Result<Said, BTreeMap<String, String>> {
        let answers = answers.iter().map(|(field, answer)| ((*field).to_owned(), answer.clone())).collect();
        let mut complaints = Complaints::default();
        let said = Said::of(&answers, today(), |person| person.as_str() == "U9", &mut complaints);
        match complaints.reply() {
            Reply::Errors(errors) if !errors.is_empty() => Err(errors),
            _ => Ok(said),
        }
    }

    fn words(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned())
    }

    fn date(text: &str) -> FieldValue {
        FieldValue::Date(text.parse().unwrap())
    }

    #[test]
    fn a_sentence_is_a_decision() {
        let said = read(&[(WHAT, words(" Use\u{202e} Postgres\n")), (WHY, words("\u{200b}"))]).unwrap();
        assert_eq!(said, Said { what: "Use Postgres".to_owned(), ..Said::default() });
    }

    #[test]
    fn all_that_stands_in_the_way_is_told_at_once() {
        let people =
            |count: usize| FieldValue::People((0..count).map(|n| UserId(format!("U1{n}"))).collect());
        let long = "é".repeat(3_001);
        let errors = read(&[
            (WHAT, words(" \u{3164}")),
            (WHY, words(&long)),
            (WHO, people(21)),
            (REVIEW, words("in spring")),
        ])
        .unwrap_err();
        let expected = [
            (WHAT, NO_DECISION.to_owned()),
            (WHY, "That's 3001 characters, and 3000 fit. Please shorten it.".to_owned()),
            (WHO, "That's 21 people, and a decision names 20 at most.".to_owned()),
            (REVIEW, WRONG_DATE.to_owned()),
        ];
        assert_eq!(errors, expected.map(|(field, words)| (field.to_owned(), words)).into());
        assert!(read(&[(WHAT, words(&"é".repeat(3_000))), (WHO, people(20))]).is_ok());
    }

    #[test]
    fn another_form_takes_a_decision_with_its_reason() {
        let read = |what: &str, why: &str| {
            let answers = [(DECIDED, words(what)), (DECIDED_WHY, words(why))];
            let mut complaints = Complaints::default();
            let said =
                decided(&answers.map(|(field, text)| (field.to_owned(), text)).into(), &mut complaints);
            (said.map(|said| (said.what, said.why)), complaints.is_empty())
        };
        assert_eq!(read(" ", "\u{200b}"), (None, true));
        assert_eq!(read("a", ""), (Some(("a".to_owned(), String::new())), true));
        assert_eq!(read("", "b"), (None, false));
        assert!(!read(&"x".repeat(3_001), "").1);
    }

    #[test]
    fn a_day_to_look_again_is_ahead() {
        for (day, complaint) in [
            ("2026-01-05", Some(NOT_LATER)),
            ("2026-01-06", Some(NOT_LATER)),
            ("2026-01-07", None),
            ("2036-01-06", None),
            ("2036-01-07", Some(TOO_FAR)),
            ("9999-12-31", Some(TOO_FAR)),
        ] {
            let said = read(&[(WHAT, words("a")), (REVIEW, date(day))]);
            let found = said.err().and_then(|mut errors| errors.remove(REVIEW));
            assert_eq!(found.as_deref(), complaint, "{day}");
        }
    }

    #[test]
    fn people_are_named_once_and_never_after_they_are_erased() {
        let who = |ids: &[&str]| {
            let ids = ids.iter().map(|id| UserId::from(*id)).collect();
            read(&[(WHAT, words("a")), (WHO, FieldValue::People(ids))])
        };
        assert_eq!(who(&["U1", "U2", "U1"]).unwrap().decided_by, ["U1", "U2"].map(UserId::from));
        assert_eq!(who(&["U1", "U9"]).unwrap_err()[WHO], ERASED);
        assert_eq!(who(&["U1,U2"]).unwrap_err()[WHO], WRONG_PEOPLE);
        assert_eq!(read(&[(WHAT, words("a")), (WHO, words("U1"))]).unwrap_err()[WHO], WRONG_PEOPLE);
    }
}
