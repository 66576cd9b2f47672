//! What people set for themselves, and how channels keep programmes, the same for every ritual. It knows no ritual and calls
//! Slack as little as they do.

pub mod people;
pub mod programmes;
pub mod promises;
pub mod reply_target;
pub mod saving;
pub mod setup;
pub mod words;
