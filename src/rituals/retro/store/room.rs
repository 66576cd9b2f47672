//! The room of answers that are being written. All rows of a prompt take as many bytes, filled up with spaces: a database file writes such a
//! row over itself. A row that became longer or shorter would be moved in its page, so that the places would tell in which order people
//! answered.

use crate::rituals::retro::values::Written;

/// How many bytes an answer has from the beginning.
const LEAST: usize = 256;

/// Returns how many bytes these words and all others of their prompt take from now on, where they took so many before.
fn room_for(words: &str, before: usize) -> usize {
    words.len().max(before).max(LEAST).next_power_of_two()
}

/// Returns the words as they're kept, and the spaces with which those of others are filled up.
pub(super) fn filled_up(words: &str, before: usize) -> (String, String) {
    let spaces = " ".repeat(room_for(words, before));
    let padding = spaces.get(words.len()..).unwrap_or_default();
    (format!("{words}{padding}"), spaces)
}

/// Returns what is kept where nothing is written yet.
pub(super) fn empty() -> String {
    filled_up("", 0).1
}

/// Returns kept words as they were written.
pub(super) fn words_of(kept: &str) -> String {
    kept.trim_end_matches(' ').to_owned()
}

/// The same with their mark and room.
pub(super) fn written(kept: &str, mark: String) -> Written {
    Written { words: words_of(kept), mark, room: kept.len() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn room_grows_in_steps() {
        let room = |words: &str, before| filled_up(words, before).0.len();
        assert_eq!([room("", 0), room("tea", 0), room("tea", 256)], [256, 256, 256]);
        assert_eq!([room("tea", 1_024), room(&"é".repeat(200), 256)], [1_024, 512]);
    }

    proptest! {
        #[test]
        fn words_come_back(words in "([a-zé🎉 ]*[a-zé🎉])?", before in 0..5_000_usize) {
            let (kept, spaces) = filled_up(&words, before);
            prop_assert_eq!(words_of(&kept), words);
            prop_assert_eq!(kept.len(), spaces.len());
            prop_assert!(kept.len() >= before);
        }
    }
}
