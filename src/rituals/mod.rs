//! The rituals, one folder each, and the list of all.

pub mod coffee;
pub mod kudos;
pub mod ritual;
pub mod sync;

use self::ritual::Ritual;

/// The settings of every ritual, and the names of their commands.
#[derive(Clone, Debug)]
pub struct RitualSettings {
    /// `[kudos]`.
    pub kudos: kudos::KudosSettings,
    /// What `/kudos` is called here.
    pub kudos_command: String,
    /// `[coffee]`.
    pub coffee: coffee::CoffeeSettings,
    /// What `/coffee` is called here.
    pub coffee_command: String,
    /// Handles of the user groups that are departments.
    pub departments: Vec<String>,
}

/// All rituals, one line each.
pub fn all(settings: RitualSettings) -> Vec<Box<dyn Ritual>> {
    vec![
        Box::new(coffee::Coffee::new(settings.coffee, settings.coffee_command, settings.departments)),
        Box::new(kudos::Kudos::new(settings.kudos, settings.kudos_command)),
    ]
}
