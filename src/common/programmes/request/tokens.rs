//! What Slack sends of a text, as the person typed and sees it.

use crate::model::{
    people::{ChannelId, UserId},
    text::unescape,
};

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
