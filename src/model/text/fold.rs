//! Folds text for searching: capital and small letters are the same, and so are letters with and without accents.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Returns a text in small letters without accents and other marks, with single spaces between its words. Folding a folded text
/// changes nothing. Linear.
pub fn fold(text: &str) -> String {
    let without_marks = |c: &char| !is_combining_mark(*c);
    // A small letter may have a mark that its capital letter has not, and be made of others.
    let small: String = text.nfkd().filter(without_marks).flat_map(char::to_lowercase).collect();
    let mut folded = String::with_capacity(small.len());
    for c in small.nfkd().filter(without_marks) {
        match plain(c) {
            Some(plain) => folded.push_str(plain),
            None => folded.push(c),
        }
    }
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many characters of a text's words an index holds: PostgreSQL takes 2,700 bytes of all columns of a row, and a character has four
/// at most.
const LONGEST_INDEXED: usize = 500;

/// Returns the folded words of a text for a search, each once and in their order: as many as an index holds, and the rest. A part of a
/// word is in one of them where it is in the folded text.
pub fn folded_words(text: &str) -> (String, String) {
    let folded = fold(text);
    let mut known = HashSet::new();
    let words: Vec<&str> = folded.split(' ').filter(|word| known.insert(*word)).collect();
    let mut length = 0;
    let fits = |word: &&&str| {
        length += word.chars().count() + 1;
        length <= LONGEST_INDEXED
    };
    let indexed = words.iter().take_while(fits).count();
    (words[..indexed].join(" "), words[indexed..].join(" "))
}

/// Returns what people type for a letter that no accent was put on, and for a mark that has a plain form.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ð' | 'đ' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'ς' => "σ",
        // Telephones and word processors put these in for what is typed.
        '‘' | '’' | '‚' | '‛' | 'ʼ' => "'",
        '“' | '”' | '„' | '‟' | '«' | '»' => "\"",
        '‐' | '–' | '—' | '−' => "-",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn capitals_and_accents_do_not_count() {
        for (text, folded) in [
            ("Überprüfung", "uberprufung"),
            ("  Façade\n\tNAÏVE ", "facade naive"),
            ("STRASSE Straße ẞ", "strasse strasse ss"),
            ("Łódź, Ærø, İstanbul, ılık", "lodz, aero, istanbul, ilik"),
            ("ΟΔΟΣ οδός", "οδοσ οδοσ"),
            ("ﬁne ２０２６ é e\u{301}", "fine 2026 e e"),
            ("東京 кофе ЁЖ", "東京 кофе еж"),
            ("100% a_b \\ @Ana", "100% a_b \\ @ana"),
            ("", ""),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn each_word_is_kept_once() {
        let whole = |text: &str| (text.to_owned(), String::new());
        assert_eq!(folded_words("Die Straße, die STRASSE und die Straße"), whole("die strasse, strasse und"));
        assert_eq!(folded_words(" \n"), whole(""));
        let long = "é".repeat(499);
        assert_eq!(folded_words(&long), whole(&"e".repeat(499)));
        assert_eq!(folded_words(&format!("a {long} b")), ("a".to_owned(), format!("{} b", "e".repeat(499))));
    }

    proptest! {
        #[test]
        fn words_kept_once_are_found_alike(text in "[ab ]{0,20}", part in "[ab]{1,3}") {
            let (indexed, rest) = folded_words(&text);
            prop_assert_eq!(indexed.contains(&part) || rest.contains(&part), fold(&text).contains(&part));
        }

        #[test]
        fn what_is_folded_stays_as_it_is(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }
    }
}
