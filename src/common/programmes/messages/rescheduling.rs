//! What people read of an occasion that moves to another date or time.

use chrono::{NaiveDate, NaiveDateTime};

use super::{
    called,
    cancelling::{because, wrong_day},
    next_occasion, way_called, way_of, when,
};
use crate::{
    common::words::Words,
    model::{
        cadence::{Occurrence, WrongDays, WrongMoment},
        message::Message,
        people::UserId,
        text::{Markup, date_with_year},
    },
    say,
};

/// Why an occasion did not come at its first time: a part of a sentence.
pub const WHY_MOVED_AWAY: &str = "it was moved";

/// Why an occasion can't come at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WrongTarget {
    NotRead(WrongMoment),
    /// The date has no year, and would be nearly a year ahead.
    Year(NaiveDate),
    /// The clocks skip this time.
    Skipped(NaiveDateTime),
    Past(NaiveDateTime),
    TooFar(NaiveDateTime),
    /// It comes then already.
    Same,
    /// Another occasion comes on this date.
    Taken(NaiveDate),
    /// The programme is paused until this date.
    Paused(NaiveDate),
}

/// What the channel reads of an occasion that comes at another time; the reason is empty where none was given. `next` is the next
/// one, if that's another.
pub fn announcement_of_moved_occasion(
    words: &Words,
    by: &UserId,
    moved: (&str, &Occurrence, &Occurrence, &str),
    next: Option<&Occurrence>,
) -> Message {
    Message::new(say!("{} {} has moved {}{}", words.emoji, by, from_to(words, moved), coming(words, next)))
}

/// What a person reads who has moved an occasion.
pub fn moved_occasion(
    words: &Words,
    moved: (&str, &Occurrence, &Occurrence, &str),
    next: Option<&Occurrence>,
    (command, scope): (&str, &str),
) -> Message {
    let (_, from, to, _) = moved;
    let (date, time) = (from.wall.date(), from.wall.format("%H:%M"));
    let back = match (to.wall.date() == date, to.wall.time() == from.wall.time()) {
        (true, _) => format!("move {date} to {time}"),
        (false, true) => format!("move {} to {date}", to.wall.date()),
        (false, false) => format!("move {} to {date} at {time}", to.wall.date()),
    };
    Message::new(say!(
        "I've moved {} All others stay as they are.{} I'm announcing it here.",
        from_to(words, moved),
        coming(words, next)
    ))
    .with_context(say!("Want it back? Type {}.", way_called(command, &back, scope)))
}

/// Which occasion moves, from when to when and why, with a full stop at the end.
fn from_to(words: &Words, (name, from, to, reason): (&str, &Occurrence, &Occurrence, &str)) -> Markup {
    let of = if name.is_empty() { Markup::default() } else { say!(" of {}", called(words, name)) };
    say!("the {}{} on {} to {}{}", words.occasion, of, when(from), when(to), because(reason))
}

fn coming(words: &Words, next: Option<&Occurrence>) -> Markup {
    next.map_or_else(Markup::default, |next| say!(" {}", next_occasion(words, next)))
}

/// The refusal of a time to which an occasion can't move, with a free day for the example.
pub fn wrong_target(
    words: &Words,
    (from, free): (&Occurrence, Option<NaiveDate>),
    wrong: &WrongTarget,
    (command, scope): (&str, &str),
) -> Message {
    let at = |wall: &NaiveDateTime| {
        say!("{} at {}", date_with_year(wall.date()), Markup::words(&wall.format("%H:%M").to_string()))
    };
    let said = match wrong {
        WrongTarget::NotRead(WrongMoment::Days(WrongDays::Missing)) => {
            say!("To when shall the {} on {} move?", words.occasion, when(from))
        }
        WrongTarget::NotRead(WrongMoment::Days(wrong)) => wrong_day(wrong),
        WrongTarget::NotRead(WrongMoment::Several) => say!("A {} takes place on one day.", words.occasion),
        WrongTarget::NotRead(WrongMoment::Time(typed)) => {
            say!("I don't know the time {}.", Markup::quoted(typed))
        }
        WrongTarget::NotRead(WrongMoment::Ambiguous(typed)) => say!(
            "{} could be a day or a time. Write a day with the month's name, and a time with a colon.",
            Markup::quoted(typed)
        ),
        WrongTarget::Year(date) => {
            say!(
                "Do you mean {}? Then type it with the year: {}.",
                date_with_year(*date),
                Markup::code(&date.to_string())
            )
        }
        WrongTarget::Skipped(wall) => say!("The clocks skip {}.", at(wall)),
        WrongTarget::Past(wall) => say!("{} is over.", at(wall)),
        WrongTarget::TooFar(wall) => say!("{} is more than a year ahead.", at(wall)),
        WrongTarget::Same => say!("That {} is on {} already.", words.occasion, when(from)),
        WrongTarget::Taken(date) => {
            say!("{} has a {} already, and one a day is enough.", date_with_year(*date), words.occasion)
        }
        WrongTarget::Paused(until) => {
            say!("They're paused until {}, so choose that day or a later one.", date_with_year(*until))
        }
    };
    let date = from.wall.date();
    let day = free.map_or_else(Markup::default, |free| {
        say!("{}, or with a time: ", way_called(command, &format!("move {date} to {free}"), scope))
    });
    Message::new(said).with_context(say!(
        "Nothing has changed. For example: {}{}.",
        day,
        way_called(command, &format!("move {date} to 15:00"), scope)
    ))
}

/// The refusal where people were told of an occasion, which therefore keeps its date.
pub fn told_already(words: &Words, occasion: &Occurrence, command: &str) -> Message {
    Message::new(say!(
        "I've told people of the {} on {} already, so it stays the next one, and nothing has changed.",
        words.occasion,
        when(occasion)
    ))
    .with_context(say!(
        "{} cancels it. Later ones can be moved to a day after it.",
        way_of(command, &format!("cancel {}", occasion.wall.date()))
    ))
}
