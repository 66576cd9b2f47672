//! A decision and its versions.

use chrono::NaiveDate;
use ring::digest;

use crate::model::{
    clock::Instant,
    people::{ChannelId, UserId},
    text::{fold, folded_words},
};

/// How many people a decision names at most.
pub const MOST_PEOPLE: usize = 20;
/// How many words are searched for at most, and how many characters of each.
pub const MOST_WORDS: usize = 10;
pub const LONGEST_WORD: usize = 100;
/// How many characters are kept for the search: a decision has three texts, and letters that become several are rare.
const LONGEST_SEARCHED: usize = 12_000;

/// How a version came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is the first one.
    Decided,
    /// It says something else than the version before.
    Superseded,
}

impl Change {
    const ALL: [(Change, &'static str); 2] =
        [(Change::Decided, "decided"), (Change::Superseded, "superseded")];

    /// Returns the stored word.
    pub fn as_stored(self) -> &'static str {
        Change::ALL.into_iter().find(|(change, _)| *change == self).map_or("", |(_, word)| word)
    }

    /// Reads the stored word; an unknown one is the change that shows most.
    pub fn of(stored: &str) -> Change {
        Change::ALL
            .into_iter()
            .find(|(_, word)| *word == stored)
            .map_or(Change::Superseded, |(change, _)| change)
    }
}

/// That a person looked at a decision again, and it still stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub by: UserId,
    pub at: Instant,
}

/// One version of a decision. What it says is never edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub id: String,
    /// 1 for the first one.
    pub version: i64,
    /// The programme at which it was made.
    pub programme: String,
    pub channel: ChannelId,
    pub change: Change,
    pub what: String,
    /// Empty where no one said.
    pub why: String,
    pub turned_down: String,
    pub decided_by: Vec<UserId>,
    /// The local date from which the next occasion looks at it again.
    pub review_on: Option<NaiveDate>,
    /// The last time a person looked at it again.
    pub reviewed: Option<Review>,
    /// The local date of the last occasion whose thread shows it with its buttons.
    pub listed_on: Option<NaiveDate>,
    /// The address of the message that it was saved from; empty without one.
    pub link: String,
    pub recorded_by: UserId,
    /// The local date on which what it says was decided: that of its sync, or without one of the person who recorded it.
    pub decided_on: NaiveDate,
    /// The instant of that; decisions are listed by it.
    pub decided_at: Instant,
    /// When this version was written.
    pub recorded_at: Instant,
    /// The channel and timestamp of its message, once that was sent.
    pub posted: Option<(ChannelId, String)>,
}

impl Decision {
    /// Whether a next version says the same, in the same words. That it names the person alone who recorded it is no change: the form
    /// comes so.
    pub fn says_the_same(&self, next: &Decision) -> bool {
        let said = |of: &Decision| (of.what.clone(), of.why.clone(), of.turned_down.clone(), of.review_on);
        let are_same_people =
            self.decided_by == next.decided_by || next.decided_by == std::slice::from_ref(&next.recorded_by);
        said(self) == said(next) && are_same_people
    }

    /// Tells one decision from another of the same person: the first 8 bytes of the SHA-256 of its channel and its folded words, in
    /// hexadecimal.
    pub fn fingerprint(&self) -> String {
        let words = [&self.what, &self.why, &self.turned_down].map(|text| fold(text));
        let parts = [self.channel.as_str(), &words.join("\0")].join("\0");
        let hash = digest::digest(&digest::SHA256, parts.as_bytes());
        hash.as_ref().iter().take(8).fold(String::with_capacity(16), |hex, byte| format!("{hex}{byte:02x}"))
    }

    /// Returns the dates of the occasions whose threads show it with buttons: the last one, and that of a button which was pressed.
    pub fn listed_at(&self, pressed: Option<NaiveDate>) -> impl Iterator<Item = NaiveDate> {
        let last = self.listed_on.filter(|last| Some(*last) != pressed);
        pressed.into_iter().chain(last)
    }

    /// Returns its words for the search ([`folded_words`]), with these names of people.
    pub fn searched<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> (String, String) {
        let names: Vec<String> = names.into_iter().map(|name| format!("@{name}")).collect();
        let parts = [self.what.as_str(), &self.why, &self.turned_down, &names.join(" ")];
        let (indexed, rest) = folded_words(&parts.join(" "));
        (indexed, rest.chars().take(LONGEST_SEARCHED).collect())
    }
}

/// What is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Folded, each once, in the order in which they were typed.
    pub words: Vec<String>,
    /// The same words as they were typed.
    pub typed: String,
    /// Whether something was left out.
    pub is_cut: bool,
}

impl Search {
    /// Reads what was typed: as many words as are looked for, each as long as is compared. Quotation marks around a word aren't looked for.
    pub fn of(typed: &str) -> Search {
        let mut search = Search::default();
        for word in typed.split_whitespace() {
            let kept: String = word.chars().take(LONGEST_WORD).collect();
            search.is_cut |= kept != word;
            let folded = fold(&kept);
            let parts = folded.split(' ').map(unquoted).filter(|part| !part.is_empty());
            let new: Vec<&str> = parts.filter(|part| !search.words.iter().any(|word| word == part)).collect();
            if new.is_empty() {
                continue;
            }
            if search.words.len() + new.len() > MOST_WORDS {
                search.is_cut = true;
                break;
            }
            search.words.extend(new.into_iter().map(|part| part.chars().take(LONGEST_WORD).collect()));
            if !search.typed.is_empty() {
                search.typed.push(' ');
            }
            search.typed.push_str(&kept);
        }
        search
    }
}

/// Returns a word without the quotation marks around it, unless it's nothing else.
fn unquoted(word: &str) -> &str {
    let inside = word.trim_matches('"');
    if inside.is_empty() { word } else { inside }
}

/// Parts what was typed at its first `because`: what was decided, and why.
pub fn what_and_why(typed: &str) -> (&str, &str) {
    const BECAUSE: &str = " because ";
    // ASCII letters have the same places in lower case.
    match typed.to_ascii_lowercase().find(BECAUSE) {
        Some(at) => (typed[..at].trim(), typed[at + BECAUSE.len()..].trim()),
        None => (typed.trim(), ""),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn each_change_has_a_stored_word() {
        for (change, word) in Change::ALL {
            assert_eq!((change.as_stored(), Change::of(word)), (word, change));
        }
        assert_eq!(Change::of("of a later release"), Change::Superseded);
    }

    #[test]
    fn words_are_folded_and_counted() {
        let words = |typed: &str| Search::of(typed).words.join("|");
        assert_eq!(words(" Überall  MySQL\nmysql 100%_\\ "), "uberall|mysql|100%_\\");
        assert_eq!(words("\u{200b} \u{301}"), "\u{200b}");
        assert_eq!(words("it’s “Two teams” \" «a»"), "it's|two|teams|\"|a");
        assert_eq!(Search::of(""), Search::default());
        let many: Vec<String> = (10..21).map(|number| format!("w{number}")).collect();
        let search = Search::of(&many.join(" "));
        assert_eq!((search.words.len(), search.typed, search.is_cut), (10, many[..10].join(" "), true));
        let search = Search::of(&"é".repeat(101));
        assert_eq!((search.words, search.is_cut), (vec!["e".repeat(100)], true));
        assert_eq!(Search::of(" Café  CAFÉ  zum Glück").typed, "Café zum Glück");
    }

    #[test]
    fn a_reason_stands_behind_because() {
        for (typed, parts) in [
            ("Use Postgres because two teams know it", ("Use Postgres", "two teams know it")),
            ("Use Postgres BECAUSE  a because b", ("Use Postgres", "a because b")),
            ("Use Postgres", ("Use Postgres", "")),
            ("because of you", ("because of you", "")),
            ("Use it because", ("Use it because", "")),
            ("É because Ü", ("É", "Ü")),
            ("", ("", "")),
        ] {
            assert_eq!(what_and_why(typed), parts, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn any_search_is_bounded(typed in any::<String>()) {
            let search = Search::of(&typed);
            prop_assert!(search.words.len() <= MOST_WORDS);
            prop_assert!(search.words.iter().all(|word| !word.is_empty() && word.chars().count() <= LONGEST_WORD));
            prop_assert_eq!(Search::of(&search.typed).words, search.words, "a further page looks for the same");
        }
    }
}
