//! What one person sees: messages, modals, Homes.

use serde_json::Value;

use crate::base::blocks::find::{all_blocks, find_button};

/// A message as one person sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its time stamp, which identifies it in the conversation.
    pub ts: String,
    /// The conversation's id.
    pub channel: String,
    /// The author's id.
    pub author: String,
    /// The author's handle.
    pub author_name: String,
    /// The app that wrote it; `None` for a person.
    pub app_id: Option<String>,
    /// The text as it was sent.
    pub text: String,
    /// Each block has an id.
    pub blocks: Vec<Value>,
    /// The blocks in them have ids, too.
    pub attachments: Vec<Value>,
    pub files: Vec<Value>,
    pub pinned: bool,
    /// The only person who sees it, for an ephemeral message.
    pub ephemeral_to: Option<String>,
    /// The first message of its thread.
    pub thread_ts: Option<String>,
    pub edited: bool,
    pub deleted: bool,
    pub metadata: Option<Value>,
    /// Each emoji with the ids of the people who put it there.
    pub reactions: Vec<(String, Vec<String>)>,
    pub simulated: Simulated,
    pub(crate) plain: String,
}

impl Message {
    /// Returns the text and all block text, with mentions as `@name`.
    pub fn plain(&self) -> String {
        self.plain.clone()
    }

    /// Whether it has a button with this text (or this `action_id`).
    pub fn has_button(&self, button: &str) -> bool {
        find_button(&self.all_blocks(), button).is_some()
    }

    /// Returns the blocks, and those in the attachments.
    pub(crate) fn all_blocks(&self) -> Vec<Value> {
        all_blocks(&self.blocks, &self.attachments)
    }
}

/// The parts of a message that come from simulated colleagues.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simulated {
    /// Whether a simulated colleague wrote it.
    pub wrote: bool,
    /// Reactions of simulated colleagues: emoji and the person's id.
    pub reactions: Vec<(String, String)>,
}

/// A modal or a Home as one person sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub id: String,
    pub callback_id: String,
    pub title: String,
    /// Each block has an id.
    pub blocks: Vec<Value>,
    pub private_metadata: String,
    /// Values by block id and action id.
    pub values: Value,
    /// The whole object that the app is sent.
    pub raw: Value,
    pub(crate) plain: String,
}

impl View {
    /// Returns the title and all block text, with mentions as `@name`.
    pub fn plain(&self) -> String {
        self.plain.clone()
    }
}
