//! What people read of chats that change.

use chrono::{NaiveDate, NaiveDateTime};

use super::{Holidays, MOVE, NOT_NOW, button, next_round, proposal::with_dates, when};
use crate::{
    model::{
        cadence::{Cadence, Occurrence},
        message::{ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::Markup,
    },
    say,
};

/// What comes when chats have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterMove {
    /// The round that people have heard of already, which comes as it was announced.
    pub announced: Option<NaiveDateTime>,
    /// The first round at the times that are set now; `None` while chats are paused.
    pub next: Option<Occurrence>,
}

impl AfterMove {
    fn say(&self) -> Markup {
        let next = match (self.announced, self.next) {
            (_, None) => Markup::from("They're paused, so there are no rounds until someone resumes them."),
            (None, Some(next)) => next_round(next.wall),
            (Some(_), Some(next)) => say!("The one after it: {}.", when(next.wall)),
        };
        match self.announced {
            None => next,
            Some(wall) => say!("The round on {} stays as announced. {}", when(wall), next),
        }
    }
}

/// What a person reads before chats change their times: the old and the new ones, with a button.
pub fn preview_of_move(
    old: &Cadence,
    new: &Cadence,
    dates: (&[Occurrence], NaiveDate),
    holidays: Holidays<'_>,
    value: String,
) -> Message {
    let message = Message::new(say!(
        "*Change the times of the coffee chats here?*\nNow: {}\nNew: {}",
        Markup::words(&old.say()),
        Markup::words(&new.say())
    ));
    with_dates(message, dates, holidays).with_buttons(vec![
        button("Change the times", MOVE, value, ButtonStyle::Primary),
        button("Keep the old times", NOT_NOW, "-".to_owned(), ButtonStyle::Plain),
    ])
}

/// What becomes of the preview when chats change their times.
pub fn moved(old: &Cadence, new: &Cadence, after: &AfterMove) -> Message {
    Message::new(say!(
        "I've changed the times, and I'm announcing it here.\nOld: {}\nNew: {}\n{}",
        Markup::words(&old.say()),
        Markup::words(&new.say()),
        after.say()
    ))
}

/// What a person reads who has changed chats with the form.
pub fn saved(channel: &ChannelId, has_moved: bool, after: &AfterMove) -> Message {
    let told = if has_moved { ", and I'm announcing the new times there" } else { "" };
    Message::new(say!("I've changed the coffee chats in {}{}. {}", channel, told, after.say()))
}

/// What the channel reads when chats change their times.
pub fn announcement_of_move(mover: &UserId, old: &Cadence, new: &Cadence, after: &AfterMove) -> Message {
    Message::new(say!(
        ":coffee: {} has moved the coffee chats.\nOld times: {}\nNew times: {}\n{}",
        mover,
        Markup::words(&old.say()),
        Markup::words(&new.say()),
        after.say()
    ))
}
