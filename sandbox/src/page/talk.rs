//! The messages of one conversation as one person sees them: the newest, what changed since, and older ones on demand.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::shown::shown_message;
use crate::workspace::World;
use crate::workspace::channels::Channel;
use crate::workspace::messages::Post;

/// Messages that are shown at once; older ones load on demand.
pub(super) const PAGE_MESSAGES: usize = 100;
/// Slack's client forgets ephemeral messages when it reloads. Here they stay for this long, since people switch
/// between tabs.
const WHISPERS_LAST_MS: i64 = 24 * 60 * 60 * 1_000;

/// Which messages of a conversation are wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum WantedMessages<'a> {
    Newest,
    /// Messages that appeared, changed or were deleted after this change.
    Since(u64),
    /// Messages right before this one.
    Before(&'a str),
    /// This message and its replies.
    Thread(&'a str),
}

/// What the first message of a thread says about its replies.
#[derive(Debug, Default)]
struct Replies<'a> {
    count: usize,
    latest: &'a str,
    /// Authors of replies, each once, in order of their first reply.
    users: Vec<&'a str>,
}

fn is_seen(post: &Post, user: &str) -> bool {
    post.ephemeral_to.as_ref().is_none_or(|only| only == user)
}

/// Returns the replies that all see, by the message that they answer.
fn replies(place: &Channel) -> HashMap<&str, Replies<'_>> {
    let mut threads: HashMap<&str, Replies<'_>> = HashMap::new();
    for post in place.posts.iter().filter(|post| !post.deleted && post.ephemeral_to.is_none()) {
        let Some(root) = post.thread_ts.as_deref().filter(|root| *root != post.ts) else {
            continue;
        };
        let thread = threads.entry(root).or_default();
        thread.count += 1;
        thread.latest = &post.ts;
        if !thread.users.contains(&post.user.as_str()) {
            thread.users.push(&post.user);
        }
    }
    threads
}

impl World {
    /// Returns the wanted messages, oldest first, and whether there are older ones.
    pub(super) fn talk(&self, place: &Channel, user: &str, wanted: WantedMessages<'_>) -> (Vec<Value>, bool) {
        let threads = replies(place);
        let shows =
            |post: &&Post| is_seen(post, user) && (!post.deleted || threads.contains_key(post.ts.as_str()));
        let since = format!("{}", (self.now_ms() - WHISPERS_LAST_MS).div_euclid(1_000));
        let lasts = |post: &&Post| post.ephemeral_to.is_none() || post.ts > since;
        let show = |post: &Post| self.shown_in(place, post, threads.get(post.ts.as_str()));
        match wanted {
            WantedMessages::Since(change) => {
                let changed = place.posts.iter().filter(|post| post.change > change && is_seen(post, user));
                (changed.map(show).collect(), false)
            }
            WantedMessages::Thread(root) => {
                let within = |post: &&Post| post.ts == root || post.thread_ts.as_deref() == Some(root);
                (place.posts.iter().filter(shows).filter(within).map(show).collect(), false)
            }
            WantedMessages::Newest | WantedMessages::Before(_) => {
                let end = match wanted {
                    WantedMessages::Before(ts) => place.posts.partition_point(|post| post.ts.as_str() < ts),
                    _ => place.posts.len(),
                };
                let past = place.posts.get(..end).unwrap_or_default();
                let mut roots = past
                    .iter()
                    .enumerate()
                    .rev()
                    .filter(|(_, post)| shows(post) && lasts(post) && post.is_in_channel())
                    .map(|(at, _)| at);
                let start = roots.by_ref().take(PAGE_MESSAGES).last().unwrap_or(end);
                let older = roots.next().is_some();
                let page = past.get(start..).unwrap_or_default().iter().filter(shows).filter(lasts);
                (page.map(show).collect(), older)
            }
        }
    }

    fn shown_in(&self, place: &Channel, post: &Post, thread: Option<&Replies<'_>>) -> Value {
        let mut shown = if post.deleted {
            json!({ "ts": post.ts, "channel": place.id, "thread_ts": post.thread_ts, "deleted": true })
        } else {
            shown_message(&self.message(place, post))
        };
        shown["in_channel"] = json!(post.is_in_channel());
        if let Some(thread) = thread {
            shown["replies"] =
                json!({ "count": thread.count, "latest": thread.latest, "users": thread.users });
        }
        shown
    }
}
