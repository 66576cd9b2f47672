//! Durations and how they are printed.

use std::time::Duration;

use super::print::say;

/// The distribution of durations.
pub struct Figures {
    pub per_second: f64,
    pub median: Duration,
    pub p99: Duration,
}

impl Figures {
    /// Computes the figures of these durations.
    #[expect(clippy::cast_precision_loss, reason = "a benchmark does nothing 2^52 times")]
    pub fn of(mut took: Vec<Duration>, all: Duration) -> Figures {
        took.sort();
        let at = |part: usize| took.get(took.len() * part / 100).copied().unwrap_or_default();
        Figures { per_second: took.len() as f64 / all.as_secs_f64(), median: at(50), p99: at(99) }
    }

    pub fn print(&self, what: &str) {
        say(&format!(
            "  {what:<44} {:>8.0}/s   p50 {:>7.2} ms   p99 {:>7.2} ms",
            self.per_second,
            self.median.as_secs_f64() * 1_000.0,
            self.p99.as_secs_f64() * 1_000.0
        ));
    }
}
