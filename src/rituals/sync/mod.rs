//! Syncs: a regular meeting whose lead goes round.

pub mod plan;
