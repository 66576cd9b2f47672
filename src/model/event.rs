//! Every event and every reply: two closed enums.
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

/// How many characters of a person's message are kept with an event.
pub const LONGEST_WORDS: usize = 3_000;

/// An event from Slack, with the key by which a repetition is recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// `event_id` of an event, `trigger_id` of a command, click or submission.
    pub key: String,
    pub team: TeamId,
    pub event: Event,
}

/// An event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A person typed a slash command.
    #[serde(rename = "command")]
    Command(Command),
    /// A person pressed a button, or chose in a menu.
    #[serde(rename = "action")]
    Action(Action),
    /// A person submitted a modal.
    #[serde(rename = "submission")]
    Submission(Submission),
    /// A person closed a modal that asks for this event.
    #[serde(rename = "view_closed")]
    ViewClosed(ViewClosed),
    /// A person types into a menu whose options the bot supplies.
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
        user: UserId,
        /// The DM.
        channel: ChannelId,
        ts: String,
        /// Escaped as Slack does, the first 3,000 characters.
        text: String,
    },
    /// The workspace changed, for the directory.
    #[serde(rename = "workspace")]
    Workspace {
        event: WorkspaceEvent,
        /// By Slack's clock, in microseconds since the epoch; `None` if the event does not say.
        at_us: Option<i64>,
    },
}

impl Event {
    /// Returns the action or the callback that names its ritual, where a person used something of one.
    pub fn action(&self) -> Option<&str> {
        match self {
            Event::Action(action) => Some(&action.action),
            Event::Submission(submission) => Some(&submission.callback),
            Event::ViewClosed(closed) => Some(&closed.view.callback),
            Event::OptionsWanted(wanted) => Some(&wanted.action),
            _ => None,
        }
    }

    /// Returns the person who caused it; a change of the workspace has none.
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
    pub user: UserId,
    /// Slack's name of them, for a person who is not in the directory.
    pub user_name: Option<String>,
    pub channel: ChannelId,
    /// With its slash, as in `/kudos`.
    pub name: String,
    /// The text behind it, with mentions in Slack's escaped form.
    pub text: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Takes answers for 30 minutes, 5 at most.
    pub response_url: String,
}

/// How many people of a command are looked up together with the one who typed it.
const MOST_MENTIONED: usize = 20;

impl Command {
    /// Returns the people whom the text mentions, the first of them.
    pub fn mentioned(&self) -> Vec<UserId> {
        let behind = self.text.split("<@").skip(1).take(MOST_MENTIONED);
        let id = |text: &str| text.split(['|', '>']).next().map(|id| UserId(id.to_owned()));
        behind.filter_map(id).collect()
    }
}

/// A press of a button, or a choice in a menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub user: UserId,
    /// Slack's name of them.
    pub user_name: Option<String>,
    /// Where the message is; a modal or the Home has no channel.
    pub channel: Option<ChannelId>,
    /// The button's, the menu's or the chosen entry's `action`.
    pub action: String,
    /// Its `value`.
    pub value: String,
    /// What was chosen in a menu or a picker; an overflow's entry is an action of its own.
    pub chosen: Option<FieldValue>,
    /// The values of the fields and menus beside it: a field by its name, a menu by its action and value with a space
    /// between.
    pub fields: BTreeMap<String, FieldValue>,
    /// The message it is in.
    pub message: Option<MessagePlace>,
    /// The modal or Home it is in.
    pub view: Option<ViewPlace>,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Changes the message that holds the button, for 30 minutes, 5 times; a modal has none.
    pub response_url: Option<String>,
}

/// Where a message is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessagePlace {
    pub channel: ChannelId,
    pub ts: String,
    /// The timestamp of the thread's first message, if it is in a thread.
    pub thread_ts: Option<String>,
    /// Whether only one person sees it: then it can be changed through a `response_url` only.
    pub ephemeral: bool,
}

impl MessagePlace {
    /// Returns the address of the message, below the workspace's own (`https://harbour.slack.com/`).
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

/// A modal or Home that a person has open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViewPlace {
    /// Slack's id of it, by which it is changed.
    pub id: String,
    /// Its version.
    pub hash: String,
    pub callback: String,
    pub private: String,
    /// Whether it is a Home rather than a modal.
    pub home: bool,
}

/// The submission of a modal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub user: UserId,
    /// Slack's name of them.
    pub user_name: Option<String>,
    /// The modal's `callback`.
    pub callback: String,
    /// The modal's `private`.
    pub private: String,
    /// The value of each field, by its name.
    pub answers: BTreeMap<String, FieldValue>,
    /// The name of the modal's first field, where an error about the whole form is shown.
    pub first_field: Option<String>,
    /// Slack's id of the modal, by which it is changed; empty where Slack didn't say.
    pub view: String,
    /// Which version of the modal was sent; empty where Slack didn't say.
    pub hash: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
}

/// A modal that was closed without being submitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ViewClosed {
    pub user: UserId,
    pub view: ViewPlace,
    /// Whether a whole stack of modals was closed at once.
    pub all: bool,
}

/// A text typed into a menu whose options the bot supplies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptionsWanted {
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
    pub user: UserId,
    /// Slack's name of them.
    pub user_name: Option<String>,
    pub callback: String,
    /// [`MessagePlace::permalink`] is its address.
    pub message: MessagePlace,
    /// Whether everyone in the workspace may read it, as far as Slack says.
    #[serde(default)]
    pub is_public: bool,
    /// Who wrote the message; `None` for an app's message that names no person.
    pub author: Option<UserId>,
    /// Escaped as Slack does, the first 3,000 characters.
    pub text: String,
    /// The workspace's part of its address, as in `harbour` of `harbour.slack.com`.
    pub domain: Option<String>,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
    /// Takes answers for 30 minutes, 5 at most.
    pub response_url: Option<String>,
}

/// A shortcut that was used from the menu.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GlobalShortcut {
    pub user: UserId,
    /// Slack's name of them.
    pub user_name: Option<String>,
    pub callback: String,
    /// Opens a modal within 3 s, once.
    pub trigger: String,
}

/// A shortcut of either kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Shortcut {
    /// On a message.
    Message(MessageShortcut),
    /// From the menu.
    Global(GlobalShortcut),
}

impl Shortcut {
    /// Returns the ritual and its verb, as the app's manifest names it.
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
    pub user: UserId,
    pub message: MessagePlace,
    /// Escaped as Slack does, the first 3,000 characters.
    pub text: String,
}

/// An emoji that was added to a message or removed from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reaction {
    pub user: UserId,
    /// Without colons; a skin tone follows `::`.
    pub emoji: String,
    pub added: bool,
    /// The message's conversation.
    pub channel: ChannelId,
    /// The message's timestamp.
    pub ts: String,
    /// Who wrote the message, where Slack says so.
    pub author: Option<UserId>,
    /// By Slack's clock, in microseconds since the epoch: the later of two counts.
    pub at_us: Option<i64>,
}

/// A visit of the bot's Home.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeOpened {
    pub user: UserId,
    /// What they saw until now; `None` if no Home was published to them yet.
    pub view: Option<ViewPlace>,
}
