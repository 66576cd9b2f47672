//! What is wrong with a configuration, in one line.

use crate::model::secrets;

/// What is wrong with a configuration and how to mend it: one line, which never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// What happened, naming the key, and how to mend it.
    pub(super) fn new(what: impl AsRef<str>, mend: impl AsRef<str>) -> ConfigError {
        let line = format!("{}: {}", what.as_ref(), mend.as_ref());
        // A path or a library's message may hold line breaks; a log line and a terminal want one line.
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        ConfigError(secrets::redacted(&line).into_owned())
    }

    /// The same, with how many further errors there are.
    pub(super) fn and_more(self, more: usize) -> ConfigError {
        match more {
            0 => self,
            more => ConfigError(format!("{} (and {more} more: `rondo check` lists them all)", self.0)),
        }
    }
}
