//! The commands: their names, output and exit codes.

use std::{borrow::Cow, ffi::OsString, io::Write as _, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::{
    app::{App, StartError},
    config::{Config, ConfigDraft, ConfigError, Environment, is_loopback},
    engine, logging,
    model::{clock::Clock, entropy::Entropy, secrets},
    ritual::Registration,
};

mod backup;
mod check;
mod database_file;
#[cfg(feature = "demo")]
mod demo;
mod health;
mod json_file;
pub mod ledger;
mod markdown;
#[cfg(any(test, not(feature = "demo")))]
mod no_demo;
mod outbox;
mod pair;
mod person;
mod rota;
mod rota_values;
mod sheet;
mod signals;

#[cfg(not(feature = "demo"))]
use no_demo as demo;
use signals::Signals;

/// What `rondo --version` prints behind the name. A build says what it lacks.
const VERSION: &str = if cfg!(feature = "demo") {
    env!("CARGO_PKG_VERSION")
} else {
    concat!(env!("CARGO_PKG_VERSION"), " (without the demo)")
};
/// The port of the demo's page, unless another one is asked for.
const DEMO_PORT: u16 = 4000;

/// A self-hosted Slack bot for departments: coffee chats, syncs, retros, kudos, promises and decisions
#[derive(Parser)]
#[command(name = "rondo", version = VERSION, disable_help_subcommand = true)]
#[cfg_attr(feature = "demo", command(after_help = "Example: rondo demo    (no Slack account needed)"))]
#[cfg_attr(not(feature = "demo"), command(after_help = "Example: rondo check --config rondo.toml"))]
struct Arguments {
    #[command(subcommand)]
    command: CliCommand,
}

#[derive(Subcommand)]
enum CliCommand {
    /// Run the bot until Ctrl-C or SIGTERM
    #[command(after_help = "Example: SLACK_BOT_TOKEN=xoxb-… SLACK_APP_TOKEN=xapp-… rondo run")]
    Run(ConfigFile),
    #[cfg_attr(
        feature = "demo",
        doc = "Start a made-up Slack workspace with the bot in it, and a page to try it in"
    )]
    #[cfg_attr(not(feature = "demo"), doc = "Say how to get the demo, which this build is without")]
    #[command(after_help = "Example: rondo demo --port 4000")]
    Demo(demo::Options),
    /// Check the configuration, the addresses, the database, the tokens and their scopes, one line each
    #[command(after_help = "Example: rondo check --config rondo.toml")]
    Check(ConfigFile),
    /// Say whether the bot, or a demo, is ready: exit code 0 or 1
    #[command(
        after_help = "Example: rondo health --config rondo.toml    (or: rondo health --demo --port 4000)"
    )]
    Health(health::Options),
    /// Print the Slack app manifest
    #[command(after_help = "Example: rondo manifest --mode http --url https://rondo.example.org")]
    Manifest(Manifest),
    /// Bring the database up to date
    #[command(after_help = "Example: DATABASE_URL=postgres://rondo@db/rondo rondo migrate")]
    Migrate(ConfigFile),
    /// Plan one coffee round from files, touching nothing; JSON on standard output
    #[command(after_help = "Example: rondo pair --members members.json --history history.json --seed 7")]
    Pair(pair::Options),
    /// Plan the turns of a sync from files, touching nothing; JSON on standard output
    #[command(
        after_help = "Example: rondo rota --members members.json --dates dates.json --history history.json"
    )]
    Rota(rota::Options),
    /// Print a whole ledger
    #[command(after_help = "Example: rondo export kudos --format csv --since 2026-01-01 > kudos.csv")]
    Export(ledger::Export),
    /// List the messages that wait for Slack or were given up; retry or drop those given up, or drop a programme's that wait
    #[command(
        after_help = "Example: rondo outbox retry --key kudos/gift/0198…    (or: rondo outbox drop --waiting --programme 0198…)"
    )]
    Outbox(outbox::Options),
    /// Print what is kept of a person, erase it, or let an erased person back in
    #[command(after_help = "Example: rondo person export U0123ABCD > ana.json")]
    Person(person::Options),
    /// Copy the SQLite database to a file, while the bot runs
    #[command(after_help = "Example: rondo backup /backups/rondo-monday.db")]
    Backup(backup::Backup),
}

#[derive(Args)]
struct ConfigFile {
    /// The configuration file (default: `RONDO_CONFIG`, else config/rondo.toml or rondo.toml if there is one)
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigFile {
    fn load(&self, registry: &[Registration]) -> Result<Config, ConfigError> {
        Config::load(registry, self.config.as_deref(), &Environment::of_process())
    }

    fn draft(&self, registry: &[Registration]) -> ConfigDraft {
        ConfigDraft::read(registry, self.config.as_deref(), &Environment::of_process())
    }
}

#[derive(Args)]
struct Manifest {
    /// How Slack reaches the bot: socket, unless a --url is given
    #[arg(long, value_enum)]
    mode: Option<ManifestMode>,
    /// The public address of the bot, without a path (for --mode http)
    #[arg(long, value_name = "URL", required_if_eq("mode", "http"))]
    url: Option<String>,
    #[command(flatten)]
    config: ConfigFile,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ManifestMode {
    Socket,
    Http,
}

/// Why a command ended without success.
#[derive(Debug)]
enum Ended {
    /// The arguments or the configuration are wrong.
    Usage(String),
    /// Another error.
    Failed(String),
    /// The reader of the output closed it, which is no failure.
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

/// Runs the command that the arguments name, with these rituals. An error is one line on standard error: code 2 for
/// arguments and configuration, 1 for anything else.
pub fn main(arguments: impl IntoIterator<Item = OsString>, registry: &'static [Registration]) -> ExitCode {
    start(arguments.into_iter().collect(), registry)
}

/// Returns the arguments as clap reads them, with the ledgers of these rituals.
fn parsed(arguments: Vec<OsString>, registry: &[Registration]) -> Result<Arguments, clap::Error> {
    let command =
        Arguments::command().mut_subcommand("export", |export| ledger::with_ledgers(export, registry));
    Arguments::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// Runs the program for one type of arguments: generic code would be compiled again in each caller.
fn start(arguments: Vec<OsString>, registry: &'static [Registration]) -> ExitCode {
    // All files that a command makes are for its own user alone: the database, its log, its lock, a copy.
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    // Two of the libraries speak TLS; the process sets one provider for both.
    rustls::crypto::ring::default_provider().install_default().ok();
    let arguments = match parsed(arguments, registry) {
        Ok(arguments) => arguments,
        Err(error) if error.use_stderr() => return end(&Ended::Usage(one_line(&error))),
        Err(help) => {
            // A reader that closed the pipe has read enough.
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
    let code = match runtime.block_on(arguments.command.run(registry)) {
        Ok(code) => code,
        Err(ended) => end(&ended),
    };
    // Another thread may be stuck, and there is nothing more to wait for.
    runtime.shutdown_background();
    code
}

fn end(ended: &Ended) -> ExitCode {
    let (line, code) = match ended {
        Ended::Usage(line) => (line, 2),
        Ended::Failed(line) => (line, 1),
        Ended::Enough => return ExitCode::SUCCESS,
    };
    let line = line.replace(['\n', '\r'], " ");
    let line = secrets::redacted(&line);
    // There is no other place to report it.
    let _ = writeln!(std::io::stderr(), "rondo: {line}");
    ExitCode::from(code)
}

/// Joins clap's lines into one.
fn one_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let is_end = |line: &&str| line.starts_with("Usage:") || line.starts_with("For more information");
    let lines = text.lines().map(str::trim).take_while(|line| !is_end(line));
    let said: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    let said = said.join(" ");
    let said = said.strip_prefix("error: ").unwrap_or(&said);
    let said = without_secrets(said);
    if text.starts_with("A self-hosted Slack bot") {
        return "name a command: rondo --help lists them".to_owned();
    }
    format!("{said}: see --help")
}

/// Replaces secrets among the arguments that the parser repeats, in single quotes, by their kind.
fn without_secrets(said: &str) -> String {
    let parts = said.split('\'').enumerate().map(|(at, part)| match secrets::kind_of(part) {
        Some(_) if at % 2 == 1 => Cow::Owned(secrets::shown(part)),
        _ => Cow::Borrowed(part),
    });
    parts.collect::<Vec<_>>().join("'")
}

impl CliCommand {
    async fn run(self, registry: &'static [Registration]) -> Result<ExitCode, Ended> {
        let signals = Signals::listen()?;
        match self {
            // These two shut down gracefully: they finish what they have claimed.
            CliCommand::Run(file) => run(&file.load(registry)?, &signals).await,
            CliCommand::Demo(options) => demo::run(options, registry, &signals).await,
            CliCommand::Check(file) => signals.end(check::run(file.draft(registry))).await,
            CliCommand::Health(options) => signals.end(health::run(options, registry)).await,
            CliCommand::Manifest(options) => signals.end(async { manifest(&options, registry) }).await,
            CliCommand::Migrate(file) => {
                signals.end(async { ledger::migrate(&file.load(registry)?).await }).await
            }
            CliCommand::Pair(options) => signals.end(pair::run(options)).await,
            CliCommand::Rota(options) => signals.end(rota::run(options)).await,
            CliCommand::Export(options) => signals.end(ledger::export(options, registry)).await,
            CliCommand::Outbox(options) => signals.end(outbox::run(options, registry)).await,
            CliCommand::Person(options) => signals.end(person::run(options, registry)).await,
            CliCommand::Backup(options) => signals.end(backup::run(options, registry)).await,
        }
    }
}

async fn run(config: &Config, signals: &Signals) -> Result<ExitCode, Ended> {
    start_log(config)?;
    engine::panics::log_panics();
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    config.doors()?;
    let mut shutdown = signals.as_shutdown();
    let entropy = Entropy::from_system()
        .map_err(|error| Ended::Failed(format!("the machine gives no randomness ({error})")))?;
    let app = tokio::select! {
        app = App::open(config.clone(), Clock::machine(), entropy) => app?,
        // Nothing is claimed yet, and a migration that is dropped leaves no trace.
        () = engine::stopped(&mut shutdown) => return Ok(ExitCode::SUCCESS),
    };
    app.run(shutdown, |address| tracing::info!(%address, "ready")).await?;
    Ok(ExitCode::SUCCESS)
}

fn start_log(config: &Config) -> Result<(), Ended> {
    let filter = logging::filter(&config.log.filter).map_err(|error| Ended::Usage(error.to_string()))?;
    // A process that has a logger keeps it.
    let _ = logging::start(filter, config.log.format);
    Ok(())
}

/// Checks the address at which Slack reaches the bot, without a path: Slack sends requests to https alone. A loopback
/// address is for a sandbox on this machine.
fn public_address(url: &str) -> Result<String, Ended> {
    let wrong =
        |why: &str| Ended::Usage(format!("--url {why}: write an address such as https://rondo.example.org"));
    let parsed = reqwest::Url::parse(url.trim()).ok().filter(reqwest::Url::has_host);
    let Some(parsed) = parsed else { return Err(wrong("is no address")) };
    let has_more = parsed.path() != "/" || parsed.query().is_some() || parsed.fragment().is_some();
    if !parsed.username().is_empty() || parsed.password().is_some() {
        return Err(wrong("holds a password"));
    }
    if has_more {
        return Err(wrong("goes on behind the host, and Rondo has paths of its own"));
    }
    match parsed.scheme() {
        "https" => {}
        "http" if is_loopback(&parsed) => {
            let warning =
                "rondo: --url is http:// on this machine, which Slack cannot reach: good for a sandbox only";
            // There is no other place to report it.
            let _ = writeln!(std::io::stderr(), "{warning}");
        }
        _ => return Err(wrong("is not https")),
    }
    Ok(url.trim().trim_end_matches('/').to_owned())
}

fn manifest(options: &Manifest, registry: &[Registration]) -> Result<ExitCode, Ended> {
    let config = options.config.load(registry)?;
    let mode = match (options.mode, &options.url) {
        (None | Some(ManifestMode::Socket), None) => crate::manifest::Mode::Socket,
        (Some(ManifestMode::Socket), Some(_)) => {
            let why = "Socket Mode needs no address: leave out --url, or write --mode http";
            return Err(Ended::Usage(why.to_owned()));
        }
        (None | Some(ManifestMode::Http), url) => {
            let url = url.as_deref().unwrap_or_default();
            crate::manifest::Mode::Http(public_address(url)?)
        }
    };
    let manifest = crate::manifest::manifest(&config.rituals(), &config.commands.rondo, &mode);
    print(&format!("{manifest:#}"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints a line on standard output. That its reader has closed it, having read enough, is no error.
fn print(line: &str) -> Result<(), Ended> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Returns the demo's address, loopback by default: each person who reaches the demo may use it.
fn demo_address(listen: Option<std::net::IpAddr>, port: u16) -> SocketAddr {
    SocketAddr::new(listen.unwrap_or(std::net::Ipv4Addr::LOCALHOST.into()), port)
}
