//! What a test or the page gets to see: answers, messages, views, calls and deliveries.

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
    /// Three seconds passed: the client shows `operation_timeout`.
    NoAnswer,
    /// It could not be reached, answered badly, or the client refused; with Slack's name for it.
    Failed(&'static str),
}

/// What came back after a person did something.
#[derive(Clone, Debug)]
pub struct Answer {
    /// How it went.
    pub status: Status,
    /// The text the client shows: of the acknowledgement, or of the client's own error.
    pub text: String,
    /// The blocks of the acknowledgement.
    pub blocks: Vec<Value>,
    /// The acknowledgement as it came; for something posted, the message.
    pub raw: Value,
    pub(crate) plain: String,
}

impl Answer {
    /// Whether the app acknowledged, or the message was posted.
    pub fn is_answered(&self) -> bool {
        self.status == Status::Answered
    }

    /// The text and all block text, with mentions as `@name`.
    pub fn plain(&self) -> String {
        self.plain.clone()
    }
}

impl Answer {
    /// The client or Slack itself refused.
    pub(crate) fn refused(error: &'static str) -> Answer {
        Answer::client(error, error.to_owned())
    }

    /// The client says something of its own.
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
    /// Its time stamp, which is its name in the conversation.
    pub ts: String,
    /// The id of the conversation.
    pub channel: String,
    /// The id of its author.
    pub author: String,
    /// The handle of its author.
    pub author_name: String,
    /// The app that wrote it, if one did.
    pub app_id: Option<String>,
    /// The text as it was sent.
    pub text: String,
    /// The blocks, every one with its id.
    pub blocks: Vec<Value>,
    /// The attachments, their blocks with ids, too.
    pub attachments: Vec<Value>,
    /// The files shared with it.
    pub files: Vec<Value>,
    /// Whether it is pinned to the conversation.
    pub pinned: bool,
    /// The only person who sees it, for an ephemeral message.
    pub ephemeral_to: Option<String>,
    /// The message it answers.
    pub thread_ts: Option<String>,
    /// Whether it was changed after it was posted.
    pub edited: bool,
    /// Whether it was deleted.
    pub deleted: bool,
    /// The metadata it carries.
    pub metadata: Option<Value>,
    /// Emoji and the ids of who put them there.
    pub reactions: Vec<(String, Vec<String>)>,
    /// What of it simulated colleagues did.
    pub simulated: Simulated,
    pub(crate) plain: String,
}

impl Message {
    /// The text and all block text, with mentions as `@name`.
    pub fn plain(&self) -> String {
        self.plain.clone()
    }

    /// Whether it has a button with this text (or this `action_id`).
    pub fn has_button(&self, button: &str) -> bool {
        find_button(&self.all_blocks(), button).is_some()
    }

    /// The blocks, and those in the attachments.
    pub(crate) fn all_blocks(&self) -> Vec<Value> {
        all_blocks(&self.blocks, &self.attachments)
    }
}

/// What of a message simulated colleagues did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Simulated {
    /// Whether one of them wrote it.
    pub wrote: bool,
    /// The reactions that they put there: emoji and id.
    pub reactions: Vec<(String, String)>,
}

/// A modal or a Home as one person sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its id.
    pub id: String,
    /// What the app calls it.
    pub callback_id: String,
    /// The title.
    pub title: String,
    /// The blocks, every one with its id.
    pub blocks: Vec<Value>,
    /// What the app keeps in it.
    pub private_metadata: String,
    /// What is filled in: block, action, value.
    pub values: Value,
    /// The whole object, as the app is sent it.
    pub raw: Value,
    pub(crate) plain: String,
}

impl View {
    /// The title and all block text, with mentions as `@name`.
    pub fn plain(&self) -> String {
        self.plain.clone()
    }
}

/// What came of submitting a modal.
#[derive(Clone, Debug, PartialEq)]
pub enum Submission {
    /// It closed, or all of them did.
    Closed,
    /// It stayed, with what is wrong by block.
    Errors(BTreeMap<String, String>),
    /// It shows something else now.
    Updated,
    /// Another one lies on top of it.
    Pushed,
    /// The app did not answer in time, or not in a way Slack understands.
    NoAnswer,
}

/// One call of the Web API.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method, such as `chat.postMessage`.
    pub method: String,
    /// The arguments, tokens taken out.
    pub args: Value,
    /// The answer; null when it was withheld.
    pub answer: Value,
    /// The HTTP status.
    pub http_status: u16,
    /// When, on the sandbox's clock.
    pub at_ms: i64,
    /// The app whose token it came with.
    pub app_id: Option<String>,
}

/// One thing sent to an app.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `slash_commands`, `interactive` or `events_api`.
    pub kind: &'static str,
    /// `socket` or `http`.
    pub door: &'static str,
    /// To whom.
    pub app_id: String,
    /// What.
    pub payload: Value,
    /// 0 for the first time, then 1, 2, 3.
    pub attempt: u8,
    /// `sent`, `acknowledged`, `timeout`, `http_error` or `connection_failed`.
    pub outcome: String,
    /// When, on the sandbox's clock.
    pub at_ms: i64,
    /// Whether a simulated colleague set it off.
    pub simulated: bool,
}
