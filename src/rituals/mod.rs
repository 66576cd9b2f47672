//! The rituals, one folder each, and the list of all.

pub mod coffee;
pub mod kudos;
pub mod ritual;

use self::ritual::Ritual;

/// The settings of every ritual, and the names of their commands.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `[kudos]`.
    pub kudos: kudos::Settings,
    /// What `/kudos` is called here.
    pub kudos_command: String,
}

/// All rituals, one line each.
pub fn all(settings: Settings) -> Vec<Box<dyn Ritual>> {
    vec![Box::new(kudos::Kudos::new(settings.kudos, settings.kudos_command))]
}
