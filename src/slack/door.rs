//! What both doors share: whom they hand a delivery to, and how they count it.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::model::event::{Delivery, Event, Reply};

/// Takes a delivery, commits what follows from it, and says what to answer.
pub type Handler = Arc<dyn Fn(Delivery) -> BoxFuture<'static, Handled> + Send + Sync>;

/// What became of a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Handled {
    /// It is committed, or refused, or not ours to act on: this is the acknowledgement.
    Reply(Reply),
    /// The store did not commit, so Slack must not believe that it was taken, and sends it again.
    Busy,
}

/// Hands a delivery over in a task of its own: whoever waits may go away, and what was begun is still finished. Counts
/// it, and measures how long somebody waited since it came in.
pub(super) async fn hand_over(
    door: &'static str,
    handle: &Handler,
    delivery: Delivery,
    since: tokio::time::Instant,
) -> Handled {
    let kind = kind(&delivery.event);
    // A handler that panicked has committed nothing that anybody knows of.
    let handled = tokio::spawn(handle(delivery)).await.unwrap_or(Handled::Busy);
    metrics::histogram!("rondo_acknowledgement_seconds", "door" => door).record(since.elapsed());
    count(door, kind, if handled == Handled::Busy { "busy" } else { "answered" });
    handled
}

/// What kind of delivery it is, for the metrics.
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

/// Counts a delivery: through which door it came, what it was and what became of it.
pub(super) fn count(door: &'static str, kind: &'static str, outcome: &'static str) {
    metrics::counter!("rondo_deliveries_total", "door" => door, "kind" => kind, "outcome" => outcome)
        .increment(1);
}
