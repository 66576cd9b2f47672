//! All that people read.

use rondo::{
    model::{
        message::{Button, ButtonStyle, Message},
        people::UserId,
        text::Markup,
    },
    say,
};

use super::plan::Note;

pub const DONE: &str = "toy:done";

pub fn help(command: &str, hours: u32) -> Message {
    Message::new(say!(
        "Type {} and what to remember; I'll remind this channel after {} h.",
        Markup::code(command),
        i64::from(hours)
    ))
}

pub fn noted(words: &str) -> Message {
    Message::new(say!("Noted: {}", Markup::words(words)))
}

pub fn reminder(note: &Note) -> Message {
    let done = Button {
        label: "Done".to_owned(),
        action: DONE.to_owned(),
        value: note.id.clone(),
        look: ButtonStyle::Plain,
    };
    Message::new(say!("Remember: {}", Markup::words(&note.words))).with_buttons(vec![done])
}

pub fn done(note: &Note, by: &UserId) -> Message {
    Message::new(say!("Done by {}: {}", by, Markup::words(&note.words)))
}

pub fn done_already() -> Message {
    Message::new("That was done already.")
}
