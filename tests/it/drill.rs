//! The drill: what the bot stands on is made to fail, and comes back.

mod clock;
mod database;
mod locks;
mod people;
mod quiet;
mod server;
mod unanswered;
mod wire;
