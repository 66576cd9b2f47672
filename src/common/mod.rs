//! What people set for themselves, and how channels keep programmes, the same for every ritual. It knows no ritual and calls
//! Slack as little as they do.

pub mod decisions;
pub mod people;
pub mod programmes;
pub mod promises;
pub mod reply_target;
pub mod saving;
pub mod setup;
pub mod words;

use crate::{ritual::Ledger, store::holdings::Holdings};

/// The ledgers that no ritual has alone, each by its name.
pub const LEDGERS: &[(&str, Ledger)] = &[("decisions", decisions::LEDGER)];

/// What is kept of people beside what each ritual keeps.
pub const HOLDINGS: [&Holdings; 4] = [
    &people::store::HOLDINGS,
    &promises::store::HOLDINGS,
    &decisions::store::HOLDINGS,
    &saving::store::HOLDINGS,
];
