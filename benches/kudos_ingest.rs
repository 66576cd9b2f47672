//! Measures how many `/kudos` a second are acknowledged and committed, over signed HTTP from 32 connections, on
//! SQLite with every index: by Rondo with its shared commits, by a plain handler behind the same listener that commits
//! each by itself and looks nothing up, and without a store.

mod support {
    pub mod figures;
    pub mod fire;
    pub mod people;
    pub mod place;
    pub mod plain;
    pub mod print;
    pub mod workspace;
}

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::Context as _;
use futures_util::FutureExt as _;
use rondo::{
    app::{App, Doors},
    config::{Config, Environment},
    manifest::Mode,
    model::{
        clock::Clock,
        entropy::Entropy,
        event::{Delivery, Event, Reply},
        message::Message,
    },
    slack::{self, Handled, HttpDoor, SigningSecret, http::Handler, listener::ConnectionLimits},
};
use slack_sandbox::Options;
use tokio::sync::{mpsc, watch};

use crate::support::{
    figures::Figures,
    fire::{Volley, fire, signed},
    people,
    place::{database, folder},
    plain::{PlainGift, PlainStore},
    print::say,
    workspace::Workspace,
};

const CONNECTIONS: usize = 32;
const TIME: Duration = Duration::from_secs(5);
/// More commands than can be answered in that time.
const COMMANDS: usize = 120_000;
const WARM_UP: usize = 2_000;
const LIMITS: ConnectionLimits = ConnectionLimits {
    connections: 1_024,
    headers: Duration::from_secs(10),
    idle: Duration::from_secs(10),
    idle_trusted: Duration::from_mins(3),
    request: Duration::from_mins(1),
};

fn main() -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let shared = runtime.block_on(with_rondo())?;
    let plain = runtime.block_on(with_a_plain_handler())?;
    let without = runtime.block_on(without_store())?;
    say(&format!(
        "kudos_ingest: acknowledged and committed, {CONNECTIONS} connections, SQLite (synchronous=FULL)"
    ));
    shared.print("shared commits");
    plain.print("a plain handler, one commit a command");
    without.print("the same listener without ritual and store");
    say(&format!(
        "  shared commits are {:.1} times as many as the plain way",
        shared.per_second / plain.per_second
    ));
    Ok(())
}

/// The program's listener, dispatcher, ritual and store.
async fn with_rondo() -> anyhow::Result<Figures> {
    let folder = folder()?;
    let workspace = Workspace::start(
        &Mode::Http("http://127.0.0.1:9".to_owned()),
        Options { enforce_limits: false, ..Options::default() },
    )
    .await?;
    let url = database(folder.path(), "rondo.db");
    let mut environment = workspace.environment(&url);
    environment.push(("SLACK_SIGNING_SECRET", workspace.install.signing_secret.clone()));
    let config = Config::load(rondo::rituals::ALL, None, &environment.into_iter().collect::<Environment>())?;
    let app = App::open(config, Clock::machine(), Entropy::seeded(1)).await?;
    people::put_into_directory(&url, &workspace.sandbox.team_id(), WARM_UP + COMMANDS).await?;
    let (stop, stopped) = watch::channel(false);
    let doors = Doors::open(&app, mpsc::channel(1).0, stopped.clone()).await?;
    let bot = app.connect().await?;
    tokio::spawn(doors.admit(bot, stopped));
    let figures = measure(&workspace, doors.slack.context("the HTTP door is open")?).await;
    stop.send_replace(true);
    workspace.sandbox.shutdown();
    figures
}

/// The HTTP listener with a handler that commits what a command leaves in a transaction of its own.
async fn with_a_plain_handler() -> anyhow::Result<Figures> {
    let folder = folder()?;
    let store = PlainStore::open(&database(folder.path(), "plain.db")).await?;
    let closing = store.clone();
    let handle: Handler = Arc::new(move |delivery| {
        let store = store.clone();
        async move {
            let Delivery { key, team, event: Event::Command(command) } = delivery else {
                return Handled::Busy;
            };
            let (receiver, reason) = command.text.split_once(' ').unwrap_or_default();
            let gift = PlainGift {
                id: key.clone(),
                giver: command.user.0,
                receiver: receiver.to_owned(),
                reason: reason.to_owned(),
            };
            match store.put(team.as_str(), &gift, Some(&key)).await {
                Ok(()) => Handled::Reply(Reply::Ephemeral(Message::new("Kudos!"))),
                Err(_) => Handled::Busy,
            }
        }
        .boxed()
    });
    let figures = behind_the_listener(handle).await;
    closing.close().await;
    figures
}

/// The HTTP listener with a handler that stores nothing.
async fn without_store() -> anyhow::Result<Figures> {
    let reply = Reply::Ephemeral(Message::new("Kudos!"));
    behind_the_listener(Arc::new(move |_| std::future::ready(Handled::Reply(reply.clone())).boxed())).await
}

async fn behind_the_listener(handle: Handler) -> anyhow::Result<Figures> {
    let workspace = Workspace::start(
        &Mode::Http("http://127.0.0.1:9".to_owned()),
        Options { enforce_limits: false, ..Options::default() },
    )
    .await?;
    let secret = SigningSecret::new(&workspace.install.signing_secret.clone().into())?;
    let routes = slack::http::routes(HttpDoor { secret, clock: Clock::machine(), handle });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(slack::listener::serve("slack", listener, routes, LIMITS, stopped));
    let figures = measure(&workspace, address).await;
    stop.send_replace(true);
    workspace.sandbox.shutdown();
    figures
}

async fn measure(workspace: &Workspace, address: SocketAddr) -> anyhow::Result<Figures> {
    let (warm_up, commands) = (commands(workspace, WARM_UP, 0), commands(workspace, COMMANDS, WARM_UP));
    let volley = |requests| Volley {
        requests,
        connections: CONNECTIONS,
        time: TIME,
        pace: Duration::ZERO,
        confirms: "Kudos",
    };
    let (warm_up, commands) = (volley(warm_up), volley(commands));
    tokio::task::spawn_blocking(move || {
        fire(address, warm_up)?;
        fire(address, commands)
    })
    .await?
}

/// Returns signed commands of this many people as bytes for the wire, each with its own text.
fn commands(workspace: &Workspace, people: usize, first: usize) -> Vec<Vec<u8>> {
    let stamp = Clock::machine().now().timestamp();
    let team = workspace.sandbox.team_id();
    let command = |number: usize| {
        let fields = [
            ("team_id", team.clone()),
            ("channel_id", format!("C{:08}", number % 500)),
            ("user_id", format!("UGIVER{number:06}")),
            ("command", "/kudos".to_owned()),
            ("text", format!("<@UTAKER{number:06}|ben> for unblocking release {number}")),
            ("trigger_id", format!("{number}.{stamp}.bench")),
            ("response_url", format!("https://hooks.example/commands/{number}")),
        ];
        signed(workspace, "/slack/commands", &fields)
    };
    (first..first + people).map(command).collect()
}
