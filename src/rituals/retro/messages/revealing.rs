//! What the organiser reads before the reveal, and the channel after it.

use super::{own_button, the_retro, the_retro_first};
use crate::{
    model::{
        message::{Block, Button, ButtonStyle, Field, Input, Message, Modal, SelectOption, Shape},
        people::ChannelId,
        text::{Markup, count, one_line, shorten},
    },
    rituals::retro::{
        plan::{PagePart, PageRoom, fitting, pages},
        values::{AskedPrompt, LONGEST_ANSWER, RetroAnswer},
    },
    say,
};

/// The organiser's button and form, and the button that leads back to the page before.
pub const REVIEW: &str = "retro:review";
pub const REVEAL_FORM: &str = "retro:reveal";
pub const EARLIER_ANSWERS: &str = "retro:earlier_answers";
/// What the fields begin with that hide answers.
pub const HIDE: &str = "hide_";

/// What one page of the form holds: a menu and a view take no more.
const PAGE: PageRoom = PageRoom { characters: 20_000, answers: 50 };
/// How long an option is, and what stands around an answer on its line.
const LONGEST_OPTION: usize = 75;
const AROUND_ANSWER: usize = 60;
/// How many characters of answers one message in the channel holds.
const LONGEST_POST: usize = 9_000;

/// The button that hides an answer which the channel has read. Of the organisers' messages the newest has it.
pub(super) fn hide_button(retro: &str) -> Button {
    own_button("Hide an answer", REVIEW, retro, ButtonStyle::Plain)
}

/// A page of the form in which an organiser reads the answers.
#[derive(Clone, Debug)]
pub struct ReviewPage<'p> {
    pub prompts: &'p [(AskedPrompt, Vec<RetroAnswer>)],
    pub pages: &'p [Vec<PagePart>],
    /// From 0.
    pub page: usize,
    /// Whether the channel has read them.
    pub is_shown: bool,
    pub private: String,
}

/// Spreads the answers over the pages of the form.
pub fn review_pages(prompts: &[(AskedPrompt, Vec<RetroAnswer>)]) -> Vec<Vec<PagePart>> {
    let lengths: Vec<Vec<usize>> =
        prompts.iter().map(|(_, answers)| answers.iter().map(length_of).collect()).collect();
    pages(&lengths, PAGE)
}

fn length_of(answer: &RetroAnswer) -> usize {
    whole(answer).as_str().chars().count() + AROUND_ANSWER
}

/// The form in which an organiser reads each answer whole and hides what attacks a person. The last page shows them in the channel.
pub fn review_form(name: &str, channel: &ChannelId, review: &ReviewPage<'_>) -> Modal {
    let ReviewPage { prompts, pages, page, is_shown, private } = review;
    let mut intro = if *is_shown {
        say!(
            "The answers to {} are in {}. Hide one only if it attacks a person: I edit my messages, so that it reads as hidden there \
             and isn't exported. People may have read it before.",
            the_retro(name),
            channel
        )
    } else {
        say!(
            "The answers to {} of {} in random order. Hide one only if it attacks a person: it shows as hidden.",
            the_retro(name),
            channel
        )
    };
    let last = if *is_shown { "Save" } else { "Reveal" };
    if pages.len() > 1 {
        intro = say!("{} *Page {} of {}*. The last one has *{}*.", &intro, page + 1, pages.len(), last);
    }
    let mut blocks = vec![Block::Text(intro)];
    for part in pages.get(*page).into_iter().flatten() {
        let Some((prompt, answers)) = prompts.get(part.prompt) else { continue };
        blocks.extend(part_of(prompt, answers, part));
    }
    if *page > 0 {
        let earlier = own_button("Earlier answers", EARLIER_ANSWERS, "", ButtonStyle::Plain);
        blocks.push(Block::Buttons(vec![earlier]));
    }
    let is_last = page + 1 >= pages.len();
    Modal {
        callback: REVEAL_FORM.to_owned(),
        title: if *is_shown { "Hide an answer" } else { "Read and reveal" }.to_owned(),
        submit: if is_last { last } else { "Later answers" }.to_owned(),
        close: if *is_shown { "Close" } else { "Not yet" }.to_owned(),
        private: private.clone(),
        blocks,
        tell_closed: false,
    }
}

/// What a page shows of one prompt.
fn part_of(prompt: &AskedPrompt, answers: &[RetroAnswer], part: &PagePart) -> [Block; 2] {
    let begin = part.answers.start;
    let answers = answers.get(part.answers.clone()).unwrap_or_default();
    let mut lines = vec![say!("*{}*", Markup::plain(&prompt.words))];
    lines.extend((begin + 1..).zip(answers).map(|(number, answer)| {
        let hidden = if answer.is_hidden { " _(hidden)_" } else { "" };
        say!("{}. {}{}", number, whole(answer), hidden)
    }));
    let option = |(number, answer): (usize, &RetroAnswer)| SelectOption {
        label: shorten(&format!("{number}. {}", one_line(&answer.words)), LONGEST_OPTION),
        value: answer.id.clone(),
    };
    // Slack keeps what was chosen in a field of the same name.
    let own = if begin == 0 { String::new() } else { format!("_{}", begin + 1) };
    let field = Input {
        name: format!("{HIDE}{}{own}", prompt.place),
        label: "Hide".to_owned(),
        hint: None,
        optional: true,
        field: Field::Choices {
            options: (begin + 1..).zip(answers).map(option).collect(),
            chosen: answers
                .iter()
                .filter(|answer| answer.is_hidden)
                .map(|answer| answer.id.clone())
                .collect(),
            shape: Shape::Menu,
        },
    };
    [Block::Text(Markup::join(&lines, "\n")), Block::Input(field)]
}

/// One answer on a line, whole, with the person who wrote it with their name.
fn whole(answer: &RetroAnswer) -> Markup {
    let words = Markup::line_of(&answer.words, LONGEST_ANSWER);
    match &answer.user {
        Some(user) => say!("{} ({})", words, user),
        None => words,
    }
}

/// The same as everyone reads it.
fn said(answer: &RetroAnswer) -> Markup {
    if answer.is_hidden { Markup::from("_hidden by the organiser_") } else { whole(answer) }
}

/// Returns how many of these answers one message holds.
pub fn fitting_answers(answers: &[RetroAnswer]) -> usize {
    fitting(answers.iter().map(length_of), LONGEST_POST)
}

fn lines_of(answers: &[RetroAnswer]) -> Markup {
    let lines: Vec<Markup> = answers.iter().map(|answer| say!("• {}", said(answer))).collect();
    Markup::join(&lines, "\n")
}

/// What the channel reads of a prompt: its first answers, of so many.
pub fn shown_prompt(name: &str, prompt: &AskedPrompt, first: &[RetroAnswer], all: usize) -> Message {
    let respondents = prompt.respondents.unwrap_or_default();
    let how = if prompt.is_anonymous { "anonymous, in random order" } else { "with names" };
    let message = Message::new(say!(":mirror: *{}*\n{}", Markup::plain(&prompt.words), lines_of(first)));
    let more = all.saturating_sub(first.len());
    let more = if more == 0 {
        Markup::default()
    } else {
        say!(" {} in the thread.", count(more, "more answer follows", "more answers follow"))
    };
    message.with_context(say!(
        "From {}: {} answered, {}.{} Talk about it in the thread.",
        the_retro(name),
        count(respondents, "person", "people"),
        how,
        more
    ))
}

/// What the thread of that message goes on with: answers from this number on, of so many.
pub fn more_answers(answers: &[RetroAnswer], (first, all): (usize, usize)) -> Message {
    let last = (first + answers.len()).saturating_sub(1);
    Message::new(lines_of(answers)).with_context(say!("Answers {} to {} of {}.", first, last, all))
}

/// What the form becomes once the answers are shown.
pub fn revealed(name: &str, channel: &ChannelId, prompts: usize) -> Message {
    Message::new(say!(
        "{}: {} shown in {}.",
        the_retro_first(name),
        count(prompts, "prompt is", "prompts are"),
        channel
    ))
}

/// What an organiser reads who reveals what is revealed.
pub fn is_revealed() -> Message {
    Message::new("These answers are in the channel already.")
}

/// What an organiser reads who has hidden answers that the channel has read, or shown them again.
pub fn hidden_since(changed: usize, hidden: usize) -> Message {
    if changed == 0 {
        return Message::new("Nothing has changed.");
    }
    let hidden = match hidden {
        0 => Markup::from("No answer is hidden now."),
        hidden => say!("{} hidden now.", count(hidden, "answer is", "answers are")),
    };
    Message::new(say!("{} I'm editing my messages in the channel.", hidden))
}

/// What an organiser reads where nothing is kept.
pub fn nothing_to_reveal() -> Message {
    Message::new("There's nothing to reveal: no prompt of this retro has answers that may be shown.")
}
