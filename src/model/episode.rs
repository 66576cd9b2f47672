//! Logs a lasting problem when it begins and when it ends, and not each time in between.

use std::{
    collections::BTreeMap,
    fmt::Display,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant as Stopwatch},
};

/// A problem that recurs within this is not logged again; the next line says how often it occurred.
const QUIET: Duration = Duration::from_mins(1);
/// A lasting problem is logged again after this.
const REMIND: Duration = Duration::from_mins(15);

/// The problems of one place. It may be a `static`.
#[derive(Debug)]
pub struct Episode {
    what: &'static str,
    state: Mutex<EpisodeState>,
}

#[derive(Debug)]
struct EpisodeState {
    /// When it began; `None` without a problem.
    began: Option<Stopwatch>,
    times: u64,
    /// When each kind of it was last logged.
    logged: BTreeMap<&'static str, Stopwatch>,
    /// Whether the beginning was logged, so that its end is worth a line.
    is_known: bool,
}

impl Episode {
    /// Returns an episode without a problem. `what` is what people or operators notice of one, as in `nothing is
    /// stored`.
    pub const fn of(what: &'static str) -> Episode {
        let state = EpisodeState { began: None, times: 0, logged: BTreeMap::new(), is_known: false };
        Episode { what, state: Mutex::new(state) }
    }

    /// Notes a failure. `kind` is one of a few fixed words; the first of each is logged with its error.
    pub fn goes_on(&self, kind: &'static str, error: &impl Display) {
        if let Some(times) = self.count(kind, Stopwatch::now()) {
            tracing::warn!(%error, kind, times, "{}; it is tried again", self.what);
        }
    }

    /// Notes a success.
    pub fn ended(&self) {
        if let Some((times, lasted)) = self.end(Stopwatch::now()) {
            tracing::info!(times, seconds = lasted.as_secs(), "{}: over", self.what);
        }
    }

    /// Whether the last try failed.
    pub fn is_on(&self) -> bool {
        self.state().began.is_some()
    }

    /// Returns how many failures there were so far, if that has to be logged.
    fn count(&self, kind: &'static str, now: Stopwatch) -> Option<u64> {
        let mut state = self.state();
        let is_new = state.began.is_none();
        if is_new {
            state.began = Some(now);
            state.is_known = false;
        }
        state.times += 1;
        let limit = if is_new { QUIET } else { REMIND };
        let is_due = state.logged.get(kind).is_none_or(|at| now.saturating_duration_since(*at) >= limit);
        if is_due {
            state.logged.insert(kind, now);
            state.is_known = true;
        }
        is_due.then_some(state.times)
    }

    /// Returns the number of failures and their duration, if their beginning was logged.
    fn end(&self, now: Stopwatch) -> Option<(u64, Duration)> {
        let mut state = self.state();
        let began = state.began.take()?;
        if !state.is_known {
            return None;
        }
        Some((std::mem::take(&mut state.times), now.saturating_duration_since(began)))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, EpisodeState> {
        // A panic leaves numbers that are as good as before.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_is_logged_once_for_each_kind_and_again_after_a_while() {
        let episode = Episode::of("nothing is stored");
        let now = Stopwatch::now();
        assert_eq!(episode.count("full", now), Some(1));
        for second in 1..900 {
            let expected = (second == 7).then_some(8);
            let kind = if second == 7 { "disk" } else { "full" };
            assert_eq!(episode.count(kind, now + SECOND * second), expected, "{second}");
        }
        assert_eq!(episode.count("full", now + REMIND), Some(901));
        assert_eq!(episode.end(now + REMIND + SECOND), Some((901, REMIND + SECOND)));
    }

    #[test]
    fn an_end_is_logged_once_and_only_after_a_beginning() {
        let episode = Episode::of("nothing is stored");
        let now = Stopwatch::now();
        assert_eq!(episode.end(now), None);
        episode.count("full", now);
        assert!(episode.is_on());
        assert_eq!(episode.end(now + SECOND), Some((1, SECOND)));
        assert!(!episode.is_on());
        assert_eq!(episode.end(now + SECOND), None);
    }

    #[test]
    fn a_flapping_problem_is_logged_once_a_minute() {
        let episode = Episode::of("nothing is stored");
        let now = Stopwatch::now();
        let mut lines = 0;
        for second in 0..180 {
            lines += usize::from(episode.count("busy", now + SECOND * second).is_some());
            lines += usize::from(episode.end(now + SECOND * second).is_some());
        }
        assert_eq!(lines, 6, "three beginnings and three ends");
    }
}
