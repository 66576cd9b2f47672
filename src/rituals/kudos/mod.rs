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

impl Settings {
    /// The first key that is out of range, and how to mend it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        const MOST_A_DAY: u32 = 1_000;
        const MINUTES_OF_A_DAY: u32 = 24 * 60;
        if self.daily_allowance > MOST_A_DAY {
            return Some((
                "daily_allowance",
                format!("write a number from 1 to {MOST_A_DAY}, or 0 for no limit"),
            ));
        }
        if self.undo_minutes > MINUTES_OF_A_DAY {
            return Some((
                "undo_minutes",
                format!("write a number from 1 to {MINUTES_OF_A_DAY}, or 0 for no undo"),
            ));
        }
        None
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { daily_allowance: 10, reason_required: true, undo_minutes: 10 }
    }
}
