//! Syncs, from an organiser's command to who leads.

mod agenda;
mod asked_in_pause;
mod away;
pub mod before;
mod cancelling;
mod closing;
mod ending;
mod erased;
mod handing_over;
mod history;
mod holidays;
mod ledgers;
mod moved_near;
mod moving;
mod near;
mod no_lead;
mod odd_inputs;
mod odd_words;
mod old_buttons;
mod ordering;
mod organisers;
mod outlived;
mod participants;
mod pausing;
mod preferences;
mod previews;
mod promised;
mod random;
mod same_time;
mod saving;
mod scribe;
mod setup;
mod silence;
mod skipping;
mod standing;
mod swap;
mod take_over;
mod together;
mod told_once;
mod truth;
mod turns;
mod unreached;

use rondo::{
    cli::ledger::{LedgerFormat, write_ledger},
    model::people::{ChannelId, UserId},
    rituals::sync,
    store::programmes::Programme,
};

use crate::{coffee::comes_to, each_store, support::Bot};

const WEEKLY: &str = "/sync start every Tuesday at 10:00";
const BEGINS: &str = ":speech_balloon: It's time for ";

/// Returns what a person reads who types this in `#team`.
async fn says(bot: &mut Bot, who: &str, typed: &str) -> String {
    let answer = bot.says(who, "#team", typed).await;
    bot.as_read(&answer.text)
}

/// Adds `#team` with these people and the bot.
pub async fn team(bot: &Bot, people: &[&str]) -> ChannelId {
    let id = bot.sandbox.add_channel("team", false, people);
    bot.sandbox.invite("team", &bot.user);
    bot.hears_events().await;
    ChannelId(id)
}

/// Adds `#team` with a sync that ana has started.
pub async fn running(bot: &mut Bot, people: &[&str]) -> ChannelId {
    let id = team(bot, people).await;
    starts(bot, WEEKLY).await;
    id
}

/// Starts a sync with a typed command of ana.
pub async fn starts(bot: &mut Bot, command: &str) {
    bot.says("ana", "#team", command).await;
    bot.clicks("ana", "#team", "Start").await;
}

pub async fn programme_in(bot: &Bot, channel: &ChannelId) -> Programme {
    let engine = &bot.parts.engine;
    engine.store.programmes_in(&engine.team, "sync", channel).await.unwrap().remove(0)
}

/// Returns the announcements of syncs in `#team`, oldest first.
fn announced(bot: &Bot) -> Vec<String> {
    bot.reads("ana", "#team").into_iter().filter(|text| text.starts_with(BEGINS)).collect()
}

/// Returns what a person reads in `#team` that begins so, oldest first.
pub fn reads_team(bot: &Bot, who: &str, begins: &str) -> Vec<String> {
    bot.reads(who, "#team").into_iter().filter(|text| text.starts_with(begins)).collect()
}

/// Returns the lines of the agenda that `/sync agenda` shows, without their numbers.
async fn agenda(bot: &mut Bot, who: &str) -> Vec<String> {
    let answer = bot.says(who, "#team", "/sync agenda").await;
    let text = bot.as_read(&answer.text);
    let points = text
        .lines()
        .filter_map(|line| line.split_once(". ").filter(|(place, _)| place.parse::<u32>().is_ok()));
    points.map(|(_, point)| point.to_owned()).collect()
}

/// Goes to the next sync, for which everyone who is asked says yes, and returns its announcement.
pub async fn next_sync(bot: &mut Bot) -> String {
    let engine = bot.parts.engine.clone();
    for _ in 0..100 {
        say_yes(bot).await;
        let next = engine.store.next_run_at(&engine.team).await.unwrap().expect("something is planned");
        let due = engine.store.due_runs(&engine.team, next, 100).await.unwrap().runs;
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.settle().await;
        if due.iter().any(|run| run.kind == "start") {
            return announced(bot).pop().expect("a sync was announced");
        }
    }
    panic!("no sync comes");
}

/// Has everyone who is asked to lead say yes.
async fn say_yes(bot: &mut Bot) {
    let dm = bot.user.clone();
    for who in ["ana", "ben", "cy", "dee", "gus"] {
        let is_asked = |message: &slack_sandbox::Message| {
            message.blocks.iter().any(|block| block.to_string().contains("sync:accept"))
        };
        if bot.person(who).reads(&dm).iter().any(is_asked) {
            bot.clicks(who, &dm, "I'll do it").await;
        }
    }
}

/// Returns the person who leads, as an announcement says.
pub fn lead_of(announcement: &str) -> String {
    let (_, rest) = announcement.split_once('@').unwrap_or_else(|| panic!("no lead: {announcement}"));
    rest.split([' ', '\'']).next().unwrap().to_owned()
}

/// Returns the leads that `/sync next` shows, `-` for none.
async fn leads_shown(bot: &mut Bot, who: &str) -> Vec<String> {
    let answer = bot.says(who, "#team", "/sync next").await;
    let text = bot.as_read(&answer.text);
    let turns = text.lines().filter(|line| line.starts_with("• "));
    turns
        .map(|line| match line.split_once('@') {
            Some((_, rest)) => rest.split([' ', '\'']).next().unwrap().to_owned(),
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
