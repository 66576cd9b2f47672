//! Every word of *Save for…*.

use crate::{
    model::{
        event::LONGEST_WORDS,
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

/// The form that asks what words are saved for; `chosen` is the id of the place that it offers first.
pub fn form(
    (words, author): (&str, Option<&UserId>),
    is_private: bool,
    (places, chosen): (Vec<SavePlace>, Option<String>),
    private: String,
) -> Modal {
    let option =
        |place: SavePlace| SelectOption { label: shorten(&place.label, LONGEST_LABEL), value: place.id };
    let reach = Reach::of(&places);
    let zone = places.iter().find_map(|place| place.times_in);
    let options: Vec<SelectOption> = places.into_iter().map(option).collect();
    let by = author.map_or_else(Markup::default, |author| say!("By {}:\n", author));
    let shown = Markup::quote(&shorten(words, LONGEST_SHOWN));
    let mut blocks = vec![
        Block::Text(say!("{}{}", by, shown)),
        Block::Input(Input {
            name: PLACE.to_owned(),
            label: "What for?".to_owned(),
            hint: zone.map(|zone| format!("Times are in {zone}.")),
            optional: false,
            field: Field::Choice { options, chosen, shape: Shape::Menu },
        }),
    ];
    let characters = words.chars().count();
    if characters > LONGEST_SHOWN {
        blocks.push(Block::Context(Markup::from(if characters < LONGEST_WORDS {
            "This shows the beginning; I save all of it."
        } else {
            "This shows the beginning; I save the first 3,000 characters."
        })));
    }
    let names = if author.is_some() { "your name and the author's" } else { "your name" };
    let whence = if is_private { "This is from a private conversation. " } else { "" };
    blocks.push(Block::Context(say!("{}{}", whence, reach.said(names))));
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

/// Who will read the words.
struct Reach {
    has_private: bool,
    has_channels: bool,
}

impl Reach {
    fn of(places: &[SavePlace]) -> Reach {
        let has_private = places.iter().any(|place| place.is_private);
        Reach { has_private, has_channels: places.iter().any(|place| !place.is_private) }
    }

    fn said(&self, names: &'static str) -> Markup {
        let kept = "They stay even if the message goes; you can take them back.";
        match (self.has_private, self.has_channels) {
            (true, false) => Markup::from("These words stay between you and me, even if the message goes."),
            (true, true) => say!(
                "A promise of yours or a note for a retro stays between you and me. For anything else, everyone in the channel that \
                 you choose will be able to read these words, with {}. {}",
                names,
                kept
            ),
            (false, _) => say!(
                "Everyone in the channel that you choose will be able to read these words, with {}. {}",
                names,
                kept
            ),
        }
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
        "I don't have these words any more, so nothing was saved: a form keeps them for a day. Save the message, or type the \
         words, again.",
    )
}

/// What a person reads who sends the same form twice.
pub fn saved_already() -> Message {
    Message::new("That's saved already.")
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use super::*;
    use crate::model::message::reading::{read, read_modal};

    fn places() -> Vec<SavePlace> {
        let place = |id: &str, label: &str| SavePlace {
            id: id.to_owned(),
            label: label.to_owned(),
            times_in: label.contains("10:00").then_some(Tz::Europe__Lisbon),
            ..SavePlace::default()
        };
        vec![
            place("sync P", "#team: the next sync, Tuesday, 6 January at 10:00"),
            place("sync Q", "#team: Planning"),
        ]
    }

    fn offered(words: &str, author: Option<&UserId>, is_private: bool) -> String {
        let places = (places(), Some("sync P".to_owned()));
        read_modal(&form((words, author), is_private, places, String::new()))
    }

    #[test]
    fn a_form_says_who_will_read_the_words() {
        insta::assert_snapshot!(offered("Who's on <call>?\nAsk", Some(&"CY".into()), false), @r"
        Save for…:
        By <@CY>:
        >Who's on &lt;call&gt;?
        >Ask
        What for?: sync P (Times are in Europe/Lisbon.)
        (Everyone in the channel that you choose will be able to read these words, with your name and the author's. They stay even if the message goes; you can take them back.)
        [Cancel] [Save]
        ");
        insta::assert_snapshot!(offered("Mine", None, true), @r"
        Save for…:
        >Mine
        What for?: sync P (Times are in Europe/Lisbon.)
        (This is from a private conversation. Everyone in the channel that you choose will be able to read these words, with your name. They stay even if the message goes; you can take them back.)
        [Cancel] [Save]
        ");
    }

    #[test]
    fn a_form_says_how_much_is_saved() {
        let of = |characters: usize| offered(&"x".repeat(characters), None, false);
        assert!(!of(500).contains("beginning"));
        assert!(of(501).contains("(This shows the beginning; I save all of it.)"));
        assert!(of(3_000).contains("(This shows the beginning; I save the first 3,000 characters.)"));
    }

    #[test]
    fn what_cannot_be_saved_is_refused() {
        insta::assert_snapshot!(read(&private_words()), @r"
        That message is from a private conversation and isn't yours, so I haven't saved it. You can save your own messages from here.
        (Ask the person who wrote it to save it, or put it into your own words.)
        ");
        insta::assert_snapshot!(read(&no_words()), @"That message has no words that I could save. Write a line about it, and save that.");
        insta::assert_snapshot!(read(&no_place()), @r"
        None of your channels has anything yet to save this for.
        (Once something with an agenda runs in one of them, you can save words for it.)
        ");
        insta::assert_snapshot!(read(&gone()), @"I don't have these words any more, so nothing was saved: a form keeps them for a day. Save the message, or type the words, again.");
        insta::assert_snapshot!(read(&saved_already()), @"That's saved already.");
    }
}
