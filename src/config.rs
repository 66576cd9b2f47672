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
    logging::LogFormat,
    model::authority::Authority,
    rituals::{self, coffee, kudos},
};

mod checks;
mod draft;
mod environment;
mod error;
mod file;
mod may_start;
mod sources;
#[cfg(test)]
mod tests;
mod text;
mod variables;

pub use checks::is_loopback;
pub use draft::{ConfigDraft, ConfigPart};
pub use environment::Environment;
pub use error::ConfigError;
pub use text::read_text;

/// Where a configuration is looked for when none is named.
const USUAL_PLACES: [&str; 2] = ["config/rondo.toml", "rondo.toml"];

/// Everything that can be set, checked. Secrets in it print as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from, where there was one.
    pub file: Option<PathBuf>,
    /// The way to Slack.
    pub slack: SlackConfig,
    /// Where everything is kept.
    pub store: StoreConfig,
    /// Where HTTP is served.
    pub http: HttpConfig,
    /// What is logged, and how.
    pub log: LogConfig,
    /// What the slash commands are called.
    pub commands: Commands,
    /// What is assumed of people who do not say.
    pub people: PeopleConfig,
    /// `[coffee]`.
    pub coffee: coffee::CoffeeSettings,
    /// `[kudos]`.
    pub kudos: kudos::KudosSettings,
    /// What works and may still not be meant, a line each with its mend.
    pub warnings: Vec<String>,
}

/// `[slack]`: the way to Slack.
#[derive(Clone, Debug)]
pub struct SlackConfig {
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
pub struct StoreConfig {
    /// `sqlite:…` or `postgres://…`; a secret, since it may hold a password.
    pub url: SecretString,
}

/// `[http]`: where HTTP is served.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// Slack's requests.
    pub listen: SocketAddr,
    /// Health, readiness and metrics; never the address that Slack calls.
    pub admin_listen: SocketAddr,
}

/// `[log]`: what is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// A tracing filter, such as `info` or `info,rondo::store=debug`.
    pub filter: String,
    /// For people or for machines.
    pub format: LogFormat,
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

/// `[people]`: what is assumed of people who do not say, and who may do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleConfig {
    /// The zone of people whose Slack profile names none.
    pub zone: Tz,
    /// Handles of the user groups that are departments, without `@`.
    pub departments: Vec<String>,
    /// Who may do what.
    pub authority: Authority,
}

/// The doors that are configured: at least one is.
#[derive(Clone, Copy, Debug)]
pub struct DoorsConfig<'a> {
    /// What the bot calls Slack with, whichever way Slack calls the bot.
    pub bot_token: &'a SecretString,
    /// Socket Mode, with its app-level token.
    pub socket: Option<&'a SecretString>,
    /// Signed HTTP, with its signing secret.
    pub http: Option<&'a SecretString>,
}

impl Config {
    /// Reads the file, if there is one, and the environment over it. `path` is what the command line
    /// named; after it come `RONDO_CONFIG` and the usual places in the working directory. Fails with the first thing that is wrong.
    pub fn load(path: Option<&Path>, env: &Environment) -> Result<Config, ConfigError> {
        let ConfigDraft { config, mut errors, .. } = ConfigDraft::read(path, env);
        if errors.is_empty() {
            return Ok(config);
        }
        let first = errors.remove(0);
        Err(first.and_more(errors.len()))
    }

    /// What the rituals need to know.
    pub fn rituals(&self) -> rituals::RitualSettings {
        rituals::RitualSettings {
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
    pub fn doors(&self) -> Result<DoorsConfig<'_>, ConfigError> {
        let doors = DoorsConfig {
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

/// The first name that comes a second time.
fn first_twice<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}
