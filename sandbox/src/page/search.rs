//! A search for messages, over what one person may see.

use serde_json::{Value, json};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::workspace::World;
use crate::workspace::channels::Channel;
use crate::workspace::messages::Post;

/// Results at most; the page says so where there are more.
const RESULTS: usize = 40;
/// The newest messages that are searched, so that a search ends soon in a workspace of any age.
const SEARCHED: usize = 20_000;
/// Characters of the typed words that count.
const TYPED: usize = 100;
/// Characters of a line that is shown along with the next one.
const SHORT: usize = 120;
/// Characters of a message that a result shows.
const SHOWN: usize = 280;

/// Returns a text in small letters and without accents.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Returns the lines from the first one on that has one of the words, with a short one before it, as long as they fit;
/// of a line that is too long the beginning, without a half mention or link at its end.
fn excerpt(text: &str, read: impl Fn(&str) -> String, words: &[String]) -> String {
    let has_one = |line: &str| {
        let line = fold(&read(line));
        words.iter().any(|word| line.contains(word))
    };
    let lines: Vec<&str> = text.lines().collect();
    let hit = lines.iter().position(|line| has_one(line)).unwrap_or_default();
    let is_short = |line: &&str| line.chars().count() <= SHORT;
    let first = hit.checked_sub(1).filter(|before| lines.get(*before).is_some_and(is_short)).unwrap_or(hit);
    let from = lines.get(first..).unwrap_or_default().join("\n");
    let mut shown: String = from.chars().take(SHOWN).collect();
    if shown.len() < from.len() {
        if let Some(open) = shown.rfind('<').filter(|open| !shown[*open..].contains('>')) {
            shown.truncate(open);
        }
        shown.push('…');
    }
    shown
}

impl World {
    /// Returns the newest messages that have all of the typed words and that this person may see, newest first, and
    /// whether there are more. As in Slack, what was for one reader only is not found.
    pub(super) fn found(&self, user: &str, typed: &str) -> (Vec<Value>, bool) {
        let typed = fold(&typed.chars().take(TYPED).collect::<String>());
        let words: Vec<String> = typed.split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return (Vec::new(), false);
        }
        let places = self.channels.values().filter(|place| place.is_open_to(user));
        let mut posts: Vec<(&Channel, &Post)> = places
            .flat_map(|place| place.posts.iter().map(move |post| (place, post)))
            .filter(|(_, post)| !post.deleted && post.ephemeral_to.is_none())
            .collect();
        posts.sort_unstable_by(|(_, one), (_, other)| other.ts.cmp(&one.ts));
        let results = posts.into_iter().take(SEARCHED).filter_map(|(place, post)| {
            let blocks;
            let text = if post.text.is_empty() {
                blocks = self.plain("", &post.blocks);
                &blocks
            } else {
                &post.text
            };
            let read = fold(&self.decode(text));
            let fits = words.iter().all(|word| read.contains(word));
            fits.then(|| {
                json!({
                    "channel": place.id, "ts": post.ts, "thread_ts": post.thread_ts, "author": post.user,
                    "in_channel": post.is_in_channel(), "text": excerpt(text, |line| self.decode(line), &words),
                })
            })
        });
        let mut results: Vec<Value> = results.take(RESULTS + 1).collect();
        let more = results.len() > RESULTS;
        results.truncate(RESULTS);
        (results, more)
    }
}
