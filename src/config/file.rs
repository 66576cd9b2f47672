//! The TOML file as it is written, and its mistakes in our own words.

use std::path::Path;

use serde::Deserialize;

use super::{Commands, ConfigError, nearest};
use crate::rituals::{coffee, kudos};

/// The file: a text that is empty stands for a setting that is left out.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub slack: Slack,
    pub store: Store,
    pub http: Http,
    pub log: Log,
    pub commands: Commands,
    pub people: People,
    pub coffee: coffee::Settings,
    pub kudos: kudos::Settings,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Slack {
    pub api_url: String,
    pub call_timeout_seconds: u64,
    pub bot_token_file: String,
    pub app_token_file: String,
    pub signing_secret_file: String,
}

impl Default for Slack {
    fn default() -> Slack {
        Slack {
            api_url: "https://slack.com/api".to_owned(),
            call_timeout_seconds: 10,
            bot_token_file: String::new(),
            app_token_file: String::new(),
            signing_secret_file: String::new(),
        }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Store {
    pub url: String,
}

impl Default for Store {
    fn default() -> Store {
        Store { url: "sqlite:rondo.db".to_owned() }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    pub listen: String,
    pub admin_listen: String,
}

impl Default for Http {
    fn default() -> Http {
        Http { listen: "127.0.0.1:3000".to_owned(), admin_listen: "127.0.0.1:3001".to_owned() }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    pub filter: String,
    pub format: String,
}

impl Default for Log {
    fn default() -> Log {
        Log { filter: "info".to_owned(), format: "text".to_owned() }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct People {
    pub zone: String,
    pub departments: Vec<String>,
}

impl Default for People {
    fn default() -> People {
        People { zone: "UTC".to_owned(), departments: Vec::new() }
    }
}

/// Reads and parses the file.
pub fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        ConfigError::new(
            format!("the configuration {} cannot be read ({error})", path.display()),
            "mend the path given by --config or RONDO_CONFIG, or the file's permissions",
        )
    })?;
    parse(&text, &path.display().to_string())
}

/// Parses the text of the file that goes by `name`.
pub fn parse(text: &str, name: &str) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|error| in_our_words(&error, text, name))
}

/// The library's own text shows the faulty line, which may hold a secret put in the wrong place. So
/// only the place, the key and what is expected are taken from it.
fn in_our_words(error: &toml::de::Error, text: &str, name: &str) -> ConfigError {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let before = text.get(..start).unwrap_or_default();
    let place = format!("{name}:{}", before.matches('\n').count() + 1);
    let section = section_at(before);
    let message = error.message();
    if let Some(rest) = message.strip_prefix("unknown field `") {
        let (key, expected) = rest.split_once('`').unwrap_or((rest, ""));
        return unknown(&place, section, key, &quoted(expected));
    }
    if message.starts_with("invalid type") || message.starts_with("invalid value") {
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        if let Some(header) = line.trim().strip_prefix("[[") {
            let name = header.split(']').next().unwrap_or_default();
            return ConfigError::new(format!("{place}: there is one [{name}]"), "write single brackets");
        }
        // A line without a key is part of a value, and a value is not shown.
        let key = line.split_once('=').map_or("a value", |(key, _)| key.trim());
        let key = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
        let expected = message.rsplit_once("expected ").map_or("", |(_, expected)| expected);
        return ConfigError::new(format!("{place}: {key} does not fit"), wanted(expected));
    }
    if message.starts_with("duplicate key") {
        return ConfigError::new(format!("{place}: this key is set twice"), "keep one of them");
    }
    ConfigError::new(
        format!("{place}: this is not TOML ({message})"),
        "look at the quotes and brackets there",
    )
}

fn unknown(place: &str, section: &str, key: &str, known: &[&str]) -> ConfigError {
    // The top of the file knows sections alone, and this one among them.
    let (what, show): (String, fn(&str) -> String) = if known.contains(&"slack") {
        (format!("{place}: there is no section [{key}]"), |name| format!("[{name}]"))
    } else if section.is_empty() {
        (format!("{place}: there is no key \"{key}\""), |name| format!("\"{name}\""))
    } else {
        (format!("{place}: there is no key \"{key}\" in [{section}]"), |name| format!("\"{name}\""))
    };
    let mend = match nearest(key, known.iter().copied()) {
        Some(meant) => format!("did you mean {}?", show(meant)),
        None => format!("there is {}", known.iter().map(|name| show(name)).collect::<Vec<_>>().join(", ")),
    };
    ConfigError::new(what, mend)
}

/// What stands between backticks.
pub fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The section that the end of `before` stands in, empty at the top.
fn section_at(before: &str) -> &str {
    let mut headers = before.lines().filter_map(|line| line.trim().strip_prefix('['));
    headers
        .next_back()
        .map_or("", |line| line.trim_start_matches('[').split(']').next().unwrap_or_default().trim())
}

fn wanted(expected: &str) -> String {
    match expected {
        "u32" | "u64" | "i64" | "usize" => "write a whole number, 0 or more".to_owned(),
        "a boolean" => "write true or false".to_owned(),
        "a string" => "write a text in double quotes".to_owned(),
        other if other.starts_with("struct") => "write it as a section, in square brackets".to_owned(),
        other => format!("{other} is expected"),
    }
}
