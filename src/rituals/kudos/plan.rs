//! From what somebody typed to a gift, or to what stands in its way: values in, values out.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use crate::model::{
    clock::Instant,
    people::{ChannelId, GroupId, Kind, Mention, Person, UserId},
    text::unescape,
};

/// How many people one gift thanks at most: an announcement that names more is read by nobody.
pub const MOST_PEOPLE: usize = 50;
/// How long a reason may be, in characters: it fits a message and a paragraph of it.
pub const LONGEST_REASON: usize = 1_000;
/// How soon after a gift the same words count as a repetition that was not meant, in seconds.
pub const ECHO_SECONDS: i64 = 30;

/// What somebody wants of `/kudos`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Nothing was typed: the form.
    Form,
    /// How it works.
    Help,
    /// What I gave and got.
    Mine,
    /// To thank.
    Give(Draft),
}

/// A gift as it was typed, before anybody was looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The people named, in order.
    pub people: Vec<UserId>,
    /// The groups named, in order, with their handles where they were given.
    pub groups: Vec<(GroupId, Option<String>)>,
    /// What for.
    pub reason: Vec<Piece>,
}

/// A part of a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words.
    Words(String),
    /// Somebody who is mentioned, with the label if there was one. They stay text: a mention in a reason is no gift.
    Person(UserId, Option<String>),
}

/// A gift that may be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gift {
    /// Who is thanked, each once, in the order in which they were named.
    pub receivers: Vec<UserId>,
    /// What for, as plain words.
    pub reason: String,
    /// Who was named and left out, with why.
    pub left_out: Vec<(UserId, LeftOut)>,
}

/// A gift as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Its id.
    pub id: String,
    /// Who gave.
    pub giver: UserId,
    /// Where.
    pub channel: ChannelId,
    /// What for.
    pub reason: String,
    /// How many people it thanks.
    pub people: i64,
    /// The date on the giver's wall.
    pub local_date: String,
    /// When.
    pub given_at: Instant,
    /// When it was taken back, if it was.
    pub undone_at: Option<Instant>,
}

/// Why somebody who was named is not thanked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It is the giver.
    Giver,
    /// It is a bot.
    Bot,
    /// Their account is switched off.
    Gone,
}

/// What stands in the way of a gift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Objection {
    /// Nobody was named.
    Nobody,
    /// A name that is no mention.
    NotLinked(String),
    /// `@channel`, `@here` or `@everyone`.
    Crowd(String),
    /// A user group that the directory does not know.
    UnknownGroup(Option<String>),
    /// A user group without anybody to thank in it.
    EmptyGroup,
    /// Everybody who was named was left out.
    OnlyLeftOut(LeftOut),
    /// There is no reason.
    NoReason,
    /// The reason is too long; its length in characters.
    LongReason(usize),
    /// Too many people at once; how many.
    Crowded(usize),
    /// More people than a whole day's allowance; how many, and the allowance.
    OverAllowance(usize, i64),
}

/// What an objection is about: where a form shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The people.
    People,
    /// The reason.
    Reason,
}

impl Objection {
    /// What it is about.
    pub fn about(&self) -> About {
        match self {
            Objection::NoReason | Objection::LongReason(_) => About::Reason,
            _ => About::People,
        }
    }
}

/// Reads what was typed behind the command. The people are a prefix; what follows is the reason.
pub fn parse(text: &str) -> Result<Wish, Objection> {
    let text = text.trim();
    match text.to_lowercase().as_str() {
        "" => return Ok(Wish::Form),
        "help" | "?" => return Ok(Wish::Help),
        "mine" | "me" => return Ok(Wish::Mine),
        _ => {}
    }
    let mut draft = Draft::default();
    let mut rest = text;
    while let Some((mention, after)) = leading_mention(rest) {
        match mention {
            Mention::Person(person) => draft.people.push(person),
            Mention::Group(group, handle) => draft.groups.push((group, handle)),
            Mention::Crowd(word) => return Err(Objection::Crowd(word)),
        }
        rest = after;
    }
    let first_word = rest.split_whitespace().next().unwrap_or_default();
    if let Some(name) = first_word.strip_prefix('@') {
        let name = name.trim_end_matches([',', '.', ':', ';']).to_owned();
        return Err(match name.as_str() {
            "channel" | "here" | "everyone" => Objection::Crowd(name),
            _ => Objection::NotLinked(name),
        });
    }
    if draft.people.is_empty() && draft.groups.is_empty() {
        return Err(Objection::Nobody);
    }
    draft.reason = pieces(without_lead_in(rest));
    Ok(Wish::Give(draft))
}

/// A draft from a form, whose reason is plain words.
pub fn draft_of_form(people: Vec<UserId>, reason: &str) -> Draft {
    Draft { people, groups: Vec::new(), reason: vec![Piece::Words(reason.trim().to_owned())] }
}

/// What stands in the way of a draft that is so large that nobody has to be looked up in order to refuse it.
pub fn oversized(draft: &Draft) -> Option<Objection> {
    /// Some who are named may be left out, so a draft may name more than a gift thanks.
    const MOST_NAMED: usize = 4 * MOST_PEOPLE;
    let people: BTreeSet<&UserId> = draft.people.iter().collect();
    let groups: BTreeSet<&GroupId> = draft.groups.iter().map(|(group, _)| group).collect();
    let named = people.len() + groups.len();
    if named > MOST_NAMED {
        return Some(Objection::Crowded(named));
    }
    // Each piece has a character at least, or stands beside one that has.
    (draft.reason.len() > 2 * LONGEST_REASON).then_some(Objection::LongReason(draft.reason.len()))
}

/// Whoever a draft names anywhere, and so has to be looked up.
pub fn named(draft: &Draft) -> impl Iterator<Item = &UserId> {
    let in_reason = draft.reason.iter().filter_map(|piece| match piece {
        Piece::Person(person, None) => Some(person),
        Piece::Person(_, Some(_)) | Piece::Words(_) => None,
    });
    draft.people.iter().chain(in_reason)
}

/// What the rules of a gift are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How many people somebody may thank in a day; `None` for any number.
    pub allowance: Option<i64>,
    /// Whether a reason must be given.
    pub reason_required: bool,
}

/// Makes a gift of a draft: people first, then the members of its groups, each once; without the giver, bots and
/// those who have left. Whom the directory does not know is taken for a person.
pub fn gift(
    draft: &Draft,
    group_members: &[UserId],
    giver: &UserId,
    directory: &BTreeMap<UserId, Person>,
    rules: Rules,
) -> Result<Gift, Objection> {
    let mut met = BTreeSet::new();
    let mut receivers = Vec::new();
    let mut left_out = Vec::new();
    let fit = |person: &UserId| match directory.get(person) {
        _ if person == giver => Some(LeftOut::Giver),
        Some(known) if known.kind == Kind::Bot => Some(LeftOut::Bot),
        Some(known) if known.deactivated => Some(LeftOut::Gone),
        _ => None,
    };
    for person in &draft.people {
        if met.insert(person) {
            match fit(person) {
                None => receivers.push(person.clone()),
                Some(why) => left_out.push((person.clone(), why)),
            }
        }
    }
    // A group's bots, leavers and the giver were not named by anybody, so nothing is said of them.
    receivers
        .extend(group_members.iter().filter(|person| met.insert(person) && fit(person).is_none()).cloned());
    let reason = words(&draft.reason, directory);
    if receivers.is_empty() {
        return Err(left_out.first().map_or(Objection::EmptyGroup, |(_, why)| Objection::OnlyLeftOut(*why)));
    }
    if receivers.len() > MOST_PEOPLE {
        return Err(Objection::Crowded(receivers.len()));
    }
    if let Some(allowance) = rules.allowance
        && size(receivers.len()) > allowance
    {
        return Err(Objection::OverAllowance(receivers.len(), allowance));
    }
    let length = reason.chars().count();
    if length > LONGEST_REASON {
        return Err(Objection::LongReason(length));
    }
    if rules.reason_required && reason.is_empty() {
        return Err(Objection::NoReason);
    }
    Ok(Gift { receivers, reason, left_out })
}

/// What tells one gift from another of the same giver: the people, in any order, and the words.
pub fn print(gift: &Gift) -> String {
    let mut people: Vec<&UserId> = gift.receivers.iter().collect();
    people.sort();
    let mut hasher = DefaultHasher::new();
    (people, &gift.reason).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// A number of people as the store counts them.
pub fn size(people: usize) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}

/// Until when a gift can be taken back.
pub fn undo_until(given_at: Instant, undo_minutes: u32) -> Instant {
    given_at + chrono::Duration::minutes(i64::from(undo_minutes))
}

/// The mention that a text begins with, past commas and "and", and what follows it.
fn leading_mention(text: &str) -> Option<(Mention, &str)> {
    let mut text = text.trim_start();
    loop {
        let shorter = text.trim_start_matches([',', '+', ';']).trim_start();
        let shorter =
            ["and ", "&amp; ", "And "].iter().find_map(|word| shorter.strip_prefix(word)).unwrap_or(shorter);
        let shorter = shorter.trim_start();
        if shorter.len() == text.len() {
            break;
        }
        text = shorter;
    }
    let inside = text.strip_prefix('<')?;
    let (inside, after) = inside.split_once('>')?;
    Some((mention(inside)?, after))
}

/// Reads what stands between `<` and `>`.
fn mention(inside: &str) -> Option<Mention> {
    let (id, label) = labelled(inside);
    if let Some(user) = id.strip_prefix('@') {
        return is_id(user, &['U', 'W']).then(|| Mention::Person(UserId::from(user)));
    }
    let special = id.strip_prefix('!')?;
    if let Some(group) = special.strip_prefix("subteam^") {
        let handle = label.map(|label| label.trim_start_matches('@').to_owned());
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

/// Drops the word that leads over from the people to the reason.
fn without_lead_in(text: &str) -> &str {
    let text = text.trim_start().trim_start_matches([',', ':', '-', '–', '—']).trim();
    let lead_in = text.split_whitespace().next().unwrap_or_default();
    if lead_in.eq_ignore_ascii_case("for") { text[lead_in.len()..].trim_start() } else { text }
}

/// Cuts a reason into words and mentions; whatever else Slack marks up in angle brackets becomes its label.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('<') {
        plain.push_str(before);
        let Some((inside, after)) = from.split_once('>') else {
            rest = "";
            plain.push('<');
            plain.push_str(from);
            break;
        };
        let (target, label) = labelled(inside);
        match mention(inside) {
            Some(Mention::Person(person)) => {
                pieces.push(Piece::Words(unescape(&std::mem::take(&mut plain))));
                pieces.push(Piece::Person(person, label.map(unescape)));
            }
            Some(Mention::Group(_, handle)) => {
                plain.push('@');
                plain.push_str(handle.as_deref().unwrap_or("group"));
            }
            Some(Mention::Crowd(word)) => {
                plain.push('@');
                plain.push_str(&word);
            }
            None if inside.starts_with('#') => {
                plain.push('#');
                plain.push_str(label.unwrap_or("channel"));
            }
            None => plain.push_str(label.unwrap_or(target)),
        }
        rest = after;
    }
    plain.push_str(rest);
    pieces.push(Piece::Words(unescape(&plain)));
    pieces
}

/// A reason as plain words, with mentions as names.
fn words(reason: &[Piece], directory: &BTreeMap<UserId, Person>) -> String {
    let mut words = String::new();
    for piece in reason {
        match piece {
            Piece::Words(plain) => words.push_str(plain),
            Piece::Person(person, label) => {
                words.push('@');
                let known = directory.get(person).map(|person| person.name.as_str());
                words.push_str(label.as_deref().or(known).unwrap_or("somebody"));
            }
        }
    }
    words.trim().to_owned()
}
