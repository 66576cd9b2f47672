//! Changes of the workspace: the directory's business.

use serde::{Deserialize, Serialize};

use crate::model::people::{ChannelId, Closed, GroupId, Person, UserId};

/// A change in the workspace that the directory follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WorkspaceEvent {
    /// Somebody joined, changed their name or zone, or was deactivated.
    #[serde(rename = "person_changed")]
    PersonChanged(Person),
    /// Somebody, perhaps the bot, came into a channel.
    #[serde(rename = "member_joined")]
    MemberJoined(ChannelId, UserId),
    /// Somebody, perhaps the bot, left a channel.
    #[serde(rename = "member_left")]
    MemberLeft(ChannelId, UserId),
    /// A channel has this name now.
    #[serde(rename = "channel_named")]
    ChannelNamed(ChannelId, String),
    /// A channel was archived or deleted, or the bot was removed from it.
    #[serde(rename = "channel_gone")]
    ChannelGone(ChannelId, Closed),
    /// A channel came back from the archive.
    #[serde(rename = "channel_back")]
    ChannelBack(ChannelId),
    /// A channel has another id now: a private one that was shared with another company.
    #[serde(rename = "channel_moved")]
    ChannelMoved {
        /// Its id until now.
        from: ChannelId,
        /// Its id from now on.
        to: ChannelId,
    },
    /// A user group was made, renamed, filled anew or switched off.
    #[serde(rename = "group_changed")]
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
    #[serde(rename = "uninstalled")]
    Uninstalled,
    /// Tokens of the app were revoked: the bots that they belonged to. `None` where the event names no token at all.
    #[serde(rename = "tokens_revoked")]
    TokensRevoked(Option<Vec<UserId>>),
}
