//! What a person asks for who types the command.

pub mod grammar;

use super::plan::{GiftDraft, Objection};
use crate::model::{
    people::Mention,
    text::{clean, is_blank, unescape},
};

/// What a person asks of `/kudos`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Nothing was typed: the form.
    Form,
    /// How it works.
    Help,
    /// What I gave and got.
    Mine,
    /// To thank.
    Give(GiftDraft),
}

/// Reads what was typed behind the command. The people are a prefix; what follows is the reason.
pub fn parse(text: &str) -> Result<Request, Objection> {
    let text = clean(text);
    match text.trim_matches(is_blank).to_lowercase().as_str() {
        "" => return Ok(Request::Form),
        "help" | "?" => return Ok(Request::Help),
        "mine" | "me" => return Ok(Request::Mine),
        _ => {}
    }
    let parts = grammar::read(text.trim());
    let mut draft = GiftDraft { reason: parts.reason, aside: parts.aside, ..GiftDraft::default() };
    for mention in parts.people {
        match mention {
            Mention::Person(person) => draft.people.push(person),
            Mention::Group(group, handle) => draft.groups.push((group, handle)),
            Mention::Crowd(word) => return Err(Objection::Crowd(word)),
        }
    }
    if let Some(name) = parts.unlinked {
        return Err(match name.to_lowercase().trim_start_matches('@') {
            crowd @ ("channel" | "here" | "everyone") => Objection::Crowd(crowd.to_owned()),
            _ => Objection::NotLinked(name),
        });
    }
    if draft.people.is_empty() && draft.groups.is_empty() {
        return Err(nobody(&text));
    }
    Ok(Request::Give(draft))
}

/// What stands in the way where a command begins with no one: a word that is not known, or people in the wrong place.
fn nobody(text: &str) -> Objection {
    /// Longer words are not compared with ours.
    const LONGEST: usize = 8;
    if grammar::mentions_anyone(text) {
        return Objection::NamedLater;
    }
    let mut words = text.split_whitespace();
    let first = words.next().unwrap_or_default().to_lowercase();
    let near = |way: &&str| strsim::osa_distance(&first, way) <= 1;
    let nearest = match first.as_str() {
        "me" => Some("mine"),
        word if word.chars().count() > LONGEST => None,
        _ => ["help", "mine"].into_iter().find(near),
    };
    if nearest.is_some() || words.next().is_none() {
        Objection::Unknown(unescape(text), nearest)
    } else {
        Objection::Nobody
    }
}
