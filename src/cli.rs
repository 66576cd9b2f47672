//! The commands: what each is called, what it prints, and with which code it ends.

use std::{ffi::OsString, io::Write as _, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand, ValueEnum};
use tokio::sync::watch;

use crate::{
    app::{App, StartError},
    config::{Config, ConfigError, Environment},
    logging,
    model::{clock::Clock, entropy::Entropy},
};

mod check;
mod demo;
mod ledger;
mod outbox;
mod pair;

/// Keeps good habits coming round in Slack: coffee chats, rotating facilitators, retrospectives and kudos.
#[derive(Parser)]
#[command(name = "rondo", version, disable_help_subcommand = true)]
#[command(after_help = "Example: rondo demo    (no Slack account needed)")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the bot until Ctrl-C or SIGTERM
    #[command(after_help = "Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… rondo run")]
    Run(ConfigFile),
    /// Start a made-up Slack workspace with the bot in it, and a page to try it in
    #[command(after_help = "Example: rondo demo --port 4000")]
    Demo(demo::Options),
    /// Look at the configuration, the database, the tokens and their scopes; a line each
    #[command(after_help = "Example: rondo check --config rondo.toml")]
    Check(ConfigFile),
    /// Print the Slack app manifest
    #[command(after_help = "Example: rondo manifest --mode http --url https://rondo.example.org")]
    Manifest(Manifest),
    /// Bring the database up to date
    #[command(after_help = "Example: DATABASE_URL=postgres://rondo@db/rondo rondo migrate")]
    Migrate(ConfigFile),
    /// Plan one coffee round from files, touching nothing; JSON on standard output
    #[command(after_help = "Example: rondo pair --members members.json --history history.json --seed 7")]
    Pair(pair::Options),
    /// Print a whole ledger
    #[command(after_help = "Example: rondo export kudos --format csv --since 2026-01-01 > kudos.csv")]
    Export(ledger::Export),
    /// Show what waits to be said at Slack and what was given up; send it again, or drop it
    #[command(after_help = "Example: rondo outbox retry --key kudos/gift/0198…")]
    Outbox(outbox::Options),
    /// Copy the SQLite database to a file, while the bot runs
    #[command(after_help = "Example: rondo backup /backups/rondo-monday.db")]
    Backup(ledger::Backup),
}

#[derive(Args)]
struct ConfigFile {
    /// The configuration file (default: `RONDO_CONFIG`, else config/rondo.toml or rondo.toml if there is one)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigFile {
    fn load(&self) -> Result<Config, ConfigError> {
        Config::load(self.config.as_deref(), &Environment::of_process())
    }
}

#[derive(Args)]
struct Manifest {
    /// How Slack reaches the bot
    #[arg(long, value_enum, default_value_t = Mode::Socket)]
    mode: Mode,
    /// The public address of the bot, without a path (for --mode http)
    #[arg(long, value_name = "URL", required_if_eq("mode", "http"))]
    url: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    Socket,
    Http,
}

/// How a command ended without having done its work.
enum Ended {
    /// The arguments or the configuration are wrong.
    Usage(String),
    /// Something else went wrong.
    Failed(String),
    /// Whoever read the output has closed it: they have what they wanted.
    Enough,
}

impl From<ConfigError> for Ended {
    fn from(error: ConfigError) -> Ended {
        Ended::Usage(error.to_string())
    }
}

impl From<StartError> for Ended {
    fn from(error: StartError) -> Ended {
        match error {
            StartError::Config(error) => error.into(),
            error => Ended::Failed(error.to_string()),
        }
    }
}

impl From<crate::store::StoreError> for Ended {
    fn from(error: crate::store::StoreError) -> Ended {
        Ended::Failed(error.to_string())
    }
}

impl From<std::io::Error> for Ended {
    fn from(error: std::io::Error) -> Ended {
        Ended::Failed(error.to_string())
    }
}

/// Runs the command that the arguments name. What goes wrong is one line on standard error: code 2 for arguments and
/// configuration, 1 for anything else.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    start(arguments.into_iter().collect())
}

/// The program, for one type of arguments alone: what is generic is compiled once more by whoever calls it.
fn start(arguments: Vec<OsString>) -> ExitCode {
    // Two of the libraries speak TLS; the process names one provider for both.
    rustls::crypto::ring::default_provider().install_default().ok();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return end(&Ended::Usage(one_line(&error))),
        Err(help) => {
            // Whoever closed the pipe has read enough.
            let _ = help.print();
            return ExitCode::SUCCESS;
        }
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return end(&Ended::Failed(format!("the machine gives no threads to work with ({error})")));
        }
    };
    match runtime.block_on(arguments.command.run()) {
        Ok(code) => code,
        Err(ended) => end(&ended),
    }
}

fn end(ended: &Ended) -> ExitCode {
    let (line, code) = match ended {
        Ended::Usage(line) => (line, 2),
        Ended::Failed(line) => (line, 1),
        Ended::Enough => return ExitCode::SUCCESS,
    };
    let line = line.replace(['\n', '\r'], " ");
    // There is nowhere else to say it.
    let _ = writeln!(std::io::stderr(), "rondo: {line}");
    ExitCode::from(code)
}

/// What clap says in several lines, in one.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let is_end = |line: &&str| line.starts_with("Usage:") || line.starts_with("For more information");
    let lines = text.lines().map(str::trim).take_while(|line| !is_end(line));
    let said: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let said = said.join(" ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    if text.starts_with("Keeps good habits") {
        return "name a command: rondo --help lists them".to_owned();
    }
    format!("{said}: see --help")
}

impl Command {
    async fn run(self) -> Result<ExitCode, Ended> {
        match self {
            Command::Run(file) => run(&file.load()?).await,
            Command::Demo(options) => demo::run(options).await,
            Command::Check(file) => check::run(&file.load()?).await,
            Command::Manifest(options) => manifest(&options),
            Command::Migrate(file) => ledger::migrate(&file.load()?).await,
            Command::Pair(options) => pair::run(options).await,
            Command::Export(options) => ledger::export(options).await,
            Command::Outbox(options) => outbox::run(options).await,
            Command::Backup(options) => ledger::backup(options).await,
        }
    }
}

async fn run(config: &Config) -> Result<ExitCode, Ended> {
    start_log(config)?;
    config.doors()?;
    let shutdown = stop_signal()?;
    let entropy = Entropy::from_system()
        .map_err(|error| Ended::Failed(format!("the machine gives no randomness ({error})")))?;
    let app = App::open(config.clone(), Clock::machine(), entropy).await?;
    app.run(shutdown, |address| tracing::info!(%address, "ready")).await?;
    Ok(ExitCode::SUCCESS)
}

fn start_log(config: &Config) -> Result<(), Ended> {
    let filter = logging::filter(&config.log.filter).map_err(|error| Ended::Usage(error.to_string()))?;
    // A process that logs already goes on logging as it did.
    let _ = logging::start(filter, config.log.format);
    Ok(())
}

/// Turns true at Ctrl-C or SIGTERM.
fn stop_signal() -> Result<watch::Receiver<bool>, Ended> {
    let (stop, stopped) = watch::channel(false);
    #[cfg(unix)]
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::spawn(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminated.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
        // Whoever listened may be gone already.
        let _ = stop.send(true);
    });
    Ok(stopped)
}

fn manifest(options: &Manifest) -> Result<ExitCode, Ended> {
    let config = options.config.load()?;
    let mode = match (options.mode, &options.url) {
        (Mode::Socket, _) => crate::manifest::Mode::Socket,
        (Mode::Http, url) => {
            let url = url.clone().unwrap_or_default();
            if !url.starts_with("https://") && !url.starts_with("http://") {
                return Err(Ended::Usage(
                    "--url must be an address such as https://rondo.example.org".to_owned(),
                ));
            }
            crate::manifest::Mode::Http(url)
        }
    };
    let rituals = crate::rituals::all(config.rituals());
    let manifest = crate::manifest::manifest(&rituals, &config.commands.rondo, &mode);
    print(&format!("{manifest:#}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a line on standard output. Whoever closed it has read enough, which is no failure.
fn print(line: &str) -> Result<(), Ended> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// A loopback address unless somebody says otherwise: the demo has no lock on its door.
fn demo_address(listen: Option<std::net::IpAddr>, port: u16) -> SocketAddr {
    SocketAddr::new(listen.unwrap_or(std::net::Ipv4Addr::LOCALHOST.into()), port)
}
