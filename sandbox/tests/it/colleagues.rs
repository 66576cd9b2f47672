//! Simulated colleagues act by the workspace's clock, stop when switched off, leave controlled people alone, and are
//! marked.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use slack_sandbox::{Colleagues, Sandbox};

use crate::bot::{Bot, START_MS, workspace};
use crate::page::{act, get};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// Who says what in `#general`, and at which hour from the start.
type Plan = Arc<Mutex<Vec<(i64, &'static str, &'static str)>>>;

/// Lets Ben and Cy act by a plan, which may grow.
fn lives(sandbox: &Sandbox, planned: &[(i64, &'static str, &'static str)]) -> Plan {
    let plan: Plan = Arc::new(Mutex::new(planned.to_vec()));
    let (ahead, at_hand, place) = (Arc::clone(&plan), Arc::clone(&plan), sandbox.clone());
    let due_ms = |hour: i64| START_MS + hour * HOUR_MS;
    sandbox.set_colleagues(Colleagues::new(
        ["ben", "cy"],
        move || ahead.lock().unwrap().iter().map(|(hour, ..)| due_ms(*hour)).min(),
        move || {
            let now_ms = place.clock().now_ms();
            let mut plan = at_hand.lock().unwrap();
            let (due, later) = plan.iter().partition(|(hour, ..)| due_ms(*hour) <= now_ms);
            *plan = later;
            let place = place.clone();
            async move {
                let due: Vec<(i64, &str, &str)> = due;
                for (_, who, text) in due {
                    place.colleague(who).says("#general", text).await;
                }
            }
        },
    ));
    plan
}

/// Returns the messages in `#general`, with their hour from the start.
fn said(sandbox: &Sandbox) -> Vec<(i64, String)> {
    let hour =
        |ts: &str| (ts.split('.').next().unwrap().parse::<i64>().unwrap() * 1_000 - START_MS) / HOUR_MS;
    sandbox.person("ana").reads("#general").into_iter().map(|one| (hour(&one.ts), one.text)).collect()
}

async fn hears(sandbox: &Sandbox, text: &str) {
    assert!(sandbox.person("ana").sees("#general", text).await.is_some(), "no message says {text:?}");
}

#[tokio::test]
async fn a_form_that_a_colleague_leaves_open_is_shown_to_no_one() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    lives(&sandbox, &[]);
    let ben = sandbox.colleague("ben");
    ben.says("#general", "/kudos").await;
    let trigger = bot.envelopes().last().unwrap()["payload"]["trigger_id"].clone();
    let view = json!({ "type": "modal", "title": { "type": "plain_text", "text": "All" }, "blocks": [{ "type": "divider" }] });
    assert_eq!(bot.calls("views.open", json!({ "trigger_id": trigger, "view": view })).await.error(), "ok");
    assert!(ben.modal().is_some());
    let seen = get(&bot, "state?as=ben&tab=first").await;
    assert_eq!(seen["modals"], json!([]), "who acts as Ben didn't open it");
}

#[tokio::test]
async fn colleagues_act_as_time_passes() {
    let sandbox = workspace().await;
    lives(&sandbox, &[(2, "ben", "Good morning")]);
    assert_eq!(said(&sandbox), []);
    sandbox.clock().advance_by(2 * HOUR_MS);
    hears(&sandbox, "Good morning").await;
}

#[tokio::test]
async fn time_travel_stops_for_colleagues() {
    let sandbox = workspace().await;
    lives(&sandbox, &[(2, "ben", "one"), (30, "cy", "two"), (31, "ben", "three"), (200, "cy", "later")]);
    let trip = sandbox.travel_by(7 * 24 * HOUR_MS).await;
    assert_eq!((trip.stops, trip.hurried), (3, false));
    assert_eq!(said(&sandbox), [(2, "one".to_owned()), (30, "two".to_owned()), (31, "three".to_owned())]);
}

#[tokio::test]
async fn colleagues_answer_at_once() {
    let sandbox = workspace().await;
    let (hearing, place) = (sandbox.clone(), sandbox.clone());
    let unanswered = move || {
        let said = hearing.said_after("");
        !said.is_empty() && said.iter().all(|one| !one.simulated.wrote)
    };
    sandbox.set_colleagues(Colleagues::new(
        ["ben"],
        move || unanswered().then_some(START_MS + HOUR_MS),
        move || {
            let place = place.clone();
            async move {
                place.colleague("ben").says("#general", "Hello Ana").await;
            }
        },
    ));
    sandbox.person("ana").says("#general", "Hello?").await;
    sandbox.clock().advance_by(HOUR_MS);
    hears(&sandbox, "Hello Ana").await;
}

#[tokio::test]
async fn colleagues_can_be_switched_off() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    assert_eq!(get(&bot, "state?as=ana").await["colleagues"], Value::Null, "there are none to switch off");
    let plan = lives(&sandbox, &[(2, "ben", "one"), (30, "cy", "two")]);
    let shown = get(&bot, "state?as=ana").await["colleagues"].clone();
    assert_eq!((&shown["on"], shown["people"].as_array().unwrap().len()), (&json!(true), 2));
    act(&bot, "colleagues", json!({ "on": false })).await;
    assert!(!sandbox.colleagues_act());
    assert_eq!(sandbox.travel_by(24 * HOUR_MS).await.stops, 0);
    let refused = sandbox.colleague("cy").says("#general", "psst").await;
    assert_eq!(refused.text, "not_simulated");
    let shown = get(&bot, "state?as=ana").await["colleagues"].clone();
    assert_eq!(shown, json!({ "on": false, "people": [] }));
    assert_eq!(said(&sandbox), []);
    plan.lock().unwrap().retain(|(hour, ..)| *hour > 24);
    act(&bot, "colleagues", json!({ "on": true })).await;
    sandbox.travel_by(24 * HOUR_MS).await;
    assert_eq!(said(&sandbox), [(30, "two".to_owned())]);
}

#[tokio::test]
async fn controlled_people_are_not_simulated() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    lives(&sandbox, &[(1, "ben", "one"), (1, "cy", "two"), (50, "ben", "three"), (51, "ben", "four")]);
    let simulated = async || get(&bot, "state?as=ana").await["colleagues"]["people"].clone();
    let (ben, cy) = (sandbox.person("ben").id(), sandbox.person("cy").id());
    get(&bot, "state").await;
    assert!(sandbox.acted_as().is_empty(), "a health check that names no one acts as no one");
    get(&bot, "state?as=ben").await;
    assert!(sandbox.acted_as().contains(&ben));
    assert_eq!(simulated().await, json!([cy]));
    sandbox.travel_by(HOUR_MS).await;
    assert_eq!(said(&sandbox), [(1, "two".to_owned())]);
    assert!(sandbox.acted_as().contains(&ben), "time travel keeps people controlled");
    act(&bot, "become", json!({ "as": "cy", "instead_of": "ben" })).await;
    assert_eq!(simulated().await, json!([ben]));
    assert!(sandbox.person("cy").says("#general", "by hand").await.is_answered());
    sandbox.travel_by(49 * HOUR_MS).await;
    assert_eq!(said(&sandbox).last().unwrap(), &(50, "three".to_owned()));
    act(&bot, "say", json!({ "as": "ben", "where": "#general", "text": "It is me" })).await;
    sandbox.clock().advance_by(6 * MINUTE_MS);
    assert!(!sandbox.acted_as().contains(&ben), "a person who is no longer controlled is simulated again");
    sandbox.travel_by(HOUR_MS).await;
    hears(&sandbox, "four").await;
}

#[tokio::test]
async fn a_person_is_controlled_as_long_as_one_tab_acts_as_them() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    lives(&sandbox, &[(1, "ben", "one"), (1, "cy", "two")]);
    let (ben, cy) = (sandbox.person("ben").id(), sandbox.person("cy").id());
    get(&bot, "state?as=ben&tab=first").await;
    get(&bot, "state?as=ben&tab=second").await;
    act(&bot, "become", json!({ "as": "cy", "tab": "second" })).await;
    assert_eq!(sandbox.acted_as(), BTreeSet::from([ben, cy.clone()]), "the first tab still acts as Ben");
    act(&bot, "become", json!({ "as": "cy", "tab": "first" })).await;
    assert_eq!(sandbox.acted_as(), BTreeSet::from([cy.clone()]), "no tab acts as Ben any more");
    sandbox.clock().advance_by(6 * MINUTE_MS);
    get(&bot, "state?as=cy&tab=first").await;
    assert_eq!(sandbox.acted_as(), BTreeSet::from([cy]), "a tab that was closed holds no one");
    sandbox.travel_by(HOUR_MS).await;
    assert_eq!(said(&sandbox), [(1, "one".to_owned())]);
}

#[tokio::test]
async fn ever_new_tabs_are_not_all_remembered() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let (ben, cy) = (sandbox.person("ben").id(), sandbox.person("cy").id());
    for tab in 0..1_010 {
        get(&bot, &format!("state?as=ben&tab={tab}")).await;
    }
    // Beyond the bound a tab counts as the person whom it names.
    get(&bot, "state?as=cy&tab=more").await;
    assert_eq!(sandbox.acted_as(), BTreeSet::from([ben.clone(), cy.clone()]));
    act(&bot, "become", json!({ "as": "ben", "instead_of": "cy" })).await;
    assert_eq!(sandbox.acted_as(), BTreeSet::from([ben]));
}

#[tokio::test]
async fn what_colleagues_did_says_so() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let mine = act(&bot, "say", json!({ "as": "ana", "where": "#general", "text": "mine" })).await;
    sandbox.invite("#general", &bot.install.bot_user_id);
    let ben = sandbox.colleague("ben");
    ben.says("#general", "his").await;
    ben.says("#general", "/kudos @ana").await;
    let message = sandbox.person("ana").sees("#general", "mine").await.unwrap();
    ben.replies(&message, "in a thread");
    ben.reacts(&message, "tada").unwrap();
    sandbox.person("cy").reacts(&message, "tada").unwrap();
    let shown = get(&bot, "state?as=ana").await["messages"].clone();
    let marks: Vec<(&str, bool)> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["text"].as_str().unwrap(), one["simulated"].as_bool().unwrap()))
        .collect();
    assert_eq!(marks, [("mine", false), ("his", true), ("in a thread", true)]);
    let reaction = &shown[0]["reactions"][0];
    assert_eq!(
        (reaction["users"].as_array().unwrap().len(), &reaction["simulated"]),
        (2, &json!([ben.id()]))
    );
    let rows = get(&bot, "wire?show=deliveries").await["rows"].clone();
    let marks: Vec<(&str, bool)> = rows
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| (row["name"].as_str().unwrap(), row["simulated"].as_bool().unwrap()))
        .collect();
    let expected = [("member_joined_channel", false), ("message", true), ("/kudos", true), ("message", true)];
    assert_eq!(marks[..4], expected, "{marks:?}");
    assert_eq!(marks[4..], [("reaction_added", true), ("reaction_added", false)]);
    ben.unreacts(&message, "tada").unwrap();
    assert_eq!(get(&bot, "state?as=ana").await["messages"][0]["reactions"][0]["simulated"], json!([]));
    assert_eq!(mine["raw"]["simulated"], Value::Null, "Slack knows nothing of it");
}
