//! Rondo is a self-hosted Slack bot for rituals between departments: coffee chats and kudos.

pub mod app;
pub mod cli;
pub mod common;
pub mod config;
pub mod engine;
pub mod logging;
pub mod manifest;
pub mod model;
pub mod ritual;
pub mod rituals;
pub mod slack;
pub mod status;
pub mod store;
