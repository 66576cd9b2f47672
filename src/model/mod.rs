//! The types that everything above shares: pure values without store, Slack or tokio.

pub mod authority;
pub mod backoff;
pub mod cadence;
pub mod call_kind;
pub mod catch_up;
pub mod clock;
pub mod effect;
pub mod entropy;
pub mod episode;
pub mod erasure;
pub mod event;
pub mod failure;
pub mod holidays;
pub mod message;
pub mod owner;
pub mod people;
pub mod refusal;
pub mod secrets;
pub mod text;
