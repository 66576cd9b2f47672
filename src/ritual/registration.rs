//! The entry of a ritual in the list of rituals: what the program knows of it before any settings are read.

use std::{fmt, sync::Arc};

use serde::de::DeserializeOwned;
use toml::{
    Spanned,
    de::{DeTable, DeValue, ValueDeserializer},
};

use super::{Demo, Ledger, Ritual};

/// An entry of the list.
#[derive(Clone, Copy)]
pub struct Registration {
    /// The ritual's name ([`Ritual::name`]): also that of its section in the configuration, of its key in `[commands]`,
    /// and of its ledger.
    pub name: &'static str,
    /// Its slash command, unless `[commands]` gives another.
    pub command: &'static str,
    /// Reads its section. Fails with the position and the key of the first entry that does not fit.
    pub configure: fn(SettingsSection<'_>) -> Result<ConfiguredRitual, toml::de::Error>,
    /// What `rondo export` prints of it.
    pub ledger: Option<Ledger>,
    /// What `rondo demo` shows of it.
    pub demo: Option<Demo>,
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Registration").field(&self.name).finish()
    }
}

/// A ritual's section of the configuration, not read yet.
pub struct SettingsSection<'s>(Spanned<DeValue<'s>>);

impl<'s> From<Spanned<DeValue<'s>>> for SettingsSection<'s> {
    fn from(value: Spanned<DeValue<'s>>) -> SettingsSection<'s> {
        SettingsSection(value)
    }
}

impl SettingsSection<'_> {
    /// Returns a section without entries: every setting has its default.
    pub fn empty() -> SettingsSection<'static> {
        SettingsSection(Spanned::new(0..0, DeValue::Table(DeTable::new())))
    }

    /// Reads the settings. `fault` returns the first key that is out of range, and how to fix it; `build` makes the
    /// ritual, which answers to the given command.
    pub fn read<S>(
        self,
        fault: fn(&S) -> Option<(&'static str, String)>,
        build: fn(S, String) -> Box<dyn Ritual>,
    ) -> Result<ConfiguredRitual, toml::de::Error>
    where
        S: DeserializeOwned + Clone + fmt::Debug + Send + Sync + 'static,
    {
        let settings = Arc::new(S::deserialize(ValueDeserializer::from(self.0))?);
        Ok(ConfiguredRitual {
            fault: fault(&settings),
            settings: settings.clone(),
            build: Arc::new(move |command| build(S::clone(&settings), command)),
        })
    }
}

/// A ritual with its own settings. Cheap to clone.
#[derive(Clone)]
pub struct ConfiguredRitual {
    fault: Option<(&'static str, String)>,
    settings: Arc<dyn fmt::Debug + Send + Sync>,
    build: Arc<dyn Fn(String) -> Box<dyn Ritual> + Send + Sync>,
}

impl ConfiguredRitual {
    /// Returns the first key that is out of range, and how to fix it.
    pub fn fault(&self) -> Option<(&'static str, &str)> {
        self.fault.as_ref().map(|(key, mend)| (*key, mend.as_str()))
    }

    /// Makes the ritual. `command` is its slash command in this workspace, with the slash.
    pub fn build(&self, command: String) -> Box<dyn Ritual> {
        (self.build)(command)
    }
}

impl fmt::Debug for ConfiguredRitual {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}
