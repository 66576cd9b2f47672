//! Decks: the sets of prompts that a retro can ask.

mod file;

pub use self::file::{fault, read};

/// A set of prompts under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deck {
    /// The name of its file without `.toml`, which programmes remember: `start-stop-continue`.
    pub code: String,
    pub name: String,
    /// What it is good for, on one line.
    pub description: String,
    /// 1 to 10 of them, in the order in which people read them.
    pub prompts: Vec<Prompt>,
}

/// A question of a retro.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prompt {
    pub text: String,
    pub kind: PromptKind,
    /// Whether answers have no name, unless the organiser decides otherwise.
    pub is_anonymous: bool,
    /// Whether it asks what went well, so that a named answer can become a kudos.
    pub asks_what_went_well: bool,
}

/// How a prompt is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PromptKind {
    /// In words, several times if a person likes.
    Text,
    /// By a number from 1 to 5, with what the lowest and the highest mean; without names.
    Scale { low: String, high: String },
}

/// The decks of a workspace, each with a code and a name of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decks(Vec<Deck>);

impl Decks {
    /// Returns the deck with a code.
    pub fn get(&self, code: &str) -> Option<&Deck> {
        self.0.iter().find(|deck| deck.code == code)
    }

    /// Returns all of them, in the order in which they are offered.
    pub fn all(&self) -> &[Deck] {
        &self.0
    }
}
