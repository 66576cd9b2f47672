//! Rondo keeps the rituals coming round through which departments learn to trust one another.

pub mod model;
pub mod rituals;
pub mod slack;
