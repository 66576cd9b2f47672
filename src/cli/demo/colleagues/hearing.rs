//! The messages that colleagues hear, and what each means to them.

use std::collections::BTreeSet;

use super::actions::{Colleague, Spot};
use crate::model::clock::Instant;

/// The kind of conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardIn {
    Channel,
    /// A group conversation.
    Group,
    /// A direct conversation.
    Direct,
}

/// A message that colleagues hear.
#[derive(Clone, Debug)]
pub struct HeardMessage {
    pub spot: Spot,
    pub at: Instant,
    /// The first message of its thread.
    pub thread: Option<String>,
    pub place: HeardIn,
    /// The author's index; `None` for the app.
    pub author: Option<usize>,
    pub simulated: bool,
    pub text: String,
    /// The indices of the colleagues in the conversation.
    pub members: Vec<usize>,
    /// Whether it introduces people to each other.
    pub introduces: bool,
}

/// What a message means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeardNews {
    /// A person thanks others.
    Kudos { giver: usize, receivers: Vec<usize> },
    /// A person has started coffee chats.
    Coffee(usize),
    /// People are introduced to each other.
    Introduction,
    /// A visitor writes.
    Visitor(usize),
    /// A colleague writes.
    Colleague(usize),
    /// Nothing that needs an answer.
    Nothing,
}

impl HeardMessage {
    /// Returns what the message means.
    pub fn news(&self, colleagues: &[Colleague]) -> HeardNews {
        if let Some(author) = self.author {
            return if self.simulated { HeardNews::Colleague(author) } else { HeardNews::Visitor(author) };
        }
        let first_line = self.text.lines().next().unwrap_or_default();
        let mentioned = mentions(first_line, colleagues);
        if let (HeardIn::Channel, Some((giver, receivers))) = (self.place, giver(first_line, colleagues)) {
            return HeardNews::Kudos { giver, receivers: mentions(receivers, colleagues) };
        }
        match (self.place, &mentioned[..]) {
            (HeardIn::Group, _) if self.introduces => HeardNews::Introduction,
            (HeardIn::Channel, [starter, ..]) if first_line.contains(" has started coffee chats ") => {
                HeardNews::Coffee(*starter)
            }
            _ => HeardNews::Nothing,
        }
    }

    /// Returns who could answer it: members other than the author who are not controlled.
    pub fn others(&self, controlled: &BTreeSet<usize>) -> Vec<usize> {
        let hears = |who: &usize| Some(*who) != self.author && !controlled.contains(who);
        self.members.iter().copied().filter(hears).collect()
    }
}

/// Returns the giver's index and the rest of the line; the giver is named, not mentioned.
fn giver<'t>(line: &'t str, colleagues: &[Colleague]) -> Option<(usize, &'t str)> {
    let (before, receivers) = line.split_once("* thanks ")?;
    let (_, name) = before.rsplit_once('*')?;
    Some((colleagues.iter().position(|person| person.name == name)?, receivers))
}

/// Returns the indices of the colleagues that a text mentions, in their order.
pub fn mentions(text: &str, colleagues: &[Colleague]) -> Vec<usize> {
    let ids = text.split("<@").skip(1).filter_map(|rest| rest.split(['>', '|']).next());
    ids.filter_map(|id| colleagues.iter().position(|person| person.id == id)).collect()
}

/// Whether a text greets.
pub fn greets(text: &str) -> bool {
    let lower = text.to_lowercase();
    let first = lower.split(|letter: char| !letter.is_alphabetic()).find(|word| !word.is_empty());
    matches!(first, Some("hi" | "hello" | "hey" | "hallo" | "morning")) || lower.starts_with("good ")
}
