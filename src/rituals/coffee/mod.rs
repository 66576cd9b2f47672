//! Coffee: people of one channel meet in small groups, round after round.

pub mod plan;
