//! Decisions of a channel: recorded, superseded, found again, and looked at again.

mod exporting;
mod finding;
mod recording;
mod reviewing;
mod saving;
mod superseding;

use rondo::common::decisions::{record::Decision, store};
use slack_sandbox::{Message, PersonHandle, Submission};

use crate::{
    each_store,
    support::Bot,
    sync::{next_sync, programme_in, reads_team, running, starts, team},
};

/// Types a command that opens the form for a decision.
async fn opens(bot: &mut Bot, who: &str, typed: &str) -> PersonHandle {
    bot.says(who, "#team", typed).await;
    let person = bot.person(who);
    assert_eq!(person.sees_modal().await.expect("a form").title, "Record a decision");
    person
}

/// Sends an open form, and does what follows.
async fn sends(bot: &mut Bot, person: &PersonHandle) {
    let sent = person.submits().await;
    assert_eq!(sent, Submission::Closed);
    bot.settle().await;
}

/// Records a decision in `#team`, with the day from which it is looked at again; empty without one.
async fn records(bot: &mut Bot, who: &str, words: &str, review: &str) {
    let person = opens(bot, who, &format!("/sync decide {words}")).await;
    assert!(review.is_empty() || person.fills("review", review));
    sends(bot, &person).await;
}

/// Returns the newest message in `#team` with these words, as a person sees it.
fn message(bot: &Bot, who: &str, words: &str) -> Message {
    let found = bot.person(who).reads("#team").into_iter().rfind(|post| post.text.contains(words));
    found.unwrap_or_else(|| panic!("{who} reads no {words:?} in {:?}", bot.reads(who, "#team")))
}

/// Presses *Supersede* under the message with these words, and returns the person with the form.
async fn supersedes(bot: &mut Bot, who: &str, words: &str) -> PersonHandle {
    let (person, message) = (bot.person(who), message(bot, who, words));
    person.clicks(&message, "Supersede").await;
    bot.settle().await;
    assert_eq!(person.sees_modal().await.expect("a form").title, "Supersede a decision");
    person
}

/// Returns the lines that `/sync decisions` shows, without their numbers.
async fn finds(bot: &mut Bot, who: &str, words: &str) -> Vec<String> {
    let answer = bot.says(who, "#team", &format!("/sync decisions {words}")).await;
    lines_of(&bot.as_read(&answer.text))
}

/// Returns the numbered lines of a text, without their numbers.
fn lines_of(text: &str) -> Vec<String> {
    let numbered = text
        .lines()
        .filter_map(|line| line.split_once(". ").filter(|(place, _)| place.parse::<u32>().is_ok()));
    numbered.map(|(_, line)| line.to_owned()).collect()
}

/// Returns all versions of all decisions, each decision's oldest version first.
async fn stored(bot: &Bot) -> Vec<Decision> {
    let engine = &bot.parts.engine;
    let rows = engine.store.ask("SELECT DISTINCT decision_id FROM decision ORDER BY decision_id", Vec::new());
    let ids: Vec<String> =
        rows.await.unwrap().into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect();
    let mut all = Vec::new();
    for id in ids {
        let mut versions = store::versions(&engine.context().store, &id, i64::MAX, 100).await.unwrap();
        versions.reverse();
        all.extend(versions);
    }
    all
}
