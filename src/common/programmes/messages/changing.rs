//! What people read of programmes that are stopped, and of several among which they choose.

use chrono::NaiveDate;

use super::{button, called, heading, start_again, when};
use crate::{
    common::{
        programmes::{press::Press, request::Verb},
        words::Words,
    },
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Markup, date, date_as_of},
    },
    say,
};

/// What a person reads whose change met the beginning of an occasion.
pub fn occasion_begins(words: &Words) -> Message {
    Message::new(say!(
        "A {} is just beginning, so nothing has changed. Try again in a few seconds.",
        words.occasion
    ))
}

/// What a person reads whose command may mean several programmes: a button for each, by its name.
pub fn which(words: &Words, verb: Verb, running: &[(&str, &str)]) -> Message {
    /// A longer list isn't read.
    const MOST: usize = 20;
    let (plural, occasion) = (words.plural, words.occasion);
    let (question, press) = match verb {
        Verb::Stop => (say!("Which {} do you want to stop?", plural), Press::Stop),
        Verb::Join => (say!("Which {} do you want to join again?", plural), Press::Join),
        Verb::Leave => (say!("Which {} do you want to leave?", plural), Press::Leave),
        Verb::Skip => (say!("Of which {} do you want to skip the next {}?", plural, occasion), Press::Skip),
        Verb::Pause => (say!("Which {} do you want to pause?", plural), Press::Pause),
        Verb::Resume => (say!("Which {} do you want to resume?", plural), Press::Resume),
        Verb::Status | Verb::Help | Verb::Start | Verb::Away | Verb::Back | Verb::Cancel | Verb::Move => {
            (say!("Several {} run here. Which ones?", plural), Press::Status)
        }
    };
    let one = |(name, id): &(&str, &str)| {
        let label = if name.is_empty() { "The ones without a name" } else { name };
        button(words, label, press, id, ButtonStyle::Plain)
    };
    // Slack wants different actions in one row, so each has a row of its own.
    running
        .iter()
        .take(MOST)
        .map(one)
        .fold(Message::new(question), |message, button| message.with_buttons(vec![button]))
}

/// What the channel reads when a programme ends.
pub fn announcement_of_stop(
    words: &Words,
    stopper: &UserId,
    (name, is_once): (&str, bool),
    was_held: bool,
    command: &str,
) -> Message {
    let thanks = if was_held { say!(" {}", words.thanks) } else { Markup::default() };
    let said = say!("{} has stopped {}.{}", stopper, called(words, name), thanks);
    Message::new(said).with_context(say!(
        "{} I'll remember {}.",
        starts_again(words, (name, is_once), command),
        words.remembered
    ))
}

/// What the message becomes in the channel that said that a programme begins, once it is stopped.
pub fn began_and_stopped(words: &Words, name: &str, (began, stopped): (NaiveDate, NaiveDate)) -> Message {
    let name = match name {
        "" => say!("{} were", words.at_start()),
        name => say!("{} was", Markup::bold(name)),
    };
    Message::new(say!(
        "{} {} set up here on {}, and stopped on {}.",
        words.emoji,
        name,
        date_as_of(stopped, began),
        date(stopped)
    ))
}

/// Says how a programme that was stopped starts again.
pub(super) fn starts_again(words: &Words, (name, is_once): (&str, bool), command: &str) -> Markup {
    let way = start_again(name, command);
    if is_once {
        return say!("{} with a new time holds another {}.", way, words.occasion);
    }
    say!("{} starts them again at the same times.", way)
}

/// What a person reads before a programme ends; the value of the button names the start that it ends.
pub fn ask_to_stop(
    words: &Words,
    (name, channel): (&str, &ChannelId),
    people: usize,
    (next, unfinished): (Option<&Occurrence>, &Markup),
    start: &str,
) -> Message {
    let people = match people {
        0 => Markup::from("No one takes part at the moment"),
        1 => Markup::from("1 person takes part"),
        people => say!("{} people take part", people),
    };
    let lost = match next {
        Some(next) => say!("the {} on {} won't happen", words.occasion, when(next)),
        None => say!("no {} is planned", words.occasion),
    };
    let stop = format!("Stop these {}", words.short);
    let unfinished = if unfinished.as_str().is_empty() { Markup::default() } else { say!(" {}", unfinished) };
    Message::new(say!(
        "*Stop {} in {}?*\n{}, and {}.{}",
        heading(words, name),
        channel,
        people,
        lost,
        unfinished
    ))
    .with_buttons(vec![
        button(words, &stop, Press::StopNow, start, ButtonStyle::Danger),
        button(words, "Keep them", Press::NotNow, "-", ButtonStyle::Plain),
    ])
}

/// What a person reads who has stopped a programme.
pub fn stopped(words: &Words, name: &str, channel: &ChannelId) -> Message {
    Message::new(say!(
        "I've stopped {} in {}. I'm telling the channel, unless I've been removed from it.",
        called(words, name),
        channel
    ))
}

/// What an organiser reads when Slack refuses the announcement, with this error.
pub fn unannounced(
    words: &Words,
    channel: &ChannelId,
    programme: &str,
    error: &str,
    bot: &UserId,
) -> Message {
    let stop = format!("Stop these {}", words.short);
    Message::new(say!(
        "The {} in {} are on, but I couldn't post about them there: Slack says {}.",
        words.plural,
        channel,
        Markup::code(error)
    ))
    .with_context(say!(
        "Type `/invite` {} there, or let me post. Until then, please tell people yourself.",
        bot
    ))
    .with_buttons(vec![button(words, &stop, Press::Stop, programme, ButtonStyle::Danger)])
}

/// Why occasions are cancelled when their programme is stopped.
pub fn why_stopped(words: &Words) -> String {
    format!("the {} were stopped", words.short)
}

/// Why they are when it pauses.
pub fn why_paused(words: &Words) -> String {
    format!("the {} were paused", words.short)
}

/// Why they are when it moves to other times.
pub fn why_moved(words: &Words) -> String {
    format!("the {} were moved to other times", words.short)
}

/// Why a run around an occasion is cancelled that the options plan no more.
pub fn why_switched_off() -> &'static str {
    "it was switched off"
}
