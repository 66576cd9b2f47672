//! Themes: answers of a retro that belong together.

use std::{cmp::Reverse, collections::BTreeMap};

use super::values::RetroAnswer;
use crate::model::{
    people::ChannelId,
    text::{has_visible_text, one_line, shorten},
};

/// How many themes a retro has at most: a form lists them all. Further answers stay without one.
pub const MOST_THEMES: usize = 40;
/// How long the name of a theme is, in characters.
pub const LONGEST_NAME: usize = 60;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    pub id: String,
    /// What an organiser calls it; empty while no one has.
    pub name: String,
    /// Its place from 1, once the retro is done.
    pub rank: Option<i64>,
    /// How many votes it has, if a vote was held that counts.
    pub votes: Option<u32>,
    /// In how many retros of its programme it came up, this one included, once the retro is done.
    pub came_up: Option<i64>,
    pub hands: Hands,
    /// The channel to which it was passed on.
    pub passed_to: Option<ChannelId>,
    /// How many promises were asked for from it.
    pub promised: i64,
    /// Those that are shown.
    pub answers: Vec<RetroAnswer>,
}

/// In which hands a theme is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Hands {
    #[default]
    Unsorted,
    /// The team can do something about it.
    Ours,
    /// The team can't do it alone.
    Others,
    NotOurs,
}

impl Hands {
    /// Those that an organiser chooses from.
    pub const SORTED: [Hands; 3] = [Hands::Ours, Hands::Others, Hands::NotOurs];

    /// Returns the stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Hands::Unsorted => "",
            Hands::Ours => "ours",
            Hands::Others => "others",
            Hands::NotOurs => "not_ours",
        }
    }

    /// Reads the stored word; another release's counts as unsorted.
    pub fn parse(word: &str) -> Hands {
        Hands::SORTED.into_iter().find(|hands| hands.as_str() == word).unwrap_or_default()
    }
}

impl Theme {
    /// Returns a theme of these answers that no one has named.
    pub fn unnamed(id: String, answers: Vec<RetroAnswer>) -> Theme {
        Theme { id, answers, ..Theme::default() }
    }

    /// Returns what people read as its name: without one it's the first of its answers, which so leaves no copy behind if it is
    /// erased.
    pub fn title(&self) -> String {
        let first = self.answers.first().map(|answer| answer.words.as_str());
        let words = Some(self.name.as_str()).filter(|name| !name.is_empty()).or(first);
        shorten(&one_line(words.unwrap_or("No name")), LONGEST_NAME)
    }
}

impl Theme {
    /// Where it stands among others: by its rank. Without ranks those of one prompt stand together, and those with most answers come first.
    fn place(&self) -> (Option<i64>, &str, Reverse<usize>, &str) {
        let mut places = self.answers.iter().map(|answer| answer.place.as_str());
        let first = places.next().unwrap_or_default();
        // One of several prompts stands before all.
        let prompt = if places.all(|place| place == first) { first } else { "" };
        (self.rank, prompt, Reverse(self.answers.len()), &self.id)
    }

    /// Returns the words of the prompt to which all of its answers were given; `None` if it's several, or not known.
    pub fn question(&self) -> Option<&str> {
        let mut prompts = self.answers.iter().map(|answer| (answer.place.as_str(), answer.prompt.as_str()));
        let first = prompts.next().filter(|(_, prompt)| !prompt.is_empty())?;
        prompts.all(|prompt| prompt == first).then_some(first.1)
    }

    /// Returns its name, if it has one, and its answers: by these it's found again in other retros.
    pub fn texts(&self) -> Vec<String> {
        let name = Some(self.name.clone()).filter(|name| !name.is_empty());
        name.into_iter().chain(self.answers.iter().map(|answer| answer.words.clone())).collect()
    }
}

/// The answers of a retro that are shown: those in themes, and those that stand by themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    /// In the order of their ranks; without ranks prompt by prompt, those with most answers first.
    pub themes: Vec<Theme>,
    pub alone: Vec<RetroAnswer>,
}

impl Grouped {
    /// Groups answers by what theme each is placed in. Hidden and erased answers are in none, and a theme without answers is none.
    pub fn of(
        mut themes: Vec<Theme>,
        placed: &BTreeMap<String, String>,
        answers: Vec<RetroAnswer>,
    ) -> Grouped {
        let mut alone = Vec::new();
        for answer in
            answers.into_iter().filter(|answer| !answer.is_hidden && has_visible_text(&answer.words))
        {
            let its = placed.get(&answer.id).and_then(|id| themes.iter_mut().find(|theme| theme.id == *id));
            match its {
                Some(theme) => theme.answers.push(answer),
                None => alone.push(answer),
            }
        }
        themes.retain(|theme| !theme.answers.is_empty());
        themes.sort_by(|one, other| one.place().cmp(&other.place()));
        Grouped { themes, alone }
    }

    /// Returns the same with a theme in its new form: its answers leave where they were.
    #[must_use]
    pub fn with(mut self, theme: Theme) -> Grouped {
        let is_in_it = |answer: &RetroAnswer| theme.answers.iter().any(|other| other.id == answer.id);
        if let Some(before) = self.themes.iter().position(|before| before.id == theme.id) {
            let before = self.themes.remove(before);
            self.alone.extend(before.answers);
        }
        self.alone.retain(|answer| !is_in_it(answer));
        for other in &mut self.themes {
            other.answers.retain(|answer| !is_in_it(answer));
        }
        self.themes.push(theme);
        self.themes.retain(|theme| !theme.answers.is_empty());
        self.themes.sort_by(|one, other| one.place().cmp(&other.place()));
        self
    }

    /// Returns the same without the themes that no one has named and that have one answer left of several: it stands by itself. Returns
    /// those themes, too.
    #[must_use]
    pub fn without_lone(mut self, before: &Grouped) -> (Grouped, Vec<Theme>) {
        let had_more =
            |theme: &Theme| before.themes.iter().any(|old| old.id == theme.id && old.answers.len() > 1);
        let is_lone =
            |theme: &mut Theme| theme.name.is_empty() && theme.answers.len() == 1 && had_more(theme);
        let lone: Vec<Theme> = self.themes.extract_if(.., is_lone).collect();
        self.alone.extend(lone.iter().flat_map(|theme| theme.answers.iter().cloned()));
        (self, lone)
    }

    /// Returns all themes: answers that stand by themselves become one each, as many as a retro may have.
    pub fn all_themes(self, mut new_id: impl FnMut() -> String) -> Vec<Theme> {
        let mut themes = self.themes;
        let room = MOST_THEMES.saturating_sub(themes.len());
        let single = self.alone.into_iter().take(room);
        themes.extend(single.map(|answer| Theme::unnamed(new_id(), vec![answer])));
        // As they are read once they're stored.
        themes.sort_by(|one, other| one.place().cmp(&other.place()));
        themes
    }
}

/// Whether themes belong to several prompts, so that a list has to say which.
pub fn ask_several(themes: &[Theme]) -> bool {
    let first = themes.first().and_then(Theme::question);
    themes.iter().any(|theme| theme.question() != first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(id: &str, words: &str, is_hidden: bool) -> RetroAnswer {
        RetroAnswer {
            id: id.to_owned(),
            place: "1".to_owned(),
            prompt: String::new(),
            user: None,
            words: words.to_owned(),
            is_hidden,
        }
    }

    fn theme(id: &str, name: &str) -> Theme {
        Theme { name: name.to_owned(), ..Theme::unnamed(id.to_owned(), Vec::new()) }
    }

    fn titles(themes: &[Theme]) -> Vec<String> {
        themes.iter().map(Theme::title).collect()
    }

    #[test]
    fn the_theme_with_most_answers_comes_first() {
        let placed = [("a", "1"), ("b", "2"), ("c", "2"), ("d", "3"), ("e", "gone")];
        let placed = placed.map(|(answer, theme)| (answer.to_owned(), theme.to_owned())).into();
        let answers = vec![
            answer("a", "Lunch", false),
            answer("b", "Meetings", false),
            answer("c", "Too  many\nmeetings", false),
            answer("d", "An attack", true),
            answer("e", "Alone", false),
            answer("f", "", false),
        ];
        let themes = vec![theme("1", ""), theme("2", "Time"), theme("3", "Nothing")];
        let grouped = Grouped::of(themes, &placed, answers);
        assert_eq!(titles(&grouped.themes), ["Time", "Lunch"]);
        assert_eq!(titles(&grouped.all_themes(|| "4".to_owned())), ["Time", "Lunch", "Alone"]);
    }

    #[test]
    fn an_answer_is_in_one_theme() {
        let [tea, lunch, time] = ["Tea", "Lunch", "Time"].map(|words| answer(words, words, false));
        let all = Grouped {
            themes: vec![Theme::unnamed("1".into(), vec![tea.clone(), lunch])],
            alone: vec![time.clone()],
        };
        let moved = all.with(Theme::unnamed("2".into(), vec![tea, time]));
        assert_eq!(
            (titles(&moved.themes), moved.alone.len()),
            (vec!["Tea".to_owned(), "Lunch".to_owned()], 0)
        );
        let emptied = moved.with(Theme::unnamed("2".into(), Vec::new()));
        assert_eq!((titles(&emptied.themes), emptied.alone.len()), (vec!["Lunch".to_owned()], 2));
    }

    #[test]
    fn stored_words_of_hands_stay() {
        assert_eq!(Hands::SORTED.map(Hands::as_str), ["ours", "others", "not_ours"]);
        assert!(Hands::SORTED.into_iter().all(|hands| Hands::parse(hands.as_str()) == hands));
        assert_eq!((Hands::parse(""), Hands::Unsorted.as_str()), (Hands::Unsorted, ""));
    }

    #[test]
    fn the_long_tail_has_no_theme() {
        let answers = (0..500).map(|at| answer(&format!("{at:03}"), "Tea", false)).collect();
        let grouped = Grouped::of(Vec::new(), &BTreeMap::new(), answers);
        assert_eq!(grouped.all_themes(String::new).len(), MOST_THEMES);
    }

    #[test]
    fn a_name_is_short() {
        let long = Theme::unnamed(String::new(), vec![answer("a", &"long ".repeat(30), false)]);
        assert_eq!(long.title().chars().count(), LONGEST_NAME);
        assert_eq!(theme("1", "").title(), "No name");
    }
}
