//! Everything that can happen, and everything that can be answered: two closed enums.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    message::{Message, Modal},
    people::{ChannelId, Closed, GroupId, Person, TeamId, UserId},
};

/// Something that came in from Slack, with the key by which a repetition is recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// `event_id` of an event, `trigger_id` of a command, click or submission.
    pub key: String,
    /// The workspace it came from.
    pub team: TeamId,
    /// What happened.
    pub event: Event,
}

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// Somebody typed a slash command.
    Command(Command),
    /// Somebody pressed a button.
    Action(Action),
    /// Somebody sent a modal.
    Submission(Submission),
    /// A person wrote to the bot in their DM. What they wrote is not kept.
    DirectMessage {
        /// Who wrote.
        user: UserId,
        /// The DM.
        channel: ChannelId,
    },
    /// The workspace changed: the directory's business.
    Workspace {
        /// What changed.
        event: WorkspaceEvent,
        /// When, by Slack's clock, in microseconds since the epoch; `None` where the event does not say.
        at_us: Option<i64>,
    },
}

/// A slash command.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Who typed it.
    pub user: UserId,
    /// What Slack calls them, for where the directory has not met them.
    pub user_name: Option<String>,
    /// Where.
    pub channel: ChannelId,
    /// With its slash, as in `/kudos`.
    pub name: String,
    /// What follows it, mentions in Slack's escaped form.
    pub text: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Where answers may be sent for 30 minutes, 5 times.
    pub response_url: String,
}

/// A press of a button.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// Who pressed it.
    pub user: UserId,
    /// What Slack calls them.
    pub user_name: Option<String>,
    /// Where the message is; a modal or the Home has no channel.
    pub channel: Option<ChannelId>,
    /// The button's `action`.
    pub action: String,
    /// The button's `value`.
    pub value: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Where the message that holds the button may be changed for 30 minutes, 5 times; a modal has none.
    pub response_url: Option<String>,
}

/// The answers of a modal.
#[derive(Clone, Debug, PartialEq)]
pub struct Submission {
    /// Who sent it.
    pub user: UserId,
    /// What Slack calls them.
    pub user_name: Option<String>,
    /// The modal's `callback`.
    pub callback: String,
    /// The modal's `private`.
    pub private: String,
    /// What each field holds, by its name.
    pub answers: BTreeMap<String, Answer>,
    /// The name of the modal's first field, where an error that concerns the whole form is shown.
    pub first_field: Option<String>,
}

/// What a field of a modal held when it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A text, empty where nothing was typed.
    Text(String),
    /// The people chosen.
    People(Vec<UserId>),
}

/// A change in the workspace that the directory follows.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkspaceEvent {
    /// Somebody joined, changed their name or zone, or was deactivated.
    PersonChanged(Person),
    /// Somebody, perhaps the bot, came into a channel.
    MemberJoined(ChannelId, UserId),
    /// Somebody, perhaps the bot, left a channel.
    MemberLeft(ChannelId, UserId),
    /// A channel has this name now.
    ChannelNamed(ChannelId, String),
    /// A channel was archived or deleted, or the bot was removed from it.
    ChannelGone(ChannelId, Closed),
    /// A channel came back from the archive.
    ChannelBack(ChannelId),
    /// A channel has another id now: a private one that was shared with another company.
    ChannelMoved {
        /// Its id until now.
        from: ChannelId,
        /// Its id from now on.
        to: ChannelId,
    },
    /// A user group was made, renamed, filled anew or switched off.
    GroupChanged {
        /// Which.
        group: GroupId,
        /// Its handle, without `@`.
        handle: String,
        /// Whether it can be mentioned; a group that was switched off cannot.
        live: bool,
        /// Exactly who is in it, where Slack said so.
        members: Option<Vec<UserId>>,
    },
    /// The app was uninstalled.
    Uninstalled,
    /// Tokens of the app were revoked: the bots that they belonged to. `None` where the event names no token at all.
    TokensRevoked(Option<Vec<UserId>>),
}

/// What the person gets as the acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// An empty acknowledgement.
    #[default]
    Nothing,
    /// A message that only they see.
    Ephemeral(Message),
    /// A modal opens: called for right after the acknowledgement, since its trigger dies after 3 s.
    Open(Box<Modal>),
    /// The modal stays open and says at each named field what to mend.
    Errors(BTreeMap<String, String>),
}
