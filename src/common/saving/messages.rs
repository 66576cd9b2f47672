//! Every word of *Save for…*.

use crate::{
    model::{
        message::{Block, Field, Input, Message, Modal, SelectOption, Shape},
        people::UserId,
        text::{Markup, shorten},
    },
    ritual::SavePlace,
    say,
};

/// The shortcut's name, 24 characters at most.
pub const NAME: &str = "Save for…";
/// The form's field for what the words are saved for.
pub const PLACE: &str = "place";
/// How long an option's label may be.
const LONGEST_LABEL: usize = 75;
/// How many characters of the words the form shows: a quote that fits a paragraph of Slack's however it is escaped.
const LONGEST_SHOWN: usize = 500;

/// The form that asks what words are saved for.
pub fn form(
    (words, author): (&str, Option<&UserId>),
    is_private: bool,
    places: Vec<SavePlace>,
    private: String,
) -> Modal {
    let option =
        |place: SavePlace| SelectOption { label: shorten(&place.label, LONGEST_LABEL), value: place.id };
    let options: Vec<SelectOption> = places.into_iter().map(option).collect();
    let chosen = options.first().map(|option| option.value.clone());
    let by = author.map_or_else(Markup::default, |author| say!("By {}:\n", author));
    let shown = Markup::quote(&shorten(words, LONGEST_SHOWN));
    let mut blocks = vec![
        Block::Text(say!("{}{}", by, shown)),
        Block::Input(Input {
            name: PLACE.to_owned(),
            label: "What for?".to_owned(),
            hint: None,
            optional: false,
            field: Field::Choice { options, chosen, shape: Shape::Menu },
        }),
    ];
    if words.chars().count() > LONGEST_SHOWN {
        blocks.push(Block::Context(Markup::from(
            "This shows the beginning; I save the first 3,000 characters.",
        )));
    }
    blocks.push(Block::Context(Markup::from(if is_private {
        "These words are from a private conversation. Everyone in the channel that you choose will be able to read them."
    } else {
        "Everyone in the channel that you choose will be able to read them. They stay even if the message goes."
    })));
    Modal {
        callback: "saving:form".to_owned(),
        title: "Save for…".to_owned(),
        submit: "Save".to_owned(),
        close: "Cancel".to_owned(),
        private,
        blocks,
        tell_closed: false,
    }
}

/// What a person reads who would save another person's words from a private conversation.
pub fn private_words() -> Message {
    Message::new(
        "That message is from a private conversation and isn't yours, so I haven't saved it. You can save your own messages \
         from here.",
    )
    .with_context("Ask the person who wrote it to save it, or put it into your own words.")
}

/// What a person reads who would save a message without words.
pub fn no_words() -> Message {
    Message::new("That message has no words that I could save. Write a line about it, and save that.")
}

/// What a person reads for whom there is nothing to save words for.
pub fn no_place() -> Message {
    Message::new("None of your channels has anything yet to save this for.")
        .with_context("Once something with an agenda runs in one of them, you can save words for it.")
}

/// What a person reads whose form is too old, or of another release.
pub fn gone() -> Message {
    Message::new(
        "I don't have these words any more, so nothing was saved. Use *Save for…* on the message again.",
    )
}

/// What a person reads who sends the same form twice.
pub fn saved_already() -> Message {
    Message::new("That's saved already.")
}
