//! Messages to people: text, blocks, buttons and modals, in our own terms and not in Slack's wire format.

mod field;
mod figure;
#[cfg(test)]
pub mod reading;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use self::{
    field::{Field, Input, Pick, Select, SelectOption, Shape},
    figure::{Cell, Chart, ChartKind, DataTable, Series},
};
use super::text::Markup;

/// A message. Its text says everything that its blocks say, since screen readers and notifications read the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The whole message as text.
    pub text: Markup,
    /// Without blocks the text is shown as it is.
    pub blocks: Vec<Block>,
}

impl Message {
    /// Returns a message that starts with a paragraph, which is also its text.
    pub fn new(text: impl Into<Markup>) -> Message {
        let text = text.into();
        Message { blocks: vec![Block::Text(text.clone())], text }
    }

    /// Returns the same without its buttons and menus.
    #[must_use]
    pub fn without_controls(&self) -> Message {
        let is_said = |block: &&Block| !matches!(block, Block::Controls(_) | Block::Buttons(_));
        Message { text: self.text.clone(), blocks: self.blocks.iter().filter(is_said).cloned().collect() }
    }

    /// Adds a small grey line at the end. The text gains it too.
    #[must_use]
    pub fn with_context(mut self, line: impl Into<Markup>) -> Message {
        let line = line.into();
        self.text = crate::say!("{}\n{}", &self.text, &line);
        self.blocks.push(Block::Context(line));
        self
    }

    /// Adds a row of buttons.
    #[must_use]
    pub fn with_buttons(mut self, buttons: Vec<Button>) -> Message {
        self.blocks.push(Block::Buttons(buttons));
        self
    }

    /// Adds a table. The text gains its first rows, how many more there are, and how to get them all.
    #[must_use]
    pub fn with_table(mut self, table: DataTable) -> Message {
        self.text = crate::say!("{}\n{}", &self.text, table.as_text());
        self.blocks.push(Block::Table(table));
        self
    }

    /// Adds a chart. The text gains every number of it.
    #[must_use]
    pub fn with_chart(mut self, chart: Chart) -> Message {
        self.text = crate::say!("{}\n{}", &self.text, chart.as_text());
        self.blocks.push(Block::Chart(chart));
        self
    }

    /// Adds a chart of numbers that the text says already.
    #[must_use]
    pub fn with_drawing(mut self, chart: Chart) -> Message {
        self.blocks.push(Block::Chart(chart));
        self
    }

    pub fn has_figures(&self) -> bool {
        self.blocks.iter().any(|block| matches!(block, Block::Table(_) | Block::Chart(_)))
    }

    /// Returns the same message with text in place of its tables and charts, for where Slack doesn't take them.
    #[must_use]
    pub fn without_figures(mut self) -> Message {
        for block in &mut self.blocks {
            match block {
                Block::Table(table) => *block = Block::Text(table.as_text()),
                Block::Chart(chart) => *block = Block::Text(chart.as_text()),
                _ => {}
            }
        }
        self
    }

    /// Adds a row of buttons, menus and pickers. The text has to say what there is to choose.
    #[must_use]
    pub fn with_controls(mut self, controls: Vec<Control>) -> Message {
        self.blocks.push(Block::Controls(controls));
        self
    }

    /// Adds a row of buttons with a menu of further actions at its end. The text has to say what the menu holds.
    #[must_use]
    pub fn with_buttons_and_menu(mut self, buttons: Vec<Button>, menu: Menu) -> Message {
        self.blocks.push(Block::Actions { buttons, menu });
        self
    }
}

impl From<Markup> for Message {
    fn from(text: Markup) -> Message {
        Message::new(text)
    }
}

impl From<&'static str> for Message {
    fn from(text: &'static str) -> Message {
        Message::new(text)
    }
}

/// A part of a message or a modal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    Text(Markup),
    /// A small grey line.
    Context(Markup),
    Buttons(Vec<Button>),
    /// A row of buttons with a menu at its end.
    Actions {
        /// For what most people want.
        buttons: Vec<Button>,
        /// For what a few people want.
        menu: Menu,
    },
    /// A row of buttons, menus of actions, and menus and pickers that ask for something.
    Controls(Vec<Control>),
    /// A question with a field to answer it (modals and the Home).
    Input(Input),
    /// A question whose answer changes what else the form asks: a choice is an [`Action`](crate::model::event::Action) at once, named
    /// by the field.
    LiveInput(Input),
    /// A table; a modal or Home shows its text.
    Table(DataTable),
    /// A chart, of which a message shows two; a modal or Home shows its text.
    Chart(Chart),
}

/// An element of a row below a message. Using it is an [`Action`](crate::model::event::Action).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Control {
    Button(Button),
    /// A menu of actions behind a `⋯`.
    Menu(Menu),
    /// A menu or a picker whose choice is sent with the action.
    Select(Select),
}

/// A button. `action` names the ritual and what to do, as in `kudos:undo`; `value` is its argument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    /// 75 characters at most.
    pub label: String,
    /// The ritual and its verb, with a colon between; unique in its row.
    pub action: String,
    /// An id as a rule; 2,000 characters at most.
    pub value: String,
    pub look: ButtonStyle,
}

/// A menu of actions behind a `⋯`. Choosing one is the same event as pressing a button.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Menu {
    /// The ritual and a name of the menu's own, with a colon between; unique in its row.
    pub id: String,
    /// One to five actions; Slack takes no more.
    pub choices: Vec<MenuItem>,
}

/// An action in a menu. `action` and `value` are those of a button, 140 characters at most together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuItem {
    /// 75 characters at most.
    pub label: String,
    /// The ritual and its verb, with a colon between and no space.
    pub action: String,
    /// An id as a rule.
    pub value: String,
}

/// The style of a button.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ButtonStyle {
    #[default]
    Plain,
    /// For the action that most people want.
    Primary,
    /// For an action that deletes something.
    Danger,
}

/// A dialogue that opens over the workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Modal {
    /// The ritual and its verb, as in `kudos:give`.
    pub callback: String,
    /// At most 24 characters.
    pub title: String,
    /// The label of the submit button; at most 24 characters. Without a field it may be empty: then there is no such
    /// button.
    pub submit: String,
    /// The label of the close button; at most 24 characters.
    pub close: String,
    /// Comes back with the answers, and is hidden from the person; 3,000 characters at most.
    pub private: String,
    pub blocks: Vec<Block>,
    /// Whether closing it without submitting is an event.
    #[serde(default)]
    pub tell_closed: bool,
}

/// What a person sees in the bot's Home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Home {
    /// The ritual and its verb, as in `rondo:home`.
    pub callback: String,
    /// Comes back with each press, and is hidden from the person; 3,000 characters at most.
    pub private: String,
    pub blocks: Vec<Block>,
}
