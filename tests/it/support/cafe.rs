//! A channel for coffee chats.

use rondo::model::people::ChannelId;

use super::Bot;

pub const WEEKLY: &str = "/coffee start every Tuesday at 10:00";

/// Adds `#cafe` with these people and the bot.
pub async fn cafe(bot: &Bot, people: &[&str]) -> ChannelId {
    let id = bot.sandbox.add_channel("cafe", false, people);
    bot.sandbox.invite("cafe", &bot.user);
    bot.hears_events().await;
    ChannelId(id)
}

/// Adds `#cafe` with chats that ana has started.
pub async fn running_cafe(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let id = cafe(bot, people).await;
    bot.says("ana", "#cafe", WEEKLY).await;
    bot.clicks("ana", "#cafe", "Start").await;
    id
}
