//! Slack's text objects, inside Slack's limits: what blocks and fields are made of.

use slack_morphism::prelude::{SlackBlockPlainText, SlackBlockPlainTextOnly};

use super::chunks::cut;

/// Separates the action and the value in the value of a menu's choice.
pub(super) const CHOICE_SEPARATOR: char = ' ';
/// Separates the action of a button from its number, where a row has several buttons of one action: Slack takes an `action_id` once in a row.
pub(super) const REPEATED: char = '#';

/// A text without markup; Slack refuses a blank one.
pub(super) fn plain(text: &str, limit: usize) -> SlackBlockPlainTextOnly {
    let text = if text.trim().is_empty() { "–" } else { text };
    SlackBlockPlainTextOnly::from(SlackBlockPlainText::new(cut(text, limit)))
}

/// A text without markup; `None` if it is blank.
pub(super) fn some_plain(text: &str, limit: usize) -> Option<SlackBlockPlainTextOnly> {
    (!text.trim().is_empty()).then(|| plain(text, limit))
}

/// Returns the first characters of a text that people do not read, so without an ellipsis.
pub(super) fn first(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

/// Slack refuses empty fields.
pub(super) fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}
