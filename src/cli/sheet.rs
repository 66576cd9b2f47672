//! Turns people's text into a cell that cannot become a formula of a spreadsheet, or markup of a page.

use crate::model::text::escape_markdown;

/// Spreadsheets take this mark at the start of a file for UTF-8; without it Excel shows "Ã©" for "é".
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Returns the text as a cell. An apostrophe goes where a spreadsheet may begin a formula: at the start, and after a
/// line end, a semicolon, a comma or a tab, since a locale may split there even within quotes. An existing apostrophe
/// gets another, so that removing one at each such place restores the text.
pub(super) fn as_text(words: &str) -> String {
    let mut cell = String::with_capacity(words.len() + 1);
    let mut may_begin = true;
    for letter in words.chars() {
        if may_begin && (is_active(letter) || letter == '\'') {
            cell.push('\'');
        }
        cell.push(letter);
        // Some programs drop spaces, and invisible marks, before they look at the first character.
        may_begin = is_split(letter) || (may_begin && (letter.is_whitespace() || is_invisible(letter)));
    }
    cell
}

/// Returns the text as a cell of a table in Markdown that shows it as it is, on one line.
pub(super) fn as_markdown(words: &str) -> String {
    let lines = words.replace("\r\n", "\n");
    let lines: Vec<String> = lines.split(ends_line).map(escape_markdown).collect();
    lines.join("<br>")
}

fn ends_line(letter: char) -> bool {
    matches!(letter, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Whether a character begins a formula, or is dropped from before one. Wide characters are taken for the narrow
/// ones.
fn is_active(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠')
}

fn is_split(letter: char) -> bool {
    ends_line(letter) || matches!(letter, ';' | ',' | '\t' | '"')
}

fn is_invisible(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_are_no_markdown() {
        for (words, cell) in [
            ("plain", "plain"),
            ("a | b\r\nc\rd", "a \\| b<br>c<br>d"),
            ("![x](https://a.example) <b> &lt;", r"\!\[x\](https://a.example) \<b\> \&lt;"),
            ("*_`~#", r"\*\_\`\~\#"),
        ] {
            assert_eq!(as_markdown(words), cell);
        }
    }

    proptest! {
        #[test]
        fn a_cell_of_markdown_stays_on_its_line(words in any::<String>()) {
            let cell = as_markdown(&words);
            let has_bare = |mark| cell.split(mark).rev().skip(1).any(|before: &str| !before.ends_with('\\'));
            prop_assert!(cell.lines().count() <= 1 && !has_bare('|'));
        }
    }

    /// Returns the text as an import reads it back.
    fn back(cell: &str) -> String {
        let mut words = String::new();
        let mut letters = cell.chars().peekable();
        let mut may_begin = true;
        while let Some(letter) = letters.next() {
            let guards = letters.peek().is_some_and(|next| is_active(*next) || *next == '\'');
            let letter = match letter {
                '\'' if may_begin && guards => letters.next().unwrap(),
                other => other,
            };
            words.push(letter);
            may_begin = is_split(letter) || (may_begin && (letter.is_whitespace() || is_invisible(letter)));
        }
        words
    }

    #[test]
    fn every_formula_start_is_guarded() {
        for (words, cell) in [
            ("plain", "plain"),
            ("one-two, three+four", "one-two, three+four"),
            ("=1+1", "'=1+1"),
            ("＝1", "'＝1"),
            ("  @ben", "  '@ben"),
            ("\u{200b}=1", "\u{200b}'=1"),
            ("thanks;=cmd()", "thanks;'=cmd()"),
            ("thanks, +1", "thanks, '+1"),
            ("a\n-1\r\n=2", "a\n'-1\r\n'=2"),
            ("a\t=2", "a\t'=2"),
            ("said \"=2\"", "said \"'=2\""),
            ("'quoted", "''quoted"),
        ] {
            assert_eq!(as_text(words), cell);
        }
    }

    proptest! {
        #[test]
        fn guarded_text_comes_back_unchanged(words in "\\PC*|([-=+@＝＋－＠;,'\" \\t\\r\\n\u{200b}a]{0,20})") {
            let cell = as_text(&words);
            for piece in cell.split([';', ',', '\n', '"', '\u{2028}']) {
                let first = piece.trim_start_matches([' ', '\u{200b}']).chars().next();
                prop_assert!(!first.is_some_and(is_active), "{:?}", cell);
            }
            prop_assert_eq!(back(&cell), words);
        }
    }
}
