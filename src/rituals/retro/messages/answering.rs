//! What people read who answer.

use crate::{
    common::programmes::messages::when,
    model::{
        cadence::Occurrence,
        message::{Block, Field, Input, Message, Modal, SelectOption, Shape},
        text::{Markup, count},
    },
    rituals::retro::{
        deck::PromptKind,
        plan::{HIGHEST, LOWEST},
        values::{AskedPrompt, LONGEST_ANSWER, MOST_ANSWERS},
    },
    say,
};

/// The buttons that open the forms, the forms, and the button of a person who'd rather not.
pub const ANSWER_ANONYMOUS: &str = "retro:answer_anonymous";
pub const ANSWER_NAMED: &str = "retro:answer_named";
pub const FORM_ANONYMOUS: &str = "retro:anonymous";
pub const FORM_NAMED: &str = "retro:named";
pub const SKIP_TIME: &str = "retro:skip_time";

/// The option of a scale that withdraws an answer.
const NO_ANSWER: &str = "none";
/// How many characters Slack takes in a field.
pub const LONGEST_FIELD: usize = 3_000;

/// The name of the field for the prompt at a place.
pub fn prompt_field(place: &str) -> String {
    format!("prompt_{place}")
}

/// The form of the anonymous prompts or of the named ones, with what was sent so far.
pub fn open_form(
    is_anonymous: bool,
    prompts: &[(AskedPrompt, String)],
    closes: &Occurrence,
    private: String,
) -> Modal {
    let who = if is_anonymous {
        "No mark is kept of who answers. Only this form shows you what you sent, until it closes"
    } else {
        "These answers are shown with your name. You can change them until it closes"
    };
    let mut blocks = vec![Block::Text(say!("{}: {}.", who, when(closes)))];
    blocks.extend(prompts.iter().map(|(prompt, written)| Block::Input(field_of(prompt, written))));
    let callback = if is_anonymous { FORM_ANONYMOUS } else { FORM_NAMED };
    Modal {
        callback: callback.to_owned(),
        title: if is_anonymous { "Answer anonymously" } else { "Answer with your name" }.to_owned(),
        submit: "Send".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// The field of a prompt, with what was sent so far.
fn field_of(prompt: &AskedPrompt, written: &str) -> Input {
    let (hint, field) = match &prompt.kind {
        PromptKind::Text => (
            "One answer on each line, five at most. Empty it to withdraw.",
            Field::Text {
                written: written.to_owned(),
                placeholder: String::new(),
                multiline: true,
                limit: LONGEST_FIELD,
            },
        ),
        PromptKind::Scale { low, high } => {
            let label = |number: u8| match number {
                LOWEST => format!("{number}: {low}"),
                HIGHEST => format!("{number}: {high}"),
                _ => number.to_string(),
            };
            let none = SelectOption { label: "No answer".to_owned(), value: NO_ANSWER.to_owned() };
            let numbers = (LOWEST..=HIGHEST)
                .map(|number| SelectOption { label: label(number), value: number.to_string() });
            let chosen = if written.is_empty() { NO_ANSWER } else { written };
            (
                "Only the middle of all answers is shown, and how far they are apart.",
                Field::Choice {
                    options: std::iter::once(none).chain(numbers).collect(),
                    chosen: Some(chosen.to_owned()),
                    shape: Shape::Menu,
                },
            )
        }
    };
    Input {
        name: prompt_field(&prompt.place),
        label: prompt.words.clone(),
        hint: Some(hint.to_owned()),
        optional: true,
        field,
    }
}

/// What a form that was sent has saved.
#[derive(Clone, Copy, Debug)]
pub struct SavedAnswers<'s> {
    pub answers: usize,
    pub is_anonymous: bool,
    pub closes: &'s Occurrence,
}

/// What the form becomes when it was saved. It repeats no answer.
pub fn saved(saved: SavedAnswers<'_>) -> Message {
    let SavedAnswers { answers, is_anonymous, closes } = saved;
    let what = match (answers, is_anonymous) {
        (0, _) => Markup::from("There's nothing of yours in these prompts now."),
        (answers, true) => {
            say!("{} saved, without your name.", count(answers, "answer is", "answers are"))
        }
        (answers, false) => say!("{} saved with your name.", count(answers, "answer is", "answers are")),
    };
    Message::new(say!(
        ":white_check_mark: {} Thanks! Until {}, the same button shows, changes and withdraws it.",
        what,
        when(closes)
    ))
}

/// What stands at a field with an answer that is too long.
pub fn long_answer() -> String {
    format!(
        "One of these answers is longer than {LONGEST_ANSWER} characters. Split it over two lines, or shorten it."
    )
}

/// What stands at a field with too many answers.
pub fn too_many_answers(answers: usize) -> String {
    format!(
        "That's {answers} answers, one on each line. Up to {MOST_ANSWERS} fit: keep those that matter most."
    )
}

/// What a person reads whose answer came after the close.
pub fn is_over() -> Message {
    Message::new(
        "This retro has closed, so nothing more goes in. What you sent before counts; what you wrote since isn't saved, and you can \
         still say it in the channel.",
    )
}

/// What stands in place of a question whose retro has closed.
pub fn question_is_over() -> Message {
    Message::new(":mirror: This retro has closed, so nothing more goes in. What you sent before counts.")
}

/// What stands there, and in a form, where the retro has ended with its programme.
pub fn was_ended() -> Message {
    Message::new(
        ":mirror: This retro has ended before its time, so nothing more goes in. What was answered is deleted, and no one reads it.",
    )
}

/// What a person reads who was not asked.
pub fn not_asked() -> Message {
    Message::new(
        "You weren't asked in this retro, so I can't take an answer. The next one asks everyone who takes part by then.",
    )
}

/// What a person reads whose form carries keys that fit nothing.
pub fn not_yours() -> Message {
    Message::new(
        "I can't match this form with your message, so nothing was saved. Please use the button in my own message to you.",
    )
}

/// What a person reads who'd rather not answer.
pub fn skipped(closes: &Occurrence) -> Message {
    Message::new(say!(
        "That's fine. I note nothing, so no one can tell. I don't know whether you've answered: if you have, your answer stays, and \
         emptying the form behind the button withdraws it. The button works until {}.",
        when(closes)
    ))
}

/// Shows a message in the place of a form. There is nothing to submit.
pub fn as_form(message: Message) -> Modal {
    Modal {
        callback: "retro:answered".to_owned(),
        title: "Retro".to_owned(),
        submit: String::new(),
        close: "Close".to_owned(),
        private: String::new(),
        blocks: message.blocks,
        tell_closed: false,
    }
}
