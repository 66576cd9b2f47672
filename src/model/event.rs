//! Everything that can happen, and everything that can be answered: two closed enums.
//!
//! Events and replies are stored, so their JSON is a fixed form: each variant has a name of its own there, and
//! `tests.rs` holds a literal sample of each.

mod answer;
mod reply;
#[cfg(test)]
mod tests;
mod workspace;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use self::{answer::FieldValue, reply::Reply, workspace::WorkspaceEvent};
use super::people::{ChannelId, TeamId, UserId};

/// How much of what a person wrote is kept with an event, in characters.
pub const LONGEST_WORDS: usize = 3_000;

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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// Somebody typed a slash command.
    #[serde(rename = "command")]
    Command(Command),
    /// A person pressed a button, or chose in a menu.
    #[serde(rename = "action")]
    Action(Action),
    /// Somebody sent a modal.
    #[serde(rename = "submission")]
    Submission(Submission),
    /// A person closed a modal that wants to be told.
    #[serde(rename = "view_closed")]
    ViewClosed(ViewClosed),
    /// A person types into a menu whose options the bot brings.
    #[serde(rename = "options_wanted")]
    OptionsWanted(OptionsWanted),
    /// A person used a shortcut on a message.
    #[serde(rename = "message_shortcut")]
    MessageShortcut(MessageShortcut),
    /// A person used a shortcut from the menu.
    #[serde(rename = "global_shortcut")]
    GlobalShortcut(GlobalShortcut),
    /// A person mentioned the bot in a channel.
    #[serde(rename = "mention")]
    Mention(Mentioned),
    /// A person put an emoji on a message, or took it off.
    #[serde(rename = "reaction")]
    Reaction(Reaction),
    /// A person opened the bot's Home.
    #[serde(rename = "home_opened")]
    HomeOpened(HomeOpened),
    /// A person wrote to the bot in their DM.
    #[serde(rename = "direct_message")]
    DirectMessage {
        /// Who wrote.
        user: UserId,
        /// The DM.
        channel: ChannelId,
        /// The message's timestamp.
        ts: String,
        /// What they wrote, escaped as Slack does, the first 3,000 characters of it.
        text: String,
    },
    /// The workspace changed: the directory's business.
    #[serde(rename = "workspace")]
    Workspace {
        /// What changed.
        event: WorkspaceEvent,
        /// When, by Slack's clock, in microseconds since the epoch; `None` where the event does not say.
        at_us: Option<i64>,
    },
}

impl Event {
    /// The person who caused it; a change of the workspace has none.
    pub fn actor(&self) -> Option<&UserId> {
        match self {
            Event::Command(command) => Some(&command.user),
            Event::Action(action) => Some(&action.user),
            Event::Submission(submission) => Some(&submission.user),
            Event::ViewClosed(closed) => Some(&closed.user),
            Event::OptionsWanted(wanted) => Some(&wanted.user),
            Event::MessageShortcut(shortcut) => Some(&shortcut.user),
            Event::GlobalShortcut(shortcut) => Some(&shortcut.user),
            Event::Mention(mention) => Some(&mention.user),
            Event::Reaction(reaction) => Some(&reaction.user),
            Event::HomeOpened(opened) => Some(&opened.user),
            Event::DirectMessage { user, .. } => Some(user),
            Event::Workspace { .. } => None,
        }
    }
}

/// A slash command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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

/// A press of a button, or a choice in a menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Who pressed it.
    pub user: UserId,
    /// What Slack calls them.
    pub user_name: Option<String>,
    /// Where the message is; a modal or the Home has no channel.
    pub channel: Option<ChannelId>,
    /// The button's, the menu's or the chosen entry's `action`.
    pub action: String,
    /// Its `value`.
    pub value: String,
    /// What was chosen, where it is a menu or a picker; an overflow's entry is an action of its own.
    pub chosen: Option<FieldValue>,
    /// What the fields and menus beside it hold: a field by its name, a menu by its action and value with a space
    /// between.
    pub fields: BTreeMap<String, FieldValue>,
    /// The message it is in.
    pub message: Option<MessagePlace>,
    /// The modal or Home it is in.
    pub view: Option<ViewPlace>,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Where the message that holds the button may be changed for 30 minutes, 5 times; a modal has none.
    pub response_url: Option<String>,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePlace {
    /// Its conversation.
    pub channel: ChannelId,
    /// Its timestamp.
    pub ts: String,
    /// The timestamp of the message that its thread hangs on, where it is in one.
    pub thread_ts: Option<String>,
    /// Whether one person alone sees it: then it can be changed through a `response_url` only.
    pub ephemeral: bool,
}

impl MessagePlace {
    /// The address of the message, below the workspace's own (`https://harbour.slack.com/`).
    pub fn permalink(&self, workspace: &str) -> String {
        let (workspace, channel) = (workspace.trim_end_matches('/'), &self.channel);
        let at = self.ts.replace('.', "");
        match &self.thread_ts {
            Some(root) if *root != self.ts => {
                format!("{workspace}/archives/{channel}/p{at}?thread_ts={root}&cid={channel}")
            }
            _ => format!("{workspace}/archives/{channel}/p{at}"),
        }
    }
}

/// A modal or Home that a person has in front of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewPlace {
    /// Slack's name for it, by which it is changed.
    pub id: String,
    /// Which version of it this is.
    pub hash: String,
    /// Its `callback`.
    pub callback: String,
    /// Its `private`.
    pub private: String,
    /// Whether it is a Home rather than a modal.
    pub home: bool,
}

/// The answers of a modal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    pub answers: BTreeMap<String, FieldValue>,
    /// The name of the modal's first field, where an error that concerns the whole form is shown.
    pub first_field: Option<String>,
    /// Slack's name for the modal, by which it is changed; empty where Slack didn't say.
    pub view: String,
    /// Which version of the modal was sent; empty where Slack didn't say.
    pub hash: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
}

/// A modal that was closed without being sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewClosed {
    /// Who closed it.
    pub user: UserId,
    /// The modal.
    pub view: ViewPlace,
    /// Whether all modals that lay on one another were closed at once.
    pub all: bool,
}

/// Something typed into a menu whose options the bot brings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionsWanted {
    /// Who types.
    pub user: UserId,
    /// The menu's `action`, or the field's name.
    pub action: String,
    /// The menu's `value`.
    pub value: String,
    /// What was typed so far.
    pub typed: String,
    /// The message that the menu is in.
    pub message: Option<MessagePlace>,
    /// The modal or Home that the menu is in.
    pub view: Option<ViewPlace>,
}

/// A shortcut that was used on a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageShortcut {
    /// Who used it.
    pub user: UserId,
    /// What Slack calls them.
    pub user_name: Option<String>,
    /// The shortcut's `callback`.
    pub callback: String,
    /// Where the message is; [`MessagePlace::permalink`] is its address.
    pub message: MessagePlace,
    /// Who wrote the message; `None` for an app's message that names no person.
    pub author: Option<UserId>,
    /// What it says, escaped as Slack does, the first 3,000 characters of it.
    pub text: String,
    /// The workspace's part of its address, as in `harbour` of `harbour.slack.com`.
    pub domain: Option<String>,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Where answers may be sent for 30 minutes, 5 times.
    pub response_url: Option<String>,
}

/// A shortcut that was used from the menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlobalShortcut {
    /// Who used it.
    pub user: UserId,
    /// What Slack calls them.
    pub user_name: Option<String>,
    /// The shortcut's `callback`.
    pub callback: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
}

/// A shortcut, wherever it was used.
#[derive(Clone, Debug, PartialEq)]
pub enum Shortcut {
    /// On a message.
    Message(MessageShortcut),
    /// From the menu.
    Global(GlobalShortcut),
}

impl Shortcut {
    /// The ritual and its verb, as the app's manifest names it.
    pub fn callback(&self) -> &str {
        match self {
            Shortcut::Message(shortcut) => &shortcut.callback,
            Shortcut::Global(shortcut) => &shortcut.callback,
        }
    }
}

/// A message that mentions the bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mentioned {
    /// Who wrote it.
    pub user: UserId,
    /// Where it is.
    pub message: MessagePlace,
    /// What it says, escaped as Slack does, the first 3,000 characters of it.
    pub text: String,
}

/// An emoji that was put on a message or taken off it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    /// Who did it.
    pub user: UserId,
    /// The emoji's name, without colons; a skin tone stands behind `::`.
    pub emoji: String,
    /// Whether it was put there.
    pub added: bool,
    /// The message's conversation.
    pub channel: ChannelId,
    /// The message's timestamp.
    pub ts: String,
    /// Who wrote the message, where Slack says so.
    pub author: Option<UserId>,
    /// When, by Slack's clock, in microseconds since the epoch: the later of two says how it stands.
    pub at_us: Option<i64>,
}

/// A look at the bot's Home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeOpened {
    /// Who looks.
    pub user: UserId,
    /// What they saw until now; `None` where nothing was published to them yet.
    pub view: Option<ViewPlace>,
}
