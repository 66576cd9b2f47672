//! What is kept of rounds: their groups, and how they went.

use crate::model::people::{ChannelId, UserId};

/// People who were put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoffeeGroup {
    /// Its id.
    pub id: String,
    /// Whose.
    pub programme: String,
    /// The channel that they are in.
    pub channel: ChannelId,
    /// The date of their round.
    pub date: String,
    /// What they were given to start from.
    pub question: String,
    /// Who they are, without those who were erased since.
    pub people: Vec<UserId>,
}

/// A past round, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRound {
    /// The date on the wall that was meant.
    pub date: String,
    /// How many groups there were.
    pub groups: i64,
    /// How many of them said that they met.
    pub met: i64,
    /// How many could not be introduced.
    pub unreached: i64,
}
