//! What people read of an occasion that is cancelled, and of dates that have none.

use chrono::{NaiveDate, NaiveDateTime};

use super::{called, next_occasion, on_the_wall, way_called, way_of, when};
use crate::{
    common::{programmes::one_date::OneDate, words::Words},
    model::{
        cadence::{Occurrence, WrongDays},
        message::Message,
        people::UserId,
        text::{Markup, date_with_year},
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
    (command, scope): (&str, &str),
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
        "Want it back? Press *Change* in {} and untick that date.",
        way_called(command, "status", scope)
    ))
}

pub(super) fn because(reason: &str) -> Markup {
    if reason.is_empty() { Markup::from(".") } else { say!(" because {}.", Markup::plain(reason)) }
}

fn coming(words: &Words, next: Option<&Occurrence>) -> Markup {
    next.map_or_else(|| say!("No further {} is planned.", words.occasion), |next| next_occasion(words, next))
}

/// Why there is no occasion to change on a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoOccasion {
    /// It has begun, or is over.
    Begun,
    LeftOut,
    /// It was called off, for this reason.
    CalledOff(String),
    /// It comes at this other time.
    Moved(NaiveDateTime),
    /// The programme is paused until this date.
    Paused(NaiveDate),
    Never,
}

/// The refusal of a date without an occasion, with the next ones.
pub fn no_occasion_on(
    words: &Words,
    (change, date): (OneDate, NaiveDate),
    why: NoOccasion,
    next: &[Occurrence],
    (command, scope): (&str, &str),
) -> Message {
    let why = match why {
        NoOccasion::Begun => "has begun already",
        NoOccasion::CalledOff(reason) => {
            return Message::new(say!(
                "The {} of {} falls out already: {}. Nothing has changed.{}",
                words.occasion,
                date_with_year(date),
                Markup::words(&reason),
                the_next(words, next)
            ));
        }
        NoOccasion::LeftOut => "is cancelled or left out already",
        NoOccasion::Never => "isn't planned",
        NoOccasion::Paused(until) => {
            return Message::new(say!(
                "They're paused until {}, so no {} comes on {}, and nothing has changed.{}",
                date_with_year(until),
                words.occasion,
                date_with_year(date),
                the_next(words, next)
            ));
        }
        NoOccasion::Moved(to) => {
            return Message::new(say!(
                "The {} of {} was moved to {}, so nothing has changed.",
                words.occasion,
                date_with_year(date),
                on_the_wall(to)
            ))
            .with_context(say!("For that one: {}.", example(change, Some(to.date()), (command, scope))));
        }
    };
    Message::new(say!(
        "A {} on {} {}, so nothing has changed.{}",
        words.occasion,
        date_with_year(date),
        why,
        the_next(words, next)
    ))
}

/// The refusal of words that are no date, with the next occasions, unless several programmes may be meant.
pub fn which_date(
    words: &Words,
    change: OneDate,
    wrong: &WrongDays,
    next: Option<&[Occurrence]>,
    (command, scope): (&str, &str),
) -> Message {
    let said = match wrong {
        WrongDays::Missing => say!("Which {}?", words.occasion),
        wrong => wrong_day(wrong),
    };
    let all = match change {
        OneDate::Cancel => say!("{} ends them all; I'll ask you first.", way_of(command, "stop")),
        OneDate::Move => say!("{} moves them all; I'll ask you first.", way_of(command, &words.start())),
    };
    let the_next = next.map_or_else(Markup::default, |next| the_next(words, next));
    Message::new(say!("{}{}", said, the_next)).with_context(say!(
        "Nothing has changed. For example: {}. {}",
        example(change, next.and_then(<[Occurrence]>::first).map(|next| next.wall.date()), (command, scope)),
        all
    ))
}

/// What is wrong with words that name no day: a sentence.
pub(super) fn wrong_day(wrong: &WrongDays) -> Markup {
    match wrong {
        WrongDays::Missing => Markup::from("Which day?"),
        WrongDays::NoSuchDay(said) => Markup::words(said),
        WrongDays::Unknown(typed) => {
            say!("I don't know the date {}.{}", Markup::quoted(typed), how_to_write(typed))
        }
        WrongDays::Over(span) => say!("{} is over.", date_with_year(span.last)),
        WrongDays::TooFar(span) | WrongDays::Long(span) => {
            say!("{} is more than a year ahead.", date_with_year(span.last))
        }
        WrongDays::Backwards => Markup::from("That's more than a date."),
    }
}

/// What to type to change an occasion, or the next one on a Tuesday.
pub(super) fn example(change: OneDate, date: Option<NaiveDate>, (command, scope): (&str, &str)) -> Markup {
    let day = |date: Option<NaiveDate>, usual: &str| date.map_or(usual.to_owned(), |date| date.to_string());
    let way = match change {
        OneDate::Cancel => format!("cancel {}", day(date, "Tuesday")),
        OneDate::Move => {
            let to = date.and_then(|date| date.succ_opt());
            format!("move {} to {}", day(date, "Tuesday"), day(to, "Wednesday"))
        }
    };
    way_called(command, &way, scope)
}

/// The question which year is meant, where a date without one would be nearly a year ahead.
pub fn which_year(
    words: &Words,
    change: OneDate,
    date: NaiveDate,
    next: &[Occurrence],
    (command, scope): (&str, &str),
) -> Message {
    let way = match change {
        OneDate::Cancel => format!("cancel {date}"),
        OneDate::Move => format!("move {date} to …"),
    };
    Message::new(say!(
        "Do you mean {}? Then type it with the year: {}.{}",
        date_with_year(date),
        way_called(command, &way, scope),
        the_next(words, next)
    ))
    .with_context("Nothing has changed.")
}

fn the_next(words: &Words, next: &[Occurrence]) -> Markup {
    if next.is_empty() {
        return say!(" No {} is planned.", words.occasion);
    }
    let days: Vec<Markup> = next.iter().map(|next| date_with_year(next.wall.date())).collect();
    say!(" The next ones: {}.", Markup::join(&days, "; "))
}

/// The refusal of several days at once.
pub fn one_date(words: &Words, change: OneDate, command: &str) -> Message {
    Message::new(say!(
        "I {} one {} at a time, so nothing has changed. For a longer break, type {}.",
        change.verb(),
        words.occasion,
        way_of(command, "pause")
    ))
}

/// The refusal of a change of an occasion while a programme is paused.
pub fn paused_meanwhile(words: &Words, change: OneDate, command: &str) -> Message {
    Message::new(say!(
        "They're paused, so there's no {} to {}. {} brings them back.",
        words.occasion,
        change.verb(),
        way_of(command, "resume")
    ))
}

/// The refusal of a reason that is too long.
pub fn long_reason(longest: usize) -> Message {
    Message::new(say!("That reason is too long, so nothing has changed. Up to {} characters fit.", longest))
}

/// The refusal of new times that leave out so many dates that those of the old ones don't fit in.
pub fn too_many_kept() -> Message {
    Message::new(
        "With the dates that were cancelled or moved, that's more single dates than I can keep, so nothing has changed. Leave out fewer.",
    )
}

/// The refusal where the times have as many exceptions as they can.
pub fn too_many_left_out(words: &Words, change: OneDate) -> Message {
    let (are, way) = match change {
        OneDate::Cancel => ("cancelled", say!("For a longer break, pause the {}.", words.short)),
        OneDate::Move => ("moved", say!("Cancel this {}, or change the times of all.", words.occasion)),
    };
    Message::new(say!("As many dates are {} already as I can keep, so nothing has changed. {}", are, way))
}

/// How to write a date, behind one with slashes, which people read as day and month in either order: a sentence.
pub(super) fn how_to_write(typed: &str) -> Markup {
    let has_slashes = typed
        .split_whitespace()
        .any(|word| word.contains('/') && word.chars().all(|c| c.is_ascii_digit() || c == '/'));
    if !has_slashes {
        return Markup::default();
    }
    say!(
        " Write it as {} or {}: day and month could be either way round here.",
        Markup::code("15 December"),
        Markup::code("2026-12-15")
    )
}
