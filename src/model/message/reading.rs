//! Writes messages and modals as plain text, for tests.

use std::collections::BTreeSet;

use super::{Block, Button, Control, Field, Message, Modal};
use crate::model::{event::FieldValue, text::with_fallbacks};

/// Writes a message as its reader sees it: a paragraph, then (small lines), then [buttons].
///
/// # Panics
///
/// If its text does not say all that it shows, or two actions of a row have one name.
pub fn read(message: &Message) -> String {
    let shown: Vec<String> = message.blocks.iter().map(|block| without_tokens(&shown(block))).collect();
    for block in &message.blocks {
        if let Block::Text(words) | Block::Context(words) = block {
            assert!(message.text.as_str().contains(words.as_str()), "{}", message.text.as_str());
        }
    }
    shown.join("\n")
}

/// A text in which each instant is read as it is where Slack can't show it in the reader's own zone, without how far that zone is
/// from UTC.
fn without_tokens(text: &str) -> String {
    let text = with_fallbacks(text);
    let mut parts = text.split(" (UTC");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |read, part| format!("{read}{}", part.split_once(')').map_or(part, |(_, rest)| rest)))
}

/// Writes a modal as a person sees it: its title, its content, then [its close button] and [its submit button].
///
/// # Panics
///
/// If two actions of a row have one name.
pub fn read_modal(modal: &Modal) -> String {
    let buttons = [&modal.close, &modal.submit].into_iter().filter(|label| !label.is_empty());
    let buttons: Vec<String> = buttons.map(|label| format!("[{label}]")).collect();
    let shown = modal.blocks.iter().map(|block| without_tokens(&shown(block)));
    let lines = std::iter::once(format!("{}:", modal.title)).chain(shown);
    lines.chain([buttons.join(" ")]).collect::<Vec<_>>().join("\n")
}

fn shown(block: &Block) -> String {
    match block {
        Block::Text(text) => text.as_str().to_owned(),
        Block::Context(line) => format!("({})", line.as_str()),
        Block::Buttons(buttons) => row(buttons).join(" "),
        Block::Actions { buttons, menu } => {
            assert!(buttons.iter().all(|button| button.action != menu.id), "{} is there twice", menu.id);
            let choices: Vec<&str> = menu.choices.iter().map(|choice| choice.label.as_str()).collect();
            format!("{} [⋯ {}]", row(buttons).join(" "), choices.join(" | "))
        }
        Block::Controls(controls) => controls.iter().map(control).collect::<Vec<_>>().join(" "),
        Block::Table(table) => table.as_text().to_string(),
        Block::Chart(chart) => chart.as_text().to_string(),
        Block::Input(input) | Block::LiveInput(input) => {
            let hint = input.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
            format!("{}: {}{hint}", input.label, filled(&input.field))
        }
    }
}

/// Returns the initial value of a field.
fn filled(field: &Field) -> String {
    match field.answer() {
        FieldValue::Text(text) => text,
        FieldValue::Choice(chosen) => chosen,
        FieldValue::Choices(chosen) => chosen.join(", "),
        FieldValue::Channel(channel) => channel.to_string(),
        FieldValue::Empty => String::new(),
        other => format!("{other:?}"),
    }
}

fn row(buttons: &[Button]) -> Vec<String> {
    let names: BTreeSet<&str> = buttons.iter().map(|button| button.action.as_str()).collect();
    assert_eq!(names.len(), buttons.len(), "each button of a row has an action of its own");
    buttons.iter().map(|button| format!("[{}]", button.label)).collect()
}

fn control(control: &Control) -> String {
    match control {
        Control::Button(button) => format!("[{}]", button.label),
        Control::Menu(menu) => {
            let choices: Vec<&str> = menu.choices.iter().map(|choice| choice.label.as_str()).collect();
            format!("[⋯ {}]", choices.join(" | "))
        }
        Control::Select(select) => format!("[{} ▾]", select.placeholder),
    }
}
