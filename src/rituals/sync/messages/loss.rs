//! What people read who don't lead a sync after all.

use chrono::NaiveDate;

use super::before::SyncPlace;
use crate::{
    common::programmes::Part,
    model::{
        message::Message,
        people::UserId,
        text::{Markup, date},
    },
    say,
};

/// What follows of a pause for a person whose turn it ends.
const WHEN_BACK: &str = "If it's your turn when they're back, I'll ask you again.";

/// Why a turn isn't a person's any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss<'l> {
    /// They said no.
    Declined,
    /// They said no, and there is no one else to ask.
    LastDeclined,
    /// They did not answer in time.
    Silent,
    /// The same, for the third time in a row: from now on they are asked last.
    AskedLast,
    /// They did not answer in time, and are away.
    Away,
    /// This person has offered to lead.
    Volunteered(&'l UserId),
    /// This person leads in their place, and they lead on a later date in return.
    Swapped(&'l UserId, Option<NaiveDate>),
    /// They led in return for a turn of this date, which this person doesn't lead any more, and why not.
    SwapOver(&'l UserId, NaiveDate, &'l Loss<'l>),
    /// They don't take part on that day.
    Absent(Part),
    /// This person has cancelled the sync.
    Cancelled(&'l UserId),
    /// This person has skipped the sync for everyone.
    Skipped(&'l UserId),
    Paused(&'l UserId),
    Stopped(&'l UserId),
    /// The syncs come on other days.
    Moved,
    /// The sync has begun, and they lead it.
    Begun,
}

impl Loss<'_> {
    /// Whether the sync doesn't take place on that day, so that all its duties are over.
    pub fn ends_sync(self) -> bool {
        match self {
            Loss::Cancelled(_) | Loss::Skipped(_) | Loss::Paused(_) | Loss::Stopped(_) | Loss::Moved => true,
            Loss::Declined
            | Loss::LastDeclined
            | Loss::Silent
            | Loss::AskedLast
            | Loss::Away
            | Loss::Volunteered(_)
            | Loss::Swapped(..)
            | Loss::SwapOver(..)
            | Loss::Absent(_)
            | Loss::Begun => false,
        }
    }
}

/// Returns why a duty isn't `reader`'s any more, behind a colon; `None` where that is their own doing or another's offer.
pub(super) fn reason(loss: Loss<'_>, reader: &UserId) -> Option<Markup> {
    let by = |person: &UserId, what: &'static str| {
        let who = if person == reader { Markup::from("you've") } else { say!("{} has", person) };
        say!("{} {}", who, what)
    };
    Some(match loss {
        Loss::Absent(part) => Markup::from(why_absent(part)),
        Loss::Cancelled(by_whom) => by(by_whom, "cancelled it"),
        Loss::Skipped(by_whom) => by(by_whom, "skipped it for everyone"),
        Loss::Paused(by_whom) => by(by_whom, "paused the syncs"),
        Loss::Stopped(by_whom) => by(by_whom, "stopped the syncs"),
        Loss::Moved => Markup::from("there's no sync on that day now"),
        Loss::Declined
        | Loss::LastDeclined
        | Loss::Silent
        | Loss::AskedLast
        | Loss::Away
        | Loss::Volunteered(_)
        | Loss::Swapped(..)
        | Loss::SwapOver(..)
        | Loss::Begun => return None,
    })
}

/// What the messages about a turn become that isn't `reader`'s any more.
pub fn free(place: &SyncPlace<'_>, loss: Loss<'_>, reader: &UserId) -> Message {
    let gone = |follows: &'static str| {
        let why = reason(loss, reader).unwrap_or_default();
        let message = Message::new(say!("You don't lead {}: {}.", place.say(), why));
        if follows.is_empty() { message } else { message.with_context(follows) }
    };
    match loss {
        Loss::Declined => Message::new(say!("Thanks for telling me: you don't lead {}.", place.say()))
            .with_context("I'll ask the next in line, and your turn comes later."),
        Loss::LastDeclined => Message::new(say!("Thanks for telling me: you don't lead {}.", place.say()))
            .with_context("There's no one else to ask, so its organisers hear of it. Your turn comes later."),
        Loss::Silent => Message::new(say!("There was no yes in time, so you don't lead {}.", place.say()))
            .with_context("I've asked the next in line, and your turn comes later."),
        Loss::AskedLast => Message::new(say!("There was no yes in time, so you don't lead {}.", place.say()))
            .with_context("I've asked the next in line."),
        Loss::Away => Message::new(say!("You're away, so you don't lead {}.", place.say())).with_context(
            "I've asked the next in line, and your turn comes later. It doesn't count as silence.",
        ),
        Loss::Volunteered(volunteer) => Message::new(say!(
            "{} has offered to lead {} in your place.",
            Markup::first(volunteer),
            place.say()
        ))
        .with_context("Your turn comes later. If they can't after all, I may ask you again."),
        Loss::Swapped(to, in_return) => {
            let message =
                Message::new(say!(":white_check_mark: {} leads {} in your place.", to, place.say()));
            match in_return {
                Some(day) => message.with_context(say!("In return, you lead on {}.", date(day))),
                None => message.with_context("Your own turn comes later."),
            }
        }
        Loss::SwapOver(with, day, why) => swap_over(place, (with, day, *why), reader),
        Loss::Absent(Part::Skips | Part::IsAway | Part::HasHoliday) => gone("Your turn comes later."),
        Loss::Absent(_) | Loss::Stopped(_) => gone(""),
        Loss::Cancelled(_) | Loss::Skipped(_) => gone("It counts as no one's turn."),
        Loss::Paused(_) => gone(WHEN_BACK),
        Loss::Moved => gone("If it's your turn, I'll ask you again."),
        Loss::Begun => Message::new(say!(":white_check_mark: You lead {}. It has begun.", place.say())),
    }
}

/// What a person reads who led in return for a turn that another doesn't lead any more, with the reason where the sync of that
/// day doesn't take place.
fn swap_over(
    place: &SyncPlace<'_>,
    (with, day, why): (&UserId, NaiveDate, Loss<'_>),
    reader: &UserId,
) -> Message {
    let ends = match reason(why, reader).filter(|_| why.ends_sync()) {
        Some(why) => say!("the one on {}, since {}. So your swap is over.", date(day), why),
        None => say!("on {}, so your swap is over.", date(day)),
    };
    let message =
        Message::new(say!("You don't lead {} in return: {} doesn't lead {}", place.say(), with, ends));
    match why {
        Loss::Paused(_) => message.with_context(WHEN_BACK),
        Loss::Stopped(_) => message,
        _ => message.with_context("If it's your turn, I'll ask you again."),
    }
}

fn why_absent(part: Part) -> &'static str {
    match part {
        Part::Skips => "you're skipping it",
        Part::IsAway => "you're away or don't work on that day",
        Part::HasHoliday => "it's a public holiday for you",
        Part::HasLeft => "you've left the syncs",
        Part::IsNotChosen => "you're no longer among the people who take turns",
        Part::IsNotSeen | Part::TakesPart => "you aren't in the channel any more",
    }
}

/// What a person reads, once the sync has begun, in whose place another has offered to lead.
pub fn relieved(place: &SyncPlace<'_>, volunteer: &UserId) -> Message {
    Message::new(say!("{} has offered to lead {} in your place.", Markup::first(volunteer), place.say()))
        .with_context("Your turn comes later.")
}

/// What the same person reads where the other doesn't lead after all.
pub fn relief_over(place: &SyncPlace<'_>, volunteer: &UserId) -> Message {
    Message::new(say!(
        "{} has offered to lead {} in your place, and doesn't lead it after all.",
        Markup::first(volunteer),
        place.say()
    ))
    .with_context("If it's your turn, I'll ask you again.")
}

/// The same with what follows for a swap: the person whose place they took doesn't lead on that day in theirs.
pub fn with_swap_over(message: Message, from: &UserId, day: NaiveDate) -> Message {
    message.with_context(say!(
        "So your swap with {} is over: they don't lead on {} in your place.",
        from,
        date(day)
    ))
}
