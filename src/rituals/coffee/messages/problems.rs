//! What an organiser reads when a round could not be held as planned.

use super::WORDS;
use crate::{
    common::programmes::{messages::button, press::Press},
    model::{
        message::{ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::Markup,
    },
    say,
};

/// Why a round is left out, or its notice, as the status quotes it.
pub const NOT_IN_CHANNEL: &str = "I wasn't in the channel";
pub const FEW: &str = "fewer than two people took part";
pub const NOTHING_AHEAD: &str = "there's no round to tell of";

/// What stands in the way of a programme's rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundProblem<'t> {
    /// The channel is archived, or the bot was removed from it.
    Closed,
    /// The same for the third round in a row, so the chats are paused.
    ShutOut,
    /// Fewer than two people take part.
    Few,
    /// Slack refuses to open conversations, with this error.
    Refused(&'t str),
}

/// What the organiser reads about it.
pub fn trouble(trouble: RoundProblem<'_>, channel: &ChannelId, programme: &str, bot: &UserId) -> Message {
    let message = match trouble {
        RoundProblem::Closed => Message::new(say!(
            "I couldn't hold the coffee round in {}: the channel is archived, or I was removed from it.",
            channel
        ))
        .with_context(say!("Rounds go on once I'm back: restore the channel, or type `/invite` {} there.", bot)),
        RoundProblem::ShutOut => {
            let message = Message::new(say!(
                "I've paused the coffee chats in {}: for three rounds the channel was archived, or I wasn't in it.",
                channel
            ))
            .with_context(say!(
                "To go on, restore the channel or type `/invite` {} there, and then press *Resume*.",
                bot
            ));
            return message.with_buttons(vec![
                button(&WORDS, "Resume", Press::Resume, programme, ButtonStyle::Plain),
                button(&WORDS, "Stop these chats", Press::Stop, programme, ButtonStyle::Danger),
            ]);
        }
        RoundProblem::Few => Message::new(say!(
            "There was no coffee round in {} this time: it takes two people, and fewer take part.",
            channel
        ))
        .with_context("The next round goes ahead once more people join the channel."),
        RoundProblem::Refused(error) => Message::new(say!(
            "I couldn't introduce people in the coffee chats of {}: Slack says {}.",
            channel,
            Markup::code(error)
        ))
        .with_context(
            "Please tell the person who runs me: `rondo check` says what to fix, and `rondo outbox retry` then sends \
             the introductions.",
        ),
    };
    message.with_buttons(vec![button(
        &WORDS,
        "Stop these chats",
        Press::Stop,
        programme,
        ButtonStyle::Danger,
    )])
}
