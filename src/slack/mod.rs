//! Everything that speaks Slack's wire: two doors in, one client out, and the translation between.

pub mod payload;
pub mod signature;

pub use payload::{Incoming, Unreadable};
pub use signature::SigningSecret;
