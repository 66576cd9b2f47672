//! Saving the words of a message for a ritual, as *Save for…* does: what a ritual offers, and what it gets.

use chrono_tz::Tz;

use crate::model::people::{ChannelId, UserId};

/// What a person may save words for: the next sync of a channel, say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SavePlace {
    /// The ritual's id of it, 100 characters at most.
    pub id: String,
    /// What the person chooses, as in `#team: Tuesday, 6 January`; plain text.
    pub label: String,
    /// Whether only the person reads what they save there; else everyone in the place's channel does.
    pub is_private: bool,
    /// Whether the words are something that the person does: for words of a private conversation that comes first.
    pub is_to_do: bool,
    /// Whether it comes behind what other rituals offer.
    pub comes_last: bool,
    /// The channel whose next meeting gets the words as a point of its agenda, if it is such a place.
    pub agenda_of: Option<ChannelId>,
    /// The zone of the time in the label, if it has one.
    pub times_in: Option<Tz>,
}

/// Words that a person saves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedWords {
    /// A new id. Words that are sent twice have the same one.
    pub id: String,
    pub user: UserId,
    /// The person who wrote them, if it is another.
    pub author: Option<UserId>,
    /// Clean, with names for mentions, [`LONGEST_WORDS`](crate::model::event::LONGEST_WORDS) characters at most.
    pub words: String,
    /// The address of the message that they are from; empty without one.
    pub link: String,
}
