//! The ticker: what is due is done once, at its time or as late as its ritual allows, and each miss leaves a row.

mod bell;
mod catching_up;
mod changes;
mod claims;
mod falling;

use chrono::{Duration, NaiveDate};
use chrono_tz::Tz;
use rondo::{
    engine::{Engine, ticker::Ticker, turns::Turn},
    model::{
        cadence::{Cadence, Occurrence},
        clock::Instant,
        entropy::Entropy,
        owner::Owner,
        people::ChannelId,
    },
    ritual::put_occasion,
    store::{
        occasions,
        programmes::{self, Programme},
        runs::{self, PastRun},
        unit::{Outcome, UnitOfWork},
    },
};

use self::bell::{Bell, KIND, Mood, NAME};
use crate::{each_store, support::Bot};

/// Returns a ticker beside the bot's own, as another process would have it, and the bell that it rings.
fn ticker(bot: &Bot) -> (Ticker, Bell) {
    let bell = Bell::default();
    (ticker_with(bot, &bell, 2), bell)
}

fn ticker_with(bot: &Bot, bell: &Bell, seed: u64) -> Ticker {
    let rituals: Vec<Box<dyn rondo::ritual::Ritual>> = vec![Box::new(bell.clone())];
    let engine =
        Engine { rituals: rituals.into(), entropy: Entropy::seeded(seed), ..bot.parts.engine.clone() };
    Ticker::new(engine)
}

fn now(bot: &Bot) -> Instant {
    bot.parts.engine.clock.now()
}

/// Returns an instant in January 2026, which began on a Thursday.
fn january(day: u32, hour: u32, minute: u32) -> Instant {
    NaiveDate::from_ymd_opt(2026, 1, day).unwrap().and_hms_opt(hour, minute, 0).unwrap().and_utc()
}

fn cadence(words: &str) -> Cadence {
    Cadence::parse(words, Tz::UTC, NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()).unwrap()
}

/// The owner of the runs of a test's only bell.
fn owner() -> Owner {
    Owner::Programme("p".to_owned())
}

/// Returns a bell that rings in a channel.
fn programme(bot: &Bot, id: &str, channel: &str, words: &str) -> Programme {
    let channel = ChannelId(channel.to_owned());
    Programme::new(id.to_owned(), NAME, channel, "U1".into(), Some(cadence(words)), now(bot))
}

/// Starts a programme as a ritual does, together with its first run.
async fn start(bot: &Bot, programme: &Programme) -> Outcome {
    start_with(bot, &Bell::default(), programme).await
}

async fn start_with(bot: &Bot, bell: &Bell, programme: &Programme) -> Outcome {
    let Engine { store, team, .. } = &bot.parts.engine;
    let mut unit = UnitOfWork::new();
    programmes::start(&mut unit, team, programme).unwrap();
    if let Some(first) = programme.cadence.as_ref().and_then(|cadence| cadence.next(now(bot))) {
        put_occasion(&mut unit, team, bell, programme, first, now(bot));
    }
    store.commit(unit).await.unwrap()
}

/// Starts a test's only bell.
async fn start_bell(bot: &Bot, words: &str) -> Programme {
    let programme = programme(bot, "p", "C-BELL", words);
    assert!(matches!(start(bot, &programme).await, Outcome::Committed(_)));
    programme
}

/// Does what is due now.
async fn tick(ticker: &Ticker) {
    while !matches!(ticker.tick_once().await.unwrap(), Turn::Idle(_)) {}
}

/// Moves the clock to an instant, with a stop at each due run.
async fn lives_until(bot: &Bot, ticker: &Ticker, end: Instant) {
    loop {
        match ticker.tick_once().await.unwrap() {
            Turn::Worked | Turn::Refused => {}
            Turn::Idle(Some(at)) if at <= end => bot.sandbox.clock().advance_to(at.timestamp_millis()),
            Turn::Idle(_) => break,
        }
    }
    bot.sandbox.clock().advance_to(end.timestamp_millis());
}

/// Returns the bell's runs, oldest first: wall day, outcome, remark.
async fn history(bot: &Bot) -> Vec<(String, String, String)> {
    let Engine { store, team, .. } = &bot.parts.engine;
    let past = store.past_runs(team, "p", KIND, 100).await.unwrap();
    let told = |past: PastRun| (past.wall.format("%a %d %H:%M").to_string(), past.outcome, past.remark);
    past.into_iter().rev().map(told).collect()
}

/// Does the same without the remarks.
async fn outcomes(bot: &Bot) -> Vec<String> {
    history(bot).await.into_iter().map(|(wall, outcome, _)| format!("{wall} {outcome}")).collect()
}

/// Returns when the next run is due.
async fn next_due(bot: &Bot) -> Option<Instant> {
    let Engine { store, team, .. } = &bot.parts.engine;
    store.next_run_at(team).await.unwrap()
}

/// Whether an attempt's write was committed.
async fn counted(bot: &Bot, run: &str, attempt: i64) -> bool {
    let Engine { store, team, .. } = &bot.parts.engine;
    store.processed_reply(team, &format!("rang/{run}/{attempt}")).await.unwrap().is_some()
}

/// Returns the runs whose writes were committed, each as many times as it was, in the order of their starts.
async fn rung(bot: &Bot, bell: &Bell) -> Vec<String> {
    let mut rung = Vec::new();
    for (run, attempt, _) in bell.attempts() {
        if counted(bot, &run, attempt).await {
            rung.push(run);
        }
    }
    rung
}
