//! One TOML file and the environment, read once into values that hold.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono_tz::Tz;
use secrecy::SecretString;
use serde::Deserialize;

use crate::{
    logging::Format,
    rituals::{self, coffee, kudos},
};

mod checks;
mod environment;
mod error;
mod file;
mod sources;
#[cfg(test)]
mod tests;

pub use environment::Environment;
pub use error::ConfigError;

use sources::Sources;

/// Where a configuration is looked for when nobody names one.
const USUAL_PLACES: [&str; 2] = ["config/rondo.toml", "rondo.toml"];

/// Everything that can be set, checked. Secrets in it print as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from, where there was one.
    pub file: Option<PathBuf>,
    /// The way to Slack.
    pub slack: Slack,
    /// Where everything is kept.
    pub store: Store,
    /// Where HTTP is served.
    pub http: Http,
    /// What is logged, and how.
    pub log: Log,
    /// What the slash commands are called.
    pub commands: Commands,
    /// What is assumed of people who do not say.
    pub people: People,
    /// `[coffee]`.
    pub coffee: coffee::Settings,
    /// `[kudos]`.
    pub kudos: kudos::Settings,
}

/// `[slack]`: the way to Slack.
#[derive(Clone, Debug)]
pub struct Slack {
    /// The base of the Web API, without a slash at its end.
    pub api_url: String,
    /// How long a call may take before its answer counts as lost.
    pub call_timeout: Duration,
    /// `xoxb-…`
    pub bot_token: Option<SecretString>,
    /// `xapp-…`: opens Socket Mode.
    pub app_token: Option<SecretString>,
    /// Opens the HTTP door.
    pub signing_secret: Option<SecretString>,
}

/// `[store]`: where everything is kept.
#[derive(Clone, Debug)]
pub struct Store {
    /// `sqlite:…` or `postgres://…`; a secret, since it may hold a password.
    pub url: SecretString,
}

/// `[http]`: where HTTP is served.
#[derive(Clone, Debug)]
pub struct Http {
    /// Slack's requests.
    pub listen: SocketAddr,
    /// Health, readiness and metrics; never the address that Slack calls.
    pub admin_listen: SocketAddr,
}

/// `[log]`: what is logged, and how.
#[derive(Clone, Debug)]
pub struct Log {
    /// A tracing filter, such as `info` or `info,rondo::store=debug`.
    pub filter: String,
    /// For people or for machines.
    pub format: Format,
}

/// `[commands]`: what the slash commands are called in this workspace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Commands {
    /// The command of the coffee ritual.
    pub coffee: String,
    /// The command of the kudos ritual.
    pub kudos: String,
    /// The command of Rondo itself.
    pub rondo: String,
}

impl Default for Commands {
    fn default() -> Commands {
        Commands { coffee: "/coffee".to_owned(), kudos: "/kudos".to_owned(), rondo: "/rondo".to_owned() }
    }
}

impl Commands {
    /// Each command's own name with the name it goes by here.
    pub fn all(&self) -> [(&'static str, &str); 3] {
        [("coffee", &self.coffee), ("kudos", &self.kudos), ("rondo", &self.rondo)]
    }
}

/// `[people]`: what is assumed of people who do not say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct People {
    /// The zone of people whose Slack profile names none.
    pub zone: Tz,
    /// Handles of the user groups that are departments, without `@`.
    pub departments: Vec<String>,
}

/// The doors that are configured: at least one is.
#[derive(Clone, Copy, Debug)]
pub struct Doors<'a> {
    /// What the bot calls Slack with, whichever way Slack calls the bot.
    pub bot_token: &'a SecretString,
    /// Socket Mode, with its app-level token.
    pub socket: Option<&'a SecretString>,
    /// Signed HTTP, with its signing secret.
    pub http: Option<&'a SecretString>,
}

impl Config {
    /// Reads the file, if there is one, and the environment over it. `path` is what the command line
    /// named; after it come `RONDO_CONFIG` and the usual places in the working directory.
    pub fn load(path: Option<&Path>, env: &Environment) -> Result<Config, ConfigError> {
        match find(path, env, Path::new("")) {
            Some(path) => Config::resolve(&file::read(&path)?, Some(path), env),
            None => Config::resolve(&file::File::default(), None, env),
        }
    }

    fn resolve(file: &file::File, path: Option<PathBuf>, env: &Environment) -> Result<Config, ConfigError> {
        let sources = Sources { env, file: path.as_deref() };
        let bot = sources.secret("SLACK_BOT_TOKEN", "slack.bot_token_file", &file.slack.bot_token_file)?;
        let app = sources.secret("SLACK_APP_TOKEN", "slack.app_token_file", &file.slack.app_token_file)?;
        let signing = sources.secret(
            "SLACK_SIGNING_SECRET",
            "slack.signing_secret_file",
            &file.slack.signing_secret_file,
        )?;
        checks::tokens(bot.as_ref(), app.as_ref())?;
        let slack = Slack {
            api_url: checks::api_url(&sources.text("SLACK_API_URL", "slack.api_url", &file.slack.api_url))?,
            call_timeout: checks::call_timeout(&sources, file.slack.call_timeout_seconds)?,
            bot_token: bot.map(|given| given.text),
            app_token: app.map(|given| given.text),
            signing_secret: signing.map(|given| given.text),
        };
        let url = sources.secret("DATABASE_URL", "", "")?;
        let url = url.unwrap_or_else(|| sources.in_file("store.url", &file.store.url).into());
        let http = Http {
            listen: checks::address(&sources.text("RONDO_LISTEN", "http.listen", &file.http.listen))?,
            admin_listen: checks::address(&sources.text(
                "RONDO_ADMIN_LISTEN",
                "http.admin_listen",
                &file.http.admin_listen,
            ))?,
        };
        checks::two_addresses(&http)?;
        let format = sources.text("RONDO_LOG_FORMAT", "log.format", &file.log.format);
        let log = Log {
            filter: checks::filter(sources.text("RONDO_LOG", "log.filter", &file.log.filter))?,
            format: checks::format(&format)?,
        };
        checks::commands(&sources, &file.commands)?;
        checks::ritual(&sources, "coffee", file.coffee.fault())?;
        checks::ritual(&sources, "kudos", file.kudos.fault())?;
        Ok(Config {
            slack,
            store: Store { url: checks::database_url(url)? },
            http,
            log,
            commands: file.commands.clone(),
            people: People {
                zone: checks::zone(&sources.in_file("people.zone", &file.people.zone))?,
                departments: file.people.departments.clone(),
            },
            coffee: file.coffee.clone(),
            kudos: file.kudos.clone(),
            file: path,
        })
    }

    /// What the rituals need to know.
    pub fn rituals(&self) -> rituals::Settings {
        rituals::Settings {
            kudos: self.kudos.clone(),
            kudos_command: self.commands.kudos.clone(),
            coffee: self.coffee.clone(),
            coffee_command: self.commands.coffee.clone(),
            departments: self.people.departments.clone(),
        }
    }

    /// The token that every call to Slack carries.
    pub fn bot_token(&self) -> Result<&SecretString, ConfigError> {
        self.slack.bot_token.as_ref().ok_or_else(|| {
            ConfigError::new(
                "SLACK_BOT_TOKEN is not set",
                "install the app in your workspace and copy its bot token (xoxb-…) here, \
                 or name a file that holds it with SLACK_BOT_TOKEN_FILE",
            )
        })
    }

    /// What `rondo run` needs: a bot token and at least one door through which Slack comes in.
    pub fn doors(&self) -> Result<Doors<'_>, ConfigError> {
        let doors = Doors {
            bot_token: self.bot_token()?,
            socket: self.slack.app_token.as_ref(),
            http: self.slack.signing_secret.as_ref(),
        };
        if doors.socket.is_none() && doors.http.is_none() {
            return Err(ConfigError::new(
                "Slack has no door to come in by",
                "set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP",
            ));
        }
        Ok(doors)
    }
}

/// The file to read, seen from the directory `here`.
fn find(path: Option<&Path>, env: &Environment, here: &Path) -> Option<PathBuf> {
    let named = path.map(Path::to_owned).or_else(|| env.get("RONDO_CONFIG").map(PathBuf::from));
    named.or_else(|| USUAL_PLACES.iter().map(|place| here.join(place)).find(|place| place.is_file()))
}

/// The nearest of `names` to a name that is not among them, where one is near enough to be meant.
fn nearest<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let within = (wrong.chars().count() / 3).max(1);
    let scored = names.into_iter().map(|name| {
        let lower = name.to_lowercase();
        // A name that was cut short or carried on, such as `bot_token` for `bot_token_file`, is near too.
        let part = wrong.len() >= 4 && lower.starts_with(&wrong);
        (if part { 0 } else { distance(&wrong, &lower) }, name)
    });
    scored.filter(|(apart, _)| *apart <= within).min_by_key(|(apart, _)| *apart).map(|(_, name)| name)
}

/// How many letters must be put in, taken out or changed to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let changed = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()]
}

/// The first name that comes a second time.
fn first_twice<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}
