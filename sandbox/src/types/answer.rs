//! What comes of an action: the answer to a person, the result of a submission.

use std::collections::BTreeMap;

use serde_json::Value;

use super::traffic::DeliveryReply;

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
