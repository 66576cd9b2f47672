//! What people read who join, leave or skip a round.

use super::WORDS;
use crate::{
    common::{
        people::messages::edit,
        programmes::{
            messages::{button, called, next_occasion, way_of, when},
            press::Press,
        },
    },
    model::{
        cadence::Occurrence,
        message::{Button, ButtonStyle, Message},
        people::ChannelId,
        text::Markup,
    },
    say,
};

/// What a person reads who takes part again.
pub fn joined(next: Option<&Occurrence>) -> Message {
    Message::new(say!("You're in. {}", coming(next)))
}

/// What a person reads who takes part again, and is away when the next round comes.
pub fn joined_but_away(next: Option<&Occurrence>) -> Message {
    Message::new(say!("You're in, from the round after the next on. {}", coming(next)))
        .with_context("Your own settings say that you're away on that day.")
        .with_buttons(vec![edit("My settings")])
}

/// What a person reads who joins and took part already.
pub fn already_in(next: Option<&Occurrence>) -> Message {
    Message::new(say!("You're already in. {}", coming(next)))
}

fn coming(next: Option<&Occurrence>) -> Markup {
    next.map_or_else(
        || Markup::from("No round is planned at the moment."),
        |next| next_occasion(&WORDS, next),
    )
}

/// What a person reads who joins the chats of a channel that they are not in.
pub fn not_in_channel(channel: &ChannelId) -> Message {
    Message::new(say!("Coffee chats are for people in {}. Join the channel, and you take part.", channel))
}

/// What a person reads who says something of their part and is not among the people of the channel, who may be about to
/// come there, or of another workspace.
pub fn not_seen(channel: &ChannelId) -> Message {
    Message::new(say!("I've noted that, but I don't see you among the people I can introduce in {}.", channel))
        .with_context("If you've just joined the channel, that will change in a moment. I can't introduce people of other workspaces.")
}

/// What a person reads who has left.
pub fn left((name, channel): (&str, &ChannelId), programme: &str) -> Message {
    Message::new(say!("You've left {} in {}. I won't tell anyone.", called(&WORDS, name), channel))
        .with_context("You stay in the channel. If I've just introduced you to someone, you can still meet.")
        .with_buttons(vec![again(programme)])
}

/// What a person reads who skips a round and has left before.
pub fn already_left((name, channel): (&str, &ChannelId), programme: &str) -> Message {
    let chats = called(&WORDS, name);
    Message::new(say!("You've already left {} in {}, so there's nothing to skip.", chats, channel))
        .with_buttons(vec![again(programme)])
}

fn again(programme: &str) -> Button {
    button(&WORDS, "Join again", Press::Join, programme, ButtonStyle::Plain)
}

/// What a person reads who skips a round.
pub fn skipping(next: &Occurrence, name: &str, programme: &str) -> Message {
    let of = if name.is_empty() { Markup::default() } else { say!(" of {}", called(&WORDS, name)) };
    Message::new(say!("You're skipping the round{} on {}. After that you're back in.", of, when(next)))
        .with_buttons(vec![button(&WORDS, "Take part after all", Press::Join, programme, ButtonStyle::Plain)])
}

/// The answer to a button that skips a round which is over or has moved.
pub fn another_round_is_next(next: &Occurrence, command: &str) -> Message {
    Message::new(say!(
        "That round isn't ahead any more, so nothing has changed. The next one is on {}: {} skips it.",
        when(next),
        way_of(command, "skip")
    ))
}

/// What a person reads who skips a round when none is planned.
pub fn nothing_to_skip() -> Message {
    Message::new("No round is planned here, so there's nothing to skip.")
}
