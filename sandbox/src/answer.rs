//! What tests and the page see: answers, messages, views, calls and deliveries.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::acts::interactions::find_button;
use crate::deliver::DeliveryReply;
use crate::state::attachments::all_blocks;

/// How an app answered something a person did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It acknowledged in time.
    Answered,
    /// It did not acknowledge within three seconds: the client shows `operation_timeout`.
    NoAnswer,
    /// It could not be reached, answered badly, or the client refused; with Slack's name for the error.
    Failed(&'static str),
}

/// The answer to an action of a person.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: Status,
    /// The text that the client shows: of the acknowledgement, or of the client's own error.
    pub text: String,
    /// The blocks of the acknowledgement.
    pub blocks: Vec<Value>,
    /// The acknowledgement as it came, or the message that was posted.
    pub raw: Value,
    pub(crate) plain: String,
}

impl Answer {
    /// Whether the app acknowledged, or the message was posted.
    pub fn is_answered(&self) -> bool {
        self.status == Status::Answered
    }

    /// Returns the text and all block text, with mentions as `@name`.
    pub fn plain(&self) -> String {
        self.plain.clone()
    }
}

impl Answer {
    /// An answer in which the client or Slack itself refuses.
    pub(crate) fn refused(error: &'static str) -> Answer {
        Answer::client(error, error.to_owned())
    }

    /// An answer in the client's own words.
    pub(crate) fn client(error: &'static str, said: String) -> Answer {
        Answer {
            status: Status::Failed(error),
            plain: said.clone(),
            text: said,
            blocks: Vec::new(),
            raw: Value::Null,
        }
    }

    pub(crate) fn of_reply(reply: DeliveryReply) -> Answer {
        match reply {
            DeliveryReply::Acknowledged(raw) => Answer {
                status: Status::Answered,
                text: raw["text"].as_str().unwrap_or_default().to_owned(),
                blocks: Vec::new(),
                plain: String::new(),
                raw,
            },
            DeliveryReply::NoAnswer => {
                Answer { status: Status::NoAnswer, ..Answer::client("operation_timeout", String::new()) }
            }
            DeliveryReply::Failed(_) => Answer::refused("dispatch_failed"),
        }
    }
}

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

/// The result of submitting a modal.
#[derive(Clone, Debug, PartialEq)]
pub enum Submission {
    /// The modal closed, or the whole stack did.
    Closed,
    /// The modal stayed open. Errors by block id.
    Errors(BTreeMap<String, String>),
    /// The modal shows another view.
    Updated,
    /// Another modal was put on top.
    Pushed,
    /// The app did not answer in time, or not in a way Slack understands.
    NoAnswer,
}

/// One call of the Web API.
#[derive(Clone, Debug)]
pub struct Call {
    /// Such as `chat.postMessage`.
    pub method: String,
    /// Without tokens.
    pub args: Value,
    /// Null when it was withheld.
    pub answer: Value,
    pub http_status: u16,
    /// By the sandbox's clock, in milliseconds since the epoch.
    pub at_ms: i64,
    /// The app whose token was used.
    pub app_id: Option<String>,
}

/// A delivery to an app.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `slash_commands`, `interactive` or `events_api`.
    pub kind: &'static str,
    /// `socket` or `http`.
    pub door: &'static str,
    pub app_id: String,
    pub payload: Value,
    /// 0 for the first attempt, then 1, 2, 3.
    pub attempt: u8,
    /// `sent`, `acknowledged`, `timeout`, `http_error` or `connection_failed`.
    pub outcome: String,
    /// By the sandbox's clock, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Whether a simulated colleague caused it.
    pub simulated: bool,
}
