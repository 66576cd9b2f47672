//! Rondo keeps the rituals coming round through which departments learn to trust one another.

pub mod config;
pub mod logging;
pub mod model;
pub mod rituals;
pub mod status;
