//! What colleagues hear, and what kind of thing it is.

use std::collections::BTreeSet;

use super::actions::{Colleague, Spot};
use crate::model::clock::Instant;

/// Where something is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeardIn {
    /// In a channel.
    Channel,
    /// Among a few.
    Group,
    /// Between two.
    Direct,
}

/// Something that was said.
#[derive(Clone, Debug)]
pub struct HeardMessage {
    /// The message.
    pub spot: Spot,
    /// When it was said.
    pub at: Instant,
    /// The message it answers.
    pub thread: Option<String>,
    /// In which kind of conversation.
    pub place: HeardIn,
    /// Who said it, by number; nobody for the app.
    pub author: Option<usize>,
    /// Whether a colleague said it.
    pub simulated: bool,
    /// The text as it was sent.
    pub text: String,
    /// Which people of the company could hear it, by number.
    pub members: Vec<usize>,
    /// Whether it brings people together.
    pub introduces: bool,
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeardNews {
    /// Somebody thanks others.
    Kudos {
        /// Who thanks.
        giver: usize,
        /// Whom.
        receivers: Vec<usize>,
    },
    /// Somebody has started coffee chats.
    Coffee(usize),
    /// Some are put together.
    Introduction,
    /// A visitor says something.
    Visitor(usize),
    /// A colleague says something.
    Colleague(usize),
    /// Nothing that one would answer.
    Nothing,
}

impl HeardMessage {
    /// What kind of thing it is.
    pub fn news(&self, colleagues: &[Colleague]) -> HeardNews {
        if let Some(author) = self.author {
            return if self.simulated { HeardNews::Colleague(author) } else { HeardNews::Visitor(author) };
        }
        let first_line = self.text.lines().next().unwrap_or_default();
        let mentioned = mentions(first_line, colleagues);
        if let (HeardIn::Channel, Some((giver, whom))) = (self.place, giver(first_line, colleagues)) {
            return HeardNews::Kudos { giver, receivers: mentions(whom, colleagues) };
        }
        match (self.place, &mentioned[..]) {
            (HeardIn::Group, _) if self.introduces => HeardNews::Introduction,
            (HeardIn::Channel, [starter, ..]) if first_line.contains(" has started coffee chats ") => {
                HeardNews::Coffee(*starter)
            }
            _ => HeardNews::Nothing,
        }
    }

    /// Who could do something about it: of those who hear it, nobody whose hand is somebody's own.
    pub fn others(&self, controlled: &BTreeSet<usize>) -> Vec<usize> {
        let hears = |who: &usize| Some(*who) != self.author && !controlled.contains(who);
        self.members.iter().copied().filter(hears).collect()
    }
}

/// Who thanks, by number, and what follows; the giver is named and not mentioned.
fn giver<'t>(line: &'t str, colleagues: &[Colleague]) -> Option<(usize, &'t str)> {
    let (before, whom) = line.split_once("* thanks ")?;
    let (_, name) = before.rsplit_once('*')?;
    Some((colleagues.iter().position(|person| person.name == name)?, whom))
}

/// The people of the company whom a text mentions, by number and in their order.
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
