//! What people read of a programme that has come to the end of its times.

use chrono::NaiveDate;

use super::{button, called, way_of};
use crate::{
    common::{programmes::press::Press, words::Words},
    model::{
        cadence::Cadence,
        message::{ButtonStyle, Message},
        people::ChannelId,
        text::{Markup, date_with_year},
    },
    say,
};

/// Why it isn't said that there are no more: a part of a sentence.
pub const GOES_ON: &str = "they go on, or were stopped";
pub const NOT_OVER: &str = "the last one isn't over yet";

/// What the channel reads when a programme has come to its end.
pub fn announcement_of_end(words: &Words, name: &str, until: NaiveDate, was_held: bool) -> Message {
    let thanks = if was_held { say!(" {}", words.thanks) } else { Markup::default() };
    Message::new(say!(
        "{} That was it for {}: they were set up until {}.{}",
        words.emoji,
        called(words, name),
        date_with_year(until),
        thanks
    ))
}

/// What its organisers read then.
pub fn ask_to_go_on(
    words: &Words,
    (name, channel): (&str, &ChannelId),
    until: NaiveDate,
    programme: &str,
) -> Message {
    Message::new(say!(
        "{} {} in {} ran until {}, as you'd set them up, and no further {} is planned.",
        words.emoji,
        if name.is_empty() { words.at_start() } else { Markup::bold(name) },
        channel,
        date_with_year(until),
        words.occasion
    ))
    .with_context(
        "If that's right, there's nothing to do. *Go on* opens the form, where you give them new times.",
    )
    .with_buttons(vec![button(words, "Go on", Press::Change, programme, ButtonStyle::Plain)])
}

/// Says that no further occasion comes.
pub fn no_more(words: &Words, cadence: &Cadence, command: &str) -> Markup {
    let until = cadence
        .until
        .map_or_else(Markup::default, |until| say!(": they were set up until {}", date_with_year(until)));
    say!(
        "No further {} is planned{}. {} with times starts them anew.",
        words.occasion,
        until,
        way_of(command, "start")
    )
}
