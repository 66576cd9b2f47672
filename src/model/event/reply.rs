//! What a person gets as the answer to what they did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::message::{Message, Modal, SelectOption};

/// What the person gets as the acknowledgement. It is stored, so that a repetition gets the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// An empty acknowledgement.
    #[default]
    #[serde(rename = "Nothing")]
    Nothing,
    /// A message that only they see.
    #[serde(rename = "Ephemeral")]
    Ephemeral(Message),
    /// The same, in place of the message that held the button: only the person saw it, and it has served its turn.
    #[serde(rename = "Replace")]
    Replace(Message),
    /// A modal opens: called for right after the acknowledgement, since its trigger dies after 3 s.
    #[serde(rename = "Open")]
    Open(Box<Modal>),
    /// Another modal is laid on top of the one that was sent, or that holds the button. Behind a button it is called for
    /// as an opening is. Slack takes three modals on one another.
    #[serde(rename = "Push")]
    Push(Box<Modal>),
    /// The modal that was sent, or that holds the button, shows this from now on.
    #[serde(rename = "Update")]
    Update(Box<Modal>),
    /// All modals that lie on one another close. An empty acknowledgement closes the top one alone.
    #[serde(rename = "Clear")]
    Clear,
    /// The modal stays open and says at each named field what to mend.
    #[serde(rename = "Errors")]
    Errors(BTreeMap<String, String>),
    /// The options of a menu that asked for them, 100 at most.
    #[serde(rename = "Options")]
    Options(Vec<SelectOption>),
}
