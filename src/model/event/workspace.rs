//! Changes of the workspace, for the directory.

use serde::{Deserialize, Serialize};

use crate::model::people::{ChannelId, Closed, GroupId, Person, UserId};

/// A change in the workspace that the directory follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WorkspaceEvent {
    /// A person joined, changed their name or zone, or was deactivated.
    #[serde(rename = "person_changed")]
    PersonChanged(Person),
    /// A person, perhaps the bot, joined a channel.
    #[serde(rename = "member_joined")]
    MemberJoined(ChannelId, UserId),
    /// A person, perhaps the bot, left a channel.
    #[serde(rename = "member_left")]
    MemberLeft(ChannelId, UserId),
    /// A channel was created or renamed.
    #[serde(rename = "channel_named")]
    ChannelNamed(ChannelId, String),
    /// A channel was archived or deleted, or the bot was removed from it.
    #[serde(rename = "channel_gone")]
    ChannelGone(ChannelId, Closed),
    /// A channel was unarchived.
    #[serde(rename = "channel_back")]
    ChannelBack(ChannelId),
    /// A channel has another id now: a private one that was shared with another company.
    #[serde(rename = "channel_moved")]
    ChannelMoved { from: ChannelId, to: ChannelId },
    /// A user group was created, renamed, enabled or disabled, or its members changed.
    #[serde(rename = "group_changed")]
    GroupChanged {
        group: GroupId,
        /// Without `@`.
        handle: String,
        /// Whether it can be mentioned; a disabled group cannot.
        live: bool,
        /// All its members, where Slack said so.
        members: Option<Vec<UserId>>,
    },
    #[serde(rename = "uninstalled")]
    Uninstalled,
    /// Tokens of the app were revoked: the bots that they belonged to. `None` where the event names no token at all.
    #[serde(rename = "tokens_revoked")]
    TokensRevoked(Option<Vec<UserId>>),
}
