//! Measures what a retro of 500 people costs, on SQLite: the work of opening it and asking everyone, and how soon an anonymous answer is
//! acknowledged and committed. Answers are signed forms over HTTP, each of which writes all slots of its prompts anew; once all come
//! within a minute, and once as fast as they are answered. Another number of people can stand behind `--`.

mod support {
    pub mod figures;
    pub mod fire;
    pub mod place;
    pub mod print;
    pub mod workspace;
}

use std::{
    net::SocketAddr,
    time::{Duration, Instant as Stopwatch},
};

use anyhow::Context as _;
use chrono::Duration as Span;
use chrono_tz::Tz;
use rondo::{
    app::{App, Doors},
    config::Config,
    engine::{Engine, ticker::Ticker},
    manifest::Mode,
    model::{
        cadence::{Cadence, Occurrence},
        clock::{Clock, Instant, from_ms},
        entropy::Entropy,
        people::{ChannelId, Person, PersonKind, TeamId, UserId},
    },
    ritual::put_occasion,
    rituals::retro::{
        RetroSettings, Retros,
        deck::PromptKind,
        plan::{State, Threshold},
        store,
        values::{AnswerKey, AnswerKeys, AskedPrompt, OpenedForm, Retro},
    },
    store::{
        Store, people,
        programmes::{self, Programme},
        reading::ReadStore,
        unit::UnitOfWork,
    },
};
use serde_json::json;
use slack_sandbox::Options;
use tokio::sync::{mpsc, watch};

use crate::support::{
    figures::Figures,
    fire::{Volley, fire, signed},
    place::{database, folder},
    print::say,
    workspace::Workspace,
};

const PEOPLE: usize = 500;
/// Monday, 5 January 2026, 10:00 UTC, when everyone works.
const MONDAY: i64 = 1_767_607_200_000;
const PROMPTS: usize = 3;
const LENGTH: usize = 300;
const MINUTE: Duration = Duration::from_mins(1);
const CONNECTIONS: usize = 8;
const CHANNEL: &str = "C0RETRO";
const RETRO: &str = "019b8f5a00007000800000000000beef";

fn main() -> anyhow::Result<()> {
    let number = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(PEOPLE);
    let runtime = tokio::runtime::Runtime::new()?;
    say(&format!(
        "retro_answers: {number} people, {PROMPTS} prompts, answers of {LENGTH} characters, SQLite (synchronous=FULL)"
    ));
    let (opening, asking) = runtime.block_on(asked(number))?;
    let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
    say(&format!(
        "  work until all are asked: {:.0} ms to open it, {:.0} ms to write all questions, {:.0} ms in all",
        ms(opening),
        ms(asking),
        ms(opening + asking)
    ));
    let (paced, at_once) = runtime.block_on(answered(number))?;
    paced.print("one after another, at the pace of 500 a minute");
    at_once.print(&format!("as fast as they are answered, {CONNECTIONS} connections"));
    Ok(())
}

/// Measures how long the program works to open a retro, and then to write everyone's question.
async fn asked(number: usize) -> anyhow::Result<(Duration, Duration)> {
    let folder = folder()?;
    let clock = slack_sandbox::Clock::frozen_at(MONDAY);
    let workspace = Workspace::start(&Mode::Socket, Options { clock, ..Options::default() }).await?;
    let environment = workspace.environment(&database(folder.path(), "asked.db")).into_iter();
    let environment = environment.map(|(name, value)| (name.to_owned(), value)).collect();
    let time = workspace.sandbox.clock().clone();
    let moved = time.moved();
    let clock = Clock::steered(move || time.now_ms(), moved);
    let config = Config::load(rondo::rituals::ALL, None, &environment)?;
    let bot = App::open(config, clock, Entropy::seeded(1)).await?.connect().await?;
    let Engine { store, team, .. } = &bot.engine;
    put_into_directory(store, team, number).await?;
    let due = Occurrence { at: from_ms(MONDAY), wall: from_ms(MONDAY).naive_utc() };
    let cadence = Cadence::once(due.wall, Tz::UTC);
    let programme =
        Programme::new("retros".to_owned(), "retro", CHANNEL.into(), person(0), Some(cadence), due.at);
    let retros = Retros::new(RetroSettings::default(), "/retro".to_owned());
    let mut unit = UnitOfWork::new();
    programmes::start(&mut unit, team, &programme)?;
    put_occasion(&mut unit, team, &retros, &programme, due, due.at);
    store.commit(unit).await?;
    let ticker = Ticker::new(bot.engine.clone());
    let watch = Stopwatch::now();
    while count(store, "SELECT COUNT(*) FROM retro_key").await? == 0 {
        ticker.tick_once().await?;
    }
    let opening = watch.elapsed();
    let watch = Stopwatch::now();
    // As many as the threshold are left for each prompt.
    let spare = i64::try_from(PROMPTS * Threshold::default().people())?;
    while count(store, "SELECT COUNT(*) FROM retro_key").await? > spare {
        ticker.tick_once().await?;
    }
    let asking = watch.elapsed();
    workspace.sandbox.shutdown();
    Ok((opening, asking))
}

async fn count(store: &Store, sql: &'static str) -> anyhow::Result<i64> {
    let rows = store.ask(sql, Vec::new()).await?;
    rows.into_iter().flatten().next().and_then(|value| value.int()).context("a count")
}

/// Stores what reading the workspace would find: a channel of this many people.
async fn put_into_directory(store: &Store, team: &TeamId, number: usize) -> anyhow::Result<()> {
    let (now, channel) = (from_ms(0), ChannelId::from(CHANNEL));
    let mut unit = UnitOfWork::new();
    people::put_channel(&mut unit, team, &channel, "team", now);
    for number in 0..number {
        let member = Person {
            id: person(number),
            name: format!("Person {number}"),
            zone: Some(Tz::Europe__Paris),
            kind: PersonKind::Member,
            deactivated: false,
            admin: false,
        };
        people::put_person(&mut unit, team, &member, now);
        people::put_member(&mut unit, team, &channel, &member.id, now);
    }
    store.commit(unit).await?;
    Ok(())
}

/// Measures how soon answers are acknowledged.
async fn answered(number: usize) -> anyhow::Result<(Figures, Figures)> {
    let folder = folder()?;
    let mode = Mode::Http("http://127.0.0.1:9".to_owned());
    let workspace = Workspace::start(&mode, Options { enforce_limits: false, ..Options::default() }).await?;
    let mut environment = workspace.environment(&database(folder.path(), "answered.db"));
    environment.push(("SLACK_SIGNING_SECRET", workspace.install.signing_secret.clone()));
    let environment = environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let config = Config::load(rondo::rituals::ALL, None, &environment)?;
    let app = App::open(config, Clock::machine(), Entropy::seeded(1)).await?;
    let team = TeamId(workspace.sandbox.team_id());
    put_into_directory(&app.store, &team, number).await?;
    let keys = open_retro(&app, &team, number).await?;
    let (stop, stopped) = watch::channel(false);
    let doors = Doors::open(&app, mpsc::channel(1).0, stopped.clone()).await?;
    let bot = app.connect().await?;
    let address = doors.slack.context("the HTTP door is open")?;
    tokio::spawn(doors.admit(bot, stopped));
    let pace = MINUTE / u32::try_from(PEOPLE)?;
    let read = ReadStore::new(app.store.clone(), team.clone());
    let first = opened(&read, &keys).await?;
    let paced = sent(&workspace, address, (&first, "paced"), (1, pace)).await?;
    let second = opened(&read, &keys).await?;
    let at_once = sent(&workspace, address, (&second, "at once"), (CONNECTIONS, Duration::ZERO)).await?;
    stop.send_replace(true);
    workspace.sandbox.shutdown();
    Ok((paced, at_once))
}

fn person(number: usize) -> UserId {
    UserId(format!("U{number:08}"))
}

/// Opens a retro, and returns the keys of each person.
async fn open_retro(app: &App, team: &TeamId, people: usize) -> anyhow::Result<Vec<AnswerKeys>> {
    let now = app.clock.now();
    let channel = ChannelId(CHANNEL.to_owned());
    let programme = Programme::new("retros".to_owned(), "retro", channel, person(0), None, now);
    let place = |number: usize| (number + 1).to_string();
    let prompt = |number| AskedPrompt {
        place: place(number),
        words: "What should we start doing?".to_owned(),
        kind: PromptKind::Text,
        is_anonymous: true,
        respondents: None,
    };
    let prompts: Vec<AskedPrompt> = (0..PROMPTS).map(prompt).collect();
    let of_person = |_| AnswerKeys {
        retro: RETRO.to_owned(),
        keys: (0..PROMPTS).map(|number| (place(number), AnswerKey::new(app.entropy.key()))).collect(),
    };
    let keys: Vec<AnswerKeys> = (0..people).map(of_person).collect();
    let all: Vec<(String, AnswerKey)> = keys.iter().flat_map(|keys| keys.keys.clone()).collect();
    let people: Vec<UserId> = (0..people).map(person).collect();
    let mut unit = UnitOfWork::new();
    programmes::start(&mut unit, team, &programme)?;
    store::put_retro(&mut unit, team, &retro(&programme, people.len(), now), &prompts, &people);
    store::put_slots(&mut unit, team, RETRO, &all, || app.entropy.key());
    app.store.commit(unit).await?;
    Ok(keys)
}

fn retro(programme: &Programme, asked: usize, now: Instant) -> Retro {
    Retro {
        id: RETRO.to_owned(),
        programme: programme.id.clone(),
        date: now.date_naive(),
        deck: String::new(),
        state: State::Open,
        threshold: Threshold::default(),
        asked,
        opened_at: now,
        closes_at: now + Span::days(1),
        is_sorted: false,
        version: 1,
        kept_days: None,
        vote: None,
    }
}

/// Returns what each person's form carries that is opened now, and the places of its prompts.
async fn opened(store: &ReadStore, keys: &[AnswerKeys]) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let mut forms = Vec::new();
    for keys in keys {
        let mut marks = Vec::new();
        for (place, key) in &keys.keys {
            let written = store::in_slot(store, (RETRO, place), key).await?.context("a slot")?;
            marks.push((place.clone(), written.mark));
        }
        let places = marks.iter().map(|(place, _)| place.clone()).collect();
        forms.push((OpenedForm { whose: keys.expose(), marks }.expose(), places));
    }
    Ok(forms)
}

/// Has everyone answer all prompts, over this many connections and at this pace.
async fn sent(
    workspace: &Workspace,
    address: SocketAddr,
    (forms, round): (&[(String, Vec<String>)], &str),
    (connections, pace): (usize, Duration),
) -> anyhow::Result<Figures> {
    let team = workspace.sandbox.team_id();
    let form = |(number, (carried, places)): (usize, &(String, Vec<String>))| {
        let words = format!("{round} {number} {}", "less mail ".repeat(LENGTH / 10));
        let values: serde_json::Map<String, serde_json::Value> = places
            .iter()
            .map(|place| {
                let field = format!("prompt_{place}");
                let value = json!({ field.clone(): { "type": "plain_text_input", "value": words } });
                (field, value)
            })
            .collect();
        let payload = json!({
            "type": "view_submission",
            "team": { "id": team },
            "user": { "id": person(number).as_str(), "team_id": team },
            "trigger_id": format!("{number}.{round}"),
            "view": {
                "id": "V1", "type": "modal", "callback_id": "retro:anonymous", "private_metadata": carried,
                "state": { "values": values },
            },
        });
        signed(workspace, "/slack/interactions", &[("payload", payload.to_string())])
    };
    let requests = forms.iter().enumerate().map(form).collect();
    let volley =
        Volley { requests, connections, time: 2 * MINUTE, pace, confirms: "saved, without your name" };
    tokio::task::spawn_blocking(move || fire(address, volley)).await?
}
