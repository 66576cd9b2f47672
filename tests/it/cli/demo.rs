//! `rondo demo`, as a new user finds it.

mod ahead;
mod months;
mod steps;

use std::time::Duration;

use rondo::model::clock::Clock;
use serde_json::{Value, json};

use crate::support::{Program, http, ports::free_address};

/// A small company to which nothing has happened.
const ON_ITS_FIRST_DAY: [&str; 5] = ["--headless", "--no-history", "--no-colleagues", "--people", "6"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_ends_at_ctrl_c() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--people", "6"]).await;
    assert!(demo.says("Ctrl-C ends it").await, "{}", demo.said());
    assert!(address.starts_with("http://127.0.0.1:"), "{address}");
    assert_eq!(program.asks("/").await.unwrap().0, 200);
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_headless_demo_has_no_page() {
    let mut program = Program::new().await;
    let help = program.runs(&["demo", "--help"]).await.well();
    assert!(help.contains("no page"), "{help}");
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--people", "8"]).await;
    let said = demo.said();
    assert_eq!(said, format!("Rondo demo: {address}\n"), "it says where it is and nothing else");
    let (status, told) = program.asks("/").await.unwrap();
    assert_eq!((status, told.lines().count()), (404, 1), "{told}");
    let (_, state) = program.asks("/sandbox/state?as=ana&channel=general").await.unwrap();
    let state: serde_json::Value = serde_json::from_str(&state).unwrap();
    assert_eq!(state["time_travel"]["under_way"], false, "its clock can travel");
    let instants: Vec<f64> = state["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["ts"].as_str().unwrap().parse().unwrap())
        .collect();
    let days = (state["now_ms"].as_f64().unwrap() / 1_000.0 - instants[0]) / (24.0 * 60.0 * 60.0);
    assert!((16.0..22.0).contains(&days), "its life began {days} days ago");
    assert!(instants.len() > 8 && instants.is_sorted());
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
    assert_eq!(demo.said(), said, "not a word more");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demo_without_history_begins_today() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--no-history"]).await;
    let doors = Doors { http: http(), address };
    let seen = doors.looks("ana", "general").await;
    let now_ms = seen["now_ms"].as_i64().unwrap();
    assert!((now_ms - Clock::machine().now_ms()).abs() < 60 * 60 * 1_000, "{now_ms}");
    for channel in ["general", "coffee-chats", "cross-team"] {
        let said = doors.looks("ana", channel).await["messages"].to_string();
        assert!(!said.contains("\"simulated\":true") && !said.contains("bot_id"), "{channel}: {said}");
    }
    assert_eq!(doors.ticked("ana").await, [""; 0]);
    let steps = doors.looks("ana", "general").await["steps"].to_string();
    assert!(
        steps.contains("/retro") && !steps.contains("#coffee-chats") && !steps.contains("#cross-team"),
        "{steps}"
    );
    let a_week = json!({ "as": "ana", "advance_ms": 7 * 24 * 60 * 60 * 1_000_i64 });
    doors.post("clock", a_week).await;
    assert!(simulated(&doors.looks("ana", "general").await) > 2);
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_cannot_act_while_the_history_is_made() {
    let mut program = Program::new().await;
    program.address = free_address();
    let port = program.address.rsplit(':').next().unwrap().to_owned();
    let mut demo = program.starts_the_demo(&["--port", &port]);
    let (mut refused, mut apis) = (0, 0);
    loop {
        match program.asks("/sandbox/state?as=ana").await {
            Some((503, told)) => {
                assert!(told.contains(r#""error":"workspace_is_being_prepared""#), "{told}");
                let (status, page) = program.asks("/").await.unwrap();
                assert!(status == 200 || page.contains("The workspace is being prepared"), "{page}");
                apis += usize::from(program.asks("/api/api.test").await.unwrap().0 == 200);
                refused += 1;
            }
            Some((200, _)) => break,
            other => assert!(other.is_none(), "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(refused > 0 && apis == refused, "{refused} requests came too early, and Slack answered {apis}");
    assert!(demo.says("Rondo demo: http").await, "{}", demo.said());
    let doors = Doors { http: http(), address: format!("http://{}/", program.address) };
    doors.post("say", json!({ "as": "ana", "where": "#cross-team", "text": "/retro status" })).await;
    let status = doors.sees("ana", "cross-team", "Run by").await["text"].as_str().unwrap().to_owned();
    let ana = doors.looks("ana", "general").await["as"].as_str().unwrap().to_owned();
    assert!(status.contains(&format!("Run by <@{ana}>")), "{status}");
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

/// The demo's control API, as its page uses it.
struct Doors {
    http: reqwest::Client,
    address: String,
}

impl Doors {
    async fn post(&self, action: &str, what: Value) -> Value {
        let url = format!("{}sandbox/{action}", self.address);
        self.http.post(url).json(&what).send().await.unwrap().json().await.unwrap()
    }

    /// Returns the logged calls of the bot.
    async fn calls(&self) -> Vec<Value> {
        let url = format!("{}sandbox/calls", self.address);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Returns what a person sees in a channel.
    async fn looks(&self, who: &str, channel: &str) -> Value {
        let url = format!("{}sandbox/state?as={who}&channel={channel}", self.address);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Returns the titles of the steps that are ticked.
    async fn ticked(&self, who: &str) -> Vec<String> {
        let seen = self.looks(who, "general").await;
        let done = seen["steps"].as_array().unwrap().iter().filter(|step| step["done"] == true);
        done.map(|step| step["title"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits for the newest message of a channel that contains these words.
    async fn sees(&self, who: &str, channel: &str, words: &str) -> Value {
        for _ in 0..500 {
            let seen = self.looks(who, channel).await;
            let found = seen["messages"]
                .as_array()
                .unwrap()
                .iter()
                .rev()
                .find(|message| message.to_string().contains(words));
            if let Some(message) = found {
                return message.clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{who} never sees {words:?} in {channel}: {:#}", self.looks(who, channel).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_partners_read_the_introduction() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&ON_ITS_FIRST_DAY).await;
    let doors = Doors { http: http(), address };
    let typed = json!({ "as": "ben", "where": "#general", "text": "/coffee start every Tuesday at 10:00" });
    doors.post("say", typed).await;
    let preview = doors.sees("ben", "general", "6 people here would take part.").await;
    doors
        .post("click", json!({ "as": "ben", "channel": "general", "ts": preview["ts"], "text": "Start" }))
        .await;
    doors.sees("dev", "general", "has started coffee chats here").await;
    let mut titles = Vec::new();
    while titles.last().is_none_or(|title| title != "Coffee round in #general") {
        let next = doors.post("next", json!({})).await;
        titles.push(next["next"]["title"].as_str().unwrap().to_owned());
    }
    assert!(titles.len() < 10, "{titles:?}");
    let seen = doors.looks("ben", "general").await;
    let general =
        seen["channels"].as_array().unwrap().iter().find(|it| it["name"] == "general").unwrap()["id"].clone();
    let words = format!("matched for a coffee chat from <#{}>", general.as_str().unwrap());
    let mut read = Vec::new();
    for who in ["ana", "ben", "chiara", "dev", "elif", "femi"] {
        let seen = doors.looks(who, "general").await;
        let groups = seen["channels"].as_array().unwrap().iter().filter(|channel| channel["kind"] == "mpim");
        for group in groups {
            let seen = doors.looks(who, group["id"].as_str().unwrap()).await;
            let messages = seen["messages"].as_array().unwrap().clone();
            read.extend(
                messages.into_iter().filter(|message| message["text"].as_str().unwrap().contains(&words)),
            );
        }
    }
    assert_eq!(read.len(), 6, "each of the six reads one message: {read:#?}");
    assert_eq!(doors.ticked("ben").await, ["Set up your own"]);
    read.sort_by_key(|message| message["ts"].as_str().unwrap().to_owned());
    for pair in read.chunks(2) {
        assert_eq!(pair[0]["text"], pair[1]["text"], "both partners read the same");
    }
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_history_of_the_sync_has_swaps_and_closings() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--no-colleagues"]).await;
    let doors = Doors { http: http(), address };
    let mut read = Vec::new();
    for who in ["ana", "ben", "chiara", "dev", "elif", "femi", "grace", "hugo", "ines"] {
        let seen = doors.looks(who, "general").await;
        for talk in seen["channels"].as_array().unwrap().iter().filter(|channel| channel["kind"] == "im") {
            let seen = doors.looks(who, talk["id"].as_str().unwrap()).await;
            let messages = seen["messages"].as_array().unwrap().clone();
            read.extend(messages.iter().map(|message| message["text"].as_str().unwrap().to_owned()));
        }
    }
    for said in ["You lead the sync", "in your place.", "is closed; its thread has the summary."] {
        assert!(read.iter().any(|text| text.contains(said)), "{said:?} is in none of {read:#?}");
    }
    let team = doors.looks("ana", "cross-team").await;
    let typed = json!({ "as": "ana", "where": "#cross-team", "text": "/sync agenda" });
    assert!(team["messages"].to_string().contains("It's time for the sync"), "{team:#}");
    doors.post("say", typed).await;
    doors.sees("ana", "cross-team", "*Agenda of the next sync*").await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

/// Counts what colleagues did in a channel: their messages, and their emoji on others'.
fn simulated(seen: &Value) -> usize {
    let messages = seen["messages"].as_array().unwrap();
    let emoji = messages.iter().flat_map(|message| message["reactions"].as_array().into_iter().flatten());
    let emoji: usize = emoji.map(|one| one["simulated"].as_array().unwrap().len()).sum();
    emoji + messages.iter().filter(|message| message["simulated"] == true).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_company_has_decided_and_superseded() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--people", "8"]).await;
    let doors = Doors { http: http(), address };
    let seen = doors.looks("ana", "cross-team").await.to_string();
    for words in [
        "Write a page before we build",
        "Release on Tuesdays and Thursdays",
        "*This decision was superseded*",
    ] {
        assert!(seen.contains(words), "{words} isn't in {seen}");
    }
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_retros_are_over_and_one_is_open() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless"]).await;
    let doors = Doors { http: http(), address };
    let calls = doors.calls().await;
    let said =
        |words: &str| calls.iter().filter(|call| call["args"]["text"].to_string().contains(words)).count();
    let times = [
        "The retro has begun",
        "The retro is closed.",
        "anonymous, in random order",
        "The themes of the retro",
    ];
    let times = times.map(said);
    assert_eq!(
        times,
        [3, 2, 4, 2],
        "retros that began and closed, anonymous prompts and themes that were shown"
    );
    let typed = json!({ "as": "ana", "where": "#cross-team", "text": "/retro history" });
    doors.post("say", typed).await;
    let history = doors.sees("ana", "cross-team", "The last retros in which you were asked").await;
    let text = history["text"].as_str().unwrap();
    assert!(text.contains(" votes, in our hands") && text.contains(", not in our hands"), "{text}");
    let is_open = |call: &&Value| {
        call["args"]["text"].as_str().is_some_and(|text| text.starts_with(":mirror: The retro in "))
    };
    let rondo =
        calls.iter().rfind(is_open).expect("ana hears that it's open")["answer"]["channel"].as_str().unwrap();
    let press = |message: &Value, button: &str| json!({ "as": "ana", "channel": rondo, "ts": message["ts"], "text": button });
    let open = doors.sees("ana", rondo, "The retro in ").await;
    doors.post("click", press(&open, "Close now")).await;
    doors.opens("Close the retro").await;
    doors.post("submit", json!({ "as": "ana" })).await;
    doors.post("close", json!({ "as": "ana" })).await;
    let ts = |message: &Value| message["ts"].as_str().unwrap().to_owned();
    let mut closed = open.clone();
    while ts(&closed) <= ts(&open) {
        closed = doors.sees("ana", rondo, "is closed. 9 people were asked").await;
    }
    assert!(!closed["text"].as_str().unwrap().contains("fewer than 5"), "{closed:#}");
    doors.post("click", press(&closed, "Read and reveal")).await;
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demos_colleagues_can_be_switched_off() {
    const DAY_MS: u64 = 24 * 60 * 60 * 1_000;
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--people", "8"]).await;
    let doors = Doors { http: http(), address };
    let past = simulated(&doors.looks("ana", "general").await);
    assert!(past > 8, "three weeks have {past} actions");

    let typed = json!({ "as": "ana", "where": "#general", "text": "/kudos @ben for lending a hand" });
    doors.post("say", typed).await;
    doors.sees("ana", "general", "lending a hand").await;
    doors.post("clock", json!({ "as": "ana", "advance_ms": 20_000 })).await;
    let thanked = doors.sees("ana", "general", "lending a hand").await;
    let ben = thanked["text"].as_str().unwrap().split("<@").nth(1).unwrap().split('>').next().unwrap();
    let is_bens = |one: &Value| one["simulated"].as_array().unwrap().contains(&json!(ben));
    let answered = thanked["reactions"].as_array().unwrap().iter().any(is_bens);
    assert!(answered, "{thanked:#}");

    doors.post("colleagues", json!({ "as": "ana", "on": false })).await;
    let before = simulated(&doors.looks("ana", "general").await);
    doors.post("clock", json!({ "as": "ana", "advance_ms": 7 * DAY_MS })).await;
    let seen = doors.looks("ana", "general").await;
    assert_eq!((simulated(&seen), &seen["colleagues"]["on"]), (before, &json!(false)));

    doors.post("colleagues", json!({ "as": "ana", "on": true })).await;
    doors.post("clock", json!({ "as": "ana", "advance_ms": 7 * DAY_MS })).await;
    let seen = doors.looks("ana", "general").await;
    assert!(simulated(&seen) > before + 4, "colleagues act during time travel");
    let ana = &seen["as"];
    let by_ana = |message: &&Value| message["author"] == *ana && message["simulated"] == true;
    let newest = seen["messages"]
        .as_array()
        .unwrap()
        .iter()
        .rfind(by_ana)
        .map_or(0.0, |message| message["ts"].as_str().unwrap().parse().unwrap());
    let now = seen["now_ms"].as_f64().unwrap() / 1_000.0;
    assert!(now - newest > 14.0 * 24.0 * 60.0 * 60.0, "ana is controlled, and not simulated");
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_card_ticks_what_the_bot_confirms() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&ON_ITS_FIRST_DAY).await;
    let doors = Doors { http: http(), address };
    let says = async |text: &str| {
        doors.post("say", json!({ "as": "ana", "where": "#general", "text": text })).await;
    };
    let presses_undo = async |message: &Value| {
        let press = json!({ "as": "ana", "channel": "general", "ts": message["ts"], "text": "Undo" });
        doors.post("click", press).await;
    };
    says(&format!("/kudos @ben for {}", "x".repeat(3_000))).await;
    doors.sees("ana", "general", "Please shorten it").await;
    assert_eq!(doors.ticked("ana").await, [""; 0]);
    says("/kudos @Ben Okafor for the tea").await;
    let confirmed = doors.sees("ana", "general", "Kudos to").await;
    assert_eq!(doors.ticked("ana").await, ["Thank a colleague"]);
    doors.post("clock", json!({ "as": "ana", "advance_ms": 60 * 60 * 1_000 })).await;
    presses_undo(&confirmed).await;
    doors.sees("ana", "general", "this kudos stays").await;
    assert_eq!(doors.ticked("ana").await, ["Thank a colleague"], "it was too late for Undo");
    says("/kudos @ben for the cake").await;
    presses_undo(&doors.sees("ana", "general", "Kudos to").await).await;
    doors.sees("ana", "general", "Taken back").await;
    assert_eq!(doors.ticked("ana").await, ["Thank a colleague", "Take it back"]);
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn colleagues_propose_no_time_after_the_round() {
    let mut program = Program::new().await;
    let (mut demo, address) = program.shows_the_demo(&["--headless", "--people", "8"]).await;
    let doors = Doors { http: http(), address };
    let mut asked = None;
    for _ in 0..30 {
        doors.post("next", json!({ "as": "ana" })).await;
        let seen = doors.looks("ana", "general").await;
        let groups = seen["channels"].as_array().unwrap().iter().filter(|channel| channel["kind"] == "mpim");
        for group in groups {
            let group = group["id"].as_str().unwrap().to_owned();
            let messages = doors.looks("ana", &group).await["messages"].clone();
            let is_question =
                |message: &&Value| message["plain"].as_str().is_some_and(|text| text.contains("get to meet"));
            if let Some(question) = messages.as_array().unwrap().iter().find(is_question) {
                asked = Some((group, question["ts"].as_str().unwrap().to_owned()));
            }
        }
        if asked.is_some() {
            break;
        }
    }
    let (group, ts) = asked.expect("a round of ana's ends");
    doors.post("clock", json!({ "as": "ana", "advance_ms": 3 * 60 * 60 * 1_000 })).await;
    let seen = doors.looks("ana", &group).await;
    let after = seen["messages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|message| message["ts"].as_str().unwrap() > ts.as_str());
    let said: Vec<&Value> = after.filter(|message| message["simulated"] == true).collect();
    assert!(said.is_empty(), "{said:#?}");
    assert_eq!(demo.stops("-INT").await.0, Some(0), "{}", demo.said());
}
