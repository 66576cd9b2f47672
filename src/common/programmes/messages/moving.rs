//! What people read of programmes that change their times.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::{
    Holidays, button, called, heading, next_occasion, on_the_wall,
    proposal::{with_dates, with_past_start},
    when,
};
use crate::{
    common::{programmes::press::Press, words::Words},
    model::{
        cadence::{Cadence, Exception, KeptDates, Occurrence},
        message::{ButtonStyle, Message},
        people::{ChannelId, UserId},
        text::{Markup, date},
    },
    say,
};

/// What comes when a programme has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AfterMove {
    /// The occasion that people have heard of already, which comes as it was announced.
    pub announced: Option<NaiveDateTime>,
    /// The first occasion at the times that are set now; `None` while the programme is paused.
    pub next: Option<Occurrence>,
}

impl AfterMove {
    fn say(&self, words: &Words) -> Markup {
        let next = match (self.announced, self.next) {
            (_, None) => none_while_paused(words),
            (None, Some(next)) => next_occasion(words, &next),
            (Some(_), Some(next)) => say!("The one after it: {}.", when(&next)),
        };
        match self.announced {
            None => next,
            Some(wall) => say!("{} {}", stays(words, wall), next),
        }
    }
}

/// What is said of the occasions of a programme that is paused: a sentence.
pub(super) fn none_while_paused(words: &Words) -> Markup {
    say!("They're paused, so there are no {} until they're resumed.", words.occasions)
}

/// What is said of an occasion that people have heard of: a sentence.
pub(super) fn stays(words: &Words, wall: NaiveDateTime) -> Markup {
    say!("The {} on {} stays as announced.", words.occasion, on_the_wall(wall))
}

/// The same message with what became of the single dates that were cancelled or moved.
pub fn with_kept_dates(message: Message, dates: &KeptDates) -> Message {
    let listed = |dates: &[Exception]| {
        let dates: Vec<Markup> = dates.iter().map(single_date).collect();
        Markup::join(&dates, "; ")
    };
    let message = match dates.kept.as_slice() {
        [] => message,
        kept => message.with_context(say!("These dates stay as they were changed: {}.", listed(kept))),
    };
    match dates.gone.as_slice() {
        [] => message,
        gone => message.with_context(say!(
            "These changes of single dates fall away with the new times: {}.",
            listed(gone)
        )),
    }
}

/// The same message with the zone in which times are read that are typed without one, for a person in another.
pub fn with_kept_zone(message: Message, (zone, own): (Tz, Tz)) -> Message {
    message.with_context(say!(
        "Read in the zone that they have, {}. For yours, add {} behind the times.",
        Markup::words(zone.name()),
        Markup::code(&format!("in {}", own.name()))
    ))
}

fn single_date(exception: &Exception) -> Markup {
    match exception {
        Exception::LeftOut(day) => say!("not on {}", date(*day)),
        Exception::Also(wall, None) => say!("also on {}", on_the_wall(*wall)),
        Exception::Also(wall, Some(from)) => say!("on {}, not on {}", on_the_wall(*wall), date(*from)),
    }
}

/// What a person reads before a programme changes its times: the old and the new ones, with a button.
pub fn preview_of_move(
    words: &Words,
    name: &str,
    (old, new): (&Cadence, &Cadence),
    dates: (&[Occurrence], NaiveDate),
    holidays: Holidays<'_>,
    value: &str,
) -> Message {
    let message = Message::new(say!(
        "*Change the times of {} here?*\nNow: {}\nNew: {}",
        heading(words, name),
        Markup::words(&old.say()),
        Markup::words(&new.say())
    ));
    let message = with_dates(words, message, dates, holidays, false);
    with_past_start(message, (Some(old), new), dates.1).with_buttons(vec![
        button(words, "Change the times", Press::Move, value, ButtonStyle::Primary),
        button(words, "Keep the old times", Press::NotNow, "-", ButtonStyle::Plain),
    ])
}

/// What becomes of the preview when a programme changes its times.
pub fn moved(words: &Words, old: &Cadence, new: &Cadence, after: &AfterMove) -> Message {
    Message::new(say!(
        "I've changed the times, and I'm announcing it here.\nOld: {}\nNew: {}\n{}",
        Markup::words(&old.say()),
        Markup::words(&new.say()),
        after.say(words)
    ))
}

/// What a person reads who has changed a programme with the form.
pub fn saved(
    words: &Words,
    (name, channel): (&str, &ChannelId),
    (has_moved, is_told): (bool, bool),
    after: &AfterMove,
) -> Message {
    let told = match (has_moved, is_told) {
        (true, _) => ", and I'm announcing the new times there",
        (false, true) => ", and I'm telling the channel",
        (false, false) => "",
    };
    Message::new(say!("I've changed {} in {}{}. {}", called(words, name), channel, told, after.say(words)))
}

/// What the channel reads when a programme changes its times.
pub fn announcement_of_move(
    words: &Words,
    mover: &UserId,
    (name, new_name): (&str, &str),
    old: &Cadence,
    new: &Cadence,
    after: &AfterMove,
) -> Message {
    let mut with_end = old.clone();
    with_end.until = new.until;
    let said = if with_end == *new && old != new {
        let end = match new.until {
            Some(last) => say!("their last day is {}", date(last)),
            None => Markup::from("they go on without an end"),
        };
        say!(
            "{} {} has changed the end of {}: {}. The times stay.",
            words.emoji,
            mover,
            called(words, name),
            end
        )
    } else {
        say!(
            "{} {} has moved {}.\nOld times: {}\nNew times: {}",
            words.emoji,
            mover,
            called(words, name),
            Markup::words(&old.say()),
            Markup::words(&new.say())
        )
    };
    with_new_name(Message::new(say!("{}\n{}", said, after.say(words))), (name, new_name))
}

/// What the channel reads when a programme changes its times, its options or both; `None` where neither does. `options` is what the
/// ritual says of each option that differs.
pub fn announcement_of_change(
    words: &Words,
    mover: &UserId,
    names: (&str, &str),
    (old, new): (&Cadence, &Cadence),
    options: &[Markup],
    after: &AfterMove,
) -> Option<Message> {
    if old != new {
        let message = announcement_of_move(words, mover, names, old, new, after);
        return Some(options.iter().fold(message, |message, option| message.with_context(option.clone())));
    }
    let said = Markup::join(options, "\n");
    let changed = say!(
        "{} {} has changed {}.\n{}\n{}",
        words.emoji,
        mover,
        called(words, names.0),
        said,
        after.say(words)
    );
    (!options.is_empty()).then(|| with_new_name(Message::new(changed), names))
}

fn with_new_name(message: Message, (name, new_name): (&str, &str)) -> Message {
    if name == new_name {
        return message;
    }
    let new_name = if new_name.is_empty() { Markup::from("none") } else { Markup::bold(new_name) };
    message.with_context(say!("Their name from now on: {}.", new_name))
}
