//! The card of steps to try.

use serde_json::{Value, json};
use slack_sandbox::{NextThing, Step, TimeSteps, Watch};

use super::{act, get, says};
use crate::bot::{Bot, Reflex, workspace};

async fn done(bot: &Bot) -> Vec<String> {
    let shown = get(bot, "state?as=ana").await;
    let ticked = shown["steps"].as_array().unwrap().iter().filter(|step| step["done"] == true);
    ticked.map(|step| step["title"].as_str().unwrap().to_owned()).collect()
}

fn with_button(text: &str) -> Value {
    json!({ "text": "Sure?", "blocks": [{ "type": "actions", "block_id": "b", "elements": [
        { "type": "button", "action_id": "yes", "text": { "type": "plain_text", "text": text } } ] }] })
}

#[tokio::test]
async fn steps_tick_when_done() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(
        |one| if one["type"] == "slash_commands" { Reflex::Say(with_button("Undo")) } else { Reflex::Ack },
    );
    sandbox.set_steps(vec![
        Step::new("Thank somebody", "Type /kudos", Watch::Sends("/kudos".to_owned()))
            .in_chapter("Thanks")
            .in_forms(&["Give kudos"]),
        Step::new("Take it back", "Press Undo", Watch::Presses("Undo".to_owned())),
        Step::new("Let time go by", "Press +1 h", Watch::MovesTime),
        Step::new("Jump on", "Press Next", Watch::JumpsOn),
        Step::new("Be Ben", "Choose him", Watch::SwitchesPerson),
        Step::new("Look at the Home", "Open it", Watch::OpensHome),
        Step::new("React", "Press the smile", Watch::Reacts),
    ]);
    let shown = get(&bot, "state?as=ana").await["steps"][0].clone();
    assert_eq!(
        shown,
        json!({ "chapter": "Thanks", "title": "Thank somebody", "hint": "Type /kudos", "forms": ["Give kudos"], "done": false })
    );

    let said = says(&bot, "ana", "kudos to all").await;
    assert!(done(&bot).await.is_empty());
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    assert_eq!(done(&bot).await, ["Thank somebody"]);
    let whisper = get(&bot, "state?as=ana").await["messages"][1].clone();
    let click = json!({ "as": "ana", "channel": whisper["channel"], "ts": whisper["ts"], "block_id": "b", "action_id": "yes" });
    act(&bot, "click", click).await;
    assert_eq!(done(&bot).await.last().unwrap(), "Take it back");
    act(&bot, "clock", json!({ "advance_ms": 3_600_000 })).await;
    assert_eq!(done(&bot).await.last().unwrap(), "Let time go by", "and nothing else");
    act(&bot, "next", json!({})).await;
    assert_eq!(done(&bot).await.len(), 3, "nothing lies ahead that one could jump to");
    let at_ms = sandbox.clock().now_ms() + 1;
    let next = move |_, _| async move { vec![NextThing { at_ms, title: "Tea".to_owned(), place: None }] };
    sandbox.set_time_steps(TimeSteps::new(next, || async {}));
    act(&bot, "next", json!({})).await;
    act(&bot, "become", json!({ "as": "ben" })).await;
    act(&bot, "home", json!({ "as": "ben" })).await;
    act(&bot, "react", json!({ "as": "ben", "channel": "#general", "ts": said, "name": "tada" })).await;
    assert_eq!(done(&bot).await.len(), 7);
    assert!(sandbox.steps_ahead().is_empty());
}

#[tokio::test]
async fn unanswered_steps_stay_open() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(|_| Reflex::Ignore);
    sandbox.set_steps(vec![Step::new("Thank somebody", "Type /kudos", Watch::Sends("/kudos".to_owned()))]);
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    assert!(done(&bot).await.is_empty());
    bot.reacts(|_| Reflex::Ack);
    // A colleague that the embedding program drives does not use the page.
    sandbox.person("cy").says("#general", "/kudos @ben").await;
    assert_eq!(sandbox.steps_ahead().len(), 1);
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    assert!(sandbox.steps_ahead().is_empty());
}

#[tokio::test]
async fn a_refusal_ticks_no_step() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.set_steps(vec![Step::new(
        "Thank a colleague",
        "Type /kudos",
        Watch::Reads("Kudos to".to_owned()),
    )]);
    let types = async |text: &str| {
        act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": text })).await;
        done(&bot).await.len()
    };
    bot.reacts(|_| Reflex::Say(json!({ "text": "That's too long." })));
    assert_eq!(types("/kudos @ben for everything").await, 0, "the app refused");
    bot.reacts(|_| Reflex::Say(json!({ "text": "Kudos to <@U1>!" })));
    assert_eq!(types("Kudos to @ben!").await, 0, "a person wrote it, not the app");
    sandbox.person("cy").says("#general", "/kudos @ben").await;
    assert_eq!(types("Well, cy?").await, 0, "only cy reads that answer, and the page does not act as cy");
    assert_eq!(types("/kudos @ben").await, 1);
}

#[tokio::test]
async fn a_message_that_is_changed_ticks_its_step() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    sandbox.set_steps(vec![Step::new(
        "Change your mind",
        "Press Undo",
        Watch::Reads("Taken back".to_owned()),
    )]);
    says(&bot, "ana", "Hello").await;
    let posted = bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "Given" })).await.body;
    assert!(done(&bot).await.is_empty());
    let blocks = json!([{ "type": "section", "text": { "type": "mrkdwn", "text": "*Taken back.*" } }]);
    let changed = json!({ "channel": posted["channel"], "ts": posted["ts"], "text": "x", "blocks": blocks });
    bot.calls("chat.update", changed).await;
    assert_eq!(done(&bot).await, ["Change your mind"]);
}

#[tokio::test]
async fn an_action_counts_by_its_outcome() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let watch = Watch::Presses("Undo".to_owned()).and_reads("Taken back");
    sandbox.set_steps(vec![Step::new("Change your mind", "Press Undo", watch)]);
    let post = async |text: &str| {
        bot.calls("chat.postMessage", json!({ "channel": "#general", "text": text })).await;
    };
    post("Taken back").await;
    assert!(done(&bot).await.is_empty(), "it was not this person's doing");
    bot.reacts(
        |one| if one["type"] == "slash_commands" { Reflex::Say(with_button("Undo")) } else { Reflex::Ack },
    );
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    let asked = get(&bot, "state?as=ana").await["messages"].as_array().unwrap().last().unwrap().clone();
    let click = json!({ "as": "ana", "channel": asked["channel"], "ts": asked["ts"], "block_id": "b", "action_id": "yes" });
    act(&bot, "click", click).await;
    post("That's too late").await;
    assert!(done(&bot).await.is_empty(), "the app refused");
    post("Taken back").await;
    assert_eq!(done(&bot).await, ["Change your mind"]);
}

#[tokio::test]
async fn an_action_without_an_answer_begins_nothing() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let watch = Watch::Sends("/kudos".to_owned()).and_reads("Kudos to");
    sandbox.set_steps(vec![Step::new("Thank a colleague", "Type /kudos", watch)]);
    bot.reacts(|_| Reflex::Ignore);
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "Kudos to @cy" })).await;
    assert!(done(&bot).await.is_empty());
    // An app may show the outcome before it acknowledges.
    bot.reacts(|_| Reflex::Say(json!({ "text": "Kudos to @ben" })));
    act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "/kudos @ben" })).await;
    assert_eq!(done(&bot).await, ["Thank a colleague"]);
}

#[tokio::test]
async fn either_way_ticks_and_time_ends_the_wait() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let either = || Watch::Presses("Skip".to_owned()).or(Watch::Sends("/kudos skip".to_owned()));
    sandbox.set_steps(vec![
        Step::new("Skip a round", "Press Skip", either().and_reads("You skip")),
        Step::new("Look at it", "Press Preview", Watch::Sends("/raw".to_owned()).and_reads("Icebreaker")),
        Step::new("See it end", "Wait", Watch::Reads("It's over".to_owned())),
    ]);
    let post = async |text: &str| {
        bot.calls("chat.postMessage", json!({ "channel": "#general", "text": text })).await;
    };
    let types = async |text: &str| {
        act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": text })).await;
    };
    types("/kudos skip").await;
    post("You skip this one").await;
    assert_eq!(done(&bot).await, ["Skip a round"]);
    types("/raw").await;
    act(&bot, "clock", json!({ "advance_ms": 3_600_000 })).await;
    post("Icebreaker of the round").await;
    assert_eq!(done(&bot).await, ["Skip a round"], "that came with the time, and not from the command");
    post("It's over").await;
    assert_eq!(done(&bot).await, ["Skip a round", "See it end"]);
}
