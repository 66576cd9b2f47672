//! What a retro is made of: its state, its prompts, and the keys of anonymous answers.

use std::fmt;

use chrono::{Duration, NaiveDate};
use ring::digest;

use super::{
    deck::PromptKind,
    plan::{Budget, HIGHEST, LOWEST, State, Threshold},
};
use crate::model::{
    clock::Instant,
    people::UserId,
    text::{clean, has_visible_text},
};

/// How many keys a person has at most: one for each prompt.
const MOST_KEYS: usize = 10;
/// How many answers a person gives to a prompt at most, and how long each is, in characters.
pub const MOST_ANSWERS: usize = 5;
pub const LONGEST_ANSWER: usize = 1_000;
/// How many notes a person keeps for a retro at most.
pub const MOST_NOTES: usize = 20;

/// What an organiser wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Lead the retro on.
    Next,
    /// Hide an answer that the channel has read.
    Hide,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retro {
    pub id: String,
    pub programme: String,
    /// The local date on which it opened.
    pub date: NaiveDate,
    /// The code of its deck.
    pub deck: String,
    pub state: State,
    /// How many people must have answered an anonymous prompt for its answers to be kept.
    pub threshold: Threshold,
    /// How many people are asked.
    pub asked: usize,
    pub opened_at: Instant,
    pub closes_at: Instant,
    /// Whether what was answered is sorted: it is some time after the close.
    pub is_sorted: bool,
    /// Counts the changes of when it closes, and after the reveal those of its themes and of when its vote ends.
    pub version: i64,
    /// For how many days after the close its answers are kept; `None` is for as long as the database is.
    pub kept_days: Option<u32>,
    /// The vote, once it has begun.
    pub vote: Option<Vote>,
}

/// A vote for the themes of a retro.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vote {
    pub budget: Budget,
    pub ends_at: Instant,
    /// Counts the changes of ballots while it runs.
    pub ballots: i64,
}

impl Retro {
    /// Whether answers are taken at an instant.
    pub fn takes_answers(&self, now: Instant) -> bool {
        self.state == State::Open && now < self.closes_at
    }

    /// Whether the time for which its answers are kept is over at an instant.
    pub fn is_forgotten(&self, now: Instant) -> bool {
        self.kept_days.is_some_and(|days| self.closes_at + Duration::days(i64::from(days)) < now)
    }

    /// Returns the vote if it takes ballots at an instant.
    pub fn takes_votes(&self, now: Instant) -> Option<Vote> {
        self.vote.filter(|vote| self.state == State::Voting && now < vote.ends_at)
    }
}

/// A prompt of a retro, as it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedPrompt {
    /// Its place among the prompts, from `1`.
    pub place: String,
    pub words: String,
    pub kind: PromptKind,
    pub is_anonymous: bool,
    /// How many people have answered, once the retro has closed.
    pub respondents: Option<usize>,
}

impl AskedPrompt {
    /// Whether it is answered by a number.
    pub fn is_scale(&self) -> bool {
        self.kind != PromptKind::Text
    }
}

/// Reads the answer to a scale; `None` if it is none of it.
pub fn scale_answer(words: &str) -> Option<u8> {
    words.parse().ok().filter(|answer| (LOWEST..=HIGHEST).contains(answer))
}

/// What a person has answered to a prompt so far: one answer on each line, empty without one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub words: String,
    /// Random, and another one once the words have changed.
    pub mark: String,
    /// How many bytes it takes in the database, as each answer to this prompt does.
    pub room: usize,
}

/// Whose answers stand beside a prompt that has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetroAnswer {
    /// Random.
    pub id: String,
    pub place: String,
    /// The words of the prompt.
    pub prompt: String,
    /// The person who wrote it with their name.
    pub user: Option<UserId>,
    pub words: String,
    pub is_hidden: bool,
}

/// What a person notes for the next retro of a programme, for themselves alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub id: String,
    pub programme: String,
    pub user: UserId,
    /// On one line, as long as an answer at most.
    pub words: String,
    pub noted_at: Instant,
}

/// The key of one person's answer to one anonymous prompt. Only the person's message has it; it is never logged.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerKey(String);

impl fmt::Debug for AnswerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerKey(…)")
    }
}

impl AnswerKey {
    /// Returns a key that is made of 128 random bits.
    pub fn new(random: String) -> AnswerKey {
        AnswerKey(random)
    }

    /// Returns the text that a message holds.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the SHA-256 of the key in hexadecimal, by which the store knows its slot.
    pub fn hash(&self) -> String {
        let hash = digest::digest(&digest::SHA256, self.0.as_bytes());
        hash.as_ref().iter().fold(String::with_capacity(64), |hex, byte| format!("{hex}{byte:02x}"))
    }
}

/// The keys of one person, by the places of their prompts, as a button and a form carry them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerKeys {
    pub retro: String,
    pub keys: Vec<(String, AnswerKey)>,
}

impl AnswerKeys {
    /// Returns the text that a button and a form carry: the retro, then each place and key.
    pub fn expose(&self) -> String {
        self.keys
            .iter()
            .fold(self.retro.clone(), |text, (place, key)| format!("{text} {place}:{}", key.expose()))
    }

    /// Reads such a text; `None` if it is none.
    pub fn read(text: &str) -> Option<AnswerKeys> {
        let mut parts = text.split(' ');
        let retro = parts.next().filter(|retro| !retro.is_empty())?.to_owned();
        let key = |part: &str| {
            let (place, key) = part.split_once(':')?;
            let is_key = key.len() == 32 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
            (is_key && !place.is_empty()).then(|| (place.to_owned(), AnswerKey::new(key.to_owned())))
        };
        let keys = parts.map(key).collect::<Option<Vec<_>>>()?;
        (keys.len() <= MOST_KEYS).then_some(AnswerKeys { retro, keys })
    }

    /// Returns the key of the prompt at a place.
    pub fn of(&self, place: &str) -> Option<&AnswerKey> {
        self.keys.iter().find(|(at, _)| at == place).map(|(_, key)| key)
    }
}

/// What an open form of answers carries: whose it is, and the marks of what was written when it opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedForm {
    /// The keys of a person, or the retro in which they answer with their name.
    pub whose: String,
    /// The mark of each prompt, by its place.
    pub marks: Vec<(String, String)>,
}

impl OpenedForm {
    /// Returns the text that the form carries.
    pub fn expose(&self) -> String {
        let marks: Vec<String> = self.marks.iter().map(|(place, mark)| format!("{place}:{mark}")).collect();
        format!("{}\n{}", self.whose, marks.join(" "))
    }

    /// Reads such a text.
    pub fn read(text: &str) -> OpenedForm {
        let (whose, marks) = text.split_once('\n').unwrap_or((text, ""));
        let marks = marks.split(' ').filter_map(|part| part.split_once(':'));
        OpenedForm {
            whose: whose.to_owned(),
            marks: marks.map(|(place, mark)| (place.to_owned(), mark.to_owned())).collect(),
        }
    }

    /// Whether the form was opened when what is written had this mark.
    pub fn knows(&self, place: &str, mark: &str) -> bool {
        self.marks.iter().any(|(at, known)| at == place && known == mark)
    }
}

/// Returns the answers in a text, one on each line, without those in which nothing can be seen.
pub fn lines_of(text: &str) -> Vec<String> {
    let text = clean(text);
    let lines = text.lines().map(str::trim).filter(|line| has_visible_text(line));
    lines.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key(letter: &str) -> AnswerKey {
        AnswerKey::new(letter.repeat(32))
    }

    #[test]
    fn a_key_is_known_by_its_hash() {
        let key = AnswerKey::new("000102030405060708090a0b0c0d0e0f".to_owned());
        assert_eq!(key.hash(), "d65df89f702eec58ca3c7bf2001c9ffc7cd80553ae01d42a799ba26756142d96");
        assert_eq!(format!("{key:?}"), "AnswerKey(…)");
    }

    #[test]
    fn keys_come_back_from_a_button() {
        let keys = AnswerKeys {
            retro: "019b".to_owned(),
            keys: vec![("1".to_owned(), key("a")), ("3".to_owned(), key("b"))],
        };
        assert_eq!(AnswerKeys::read(&keys.expose()), Some(keys.clone()));
        assert_eq!(keys.of("3"), Some(&key("b")));
        assert_eq!(keys.of("2"), None);
    }

    #[test]
    fn forged_keys_are_not_read() {
        let long = format!("019b{}", format!(" 1:{}", "a".repeat(32)).repeat(11));
        for forged in ["", " 1:aa", "019b 1", "019b 1:zz", "019b  ", "019b 1:' OR 1=1 --", long.as_str()] {
            assert_eq!(AnswerKeys::read(forged), None, "{forged:?}");
        }
        assert_eq!(AnswerKeys::read("019b").map(|keys| keys.keys), Some(Vec::new()));
    }

    #[test]
    fn a_form_knows_what_was_written() {
        let marks = vec![("1".to_owned(), "a".to_owned()), ("2".to_owned(), String::new())];
        let form = OpenedForm { whose: "019b 1:aa".to_owned(), marks };
        assert_eq!(OpenedForm::read(&form.expose()), form);
        assert!(form.knows("1", "a") && form.knows("2", ""));
        assert!(!form.knows("1", "") && !form.knows("3", "a"));
        assert_eq!(OpenedForm::read("019b").marks, []);
    }

    #[test]
    fn blank_lines_are_no_answers() {
        assert_eq!(lines_of(" Less mail \n\n\u{200b}\n🎉\n"), ["Less mail", "🎉"]);
        assert_eq!(lines_of(" \n\u{3164}"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn what_is_kept_is_read_the_same_again(text in any::<String>()) {
            let lines = lines_of(&text);
            prop_assert_eq!(lines_of(&lines.join("\n")), lines);
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            if let Some(keys) = AnswerKeys::read(&text) {
                prop_assert_eq!(AnswerKeys::read(&keys.expose()), Some(keys));
            }
        }
    }
}
