//! The words of a text, and the text without those that are its date.

/// The places of the words of a text.
pub(super) fn words_of(text: &str) -> Vec<(usize, usize)> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices() {
        match (letter.is_whitespace(), start) {
            (true, Some(from)) => {
                words.push((from, at));
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|from| (from, text.len())));
    words
}

pub(super) fn plain(word: &str) -> String {
    word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase()
}

/// The text without a clause, and without what led over to it. Marks behind the clause stay, unless nothing follows them.
pub(super) fn without(text: &str, from: usize, to: usize) -> String {
    let is_rest =
        |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | ':' | '-' | '–' | '—' | '(');
    let to = from + text[from..to].trim_end_matches([',', ';', ':', '!', '?', ')']).len();
    let before = text[..from].trim_end_matches(is_rest);
    let is_bracketed = text[before.len()..to].contains('(');
    let behind = text[to..].strip_prefix(if is_bracketed { ")" } else { "." }).unwrap_or(&text[to..]);
    let before = match before.rsplit_once(char::is_whitespace) {
        Some((before, last)) if last.trim_start_matches(is_rest) == "due" => before.trim_end_matches(is_rest),
        _ => before,
    };
    if before.is_empty() {
        return behind.trim_matches(is_rest).trim_start_matches([')', '.', '!', '?']).trim().to_owned();
    }
    let is_nothing = |letter: char| is_rest(letter) || matches!(letter, ')' | '.' | '!' | '?');
    if behind.trim_matches(is_nothing).is_empty() {
        return before.trim().to_owned();
    }
    let gap = if behind.starts_with([',', ';', ':', '!', '?', ')']) { "" } else { " " };
    format!("{before}{gap}{}", behind.trim())
}
