//! Rondo keeps the rituals coming round through which departments learn to trust one another.

pub mod engine;
pub mod model;
pub mod rituals;
pub mod slack;
pub mod store;
