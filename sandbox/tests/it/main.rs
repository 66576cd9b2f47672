//! The sandbox as a bot meets it: raw HTTP and WebSocket, no Slack library in between.

#[cfg(test)]
mod bot;
mod chat;
mod commands;
mod socket;
