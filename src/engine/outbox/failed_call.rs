//! Decides what follows from a failed call.

use std::time::Duration as StdDuration;

use chrono::Duration;

use super::{BACKOFF, GRACE_SECONDS, Outbox};
use crate::{
    model::{
        call_kind::CallKind,
        clock::Instant,
        effect::{DeliveryGuarantee, Effect},
        refusal::Refusal,
    },
    slack::CallError,
    store::outbox::{Due, Settlement},
};

impl Outbox {
    /// Decides what happens to an effect whose call failed.
    pub(super) fn settle_failed_call(&self, due: &Due, error: &CallError) -> Settlement {
        let now = self.engine.clock.now();
        let words = error.to_string();
        match error {
            CallError::RateLimited { retry_after, .. } => {
                Settlement::Retry(self.pause_after_429(due, *retry_after), words)
            }
            CallError::Unreached { .. } => Settlement::Retry(self.pause(due, now), words),
            CallError::Lost { .. } => self.settle_lost_call(due, now, words),
            CallError::Refused { error, .. } => match Refusal::of(error) {
                Refusal::Token => {
                    let probe_at = self.engine.slack.breaker().closed_until(now);
                    Settlement::Retry(probe_at.unwrap_or(now + BACKOFF.longest()), words)
                }
                Refusal::Unclear => self.settle_lost_call(due, now, words),
                // The person has stopped waiting, or the conversation is closed.
                Refusal::Expired | Refusal::MessageGone | Refusal::Conversation(_) if is_answer(due) => {
                    Settlement::Dropped(error.clone())
                }
                Refusal::MessageGone if is_deletion(due) && error == "message_not_found" => {
                    Settlement::Deleted
                }
                // A change that is no longer possible leaves the message as it is.
                Refusal::MessageGone | Refusal::Conversation(_) | Refusal::Person
                    if due.posted().is_some() =>
                {
                    Settlement::Dropped(error.clone())
                }
                Refusal::Person
                | Refusal::Conversation(_)
                | Refusal::MessageGone
                | Refusal::Expired
                | Refusal::Other => Settlement::Discarded(error.clone()),
            },
        }
    }

    /// Pauses the method or channel of a call that Slack rate-limited; returns until when.
    pub(super) fn pause_after_429(&self, due: &Due, retry_after: StdDuration) -> Instant {
        let until = self.engine.clock.now() + retry_after;
        if let Some(call) = due.next_call() {
            self.engine.pacer.refused(call.kind(), call.channel(), until);
        }
        metrics::counter!("rondo_slack_rate_limited_total").increment(1);
        until
    }

    /// Decides about a call that may have arrived: a post is searched for, a repeatable call is repeated, and an answer
    /// is dropped.
    pub(super) fn settle_lost_call(&self, due: &Due, now: Instant, words: String) -> Settlement {
        let Some(call) = due.next_call() else { return Settlement::Dropped(words) };
        match call.kind() {
            CallKind::Post => {
                let settled = now + self.call_timeout + Duration::seconds(GRACE_SECONDS);
                Settlement::Look(settled, words)
            }
            // Slack keeps no history of them to search.
            CallKind::Respond => Settlement::Dropped(words),
            CallKind::Ephemeral if due.delivery == DeliveryGuarantee::AtMostOnce => {
                Settlement::Dropped(words)
            }
            _ => Settlement::Retry(self.pause(due, now), words),
        }
    }

    /// Returns when an effect that failed is tried again.
    pub(super) fn pause(&self, due: &Due, now: Instant) -> Instant {
        now + BACKOFF.spread(due.attempts, self.engine.entropy.jitter())
    }
}

fn is_deletion(due: &Due) -> bool {
    matches!(due.effect, Effect::Delete { .. })
}

fn is_answer(due: &Due) -> bool {
    matches!(due.effect, Effect::Respond { .. } | Effect::UpdateView { .. })
}
