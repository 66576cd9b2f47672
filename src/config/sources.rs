//! Where a setting comes from: a variable, a file that a variable or a key names, or the TOML file.

use std::path::Path;

use secrecy::{ExposeSecret as _, SecretString};

use super::{ConfigError, Environment, text::trimmed};
use crate::{model::secrets, ritual::read_text};

/// No secret is longer, in bytes.
const LONGEST_SECRET: u64 = 64 * 1024;

/// The environment, and the name of the file under it.
pub struct Sources<'a> {
    pub env: &'a Environment,
    pub file: Option<&'a Path>,
}

/// A setting, with the name that its owner knows.
pub struct GivenSetting {
    pub name: String,
    pub value: String,
}

impl GivenSetting {
    /// Returns the error of an invalid value: the value, unless that is a secret, the reason, and how to fix it.
    pub fn refused(&self, why: &str, mend: impl AsRef<str>) -> ConfigError {
        if let Some(kind) = secrets::kind_of(&self.value) {
            return ConfigError::new(format!("{} holds what looks like {kind}{why}", self.name), mend);
        }
        ConfigError::new(format!("{} is {}{why}", self.name, secrets::shown(&self.value)), mend)
    }
}

/// A secret, with the name that its owner knows.
pub struct GivenSecret {
    pub name: String,
    pub text: SecretString,
}

impl From<GivenSetting> for GivenSecret {
    fn from(given: GivenSetting) -> GivenSecret {
        GivenSecret { name: given.name, text: given.value.into() }
    }
}

impl Sources<'_> {
    /// Returns the variable if it is set, else the file's value.
    pub fn text(&self, variable: &str, key: &str, in_file: &str) -> GivenSetting {
        match self.env.get(variable) {
            Some(value) => GivenSetting { name: variable.to_owned(), value: value.to_owned() },
            None => self.in_file(key, in_file),
        }
    }

    /// Returns the file's value, or its default.
    pub fn in_file(&self, key: &str, value: &str) -> GivenSetting {
        GivenSetting { name: self.named(key), value: trimmed(value).to_owned() }
    }

    /// Returns a key with its file, as errors name it.
    pub fn named(&self, key: &str) -> String {
        match self.file {
            Some(file) => format!("{key} in {}", secrets::shown_bare(&file.display().to_string())),
            None => key.to_owned(),
        }
    }

    /// Returns the variable, else the file that `…_FILE` names, else the file that the key names.
    pub fn secret(
        &self,
        variable: &str,
        key: &str,
        key_path: &str,
    ) -> Result<Option<GivenSecret>, ConfigError> {
        let file_variable = format!("{variable}_FILE");
        let (name, path) = match (self.env.get(variable), self.env.get(&file_variable)) {
            (Some(_), Some(_)) => {
                return Err(ConfigError::new(
                    format!("{variable} and {file_variable} are both set"),
                    "keep one of them",
                ));
            }
            (Some(text), None) => return unquoted(variable.to_owned(), text).map(Some),
            (None, Some(path)) => (file_variable, path),
            (None, None) if trimmed(key_path).is_empty() => return Ok(None),
            (None, None) => (self.named(key), trimmed(key_path)),
        };
        if let Some(kind) = secrets::kind_of(path) {
            return Err(ConfigError::new(
                format!("{name} holds what looks like {kind}"),
                format!("name a file that holds the secret, or set {variable} to the secret itself"),
            ));
        }
        let shown = secrets::shown_bare(path);
        let text = read_text(Path::new(path), LONGEST_SECRET).map_err(|why| {
            ConfigError::new(
                format!("{name} names {shown}, which cannot be read ({why})"),
                "mend the path or the file's permissions",
            )
        })?;
        if trimmed(&text).is_empty() {
            return Err(ConfigError::new(
                format!("{name} names {shown}, which is empty"),
                "put the secret into it, or leave the setting out",
            ));
        }
        unquoted(name, trimmed(&text)).map(Some)
    }
}

/// Refuses a secret in quotes, as they come from files that shells do not read.
fn unquoted(name: String, text: &str) -> Result<GivenSecret, ConfigError> {
    if is_quoted(text) {
        return Err(ConfigError::new(format!("{name} is in quotes"), "write the value without them"));
    }
    let given = GivenSecret { name, text: text.to_owned().into() };
    if given.text.expose_secret().contains('\u{fffd}') {
        return Err(ConfigError::new(
            format!("{} holds bytes that are not UTF-8", given.name),
            "copy the value again",
        ));
    }
    Ok(given)
}

/// Whether a value is in quotes.
pub fn is_quoted(value: &str) -> bool {
    value.len() >= 2 && ['"', '\''].iter().any(|quote| value.starts_with(*quote) && value.ends_with(*quote))
}
