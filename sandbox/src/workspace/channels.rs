//! Conversations of all four kinds, and the object Slack shows for them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::World;
use super::messages::Post;

/// The four kinds of conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChannelKind {
    /// Open to all members.
    Public,
    /// By invitation.
    Private,
    /// Two people.
    Im,
    /// A few people.
    Mpim,
}

impl ChannelKind {
    /// Its name in `types` of `conversations.list`.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            ChannelKind::Public => "public_channel",
            ChannelKind::Private => "private_channel",
            ChannelKind::Im => "im",
            ChannelKind::Mpim => "mpim",
        }
    }

    /// Its name in `channel_type` of events.
    pub(crate) fn event_name(self) -> &'static str {
        match self {
            ChannelKind::Public => "channel",
            ChannelKind::Private => "group",
            ChannelKind::Im => "im",
            ChannelKind::Mpim => "mpim",
        }
    }

    /// The first word of the scopes for it.
    pub(crate) fn scope_name(self) -> &'static str {
        match self {
            ChannelKind::Public => "channels",
            ChannelKind::Private => "groups",
            ChannelKind::Im => "im",
            ChannelKind::Mpim => "mpim",
        }
    }
}

/// A conversation.
#[derive(Clone, Debug)]
pub(crate) struct Channel {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) kind: ChannelKind,
    pub(crate) members: BTreeSet<String>,
    pub(crate) posts: Vec<Post>,
    /// How many times a message appeared, changed or was deleted.
    pub(crate) changes: u64,
    pub(crate) created_ms: i64,
    pub(crate) creator: String,
    pub(crate) topic: String,
    pub(crate) archived: bool,
}

impl Channel {
    pub(crate) fn is_open_to(&self, user: &str) -> bool {
        self.kind == ChannelKind::Public || self.members.contains(user)
    }

    pub(crate) fn post(&self, ts: &str) -> Option<&Post> {
        self.posts.get(self.at(ts)?).filter(|post| !post.deleted)
    }

    /// Returns the position of a message, deleted or not, by binary search: time stamps only grow.
    fn at(&self, ts: &str) -> Option<usize> {
        self.posts.binary_search_by(|post| post.ts.as_str().cmp(ts)).ok()
    }

    /// Returns the messages after this time stamp, with deleted ones.
    pub(crate) fn after(&self, ts: &str) -> &[Post] {
        let start = self.posts.partition_point(|post| post.ts.as_str() <= ts);
        self.posts.get(start..).unwrap_or_default()
    }

    /// Returns a message to change it, and counts the change.
    pub(crate) fn post_mut(&mut self, ts: &str) -> Option<&mut Post> {
        let thread_ts = self.post(ts)?.thread_ts.clone();
        self.changes += 1;
        self.stamp_thread(thread_ts.as_deref());
        let change = self.changes;
        let at = self.at(ts)?;
        let post = self.posts.get_mut(at)?;
        post.change = change;
        Some(post)
    }

    /// Adds a message at the end.
    pub(crate) fn put(&mut self, mut post: Post) {
        self.changes += 1;
        self.stamp_thread(post.thread_ts.as_deref());
        post.change = self.changes;
        self.posts.push(post);
    }

    /// Counts a change in a thread as a change of its first message, which shows the replies.
    fn stamp_thread(&mut self, thread_ts: Option<&str>) {
        let change = self.changes;
        let root = thread_ts.and_then(|ts| self.at(ts));
        if let Some(root) = root.and_then(|at| self.posts.get_mut(at)) {
            root.change = change;
        }
    }

    /// Returns the name of the conversation in commands and interactions.
    pub(crate) fn payload_name(&self) -> &str {
        match self.kind {
            ChannelKind::Public => &self.name,
            ChannelKind::Private | ChannelKind::Mpim => "privategroup",
            ChannelKind::Im => "directmessage",
        }
    }
}

impl World {
    /// Makes an empty channel with its creator in it and returns its id.
    pub(crate) fn new_channel(&mut self, name: &str, kind: ChannelKind, creator: &str) -> String {
        let id = self.ids.id(if kind == ChannelKind::Im { "D" } else { "C" });
        let channel = Channel {
            id: id.clone(),
            name: name.to_owned(),
            kind,
            members: BTreeSet::from([creator.to_owned()]),
            posts: Vec::new(),
            changes: 0,
            created_ms: self.now_ms(),
            creator: creator.to_owned(),
            topic: String::new(),
            archived: false,
        };
        self.channels.insert(id.clone(), channel);
        id
    }

    /// Returns the direct conversation of exactly these people, and whether it existed before. Creates it if needed.
    pub(crate) fn direct(&mut self, people: &BTreeSet<String>) -> (String, bool) {
        let kind = if people.len() <= 2 { ChannelKind::Im } else { ChannelKind::Mpim };
        if let Some(id) = self.directs.get(people) {
            return (id.clone(), true);
        }
        let creator = people.first().cloned().unwrap_or_default();
        let name = if kind == ChannelKind::Im {
            String::new()
        } else {
            let names: Vec<&str> =
                people.iter().filter_map(|id| self.users.get(id)).map(|user| user.name.as_str()).collect();
            format!("mpdm-{}-1", names.join("--"))
        };
        let id = self.new_channel(&name, kind, &creator);
        if let Some(channel) = self.channels.get_mut(&id) {
            channel.members.clone_from(people);
        }
        self.directs.insert(people.clone(), id.clone());
        (id, false)
    }

    /// Returns the conversation with an id, or with a name with or without the `#`.
    pub(crate) fn find_channel(&self, name: &str) -> Option<&Channel> {
        let name = name.strip_prefix('#').unwrap_or(name);
        self.channels.get(name).or_else(|| {
            self.channels.values().find(|channel| {
                channel.name == name && matches!(channel.kind, ChannelKind::Public | ChannelKind::Private)
            })
        })
    }

    /// Returns the conversation that a person means by `#channel`, `@person`, a name or an id.
    pub(crate) fn place(&mut self, user: &str, named: &str) -> Result<String, &'static str> {
        if self.users.get(user).is_some_and(|user| user.deleted) {
            return Err("account_inactive");
        }
        if let Some(channel) = self.channels.get(named) {
            return if channel.is_open_to(user) { Ok(channel.id.clone()) } else { Err("channel_not_found") };
        }
        if !named.starts_with('@') && !self.users.contains_key(named) {
            let mine = |channel: &&Channel| channel.is_open_to(user);
            return self
                .find_channel(named)
                .filter(mine)
                .map(|channel| channel.id.clone())
                .ok_or("channel_not_found");
        }
        if !self.users.contains_key(user) {
            return Err("user_not_found");
        }
        let other = self.find_user(named).ok_or("user_not_found")?.id.clone();
        Ok(self.direct(&BTreeSet::from([user.to_owned(), other])).0)
    }

    /// Returns the conversation object, as `viewer` sees it.
    pub(crate) fn channel_json(&self, channel: &Channel, viewer: &str) -> Value {
        let created = channel.created_ms / 1_000;
        if channel.kind == ChannelKind::Im {
            let other = channel.members.iter().find(|id| *id != viewer).map_or(viewer, String::as_str);
            return json!({
                "id": channel.id, "created": created, "is_archived": channel.archived, "is_im": true,
                "is_org_shared": false, "context_team_id": self.team_id, "updated": channel.created_ms,
                "user": other, "priority": 0, "is_open": true, "is_user_deleted": self.users.get(other).is_some_and(|user| user.deleted),
            });
        }
        let (public, mpim) = (channel.kind == ChannelKind::Public, channel.kind == ChannelKind::Mpim);
        json!({
            "id": channel.id, "name": channel.name, "name_normalized": channel.name,
            "is_channel": public, "is_group": channel.kind == ChannelKind::Private, "is_im": false, "is_mpim": mpim,
            "is_private": !public, "created": created, "is_archived": channel.archived,
            "is_general": channel.id == self.general, "unlinked": 0, "is_shared": false, "is_org_shared": false,
            "is_pending_ext_shared": false, "pending_shared": [], "context_team_id": self.team_id,
            "updated": channel.created_ms, "parent_conversation": null, "creator": channel.creator,
            "is_ext_shared": false, "shared_team_ids": [self.team_id], "pending_connected_team_ids": [],
            "is_member": channel.members.contains(viewer), "num_members": channel.members.len(),
            "topic": { "value": channel.topic, "creator": "", "last_set": 0 },
            "purpose": { "value": "", "creator": "", "last_set": 0 }, "previous_names": [],
        })
    }
}
