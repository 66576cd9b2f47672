//! Thanking a person from another ritual: a button whose press is handled by the ritual that gives thanks.

use serde::{Deserialize, Serialize};

use super::messages;
use crate::model::{
    message::{Button, ButtonStyle},
    people::{ChannelId, UserId},
};

/// How a press thanks a person, as the ritual that handles it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThanksOffer {
    /// The action of the button.
    pub action: &'static str,
}

/// The value of such a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thanks {
    /// A new id. Of several presses with the same one, one counts.
    pub id: String,
    /// Where the thanks are announced.
    pub channel: ChannelId,
    pub person: UserId,
    /// What for, in plain words.
    pub reason: String,
}

impl ThanksOffer {
    /// Returns the button that thanks a person of this name; `None` where its value would not fit.
    pub fn button(self, name: &str, thanks: &Thanks) -> Option<Button> {
        /// What Slack takes, in characters.
        const LONGEST_VALUE: usize = 2_000;
        let value = serde_json::to_string(thanks).ok()?;
        let label = messages::thank(name);
        let button = Button { label, action: self.action.to_owned(), value, look: ButtonStyle::Plain };
        (button.value.chars().count() <= LONGEST_VALUE).then_some(button)
    }
}
