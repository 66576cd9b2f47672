//! What people read who join a programme, leave it or skip an occasion.

use super::{button, called, next_occasion, way_of, when};
use crate::{
    common::{
        people::messages::edit,
        programmes::{participants::Part, press::Press},
        words::Words,
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
pub fn joined(words: &Words, next: Option<&Occurrence>) -> Message {
    Message::new(say!("You're in. {}", coming(words, next)))
}

/// What a person reads who takes part again, and is away when the next occasion comes.
pub fn joined_but_away(words: &Words, next: Option<&Occurrence>) -> Message {
    Message::new(say!("You're in, from the {} after the next on. {}", words.occasion, coming(words, next)))
        .with_context("Your own settings say that you're away on that day.")
        .with_buttons(vec![edit("My settings")])
}

/// What a person reads who takes part again, and has a public holiday when the next occasion comes.
pub fn joined_on_a_holiday(words: &Words, next: Option<&Occurrence>, holiday: &str) -> Message {
    Message::new(say!("You're in, from the {} after the next on. {}", words.occasion, coming(words, next)))
        .with_context(say!(
            "That day is a public holiday in your country or region: {}.",
            Markup::words(holiday)
        ))
        .with_buttons(vec![edit("My settings")])
}

/// What a person reads who joins and took part already.
pub fn already_in(words: &Words, next: Option<&Occurrence>) -> Message {
    Message::new(say!("You're already in. {}", coming(words, next)))
}

fn coming(words: &Words, next: Option<&Occurrence>) -> Markup {
    next.map_or_else(
        || say!("No {} is planned at the moment.", words.occasion),
        |next| next_occasion(words, next),
    )
}

/// What a person reads who joins a programme of a channel that they are not in.
pub fn not_in_channel(words: &Words, channel: &ChannelId) -> Message {
    let programmes = words.at_start();
    Message::new(say!("{} are for people in {}. Join the channel, and you take part.", programmes, channel))
}

/// What a person reads who says something of their part and is not among the people of the channel, who may be about to
/// come there, or of another workspace.
pub fn not_seen(words: &Words, channel: &ChannelId) -> Message {
    Message::new(say!("I've noted that, but I don't see you among {} in {}.", words.takers, channel))
        .with_context(say!(
            "If you've just joined the channel, that will change in a moment. {}",
            words.strangers
        ))
}

/// What a person reads who has left.
pub fn left(words: &Words, (name, channel): (&str, &ChannelId), programme: &str) -> Message {
    Message::new(say!("You've left {} in {}. I won't tell anyone.", called(words, name), channel))
        .with_context(say!("You stay in the channel. {}", words.after_leaving))
        .with_buttons(vec![again(words, programme)])
}

/// What a person reads who skips an occasion and has left before.
pub fn already_left(words: &Words, (name, channel): (&str, &ChannelId), programme: &str) -> Message {
    let chats = called(words, name);
    Message::new(say!("You've already left {} in {}, so there's nothing to skip.", chats, channel))
        .with_buttons(vec![again(words, programme)])
}

fn again(words: &Words, programme: &str) -> Button {
    button(words, "Join again", Press::Join, programme, ButtonStyle::Plain)
}

/// What a person reads who skips an occasion.
pub fn skipping(words: &Words, next: &Occurrence, name: &str, programme: &str) -> Message {
    let of = if name.is_empty() { Markup::default() } else { say!(" of {}", called(words, name)) };
    Message::new(say!(
        "You're skipping the {}{} on {}. After that you're back in.",
        words.occasion,
        of,
        when(next)
    ))
    .with_buttons(vec![button(
        words,
        "Take part after all",
        Press::Join,
        programme,
        ButtonStyle::Plain,
    )])
}

/// The answer to a button that skips an occasion which is over or has moved.
pub fn another_is_next(words: &Words, next: &Occurrence, command: &str) -> Message {
    Message::new(say!(
        "That {} isn't ahead any more, so nothing has changed. The next one is on {}: {} skips it.",
        words.occasion,
        when(next),
        way_of(command, "skip")
    ))
}

/// What a person reads who skips an occasion when none is planned.
pub fn nothing_to_skip(words: &Words) -> Message {
    Message::new(say!("No {} is planned here, so there's nothing to skip.", words.occasion))
}

/// What a person can do about their own part: a sentence. `has_next` says whether an occasion is planned.
pub fn yours(words: &Words, part: Part, has_next: bool, command: &str) -> Markup {
    let way = |way: &str| way_of(command, way);
    match part {
        Part::TakesPart if !has_next => say!("{} takes you out.", way("leave")),
        Part::TakesPart => {
            say!("{} skips the next {}, {} takes you out.", way("skip"), words.occasion, way("leave"))
        }
        Part::Skips => say!("You're skipping the next {}; {} puts you back in.", words.occasion, way("join")),
        Part::IsAway => say!(
            "Your own settings say that you're away that day, so you're not in the next {}.",
            words.occasion
        ),
        Part::HasHoliday => say!(
            "That day is a public holiday in your country or region, so you're not in the next {}.",
            words.occasion
        ),
        Part::IsNotChosen => Markup::from("You're not among the people who were chosen to take part."),
        Part::IsNotSeen => say!("You're not among {} here.", words.takers),
        Part::HasLeft => say!("You've left these {}; {} brings you back.", words.short, way("join")),
    }
}
