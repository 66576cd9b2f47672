//! What is logged, and how: to stderr, as text for people or JSON for machines.

use std::io::IsTerminal as _;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{EnvFilter, filter::ParseError, fmt, util::TryInitError};

/// Crates whose debug logs hold tokens, statements or what people wrote. They stay at `warn` unless
/// the filter names them. A name covers what begins with it, so `hyper` covers `hyper_util`.
const NOISY: [&str; 8] =
    ["h2", "hyper", "reqwest", "rustls", "slack_morphism", "sqlx", "tokio_tungstenite", "tungstenite"];

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

impl Format {
    /// The format that goes by this name in the configuration.
    pub fn named(name: &str) -> Option<Format> {
        match name {
            "text" => Some(Format::Text),
            "json" => Some(Format::Json),
            _ => None,
        }
    }
}

/// Reads a filter such as `info` or `info,rondo::store=debug`, and caps the noisy crates.
pub fn filter(text: &str) -> Result<EnvFilter, ParseError> {
    let mut levels = text.split(',').filter_map(|part| part.trim().parse::<LevelFilter>().ok());
    // Where the level for all is `warn` or quieter, a cap would make the noisy crates louder.
    let caps = match levels.next_back() {
        Some(level) if level > LevelFilter::WARN => NOISY.map(|name| format!("{name}=warn,")).concat(),
        _ => String::new(),
    };
    // Of two directives for one target the later holds, and the longer target beats the shorter.
    EnvFilter::builder().parse(format!("{caps}{text}"))
}

/// Starts the log of this process; it can be started once.
pub fn start(filter: EnvFilter, format: Format) -> Result<(), TryInitError> {
    use tracing_subscriber::util::SubscriberInitExt as _;
    let log = fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match format {
        Format::Text => log.with_ansi(std::io::stderr().is_terminal()).finish().try_init(),
        Format::Json => log.json().flatten_event(true).finish().try_init(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What of five events a filter lets through.
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
}
