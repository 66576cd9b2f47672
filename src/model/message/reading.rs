//! A message on paper, for the tests of those who write messages.

use std::collections::BTreeSet;

use super::{Block, Button, Control, Message};

/// The message as the person reads it who gets it: a paragraph, then (small lines), then [buttons].
///
/// # Panics
/// Where its text does not say all that it shows, or two actions of a row have one name.
pub fn read(message: &Message) -> String {
    let shown: Vec<String> = message
        .blocks
        .iter()
        .map(|block| match block {
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
            Block::Input(input) => format!("{}:", input.label),
        })
        .collect();
    for block in &message.blocks {
        if let Block::Text(words) | Block::Context(words) = block {
            assert!(message.text.as_str().contains(words.as_str()), "{}", message.text.as_str());
        }
    }
    shown.join("\n")
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
