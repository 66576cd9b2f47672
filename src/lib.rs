//! Rondo keeps the rituals coming round through which departments learn to trust one another.

pub mod app;
pub mod cli;
pub mod common;
pub mod config;
pub mod engine;
pub mod logging;
pub mod manifest;
pub mod model;
pub mod rituals;
pub mod slack;
pub mod status;
pub mod store;
