//! One TOML file and the environment, read once into checked values.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use chrono_tz::Tz;
use secrecy::SecretString;

use crate::{
    logging::LogFormat,
    model::{authority::Authority, holidays::Holidays},
    ritual::{ConfiguredRitual, Registration, Ritual},
};

mod checks;
mod draft;
mod environment;
mod error;
mod file;
mod holidays;
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

/// Where the configuration is looked for when no file is named.
const USUAL_PLACES: [&str; 2] = ["config/rondo.toml", "rondo.toml"];

/// All settings, checked. Secrets in it print as `[REDACTED]`.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from, if there was one.
    pub file: Option<PathBuf>,
    pub slack: SlackConfig,
    pub store: StoreConfig,
    pub http: HttpConfig,
    pub log: LogConfig,
    pub commands: Commands,
    pub people: PeopleConfig,
    /// The holidays of regions: those of `[holidays] folder`, else those that the program brings along.
    pub holidays: Arc<Holidays>,
    /// Each ritual's own section, in the order of the list of rituals.
    rituals: Vec<(&'static str, ConfiguredRitual)>,
    /// Settings that work and may be mistakes, a line each that says how to fix it.
    pub warnings: Vec<String>,
}

/// `[slack]`.
#[derive(Clone, Debug)]
pub struct SlackConfig {
    /// The base of the Web API, without a slash at its end.
    pub api_url: String,
    /// How long a call may take before its answer counts as lost.
    pub call_timeout: Duration,
    /// `xoxb-…`
    pub bot_token: Option<SecretString>,
    /// `xapp-…`: enables Socket Mode.
    pub app_token: Option<SecretString>,
    /// Enables the HTTP listener.
    pub signing_secret: Option<SecretString>,
}

/// `[store]`.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    /// `sqlite:…` or `postgres://…`; a secret, since it may hold a password.
    pub url: SecretString,
}

/// `[http]`.
#[derive(Clone, Debug)]
pub struct HttpConfig {
    /// For Slack's requests.
    pub listen: SocketAddr,
    /// For health, readiness and metrics; never the address that Slack calls.
    pub admin_listen: SocketAddr,
}

/// `[log]`.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// A tracing filter, such as `info` or `info,rondo::store=debug`.
    pub filter: String,
    pub format: LogFormat,
}

/// `[commands]`: the names of the slash commands in this workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commands {
    pub rondo: String,
    /// Each ritual's name with its command.
    rituals: Vec<(&'static str, String)>,
}

/// The key of the bot's own command.
const RONDO: &str = "rondo";

impl Commands {
    /// Returns the commands as they are `given`, each by its key, and by default otherwise.
    fn new(registry: &[Registration], given: &BTreeMap<String, String>) -> Commands {
        let or = |key: &str, default: &str| given.get(key).map_or(default, String::as_str).to_owned();
        Commands {
            rondo: or(RONDO, "/rondo"),
            rituals: registry.iter().map(|ritual| (ritual.name, or(ritual.name, ritual.command))).collect(),
        }
    }

    /// Returns each command's key with its name here; the bot's own comes last.
    pub fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let rituals = self.rituals.iter().map(|(key, name)| (*key, name.as_str()));
        rituals.chain([(RONDO, self.rondo.as_str())])
    }

    /// Returns a ritual's command.
    fn of(&self, ritual: &str) -> &str {
        self.all().find(|(key, _)| *key == ritual).map_or("", |(_, name)| name)
    }
}

/// `[people]`: defaults for people, and who may do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeopleConfig {
    /// The zone of people whose Slack profile names none.
    pub zone: Tz,
    /// Handles of the user groups that are departments, without `@`.
    pub departments: Vec<String>,
    pub authority: Authority,
}

/// The configured listeners; there is at least one.
#[derive(Clone, Copy, Debug)]
pub struct DoorsConfig<'a> {
    /// The token of all calls to Slack.
    pub bot_token: &'a SecretString,
    /// The app-level token of Socket Mode.
    pub socket: Option<&'a SecretString>,
    /// The signing secret of HTTP.
    pub http: Option<&'a SecretString>,
}

impl Config {
    /// Reads the file, if there is one, and the environment over it. `list` has the rituals, each with a section and a
    /// command; `path` is what the command line named; after it come `RONDO_CONFIG` and the usual places in the working
    /// directory. Fails with the first error.
    pub fn load(
        registry: &[Registration],
        path: Option<&Path>,
        env: &Environment,
    ) -> Result<Config, ConfigError> {
        let ConfigDraft { config, mut errors, .. } = ConfigDraft::read(registry, path, env);
        if errors.is_empty() {
            return Ok(config);
        }
        let first = errors.remove(0);
        Err(first.and_more(errors.len()))
    }

    /// Makes the rituals, in the order of their list.
    pub fn rituals(&self) -> Vec<Box<dyn Ritual>> {
        let build = |(name, ritual): &(&'static str, ConfiguredRitual)| {
            ritual.build(self.commands.of(name).to_owned())
        };
        self.rituals.iter().map(build).collect()
    }

    /// Returns the token of all calls to Slack.
    pub fn bot_token(&self) -> Result<&SecretString, ConfigError> {
        self.slack.bot_token.as_ref().ok_or_else(|| {
            ConfigError::new(
                "SLACK_BOT_TOKEN is not set",
                "install the app in your workspace and copy its bot token (xoxb-…) here, \
                 or name a file that holds it with SLACK_BOT_TOKEN_FILE",
            )
        })
    }

    /// Returns what `rondo run` needs: a bot token and at least one listener for Slack.
    pub fn doors(&self) -> Result<DoorsConfig<'_>, ConfigError> {
        let doors = DoorsConfig {
            bot_token: self.bot_token()?,
            socket: self.slack.app_token.as_ref(),
            http: self.slack.signing_secret.as_ref(),
        };
        if doors.socket.is_none() && doors.http.is_none() {
            return Err(ConfigError::new(
                "Slack cannot reach the bot",
                "set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET for HTTP",
            ));
        }
        Ok(doors)
    }
}

/// Returns the file to read, seen from the directory `here`.
fn find(path: Option<&Path>, env: &Environment, here: &Path) -> Option<PathBuf> {
    let named = path.map(Path::to_owned).or_else(|| env.get("RONDO_CONFIG").map(PathBuf::from));
    named.or_else(|| USUAL_PLACES.iter().map(|place| here.join(place)).find(|place| place.is_file()))
}

/// Returns the first name that occurs twice.
fn first_twice<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}
