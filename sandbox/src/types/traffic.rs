//! What passes between the workspace and its apps: calls, deliveries and the replies to them.

use serde_json::Value;

/// One call of the Web API.
#[derive(Clone, Debug)]
pub struct Call {
    /// Such as `chat.postMessage`.
    pub method: String,
    /// Without tokens.
    pub args: Value,
    /// Null when it was withheld.
    pub answer: Value,
    pub http_status: u16,
    /// By the sandbox's clock, in milliseconds since the epoch.
    pub at_ms: i64,
    /// The app whose token was used.
    pub app_id: Option<String>,
}

/// A delivery to an app.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `slash_commands`, `interactive` or `events_api`.
    pub kind: &'static str,
    /// `socket` or `http`.
    pub door: &'static str,
    pub app_id: String,
    pub payload: Value,
    /// 0 for the first attempt, then 1, 2, 3.
    pub attempt: u8,
    /// Whether it is the second of two, since everything is delivered twice.
    pub again: bool,
    /// `sent`, `acknowledged`, `timeout`, `http_error` or `connection_failed`.
    pub outcome: String,
    /// By the sandbox's clock, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Whether a simulated colleague caused it.
    pub simulated: bool,
}

/// The kind of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DeliveryKind {
    Command,
    Interaction,
    Event,
}

impl DeliveryKind {
    /// Returns Slack's name for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            DeliveryKind::Command => "slash_commands",
            DeliveryKind::Interaction => "interactive",
            DeliveryKind::Event => "events_api",
        }
    }
}

/// The app's reply to a delivery.
#[derive(Clone, Debug)]
pub(crate) enum DeliveryReply {
    /// Acknowledged in time, with the app's answer; null for none.
    Acknowledged(Value),
    /// No reply within three seconds.
    NoAnswer,
    /// Not delivered, or turned away; with the word that Slack's retries have for it.
    Failed(&'static str),
}

impl DeliveryReply {
    /// Returns the word for it in the log.
    pub(crate) fn outcome(&self) -> &'static str {
        match self {
            DeliveryReply::Acknowledged(_) => "acknowledged",
            DeliveryReply::NoAnswer => "timeout",
            DeliveryReply::Failed(reason) => reason,
        }
    }
}
