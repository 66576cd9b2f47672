//! What the organiser reads before the reveal, and the channel after it.

use super::{the_retro, the_retro_first};
use crate::{
    model::{
        message::{Block, Field, Input, Message, Modal, SelectOption, Shape},
        text::{Markup, count, one_line, shorten},
    },
    rituals::retro::values::{AskedPrompt, RetroAnswer},
    say,
};

/// The organiser's button and form.
pub const REVIEW: &str = "retro:review";
pub const REVEAL_FORM: &str = "retro:reveal";

/// How many answers to a prompt are shown at most, and how many characters of each: a message holds them.
const MOST_SHOWN: usize = 40;
const LONGEST_SHOWN: usize = 250;
/// How many answers to a prompt the form lists at most, and how long an option is.
const MOST_OPTIONS: usize = 90;
const LONGEST_OPTION: usize = 75;
/// How many characters of a prompt's answers the form shows: a text of a form takes 3,000.
const LONGEST_TEXT: usize = 2_800;

/// Returns the name of the field that hides answers to the prompt at a place.
pub fn hidden_field(place: &str) -> String {
    format!("hide_{place}")
}

/// The form in which an organiser reads the answers and hides what attacks a person.
pub fn review_form(name: &str, prompts: &[(AskedPrompt, Vec<RetroAnswer>)], private: String) -> Modal {
    let mut blocks = vec![Block::Text(say!(
        "The answers to {} in random order. Hide one only if it attacks a person: it shows as hidden.",
        the_retro(name)
    ))];
    for (prompt, answers) in prompts {
        let mut text = say!("*{}*", Markup::plain(&prompt.words));
        let mut left = 0;
        for (at, answer) in answers.iter().enumerate() {
            let line = say!("{}\n{}. {}", &text, at + 1, said(answer, LONGEST_SHOWN));
            if line.as_str().chars().count() > LONGEST_TEXT {
                left = answers.len() - at;
                break;
            }
            text = line;
        }
        if left > 0 {
            text = say!("{}\n_and {} more, in the list below_", &text, left);
        }
        blocks.push(Block::Text(text));
        let option = |(at, answer): (usize, &RetroAnswer)| SelectOption {
            label: shorten(&format!("{}. {}", at + 1, one_line(&answer.words)), LONGEST_OPTION),
            value: answer.id.clone(),
        };
        blocks.push(Block::Input(Input {
            name: hidden_field(&prompt.place),
            label: "Hide".to_owned(),
            hint: None,
            optional: true,
            field: Field::Choices {
                options: answers.iter().enumerate().take(MOST_OPTIONS).map(option).collect(),
                chosen: Vec::new(),
                shape: Shape::Menu,
            },
        }));
    }
    Modal {
        callback: REVEAL_FORM.to_owned(),
        title: "Read and reveal".to_owned(),
        submit: "Reveal".to_owned(),
        close: "Not yet".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// One answer on a line, with the person who wrote it with their name.
pub(super) fn said(answer: &RetroAnswer, longest: usize) -> Markup {
    if answer.is_hidden {
        return Markup::from("_hidden by the organiser_");
    }
    let words = Markup::line_of(&answer.words, longest);
    match &answer.user {
        Some(user) => say!("{} ({})", words, user),
        None => words,
    }
}

/// What the channel reads of a prompt.
pub fn shown_prompt(name: &str, prompt: &AskedPrompt, answers: &[RetroAnswer]) -> Message {
    let lines: Vec<Markup> =
        answers.iter().take(MOST_SHOWN).map(|answer| say!("• {}", said(answer, LONGEST_SHOWN))).collect();
    let respondents = prompt.respondents.unwrap_or_default();
    let how = if prompt.is_anonymous { "anonymous, in random order" } else { "with names" };
    let message =
        Message::new(say!(":mirror: *{}*\n{}", Markup::plain(&prompt.words), Markup::join(&lines, "\n")));
    let more = answers.len().saturating_sub(MOST_SHOWN);
    let more = if more == 0 { Markup::default() } else { say!(" {} more are in the export.", more) };
    message.with_context(say!(
        "From {}: {} answered, {}.{} Talk about it in the thread.",
        the_retro(name),
        count(respondents, "person", "people"),
        how,
        more
    ))
}

/// What the form becomes once the answers are shown.
pub fn revealed(name: &str, prompts: usize) -> Message {
    Message::new(say!(
        "{}: {} shown in the channel.",
        the_retro_first(name),
        count(prompts, "prompt is", "prompts are")
    ))
}

/// What an organiser reads who reveals what is revealed.
pub fn is_revealed() -> Message {
    Message::new("These answers are in the channel already, so nothing has changed.")
}

/// What an organiser reads where nothing is kept.
pub fn nothing_to_reveal() -> Message {
    Message::new("There's nothing to reveal: no prompt of this retro has answers that may be shown.")
}
