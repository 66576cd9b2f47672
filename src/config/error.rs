//! What is wrong with a configuration, in one line.

/// What is wrong with a configuration and how to mend it: one line, which never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// What happened, naming the key, and how to mend it.
    pub(super) fn new(what: impl AsRef<str>, mend: impl AsRef<str>) -> ConfigError {
        let line = format!("{}: {}", what.as_ref(), mend.as_ref());
        // A path or a library's message may hold line breaks; a log line and a terminal want one line.
        ConfigError(line.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
