//! How a ritual fails: towards the person, the engine, or the operator.

use super::{
    message::Message,
    people::{ChannelId, UserId},
};

/// Why something was not done. Nothing was written to the store.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The person is told why, kindly, with the next step; nothing is recorded, so that they can correct it and send it
    /// again.
    #[error("refused: {}", .0.text)]
    Refuse(Box<Message>),
    /// It depends on something that only Slack knows. The engine acknowledges, asks Slack, and handles the same event
    /// again.
    #[error("Slack is to be asked for {0:?}")]
    Later(Lookup),
    /// A passing condition (the store was busy); trying again later may help.
    #[error("try again: {0:#}")]
    Retry(anyhow::Error),
    /// An error that trying again will not fix.
    #[error("{0:#}")]
    Fail(anyhow::Error),
}

/// What Slack is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lookup {
    Person(UserId),
    /// A channel and its members.
    Channel(ChannelId),
    /// The user groups and their members.
    Groups,
}

impl Failure {
    /// Returns a refusal with this message.
    pub fn refuse(message: impl Into<Message>) -> Failure {
        Failure::Refuse(Box::new(message.into()))
    }
}
