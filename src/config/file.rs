//! The TOML file as it is written, and its errors in our own words.

use std::path::Path;

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{Commands, ConfigError, may_start, text::read_text};
use crate::{
    model::{secrets, text::nearest},
    rituals::{coffee, kudos},
};

/// The file: an empty text stands for a setting that is left out.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub slack: SlackSection,
    pub store: StoreSection,
    pub http: HttpSection,
    pub log: LogSection,
    pub commands: Commands,
    pub people: PeopleSection,
    pub coffee: coffee::CoffeeSettings,
    pub kudos: kudos::KudosSettings,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SlackSection {
    pub api_url: String,
    pub call_timeout_seconds: u64,
    pub bot_token_file: String,
    pub app_token_file: String,
    pub signing_secret_file: String,
}

impl Default for SlackSection {
    fn default() -> SlackSection {
        SlackSection {
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
pub struct StoreSection {
    pub url: String,
}

impl Default for StoreSection {
    fn default() -> StoreSection {
        StoreSection { url: "sqlite:rondo.db".to_owned() }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HttpSection {
    pub listen: String,
    pub admin_listen: String,
}

impl Default for HttpSection {
    fn default() -> HttpSection {
        HttpSection { listen: "127.0.0.1:3000".to_owned(), admin_listen: "127.0.0.1:3001".to_owned() }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSection {
    pub filter: String,
    pub format: String,
}

impl Default for LogSection {
    fn default() -> LogSection {
        LogSection { filter: "info".to_owned(), format: "text".to_owned() }
    }
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeopleSection {
    pub zone: String,
    pub departments: Vec<String>,
    pub may_start: may_start::Written,
    pub guests_take_part: bool,
}

impl Default for PeopleSection {
    fn default() -> PeopleSection {
        PeopleSection {
            zone: "UTC".to_owned(),
            departments: Vec::new(),
            may_start: may_start::Written::default(),
            guests_take_part: true,
        }
    }
}

/// The result of parsing a file.
pub struct FileContents {
    /// Its settings, with the default in place of a wrong one.
    pub file: File,
    /// All errors, each with its section.
    pub errors: Vec<(String, ConfigError)>,
    /// Whether all settings but the wrong ones could be read.
    pub is_whole: bool,
}

/// A real file is small, in bytes.
const LARGEST: u64 = 1024 * 1024;
/// How many errors are collected.
const MOST_ERRORS: usize = 50;

/// Reads and parses the file.
pub fn read(path: &Path) -> FileContents {
    let shown = secrets::shown_bare(&path.display().to_string());
    match read_text(path, LARGEST) {
        Ok(text) => parse(&text, &shown),
        Err(why) => {
            let error = ConfigError::new(
                format!("the configuration {shown} cannot be read ({why})"),
                "mend the path given by --config or RONDO_CONFIG, or the file's permissions",
            );
            FileContents { file: File::default(), errors: vec![(String::new(), error)], is_whole: false }
        }
    }
}

/// Parses the text of the file called `name`. Wrong entries are taken out and the rest is read again, so that all
/// errors are found at once.
pub fn parse(text: &str, name: &str) -> FileContents {
    let mut errors = Vec::new();
    let mut table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => {
            let error = in_our_words(&error, text, name);
            return FileContents { file: File::default(), errors: vec![error], is_whole: false };
        }
    };
    loop {
        let error = match File::deserialize(toml::Deserializer::from(table.clone())) {
            Ok(file) => return read_in_order(file, errors, true),
            Err(error) => error,
        };
        let at = error.span().map(|span| span.start);
        errors.push((at, in_our_words(&error, text, name)));
        let is_out = at.is_some_and(|at| take_out(table.get_mut(), at));
        if !is_out || errors.len() >= MOST_ERRORS {
            return read_in_order(File::default(), errors, false);
        }
    }
}

/// Returns the errors in the order of the file.
fn read_in_order(
    file: File,
    mut errors: Vec<(Option<usize>, (String, ConfigError))>,
    is_whole: bool,
) -> FileContents {
    errors.sort_by_key(|(at, _)| *at);
    FileContents { file, errors: errors.into_iter().map(|(_, error)| error).collect(), is_whole }
}

/// Removes the entry at this position from a table, or from one of its tables.
fn take_out(table: &mut DeTable<'_>, at: usize) -> bool {
    let inner = table.iter_mut().any(|(_, value)| match value.get_mut() {
        DeValue::Table(table) => take_out(table, at),
        _ => false,
    });
    if inner {
        return true;
    }
    let is_here = |key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>| {
        key.span().contains(&at) || value.span().contains(&at)
    };
    let found = table.iter().find(|(key, value)| is_here(key, value)).map(|(key, _)| key.clone());
    found.is_some_and(|key| table.remove(&key).is_some())
}

/// The library's own text shows the wrong line, which may hold a secret put in the wrong place. So only the position,
/// the key and what is expected are taken from it.
fn in_our_words(error: &toml::de::Error, text: &str, name: &str) -> (String, ConfigError) {
    let start = error.span().map_or(0, |span| span.start.min(text.len()));
    let section = section_at(text.get(..start).unwrap_or_default());
    let section = section.split('.').next().unwrap_or_default().to_owned();
    (section, config_error(error, text, name))
}

fn config_error(error: &toml::de::Error, text: &str, name: &str) -> ConfigError {
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
        let key = match line.split_once('=') {
            Some((key, _)) if section.is_empty() => key.trim().to_owned(),
            Some((key, _)) => format!("{section}.{}", key.trim()),
            None if section.is_empty() => "a value".to_owned(),
            None => format!("a value in [{section}]"),
        };
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
    let key = if secrets::kind_of(key).is_some() { &secrets::shown(key) } else { key };
    // The top of the file has sections only, and this one is among them.
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

/// Returns what is between backticks.
pub fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Returns the section at the end of `before`, empty at the top.
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
