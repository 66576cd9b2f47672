//! The circuit breaker: once Slack says that the bot's token is invalid, calls stop except for a probe now and then.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant as Stopwatch;

use super::call::CallError;
use crate::model::{backoff::Backoff, clock::Instant, refusal::Refusal};

/// The pauses between two probes.
const BACKOFF: Backoff = Backoff::new(Duration::from_mins(1), Duration::from_mins(15));

/// What is known of the bot's token. Closed is the normal state.
#[derive(Default)]
pub struct Breaker {
    state: Mutex<BreakerState>,
}

#[derive(Default)]
struct BreakerState {
    open: Option<OpenCircuit>,
    /// How many probes and reopenings there were since a call succeeded.
    failures: u32,
}

struct OpenCircuit {
    error: String,
    since: Stopwatch,
    /// Unknown until the first look, since calls do not know the time.
    probe_at: Option<Instant>,
}

impl Breaker {
    /// Returns Slack's error about the token; `None` while the token works.
    pub fn error(&self) -> Option<String> {
        self.lock().open.as_ref().map(|open| open.error.clone())
    }

    /// Returns until when nothing should be tried; `None` while the token works.
    pub fn closed_until(&self, now: Instant) -> Option<Instant> {
        let mut state = self.lock();
        let failures = state.failures;
        let open = state.open.as_mut()?;
        // An instant further away dates from before the clock was set back.
        let probe_at = open.probe_at.filter(|at| *at <= now + BACKOFF.longest());
        let probe_at = probe_at.unwrap_or(BACKOFF.next_try(failures, now));
        open.probe_at = Some(probe_at);
        Some(probe_at)
    }

    /// Whether the caller should probe the token now. Of several concurrent callers one gets true.
    pub fn begin_probe(&self, now: Instant) -> bool {
        if self.closed_until(now).is_none_or(|at| at > now) {
            return false;
        }
        let mut state = self.lock();
        state.failures += 1;
        let next = BACKOFF.next_try(state.failures, now);
        let is_still_due = |open: &&mut OpenCircuit| open.probe_at.is_some_and(|at| at <= now);
        match state.open.as_mut().filter(is_still_due) {
            Some(open) => {
                open.probe_at = Some(next);
                true
            }
            None => false,
        }
    }

    /// Makes a call with the bot's token and learns from its outcome. While the token is known to be refused, the call
    /// fails with the same refusal and is not made: a future does nothing before it is polled.
    pub(super) async fn guard<T>(
        &self,
        method: &'static str,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        if let Some(error) = self.error() {
            return Err(CallError::Refused { method, error, needed: None, detail: None });
        }
        let outcome = call.await;
        self.learn(&outcome);
        outcome
    }

    /// Learns from the outcome of a call with the bot's token.
    fn learn<T>(&self, outcome: &Result<T, CallError>) {
        match outcome {
            Ok(_) => self.lock().failures = 0,
            Err(CallError::Refused { error, .. }) if Refusal::of(error) == Refusal::Token => self.open(error),
            Err(_) => {}
        }
    }

    /// Learns from the outcome of a probe. A token that passes the probe may still be refused elsewhere, so the pauses
    /// keep growing until another call succeeds. The probe at the start opens nothing: its failure ends the start.
    pub(super) fn learn_from_probe<T>(&self, outcome: &Result<T, CallError>) {
        let mut state = self.lock();
        match outcome {
            Ok(_) => {
                if let Some(open) = state.open.take() {
                    let seconds = open.since.elapsed().as_secs();
                    tracing::info!(seconds, "Slack accepts the bot's token again; what waited goes on");
                }
            }
            Err(CallError::Refused { error, .. }) if Refusal::of(error) == Refusal::Token => {
                if let Some(open) = &mut state.open {
                    error.clone_into(&mut open.error);
                }
            }
            Err(_) => {}
        }
    }

    fn open(&self, error: &str) {
        let mut state = self.lock();
        if let Some(open) = &mut state.open {
            error.clone_into(&mut open.error);
            return;
        }
        state.open = Some(OpenCircuit { error: error.to_owned(), since: Stopwatch::now(), probe_at: None });
        tracing::error!(
            error,
            "Slack does not accept the bot's token any more: nothing is posted until it does. Install the app again, \
             set SLACK_BOT_TOKEN to its token and restart"
        );
    }

    fn lock(&self) -> MutexGuard<'_, BreakerState> {
        // A panic cannot leave these few values half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    fn minute(minute: i64) -> Instant {
        from_ms(1_700_000_000_000) + chrono::Duration::minutes(minute)
    }

    fn refused(error: &str) -> Result<(), CallError> {
        Err(CallError::Refused { method: "x", error: error.to_owned(), needed: None, detail: None })
    }

    /// Returns the minutes of these at which a probe begins, if every probe fails.
    fn probes(breaker: &Breaker, minutes: std::ops::Range<i64>) -> Vec<i64> {
        let probe = |at: &i64| {
            let begins = breaker.begin_probe(minute(*at));
            assert!(!breaker.begin_probe(minute(*at)), "one probe at a time");
            begins
        };
        minutes.filter(probe).collect()
    }

    #[test]
    fn a_refused_token_is_probed_ever_less() {
        let breaker = Breaker::default();
        breaker.learn(&refused("channel_not_found"));
        assert!(breaker.error().is_none() && probes(&breaker, 0..100).is_empty());
        breaker.learn(&refused("token_revoked"));
        assert_eq!(breaker.error().as_deref(), Some("token_revoked"));
        assert_eq!(probes(&breaker, 0..70), [1, 3, 7, 15, 30, 45, 60]);
        breaker.learn_from_probe(&refused("invalid_auth"));
        assert_eq!(breaker.error().as_deref(), Some("invalid_auth"));
        breaker.learn_from_probe(&Ok(()));
        assert_eq!(breaker.closed_until(minute(70)), None);
    }

    #[test]
    fn a_successful_probe_does_not_shorten_pauses() {
        let breaker = Breaker::default();
        breaker.learn(&refused("token_revoked"));
        assert_eq!(probes(&breaker, 0..10), [1, 3, 7]);
        breaker.learn_from_probe(&Ok(()));
        breaker.learn(&refused("token_revoked"));
        assert_eq!(breaker.closed_until(minute(10)), Some(minute(18)));
        breaker.learn_from_probe(&Ok(()));
        breaker.learn(&Ok(()));
        breaker.learn(&refused("token_revoked"));
        assert_eq!(breaker.closed_until(minute(20)), Some(minute(21)));
    }

    #[test]
    fn a_clock_set_back_does_not_delay_the_probe() {
        let breaker = Breaker::default();
        breaker.learn(&refused("token_revoked"));
        assert_eq!(breaker.closed_until(minute(0)), Some(minute(1)));
        assert_eq!(breaker.closed_until(minute(-2_000)), Some(minute(-1_999)));
    }
}
