//! Replies to people.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::message::{Message, Modal, SelectOption};

/// The reply in the acknowledgement. It is stored, so that a repetition gets the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// An empty acknowledgement.
    #[default]
    #[serde(rename = "Nothing")]
    Nothing,
    /// A message that only they see.
    #[serde(rename = "Ephemeral")]
    Ephemeral(Message),
    /// The same, replacing the message that held the button, which only the person saw and which is no longer needed.
    #[serde(rename = "Replace")]
    Replace(Message),
    /// Opens a modal: the call follows right after the acknowledgement, since its trigger expires after 3 s.
    #[serde(rename = "Open")]
    Open(Box<Modal>),
    /// Pushes a modal onto the submitted one, or the one that holds the button. Behind a button it takes a call as for
    /// an opening. Slack takes a stack of three modals.
    #[serde(rename = "Push")]
    Push(Box<Modal>),
    /// Changes the submitted modal, or the one that holds the button.
    #[serde(rename = "Update")]
    Update(Box<Modal>),
    /// Closes the whole stack of modals. An empty acknowledgement closes only the top one.
    #[serde(rename = "Clear")]
    Clear,
    /// Keeps the modal open and shows at each named field what to correct.
    #[serde(rename = "Errors")]
    Errors(BTreeMap<String, String>),
    /// The options of a menu that asked for them, 100 at most.
    #[serde(rename = "Options")]
    Options(Vec<SelectOption>),
}
