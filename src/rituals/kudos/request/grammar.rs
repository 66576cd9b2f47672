//! How a command is read: people first, with joiners between them, and what follows is the reason. Linear in the text.

#[cfg(test)]
mod tests;

use crate::model::{
    people::{GroupId, Mention, UserId},
    text::{is_blank, unescape},
};

/// What stands between people, beside blanks, words and brackets.
const JOINING_SIGNS: [char; 16] =
    [',', ';', ':', '/', '+', '&', '-', '–', '—', '|', '·', '•', '，', '、', '；', '＆'];
/// "And" in the languages that colleagues mix, as whole words in any case.
const JOINING_WORDS: [&str; 6] = ["and", "plus", "und", "et", "y", "e"];
/// How `&` arrives from Slack.
const AMPERSAND: &str = "&amp;";
/// How many words may stand between the people and a mention that may have been meant as one of them: "as well as".
const FEW_WORDS: usize = 3;

/// A command, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The people it begins with, in order.
    pub people: Vec<Mention>,
    /// A name with an `@` in a person's place that is no mention, as it was typed.
    pub unlinked: Option<String>,
    /// What for.
    pub reason: Vec<Piece>,
    /// Who is mentioned so soon in the reason that they may have been meant as one of the people.
    pub aside: Vec<Mention>,
}

/// A part of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// A person who is mentioned, with the label if there was one. They stay text: a mention in a reason is no gift.
    Person(UserId, Option<String>),
}

/// Takes a command apart, its text clean and otherwise as Slack sends it.
pub fn read(text: &str) -> Parts {
    let (people, tail) = leading_people(text);
    let unlinked = unlinked_name(tail, people.is_empty());
    if unlinked.is_some() || people.is_empty() {
        return Parts { people, unlinked, ..Parts::default() };
    }
    let (reason, is_led_in) = without_lead_in(tail);
    let aside = if is_led_in { Vec::new() } else { aside(reason) };
    Parts { people, unlinked: None, reason: pieces(reason), aside }
}

/// Whether anyone is mentioned anywhere in a text.
pub fn mentions_anyone(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, from)) = rest.split_once('<') {
        match entity(from) {
            Some((inside, _)) if mention(inside).is_some() => return true,
            Some((_, after)) => rest = after,
            None => rest = from,
        }
    }
    false
}

/// The people that a text begins with, and what follows the last of them. A bracket counts where it holds nothing but
/// people: "@ana (and @ben)", but not "@ana (@ben was ill)".
fn leading_people(text: &str) -> (Vec<Mention>, &str) {
    let (mut people, mut tail) = (Vec::new(), text);
    let mut open = 0;
    // Where to go back to when an open bracket turns out to hold words.
    let mut outside = (0, text);
    loop {
        let (rest, opened) = after_joiners(tail, !people.is_empty());
        let Some((found, after)) = leading_mention(rest) else { break };
        if open == 0 {
            outside = (people.len(), tail);
        }
        open += opened;
        people.push(found);
        tail = after;
        while open > 0
            && let Some(after) = tail.trim_start_matches(is_blank).strip_prefix([')', ']', '}'])
        {
            tail = after;
            open -= 1;
        }
    }
    if open > 0 {
        people.truncate(outside.0);
        tail = outside.1;
    }
    (people, tail)
}

/// What follows blanks, signs and opening brackets, and words that join where those count; and how many brackets open.
fn after_joiners(text: &str, words: bool) -> (&str, usize) {
    let (mut rest, mut opened) = (text, 0);
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix(AMPERSAND) {
            rest = after;
        } else if is_blank(c) || JOINING_SIGNS.contains(&c) {
            rest = &rest[c.len_utf8()..];
        } else if matches!(c, '(' | '[' | '{') {
            rest = &rest[c.len_utf8()..];
            opened += 1;
        } else if words && let Some(after) = after_joining_word(rest) {
            rest = after;
        } else {
            break;
        }
    }
    (rest, opened)
}

/// What follows a word that joins, if a text begins with a whole one.
fn after_joining_word(text: &str) -> Option<&str> {
    let ends = |c: char| c.is_whitespace() || !(c.is_alphanumeric() || is_blank(c));
    let (word, after) = text.split_at(text.find(ends).unwrap_or(text.len()));
    let word = word.trim_end_matches(['\u{200c}', '\u{200d}']);
    JOINING_WORDS.iter().any(|joining| word.eq_ignore_ascii_case(joining)).then_some(after)
}

/// A name with an `@` in a person's place that is no mention, as it was typed. An `@` of its own is one only where a
/// text begins with it.
fn unlinked_name(text: &str, is_first: bool) -> Option<String> {
    let (rest, _) = after_joiners(text, !is_first);
    let word = rest.split(char::is_whitespace).next().unwrap_or_default();
    let name = word.starts_with('@').then(|| word.trim_end_matches([',', '.', ':']))?;
    (is_first || name.len() > 1).then(|| unescape(name))
}

/// Drops what leads over from the people to the reason, and says whether that was the word "for".
fn without_lead_in(text: &str) -> (&str, bool) {
    let text = match text.strip_prefix([':', ',', ';']) {
        Some(after) if !opens_emoji(text) => after,
        _ => text,
    };
    // A sign of its own leads over, too. At the beginning of a line it may be that of a list.
    let same_line = text.trim_start_matches(|c| c != '\n' && is_blank(c));
    let text = match same_line.strip_prefix(['-', '–', '—', ',', ';']) {
        Some(after) if after.chars().next().is_none_or(is_blank) => after,
        _ => text,
    };
    let text = text.trim_start_matches(is_blank);
    let (word, after) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
    if word.eq_ignore_ascii_case("for") { (after.trim_start_matches(is_blank), true) } else { (text, false) }
}

/// Whether a text begins with an emoji by its name, such as `:tada:`.
fn opens_emoji(text: &str) -> bool {
    let Some(name) = text.strip_prefix(':') else { return false };
    let end = name.find(|c: char| !(c.is_alphanumeric() || "_+-'".contains(c)));
    end.is_some_and(|end| end > 0 && name[end..].starts_with(':'))
}

/// Returns the people that a reason mentions within its first few words, before any "for".
fn aside(reason: &str) -> Vec<Mention> {
    let mut rest = reason;
    for _ in 0..=FEW_WORDS {
        rest = after_joiners(rest, false).0;
        if leading_mention(rest).is_some() {
            break;
        }
        let (word, after) = rest.split_at(rest.find(|c| c == '<' || is_blank(c)).unwrap_or(rest.len()));
        if word.is_empty() || word.eq_ignore_ascii_case("for") {
            return Vec::new();
        }
        rest = after;
    }
    let mut people = Vec::new();
    while let Some((found, after)) = leading_mention(rest) {
        if !matches!(found, Mention::Crowd(_)) {
            people.push(found);
        }
        rest = after_joiners(after, true).0;
    }
    people
}

/// The mention that a text begins with, and what follows it.
fn leading_mention(text: &str) -> Option<(Mention, &str)> {
    let (inside, after) = entity(text.strip_prefix('<')?)?;
    Some((mention(inside)?, after))
}

/// What stands before the `>` that ends an angle bracket, and what follows it. Slack escapes people's own brackets, so
/// one inside another is none of Slack's.
fn entity(from: &str) -> Option<(&str, &str)> {
    let end = from.find(['<', '>'])?;
    from[end..].strip_prefix('>').map(|after| (&from[..end], after))
}

/// Reads what stands between `<` and `>`.
fn mention(inside: &str) -> Option<Mention> {
    let (id, label) = labelled(inside);
    if let Some(user) = id.strip_prefix('@') {
        return is_id(user, &['U', 'W']).then(|| Mention::Person(UserId::from(user)));
    }
    let special = id.strip_prefix('!')?;
    if let Some(group) = special.strip_prefix("subteam^") {
        let handle = label.map(|label| unescape(label.trim_start_matches('@')));
        return is_id(group, &['S']).then(|| Mention::Group(GroupId::from(group), handle));
    }
    matches!(special, "channel" | "here" | "everyone").then(|| Mention::Crowd(special.to_owned()))
}

/// What stands before the bar and, where there is something, behind it.
fn labelled(inside: &str) -> (&str, Option<&str>) {
    inside
        .split_once('|')
        .map_or((inside, None), |(id, label)| (id, Some(label).filter(|label| !label.is_empty())))
}

fn is_id(text: &str, kinds: &[char]) -> bool {
    /// Slack's ids have a dozen characters.
    const LONGEST: usize = 64;
    text.starts_with(kinds)
        && (2..=LONGEST).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Cuts a reason into words and mentions. What else Slack marks up in angle brackets becomes its label, and what only
/// looks like it stays as it is.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        plain.push_str(&unescape(before));
        let Some((inside, after)) = entity(from) else {
            plain.push('<');
            rest = from;
            continue;
        };
        rest = after;
        if let Some(Mention::Person(person)) = mention(inside) {
            pieces.push(Piece::Words(std::mem::take(&mut plain)));
            pieces.push(Piece::Person(person, labelled(inside).1.map(unescape)));
        } else {
            plain.push_str(&shown(inside));
        }
    }
    plain.push_str(&unescape(rest));
    pieces.push(Piece::Words(plain));
    pieces
}

/// What people see of Slack's markup that is no mention of a person.
fn shown(inside: &str) -> String {
    let (target, label) = labelled(inside);
    let label = label.map(unescape);
    match mention(inside) {
        Some(Mention::Group(_, handle)) => format!("@{}", handle.as_deref().unwrap_or("group")),
        Some(Mention::Crowd(word)) => format!("@{word}"),
        _ if target.strip_prefix('#').is_some_and(|id| is_id(id, &['C', 'G'])) => {
            format!("#{}", label.as_deref().unwrap_or("channel"))
        }
        // A date, say, which has a label for those who cannot show it.
        _ if target.starts_with('!') && label.is_some() => label.unwrap_or_default(),
        _ if is_link(target) => label.unwrap_or_else(|| unescape(target)),
        _ => format!("<{}>", unescape(inside)),
    }
}

fn is_link(target: &str) -> bool {
    target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}
