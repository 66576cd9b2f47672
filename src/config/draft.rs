//! A configuration as far as it can be read, with all its errors.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono_tz::Tz;

use super::{
    Commands, Config, ConfigError, Environment, HttpConfig, LogConfig, PeopleConfig, SlackConfig,
    StoreConfig, checks, file, find, holidays, may_start,
    sources::{GivenSecret, Sources},
    text::trimmed,
    variables,
};
use crate::{
    logging::LogFormat,
    model::authority::Authority,
    ritual::{ConfiguredRitual, Registration},
};

/// A part of the settings, for callers that go on with the valid parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConfigPart {
    Slack,
    Store,
    Http,
    /// Everything else.
    Rest,
}

/// The result of reading. A wrong setting has its default in `config`, and an entry in `errors`.
#[derive(Debug)]
pub struct ConfigDraft {
    pub config: Config,
    pub errors: Vec<ConfigError>,
    faulty: BTreeSet<ConfigPart>,
}

impl ConfigDraft {
    /// Reads the file, if there is one, and the environment over it; each ritual of the list has a section and a command.
    pub fn read(registry: &[Registration], path: Option<&Path>, env: &Environment) -> ConfigDraft {
        let path = find(path, env, Path::new(""));
        let mut wrong = Wrong::default();
        let read = match &path {
            Some(path) => file::read(path, registry),
            None => file::parse("", "", registry),
        };
        for (section, error) in read.errors {
            match section.as_str() {
                "slack" => wrong.add(ConfigPart::Slack, error),
                "store" => wrong.add(ConfigPart::Store, error),
                "http" => wrong.add(ConfigPart::Http, error),
                _ => wrong.add(ConfigPart::Rest, error),
            }
        }
        if !read.is_whole {
            wrong.faulty.extend([ConfigPart::Slack, ConfigPart::Store, ConfigPart::Http, ConfigPart::Rest]);
        }
        let config = resolve(&read.file, read.rituals, registry, path, env, &mut wrong);
        ConfigDraft { config, errors: wrong.errors, faulty: wrong.faulty }
    }

    /// Whether this part has no errors.
    pub fn is_sound(&self, part: ConfigPart) -> bool {
        !self.faulty.contains(&part)
    }
}

/// Collects errors, so that one does not hide the next.
#[derive(Default)]
struct Wrong {
    errors: Vec<ConfigError>,
    faulty: BTreeSet<ConfigPart>,
}

impl Wrong {
    fn add(&mut self, part: ConfigPart, error: ConfigError) {
        self.errors.push(error);
        self.faulty.insert(part);
    }

    fn keep<T>(&mut self, part: ConfigPart, result: Result<T, ConfigError>) -> Option<T> {
        result.map_err(|error| self.add(part, error)).ok()
    }
}

fn resolve(
    file: &file::File,
    rituals: Vec<(&'static str, ConfiguredRitual)>,
    registry: &[Registration],
    path: Option<PathBuf>,
    env: &Environment,
    wrong: &mut Wrong,
) -> Config {
    let sources = Sources { env, file: path.as_deref() };
    let mut warnings = variables::unknown(env);
    for error in variables::quoted(env) {
        wrong.add(ConfigPart::Rest, error);
    }
    let slack = slack(&sources, &file.slack, wrong, &mut warnings);
    let store = store(&sources, &file.store, wrong);
    let http = http(&sources, &file.http, wrong);
    let log = log(&sources, &file.log, wrong, &mut warnings);
    let commands = Commands::new(registry, &file.commands);
    for error in checks::commands(&sources, &commands) {
        wrong.add(ConfigPart::Rest, error);
    }
    for (name, ritual) in &rituals {
        wrong.keep(ConfigPart::Rest, checks::ritual(&sources, name, ritual.fault()));
    }
    let zone = wrong.keep(ConfigPart::Rest, checks::zone(&sources.in_file("people.zone", &file.people.zone)));
    let may_start = wrong.keep(ConfigPart::Rest, may_start::check(&sources, &file.people.may_start));
    let departments = wrong.keep(ConfigPart::Rest, checks::departments(&sources, &file.people.departments));
    let folder = trimmed(&file.holidays.folder);
    let (holidays, errors) = holidays::read(Some(Path::new(folder)).filter(|_| !folder.is_empty()));
    for error in errors {
        wrong.add(ConfigPart::Rest, error);
    }
    Config {
        slack,
        store,
        http,
        log,
        commands,
        people: PeopleConfig {
            zone: zone.unwrap_or(Tz::UTC),
            departments: departments.unwrap_or_default(),
            authority: Authority {
                may_start: may_start.unwrap_or_default(),
                guests_take_part: file.people.guests_take_part,
            },
        },
        holidays: Arc::new(holidays),
        rituals,
        warnings,
        file: path,
    }
}

fn slack(
    sources: &Sources<'_>,
    file: &file::SlackSection,
    wrong: &mut Wrong,
    warnings: &mut Vec<String>,
) -> SlackConfig {
    const PART: ConfigPart = ConfigPart::Slack;
    let mut secret = |variable: &str, key: &str, path: &str| -> Option<GivenSecret> {
        wrong.keep(PART, sources.secret(variable, key, path)).flatten()
    };
    let mut bot = secret("SLACK_BOT_TOKEN", "slack.bot_token_file", &file.bot_token_file);
    let mut app = secret("SLACK_APP_TOKEN", "slack.app_token_file", &file.app_token_file);
    let signing = secret("SLACK_SIGNING_SECRET", "slack.signing_secret_file", &file.signing_secret_file);
    if let Some(error) = checks::swapped(bot.as_ref(), app.as_ref()) {
        wrong.add(PART, error);
        (bot, app) = (None, None);
    }
    let api_url = sources.text("SLACK_API_URL", "slack.api_url", &file.api_url);
    let fallback = file::SlackSection::default();
    SlackConfig {
        api_url: wrong.keep(PART, checks::api_url(&api_url, warnings)).unwrap_or(fallback.api_url),
        call_timeout: wrong
            .keep(PART, checks::call_timeout(sources, file.call_timeout_seconds))
            .unwrap_or(std::time::Duration::from_secs(fallback.call_timeout_seconds)),
        bot_token: wrong.keep(PART, checks::bot_token(bot)).flatten(),
        app_token: wrong.keep(PART, checks::app_token(app)).flatten(),
        signing_secret: wrong.keep(PART, checks::signing_secret(signing, warnings)).flatten(),
    }
}

fn store(sources: &Sources<'_>, file: &file::StoreSection, wrong: &mut Wrong) -> StoreConfig {
    let given = wrong.keep(ConfigPart::Store, sources.secret("DATABASE_URL", "", "")).flatten();
    let given = given.unwrap_or_else(|| sources.in_file("store.url", &file.url).into());
    let url = wrong.keep(ConfigPart::Store, checks::database_url(given));
    StoreConfig { url: url.unwrap_or_else(|| file::StoreSection::default().url.into()) }
}

fn http(sources: &Sources<'_>, file: &file::HttpSection, wrong: &mut Wrong) -> HttpConfig {
    let listen = checks::address(&sources.text("RONDO_LISTEN", "http.listen", &file.listen));
    let admin = checks::address(&sources.text("RONDO_ADMIN_LISTEN", "http.admin_listen", &file.admin_listen));
    let loopback = |port| std::net::SocketAddr::from((std::net::Ipv4Addr::LOCALHOST, port));
    let (listen, admin) = (wrong.keep(ConfigPart::Http, listen), wrong.keep(ConfigPart::Http, admin));
    let http = HttpConfig {
        listen: listen.unwrap_or_else(|| loopback(3_000)),
        admin_listen: admin.unwrap_or_else(|| loopback(3_001)),
    };
    if listen.is_some() && admin.is_some() {
        wrong.keep(ConfigPart::Http, checks::two_addresses(&http));
    }
    http
}

fn log(
    sources: &Sources<'_>,
    file: &file::LogSection,
    wrong: &mut Wrong,
    warnings: &mut Vec<String>,
) -> LogConfig {
    let filter = checks::filter(sources.text("RONDO_LOG", "log.filter", &file.filter), warnings);
    let format = checks::format(&sources.text("RONDO_LOG_FORMAT", "log.format", &file.format));
    LogConfig {
        filter: wrong.keep(ConfigPart::Rest, filter).unwrap_or_else(|| file::LogSection::default().filter),
        format: wrong.keep(ConfigPart::Rest, format).unwrap_or(LogFormat::Text),
    }
}
