//! What people read of any ritual.

use crate::model::{
    message::Message,
    text::{one_line, shorten},
};

/// Why a run is skipped whose kind its ritual does not know.
pub const UNKNOWN_WORK: &str = "this release doesn't know what was due";

/// How long the label of a button is at most.
const LONGEST_LABEL: usize = 75;

/// The label of the button that thanks a person.
pub fn thank(name: &str) -> String {
    shorten(&format!("Thank @{}", one_line(name)), LONGEST_LABEL)
}

/// What a person reads where a decision depends on what Slack doesn't tell.
pub fn not_known() -> Message {
    Message::new(
        "Slack doesn't tell me enough about you or this channel to do that. If it stays like this, tell the people who run \
         me.",
    )
}
