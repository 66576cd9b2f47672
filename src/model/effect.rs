//! Effects: calls to Slack that are stored together with what caused them.

mod call;

use std::{collections::BTreeSet, fmt};

use chrono::Duration;
use serde::{Deserialize, Serialize};

pub use self::call::{Call, EffectProgress};
use super::{
    clock::Instant,
    message::{Home, Message, Modal},
    owner::Owner,
    people::{ChannelId, GroupId, UserId},
    refusal::Refusal,
    text::Markup,
};

/// An effect to enqueue.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEffect {
    /// Identifies one thing that people see (an announcement, an answer). There is one row per key, so order holds per
    /// key.
    pub key: String,
    /// Which ritual requested it, and its note.
    pub origin: Origin,
    /// When its owner ends, it is withdrawn if it is still unsent.
    pub owner: Owner,
    /// The person who caused it. Effects of different persons take turns; those without a causer take them by owner.
    pub causer: Option<UserId>,
    pub lane: Lane,
    pub not_before: Instant,
    /// Worthless after this instant.
    pub expires_at: Option<Instant>,
    /// What to do when it cannot be found out whether it was sent.
    pub delivery: DeliveryGuarantee,
    /// For how long the message can be changed by its key.
    pub keep: Keep,
    pub effect: Effect,
}

/// For how many minutes an answer is sent to the `response_url` of a command or a button; Slack allows 30.
pub const ANSWER_MINUTES: i64 = 25;

impl NewEffect {
    /// Returns an effect that a person waits for, and that is done at most once.
    pub fn new(ritual: &str, key: String, effect: Effect, now: Instant) -> NewEffect {
        NewEffect {
            key,
            origin: Origin::new(ritual, String::new()),
            owner: Owner::None,
            causer: None,
            lane: Lane::Interactive,
            not_before: now,
            expires_at: None,
            delivery: DeliveryGuarantee::AtMostOnce,
            keep: Keep::AWeek,
            effect,
        }
    }

    /// Returns a message that a person waits for, and that is posted at most once.
    pub fn post(origin: Origin, key: String, to: Target, message: Message, now: Instant) -> NewEffect {
        NewEffect { origin, ..NewEffect::new("", key, Effect::Post { to, message }, now) }
    }

    /// Returns an answer at a `response_url`: a person waits for it, and it expires after [`ANSWER_MINUTES`].
    pub fn answer(
        ritual: &str,
        key: String,
        url: String,
        message: Message,
        replace: bool,
        now: Instant,
    ) -> NewEffect {
        let effect = Effect::Respond { url, message, replace };
        let expires_at = Some(now + Duration::minutes(ANSWER_MINUTES));
        NewEffect { expires_at, ..NewEffect::new(ritual, key, effect, now) }
    }

    /// Returns the same effect, caused by this person.
    #[must_use]
    pub fn caused_by(self, person: &UserId) -> NewEffect {
        NewEffect { causer: Some(person.clone()), ..self }
    }
}

/// The engine's name among the rituals, for its own effects. One of its answers that can't be delivered needs no
/// attention.
pub const ENGINE: &str = "rondo";

/// The ritual that requested an effect, so that it can be told the outcome.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    pub ritual: String,
    /// What the ritual needs when it is told, or does something else instead: JSON of its own. It is erased once the
    /// message was sent.
    pub note: String,
    /// Whether the ritual is told of a success, too, and not only of a failure.
    pub wants_sent: bool,
}

impl Origin {
    /// Returns an origin that is told of failures only.
    pub fn new(ritual: &str, note: String) -> Origin {
        Origin { ritual: ritual.to_owned(), note, wants_sent: false }
    }
}

/// The outcome of an effect, as its ritual is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Slack shows the message. A ritual may be told so more than once.
    Sent { channel: ChannelId, ts: String },
    /// Slack did it, and it left no message that could be changed. A ritual may be told so more than once.
    Done,
    /// Slack refused to do it, with this error.
    Refused(Refusal, String),
    /// It was not done, since it had expired or was withdrawn.
    Dropped(String),
}

/// A call to Slack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Post a message, or change it if it is posted already.
    Post { to: Target, message: Message },
    /// Post to a `response_url`.
    Respond {
        /// It holds a secret, so it is never logged.
        url: String,
        message: Message,
        /// Whether it replaces the message that held the button.
        replace: bool,
    },
    /// Delete the message that was posted under the same key. If it was not posted, it is withdrawn.
    Delete {
        /// Where it was to be posted.
        to: Target,
    },
    /// Show a message to one person in a channel that they are in, until they reload.
    Ephemeral { channel: ChannelId, user: UserId, message: Message },
    /// Publish a person's Home.
    PublishHome { user: UserId, home: Home },
    /// Change an open modal. If it was closed meanwhile, nothing is lost.
    UpdateView {
        /// Slack's id of it.
        view: String,
        modal: Box<Modal>,
    },
    /// Set the topic of a channel.
    SetTopic {
        channel: ChannelId,
        /// Slack takes 250 characters.
        topic: Markup,
    },
    /// Replace the members of a user group.
    SetGroupMembers {
        group: GroupId,
        /// All members from now on; Slack refuses an empty list.
        people: Vec<UserId>,
    },
    /// Pin a message to its channel.
    Pin { channel: ChannelId, ts: String },
    /// Join a public channel.
    Join { channel: ChannelId },
}

/// For how long the row of an effect is kept, and its message can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For a week from when it may be sent.
    AWeek,
    Until(Instant),
    /// For as long as the workspace's data.
    Always,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A channel or a group DM.
    Channel(ChannelId),
    /// The thread below a message.
    Thread {
        channel: ChannelId,
        /// The message's timestamp.
        root: String,
    },
    /// The DM of one person with the bot.
    Person(UserId),
    /// The group DM of these people with the bot; Slack takes eight of them at most.
    Group(Vec<UserId>),
}

impl fmt::Display for Target {
    /// Writes its name for the store and for operators. A group has the same name in any order of its people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::Channel(channel) | Target::Thread { channel, .. } => channel.fmt(f),
            Target::Person(person) => person.fmt(f),
            Target::Group(people) => {
                let people: BTreeSet<&str> = people.iter().map(UserId::as_str).collect();
                f.write_str(&people.into_iter().collect::<Vec<_>>().join(","))
            }
        }
    }
}

/// The queue of an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// A person waits for it: first.
    Interactive,
    /// Part of a round for many people: after those.
    Bulk,
}

impl Lane {
    /// Returns the stored number, smallest first.
    pub fn rank(self) -> i64 {
        match self {
            Lane::Interactive => 0,
            Lane::Bulk => 1,
        }
    }
}

/// What to do when Slack's answer was lost and its history cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryGuarantee {
    /// It is dropped: announcements and answers.
    AtMostOnce,
    /// It is sent again: prompts.
    AtLeastOnce,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_has_one_name_in_any_order() {
        let name =
            |people: &[&str]| Target::Group(people.iter().copied().map(UserId::from).collect()).to_string();
        assert_eq!(name(&["U2", "U1", "W3"]), "U1,U2,W3");
        assert_eq!(name(&["W3", "U2", "U1", "U2"]), "U1,U2,W3");
        assert_eq!((name(&["U1"]), name(&[])), ("U1".to_owned(), String::new()));
    }
}
