//! What the page is told about a person's workspace, a conversation, and what is unread in it.

mod fields;
mod live;
mod search;
mod steps;
mod talk;
mod unread;
mod wire;

use serde_json::{Value, json};

use crate::bot::{Bot, request};

/// Gets a path of the page's API.
pub async fn get(bot: &Bot, path: &str) -> Value {
    request("GET", &format!("{}sandbox/{path}", bot.sandbox.url()), &[], "").await.unwrap().body
}

/// Posts an action to the page's API.
pub async fn act(bot: &Bot, action: &str, body: Value) -> Value {
    let url = format!("{}sandbox/{action}", bot.sandbox.url());
    request("POST", &url, &[], body.to_string()).await.unwrap().body
}

/// Lets a person post in `#general` and returns the time stamp.
async fn says(bot: &Bot, who: &str, text: &str) -> String {
    let said = act(bot, "say", json!({ "as": who, "where": "#general", "text": text })).await;
    said["raw"]["ts"].as_str().unwrap_or_else(|| panic!("{said}")).to_owned()
}

/// Returns the texts of the shown messages, in their order.
fn texts(shown: &Value) -> Vec<&str> {
    shown["messages"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap_or("(gone)")).collect()
}

/// Returns the conversation with this name, as the page lists it.
fn place<'a>(shown: &'a Value, name: &str) -> &'a Value {
    shown["channels"].as_array().unwrap().iter().find(|place| place["name"] == name).unwrap()
}
