//! The messages that colleagues hear.

use super::{Colleague, Spot};
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
    /// The labels of its buttons.
    pub buttons: Vec<String>,
}

impl HeardMessage {
    /// Returns the first line.
    pub fn first_line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    /// Whether it has a button with this label.
    pub fn has_button(&self, label: &str) -> bool {
        self.buttons.iter().any(|button| button == label)
    }
}

/// Returns the indices of the colleagues that a text mentions, in their order.
pub fn mentions(text: &str, colleagues: &[Colleague]) -> Vec<usize> {
    let ids = text.split("<@").skip(1).filter_map(|rest| rest.split(['>', '|']).next());
    ids.filter_map(|id| colleagues.iter().position(|person| person.id == id)).collect()
}
