//! Reads lists: people, channels and their members, user groups.

use super::{
    super::{
        payload::person,
        responses::{self, ChannelInfo, ChannelMembers, Channels, Groups, More, UserPage},
    },
    CallError, PAGE, Slack,
};
use crate::model::people::{ChannelId, Closed, GroupId, Person, UserId};

/// What Slack says about a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id now: a private channel gets another one when it is shared with another company.
    pub id: ChannelId,
    /// Without `#`.
    pub name: String,
    /// Why the bot cannot work there, if it cannot.
    pub closed: Option<Closed>,
    /// Whether everyone in the workspace may read it.
    pub is_public: bool,
}

impl Channel {
    fn of(info: ChannelInfo) -> Channel {
        let is_direct = info.is_im == Some(true) || info.is_mpim == Some(true);
        let closed = if is_direct {
            Some(Closed::Direct)
        } else if info.is_archived == Some(true) {
            Some(Closed::Archived)
        } else {
            (info.is_member == Some(false)).then_some(Closed::NotIn)
        };
        let is_public = info.is_private == Some(false) && !is_direct;
        Channel { id: info.id, name: info.name.unwrap_or_default(), closed, is_public }
    }
}

/// A page of a long list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; `None` on the last one.
    pub next: Option<String>,
}

impl Slack {
    /// Returns a page of all people in the workspace, including bots and deactivated accounts.
    pub async fn people(&self, cursor: Option<&str>) -> Result<Page<Person>, CallError> {
        let home = self.me().await?.team;
        let page: UserPage = self.ask("users.list", &[("limit", Some(PAGE)), ("cursor", cursor)]).await?;
        let items = page.members.iter().filter_map(|member| person(member, &home)).collect();
        Ok(Page { items, next: page.response_metadata.and_then(More::next) })
    }

    /// Returns what Slack says of a person now; the directory may be a day old.
    pub async fn person(&self, user: &UserId) -> Result<Person, CallError> {
        const METHOD: &str = "users.info";
        let home = self.me().await?.team;
        let answer: responses::UserInfo = self.ask(METHOD, &[("user", Some(user.as_str()))]).await?;
        person(&answer.user, &home).ok_or_else(|| CallError::Lost {
            method: METHOD,
            cause: "the answer lacks what this method always answers".to_owned(),
        })
    }

    /// Returns a page of the channels that the bot is in.
    pub async fn channels(&self, cursor: Option<&str>) -> Result<Page<Channel>, CallError> {
        let parameters = [
            ("types", Some("public_channel,private_channel")),
            ("exclude_archived", Some("true")),
            ("limit", Some(PAGE)),
            ("cursor", cursor),
        ];
        let page: Channels = self.ask("users.conversations", &parameters).await?;
        let items = page.channels.into_iter().map(Channel::of).collect();
        Ok(Page { items, next: page.response_metadata.and_then(More::next) })
    }

    /// Returns what Slack says about a channel. A channel hidden from the bot counts as one that it is not in; a group
    /// DM needs a scope that Rondo does not request.
    pub async fn channel(&self, channel: &ChannelId) -> Result<Channel, CallError> {
        let closed = |closed| Channel {
            id: channel.clone(),
            name: String::new(),
            closed: Some(closed),
            is_public: false,
        };
        match self
            .ask::<responses::ConversationInfo>("conversations.info", &[("channel", Some(channel.as_str()))])
            .await
        {
            Ok(answer) => Ok(Channel::of(answer.channel)),
            Err(CallError::Refused { error, .. }) if error == "channel_not_found" => {
                Ok(closed(Closed::NotIn))
            }
            Err(CallError::Refused { error, needed: Some(needed), .. })
                if error == "missing_scope" && (needed == "mpim:read" || needed == "im:read") =>
            {
                Ok(closed(Closed::Direct))
            }
            Err(error) => Err(error),
        }
    }

    /// Returns a page of a channel's members.
    pub async fn members(
        &self,
        channel: &ChannelId,
        cursor: Option<&str>,
    ) -> Result<Page<UserId>, CallError> {
        /// Slack takes "under 1,000". It recommends 200, which suits rows; these are bare ids, and a person may be
        /// waiting for the whole list.
        const IDS: &str = "999";
        let parameters = [("channel", Some(channel.as_str())), ("limit", Some(IDS)), ("cursor", cursor)];
        let page: ChannelMembers = self.ask("conversations.members", &parameters).await?;
        Ok(Page { items: page.members, next: page.response_metadata.and_then(More::next) })
    }

    /// Returns the enabled user groups: id, handle and members of each.
    pub async fn groups(&self) -> Result<Vec<(GroupId, String, Vec<UserId>)>, CallError> {
        let list: Groups = self.ask("usergroups.list", &[("include_users", Some("true"))]).await?;
        Ok(list.usergroups.into_iter().map(|group| (group.id, group.handle, group.users)).collect())
    }
}
