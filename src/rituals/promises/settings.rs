//! The settings of promises.

use serde::Deserialize;

use crate::common::promises::KEPT_DAYS;

/// `[promises]` in the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PromiseSettings {
    /// For how many days `kept` shows what was kept.
    pub kept_days: u32,
}

impl PromiseSettings {
    /// The first key that is out of range, and how to mend it.
    pub fn fault(&self) -> Option<(&'static str, String)> {
        const MOST_DAYS: u32 = 366;
        let fits = (1..=MOST_DAYS).contains(&self.kept_days);
        (!fits).then(|| ("kept_days", format!("write a number from 1 to {MOST_DAYS}")))
    }
}

impl Default for PromiseSettings {
    fn default() -> PromiseSettings {
        PromiseSettings { kept_days: KEPT_DAYS }
    }
}
