//! What the HTTP and the Socket Mode listener share: how a delivery is handled and counted.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::model::event::{Delivery, Event, Reply};

/// Handles a delivery: commits what follows from it, and returns the reply.
pub type Handler = Arc<dyn Fn(Delivery) -> BoxFuture<'static, Handled> + Send + Sync>;

/// The outcome of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Handled {
    /// It is committed, or refused, or not meant for this bot: this is the acknowledgement.
    Reply(Reply),
    /// The store did not commit, so it is not acknowledged, and Slack sends it again.
    Busy,
}

/// Handles a delivery in a task of its own: the caller may go away, and the handling still finishes. Counts it, and
/// measures the time since it arrived.
pub(super) async fn hand_over(
    door: &'static str,
    handle: &Handler,
    delivery: Delivery,
    since: tokio::time::Instant,
) -> Handled {
    let kind = kind(&delivery.event);
    // A handler that panicked is not known to have committed anything.
    let handled = tokio::spawn(handle(delivery)).await.unwrap_or(Handled::Busy);
    metrics::histogram!("rondo_acknowledgement_seconds", "door" => door).record(since.elapsed());
    count(door, kind, if handled == Handled::Busy { "busy" } else { "answered" });
    handled
}

/// Returns the kind of a delivery, for the metrics.
fn kind(event: &Event) -> &'static str {
    match event {
        Event::Command(_) => "command",
        Event::Action(_) => "action",
        Event::Submission(_) => "submission",
        Event::ViewClosed(_) => "view_closed",
        Event::OptionsWanted(_) => "options_wanted",
        Event::MessageShortcut(_) => "message_shortcut",
        Event::GlobalShortcut(_) => "global_shortcut",
        Event::Mention(_) => "mention",
        Event::Reaction(_) => "reaction",
        Event::HomeOpened(_) => "home_opened",
        Event::DirectMessage { .. } => "direct_message",
        Event::Workspace { .. } => "workspace",
    }
}

/// Counts a delivery by its listener, kind and outcome.
pub(super) fn count(door: &'static str, kind: &'static str, outcome: &'static str) {
    metrics::counter!("rondo_deliveries_total", "door" => door, "kind" => kind, "outcome" => outcome)
        .increment(1);
}
