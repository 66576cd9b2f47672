//! Something to be done at Slack, written down together with what caused it.

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

/// Something to be done at Slack.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEffect {
    /// One thing seen by people (an announcement, an answer). There is one row per key, so order holds per key.
    pub key: String,
    /// Which ritual asked for it, and what it is about.
    pub origin: Origin,
    /// Whose it is: what is still unsent when its owner ends can be withdrawn.
    pub owner: Owner,
    /// The person who caused it. Effects of different persons take turns; those that nobody caused take them by owner.
    pub causer: Option<UserId>,
    /// Whether somebody is waiting for it.
    pub lane: Lane,
    /// Not before this instant.
    pub not_before: Instant,
    /// Of no use after this instant.
    pub expires_at: Option<Instant>,
    /// What to do when nobody can say whether it was done.
    pub delivery: DeliveryGuarantee,
    /// For how long the message can be changed by its key.
    pub keep: Keep,
    /// What to do.
    pub effect: Effect,
}

/// For how long an answer is sent to the `response_url` of a command or a button; Slack grants 30 minutes.
pub const ANSWER_MINUTES: i64 = 25;

impl NewEffect {
    /// Something that a person waits for, and that is rather never done than twice.
    pub fn new(ritual: &str, key: String, work: Effect, now: Instant) -> NewEffect {
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
            effect: work,
        }
    }

    /// A message that a person waits for, and that is rather never posted than twice.
    pub fn post(origin: Origin, key: String, to: Target, message: Message, now: Instant) -> NewEffect {
        NewEffect { origin, ..NewEffect::new("", key, Effect::Post { to, message }, now) }
    }

    /// An answer at a `response_url`: a person waits for it, and it is of no use later.
    pub fn answer(
        ritual: &str,
        key: String,
        url: String,
        message: Message,
        replace: bool,
        now: Instant,
    ) -> NewEffect {
        let work = Effect::Respond { url, message, replace };
        let expires_at = Some(now + Duration::minutes(ANSWER_MINUTES));
        NewEffect { expires_at, ..NewEffect::new(ritual, key, work, now) }
    }

    /// The same effect, caused by this person.
    #[must_use]
    pub fn caused_by(self, person: &UserId) -> NewEffect {
        NewEffect { causer: Some(person.clone()), ..self }
    }
}

/// The name of the engine among the rituals, for what it says itself. An answer of its own that can't be delivered is no loss.
pub const ENGINE: &str = "rondo";

/// Which ritual asked for an effect, so that it can be told what became of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The ritual's name.
    pub ritual: String,
    /// What the ritual needs when it is told, and when it does something else instead: JSON of its own. It is forgotten
    /// once the message was sent.
    pub note: String,
    /// Whether the ritual is told that the message was sent, too, and not only that it could not be.
    pub wants_sent: bool,
}

impl Origin {
    /// An origin that is told of failures alone.
    pub fn new(ritual: &str, note: String) -> Origin {
        Origin { ritual: ritual.to_owned(), note, wants_sent: false }
    }
}

/// What became of an effect, as its ritual is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// Slack shows the message. A ritual may be told so more than once.
    Sent {
        /// The conversation that it stands in.
        channel: ChannelId,
        /// Its timestamp there.
        ts: String,
    },
    /// Slack did it, and it left no message that could be changed. A ritual may be told so more than once.
    Done,
    /// Slack refused to do it, with this error.
    Refused(Refusal, String),
    /// It was not done, since it was of no use any more.
    Dropped(String),
}

/// What to do at Slack.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Post a message, or change it when it is posted already.
    Post {
        /// Where.
        to: Target,
        /// What.
        message: Message,
    },
    /// Answer at a `response_url`.
    Respond {
        /// Where; it holds a secret, so it is never logged.
        url: String,
        /// What.
        message: Message,
        /// Whether the message that held the button is replaced, rather than a new one shown.
        replace: bool,
    },
    /// Delete the message that was posted under the same key. What was never posted is not posted any more.
    Delete {
        /// Where it was to be posted.
        to: Target,
    },
    /// Show a message to one person in a channel that they are in, until they reload.
    Ephemeral {
        /// Where.
        channel: ChannelId,
        /// Whom.
        user: UserId,
        /// What.
        message: Message,
    },
    /// Show a person this Home from now on.
    PublishHome {
        /// Whom.
        user: UserId,
        /// What.
        home: Home,
    },
    /// Show something else in a modal that is open. One that was closed meanwhile is no loss.
    UpdateView {
        /// Slack's name for it.
        view: String,
        /// What it shows.
        modal: Box<Modal>,
    },
    /// Set the topic of a channel.
    SetTopic {
        /// The channel.
        channel: ChannelId,
        /// The topic; Slack takes 250 characters.
        topic: Markup,
    },
    /// Put exactly these people into a user group.
    SetGroupMembers {
        /// The user group.
        group: GroupId,
        /// All who are in it from now on; Slack refuses none.
        people: Vec<UserId>,
    },
    /// Pin a message to its channel.
    Pin {
        /// The channel.
        channel: ChannelId,
        /// The message's timestamp.
        ts: String,
    },
    /// Join a public channel.
    Join {
        /// The channel.
        channel: ChannelId,
    },
}

/// For how long the row of an effect is kept, and its message can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// For a week from when it may be sent.
    AWeek,
    /// Until this instant.
    Until(Instant),
    /// For as long as the workspace is.
    Always,
}

/// Where a message goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A channel or a group DM.
    Channel(ChannelId),
    /// The thread below a message.
    Thread {
        /// The message's conversation.
        channel: ChannelId,
        /// Its timestamp.
        root: String,
    },
    /// The DM of one person with the bot.
    Person(UserId),
    /// The group DM of these people with the bot; Slack takes eight of them at most.
    Group(Vec<UserId>),
}

impl fmt::Display for Target {
    /// Its name in the store and for an operator. A group is called the same in whatever order it was named.
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

/// Which of two queues an effect waits in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody is waiting: first.
    Interactive,
    /// A round of many: after those.
    Bulk,
}

impl Lane {
    /// The number the store keeps, smallest first.
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
    /// It is given up: announcements and answers.
    AtMostOnce,
    /// It is sent again: prompts.
    AtLeastOnce,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_called_the_same_in_whatever_order_it_was_named() {
        let name =
            |people: &[&str]| Target::Group(people.iter().copied().map(UserId::from).collect()).to_string();
        assert_eq!(name(&["U2", "U1", "W3"]), "U1,U2,W3");
        assert_eq!(name(&["W3", "U2", "U1", "U2"]), "U1,U2,W3");
        assert_eq!((name(&["U1"]), name(&[])), ("U1".to_owned(), String::new()));
    }
}
