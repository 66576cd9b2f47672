//! Errors of a configuration.

use crate::{model::secrets, ritual::FileFault};

/// An error of a configuration and how to fix it: one line, which never holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// Joins what happened, naming the key, and how to fix it.
    pub(super) fn new(what: impl AsRef<str>, mend: impl AsRef<str>) -> ConfigError {
        let line = format!("{}: {}", what.as_ref(), mend.as_ref());
        // A path or a library's message may hold line breaks; a log line and a terminal want one line.
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        ConfigError(secrets::redacted(&line).into_owned())
    }

    /// The same, with the number of further errors.
    pub(super) fn and_more(self, more: usize) -> ConfigError {
        match more {
            0 => self,
            more => ConfigError(format!("{} (and {more} more: `rondo check` lists them all)", self.0)),
        }
    }
}

impl From<FileFault> for ConfigError {
    fn from(fault: FileFault) -> ConfigError {
        ConfigError::new(fault.what, fault.mend)
    }
}
