//! Words of a person's own behind a word of the command, as in `add budget called Planning`.

use super::request::NO_NAME;
use crate::store::programmes::{Programme, name_key};

/// Returns what stands behind a word; `None` if the text begins with another one.
pub fn words_behind<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let text = text.trim_start();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    first.trim_end_matches(':').eq_ignore_ascii_case(word).then_some(rest)
}

/// What stands ahead of a name.
const CALLED: &str = "called ";
/// How many words a name is taken for at most that no programme has: what is longer is a sentence.
const MOST_NAME_WORDS: usize = 4;

/// Returns where a name behind `called` begins, with that word, and the name.
fn called(words: &str) -> Option<(usize, &str)> {
    // ASCII letters have the same places in lower case.
    let lower = words.to_ascii_lowercase();
    let at = lower.rfind(CALLED).filter(|at| *at == 0 || lower[..*at].ends_with(char::is_whitespace))?;
    Some((at, &words[at + CALLED.len()..]))
}

fn place_of(name: &str, running: &[Programme]) -> Option<usize> {
    let name = name_key(name);
    let named = running.iter().position(|programme| !name.is_empty() && name_key(&programme.name) == name);
    named.or_else(|| place_without_name(&name, running))
}

/// Returns the place of the programme without a name, if that's what the key of a name stands for.
pub(super) fn place_without_name(key: &str, running: &[Programme]) -> Option<usize> {
    let without = || running.iter().position(|programme| programme.name.is_empty());
    (key == NO_NAME).then(without).flatten()
}

/// Returns the name at the end of words by which none of these programmes is called, if there are any.
pub fn unknown_name<'w>(words: &'w str, running: &[Programme]) -> Option<&'w str> {
    let (_, name) = called(words)?;
    let is_name = (1..=MOST_NAME_WORDS).contains(&name.split_whitespace().count());
    (is_name && !running.is_empty() && place_of(name, running).is_none()).then(|| name.trim())
}

/// Returns words and the programmes that they may be for: that which they name at their end behind `called`, or all.
pub fn meant(words: String, mut running: Vec<Programme>) -> (String, Vec<Programme>) {
    let named = called(&words).and_then(|(at, name)| Some((at, place_of(name, &running)?)));
    match named {
        Some((at, place)) => (words[..at].trim_end().to_owned(), vec![running.swap_remove(place)]),
        None => (words, running),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    #[test]
    fn a_point_stands_behind_add() {
        for (text, point) in [
            ("add budget", Some("budget")),
            (" ADD: a\nb", Some("a\nb")),
            ("add", Some("")),
            ("address book", None),
            ("agenda", None),
            ("", None),
        ] {
            assert_eq!(words_behind(text, "add"), point, "{text:?}");
        }
    }

    #[test]
    fn a_sentence_is_no_name() {
        assert_eq!(unknown_name("ship what we called a plan because of money", &[]), None);
        let one = [Programme::new("1".to_owned(), "sync", "C1".into(), "U1".into(), None, from_ms(0))];
        assert_eq!(unknown_name("ship what we called a plan because of money", &one), None);
        assert_eq!(unknown_name("Ship it BECAUSE of money called Planning", &one), Some("Planning"));
        assert_eq!(unknown_name("Ship it called Planning", &[]), None, "there are none");
    }

    #[test]
    fn only_the_name_of_a_programme_counts_as_one() {
        let programme = |name: &str| Programme {
            name: name.to_owned(),
            ..Programme::new(name.to_owned(), "sync", "C1".into(), "U1".into(), None, from_ms(0))
        };
        let running = || vec![programme(""), programme("Planning")];
        for (typed, words, count) in [
            ("budget", "budget", 2),
            ("budget called planning", "budget", 1),
            ("budget CALLED  Planning", "budget", 1),
            ("the function called foo", "the function called foo", 2),
            ("budget called no name", "budget", 1),
            ("a recalled Planning", "a recalled Planning", 2),
            ("a called b called Planning", "a called b", 1),
            ("called Planning", "", 1),
            ("called ", "called ", 2),
            ("É called Planning", "É", 1),
        ] {
            let is_unknown = matches!(typed, "the function called foo");
            assert_eq!(unknown_name(typed, &running()), is_unknown.then_some("foo"), "{typed}");
            let (left, meant) = meant(typed.to_owned(), running());
            assert_eq!((left.as_str(), meant.len()), (words, count), "{typed}");
        }
    }
}
