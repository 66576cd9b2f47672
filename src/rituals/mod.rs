//! The rituals, one folder each, and the list of all.

pub mod coffee;
pub mod kudos;
pub mod promises;
pub mod retro;
pub mod sync;

use crate::ritual::Registration;

/// All rituals, one line each.
pub const ALL: &[Registration] = &[
    coffee::REGISTRATION, //
    kudos::REGISTRATION,
    retro::REGISTRATION,
    sync::REGISTRATION,
    promises::REGISTRATION,
];
