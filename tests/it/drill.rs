//! Failures of what the bot depends on, and recovery.

mod clock;
mod database;
mod locks;
mod people;
mod quiet;
mod server;
mod unanswered;
mod wire;
