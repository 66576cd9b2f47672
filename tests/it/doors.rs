//! The HTTP and Socket Mode listeners: authentication, answers, and that nothing is done twice.

mod bodies;
mod fuzz;
mod repeats;
mod signatures;
mod sockets;
mod strangers;
mod through_http;
mod watching;
mod wire;

/// The paths, each of which takes all that Slack sends.
const ROUTES: [&str; 3] = ["/slack/events", "/slack/commands", "/slack/interactions"];
