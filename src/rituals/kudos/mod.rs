//! Kudos: one person thanks one or more others, in public, for a reason.

use serde::Deserialize;

/// `[kudos]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How many people somebody may thank in a day of their own zone; 0 means no limit.
    pub daily_allowance: u32,
    /// Whether a gift must say what it is for.
    pub reason_required: bool,
    /// For how long a gift can be taken back, in minutes; 0 means not at all.
    pub undo_minutes: u32,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { daily_allowance: 10, reason_required: true, undo_minutes: 10 }
    }
}
