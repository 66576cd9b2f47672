//! The words of a schedule, each with its place in the text, so that a refusal quotes what was typed.

use chrono::Weekday;

/// A quotation is cut to this many characters.
const LONGEST_QUOTE: usize = 60;

/// Marks that people copy together with a phrase.
const MARKS: [char; 4] = ['`', '"', '“', '”'];

/// A text as words.
#[derive(Debug)]
pub(super) struct Typed {
    chars: Vec<char>,
    pub(super) words: Vec<Word>,
}

/// A word in lower case, with plain dashes and without the full stop that ends a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) low: String,
    /// Whether a comma follows.
    pub(super) comma: bool,
    start: usize,
    end: usize,
}

impl Typed {
    pub(super) fn read(text: &str) -> Typed {
        let chars: Vec<char> = text.chars().collect();
        let mut words: Vec<Word> = Vec::new();
        let mut start = 0;
        for (at, letter) in chars.iter().enumerate() {
            let ends = letter.is_whitespace() || MARKS.contains(letter);
            if !ends && !matches!(letter, ',' | ';' | '(' | ')') {
                continue;
            }
            push(&chars, (start, at), &mut words);
            start = at + 1;
            match letter {
                ',' | ';' => {
                    if let Some(last) = words.last_mut() {
                        last.comma = true;
                    }
                }
                '(' | ')' => {
                    words.push(Word { low: letter.to_string(), comma: false, start: at, end: at + 1 });
                }
                _ => {}
            }
        }
        push(&chars, (start, chars.len()), &mut words);
        Typed { chars, words }
    }

    /// Returns the words from one place to another, both included, as they were typed.
    pub(super) fn quote(&self, first: usize, last: usize) -> String {
        let (Some(first), Some(last)) = (self.words.get(first), self.words.get(last)) else {
            return String::new();
        };
        shortened(&self.chars.get(first.start..last.end).unwrap_or_default().iter().collect::<String>())
    }

    /// Returns the text with some of its words replaced.
    pub(super) fn with(&self, others: &[(usize, &str)]) -> String {
        let mut text = String::new();
        let mut from = 0;
        for (at, other) in others {
            let Some(word) = self.words.get(*at) else { continue };
            text.extend(self.chars.get(from..word.start).unwrap_or_default());
            text.push_str(other);
            from = word.end;
        }
        text.extend(self.chars.get(from..).unwrap_or_default());
        text
    }
}

fn push(chars: &[char], (start, end): (usize, usize), words: &mut Vec<Word>) {
    let low: String = chars.get(start..end).unwrap_or_default().iter().copied().map(plain_dash).collect();
    let low = low.to_lowercase();
    let low = low.trim_end_matches(['.', '!']);
    let mut add = |low: &str| words.push(Word { low: low.to_owned(), comma: false, start, end });
    if low.is_empty() {
        // A lone dot is not a word, and is kept all the same.
        if start < end {
            add(".");
        }
        return;
    }
    let range = low.split_once('-').filter(|(from, to)| either_weekday(from) && either_weekday(to));
    if let Some((from, to)) = range {
        [from, "-", to].into_iter().for_each(add);
        return;
    }
    let parts: Vec<&str> = low.split(['/', '+', '&']).collect();
    if parts.len() > 1 && parts.iter().all(|part| either_weekday(part)) {
        parts.into_iter().for_each(add);
    } else {
        add(low);
    }
}

fn either_weekday(word: &str) -> bool {
    weekday(word).or_else(|| short_weekday(word)).is_some()
}

/// Replaces a dash of any length by a hyphen.
pub(super) fn plain_dash(letter: char) -> char {
    match letter {
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => '-',
        other => other,
    }
}

/// Shortens a text for a quotation.
pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST_QUOTE {
        return text.to_owned();
    }
    text.chars().take(LONGEST_QUOTE - 1).chain(['…']).collect()
}

pub(super) const WEEKDAYS: [Weekday; 7] =
    [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];

pub(super) const WEEKDAY_NAMES: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

pub(super) fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAY_NAMES[day as usize]
}

/// Reads a day of the week, such as `tue`, `tues`, `tuesday` or `tuesdays`, in lower case.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let full = word.strip_suffix('s').filter(|word| word.ends_with("day")).unwrap_or(word);
    named(&WEEKDAY_NAMES, full, 3..=5).and_then(|place| WEEKDAYS.get(place).copied())
}

/// Reads two letters as a day, where nothing else can be meant, as in `Mo–Fr`.
pub(super) fn short_weekday(word: &str) -> Option<Weekday> {
    named(&WEEKDAY_NAMES, word, 2..=2).and_then(|place| WEEKDAYS.get(place).copied())
}

/// Returns the index of the name that a word equals or abbreviates with an allowed number of letters.
pub(super) fn named(names: &[&str], word: &str, letters: std::ops::RangeInclusive<usize>) -> Option<usize> {
    let is_short = letters.contains(&word.chars().count());
    names.iter().position(|name| {
        let name = name.to_lowercase();
        name == word || (is_short && name.starts_with(word))
    })
}

/// Reads a number without a sign, of three digits at most.
pub(super) fn number(word: &str) -> Option<u32> {
    let digits = !word.is_empty() && word.len() <= 3 && word.chars().all(|letter| letter.is_ascii_digit());
    digits.then(|| word.parse().ok()).flatten()
}

/// Reads the number of a word such as `5th`, in lower case.
pub(super) fn ordinal(word: &str) -> Option<u32> {
    ["st", "nd", "rd", "th"].iter().find_map(|ending| number(word.strip_suffix(ending)?))
}
