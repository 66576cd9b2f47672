//! What is read from Slack's answers: only what is used, so that nothing else can make an answer unreadable.

use serde::Deserialize;
use serde_json::Value;

use crate::model::people::{ChannelId, GroupId, TeamId, UserId};

/// An answer with nothing beyond `ok`.
#[derive(Deserialize)]
pub(super) struct Done {}

/// `auth.test`.
#[derive(Deserialize)]
pub(super) struct Who {
    pub team_id: TeamId,
    #[serde(default)]
    pub team: String,
    #[serde(default)]
    pub url: String,
    pub user_id: UserId,
    pub bot_id: Option<String>,
}

/// `conversations.open`.
#[derive(Deserialize)]
pub(super) struct Opened {
    pub channel: ChannelInfo,
}

/// The used fields of a channel. A missing one is unknown.
#[derive(Deserialize)]
pub(super) struct ChannelInfo {
    pub id: ChannelId,
    pub name: Option<String>,
    pub is_archived: Option<bool>,
    pub is_member: Option<bool>,
    pub is_im: Option<bool>,
    pub is_mpim: Option<bool>,
    pub is_private: Option<bool>,
}

/// `conversations.info`.
#[derive(Deserialize)]
pub(super) struct ConversationInfo {
    pub channel: ChannelInfo,
}

/// The cursor of a long list.
#[derive(Deserialize)]
pub(super) struct More {
    pub next_cursor: Option<String>,
}

impl More {
    /// Returns the next page's cursor; Slack writes an empty one on the last page.
    pub fn next(self) -> Option<String> {
        self.next_cursor.filter(|cursor| !cursor.is_empty())
    }
}

/// `conversations.history`; its messages stay raw, since people and apps put anything into them.
#[derive(Deserialize)]
pub(super) struct History {
    pub messages: Vec<Value>,
    pub response_metadata: Option<More>,
}

/// `users.list`; its members are read one by one, so that one odd account does not hide the rest.
#[derive(Deserialize)]
pub(super) struct UserPage {
    pub members: Vec<Value>,
    pub response_metadata: Option<More>,
}

/// `users.info`.
#[derive(Deserialize)]
pub(super) struct UserInfo {
    pub user: Value,
}

/// `users.conversations`.
#[derive(Deserialize)]
pub(super) struct Channels {
    pub channels: Vec<ChannelInfo>,
    pub response_metadata: Option<More>,
}

/// `conversations.members`.
#[derive(Deserialize)]
pub(super) struct ChannelMembers {
    pub members: Vec<UserId>,
    pub response_metadata: Option<More>,
}

/// `usergroups.list`.
#[derive(Deserialize)]
pub(super) struct Groups {
    pub usergroups: Vec<UserGroupRecord>,
}

#[derive(Deserialize)]
pub(super) struct UserGroupRecord {
    pub id: GroupId,
    pub handle: String,
    #[serde(default)]
    pub users: Vec<UserId>,
}

/// The methods that show a view.
#[derive(Deserialize)]
pub(super) struct ViewResponse {
    pub view: View,
}

#[derive(Deserialize)]
pub(super) struct View {
    pub id: String,
    #[serde(default)]
    pub hash: String,
}

/// `apps.connections.open`.
#[derive(Deserialize)]
pub(super) struct SocketAddress {
    pub url: String,
}
