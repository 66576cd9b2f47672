//! Conversations and user groups: opens and joins them, sets topics and members.

use serde_json::json;

use super::{
    super::{
        blocks,
        responses::{Done, Opened},
    },
    CallError, Slack,
};
use crate::model::{
    people::{ChannelId, GroupId, UserId},
    text::Markup,
};

impl Slack {
    /// Returns the DM of these people with the bot, and opens it if needed: a group DM for several people. Slack opens
    /// the same one for the same people, so this may be repeated freely.
    pub async fn open_dm(&self, people: &[UserId]) -> Result<ChannelId, CallError> {
        let request = json!({ "users": in_one_text(people) });
        let opened: Opened = self.call("conversations.open", &request).await?;
        Ok(opened.channel.id)
    }

    /// Brings the bot into a public channel. If it is in it already, nothing happens.
    pub async fn join(&self, channel: &ChannelId) -> Result<(), CallError> {
        self.call::<_, Done>("conversations.join", &json!({ "channel": channel })).await.map(drop)
    }

    /// Sets a channel's topic, cut to the 250 characters that Slack takes.
    pub async fn set_topic(&self, channel: &ChannelId, topic: &Markup) -> Result<(), CallError> {
        let request = json!({ "channel": channel, "topic": blocks::topic(topic) });
        self.call::<_, Done>("conversations.setTopic", &request).await.map(drop)
    }

    /// Replaces the members of a user group. Slack refuses an empty list.
    pub async fn set_group_members(&self, group: &GroupId, people: &[UserId]) -> Result<(), CallError> {
        let request = json!({ "usergroup": group, "users": in_one_text(people) });
        self.call::<_, Done>("usergroups.users.update", &request).await.map(drop)
    }
}

/// Joins ids as Slack's methods take a list of them.
fn in_one_text(people: &[UserId]) -> String {
    people.iter().map(UserId::as_str).collect::<Vec<_>>().join(",")
}
