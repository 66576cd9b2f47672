//! Turns what a person typed into a gift, or into an objection: values in, values out.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use ring::digest;

use super::request::grammar::Piece;
use crate::model::{
    clock::Instant,
    people::{ChannelId, GroupId, Mention, Person, PersonKind, UserId},
    text::{clean, has_visible_text, one_line},
};

/// How many people one gift thanks at most: no one reads an announcement that names more.
pub const MOST_PEOPLE: usize = 50;
/// How long a reason may be, in characters: it fits a message and a paragraph of it.
pub const LONGEST_REASON: usize = 1_000;
/// How soon after a gift the same words count as a repetition that was not meant, in milliseconds: a macro, so that the
/// store's statement can hold it.
macro_rules! echo_ms {
    () => {
        30000
    };
}
pub(super) use echo_ms;

/// A gift as it was typed, before people were looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GiftDraft {
    /// The people named, in order.
    pub people: Vec<UserId>,
    /// The groups named, in order, with their handles where they were given.
    pub groups: Vec<(GroupId, Option<String>)>,
    /// What for.
    pub reason: Vec<Piece>,
    /// Who is mentioned right at the beginning of the reason.
    pub aside: Vec<Mention>,
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
    /// Who is not thanked and may have been meant to be: they are mentioned right at the beginning of the reason.
    pub aside: Vec<Mention>,
}

/// What a person gave in all: how many people they thanked, and with how many gifts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GivenCount {
    pub people: i64,
    pub gifts: i64,
}

/// A gift as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredGift {
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

/// Why a person who was named is not thanked.
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
    /// They may not thank people.
    NotAllowed,
    /// No one is named.
    Nobody,
    /// People are named, but not first.
    NamedLater,
    /// Words that are no way to use the command, and the way that is nearest.
    Unknown(String, Option<&'static str>),
    /// A name that is no mention, with its `@`.
    NotLinked(String),
    /// `channel`, `here` or `everyone`.
    Crowd(String),
    /// A user group that the directory does not know.
    UnknownGroup(Option<String>),
    /// A user group without people to thank in it.
    EmptyGroup,
    /// All people who were named were left out.
    OnlyLeftOut(LeftOut),
    /// An erased person was named, of which nothing is kept on request.
    Erased,
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
pub enum FormField {
    /// The people.
    People,
    /// The reason.
    Reason,
}

impl Objection {
    /// What it is about.
    pub fn about(&self) -> FormField {
        match self {
            Objection::NoReason | Objection::LongReason(_) => FormField::Reason,
            _ => FormField::People,
        }
    }
}

/// A draft from a form, whose reason is plain words.
pub fn draft_of_form(people: Vec<UserId>, reason: &str) -> GiftDraft {
    GiftDraft { people, reason: vec![Piece::Words(clean(reason))], ..GiftDraft::default() }
}

/// What stands in the way of a draft that is so large that it is refused without looking people up.
pub fn oversized(draft: &GiftDraft) -> Option<Objection> {
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

/// Returns the people that a draft names, who have to be looked up.
pub fn named(draft: &GiftDraft) -> impl Iterator<Item = &UserId> {
    let in_reason = draft.reason.iter().filter_map(|piece| match piece {
        Piece::Person(person, _) => Some(person),
        Piece::Words(_) => None,
    });
    draft.people.iter().chain(in_reason)
}

/// What the rules of a gift are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// How many people a person may thank in a day; `None` for any number.
    pub allowance: Option<i64>,
    /// Whether a reason must be given.
    pub reason_required: bool,
}

/// Makes a gift of a draft: people first, then the members of its groups, each once; without the giver, bots and
/// those who have left. An id that the directory does not know is taken for a person.
pub fn gift(
    draft: &GiftDraft,
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
        Some(known) if known.kind == PersonKind::Bot => Some(LeftOut::Bot),
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
    // A group's bots, leavers and the giver were not named, so nothing is said of them.
    receivers
        .extend(group_members.iter().filter(|person| met.insert(person) && fit(person).is_none()).cloned());
    let reason = words(&draft.reason, directory);
    if receivers.is_empty() {
        let none = if draft.groups.is_empty() { Objection::Nobody } else { Objection::EmptyGroup };
        return Err(left_out.first().map_or(none, |(_, why)| Objection::OnlyLeftOut(*why)));
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
    if rules.reason_required && !says_something(&reason) {
        return Err(Objection::NoReason);
    }
    let aside = draft.aside.iter().filter(|mention| match mention {
        Mention::Person(person) => person != giver && !receivers.contains(person),
        Mention::Group(group, _) => draft.groups.iter().all(|(named, _)| named != group),
        Mention::Crowd(_) => false,
    });
    let aside = aside.cloned().collect();
    Ok(Gift { receivers, reason, left_out, aside })
}

/// Tells one gift from another of the same giver: the first 8 bytes of the SHA-256 of the people, in any order, and the words, in
/// hexadecimal. It is stored, so it is the same in every release.
pub fn fingerprint(gift: &Gift) -> String {
    let mut people: Vec<&str> = gift.receivers.iter().map(UserId::as_str).collect();
    people.sort_unstable();
    let mut context = digest::Context::new(&digest::SHA256);
    for part in people.into_iter().chain([gift.reason.as_str()]) {
        context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        context.update(part.as_bytes());
    }
    let first = context.finish().as_ref().iter().take(8).fold(0, |first, byte| first << 8 | u64::from(*byte));
    format!("{first:016x}")
}

/// A number of people as the store counts them.
pub fn size(people: usize) -> i64 {
    i64::try_from(people).unwrap_or(i64::MAX)
}

/// What a person is called where they are not mentioned: as in the directory, else as Slack calls them beside what they
/// typed. `None` where neither has a name that shows.
pub fn known_as(known: Option<&Person>, user_name: Option<&str>) -> Option<String> {
    // Who has no name goes by their id in the directory.
    let known = known.filter(|person| person.name != person.id.as_str()).map(|person| person.name.as_str());
    known.into_iter().chain(user_name).find(|name| has_visible_text(name)).map(one_line)
}

/// A reason as plain words, with mentions as names: those of the directory, so that they can be found when a person is erased; empty where there is nothing to see in it.
fn words(reason: &[Piece], directory: &BTreeMap<UserId, Person>) -> String {
    let mut words = String::new();
    for piece in reason {
        match piece {
            Piece::Words(plain) => words.push_str(plain),
            Piece::Person(person, label) => {
                words.push('@');
                let name = known_as(directory.get(person), label.as_deref());
                words.push_str(name.as_deref().unwrap_or("someone"));
            }
        }
    }
    if has_visible_text(&words) { words.trim().to_owned() } else { String::new() }
}

/// Whether a reason has a letter or a digit besides the names of emoji: `!!` and `:tada:` say nothing.
fn says_something(reason: &str) -> bool {
    // Between two colons without a space is the name of an emoji.
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|letter| letter.is_alphanumeric() || "_-+'".contains(letter))
    };
    let parts: Vec<&str> = reason.split(':').collect();
    let mut at = 0;
    while at < parts.len() {
        let is_emoji = at > 0 && at + 1 < parts.len() && is_name(parts[at]);
        if !is_emoji && parts[at].chars().any(char::is_alphanumeric) {
            return true;
        }
        at += 1;
    }
    false
}
