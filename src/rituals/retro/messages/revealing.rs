//! What the organiser reads before the reveal, and the channel after it.

use super::{the_retro, the_retro_first};
use crate::{
    model::{
        message::{Block, Field, Input, Message, Modal, SelectOption, Shape},
        text::{Markup, count, one_line, shorten},
    },
    rituals::retro::values::{AskedPrompt, LONGEST_ANSWER, RetroAnswer},
    say,
};

/// The organiser's button and form.
pub const REVIEW: &str = "retro:review";
pub const REVEAL_FORM: &str = "retro:reveal";

/// How many characters the answers of a message have at most, and in how many messages those to a prompt are shown.
const LONGEST_PART: usize = 10_000;
const MOST_PARTS: usize = 12;
/// How many characters of all answers the form shows, and of each at least.
const LONGEST_REVIEW: usize = 150_000;
const LEAST_SHOWN: usize = 75;
/// How many answers a menu of the form lists, and how long an option is.
const MOST_OPTIONS: usize = 100;
const LONGEST_OPTION: usize = 75;

/// Returns the name of a field that hides answers to the prompt at a place; each of its menus has a number, from 0.
fn hidden_field(place: &str, menu: usize) -> String {
    if menu == 0 { format!("hide_{place}") } else { format!("hide_{place}_{menu}") }
}

/// Whether a field hides answers to the prompt at a place.
pub fn hides(field: &str, place: &str) -> bool {
    let rest = field.strip_prefix("hide_").and_then(|rest| rest.strip_prefix(place));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// The form in which an organiser reads the answers and hides what attacks a person.
pub fn review_form(name: &str, prompts: &[(AskedPrompt, Vec<RetroAnswer>)], private: String) -> Modal {
    let mut blocks = vec![Block::Text(say!(
        "The answers to {} in random order. Hide one only if it attacks a person: it shows as hidden.",
        the_retro(name)
    ))];
    let all: usize = prompts.iter().map(|(_, answers)| answers.len()).sum();
    let longest = (LONGEST_REVIEW / all.max(1)).clamp(LEAST_SHOWN, LONGEST_ANSWER);
    for (prompt, answers) in prompts {
        let line = |(at, answer): (usize, &RetroAnswer)| say!("{}. {}", at + 1, said(answer, longest));
        let lines: Vec<Markup> = answers.iter().enumerate().map(line).collect();
        blocks.push(Block::Text(say!("*{}*\n{}", Markup::plain(&prompt.words), Markup::join(&lines, "\n"))));
        let option = |(at, answer): (usize, &RetroAnswer)| SelectOption {
            label: shorten(&format!("{}. {}", at + 1, one_line(&answer.words)), LONGEST_OPTION),
            value: answer.id.clone(),
        };
        let options: Vec<SelectOption> = answers.iter().enumerate().map(option).collect();
        blocks.extend(options.chunks(MOST_OPTIONS).enumerate().map(|(menu, options)| {
            Block::Input(Input {
                name: hidden_field(&prompt.place, menu),
                label: "Hide".to_owned(),
                hint: None,
                optional: true,
                field: Field::Choices { options: options.to_vec(), chosen: Vec::new(), shape: Shape::Menu },
            })
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
fn said(answer: &RetroAnswer, longest: usize) -> Markup {
    if answer.is_hidden {
        return Markup::from("_hidden by the organiser_");
    }
    let words = Markup::line_of(&answer.words, longest);
    match &answer.user {
        Some(user) => say!("{} ({})", words, user),
        None => words,
    }
}

/// What the channel reads of a prompt: all answers in full, in several messages if they are many.
pub fn shown_prompt(name: &str, prompt: &AskedPrompt, answers: &[RetroAnswer]) -> Vec<Message> {
    let lines = answers.iter().map(|answer| say!("• {}", said(answer, LONGEST_ANSWER)));
    let mut parts: Vec<(Vec<Markup>, usize)> = Vec::new();
    for line in lines {
        let length = line.as_str().chars().count();
        match parts.last_mut().filter(|(_, room)| *room >= length) {
            Some((part, room)) => {
                part.push(line);
                *room -= length;
            }
            None => parts.push((vec![line], LONGEST_PART.saturating_sub(length))),
        }
    }
    let shown: usize = parts.iter().take(MOST_PARTS).map(|(part, _)| part.len()).sum();
    let number = parts.len().min(MOST_PARTS);
    let respondents = prompt.respondents.unwrap_or_default();
    let how = if prompt.is_anonymous { "anonymous, in random order" } else { "with names" };
    let more = match answers.len() - shown {
        0 => Markup::default(),
        more => say!(" {} more didn't fit; the person who runs me can export them.", more),
    };
    let of_part = |(at, (lines, _)): (usize, (Vec<Markup>, usize))| {
        let part = if number == 1 { Markup::default() } else { say!(" ({} of {})", at + 1, number) };
        let words = Markup::plain(&prompt.words);
        let message = Message::new(say!(":mirror: *{}*{}\n{}", words, part, Markup::join(&lines, "\n")));
        if at + 1 < number {
            return message;
        }
        message.with_context(say!(
            "From {}: {} answered, {}.{} Talk about it in the thread.",
            the_retro(name),
            count(respondents, "person", "people"),
            how,
            &more
        ))
    };
    parts.into_iter().take(MOST_PARTS).enumerate().map(of_part).collect()
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
