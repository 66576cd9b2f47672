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
/// Characters before a match that a line is shown with from its beginning: on a telephone they fit into two lines.
const LEAD: usize = 60;
/// Words before a match that are shown of a line whose beginning is left out.
const WORDS_BEFORE: usize = 5;

/// Returns a text in small letters and without accents.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_lowercase).collect()
}

/// Returns the lines from the first one on that has one of the words, with a short one before it, as long as they fit,
/// without a half mention or link at the end. A line whose match is far from its beginning starts a few words before it.
fn excerpt(text: &str, read: impl Fn(&str) -> String, words: &[String]) -> String {
    let has_one = |line: &str| {
        let line = fold(&read(line));
        words.iter().any(|word| line.contains(word))
    };
    let lines: Vec<&str> = text.lines().collect();
    let hit = lines.iter().position(|line| has_one(line)).unwrap_or_default();
    let is_short = |line: &&str| line.chars().count() <= SHORT;
    let first = hit.checked_sub(1).filter(|before| lines.get(*before).is_some_and(is_short)).unwrap_or(hit);
    let line = lines.get(hit).copied().unwrap_or_default();
    let from = match start_before(line, has_one) {
        0 => lines.get(first..).unwrap_or_default().join("\n"),
        start => {
            let line = format!("…{}", &line[start..]);
            [&[line.as_str()], lines.get(hit + 1..).unwrap_or_default()].concat().join("\n")
        }
    };
    let mut shown: String = from.chars().take(SHOWN).collect();
    if shown.len() < from.len() {
        if let Some(open) = shown.rfind('<').filter(|open| !shown[*open..].contains('>')) {
            shown.truncate(open);
        }
        shown.push('…');
    }
    shown
}

/// Returns where a line starts that is shown with its match: at 0, or at a word near a match that is far from there.
fn start_before(line: &str, has_one: impl Fn(&str) -> bool) -> usize {
    let Some(hit) = words_of(line).position(|(_, word)| has_one(word)) else { return 0 };
    let starts: Vec<usize> = words_of(line).map(|(start, _)| start).take(hit + 1).collect();
    let is_near = |start: &&usize| line[**start..starts[hit]].chars().count() <= LEAD;
    if starts.first().is_some_and(|start| is_near(&start)) {
        return 0;
    }
    starts.iter().rev().take(WORDS_BEFORE + 1).take_while(is_near).last().copied().unwrap_or_default()
}

/// Returns the words of a line with where they start. A mention or a link is one word.
fn words_of(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut is_marked = false;
    let mut start = 0;
    line.split(move |letter: char| {
        is_marked = (is_marked || letter == '<') && letter != '>';
        letter == ' ' && !is_marked
    })
    .map(move |word| {
        let at = start;
        start += word.len() + 1;
        (at, word)
    })
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
