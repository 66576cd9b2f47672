//! What a person asks for who types the command. Only text that is understood to its end is a request.

mod parts;
mod tokens;

use self::parts::behind_words;
pub use self::{
    parts::{
        LONGEST_REASON, MOST_LINES, NO_NAME, bare_name, date_name_and_reason, from_and_to, kept_reason,
        name_and_number, person_in, span_and_name, times_and_name,
    },
    tokens::{Token, tokens, typed},
};
use crate::model::text::{nearest, shorten};

/// How many characters of what was typed a suggestion has.
const LONGEST_TYPED: usize = 100;

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// The form, or the state of the programme where there is one.
    Bare,
    /// What the command can do.
    Help,
    /// A programme in this channel at these times, or at other times than so far.
    Start(String),
    /// The end of the programme in this channel.
    Stop,
    /// The state of the programme.
    Status,
    /// To take part again.
    Join,
    /// Not to take part any more.
    Leave,
    /// To sit out the next occasion.
    Skip,
    /// No occasions for a while.
    Pause,
    /// Occasions again.
    Resume,
    /// The same of the programme that has this name.
    Named(Verb, String),
    /// To be away on these days.
    Away(String),
    /// Not to be away any more.
    Back,
    /// That an occasion doesn't come: its date, and what else is said.
    Cancel(String),
    /// That an occasion comes at another date or time: both, and what else is said.
    Move(String),
    /// That another person organises the programme: what stands behind the words.
    HandOver(String),
    /// Text that is none of these, unless it says times. With the word that is probably meant.
    Unknown(Option<Verb>),
}

/// The first word of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `help`
    Help,
    /// `start`
    Start,
    /// `stop`
    Stop,
    /// `status`
    Status,
    /// `join`
    Join,
    /// `leave`
    Leave,
    /// `skip`
    Skip,
    /// `pause`
    Pause,
    /// `resume`
    Resume,
    /// `away`
    Away,
    /// `back`
    Back,
    /// `cancel`
    Cancel,
    /// `move`
    Move,
}

/// The words that help tells of; the others that are understood mean one of these.
const WORDS: [(&str, Verb); 13] = [
    ("help", Verb::Help),
    ("start", Verb::Start),
    ("stop", Verb::Stop),
    ("status", Verb::Status),
    ("join", Verb::Join),
    ("leave", Verb::Leave),
    ("skip", Verb::Skip),
    ("pause", Verb::Pause),
    ("resume", Verb::Resume),
    ("away", Verb::Away),
    ("back", Verb::Back),
    ("cancel", Verb::Cancel),
    ("move", Verb::Move),
];
const OTHER_WORDS: [(&str, Verb); 5] = [
    ("?", Verb::Help),
    ("begin", Verb::Start),
    ("end", Verb::Stop),
    ("list", Verb::Status),
    ("snooze", Verb::Skip),
];
/// Words that may mean one thing or another, so they only cause a question.
const HINTS: [(&str, Verb); 16] = [
    ("change", Verb::Start),
    ("create", Verb::Start),
    ("holiday", Verb::Away),
    ("info", Verb::Status),
    ("new", Verb::Start),
    ("next", Verb::Status),
    ("ooo", Verb::Away),
    ("postpone", Verb::Move),
    ("quit", Verb::Leave),
    ("rejoin", Verb::Join),
    ("reschedule", Verb::Move),
    ("show", Verb::Status),
    ("unskip", Verb::Join),
    ("vacation", Verb::Away),
    ("unsubscribe", Verb::Leave),
    ("who", Verb::Status),
];
/// What may stand around a word without a meaning of its own. A question mark is not among them: `stop?` asks.
const HARMLESS: &str = ".!,;:…\"'`“”„‘’«»";
/// A word of more letters is no misspelt word of ours.
const LONGEST_WORD: usize = 20;
/// What is said of times, beside numbers and words that end as the days of the week do.
const TIMES: [&str; 33] = [
    "every",
    "each",
    "daily",
    "weekly",
    "biweekly",
    "fortnightly",
    "monthly",
    "quarterly",
    "day",
    "days",
    "weekdays",
    "week",
    "weeks",
    "month",
    "months",
    "first",
    "second",
    "third",
    "fourth",
    "last",
    "noon",
    "midnight",
    "until",
    "except",
    "starting",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "tomorrow",
];

/// Reads what Slack sends of the text behind the command.
pub fn parse(sent: &str) -> Request {
    let text = typed(sent);
    let whole = bare(&text);
    if whole.is_empty() {
        return Request::Bare;
    }
    if let Some(rest) = handed_over(&text) {
        return Request::HandOver(rest.to_owned());
    }
    match known(&whole) {
        Some(Verb::Help) => return Request::Help,
        Some(Verb::Start) => return Request::Start(String::new()),
        Some(Verb::Stop) => return Request::Stop,
        Some(Verb::Status) => return Request::Status,
        Some(Verb::Join) => return Request::Join,
        Some(Verb::Leave) => return Request::Leave,
        Some(Verb::Skip) => return Request::Skip,
        Some(Verb::Pause) => return Request::Pause,
        Some(Verb::Resume) => return Request::Resume,
        Some(Verb::Away) => return Request::Away(String::new()),
        Some(Verb::Back) => return Request::Back,
        Some(Verb::Cancel) => return Request::Cancel(String::new()),
        Some(Verb::Move) => return Request::Move(String::new()),
        None => {}
    }
    let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
    match known(&bare(first)) {
        // Help does nothing, so what else is said may be left unread.
        Some(Verb::Help) => Request::Help,
        Some(Verb::Start) => Request::Start(rest.to_owned()),
        Some(Verb::Away) => Request::Away(rest.to_owned()),
        Some(Verb::Cancel) => Request::Cancel(rest.to_owned()),
        Some(Verb::Move) => Request::Move(rest.to_owned()),
        // "end of the month at 10:00" is about times. "stop Weekly" is not: a name may look like them.
        Some(Verb::Stop) if behind_words(rest, "of").is_some_and(says_times) => {
            Request::Unknown(Some(Verb::Start))
        }
        Some(word) => Request::Named(word, rest.to_owned()),
        None => Request::Unknown(meant(first)),
    }
}

/// What is typed behind a word of a ritual's own, empty if that is nothing; `None` if the text begins with another word.
pub fn behind(sent: &str, word: &str) -> Option<String> {
    let text = typed(sent);
    let (first, rest) = text.split_once(' ').unwrap_or((&text, ""));
    (bare(first) == word).then(|| if bare(rest).is_empty() { String::new() } else { rest.to_owned() })
}

/// Returns the first word that is typed behind the command, in lower case.
pub fn first_word(sent: &str) -> String {
    typed(sent).split(' ').next().map(bare).unwrap_or_default()
}

/// A text in lower case without what may stand around it.
fn bare(text: &str) -> String {
    text.trim_matches(|letter: char| letter.is_whitespace() || HARMLESS.contains(letter)).to_lowercase()
}

/// Whether a text tries to say times, so that what is wrong with them can be told.
pub fn says_times(text: &str) -> bool {
    text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(|word| {
        word.ends_with("day")
            || word.ends_with("days")
            || word.starts_with(|letter: char| letter.is_ascii_digit())
            || TIMES.contains(&word)
    })
}

/// What stands behind `hand over`, if a text begins so: `to @ben called Lunch`.
fn handed_over(text: &str) -> Option<&str> {
    ["hand over", "handover", "hand-over"].into_iter().find_map(|words| behind_words(text, words))
}

fn known(word: &str) -> Option<Verb> {
    WORDS.iter().chain(&OTHER_WORDS).find(|(known, _)| *known == word).map(|(_, word)| *word)
}

/// Returns the way of a ritual's own that a text is probably meant to be, of all its ways, each with what it does: its first word is
/// nearly that of the text, and means nothing else.
pub fn own_way(
    sent: &str,
    ways: &'static [(&'static str, &'static str)],
) -> Option<(&'static str, &'static str)> {
    let first = first_word(sent);
    let word_of = |way: &&'static (&str, &str)| way.0.split(' ').next().unwrap_or_default();
    let own: Vec<_> =
        ways.iter().filter(|way| !word_of(way).is_empty() && known(word_of(way)).is_none()).collect();
    let found = nearest(&first, own.iter().map(word_of))?;
    own.into_iter().find(|way| word_of(way) == found).copied()
}

/// Returns a way with the words that were typed behind a misspelt one, in place of its example.
pub fn with_typed_words(way: &str, sent: &str) -> String {
    match (way.split_once(' '), typed(sent).split_once(' ')) {
        (Some((word, _)), Some((_, rest))) => format!("{word} {}", shorten(rest.trim(), LONGEST_TYPED)),
        _ => way.to_owned(),
    }
}

/// Whether a text that should be times says what only the form sets.
pub fn says_options(text: &str) -> bool {
    const OPTIONS: [&str; 9] =
        ["with", "without", "scribe", "minutes", "minute", "min", "mins", "link", "hour"];
    text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(|word| OPTIONS.contains(&word))
}

/// The word that a misspelt or kindred one is probably meant to be.
fn meant(word: &str) -> Option<Verb> {
    let around = |letter: char| HARMLESS.contains(letter) || "?/*_~".contains(letter);
    let word = word.trim_matches(around).to_lowercase();
    if word.chars().count() > LONGEST_WORD {
        return None;
    }
    let hint = HINTS.iter().find(|(hint, _)| *hint == word).map(|(_, meant)| *meant);
    let swapped = || WORDS.iter().find(|(known, _)| letters(known) == letters(&word)).map(|(_, word)| *word);
    let near = || nearest(&word, WORDS.iter().map(|(known, _)| *known)).and_then(known);
    known(&word).or(hint).or_else(swapped).or_else(near)
}

/// The letters of a word in their order in the alphabet: two that were swapped make no difference.
fn letters(word: &str) -> Vec<char> {
    let mut letters: Vec<char> = word.chars().collect();
    letters.sort_unstable();
    letters
}

#[cfg(test)]
mod tests;
