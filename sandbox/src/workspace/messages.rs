//! Messages as the workspace keeps them, and the object that Slack shows for them.

use serde_json::{Value, json};

use super::World;
use super::attachments::Said;
use crate::base::blocks::find::{all_blocks, within_mut};
use crate::base::limits::{EMOJI_OF_ALL, EMOJI_OF_ONE};
use crate::types::shown::Simulated;

/// The fields of blocks that people don't see.
const UNSEEN: [&str; 3] = ["block_id", "action_id", "value"];

/// A message in a conversation, deleted ones included.
#[derive(Clone, Debug, Default)]
pub(crate) struct Post {
    pub(crate) ts: String,
    /// The number of the conversation's change that touched this message last.
    pub(crate) change: u64,
    pub(crate) user: String,
    pub(crate) app_id: Option<String>,
    pub(crate) subtype: Option<&'static str>,
    pub(crate) text: String,
    pub(crate) blocks: Vec<Value>,
    pub(crate) attachments: Vec<Value>,
    pub(crate) files: Vec<Value>,
    pub(crate) pinned: bool,
    pub(crate) metadata: Option<Value>,
    pub(crate) thread_ts: Option<String>,
    pub(crate) broadcast: bool,
    pub(crate) ephemeral_to: Option<String>,
    pub(crate) edited_ts: Option<String>,
    pub(crate) deleted: bool,
    /// Each emoji with the ids of the people who put it there.
    pub(crate) reactions: Vec<(String, Vec<String>)>,
    pub(crate) simulated: Simulated,
}

impl Post {
    /// Returns its blocks, and those in its attachments.
    pub(crate) fn all_blocks(&self) -> Vec<Value> {
        all_blocks(&self.blocks, &self.attachments)
    }

    /// Whether the channel shows it, and not only a thread.
    pub(crate) fn is_in_channel(&self) -> bool {
        self.broadcast || self.thread_ts.as_ref().is_none_or(|thread| *thread == self.ts)
    }
}

impl World {
    /// Returns the message object of histories, events and interactions.
    pub(crate) fn message_json(&self, channel: &str, post: &Post, with_metadata: bool) -> Value {
        let mut shown = json!({
            "type": "message",
            "user": post.user,
            "ts": post.ts,
            "text": post.text,
            "team": self.team_id,
        });
        if let Some(subtype) = post.subtype {
            shown["subtype"] = json!(subtype);
        }
        if !post.blocks.is_empty() {
            shown["blocks"] = json!(post.blocks);
        }
        if !post.attachments.is_empty() {
            shown["attachments"] = json!(post.attachments);
        }
        if let Some(app) = post.app_id.as_ref().and_then(|id| self.app(id)) {
            shown["bot_id"] = json!(app.bot_id);
            shown["app_id"] = json!(app.id);
            shown["bot_profile"] = json!({
                "id": app.bot_id, "app_id": app.id, "user_id": app.bot_user, "name": app.name,
                "icons": {}, "deleted": false, "updated": 0, "team_id": self.team_id,
            });
        }
        if let Some(edited_ts) = &post.edited_ts {
            shown["edited"] = json!({ "user": post.user, "ts": edited_ts });
        }
        if !post.files.is_empty() {
            shown["files"] = json!(post.files);
        }
        if post.pinned {
            shown["pinned_to"] = json!([channel]);
        }
        if !post.reactions.is_empty() {
            let reactions: Vec<Value> = post
                .reactions
                .iter()
                .map(|(name, users)| json!({ "name": name, "users": users, "count": users.len() }))
                .collect();
            shown["reactions"] = json!(reactions);
        }
        if let (true, Some(metadata)) = (with_metadata, &post.metadata) {
            shown["metadata"] = metadata.clone();
        }
        self.add_thread(&mut shown, channel, post);
        shown
    }

    fn add_thread(&self, shown: &mut Value, channel: &str, post: &Post) {
        if let Some(thread_ts) = &post.thread_ts {
            shown["thread_ts"] = json!(thread_ts);
            if let Some(parent) = self.channels.get(channel).and_then(|channel| channel.post(thread_ts)) {
                shown["parent_user_id"] = json!(parent.user);
            }
            return;
        }
        let replies: Vec<&Post> = self
            .channels
            .get(channel)
            .into_iter()
            .flat_map(|channel| channel.after(&post.ts))
            .filter(|reply| {
                reply.thread_ts.as_ref() == Some(&post.ts) && !reply.deleted && reply.ephemeral_to.is_none()
            })
            .collect();
        if let Some(latest) = replies.last() {
            let mut users: Vec<&str> = replies.iter().map(|reply| reply.user.as_str()).collect();
            users.sort_unstable();
            users.dedup();
            shown["thread_ts"] = json!(post.ts);
            shown["reply_count"] = json!(replies.len());
            shown["reply_users_count"] = json!(users.len());
            shown["reply_users"] = json!(users);
            shown["latest_reply"] = json!(latest.ts);
            shown["is_locked"] = json!(false);
            shown["subscribed"] = json!(false);
        }
    }

    /// Gives each block and each action without an id the one that Slack would give it.
    pub(crate) fn name_blocks(&mut self, blocks: &mut [Value]) {
        for block in blocks {
            if block.get("block_id").and_then(Value::as_str).is_none_or(str::is_empty) {
                block["block_id"] = json!(self.ids.short());
            }
            if let Some(inner) = within_mut(block) {
                self.name_blocks(inner);
                continue;
            }
            for key in ["accessory", "element"] {
                if let Some(element) = block.get_mut(key) {
                    self.name_action(element);
                }
            }
            for key in ["elements", "actions"] {
                let elements = block.get_mut(key).and_then(Value::as_array_mut);
                for element in elements.into_iter().flatten() {
                    self.name_action(element);
                }
            }
        }
    }

    fn name_action(&mut self, element: &mut Value) {
        let kind = element.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_rich = kind.starts_with("rich_text") && kind != "rich_text_input";
        let acts = !is_rich && !matches!(kind, "image" | "mrkdwn" | "plain_text");
        if acts && element.get("action_id").is_none() {
            element["action_id"] = json!(self.ids.short());
        }
    }

    /// Posts a message and tells the apps that may see it. Returns its time stamp.
    pub(crate) fn post(&mut self, channel: &str, mut post: Post) -> String {
        post.ts = self.next_ts();
        let mut blocks = std::mem::take(&mut post.blocks);
        self.name_blocks(&mut blocks);
        post.blocks = blocks;
        let mut attachments = std::mem::take(&mut post.attachments);
        self.name_attachments(&mut attachments);
        post.attachments = attachments;
        let ts = post.ts.clone();
        let Some(place) = self.channels.get_mut(channel) else {
            return ts;
        };
        place.put(post.clone());
        self.written.push((channel.to_owned(), ts.clone()));
        if post.ephemeral_to.is_none() {
            self.tell_posted(channel, &post);
        }
        ts
    }
}

impl World {
    /// Changes the content of a message. Blocks and attachments stay if none are given. It's edited if people see a change: whether
    /// Slack says so of the same content is not documented.
    pub(crate) fn revise(&mut self, channel: &str, ts: &str, said: Said) -> Result<Post, &'static str> {
        let Said { text, mut blocks, mut attachments } = said;
        if let Some(blocks) = &mut blocks {
            self.name_blocks(blocks);
        }
        if let Some(attachments) = &mut attachments {
            self.name_attachments(attachments);
        }
        let edited_ts = self.next_ts();
        let post =
            self.channels.get_mut(channel).and_then(|place| place.post_mut(ts)).ok_or("message_not_found")?;
        let before = post.clone();
        post.text = text;
        if let Some(blocks) = blocks {
            post.blocks = blocks;
        }
        if let Some(attachments) = attachments {
            post.attachments = attachments;
        }
        let seen = |post: &Post| (post.text.clone(), as_seen(&post.blocks), as_seen(&post.attachments));
        if seen(post) != seen(&before) {
            post.edited_ts = Some(edited_ts);
        }
        let after = post.clone();
        self.written.push((channel.to_owned(), ts.to_owned()));
        if after.ephemeral_to.is_none() {
            self.tell_changed(channel, &before, Some(&after));
        }
        Ok(after)
    }

    /// Deletes a message. Returns whether it existed.
    pub(crate) fn remove(&mut self, channel: &str, ts: &str) -> bool {
        let Some(post) = self.channels.get_mut(channel).and_then(|place| place.post_mut(ts)) else {
            return false;
        };
        post.deleted = true;
        let before = post.clone();
        if before.ephemeral_to.is_none() {
            self.tell_changed(channel, &before, None);
        }
        true
    }
}

/// Returns blocks or attachments without what people don't see of them: ids, which may be given anew each time, and values.
fn as_seen(parts: &[Value]) -> Vec<Value> {
    parts.iter().map(without_unseen).collect()
}

fn without_unseen(part: &Value) -> Value {
    match part {
        Value::Array(parts) => as_seen(parts).into(),
        Value::Object(fields) => {
            let seen = fields.iter().filter(|(name, _)| !UNSEEN.contains(&name.as_str()));
            seen.map(|(name, value)| (name.clone(), without_unseen(value))).collect()
        }
        other => other.clone(),
    }
}

/// Refuses a text that cannot be the name of an emoji.
pub(crate) fn check_emoji(name: &str) -> Result<(), &'static str> {
    let is_letter =
        |letter: char| (letter.is_alphanumeric() && !letter.is_uppercase()) || "_+-':".contains(letter);
    if name.is_empty() || !name.chars().all(is_letter) {
        return Err("invalid_name");
    }
    Ok(())
}

impl World {
    /// Puts an emoji on a message; `simulated` says whether a colleague does.
    pub(crate) fn react(
        &mut self,
        channel: &str,
        ts: &str,
        user: &str,
        emoji: &str,
        simulated: bool,
    ) -> Result<(), &'static str> {
        let post =
            self.channels.get_mut(channel).and_then(|place| place.post_mut(ts)).ok_or("message_not_found")?;
        let is_theirs = |users: &[String]| users.iter().any(|already| already == user);
        let theirs = post.reactions.iter().filter(|(_, users)| is_theirs(users)).count();
        let emoji_of_all = post.reactions.len();
        match post.reactions.iter_mut().find(|(name, _)| name == emoji) {
            Some((_, users)) if is_theirs(users) => return Err("already_reacted"),
            _ if theirs >= EMOJI_OF_ONE => return Err("too_many_reactions"),
            Some((_, users)) => users.push(user.to_owned()),
            None if emoji_of_all >= EMOJI_OF_ALL => return Err("too_many_emoji"),
            None => post.reactions.push((emoji.to_owned(), vec![user.to_owned()])),
        }
        if simulated {
            post.simulated.reactions.push((emoji.to_owned(), user.to_owned()));
        }
        self.tell_reaction(channel, ts, user, emoji, true);
        Ok(())
    }

    /// Takes an emoji off a message.
    pub(crate) fn unreact(
        &mut self,
        channel: &str,
        ts: &str,
        user: &str,
        emoji: &str,
    ) -> Result<(), &'static str> {
        let post =
            self.channels.get_mut(channel).and_then(|place| place.post_mut(ts)).ok_or("message_not_found")?;
        let (_, users) = post.reactions.iter_mut().find(|(name, _)| name == emoji).ok_or("no_reaction")?;
        let at = users.iter().position(|already| already == user).ok_or("no_reaction")?;
        users.remove(at);
        post.reactions.retain(|(_, users)| !users.is_empty());
        post.simulated.reactions.retain(|(name, who)| name != emoji || who != user);
        self.tell_reaction(channel, ts, user, emoji, false);
        Ok(())
    }
}
