//! What people read of any ritual.

use crate::model::message::Message;

/// What a person reads where a decision depends on what Slack doesn't tell.
pub fn not_known() -> Message {
    Message::new(
        "Slack doesn't tell me enough about you or this channel to do that. If it stays like this, tell the people who run \
         me.",
    )
}
