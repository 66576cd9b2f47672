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

/// Returns where an emoji such as `:tada:` ends that a text ends with; 0 without one.
fn emoji_end(text: &str) -> usize {
    let text = text.trim_end();
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    let name = word.strip_suffix(':').and_then(|word| word.rsplit_once(':')).map_or("", |(_, name)| name);
    let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-+".contains(letter));
    if name.is_empty() || !is_name { 0 } else { text.len() }
}

/// The text without a clause, and without what led over to it. Marks behind the clause stay, unless nothing follows them.
pub(super) fn without(text: &str, from: usize, to: usize) -> String {
    let is_rest =
        |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | ':' | '-' | '–' | '—' | '(');
    let to = from + text[from..to].trim_end_matches([',', ';', ':', '!', '?', ')']).len();
    let before =
        &text[..from.min(text[..from].trim_end_matches(is_rest).len().max(emoji_end(&text[..from])))];
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
