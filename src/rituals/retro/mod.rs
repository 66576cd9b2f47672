//! Retrospectives: people say what they think, without a name where that is promised, and agree on what comes next.

pub mod deck;
pub mod plan;
