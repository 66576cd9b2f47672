//! The sandbox as a bot meets it: raw HTTP and WebSocket, no Slack library in between.

#![cfg(test)]

mod attachments;
mod bad_input;
mod bot;
mod chat;
mod colleagues;
mod commands;
mod directory;
mod door;
mod elements;
mod events;
mod faults;
mod files;
mod http;
mod interactions;
mod modals;
mod page;
mod refusals;
mod socket;
mod standalone;
mod time_travel;
