//! Coffee chats, from an organiser's command to what two introduced people read.

mod answering;
mod changed;
mod large;
mod occasions;
mod play;
mod presses;
mod refused;
mod rounds;
mod setup;
mod starting;
mod stopping;
mod taking_part;
mod truth;
mod understood;

use std::collections::BTreeSet;

use rondo::{
    model::people::ChannelId,
    rituals::coffee::store,
    store::{programmes::Programme, runs::PastRun},
};

use serde_json::json;
use slack_sandbox::Message;

use crate::{
    each_store,
    support::{
        Bot,
        cafe::{WEEKLY, cafe, running_cafe},
        gestures::{FORM, payload_form},
    },
};

/// Returns the programmes of a channel, with stopped ones.
async fn programme_in(bot: &Bot, channel: &ChannelId) -> Option<Programme> {
    let engine = &bot.parts.engine;
    engine.store.programmes_in(&engine.team, "coffee", channel).await.unwrap().into_iter().next()
}

/// Goes to the next round with a stop at all that is due before it, and sends all effects.
pub async fn comes_round(bot: &mut Bot) {
    comes_to(bot, "round").await;
}

/// Moves the clock until something of this kind is due, and sends all effects.
pub async fn comes_to(bot: &mut Bot, kind: &str) {
    let engine = bot.parts.engine.clone();
    for _ in 0..100 {
        let next = engine.store.next_run_at(&engine.team).await.unwrap().expect("something is planned");
        let due = engine.store.due_runs(&engine.team, next, 100).await.unwrap().runs;
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.settle().await;
        if due.iter().any(|run| run.kind == kind) {
            return;
        }
    }
    panic!("no {kind} comes");
}

/// Returns the groups of each round, by name.
async fn rounds(bot: &Bot, channel: &ChannelId) -> Vec<BTreeSet<Vec<String>>> {
    let engine = &bot.parts.engine;
    let programme = programme_in(bot, channel).await.expect("chats run there");
    let since = chrono::NaiveDate::MIN;
    let history = store::history(&engine.context().store, &programme.id, (100, since)).await.unwrap();
    let name = |user: &rondo::model::people::UserId| bot.person(user.as_str()).name();
    let named = |group: &Vec<_>| {
        let mut names: Vec<String> = group.iter().map(name).collect();
        names.sort();
        names
    };
    history.iter().map(|round| round.iter().map(named).collect()).collect()
}

/// Returns a person's partners in the last round, sorted by name.
async fn partners(bot: &Bot, channel: &ChannelId, who: &str) -> Vec<String> {
    let last = rounds(bot, channel).await.pop().expect("there was a round");
    let group = last.into_iter().find(|group| group.iter().any(|name| name == who));
    let group = group.unwrap_or_else(|| panic!("{who} was in the round"));
    group.into_iter().filter(|name| name != who).collect()
}

/// Returns what a person reads in the conversation with these others and the bot.
fn reads_group(bot: &Bot, who: &str, others: &[String]) -> Vec<String> {
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    bot.person(who).reads_group(&others).iter().map(|message| bot.as_read(&message.text)).collect()
}

/// Chooses from the menu of the introduction in the conversation with another person and the bot.
async fn chooses(bot: &mut Bot, who: &str, other: &str, choice: &str) {
    let person = bot.person(who);
    let has_menu =
        |message: &Message| message.blocks.iter().any(|block| block.to_string().contains("overflow"));
    let introduction = person.reads_group(&[other]).into_iter().rfind(has_menu).expect("there is a menu");
    let answer = person.picks(&introduction, "coffee:more", choice).await;
    assert!(answer.is_answered(), "{answer:?}");
    bot.settle().await;
}

/// Returns the answer to a press of a button that the person does not see.
pub async fn answers_to(bot: &mut Bot, who: &str, action: &str, value: &str) -> Vec<String> {
    bot.says(who, "#general", "/coffee help").await;
    let before = bot.reads(who, "#general").len();
    let sent = bot.sandbox.deliveries();
    let response_url =
        sent.iter().rev().find_map(|delivery| delivery.payload["response_url"].as_str()).unwrap();
    let press = json!({
        "type": "block_actions", "team": { "id": bot.sandbox.team_id() }, "user": { "id": bot.id(who) },
        "trigger_id": format!("{action}/{value}/{before}"), "channel": { "id": bot.general() },
        "response_url": response_url, "actions": [{ "type": "button", "action_id": action, "value": value }],
    });
    assert_eq!(bot.sends("/slack/interactions", FORM, payload_form(&press).as_bytes()).await.status, 200);
    bot.settle().await;
    bot.reads(who, "#general").split_off(before)
}

/// Returns the status that a person reads.
async fn status(bot: &mut Bot, who: &str) -> String {
    let answer = bot.says(who, "#cafe", "/coffee status").await;
    bot.as_read(&answer.text)
}

/// Returns the outcomes of the runs of the channel's chats, oldest first.
async fn history(bot: &Bot, channel: &ChannelId) -> Vec<PastRun> {
    let engine = &bot.parts.engine;
    let programme = programme_in(bot, channel).await.unwrap();
    let mut past = engine.store.past_runs(&engine.team, &programme.id, "round", 100).await.unwrap();
    past.reverse();
    past
}
