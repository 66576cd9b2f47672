//! Words of a person's own behind a word of the command, as in `add budget called Planning`.

use crate::store::programmes::{Programme, name_key};

/// Returns what stands behind a word; `None` if the text begins with another one.
pub fn words_behind<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let text = text.trim_start();
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    first.trim_end_matches(':').eq_ignore_ascii_case(word).then_some(rest)
}

/// Returns words and the programmes that they may be for: that which they name at their end behind `called`, or all.
pub fn meant(words: String, mut running: Vec<Programme>) -> (String, Vec<Programme>) {
    const CALLED: &str = "called ";
    // ASCII letters have the same places in lower case.
    let lower = words.to_ascii_lowercase();
    let Some(at) = lower.rfind(CALLED).filter(|at| *at == 0 || lower[..*at].ends_with(char::is_whitespace))
    else {
        return (words, running);
    };
    let name = name_key(&words[at + CALLED.len()..]);
    let named = running.iter().position(|programme| !name.is_empty() && name_key(&programme.name) == name);
    match named {
        Some(place) => (words[..at].trim_end().to_owned(), vec![running.swap_remove(place)]),
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
            ("a recalled Planning", "a recalled Planning", 2),
            ("a called b called Planning", "a called b", 1),
            ("called Planning", "", 1),
            ("called ", "called ", 2),
            ("É called Planning", "É", 1),
        ] {
            let (left, meant) = meant(typed.to_owned(), running());
            assert_eq!((left.as_str(), meant.len()), (words, count), "{typed}");
        }
    }
}
