//! The parts of a text behind a word of the command: times, names, dates, reasons and people.

use crate::model::{people::UserId, text::one_line};

/// How a programme without a name is called beside others.
pub const NO_NAME: &str = "no name";

/// The times of a start, and the name behind `called` where there is one: `every Tuesday at 10:00 called Lunch`.
pub fn times_and_name(text: &str) -> (&str, &str) {
    parted(text, "called ")
}

/// What stands before and behind a word, which ends with a space.
fn parted<'t>(text: &'t str, word: &str) -> (&'t str, &'t str) {
    // Lower case keeps the places of the letters of this word.
    let is_word_at = |at: usize| at == 0 || text[..at].ends_with(' ');
    let mut places = text
        .char_indices()
        .map(|(at, _)| at)
        .filter(|at| text.get(*at..*at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word)));
    match places.find(|at| is_word_at(*at)) {
        Some(at) => (text[..at].trim(), text[at + word.len()..].trim()),
        None => (text, ""),
    }
}

/// The words of a pause that say how long, and the name, each empty where there is none: `until 7 January called Lunch`.
pub fn span_and_name(text: &str) -> (&str, &str) {
    if ["until", "till", "for"].into_iter().any(|word| behind_words(text, word).is_some()) {
        return times_and_name(text);
    }
    let (name, until) = parted(text, "until ");
    let span = if until.is_empty() { "" } else { text[name.len()..].trim() };
    (span, bare_name(name))
}

/// A name as it is typed behind a word, with or without `called`.
pub fn bare_name(typed: &str) -> &str {
    behind_words(typed, "called").unwrap_or(typed)
}

/// Below how many lines a number behind a ritual's own word is taken for their number.
pub const MOST_LINES: usize = 1_000;

/// The name behind a ritual's own word, and a number of lines: `3`, `called Lunch`, `3 called Lunch`. A person who is mentioned
/// there says nothing.
pub fn name_and_number(text: &str) -> (&str, Option<usize>) {
    let (rest, called) = times_and_name(text);
    let number = rest.parse().ok().filter(|number| *number < MOST_LINES);
    let person = behind_words(rest, "with").unwrap_or(rest);
    let says_no_name = number.is_some() || rest.is_empty() || person.starts_with('@');
    match called {
        "" if says_no_name => ("", number),
        called if says_no_name => (called, number),
        _ => (text, None),
    }
}

/// The person who is mentioned first in what Slack sends.
pub fn person_in(sent: &str) -> Option<UserId> {
    let (_, rest) = sent.split_once("<@")?;
    let (inside, _) = rest.split_once('>')?;
    let id = inside.split('|').next().unwrap_or_default();
    (!id.is_empty()).then(|| UserId(id.to_owned()))
}

/// What stands behind these words, in any case, if a text begins with them.
pub(super) fn behind_words<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    text.get(..words.len()).filter(|begin| begin.eq_ignore_ascii_case(words))?;
    let rest = &text[words.len()..];
    (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim())
}

/// How long the reason of a cancellation may be, in characters.
pub const LONGEST_REASON: usize = 200;

/// The date of a cancellation, with the name behind `called` and the reason behind `because`, each empty where there is none:
/// `13 January called Planning because half of us are away`.
pub fn date_name_and_reason(text: &str) -> (&str, &str, &str) {
    let (rest, reason) = parted(text, "because ");
    let (date, name) = times_and_name(rest);
    (date, name, reason)
}

/// The date of an occasion, and what stands behind `to`, each empty where there is none: `8 December to 9 December at 15:00`.
pub fn from_and_to(text: &str) -> (&str, &str) {
    parted(text, "to ")
}

/// A reason on one line without a full stop at its end; `None` where it is too long.
pub fn kept_reason(typed: &str) -> Option<String> {
    let reason = one_line(typed);
    let reason = reason.trim_end_matches(['.', ' ']);
    (reason.chars().count() <= LONGEST_REASON).then(|| reason.to_owned())
}
