//! What people set for themselves and every ritual goes by. It knows no ritual and calls Slack as little as they do.

pub mod people;
