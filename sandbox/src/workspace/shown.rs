//! Messages and views as a person sees them.

use serde_json::Value;

use super::World;
use super::channels::Channel;
use super::messages::Post;
use super::views::Held;
use crate::types::shown::{Message, View};

impl World {
    /// Returns a message as a person sees it.
    pub(crate) fn message(&self, channel: &Channel, post: &Post) -> Message {
        let rich = |block: &&Value| block["type"] != "rich_text" || post.app_id.is_some();
        let blocks: Vec<Value> = post.blocks.iter().filter(rich).cloned().collect();
        Message {
            ts: post.ts.clone(),
            channel: channel.id.clone(),
            author: post.user.clone(),
            author_name: self.users.get(&post.user).map(|user| user.name.clone()).unwrap_or_default(),
            app_id: post.app_id.clone(),
            text: post.text.clone(),
            plain: self.plain_of_message(post, &blocks),
            blocks,
            attachments: post.attachments.clone(),
            files: post.files.clone(),
            pinned: post.pinned,
            ephemeral_to: post.ephemeral_to.clone(),
            thread_ts: post.thread_ts.clone(),
            edited: post.edited_ts.is_some(),
            deleted: post.deleted,
            metadata: post.metadata.clone(),
            reactions: post.reactions.clone(),
            simulated: post.simulated.clone(),
        }
    }

    fn plain_of_message(&self, post: &Post, blocks: &[Value]) -> String {
        let mut lines = vec![self.plain(&post.text, blocks)];
        lines.extend(self.plain_attachments(&post.attachments));
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    /// Returns the Home that a person has, of the app that published last.
    pub(crate) fn home(&self, user: &str) -> Option<&Held> {
        self.views.iter().rev().find(|held| held.home && held.user == user)
    }

    /// Returns a view as a person sees it.
    pub(crate) fn view(&self, held: &Held) -> View {
        let raw = self.view_json(held);
        let blocks = raw["blocks"].as_array().cloned().unwrap_or_default();
        let text = |key: &str| raw[key].as_str().unwrap_or_default().to_owned();
        let title = if held.home { "" } else { raw["title"]["text"].as_str().unwrap_or_default() };
        View {
            id: held.id.clone(),
            callback_id: text("callback_id"),
            title: title.to_owned(),
            private_metadata: text("private_metadata"),
            values: raw["state"]["values"].clone(),
            plain: self.plain(title, &blocks),
            blocks,
            raw,
        }
    }
}
