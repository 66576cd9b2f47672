//! Logs what happened to an effect, for an operator.

use super::claim::CLAIM_OVER;
use crate::{
    model::refusal::Refusal,
    store::outbox::{Due, Settlement},
};

/// Logs what an operator may need to know, without any words that people wrote.
pub(super) fn report(due: &Due, settlement: &Settlement) {
    match settlement {
        Settlement::Sent(_) | Settlement::LookAgain(_) => tracing::debug!(key = due.key, "done at Slack"),
        Settlement::Deleted => tracing::debug!(key = due.key, "deleted at Slack"),
        Settlement::Opened(_) => tracing::debug!(key = due.key, "its conversation is open"),
        // Nothing was tried: the machine was busy, or its clock was moved.
        Settlement::Retry(_, why) if why == CLAIM_OVER => {
            tracing::info!(key = due.key, why, "taken in hand anew");
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
