//! What Slack's refusals mean for an effect, and what an operator reads of it in the log.

use crate::{
    slack::breaker::is_about_token,
    store::outbox::{Due, Fate},
};

/// What a refusal of Slack's asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The token is at fault, not the effect: it waits until an operator has mended that.
    Wait,
    /// Slack itself does not know how far it came.
    Unclear,
    /// It will be refused again.
    Final,
}

pub(super) fn what_to_do(error: &str) -> Refusal {
    match error {
        _ if is_about_token(error) => Refusal::Wait,
        "internal_error"
        | "fatal_error"
        | "request_timeout"
        | "service_unavailable"
        | "team_added_to_org"
        | "accesslimited" => Refusal::Unclear,
        _ => Refusal::Final,
    }
}

/// Says in the log what an operator may want to know, without any words that people wrote.
pub(super) fn report(due: &Due, fate: &Fate) {
    match fate {
        Fate::Sent(_) | Fate::LookAgain(_) => tracing::debug!(key = due.key, "done at Slack"),
        Fate::Opened(_) => tracing::debug!(key = due.key, "its conversation is open"),
        Fate::Again(at, error) => tracing::warn!(key = due.key, %at, error, "not done at Slack; again later"),
        Fate::Look(at, error) => tracing::warn!(key = due.key, %at, error, "no answer from Slack; will look"),
        Fate::Dropped(error) => tracing::info!(key = due.key, error, "dropped; nobody waits for it any more"),
        Fate::Replaced(error) if is_closed(error) => {
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

/// Whether a channel is closed to the bot, as channels may be.
fn is_closed(error: &str) -> bool {
    matches!(error, "not_in_channel" | "channel_not_found" | "is_archived" | "no_permission")
        || error.starts_with("restricted_action")
}

/// Whether a `response_url` says that its half hour or its five uses are over, or that its conversation is gone.
pub(super) fn has_expired(error: &str) -> bool {
    matches!(error, "expired_url" | "used_url" | "http_404" | "channel_not_found" | "message_not_found")
}
