//! Logs the outcomes of effects, and tells them to their rituals.

use super::{MOST_CRASHES, Outbox, lease::CLAIM_OVER};
use crate::{
    model::{
        effect::{DeliveryOutcome, ENGINE},
        failure::Failure,
        people::ChannelId,
        refusal::Refusal,
    },
    slack::client::ASKS_TO_WAIT,
    store::{
        outbox::{Due, Settlement},
        unit::UnitOfWork,
    },
};

impl Outbox {
    /// Tells the ritual of an effect the outcome. What the ritual writes because of it is committed with the
    /// settlement.
    pub(super) async fn tell_ritual(&self, due: &Due, settlement: Settlement) -> (Settlement, UnitOfWork) {
        let Some(outcome) = outcome(due, &settlement) else { return (settlement, UnitOfWork::new()) };
        let Some(ritual) = self.engine.ritual(&due.origin.ritual) else {
            let settlement = match settlement {
                // An answer of the engine's own that its reader cannot get needs no attention.
                Settlement::Discarded(error) if due.origin.ritual == ENGINE => Settlement::Dropped(error),
                settlement => settlement,
            };
            return (settlement, UnitOfWork::new());
        };
        match ritual.on_settled(&self.engine.context(), &due.origin, &outcome).await {
            Ok(settled) => match settlement {
                Settlement::Discarded(error) if settled.is_settled => {
                    (Settlement::Replaced(error), settled.unit)
                }
                settlement => (settlement, settled.unit),
            },
            Err(Failure::Refuse(_) | Failure::Later(_)) => (settlement, UnitOfWork::new()),
            Err(Failure::Fail(cause)) if due.attempts >= MOST_CRASHES => {
                tracing::error!(
                    key = due.key,
                    cause = format!("{cause:#}"),
                    "a ritual never took note of an outcome"
                );
                (settlement, UnitOfWork::new())
            }
            Err(Failure::Retry(cause) | Failure::Fail(cause)) => {
                tracing::warn!(
                    key = due.key,
                    cause = format!("{cause:#}"),
                    "a ritual could not take note of an outcome"
                );
                (self.retry_telling(due, settlement, outcome), UnitOfWork::new())
            }
        }
    }

    /// Returns the settlement by which the ritual is told again.
    fn retry_telling(&self, due: &Due, settlement: Settlement, outcome: DeliveryOutcome) -> Settlement {
        let at = self.pause(due, self.engine.clock.now());
        match (outcome, settlement) {
            (DeliveryOutcome::Sent { channel, ts }, _) => {
                Settlement::Untold((channel, ts), at, "its ritual could not take note of it".to_owned())
            }
            (DeliveryOutcome::Done, _) if due.next_call().is_some_and(|call| call.kind().is_repeatable()) => {
                Settlement::Retry(at, "its ritual could not take note of it".to_owned())
            }
            (_, Settlement::Discarded(error) | Settlement::Dropped(error)) => Settlement::Retry(at, error),
            (_, settlement) => settlement,
        }
    }
}

/// Returns the outcome that a ritual is told. A failed change of a posted message is none: the message is there.
fn outcome(due: &Due, settlement: &Settlement) -> Option<DeliveryOutcome> {
    match settlement {
        Settlement::Sent(posted) if due.origin.wants_sent => {
            let posted = posted.as_ref().map(|(channel, ts)| (channel, ts.as_str())).or(due.posted());
            Some(posted.map_or(DeliveryOutcome::Done, |(channel, ts): (&ChannelId, &str)| {
                DeliveryOutcome::Sent { channel: channel.clone(), ts: ts.to_owned() }
            }))
        }
        Settlement::Discarded(error) if due.posted().is_none() => {
            Some(DeliveryOutcome::Refused(Refusal::of(error), error.clone()))
        }
        Settlement::Dropped(why) if due.posted().is_none() => Some(DeliveryOutcome::Dropped(why.clone())),
        _ => None,
    }
}

/// Logs what an operator may need to know, without any words that people wrote.
pub(super) fn report(due: &Due, settlement: &Settlement) {
    match settlement {
        Settlement::Sent(_) | Settlement::LookAgain(_) => tracing::debug!(key = due.key, "done at Slack"),
        Settlement::Deleted => tracing::debug!(key = due.key, "deleted at Slack"),
        Settlement::Opened(_) => tracing::debug!(key = due.key, "its conversation is open"),
        // Nothing was tried: the machine was busy, or its clock was moved.
        Settlement::Retry(_, why) if why == CLAIM_OVER => {
            tracing::info!(key = due.key, why, "claimed again");
        }
        // Slack's pace is no fault: it is sent a moment later.
        Settlement::Retry(at, error) if error.starts_with(ASKS_TO_WAIT) => {
            tracing::info!(key = due.key, %at, error, "Slack paces it; again later");
        }
        Settlement::Retry(at, error) => {
            tracing::warn!(key = due.key, %at, error, "not done at Slack; again later");
        }
        Settlement::Untold(_, at, _) => {
            tracing::warn!(key = due.key, %at, "done at Slack; its ritual is told later");
        }
        Settlement::Look(at, error) => {
            tracing::warn!(key = due.key, %at, error, "no answer from Slack; will look");
        }
        Settlement::Dropped(error) => {
            tracing::info!(key = due.key, error, "dropped; it is of no use any more");
        }
        Settlement::Replaced(error) if matches!(Refusal::of(error), Refusal::Conversation(_)) => {
            tracing::info!(key = due.key, error, "Slack refused; done another way");
        }
        Settlement::Replaced(error) => {
            tracing::warn!(key = due.key, error, "Slack refused; done another way");
        }
        Settlement::Discarded(error) => {
            tracing::error!(
                key = due.key,
                error,
                "given up; `rondo outbox` shows it, and can retry or drop it"
            );
        }
    }
}
