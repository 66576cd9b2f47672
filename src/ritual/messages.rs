//! What people read of any ritual.

use crate::model::message::Message;

/// Why a run is skipped whose kind its ritual does not know.
pub const UNKNOWN_WORK: &str = "this release doesn't know what was due";

/// What a person reads where a decision depends on what Slack doesn't tell.
pub fn not_known() -> Message {
    Message::new(
        "Slack doesn't tell me enough about you or this channel to do that. If it stays like this, tell the people who run \
         me.",
    )
}
