//! What an operator reads in the log of what became of an effect.

use crate::{
    model::refusal::Refusal,
    store::outbox::{Due, Fate},
};

/// Says in the log what an operator may want to know, without any words that people wrote.
pub(super) fn report(due: &Due, fate: &Fate) {
    match fate {
        Fate::Sent(_) | Fate::LookAgain(_) => tracing::debug!(key = due.key, "done at Slack"),
        Fate::Opened(_) => tracing::debug!(key = due.key, "its conversation is open"),
        Fate::Again(at, error) => tracing::warn!(key = due.key, %at, error, "not done at Slack; again later"),
        Fate::Look(at, error) => tracing::warn!(key = due.key, %at, error, "no answer from Slack; will look"),
        Fate::Dropped(error) => tracing::info!(key = due.key, error, "dropped; nobody waits for it any more"),
        Fate::Replaced(error) if matches!(Refusal::of(error), Refusal::Conversation(_)) => {
            tracing::info!(key = due.key, error, "Slack refused; done another way");
        }
        Fate::Replaced(error) => tracing::warn!(key = due.key, error, "Slack refused; done another way"),
        Fate::Dead(error) => {
            tracing::error!(
                key = due.key,
                error,
                "given up; `rondo outbox` shows it, and can retry or drop it"
            );
        }
    }
}
