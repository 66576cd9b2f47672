//! Decisions that are looked at again.

use chrono::NaiveDate;

use super::{SUPERSEDE, VERSIONS, button, by, named};
use crate::{
    common::decisions::record::Decision,
    model::{
        message::Message,
        people::UserId,
        text::{Markup, count, date_with_year, shorten},
    },
    say,
};

/// The button that says a decision still stands, behind the ritual's name; its value is the decision, the version, and the date of
/// the occasion.
pub const STANDS: &str = "decision_stands";
/// Why a question that comes where nothing is on the agenda did not come.
pub const TO_REVIEW: &str = "there were decisions to look at again";

/// How many decisions a run sheet names.
const MOST_IN_SHEET: usize = 5;

/// The line of a run sheet; `None` without a decision.
pub fn in_sheet(decisions: &[Decision]) -> Option<Markup> {
    let mut lines: Vec<Markup> =
        decisions.iter().take(MOST_IN_SHEET).map(|decision| say!("◦ {}", named(decision))).collect();
    let more = decisions.len().saturating_sub(MOST_IN_SHEET);
    if more > 0 {
        lines.push(say!("◦ and {}", count(more, "more", "more")));
    }
    (!lines.is_empty()).then(|| say!("• Decisions to look at again:\n{}", Markup::join(&lines, "\n")))
}

/// What the thread of an occasion reads of a decision that is due.
pub fn in_thread(decision: &Decision, value: &str, ritual: &str) -> Message {
    let due =
        decision.review_on.map_or_else(Markup::default, |date| say!(", due since {}", date_with_year(date)));
    Message::new(say!("*To look at again*: {}", named(decision)))
        .with_context(say!("Decided{} on {}{}.", by(decision), date_with_year(decision.decided_on), due))
        .with_buttons(vec![
            button(ritual, "Still stands", STANDS, value.to_owned()),
            button(ritual, "Supersede", SUPERSEDE, value.to_owned()),
            button(ritual, "Versions", VERSIONS, decision.id.clone()),
        ])
}

/// What that message becomes once a later occasion, of this date, lists the decision again.
pub fn came_up_again(decision: &Decision, date: NaiveDate, ritual: &str) -> Message {
    Message::new(say!("{} came up again on {}: answer it there.", named(decision), date_with_year(date)))
        .with_buttons(vec![button(ritual, "Versions", VERSIONS, decision.id.clone())])
}

/// What the thread reads where more decisions are due than it shows.
pub fn more_to_review(more: usize) -> Message {
    Message::new(say!(
        "{} to be looked at again, too. Once these have their answers, the next ones come.",
        count(more, "more decision is", "more decisions are")
    ))
}

/// What that message becomes once another version supersedes it.
pub fn answered(old: &Decision, new: &Decision, ritual: &str) -> Message {
    Message::new(say!(
        "{} has superseded this: {}\nThe decision in its place:\n{}",
        &new.recorded_by,
        named(old),
        Markup::quote(&shorten(&new.what, super::LONGEST_QUOTE))
    ))
    .with_buttons(vec![button(ritual, "Versions", VERSIONS, old.id.clone())])
}

/// What it becomes once a person has said that the decision still stands.
pub fn confirmed(decision: &Decision, by: &UserId, ritual: &str) -> Message {
    let again = decision.review_on.map_or_else(
        || {
            Markup::from(
                "It isn't looked at again unless a person supersedes it: its own message has *Supersede*.",
            )
        },
        |date| say!("It's looked at again from {}.", date_with_year(date)),
    );
    let what = Markup::bold(&shorten(&decision.what, super::LONGEST_NAME));
    Message::new(say!("{} still stands, says {}. {}", what, by, again)).with_buttons(vec![button(
        ritual,
        "Versions",
        VERSIONS,
        decision.id.clone(),
    )])
}

/// What a person reads who has said that a decision still stands.
pub fn stands(new: &Decision) -> Message {
    match new.review_on {
        Some(date) => Message::new(say!(
            "Noted: this decision still stands, and it's looked at again from {}.",
            date_with_year(date)
        )),
        None => Message::new(
            "Noted: this decision still stands. No sync looks at it again unless you supersede it.",
        ),
    }
}
