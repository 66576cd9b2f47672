//! `rondo demo`: a Slack workspace and the bot in one process; the only module that knows both.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    path::Path,
    process::ExitCode,
};

use clap::Args;
use slack_sandbox::Sandbox;
use tempfile::TempDir;
use tokio::sync::{oneshot, watch};

use super::{DEMO_PORT, Ended, Signals, demo_address, print};
use crate::{
    app::App,
    config::{Config, Environment},
    engine, logging,
    manifest::{self, Mode},
    model::{clock::Clock, entropy::Entropy, people::TeamId},
    ritual::{Registration, demo::Demo},
    store::Opening,
};

mod ahead;
mod colleagues;
mod company;
mod steps;
mod time_travel;

/// What a newcomer reads first, above the steps.
const ABOUT: &str = "Rondo runs coffee chats, syncs, retros and kudos.";

/// What a person reads who has tried all steps.
const AFTERWARDS: &str =
    "Go on as you like, or try it with your own people: the README shows how Rondo comes into your Slack.";

#[derive(Args)]
pub(super) struct Options {
    /// The address to listen on (default: this machine only)
    #[arg(long, value_name = "ADDR")]
    listen: Option<IpAddr>,
    /// A name under which you open the page, beside localhost and plain addresses; may be repeated
    #[arg(long = "host", value_name = "NAME")]
    hosts: Vec<String>,
    /// The port of the page (default: 4000, or a free one if that is taken)
    #[arg(long)]
    port: Option<u16>,
    /// The same company and the same kudos for the same number
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many people work there
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(2..=500))]
    people: u16,
    /// Start on the company's first day: no one has done anything yet, and no ritual is running
    #[arg(long)]
    no_history: bool,
    /// For scripts: Slack's API under /api and the workspace's doors under /sandbox, but no page (/ answers 404)
    #[arg(long)]
    headless: bool,
    /// For scripts: simulated colleagues rest from the present on, until they are switched on at the page
    #[arg(long)]
    no_colleagues: bool,
}

pub(super) async fn run(
    options: Options,
    registry: &'static [Registration],
    signals: &Signals,
) -> Result<ExitCode, Ended> {
    if let Ok(filter) = logging::filter("warn") {
        // A process that has a logger keeps it.
        let _ = logging::start(filter, logging::LogFormat::Text);
    }
    engine::panics::log_panics();
    let shutdown = signals.as_shutdown();
    let folder = folder()?;
    let chapters = chapters(registry);
    let demos: Vec<Demo> = chapters.iter().map(|(_, demo)| *demo).collect();
    let weeks = if options.no_history { 0 } else { colleagues::weeks_of_history(&demos) };
    let history = chrono::Duration::weeks(weeks).num_milliseconds();
    let sandbox = start_sandbox(&options, history).await?;
    company::settle_in(&sandbox, options.people);
    let (stop, stopped) = watch::channel(false);
    let app = open_bot(&sandbox, registry, folder.path(), options.seed).await?;
    let store = app.store.clone();
    let (rituals, behind) = (app.config.rituals(), app.behind.clone());
    let (ready, is_ready) = oneshot::channel();
    let bot = tokio::spawn(app.run(stopped, move |_| {
        // The receiver is gone if the start was abandoned.
        let _ = ready.send(());
    }));
    if is_ready.await.is_err() || !sandbox.connected().await {
        return Err(match bot.await {
            Ok(Err(error)) => error.into(),
            _ => Ended::Failed("the bot did not find its way into the demo workspace".to_owned()),
        });
    }
    let team = TeamId(sandbox.team_id());
    sandbox.set_time_steps(time_travel::time_steps((&store, &team), sandbox.clock(), rituals, behind));
    time_travel::arrive(&store, &team, sandbox.clock()).await;
    let colleagues = company::colleagues(&sandbox, options.people);
    colleagues::come_to_life(&sandbox, demos, (colleagues, weeks), options.seed);
    sandbox.travel_by(history).await;
    sandbox.let_colleagues_act(!options.no_colleagues);
    // Steps are set last, so that the history ticks none of them.
    sandbox.set_steps(steps::steps(&chapters, weeks > 0));
    sandbox.open();
    // A demo that listens on every address is reachable on this one, too.
    print(&format!("Rondo demo: {}", sandbox.url().replace("//0.0.0.0:", "//127.0.0.1:")))?;
    if !options.headless {
        print("Open it, choose who you are, and follow the steps on its card. Ctrl-C ends it.")?;
    }
    let mut shutdown = shutdown;
    engine::stopped(&mut shutdown).await;
    stop.send_replace(true);
    let ended = bot.await;
    sandbox.shutdown();
    match ended {
        Ok(Ok(())) => Ok(ExitCode::SUCCESS),
        Ok(Err(error)) => Err(error.into()),
        Err(error) => Err(Ended::Failed(error.to_string())),
    }
}

/// Starts the workspace this many milliseconds before the present. It stays closed: a person who looked or acted while
/// the history is made would be left out of it.
async fn start_sandbox(options: &Options, history: i64) -> Result<Sandbox, Ended> {
    let start = |port| {
        let began = Clock::machine().now_ms() - history;
        Sandbox::start_closed(slack_sandbox::Options {
            listen: demo_address(options.listen, port),
            clock: slack_sandbox::Clock::running_from(began),
            seed: options.seed,
            hides_secrets: true,
            hosts: options.hosts.clone(),
            team_name: "Rondo Demo".to_owned(),
            about: ABOUT.to_owned(),
            afterwards: AFTERWARDS.to_owned(),
            page: !options.headless,
            ..slack_sandbox::Options::default()
        })
    };
    let port = options.port.unwrap_or(DEMO_PORT);
    match start(port).await {
        Ok(sandbox) => Ok(sandbox),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && options.port.is_none() => {
            Ok(start(0).await?)
        }
        Err(error) => Err(Ended::Failed(format!(
            "cannot listen on port {port} ({error}): choose another one with --port"
        ))),
    }
}

/// Returns what the rituals show, each with its name, in the order of the card.
fn chapters(registry: &[Registration]) -> Vec<(&'static str, Demo)> {
    let mut chapters: Vec<_> =
        registry.iter().filter_map(|ritual| Some((ritual.name, ritual.demo?))).collect();
    chapters.sort_by_key(|(_, demo)| demo.order);
    chapters
}

async fn open_bot(
    sandbox: &Sandbox,
    registry: &'static [Registration],
    folder: &Path,
    seed: u64,
) -> Result<App, Ended> {
    let defaults = Config::load(registry, None, &Environment::default())?;
    let manifest = manifest::manifest(&defaults.rituals(), &defaults.commands.rondo, &Mode::Socket);
    let install = sandbox.install(&manifest).map_err(Ended::Failed)?;
    let environment: Environment = [
        ("SLACK_API_URL", sandbox.api_url()),
        ("SLACK_BOT_TOKEN", install.bot_token),
        ("SLACK_APP_TOKEN", install.app_token),
        ("DATABASE_URL", format!("sqlite:{}", folder.join("demo.db").display())),
        ("RONDO_LISTEN", "127.0.0.1:0".to_owned()),
        ("RONDO_ADMIN_LISTEN", health_address().to_string()),
    ]
    .into_iter()
    .collect();
    company::invite_bot(sandbox, &install.bot_user_id);
    let time = sandbox.clock().clone();
    let clock = Clock::steered(
        {
            let time = time.clone();
            move || time.now_ms()
        },
        time.moved(),
    );
    let mut config = Config::load(registry, None, &environment)?;
    config.people.departments = company::departments();
    Ok(App::open_for(Opening::ToTry, config, clock, Entropy::seeded(seed)).await?)
}

/// Makes a folder for this demo alone, which is removed with it. A demo that is killed leaves its folder, and the
/// next one does not use it.
fn folder() -> Result<TempDir, Ended> {
    let made = tempfile::Builder::new().prefix("rondo-demo-").tempdir();
    made.map_err(|error| {
        Ended::Failed(format!("the demo needs a folder for temporary files ({error}): set TMPDIR to one"))
    })
}

/// Returns where the demo serves health: `RONDO_ADMIN_LISTEN` if it is set and free, as in the container image, so
/// that one health check serves the bot and the demo; otherwise any free port.
fn health_address() -> SocketAddr {
    let set = Environment::of_process().get("RONDO_ADMIN_LISTEN").and_then(|address| address.parse().ok());
    let free = set.filter(|address: &SocketAddr| std::net::TcpListener::bind(address).is_ok());
    free.unwrap_or_else(|| SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, 0)))
}
