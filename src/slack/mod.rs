//! Everything that speaks Slack's wire format: two listeners, one client, and the conversion between.

mod budget;
mod call;
mod chunks;
mod connections;
mod fields;
mod figures;
mod limit;
mod response_url;
mod responses;
mod text_objects;

pub mod blocks;
pub mod breaker;
pub mod client;
pub mod door;
pub mod http;
pub mod listener;
pub mod pacing;
pub mod payload;
pub mod replies;
pub mod signature;
pub mod socket;

pub use client::{CallError, Channel, ClientSettings, Identity, Looked, Page, Posted, ShownView, Slack};
pub use door::{Handled, Handler};
pub use http::HttpDoor;
pub use payload::{Incoming, UnreadableRequest};
pub use signature::SigningSecret;
pub use socket::{SocketDoor, SocketHealth};
