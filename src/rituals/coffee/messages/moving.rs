//! What people read of chats that change.

use chrono::{NaiveDate, NaiveDateTime};

use super::{
    Holidays, MOVE, NOT_NOW, button, called, heading, next_round, on_the_wall, proposal::with_dates, when,
};
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
            (None, Some(next)) => next_round(&next),
            (Some(_), Some(next)) => say!("The one after it: {}.", when(&next)),
        };
        match self.announced {
            None => next,
            Some(wall) => say!("The round on {} stays as announced. {}", on_the_wall(wall), next),
        }
    }
}

/// What a person reads before chats change their times: the old and the new ones, with a button.
pub fn preview_of_move(
    name: &str,
    (old, new): (&Cadence, &Cadence),
    dates: (&[Occurrence], NaiveDate),
    holidays: Holidays<'_>,
    value: String,
) -> Message {
    let message = Message::new(say!(
        "*Change the times of {} here?*\nNow: {}\nNew: {}",
        heading(name),
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
pub fn saved((name, channel): (&str, &ChannelId), has_moved: bool, after: &AfterMove) -> Message {
    let told = if has_moved { ", and I'm announcing the new times there" } else { "" };
    Message::new(say!("I've changed {} in {}{}. {}", called(name), channel, told, after.say()))
}

/// What the channel reads when chats change their times.
pub fn announcement_of_move(
    mover: &UserId,
    (name, new_name): (&str, &str),
    old: &Cadence,
    new: &Cadence,
    after: &AfterMove,
) -> Message {
    let message = Message::new(say!(
        ":coffee: {} has moved {}.\nOld times: {}\nNew times: {}\n{}",
        mover,
        called(name),
        Markup::words(&old.say()),
        Markup::words(&new.say()),
        after.say()
    ));
    if name == new_name {
        return message;
    }
    let new_name = if new_name.is_empty() { Markup::from("none") } else { Markup::bold(new_name) };
    message.with_context(say!("Their name from now on: {}.", new_name))
}
