//! What the forms about decisions carry.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::record::Decision;
use crate::{
    common::reply_target::ReplyTarget,
    model::{failure::Failure, people::ChannelId},
};

/// What a form carries. Nothing of it proves anything.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Carried {
    /// The decision, new or known: a form that is sent twice records it once.
    pub(super) id: String,
    /// The version that the form shows; 0 for a new decision.
    pub(super) version: i64,
    /// When a person last looked at that version again, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reviewed_at: Option<i64>,
    /// Empty where the person chooses.
    pub(super) programme: String,
    pub(super) channel: ChannelId,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) link: String,
    /// The date of the occasion that looks at it again, whose message is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) review: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) target: Option<ReplyTarget>,
}

impl Carried {
    /// Returns what the form for a new decision carries; `programme` may be empty.
    pub(super) fn new(id: String, programme: String, channel: ChannelId) -> Carried {
        Carried {
            id,
            version: 0,
            reviewed_at: None,
            programme,
            channel,
            link: String::new(),
            review: None,
            target: None,
        }
    }

    /// Returns what a form about the newest version carries.
    pub(super) fn about(
        current: &Decision,
        review: Option<NaiveDate>,
        target: Option<ReplyTarget>,
    ) -> Carried {
        Carried {
            version: current.version,
            reviewed_at: reviewed_at(current),
            review,
            target,
            ..Carried::new(current.id.clone(), current.programme.clone(), current.channel.clone())
        }
    }

    /// Whether a decision has changed since the form was opened.
    pub(super) fn is_overtaken_by(&self, current: &Decision) -> bool {
        (current.version, reviewed_at(current)) != (self.version, self.reviewed_at)
    }

    pub(super) fn as_private(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|error| Failure::Fail(error.into()))
    }
}

fn reviewed_at(decision: &Decision) -> Option<i64> {
    decision.reviewed.as_ref().map(|review| review.at.timestamp_millis())
}
