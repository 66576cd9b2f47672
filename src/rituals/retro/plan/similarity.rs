//! How alike two texts are: by the words that both have.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::model::text::{clean, is_blank};

/// Two texts are alike if they share at least 7 of 10 of all words that they have together (Jaccard similarity ≥ 0.7). So a
/// word more or less in a short text keeps it apart, since it may be "not", and in a longer one it doesn't.
const SIMILAR: (usize, usize) = (7, 10);
/// How much of a text counts, in characters: as much as a person may type.
const LONGEST_TEXT: usize = 3_000;

/// The words of a text, each once, in an order of their own. Case, accents' encoding, widths and punctuation don't count. A
/// script that puts no spaces between words (Chinese, Japanese, Thai) counts by pairs of neighbouring characters. A text without words counts
/// by its visible characters, so that emoji can be alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenSet(Vec<String>);

impl TokenSet {
    /// Reads a text.
    pub fn of(text: &str) -> TokenSet {
        let text = clean(&text.chars().take(LONGEST_TEXT).collect::<String>());
        let mut tokens = words(&folded(&text));
        if tokens.is_empty() {
            tokens = text.chars().filter(|c| !is_blank(*c)).map(String::from).collect();
        }
        tokens.sort_unstable();
        tokens.dedup();
        TokenSet(tokens)
    }

    /// Returns its words, sorted.
    pub fn tokens(&self) -> &[String] {
        &self.0
    }

    /// Whether nothing is to see in the text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether two texts are alike. A text with nothing to see is like no other. Linear.
    pub fn is_like(&self, other: &TokenSet) -> bool {
        are_alike(&self.0, &other.0)
    }
}

/// Whether two sorted lists without repetitions share enough. Ends as soon as they can't any more.
pub fn are_alike<T: Ord>(one: &[T], other: &[T]) -> bool {
    if one.is_empty() || other.is_empty() {
        return false;
    }
    let needed = needed_overlap(one.len(), other.len());
    let (mut shared, mut a, mut b) = (0, 0, 0);
    while let (Some(x), Some(y)) = (one.get(a), other.get(b)) {
        if shared + (one.len() - a).min(other.len() - b) < needed {
            return false;
        }
        match x.cmp(y) {
            std::cmp::Ordering::Less => a += 1,
            std::cmp::Ordering::Greater => b += 1,
            std::cmp::Ordering::Equal => (a, b, shared) = (a + 1, b + 1, shared + 1),
        }
    }
    shared >= needed
}

/// Returns how many of so many words a text must share at least with any that it is like.
pub fn least_shared(words: usize) -> usize {
    let (part, whole) = SIMILAR;
    (words * part).div_ceil(whole)
}

/// Returns how many words two texts of so many must share: s/(a + b − s) ≥ part/whole, solved for s.
fn needed_overlap(one: usize, other: usize) -> usize {
    let (part, whole) = SIMILAR;
    ((one + other) * part).div_ceil(part + whole)
}

/// Folds case, and what Unicode keeps for looks: compatibility forms (NFKC), before and after.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // By way of capitals, so that ß is ss and a final sigma a sigma.
    let folded: String = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    folded.nfkc().collect()
}

fn words(folded: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut run) = (String::new(), Vec::new());
    for c in folded.chars().chain([' ']) {
        let is_in_run = has_no_spaces(c);
        let is_letter = c.is_alphanumeric() && !is_blank(c) && !is_within_words(c);
        let is_in_word = !is_in_run && (is_letter || !word.is_empty() && is_combining_mark(c));
        if !is_in_run && !run.is_empty() {
            words.extend(pairs(&std::mem::take(&mut run)));
        }
        if is_in_run {
            run.push(c);
        }
        if is_in_word {
            word.push(c);
        } else if !word.is_empty() && !is_within_words(c) {
            words.push(std::mem::take(&mut word));
        }
    }
    words
}

/// Whether it joins the parts of a word and is written or left out as people like: an apostrophe, a joiner.
fn is_within_words(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '\u{200c}' | '\u{200d}')
}

/// Whether it belongs to a script that puts no spaces between words: Thai, Lao, Burmese, Khmer, kana, and Chinese characters.
fn has_no_spaces(c: char) -> bool {
    matches!(c,
        '\u{e01}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3005}'..='\u{3007}'
        | '\u{3041}'..='\u{30ff}'
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
        && !matches!(c, '\u{30fb}' | '\u{30a0}')
}

fn pairs(run: &[char]) -> Vec<String> {
    match run {
        [only] => vec![only.to_string()],
        _ => run.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(text: &str) -> Vec<String> {
        TokenSet::of(text).0
    }

    #[test]
    fn words_are_folded_and_counted_once() {
        for (text, expected) in [
            ("Too many, TOO many meetings!!", vec!["many", "meetings", "too"]),
            ("don't dont DON\u{2019}T don\u{2bc}t", vec!["dont"]),
            ("Straße STRASSE", vec!["strasse"]),
            ("ΣΟΦΌΣ σοφός", vec!["σοφόσ"]),
            ("cafe\u{301} café CAFÉ", vec!["café"]),
            ("ﬁle Ｆｉｌｅ", vec!["file"]),
            ("code-review", vec!["code", "review"]),
            ("می‌خواهم", vec!["میخواهم"]),
            ("会議が多い", vec!["が多", "会議", "多い", "議が"]),
            ("好", vec!["好"]),
            ("हिन्दी", vec!["हिन्दी"]),
            ("🎉🎉 🎉", vec!["🎉"]),
            ("!!?", vec!["!", "?"]),
            (" \u{200b}\u{3164}", vec![]),
        ] {
            assert_eq!(tokens(text), expected, "{text:?}");
        }
    }

    #[test]
    fn texts_are_alike_however_they_are_written() {
        let are_alike = |one: &str, other: &str| TokenSet::of(one).is_like(&TokenSet::of(other));
        for (one, other, expected) in [
            ("Too many meetings", "too many meetings!!", true),
            ("Too many meetings", "Way too many meetings", true),
            ("The deploys are slow", "deploys are slow", true),
            ("会議が多すぎます", "会議が多すぎます。", true),
            ("Not enough feedback", "Enough feedback", false),
            ("Fewer meetings", "Fewer emails", false),
            ("Stop code reviews", "Start code reviews", false),
            ("🎉", "🎉🎉", true),
            ("", "", false),
        ] {
            assert_eq!(are_alike(one, other), expected, "{one} / {other}");
        }
    }

    proptest! {
        #[test]
        fn likeness_is_that_of_jaccard(one in prop::collection::btree_set(0..12_u8, 0..12), other in prop::collection::btree_set(0..12_u8, 0..12)) {
            let (shared, all) = (one.intersection(&other).count(), one.union(&other).count());
            let expected = shared > 0 && shared * 10 >= all * 7;
            let (a, b): (Vec<u8>, Vec<u8>) = (one.into_iter().collect(), other.into_iter().collect());
            prop_assert_eq!((are_alike(&a, &b), are_alike(&b, &a)), (expected, expected));
            prop_assert!(!expected || shared >= least_shared(a.len()) && shared >= least_shared(b.len()));
        }

        #[test]
        fn any_text_that_shows_something_is_like_itself(text in any::<String>()) {
            let set = TokenSet::of(&text);
            prop_assert_eq!(set.is_like(&set), !set.is_empty());
            prop_assert!(set.tokens().windows(2).all(|two| two[0] < two[1]));
            prop_assert!(!set.is_empty() || !crate::model::text::has_visible_text(&text));
        }

        #[test]
        fn case_and_encoding_dont_count(text in "[a-zß-öø-ÿα-ω ,.!]{0,80}") {
            prop_assert_eq!(tokens(&text), tokens(&text.to_uppercase()));
            prop_assert_eq!(tokens(&text), tokens(&text.nfd().collect::<String>()));
        }
    }
}
