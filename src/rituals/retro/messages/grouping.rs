//! The form in which organisers put answers together as themes.

use super::voting::paragraphs;
use crate::{
    common::setup::messages::{input, live_input},
    model::{
        message::{Block, Field, Modal, SelectOption, Shape},
        text::{Markup, count, one_line, shorten},
    },
    rituals::retro::{
        theme::{Grouped, LONGEST_NAME, MOST_THEMES, Theme},
        values::RetroAnswer,
    },
    say,
};

/// The organiser's button and form.
pub const GROUP: &str = "retro:group";
pub const GROUPED: &str = "retro:grouped";
/// What the fields begin with. Each version of the form has fields of its own, since Slack keeps what was typed into a field of the
/// same name.
pub const THEME: &str = "retro:theme_choice_";
pub const THEME_NAME: &str = "theme_name_";
pub const THEME_ANSWERS: &str = "retro:theme_answers_";
/// The choice that begins a theme.
pub const NEW_THEME: &str = "new";

/// How many answers a theme can be given at once, and how many a menu offers.
pub const MOST_CHOSEN: usize = 100;
/// How many characters of the answers without a theme the form shows, and of each.
const LONGEST_LIST: usize = 2_800;
const LONGEST_ANSWER: usize = 150;
const LONGEST_OPTION: usize = 75;

/// The form, with one theme in its fields, or none for a new one. `private` is the retro, its version and the theme.
pub fn group_form(
    grouped: &Grouped,
    theme: Option<&Theme>,
    notice: Option<Markup>,
    (version, private): (i64, String),
) -> Modal {
    let mut blocks = vec![Block::Text(Markup::from(
        "Put answers that belong together into one theme. An answer that you leave by itself is a theme of its own.",
    ))];
    let line = |(at, theme): (usize, &Theme)| {
        let answers = count(theme.answers.len(), "answer", "answers");
        say!("{}. *{}*: {}", at + 1, Markup::plain(&theme.title()), answers)
    };
    let lines: Vec<Markup> = grouped.themes.iter().enumerate().map(line).collect();
    let id = theme.map_or(NEW_THEME, |theme| &theme.id);
    let option = |label: String, value: &str| SelectOption {
        label: shorten(&label, LONGEST_OPTION),
        value: value.to_owned(),
    };
    let named = |(at, theme): (usize, &Theme)| option(format!("{}. {}", at + 1, theme.title()), &theme.id);
    let themes = std::iter::once(option("A new theme".to_owned(), NEW_THEME));
    let themes = Field::Choice {
        options: themes.chain(grouped.themes.iter().enumerate().map(named)).collect(),
        chosen: Some(id.to_owned()),
        shape: Shape::Menu,
    };
    let name = Field::Text {
        written: theme.map(|theme| theme.name.clone()).unwrap_or_default(),
        placeholder: theme.map_or_else(|| "Meetings".to_owned(), Theme::title),
        multiline: false,
        limit: LONGEST_NAME,
    };
    let chosen = theme.map(|theme| theme.answers.iter().map(answer_option).collect()).unwrap_or_default();
    let answers = Field::FedMany { chosen, limit: MOST_CHOSEN, least_typed: 0 };
    let own = format!("{version}_{id}");
    let hint = if theme.is_some() {
        "Take all of them out, and the theme is gone."
    } else {
        "Those that say the same, or belong together."
    };
    blocks.extend(notice.map(Block::Text));
    blocks.extend([
        live_input(&format!("{THEME}{version}"), "Theme", None, themes),
        input(
            &format!("{THEME_NAME}{own}"),
            "Name",
            Some("Without a name it's called by its first answer."),
            true,
            name,
        ),
        input(&format!("{THEME_ANSWERS}{own}"), "Answers", Some(hint), theme.is_some(), answers),
    ]);
    // Behind the fields, which a long list would put out of sight.
    blocks.extend(paragraphs(lines));
    if !grouped.alone.is_empty() {
        blocks.push(Block::Text(alone(&grouped.alone)));
    }
    Modal {
        callback: GROUPED.to_owned(),
        title: "Themes".to_owned(),
        submit: "Save theme".to_owned(),
        close: "Done".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// An answer as a menu offers it.
pub fn answer_option(answer: &RetroAnswer) -> SelectOption {
    SelectOption { label: shorten(&one_line(&answer.words), LONGEST_OPTION), value: answer.id.clone() }
}

/// The answers without a theme, as many as there is room for.
fn alone(answers: &[RetroAnswer]) -> Markup {
    let mut text = Markup::from("By themselves:");
    let mut sorted: Vec<&RetroAnswer> = answers.iter().collect();
    sorted.sort_by_key(|answer| &answer.place);
    let is_one = sorted.first().map(|answer| &answer.place) == sorted.last().map(|answer| &answer.place);
    let mut above = is_one.then(|| sorted.first().map(|answer| answer.place.as_str())).flatten();
    for (at, answer) in sorted.into_iter().enumerate() {
        if above != Some(answer.place.as_str()) {
            text = say!("{}\n{}", &text, Markup::bold(&answer.prompt));
        }
        above = Some(&answer.place);
        let line = say!("{}\n• {}", &text, Markup::line_of(&answer.words, LONGEST_ANSWER));
        if line.as_str().chars().count() > LONGEST_LIST {
            return say!("{}\n_and {} more, in the menu below_", &text, answers.len() - at);
        }
        text = line;
    }
    text
}

/// What stands above the fields once a theme was saved.
pub fn theme_saved(theme: &Theme) -> Markup {
    let answers = count(theme.answers.len(), "answer", "answers");
    say!(":white_check_mark: Saved: *{}*, {}.", Markup::plain(&theme.title()), answers)
}

/// What stands above the fields once a theme has lost its last answer.
pub fn theme_gone(theme: &Theme) -> Markup {
    say!(":white_check_mark: *{}* is gone; its answers stand by themselves.", Markup::plain(&theme.title()))
}

/// What stands above the fields if another organiser was quicker.
pub fn grouped_meanwhile() -> Markup {
    Markup::from(
        ":warning: Another organiser has changed the themes meanwhile, so yours wasn't saved. This is how they stand now.",
    )
}

/// What stands at the answers of a theme that has none.
pub const NO_ANSWER_CHOSEN: &str = "Choose at least one answer.";

/// What stands at a name that is too long.
pub fn long_name() -> String {
    format!("That's too long: {LONGEST_NAME} characters fit.")
}

/// What stands at the answers if there are as many themes as a retro can have.
pub fn themes_full() -> String {
    format!("There are {MOST_THEMES} themes, as many as people can vote on. Add these to one of them.")
}
