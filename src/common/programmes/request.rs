//! What a person asks for who types the command. Only text that is understood to its end is a request.

use crate::model::{
    people::{ChannelId, UserId},
    text::{nearest, one_line, unescape},
};

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
const HINTS: [(&str, Verb); 14] = [
    ("change", Verb::Start),
    ("holiday", Verb::Away),
    ("info", Verb::Status),
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
        // "end of the month at 10:00" is about times.
        Some(Verb::Stop) if says_times(times_and_name(rest).0) => Request::Unknown(Some(Verb::Start)),
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

/// A text in lower case without what may stand around it.
fn bare(text: &str) -> String {
    text.trim_matches(|letter: char| letter.is_whitespace() || HARMLESS.contains(letter)).to_lowercase()
}

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

/// The name behind a ritual's own word, and a number of lines: `3`, `called Lunch`, `3 called Lunch`. A person who is mentioned
/// there says nothing.
pub fn name_and_number(text: &str) -> (&str, Option<usize>) {
    let (rest, called) = times_and_name(text);
    let number = rest.parse().ok().filter(|number| *number < 1_000);
    let says_no_name = number.is_some() || rest.is_empty() || rest.starts_with('@');
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

/// What stands behind `hand over`, if a text begins so: `to @ben called Lunch`.
fn handed_over(text: &str) -> Option<&str> {
    ["hand over", "handover", "hand-over"].into_iter().find_map(|words| behind_words(text, words))
}

/// What stands behind these words, in any case, if a text begins with them.
fn behind_words<'t>(text: &'t str, words: &str) -> Option<&'t str> {
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

/// Whether a text tries to say times, so that what is wrong with them can be told.
pub fn says_times(text: &str) -> bool {
    text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()).any(|word| {
        word.ends_with("day")
            || word.ends_with("days")
            || word.starts_with(|letter: char| letter.is_ascii_digit())
            || TIMES.contains(&word)
    })
}

fn known(word: &str) -> Option<Verb> {
    WORDS.iter().chain(&OTHER_WORDS).find(|(known, _)| *known == word).map(|(_, word)| *word)
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

/// A part of a text as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// Words, mentions with a name among them.
    Words(String),
    /// A mention that Slack sends without the name.
    Person(UserId),
    /// A channel that Slack sends without its name.
    Channel(ChannelId),
}

/// The text as the person typed it and sees it: names for mentions, no escapes, no letters that cannot be seen.
pub fn typed(sent: &str) -> String {
    let tokens = tokens(sent).into_iter().map(|token| match token {
        Token::Words(words) => words,
        Token::Person(person) => format!("@{person}"),
        Token::Channel(channel) => format!("#{channel}"),
    });
    tokens.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The parts of a text that Slack sends. What is `<` there was never typed: what a person types arrives as `&lt;`.
pub fn tokens(sent: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = sent;
    while let Some((before, behind)) = rest.split_once('<') {
        let Some((inside, after)) = behind.split_once('>') else { break };
        tokens.extend([Token::Words(visible(before)), mention(inside)]);
        rest = after;
    }
    tokens.push(Token::Words(visible(rest)));
    tokens
}

/// What stands between `<` and `>`: `@U1|ana`, `#C1|general`, `!subteam^S1|@design`, `!here`, an address.
fn mention(inside: &str) -> Token {
    let (id, label) = inside.split_once('|').unwrap_or((inside, ""));
    let (sign, id) = match id.chars().next() {
        Some(sign @ ('@' | '#' | '!')) => (sign, &id[1..]),
        _ => (' ', id),
    };
    let mark = if sign == '!' { '@' } else { sign };
    match (sign, label) {
        ('@', "") => Token::Person(UserId(id.to_owned())),
        ('#', "") => Token::Channel(ChannelId(id.to_owned())),
        (' ', "") => Token::Words(visible(id)),
        (' ', label) => Token::Words(visible(label)),
        (_, "") => Token::Words(visible(&format!("{mark}{id}"))),
        (_, label) => Token::Words(visible(&format!("{mark}{}", label.trim_start_matches(mark)))),
    }
}

/// Words without escapes, and without what turns or hides others: a line's end is a space.
fn visible(words: &str) -> String {
    let hidden = |letter: &char| {
        matches!(letter,
            '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}')
            || letter.is_control() && !letter.is_whitespace()
    };
    unescape(words).chars().filter(|letter| !hidden(letter)).collect()
}

#[cfg(test)]
mod tests;
