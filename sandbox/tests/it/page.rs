//! What the page is told: of one person's workspace, of a conversation, and of what is new in it.

mod fields;
mod live;
mod steps;
mod talk;
mod unread;
mod wire;

use serde_json::{Value, json};

use crate::bot::{Bot, request};

/// What the page gets from one of its doors.
pub async fn get(bot: &Bot, path: &str) -> Value {
    request("GET", &format!("{}sandbox/{path}", bot.sandbox.url()), &[], "").await.unwrap().body
}

/// What the page does at one of its doors.
pub async fn act(bot: &Bot, action: &str, body: Value) -> Value {
    let url = format!("{}sandbox/{action}", bot.sandbox.url());
    request("POST", &url, &[], body.to_string()).await.unwrap().body
}

/// Somebody says something in `#general`; its time stamp.
async fn says(bot: &Bot, who: &str, text: &str) -> String {
    let said = act(bot, "say", json!({ "as": who, "where": "#general", "text": text })).await;
    said["raw"]["ts"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
}

/// What the shown messages say, in their order.
fn texts(shown: &Value) -> Vec<&str> {
    shown["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap_or("(gone)")).collect()
}

/// The conversation with this name, as the page lists it.
fn place<'a>(shown: &'a Value, name: &str) -> &'a Value {
    shown["channels"].as_array().unwrap().iter().find(|place| place["name"] == name).unwrap()
}
