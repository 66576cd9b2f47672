//! What people read of an occasion that is cancelled.

use chrono::NaiveDate;

use super::{called, next_occasion, way_of, when};
use crate::{
    common::words::Words,
    model::{
        cadence::{Occurrence, WrongDays},
        message::Message,
        people::UserId,
        text::{Markup, all_of, date_with_year},
    },
    say,
};

/// Why a cancelled occasion did not come: a part of a sentence.
pub const WHY_CANCELLED: &str = "it was cancelled";

/// What the channel reads of an occasion that doesn't come; the reason is empty where none was given.
pub fn announcement_of_cancellation(
    words: &Words,
    by: &UserId,
    (name, occasion, reason): (&str, &Occurrence, &str),
    next: Option<&Occurrence>,
) -> Message {
    let of = if name.is_empty() { Markup::default() } else { say!(" of {}", called(words, name)) };
    Message::new(say!(
        "{} {} has cancelled the {}{} on {}{} {}",
        words.emoji,
        by,
        words.occasion,
        of,
        when(occasion),
        because(reason),
        coming(words, next)
    ))
}

/// What a person reads who has cancelled an occasion.
pub fn cancelled(
    words: &Words,
    (name, occasion, reason): (&str, &Occurrence, &str),
    next: Option<&Occurrence>,
    command: &str,
) -> Message {
    let of = if name.is_empty() { Markup::default() } else { say!(" of {}", called(words, name)) };
    Message::new(say!(
        "I've cancelled the {}{} on {}{} {} I'm announcing it here.",
        words.occasion,
        of,
        when(occasion),
        because(reason),
        coming(words, next)
    ))
    .with_context(say!(
        "Want it back? Press *Change* in {} and take the date out of the times.",
        way_of(command, "status")
    ))
}

fn because(reason: &str) -> Markup {
    if reason.is_empty() { Markup::from(".") } else { say!(" because {}.", Markup::plain(reason)) }
}

fn coming(words: &Words, next: Option<&Occurrence>) -> Markup {
    next.map_or_else(|| say!("No further {} is planned.", words.occasion), |next| next_occasion(words, next))
}

/// The refusal of a date without an occasion, with the next ones.
pub fn no_occasion_on(words: &Words, date: NaiveDate, is_left_out: bool, next: &[Occurrence]) -> Message {
    let why = if is_left_out { "is cancelled or left out already" } else { "isn't planned" };
    Message::new(say!(
        "A {} on {} {}, so nothing has changed.{}",
        words.occasion,
        date_with_year(date),
        why,
        the_next(words, next)
    ))
}

/// The refusal of words that are no date, with the next occasions.
pub fn which_date(words: &Words, wrong: &WrongDays, next: &[Occurrence], command: &str) -> Message {
    let said = match wrong {
        WrongDays::Missing => say!("Which {}?", words.occasion),
        WrongDays::NoSuchDay(said) => Markup::words(said),
        WrongDays::Unknown(typed) => say!("I don't know the date {}.", Markup::quoted(typed)),
        WrongDays::Over(span) => say!("{} is over.", date_with_year(span.last)),
        WrongDays::TooFar(span) | WrongDays::Long(span) => {
            say!("{} is more than a year ahead.", date_with_year(span.last))
        }
        WrongDays::Backwards => Markup::from("That's more than a date."),
    };
    let example = next.first().map(|next| next.wall.date().to_string());
    let example = example.map_or_else(|| "cancel Tuesday".to_owned(), |date| format!("cancel {date}"));
    Message::new(say!("{}{}", said, the_next(words, next))).with_context(say!(
        "Nothing has changed. For example: {}. {} ends them all; I'll ask you first.",
        way_of(command, &example),
        way_of(command, "stop")
    ))
}

fn the_next(words: &Words, next: &[Occurrence]) -> Markup {
    if next.is_empty() {
        return say!(" No {} is planned.", words.occasion);
    }
    let days: Vec<Markup> = next.iter().map(|next| date_with_year(next.wall.date())).collect();
    say!(" The next ones: {}.", Markup::join(&days, "; "))
}

/// The refusal of several days at once.
pub fn one_date(words: &Words, command: &str) -> Message {
    Message::new(say!(
        "I cancel one {} at a time, so nothing has changed. For a longer break, type {}.",
        words.occasion,
        way_of(command, "pause")
    ))
}

/// The refusal where several programmes run and no name says which.
pub fn cancel_which(words: &Words, date: &str, names: &[&str], command: &str) -> Message {
    let ways: Vec<Markup> = names
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| way_of(command, &format!("cancel {date} called {name}")))
        .collect();
    Message::new(say!(
        "Several {} run here, so nothing has changed. Say which: {}.",
        words.plural,
        all_of(&ways)
    ))
}

/// The refusal of a cancellation while a programme is paused.
pub fn nothing_to_cancel(words: &Words, command: &str) -> Message {
    Message::new(say!(
        "They're paused, so there's no {} to cancel. {} brings them back.",
        words.occasion,
        way_of(command, "resume")
    ))
}

/// The refusal of a reason that is too long.
pub fn long_reason(longest: usize) -> Message {
    Message::new(say!("That reason is too long, so nothing has changed. Up to {} characters fit.", longest))
}

/// The refusal where the times leave out as many dates as they can.
pub fn too_many_left_out(words: &Words) -> Message {
    Message::new(say!(
        "As many dates are cancelled already as I can keep. For a longer break, pause the {}.",
        words.short
    ))
}
