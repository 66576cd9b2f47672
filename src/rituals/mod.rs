//! The rituals, one folder each.

pub mod kudos;
