//! How a ritual says no: to the person, to the engine, or to the operator.

use super::{
    message::Message,
    people::{ChannelId, UserId},
};

/// Why something was not done. Whatever is returned as one of these has left no trace in the store.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The person is told why, kindly, with the next step; nothing is recorded, so that they may
    /// correct it and send again.
    #[error("refused: {}", .0.text)]
    Refuse(Box<Message>),
    /// It depends on something that only Slack knows. The engine acknowledges, asks Slack, and handles the same event again.
    #[error("Slack is to be asked for {0:?}")]
    Later(Lookup),
    /// Something passing stood in the way (the store was busy); trying again later may help.
    #[error("try again: {0:#}")]
    Retry(anyhow::Error),
    /// Something that trying again will not mend.
    #[error("{0:#}")]
    Fail(anyhow::Error),
}

/// What Slack is asked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lookup {
    /// Who a person is.
    Person(UserId),
    /// What a channel is, and who is in it.
    Channel(ChannelId),
    /// The user groups, with who is in them.
    Groups,
}

impl Failure {
    /// A refusal that consists of these words.
    pub fn refuse(message: impl Into<Message>) -> Failure {
        Failure::Refuse(Box::new(message.into()))
    }
}
