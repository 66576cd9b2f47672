//! The TOML file as it is written, and its errors in our own words.

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

use super::{ConfigError, RONDO, may_start};
use crate::{
    model::{secrets, text::nearest},
    ritual::{ConfiguredRitual, Registration, SettingsSection, read_text},
};

/// The file without the sections of rituals: an empty text stands for a setting that is left out.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub slack: SlackSection,
    pub store: StoreSection,
    pub http: HttpSection,
    pub log: LogSection,
    /// The names of commands by their keys.
    pub commands: BTreeMap<String, String>,
    pub people: PeopleSection,
    pub holidays: HolidaysSection,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HolidaysSection {
    pub folder: String,
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
    /// The section of each ritual, in the order of their list.
    pub rituals: Vec<(&'static str, ConfiguredRitual)>,
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
pub fn read(path: &Path, registry: &[Registration]) -> FileContents {
    let shown = secrets::shown_bare(&path.display().to_string());
    match read_text(path, LARGEST) {
        Ok(text) => parse(&text, &shown, registry),
        Err(why) => {
            let error = ConfigError::new(
                format!("the configuration {shown} cannot be read ({why})"),
                "mend the path given by --config or RONDO_CONFIG, or the file's permissions",
            );
            unread(registry, (String::new(), error))
        }
    }
}

/// Parses the text of the file called `name`. Wrong entries are taken out and the rest is read again, so that all
/// errors are found at once.
pub fn parse(text: &str, name: &str, registry: &[Registration]) -> FileContents {
    let mut errors = Errors { text, name, registry, found: Vec::new() };
    let mut table = match DeTable::parse(text) {
        Ok(table) => table,
        Err(error) => return unread(registry, errors.in_our_words(&error)),
    };
    let mut rituals = Vec::new();
    for ritual in registry {
        let read = |table| (ritual.configure)(section_of(table, ritual.name));
        let read = read_table(&mut table, read, &mut errors).or_else(|| by_default(ritual));
        rituals.extend(read.map(|read| (ritual.name, read)));
        table.get_mut().remove(ritual.name);
    }
    take_out_unknown_commands(&mut table, &mut errors);
    let read = |table| File::deserialize(toml::Deserializer::from(table));
    let file = read_table(&mut table, read, &mut errors);
    let is_whole = file.is_some();
    FileContents { file: file.unwrap_or_default(), rituals, errors: errors.in_order(), is_whole }
}

/// Reads a table without its wrong entries, each of which is an error. `None` if there are too many, or an error has
/// no entry.
fn read_table<'t, T>(
    table: &mut Spanned<DeTable<'t>>,
    read: impl Fn(Spanned<DeTable<'t>>) -> Result<T, toml::de::Error>,
    errors: &mut Errors<'_>,
) -> Option<T> {
    loop {
        let error = match read(table.clone()) {
            Ok(read) => return Some(read),
            Err(error) => error,
        };
        let at = error.span().map(|span| span.start);
        errors.found.push((at, errors.in_our_words(&error)));
        let is_out = at.is_some_and(|at| take_out(table.get_mut(), at));
        if !is_out || errors.found.len() >= MOST_ERRORS {
            return None;
        }
    }
}

fn section_of<'t>(mut table: Spanned<DeTable<'t>>, ritual: &str) -> SettingsSection<'t> {
    match table.get_mut().remove(ritual) {
        Some(section) => section.into(),
        None => SettingsSection::empty(),
    }
}

fn by_default(ritual: &Registration) -> Option<ConfiguredRitual> {
    (ritual.configure)(SettingsSection::empty()).ok()
}

/// Returns the defaults of a file that cannot be read.
fn unread(registry: &[Registration], error: (String, ConfigError)) -> FileContents {
    let rituals = registry.iter().filter_map(|ritual| Some((ritual.name, by_default(ritual)?)));
    FileContents { file: File::default(), rituals: rituals.collect(), errors: vec![error], is_whole: false }
}

fn take_out_unknown_commands(table: &mut Spanned<DeTable<'_>>, errors: &mut Errors<'_>) {
    let known: Vec<&str> = errors.rituals().chain([RONDO]).collect();
    let commands = table.get_mut().get_mut("commands").map(Spanned::get_mut);
    let Some(DeValue::Table(commands)) = commands else { return };
    let is_known = |key: &Spanned<DeString<'_>>| known.contains(&&**key.get_ref());
    let unknown: Vec<_> = commands.keys().filter(|key| !is_known(key)).cloned().collect();
    for key in unknown {
        let at = key.span().start;
        errors.found.push((Some(at), errors.unknown(at, key.get_ref(), &known)));
        commands.remove(&key);
    }
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

/// The errors of a file.
struct Errors<'f> {
    text: &'f str,
    name: &'f str,
    registry: &'f [Registration],
    /// Each with its position and its section.
    found: Vec<(Option<usize>, (String, ConfigError))>,
}

impl Errors<'_> {
    /// Returns the errors in the order of the file.
    fn in_order(mut self) -> Vec<(String, ConfigError)> {
        self.found.sort_by_key(|(at, _)| *at);
        self.found.into_iter().map(|(_, error)| error).collect()
    }

    /// Returns the names of the rituals, which are their sections.
    fn rituals(&self) -> impl Iterator<Item = &'static str> {
        self.registry.iter().map(|ritual| ritual.name)
    }

    /// Returns the text before a position, and its place for people: the file and the line.
    fn before(&self, at: usize) -> (&str, String) {
        let before = self.text.get(..at.min(self.text.len())).unwrap_or_default();
        (before, format!("{}:{}", self.name, before.matches('\n').count() + 1))
    }

    /// Returns an error of the library with its section. The library's own text shows the wrong line, which may hold a
    /// secret put in the wrong place. So only the position, the key and what is expected are taken from it.
    fn in_our_words(&self, error: &toml::de::Error) -> (String, ConfigError) {
        let at = error.span().map_or(0, |span| span.start);
        let (before, place) = self.before(at);
        let message = error.message();
        if let Some(rest) = message.strip_prefix("unknown field `") {
            let (key, expected) = rest.split_once('`').unwrap_or((rest, ""));
            return self.unknown(at, key, &quoted(expected));
        }
        let section = section_at(before);
        (top_of(section), of_a_value(&place, section, before, self.text, message))
    }

    /// Returns the error of a key that is none of the known ones.
    fn unknown(&self, at: usize, key: &str, known: &[&str]) -> (String, ConfigError) {
        let (before, place) = self.before(at);
        let section = section_at(before);
        let key = if secrets::kind_of(key).is_some() { &secrets::shown(key) } else { key };
        // The top of the file has sections only, and this one is among them.
        let is_section = known.contains(&"slack");
        let (what, show): (String, fn(&str) -> String) = if is_section {
            (format!("{place}: there is no section [{key}]"), |name| format!("[{name}]"))
        } else if section.is_empty() {
            (format!("{place}: there is no key \"{key}\""), |name| format!("\"{name}\""))
        } else {
            (format!("{place}: there is no key \"{key}\" in [{section}]"), |name| format!("\"{name}\""))
        };
        let rituals = self.rituals().filter(|_| is_section);
        let known: Vec<&str> = known.iter().copied().chain(rituals.map(|name| -> &str { name })).collect();
        let mend = match nearest(key, known.iter().copied()) {
            Some(meant) => format!("did you mean {}?", show(meant)),
            None => format!("there is {}", known.into_iter().map(show).collect::<Vec<_>>().join(", ")),
        };
        (top_of(section), ConfigError::new(what, mend))
    }
}

/// Returns the first part of a section's name.
fn top_of(section: &str) -> String {
    section.split('.').next().unwrap_or_default().to_owned()
}

/// Returns the error of an entry whose key is right.
fn of_a_value(place: &str, section: &str, before: &str, text: &str, message: &str) -> ConfigError {
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

/// Returns what is between backticks.
pub fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Returns the section at the end of `before`, empty at the top.
fn section_at(before: &str) -> &str {
    let header =
        before.lines().filter_map(|line| line.trim().strip_prefix('[')).next_back().unwrap_or_default();
    // A key that is part of a header is named without the dot before it.
    let name = header.trim_start_matches('[').split(']').next().unwrap_or_default();
    name.trim().trim_end_matches('.')
}

fn wanted(expected: &str) -> String {
    match expected {
        "u32" | "u64" | "i64" | "usize" => "write a whole number, 0 or more".to_owned(),
        "a boolean" => "write true or false".to_owned(),
        "a string" => "write a text in double quotes".to_owned(),
        other if other.starts_with("struct") || other == "a map" => {
            "write it as a section, in square brackets".to_owned()
        }
        other => format!("{other} is expected"),
    }
}
