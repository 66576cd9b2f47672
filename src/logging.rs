//! Logging to stderr, as text for people or JSON for machines.

use std::io::{self, IsTerminal as _, Write};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{EnvFilter, filter::ParseError, fmt, util::TryInitError};

use crate::model::secrets;

/// Crates whose debug logs hold tokens, statements or what people wrote. They stay at `warn` unless the filter names
/// them. A name covers all that begin with it, so `hyper` covers `hyper_util`.
const NOISY: [&str; 8] =
    ["h2", "hyper", "reqwest", "rustls", "slack_morphism", "sqlx", "tokio_tungstenite", "tungstenite"];

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl LogFormat {
    /// Returns the format with this name in the configuration.
    pub fn named(name: &str) -> Option<LogFormat> {
        match name {
            "text" => Some(LogFormat::Text),
            "json" => Some(LogFormat::Json),
            _ => None,
        }
    }
}

/// Reads a filter such as `info` or `info,rondo::store=debug`, and caps the noisy crates.
pub fn filter(text: &str) -> Result<EnvFilter, ParseError> {
    let mut levels = text.split(',').filter_map(|part| part.trim().parse::<LevelFilter>().ok());
    // If the general level is `warn` or quieter, a cap would make the noisy crates louder.
    let caps = match levels.next_back() {
        Some(level) if level > LevelFilter::WARN => NOISY.map(|name| format!("{name}=warn,")).concat(),
        _ => String::new(),
    };
    // Of two directives for one target the later holds, and the longer target beats the shorter.
    EnvFilter::builder().parse(format!("{caps}{text}"))
}

/// The parts of Rondo that log, as a filter names them behind `rondo::`.
const PARTS: [&str; 9] = ["app", "cli", "config", "engine", "rituals", "slack", "status", "store", "web"];

/// Words that people write for a level, and the level.
const MEANT: [(&str, &str); 9] = [
    ("warning", "warn"),
    ("warnings", "warn"),
    ("err", "error"),
    ("errors", "error"),
    ("fatal", "error"),
    ("information", "info"),
    ("verbose", "debug"),
    ("all", "trace"),
    ("none", "off"),
];

/// Why a filter is refused.
#[derive(Debug, PartialEq, Eq)]
pub enum FilterError {
    /// A word is in the place of a level; without this check it would name a part that does not exist.
    NoLevel {
        part: String,
        /// The level that it seems to mean.
        meant: Option<&'static str>,
    },
    /// It lets nothing of Rondo's through.
    Mute,
    Unreadable(String),
}

/// Checks that a filter does what people expect: the library takes any word for the name of a part, and then logs
/// nothing.
pub fn checked_filter(text: &str) -> Result<(), FilterError> {
    let mut lets_rondo_through = false;
    let parts_of_rondo = PARTS.map(|part| format!("rondo::{part}"));
    // A filter by spans has commas of its own; it is taken as it is.
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty() && !text.contains('['));
    for part in parts {
        let (target, level) = match part.split_once('=') {
            Some((target, level)) => (target.trim(), level.trim()),
            None if is_level(part) => ("", part),
            None if part.contains("::") || part == "rondo" || NOISY.contains(&part) => (part, "trace"),
            None => ("", part),
        };
        if !is_level(level) {
            let word = level.to_lowercase();
            let meant = MEANT.iter().find(|(name, _)| *name == word).map(|(_, meant)| *meant);
            return Err(FilterError::NoLevel { part: level.to_owned(), meant });
        }
        lets_rondo_through |= parts_of_rondo.iter().any(|part| {
            // A target stands for all that begins with it.
            part.starts_with(target)
                || target.strip_prefix(part.as_str()).is_some_and(|rest| rest.starts_with("::"))
        });
    }
    filter(text).map_err(|error| FilterError::Unreadable(error.to_string()))?;
    if lets_rondo_through || text.contains('[') { Ok(()) } else { Err(FilterError::Mute) }
}

fn is_level(word: &str) -> bool {
    !word.is_empty() && word.parse::<LevelFilter>().is_ok()
}

/// Standard error, with secrets removed from each line: a library that repeats its input puts no token into a log.
struct Redacting;

impl Write for Redacting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A line is written at once, so no secret lies across two writes.
        io::stderr().write_all(secrets::redacted(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Starts the log of this process; it can be started once.
pub fn start(filter: EnvFilter, format: LogFormat) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt as _;
    let log = fmt().with_env_filter(filter).with_writer(|| Redacting);
    match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).finish().try_init(),
        LogFormat::Json => log.json().flatten_event(true).finish().try_init(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns which of five events a filter lets through.
    fn shown(text: &str) -> Vec<&'static str> {
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter(text).unwrap())
            .with_writer(std::io::sink)
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let mut shown = Vec::new();
            let mut note = |name, enabled: bool| shown.extend(enabled.then_some(name));
            note("rondo debug", tracing::enabled!(target: "rondo::store", tracing::Level::DEBUG));
            note("rondo info", tracing::enabled!(target: "rondo::store", tracing::Level::INFO));
            note("sqlx debug", tracing::enabled!(target: "sqlx::query", tracing::Level::DEBUG));
            note("hyper debug", tracing::enabled!(target: "hyper_util::client", tracing::Level::DEBUG));
            note("hyper warn", tracing::enabled!(target: "hyper_util::client", tracing::Level::WARN));
            shown
        })
    }

    #[test]
    fn noisy_crates_stay_quiet_when_everything_is_on() {
        assert_eq!(shown("debug"), ["rondo debug", "rondo info", "hyper warn"]);
        assert_eq!(shown("5"), ["rondo debug", "rondo info", "hyper warn"]);
    }

    #[test]
    fn a_noisy_crate_that_is_named_speaks() {
        assert_eq!(shown("info,sqlx=debug"), ["rondo info", "sqlx debug", "hyper warn"]);
        assert_eq!(shown("info,sqlx::query=debug"), ["rondo info", "sqlx debug", "hyper warn"]);
    }

    #[test]
    fn a_quiet_filter_is_not_made_louder() {
        assert!(shown("error").is_empty());
        assert_eq!(shown("rondo=debug"), ["rondo debug", "rondo info"]);
    }

    #[test]
    fn a_filter_that_cannot_be_read_is_refused() {
        assert!(filter("rondo=loud").is_err());
    }

    #[test]
    fn a_word_that_is_no_level_is_refused_with_the_level_it_means() {
        for (text, part, meant) in [
            ("warning", "warning", Some("warn")),
            ("Verbose", "Verbose", Some("debug")),
            ("loud", "loud", None),
            ("info,rondo=loud", "loud", None),
            ("info, warnings", "warnings", Some("warn")),
            ("rondo=", "", None),
            ("🦀", "🦀", None),
        ] {
            let refused = FilterError::NoLevel { part: part.to_owned(), meant };
            assert_eq!(checked_filter(text), Err(refused), "{text}");
        }
    }

    #[test]
    fn a_filter_that_mutes_rondo_is_refused() {
        for text in
            ["sqlx=debug", "hyper::client", ",", "other=info,sqlx=warn", "rondo::stroe=debug", "Rondo::store"]
        {
            assert_eq!(checked_filter(text), Err(FilterError::Mute), "{text}");
        }
        for text in [
            "info",
            "OFF",
            "3",
            "rondo",
            "rondo::store=debug",
            "warn,sqlx=debug",
            "info,rondo::store",
            "rondo::engine::outbox",
            "[x{y=1}]=info",
        ] {
            assert_eq!(checked_filter(text), Ok(()), "{text}");
        }
    }

    proptest::proptest! {
        /// An accepted filter lets some part of Rondo log, unless it was switched off.
        #[test]
        fn an_accepted_filter_shows_errors(
            parts in proptest::collection::vec("(rondo|rondo::store|rondo::x|sqlx|é)?=?(info|WARN|loud|5)?", 0..5),
        ) {
            let text = parts.join(",");
            if checked_filter(&text).is_ok() {
                let subscriber = tracing_subscriber::fmt()
                    .with_env_filter(filter(&text).unwrap())
                    .with_writer(io::sink)
                    .finish();
                let shown = tracing::subscriber::with_default(subscriber, || {
                    let store = tracing::enabled!(target: "rondo::store", tracing::Level::ERROR);
                    store || tracing::enabled!(target: "rondo::app", tracing::Level::ERROR)
                });
                proptest::prop_assert!(shown, "{}", text);
            }
        }
    }
}
