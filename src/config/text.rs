//! Trims what a person typed into a setting.

use crate::ritual::BYTE_ORDER_MARK;

/// Returns a value without the spaces around it, and without a byte-order mark.
pub fn trimmed(value: &str) -> &str {
    value.trim_matches(|letter: char| letter.is_whitespace() || letter == BYTE_ORDER_MARK)
}
