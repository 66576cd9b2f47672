//! Syncs, from an organiser's command to who leads.

mod participants;
mod preferences;
mod setup;
mod take_over;
mod turns;

use rondo::{
    cli::ledger::{LedgerFormat, write_ledger},
    model::people::{ChannelId, UserId},
    rituals::sync,
    store::programmes::Programme,
};

use crate::{coffee::comes_to, each_store, support::Bot};

const WEEKLY: &str = "/sync start every Tuesday at 10:00";
const BEGINS: &str = ":speech_balloon: It's time for ";

/// Adds `#team` with these people and the bot.
async fn team(bot: &Bot, people: &[&str]) -> ChannelId {
    let id = bot.sandbox.add_channel("team", false, people);
    bot.sandbox.invite("team", &bot.user);
    bot.hears_events().await;
    ChannelId(id)
}

/// Adds `#team` with a sync that ana has started.
async fn running(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let id = team(bot, people).await;
    starts(bot, WEEKLY).await;
    id
}

/// Starts a sync with a typed command of ana.
async fn starts(bot: &mut Bot, command: &str) {
    bot.says("ana", "#team", command).await;
    bot.clicks("ana", "#team", "Start").await;
}

async fn programme_in(bot: &Bot, channel: &ChannelId) -> Programme {
    let engine = &bot.parts.engine;
    engine.store.programmes_in(&engine.team, "sync", channel).await.unwrap().remove(0)
}

/// Returns the announcements of syncs in `#team`, oldest first.
fn announced(bot: &Bot) -> Vec<String> {
    bot.reads("ana", "#team").into_iter().filter(|text| text.starts_with(BEGINS)).collect()
}

/// Goes to the next sync and returns its announcement.
async fn next_sync(bot: &mut Bot) -> String {
    comes_to(bot, "start").await;
    announced(bot).pop().expect("a sync was announced")
}

/// Returns the person who leads, as an announcement says.
fn lead_of(announcement: &str) -> String {
    let (_, rest) = announcement.split_once('@').unwrap_or_else(|| panic!("no lead: {announcement}"));
    rest.split(' ').next().unwrap().to_owned()
}

/// Returns the leads that `/sync next` shows, `-` for none.
async fn leads_shown(bot: &mut Bot, who: &str) -> Vec<String> {
    let answer = bot.says(who, "#team", "/sync next").await;
    let text = bot.as_read(&answer.text);
    let turns = text.lines().filter(|line| line.starts_with("• "));
    turns
        .map(|line| match line.split_once('@') {
            Some((_, rest)) => rest.split(' ').next().unwrap().to_owned(),
            None => "-".to_owned(),
        })
        .collect()
}

/// Returns the ledger as CSV, with names for ids.
async fn exported(bot: &Bot) -> String {
    let (ledger, mut output) = (sync::REGISTRATION.ledger.unwrap(), Vec::new());
    let since = chrono::NaiveDate::default();
    write_ledger(&ledger, &bot.parts.engine.store, since, LedgerFormat::Csv, &mut output).await.unwrap();
    let names = ["ana", "ben", "cy", "dee"];
    let csv = String::from_utf8(output).unwrap();
    names.iter().fold(csv, |csv, name| csv.replace(bot.id(name).as_str(), name))
}
