//! What people have read, and what is new to them.

use std::collections::HashMap;

use super::World;
use super::channels::{Channel, ChannelKind};
use super::messages::Post;

/// The highest count of unread messages; more are shown as this many.
pub(crate) const MOST_UNREAD: usize = 100;

/// How far people have read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// The last message read, by person and conversation.
    read: HashMap<(String, String), String>,
    /// The last reply read beside a conversation, by person and conversation, then by the thread's first message.
    threads: HashMap<(String, String), HashMap<String, String>>,
    /// Messages before the first look at the workspace count as read by all.
    began: Option<String>,
}

/// What is unread in a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    pub(crate) messages: usize,
    /// Messages for this person: all of a direct conversation, and those that name them.
    pub(crate) mentions: usize,
}

impl World {
    /// Notes that the workspace is looked at, if it is the first time.
    pub(crate) fn looked_at(&mut self) {
        let now = self.last_ts();
        self.reading.began.get_or_insert(now);
    }

    /// Notes that a person has read a conversation up to a message. Returns whether that is a change.
    pub(crate) fn mark_read(&mut self, user: &str, channel: &str, ts: &str) -> bool {
        if ts <= self.read_until(user, channel) {
            return false;
        }
        self.reading.read.insert((user.to_owned(), channel.to_owned()), ts.to_owned());
        true
    }

    /// Notes the same for a thread, which is read beside its conversation.
    pub(crate) fn mark_thread_read(&mut self, user: &str, channel: &str, root: &str, ts: &str) -> bool {
        let threads = self.reading.threads.entry((user.to_owned(), channel.to_owned())).or_default();
        let read = threads.entry(root.to_owned()).or_default();
        let is_new = ts > read.as_str();
        if is_new {
            ts.clone_into(read);
        }
        is_new
    }

    /// Returns the last message that a person has read in a conversation; empty if there is none.
    pub(crate) fn read_until(&self, user: &str, channel: &str) -> &str {
        let began = self.reading.began.as_deref().unwrap_or_default();
        self.reading
            .read
            .get(&(user.to_owned(), channel.to_owned()))
            .map_or(began, |read| read.as_str().max(began))
    }

    /// Returns what is unread for a person in a conversation.
    pub(crate) fn unread(&self, user: &str, place: &Channel) -> Unread {
        let mut unread = Unread::default();
        if !place.members.contains(user) {
            return unread;
        }
        let until = self.read_until(user, &place.id);
        let threads = self.reading.threads.get(&(user.to_owned(), place.id.clone()));
        let is_read_beside = |post: &Post| {
            let read = threads.zip(post.thread_ts.as_ref()).and_then(|(threads, root)| threads.get(root));
            read.is_some_and(|read| post.ts <= *read)
        };
        let direct = matches!(place.kind, ChannelKind::Im | ChannelKind::Mpim);
        let mention = format!("<@{user}>");
        for post in place.after(until) {
            if post.deleted || post.ephemeral_to.is_some() || post.user == user || is_read_beside(post) {
                continue;
            }
            let for_them = direct || post.text.contains(&mention) || names_everyone(post);
            unread.mentions += usize::from(for_them);
            unread.messages += usize::from(for_them || post.is_in_channel());
            if unread.messages >= MOST_UNREAD {
                break;
            }
        }
        unread
    }
}

fn names_everyone(post: &Post) -> bool {
    ["<!here>", "<!channel>", "<!everyone>"].iter().any(|word| post.text.contains(word))
}
