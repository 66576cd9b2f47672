//! Retros, from an organiser's command to what the channel reads.

mod anonymity;
mod answering;
mod asking;
mod closing;
mod first;
mod grouping;
mod hiding;
mod keeping;
mod large;
mod late;
mod leading;
mod notes;
mod once;
mod promises;
mod pulse;
mod races;
mod reached;
mod revealing;
mod setting_up;
mod sorting;
mod steps;
mod times;
mod traces;
mod unusual;
mod voting;
mod words;

use rondo::{
    model::people::ChannelId,
    rituals::retro::{
        store,
        values::{AnswerKeys, Retro},
    },
    store::{programmes::Programme, reading::ReadStore},
};
use slack_sandbox::{NewPerson, PersonHandle, Submission};

use crate::{coffee::comes_to, each_store, support::Bot};

/// Six people, more than the usual threshold of five.
const TEAM: [&str; 6] = ["ana", "ben", "cy", "dee", "eve", "fay"];
const START: &str = "/retro start every Tuesday at 10:00";

/// Adds `#team` with these people and the bot. Those who are not in the workspace come from Lisbon, as ana does.
async fn team(bot: &Bot, people: &[&str]) -> ChannelId {
    for name in people {
        if !["ana", "ben", "cy", "dee", "gus"].contains(name) {
            bot.sandbox.add_person(NewPerson { zone: "Europe/Lisbon", ..NewPerson::named(name) });
        }
    }
    let id = bot.sandbox.add_channel("team", false, people);
    bot.sandbox.invite("team", &bot.user);
    bot.reads_the_workspace().await;
    bot.hears_events().await;
    ChannelId(id)
}

/// Adds `#team` with retros that ana has started, all prompts anonymous, and goes to the first: all are asked.
async fn open(bot: &mut Bot, people: &[&str]) -> ChannelId {
    open_with(bot, people, &["1", "2", "3"]).await
}

/// The same with these prompts anonymous and the others named, by their places.
async fn open_with(bot: &mut Bot, people: &[&str], anonymous: &[&str]) -> ChannelId {
    let id = team(bot, people).await;
    starts(bot, anonymous).await;
    comes_to(bot, "open").await;
    all_are_asked(bot, people).await;
    id
}

/// Has ana start retros in `#team` with the form, these prompts anonymous.
async fn starts(bot: &mut Bot, anonymous: &[&str]) {
    starts_at(bot, anonymous, "every Tuesday at 10:00").await;
}

/// The same at these times.
async fn starts_at(bot: &mut Bot, anonymous: &[&str], times: &str) {
    let ana = bot.person("ana");
    ana.says("#team", "/retro").await;
    ana.sees_modal().await.expect("a form");
    assert!(ana.fills("anonymous_start-stop-continue", anonymous.to_vec()));
    assert!(ana.fills("when", times));
    assert_eq!(ana.submits().await, Submission::Updated);
    assert_eq!(ana.submits().await, Submission::Closed);
    bot.settle().await;
}

/// Moves the clock until each of these people was asked.
async fn all_are_asked(bot: &mut Bot, people: &[&str]) {
    for _ in 0..people.len() {
        if people.iter().all(|who| question(bot, who).is_some()) {
            return;
        }
        comes_to(bot, "ask").await;
    }
    for who in people {
        assert!(question(bot, who).is_some(), "{who} was not asked: {:?}", bot.reads_dm(who));
    }
}

/// Returns the newest message that asks a person.
fn question(bot: &Bot, who: &str) -> Option<slack_sandbox::Message> {
    let messages = bot.person(who).reads_dm().into_iter();
    messages.rev().find(|message| message.text.starts_with(":mirror: It's time for "))
}

/// Opens a form by a button of the question.
async fn opens(bot: &mut Bot, who: &str, button: &str) -> PersonHandle {
    let dm = bot.user.clone();
    bot.clicks(who, &dm, button).await;
    let person = bot.person(who);
    assert!(person.sees_modal().await.is_some(), "{who} sees no form: {:?}", bot.reads_dm(who));
    person
}

/// Answers prompts by their places with the only button of the question.
async fn answers(bot: &mut Bot, who: &str, prompts: &[(&str, &str)]) {
    let form = opens(bot, who, "Answer").await;
    for (place, words) in prompts {
        assert!(form.fills(&format!("prompt_{place}"), *words));
    }
    assert_eq!(form.submits().await, Submission::Updated);
    let shown = form.modal().unwrap().blocks.iter().map(ToString::to_string).collect::<String>();
    assert!(shown.contains("saved, without your name."), "{shown}");
    form.closes();
}

/// Presses a button of a message and what the form asks that opens.
async fn surely(bot: &mut Bot, who: &str, message: &slack_sandbox::Message, button: &str) {
    let form = asks(bot, who, message, button).await;
    assert_eq!(form.submits().await, Submission::Updated);
    form.closes();
    bot.settle().await;
}

/// Presses a button of a message, and returns who sees the form that asks.
async fn asks(bot: &Bot, who: &str, message: &slack_sandbox::Message, button: &str) -> PersonHandle {
    let person = bot.person(who);
    person.clicks(message, button).await;
    assert!(person.sees_modal().await.is_some(), "{who} sees no form: {:?}", bot.reads_dm(who));
    person
}

/// Returns the newest message of a person's DM that has a button.
fn with_button(bot: &Bot, who: &str, button: &str) -> slack_sandbox::Message {
    let found = bot.person(who).reads(&bot.user).into_iter().rev().find(|message| message.has_button(button));
    found.unwrap_or_else(|| panic!("{who} has no {button}: {:?}", bot.reads_dm(who)))
}

/// Has ana show the answers of the retro that has closed, none hidden.
async fn reveals(bot: &mut Bot) {
    let form = opens(bot, "ana", "Read and reveal").await;
    assert_eq!(form.submits().await, Submission::Updated);
    form.closes();
    bot.settle().await;
}

/// Returns the last retro.
async fn last_retro(bot: &Bot, channel: &ChannelId) -> Retro {
    let programme = programme_in(bot, channel).await;
    store::retros(&read_store(bot), &programme.id, 1).await.unwrap().remove(0)
}

async fn programme_in(bot: &Bot, channel: &ChannelId) -> Programme {
    let engine = &bot.parts.engine;
    engine.store.programmes_in(&engine.team, "retro", channel).await.unwrap().remove(0)
}

fn read_store(bot: &Bot) -> ReadStore {
    let engine = &bot.parts.engine;
    ReadStore::new(engine.store.clone(), engine.team.clone())
}

/// Returns the keys that a person's message holds.
fn keys_of(bot: &Bot, who: &str) -> AnswerKeys {
    let message = question(bot, who).expect("they were asked");
    let buttons = message.blocks.iter().filter_map(|block| block["elements"].as_array());
    let answers = |element: &&serde_json::Value| element["action_id"] == "retro:answer_anonymous";
    let mut values = buttons.flatten().filter(answers).map(|element| element["value"].as_str().unwrap());
    AnswerKeys::read(values.next().expect("a button")).expect("keys")
}

/// Returns what a person reads in `#team` that begins so, oldest first.
fn reads_team(bot: &Bot, who: &str, begins: &str) -> Vec<String> {
    bot.reads(who, "#team").into_iter().filter(|text| text.starts_with(begins)).collect()
}
