//! What people read who say that they are away, or back.

use chrono::NaiveDate;

use super::way_of;
use crate::{
    common::people::{Away, messages::edit},
    model::{
        cadence::{DaySpan, WrongDays},
        message::Message,
        text::{Markup, date_as_of, date_with_year},
    },
    say,
};

/// What a person reads who is away on these days.
pub fn away(away: Away, today: NaiveDate, command: &str) -> Message {
    let days = if away.from == away.to {
        say!("on {}", date_as_of(today, away.from))
    } else if away.from <= today {
        say!("until {}, that day included", date_as_of(today, away.to))
    } else {
        say!("from {} to {}, both days included", date_as_of(today, away.from), date_as_of(today, away.to))
    };
    let is_now = (away.from..=away.to).contains(&today);
    let message =
        Message::new(say!("Noted: you're away {}. I leave you out of everything on those days.", days));
    let message = if is_now {
        message.with_context(say!("Back earlier? {} ends it.", way_of(command, "back")))
    } else {
        message.with_context("Plans changed? *My settings* has your next time away.")
    };
    message.with_buttons(vec![edit("My settings")])
}

/// What a person reads who is back.
pub fn back(next: Option<Away>, today: NaiveDate) -> Message {
    let message = Message::new("Welcome back! You're in again from today.");
    match next {
        Some(next) => message.with_context(coming(next, today)).with_buttons(vec![edit("My settings")]),
        None => message,
    }
}

/// What a person reads who is back and was not away.
pub fn not_away(next: Option<Away>, today: NaiveDate, command: &str) -> Message {
    let message = Message::new("You aren't away today, so nothing has changed.");
    match next {
        Some(next) => message.with_context(coming(next, today)).with_buttons(vec![edit("My settings")]),
        None => message.with_context(say!("{} says when you are.", way_of(command, "away until Friday"))),
    }
}

fn coming(next: Away, today: NaiveDate) -> Markup {
    if next.from == next.to {
        return say!("You're away next on {}. *My settings* changes that.", date_as_of(today, next.from));
    }
    say!(
        "You're away next from {} to {}. *My settings* changes that.",
        date_as_of(today, next.from),
        date_as_of(today, next.to)
    )
}

/// What a person reads who typed something behind `back`.
pub fn back_takes_no_day(command: &str) -> Message {
    Message::new(say!(
        "Nothing has changed: {} ends your time away today. To be away until a day, type {}.",
        way_of(command, "back"),
        way_of(command, "away until Friday")
    ))
}

/// What a person reads who has more times away than fit.
pub fn too_many_times_away(most: usize) -> Message {
    Message::new(say!("You have {} times away ahead already, and that's as many as fit.", most))
        .with_context("Nothing has changed. *My settings* has the next one.")
        .with_buttons(vec![edit("My settings")])
}

/// What a person reads who typed no days that can be used.
pub fn wrong_days(wrong: &WrongDays, today: NaiveDate, command: &str) -> Message {
    let examples = say!(
        "Nothing has changed. For example: {}, {} or {}.",
        way_of(command, "away until Friday"),
        way_of(command, "away 3 to 10 December"),
        way_of(command, "away until 2026-12-20")
    );
    let said = match wrong {
        WrongDays::Missing => Markup::from("When are you away?"),
        WrongDays::Unknown(words) => say!("I don't know the day {}.", Markup::quoted(words)),
        WrongDays::NoSuchDay(said) => Markup::words(said),
        WrongDays::Over(DaySpan { last, .. }) => say!("{} is over.", date_with_year(*last)),
        WrongDays::TooFar(DaySpan { last, .. }) => {
            say!("{} is more than a year ahead, and a year is as far as it goes.", date_with_year(*last))
        }
        WrongDays::Backwards => Markup::from("Your last day away comes before the first."),
        WrongDays::Long(span) => {
            let days = format!("away {} to {}", span.first, span.last);
            return Message::new(say!(
                "That would be {} to {}: {} days. If you mean that, type {}.",
                date_as_of(today, span.first),
                date_as_of(today, span.last),
                (span.last - span.first).num_days() + 1,
                way_of(command, &days)
            ));
        }
    };
    Message::new(said).with_context(examples)
}
