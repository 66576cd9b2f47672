//! A message on paper, for the tests of those who write messages.

use super::{Block, Message};

/// The message as the person reads it who gets it: a paragraph, then (small lines), then [buttons].
///
/// # Panics
/// Where its text does not say all that it shows.
pub fn read(message: &Message) -> String {
    let shown: Vec<String> = message
        .blocks
        .iter()
        .map(|block| match block {
            Block::Text(text) => text.as_str().to_owned(),
            Block::Context(line) => format!("({})", line.as_str()),
            Block::Buttons(buttons) => {
                let shown = buttons.iter().map(|button| format!("[{}]", button.label));
                shown.collect::<Vec<_>>().join(" ")
            }
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
