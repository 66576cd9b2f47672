//! Where a setting comes from: a variable, a file that a variable or a key names, or the TOML file.

use std::path::Path;

use secrecy::SecretString;

use super::{ConfigError, Environment};

/// The environment, and the name of the file that it is laid over.
pub struct Sources<'a> {
    pub env: &'a Environment,
    pub file: Option<&'a Path>,
}

/// A setting with the name its owner knows it by.
pub struct Given {
    pub name: String,
    pub value: String,
}

/// A secret with the name its owner knows it by.
pub struct GivenSecret {
    pub name: String,
    pub text: SecretString,
}

impl From<Given> for GivenSecret {
    fn from(given: Given) -> GivenSecret {
        GivenSecret { name: given.name, text: given.value.into() }
    }
}

impl Sources<'_> {
    /// The variable where it is set, else what the file says.
    pub fn text(&self, variable: &str, key: &str, in_file: &str) -> Given {
        match self.env.get(variable) {
            Some(value) => Given { name: variable.to_owned(), value: value.to_owned() },
            None => self.in_file(key, in_file),
        }
    }

    /// What the file says, or its default.
    pub fn in_file(&self, key: &str, value: &str) -> Given {
        Given { name: self.named(key), value: value.trim().to_owned() }
    }

    /// A key with the file it stands in, as an error names it.
    pub fn named(&self, key: &str) -> String {
        match self.file {
            Some(file) => format!("{key} in {}", file.display()),
            None => key.to_owned(),
        }
    }

    /// The variable, else the file that `…_FILE` names, else the file that the key names.
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
            (Some(text), None) => {
                return Ok(Some(GivenSecret { name: variable.to_owned(), text: text.to_owned().into() }));
            }
            (None, Some(path)) => (file_variable, path),
            (None, None) if key_path.trim().is_empty() => return Ok(None),
            (None, None) => (self.named(key), key_path.trim()),
        };
        let text = std::fs::read_to_string(path).map_err(|error| {
            ConfigError::new(
                format!("{name} names {path}, which cannot be read ({error})"),
                "mend the path or the file's permissions",
            )
        })?;
        if text.trim().is_empty() {
            return Err(ConfigError::new(
                format!("{name} names {path}, which is empty"),
                "put the secret into it, or leave the setting out",
            ));
        }
        Ok(Some(GivenSecret { name, text: text.trim().to_owned().into() }))
    }
}
