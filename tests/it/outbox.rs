//! The outbox: each effect happens once, in order, at Slack's pace, despite network failures.

mod bounds;
mod clocks;
mod deleting;
mod effects;
mod faults;
mod groups;
mod keys;
mod outcomes;
mod owners;
mod reacting;
mod releases;
mod takeover;
mod turns;

use chrono::Duration;
use rondo::{
    engine::turns::Turn,
    model::text::Markup,
    model::{
        clock::Instant,
        effect::{DeliveryGuarantee, Effect, Lane, NewEffect, Origin, Target},
        people::{ChannelId, UserId},
    },
    store::{
        outbox::{self, HeldUp},
        unit::UnitOfWork,
    },
};
use slack_sandbox::Call;

use crate::support::Bot;

/// Adds a public channel with the bot in it, and returns its id.
fn news(bot: &Bot) -> ChannelId {
    let id = bot.sandbox.add_channel("news", false, &["ana", "ben", "dee"]);
    bot.sandbox.invite("news", &bot.user);
    ChannelId(id)
}

fn now(bot: &Bot) -> Instant {
    bot.parts.engine.clock.now()
}

fn post(bot: &Bot, key: &str, to: &ChannelId, text: &str) -> NewEffect {
    let to = Target::Channel(to.clone());
    NewEffect::post(Origin::default(), key.to_owned(), to, Markup::words(text).into(), now(bot))
}

async fn enqueue(bot: &Bot, effects: &[NewEffect]) {
    let mut unit = UnitOfWork::new();
    for effect in effects {
        outbox::enqueue(&mut unit, &bot.parts.engine.team, effect, now(bot)).unwrap();
    }
    bot.parts.engine.store.commit(unit).await.unwrap();
}

/// Returns how many times a method was called.
fn calls(bot: &Bot, method: &str) -> Vec<Call> {
    bot.sandbox.calls().into_iter().filter(|call| call.method == method).collect()
}

/// Returns the bot's messages in `#news`, as dee reads them.
fn said(bot: &Bot) -> Vec<String> {
    let messages = bot.person("dee").reads("#news").into_iter();
    messages.filter(|message| message.author == bot.user).map(|message| message.text).collect()
}

/// Returns how many effects wait, and how many are discarded.
async fn depth(bot: &Bot) -> (i64, i64) {
    let depth = bot.parts.engine.store.outbox_depth(now(bot)).await.unwrap();
    (depth.waiting, depth.discarded)
}

/// Asserts that finished effects keep no text.
async fn words_kept(bot: &Bot) -> usize {
    let rows = bot.parts.engine.store.ask("SELECT key FROM outbox WHERE payload IS NOT NULL", Vec::new());
    rows.await.unwrap().len()
}
