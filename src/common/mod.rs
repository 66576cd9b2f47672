//! What people set for themselves and how they set up a ritual, the same for every ritual. It knows no ritual and calls
//! Slack as little as they do.

pub mod people;
pub mod reply_target;
pub mod setup;
