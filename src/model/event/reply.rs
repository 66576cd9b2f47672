//! What a person gets as the answer to what they did.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::message::{Message, Modal};

/// What the person gets as the acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Reply {
    /// An empty acknowledgement.
    #[default]
    Nothing,
    /// A message that only they see.
    Ephemeral(Message),
    /// A modal opens: called for right after the acknowledgement, since its trigger dies after 3 s.
    Open(Box<Modal>),
    /// The modal stays open and says at each named field what to mend.
    Errors(BTreeMap<String, String>),
}
