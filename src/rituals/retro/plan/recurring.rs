//! Finds out how often a theme came up in the retros of a programme.

use super::similarity::TokenSet;

/// How many earlier retros are looked at, the latest first.
pub const MOST_RETROS: usize = 24;
/// How many texts of a theme are compared.
const MOST_TEXTS: usize = 20;

/// What a theme is about: its title, and the answers in it. The same title or the same answer makes two themes the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeWords(Vec<TokenSet>);

impl ThemeWords {
    /// Reads the texts of a theme, its title first. The first 20 of them count.
    pub fn of<T: AsRef<str>>(texts: &[T]) -> ThemeWords {
        ThemeWords(texts.iter().take(MOST_TEXTS).map(|text| TokenSet::of(text.as_ref())).collect())
    }

    /// Whether a text of one is nearly the same as a text of the other.
    pub fn is_like(&self, other: &ThemeWords) -> bool {
        self.0.iter().any(|text| other.0.iter().any(|other| text.is_like(other)))
    }
}

/// How often a theme came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CameUp {
    /// In how many retros, this one included.
    pub times: usize,
    /// How many retros ago it came up first; 0 if that's this one.
    pub first: usize,
}

/// Returns how often a theme came up, this time included. `earlier` has the themes of each earlier retro, the latest first; 24 of
/// them count.
pub fn came_up(theme: &ThemeWords, earlier: &[Vec<ThemeWords>]) -> CameUp {
    let had_it = |retro: &&Vec<ThemeWords>| retro.iter().any(|other| theme.is_like(other));
    let ago: Vec<usize> = (1..)
        .zip(earlier.iter().take(MOST_RETROS))
        .filter(|(_, retro)| had_it(retro))
        .map(|(ago, _)| ago)
        .collect();
    CameUp { times: ago.len() + 1, first: ago.last().copied().unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn theme(texts: &[&str]) -> ThemeWords {
        ThemeWords::of(texts)
    }

    #[test]
    fn a_theme_comes_up_a_third_time() {
        let earlier = [
            vec![theme(&["Lunch"]), theme(&["Meetings", "We have far too many meetings"])],
            vec![theme(&["Releases"])],
            vec![theme(&["TOO MANY MEETINGS"]), theme(&["too many meetings"])],
        ];
        let now = theme(&["Too many meetings"]);
        assert_eq!(came_up(&now, &earlier), CameUp { times: 2, first: 3 });
        let with_answers = theme(&["Too many meetings", "we have far too many meetings!"]);
        assert_eq!(came_up(&with_answers, &earlier), CameUp { times: 3, first: 3 });
        assert_eq!(came_up(&theme(&["Hiring"]), &earlier), CameUp { times: 1, first: 0 });
        assert_eq!(came_up(&now, &[]), CameUp { times: 1, first: 0 });
    }

    proptest! {
        #[test]
        fn a_theme_comes_up_at_most_once_in_a_retro(
            text in any::<String>(), retros in prop::collection::vec(prop::collection::vec("[ab ]{0,6}", 0..5), 0..30),
        ) {
            let earlier: Vec<Vec<ThemeWords>> = retros
                .iter()
                .map(|themes| themes.iter().map(|title| theme(&[title])).collect())
                .collect();
            for text in [text.as_str(), "a b", "a"] {
                let told = came_up(&theme(&[text]), &earlier);
                prop_assert!((1..=1 + retros.len().min(MOST_RETROS)).contains(&told.times));
                prop_assert!(told.first + 1 >= told.times && told.first <= MOST_RETROS.min(retros.len()));
            }
        }
    }
}
