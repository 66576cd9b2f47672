//! Measures how many `/kudos` a second are acknowledged and committed, over signed HTTP from 32 connections, on
//! SQLite with every index: with group commit, with a commit for each (in the same two calls, and with a call for
//! each statement), and without a store.

mod support {
    pub mod figures;
    pub mod fire;
    pub mod people;
    pub mod place;
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
    model::{clock::Clock, entropy::Entropy, event::Reply, message::Message},
    slack::{self, Handled, HttpDoor, SigningSecret, http::Handler, listener::ConnectionLimits},
    store::{Opening, Store},
};
use slack_sandbox::Options;
use tokio::sync::{mpsc, watch};

use crate::support::{
    figures::Figures,
    fire::{commands, fire},
    people,
    place::{database, folder},
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
    let shared = runtime.block_on(with_store(Opening::ToRun))?;
    let single = runtime.block_on(with_store(Opening::OneCommitEach))?;
    let plain = runtime.block_on(with_store(Opening::Plainly))?;
    let without = runtime.block_on(without_store())?;
    say(&format!(
        "kudos_ingest: acknowledged and committed, {CONNECTIONS} connections, SQLite (synchronous=FULL)"
    ));
    shared.print("shared commits");
    single.print("one commit a command, in two calls");
    plain.print("one commit a command, statement by statement");
    without.print("the same door without ritual and store");
    say(&format!(
        "  shared commits are {:.1} times as many as the plain way, {:.1} times as many as in two calls",
        shared.per_second / plain.per_second,
        shared.per_second / single.per_second
    ));
    Ok(())
}

/// The program's listener, dispatcher, ritual and store.
async fn with_store(opening: Opening) -> anyhow::Result<Figures> {
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
    let mut app = App::open(config, Clock::machine(), Entropy::seeded(1)).await?;
    if opening != Opening::ToRun {
        app.store = Store::open(&url, opening).await?;
    }
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

/// The HTTP listener alone, with a handler that always gives the same answer.
async fn without_store() -> anyhow::Result<Figures> {
    let workspace = Workspace::start(
        &Mode::Http("http://127.0.0.1:9".to_owned()),
        Options { enforce_limits: false, ..Options::default() },
    )
    .await?;
    let reply = Reply::Ephemeral(Message::new("Kudos!"));
    let handle: Handler = Arc::new(move |_| std::future::ready(Handled::Reply(reply.clone())).boxed());
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
    tokio::task::spawn_blocking(move || {
        fire(address, warm_up, CONNECTIONS, TIME)?;
        fire(address, commands, CONNECTIONS, TIME)
    })
    .await?
}
