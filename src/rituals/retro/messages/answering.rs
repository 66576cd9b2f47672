//! What people read who answer.

use super::the_retro_first;
use crate::{
    common::{programmes::messages::when, setup::messages::input},
    model::{
        cadence::Occurrence,
        message::{Block, Field, Input, Message, Modal, SelectOption, Shape},
        people::ChannelId,
        text::{Markup, count, date, one_line, shorten},
    },
    rituals::retro::{
        deck::PromptKind,
        plan::{HIGHEST, LOWEST},
        values::{AskedPrompt, LONGEST_ANSWER, MOST_ANSWERS, Note, Retro},
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

/// The fields that take notes over: which, and as answers to which prompt.
pub const TAKEN_NOTES: &str = "taken_notes";
pub const TAKEN_FOR: &str = "taken_for";
/// How many boxes Slack shows; more notes stand in a menu.
const MOST_BOXES: usize = 10;
/// How many characters of a note or a prompt an option has.
const LONGEST_OPTION: usize = 75;

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

/// The form of the named prompts with a person's notes beside them. None is ticked: what is sent has their name.
pub fn with_notes(form: Modal, prompts: &[(AskedPrompt, String)], notes: &[Note]) -> Modal {
    if notes.is_empty() {
        return form;
    }
    let option = |label: &str, value: &str| SelectOption {
        label: shorten(&one_line(label), LONGEST_OPTION),
        value: value.to_owned(),
    };
    let taken = Field::Choices {
        options: notes.iter().map(|note| option(&note.words, &note.id)).collect(),
        chosen: Vec::new(),
        shape: if notes.len() > MOST_BOXES { Shape::Menu } else { Shape::Open },
    };
    let hint = "They're sent as you noted them, each as an answer of its own.";
    let mut form = form;
    form.blocks.push(input(TAKEN_NOTES, "Send notes of yours with your name, too?", Some(hint), true, taken));
    if prompts.len() > 1 {
        let which = Field::Choice {
            options: prompts.iter().map(|(prompt, _)| option(&prompt.words, &prompt.place)).collect(),
            chosen: None,
            shape: Shape::Menu,
        };
        form.blocks.push(input(TAKEN_FOR, "As answers to which prompt?", None, true, which));
    }
    form
}

/// The form of a person who sends it after they have sent something else from another one: what that was stands at each of these prompts.
pub fn sent_meanwhile(form: Modal, others: &[(&AskedPrompt, &str)]) -> Modal {
    let mut form = form;
    let said = |(prompt, words): &(&AskedPrompt, &str)| {
        let words = if words.is_empty() { Markup::from("_no answer_") } else { Markup::quote(words) };
        (prompt_field(&prompt.place), Block::Text(say!("_Sent meanwhile:_\n{}", words)))
    };
    for (field, block) in others.iter().map(said) {
        let is_field = |block: &Block| matches!(block, Block::Input(input) if input.name == field);
        if let Some(at) = form.blocks.iter().position(is_field) {
            form.blocks.insert(at + 1, block);
        }
    }
    form.blocks.insert(0, Block::Text(Markup::from(SENT_MEANWHILE)));
    form
}

/// What stands above such a form.
const SENT_MEANWHILE: &str = ":warning: You've sent something else since you opened this form, so nothing has changed yet. Your words stand \
     below, with what you sent meanwhile. *Send* replaces that by what stands in the fields; *Cancel* keeps it.";

/// What stands at the prompts where notes were ticked and none was chosen.
pub const NO_PROMPT_CHOSEN: &str = "To which prompt do your notes belong?";

/// What stands at notes that don't fit beside what was written.
pub fn long_notes() -> String {
    format!(
        "With these, the prompt has more than {LONGEST_FIELD} characters. Send fewer, or shorten what you wrote."
    )
}

/// The field of a prompt, with what was sent so far.
fn field_of(prompt: &AskedPrompt, written: &str) -> Input {
    let (hint, field) = match &prompt.kind {
        PromptKind::Text => (
            "One answer on each line, five at most, up to 3,000 characters in all. Empty it to withdraw.",
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
        (0, _) => {
            return Message::new(say!(
                ":white_check_mark: There's nothing of yours in these prompts now. Until {}, the same button takes an answer.",
                when(closes)
            ));
        }
        (answers, true) => {
            say!("{} saved, without your name.", count(answers, "answer is", "answers are"))
        }
        (answers, false) => say!("{} saved with your name.", count(answers, "answer is", "answers are")),
    };
    Message::new(say!(
        ":white_check_mark: {} Thanks! Until {}, the same button shows, changes and withdraws {}.",
        what,
        when(closes),
        if answers == 1 { "it" } else { "them" }
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

/// What stands at a form that came after the close: it stays open with what was typed.
pub const IS_OVER: &str = "This retro has closed, so this isn't saved. What you sent before counts where enough people have answered. \
     Your words stand here until you close the form: copy them if you need them.";
/// The same where the retro has ended with its programme.
pub const ENDED_UNREAD: &str = "This retro has ended before its time, so this isn't saved, and what was answered is deleted. Your words stand here until you \
     close the form: copy them if you need them.";

/// What stands in place of a question whose retro has closed.
pub fn question_is_over(retro: &Retro, (name, channel): (&str, &ChannelId)) -> Message {
    Message::new(say!(
        ":mirror: {} of {} in {} has closed, so nothing more goes in. What was sent before counts where enough people have answered.",
        the_retro_first(name),
        date(retro.date),
        channel
    ))
}

/// What stands there where the retro has ended with its programme.
pub fn question_was_stopped(retro: &Retro, (name, channel): (&str, &ChannelId)) -> Message {
    Message::new(say!(
        ":mirror: {} of {} in {} was stopped while it was open, so nothing more goes in. What was answered is deleted, and no one reads it.",
        the_retro_first(name),
        date(retro.date),
        channel
    ))
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
