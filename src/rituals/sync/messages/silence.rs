//! What people read who have not answered several questions whether they lead.

use super::{WORDS, start::the_sync};
use crate::{
    common::programmes::messages::way_of,
    model::{
        message::{Button, ButtonStyle, Message},
        people::ChannelId,
        text::shorten,
    },
    say,
};

/// The action of a person who wants to be asked in their turn again. Its value is the programme.
pub const BACK_IN: &str = "sync:back_in";

/// How many characters its label has at most.
const LONGEST_LABEL: usize = 75;

/// What a person reads who is asked last from now on.
pub fn asked_last((name, channel): (&str, &ChannelId), programme: &str) -> Message {
    Message::new(say!(
        "{} I've asked you three times in a row whether you'll lead {} in {}, and had no answer. No harm done: from now on I'll ask \
         the others first, and you when no one else can.",
        WORDS.emoji,
        the_sync(name),
        channel
    ))
    .with_context(
        "The turns you owe wait for you, and no new ones are added meanwhile. To be asked as usual again, press *I'm back in*, or \
         offer to lead.",
    )
    .with_buttons(vec![back_in_button("", programme)])
}

/// The same message with the way back of a reader who is asked last.
pub fn with_way_back(message: Message, name: &str, programme: &str) -> Message {
    message
        .with_context(say!(
            "Three questions whether you'll lead {} had no answer, so I ask you last for now.",
            the_sync(name)
        ))
        .with_buttons(vec![back_in_button(name, programme)])
}

fn back_in_button(name: &str, programme: &str) -> Button {
    let label = if name.is_empty() { "I'm back in".to_owned() } else { format!("I'm back in: {name}") };
    Button {
        label: shorten(&label, LONGEST_LABEL),
        action: BACK_IN.to_owned(),
        value: programme.to_owned(),
        look: ButtonStyle::Plain,
    }
}

/// What a person reads who is back.
pub fn back_in((name, channel): (&str, &ChannelId), command: &str) -> Message {
    Message::new(say!(
        "Welcome back! I'll ask you to lead {} in {} in your turn again.",
        the_sync(name),
        channel
    ))
    .with_context(say!("{} shows who leads the next eight times.", way_of(command, "next")))
}

/// What a person reads who is asked in their turn already.
pub fn in_line_already((name, channel): (&str, &ChannelId), command: &str) -> Message {
    Message::new(say!("You're in: I ask you to lead {} in {} in your turn.", the_sync(name), channel))
        .with_context(say!("{} shows who leads the next eight times.", way_of(command, "next")))
}
