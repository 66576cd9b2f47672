//! What people read for whom a sync is at night, or outside their hours.

use chrono::NaiveDateTime;

use super::before::above_buttons;
use crate::{
    model::{cadence::Occurrence, message::Message, text::Markup},
    say,
};

/// The same message with when the sync is on the clock of a person for whom it is at night, or outside their hours.
pub fn with_own_clock(message: Message, at: &Occurrence, own: Option<NaiveDateTime>) -> Message {
    match own {
        Some(own) => above_buttons(message, on_own_clock(at, own)),
        None => message,
    }
}

/// Why a person is named who hasn't said yes, and for whom it's at night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtNight {
    NightForAll,
    SaidNo,
    SaidNoOrNight,
    /// There was no time left to ask others, or the sync has moved.
    StaysTheirs,
}

impl AtNight {
    pub(super) fn say(self) -> &'static str {
        match self {
            AtNight::NightForAll => "It's outside the hours of everyone who could lead.",
            AtNight::SaidNo => "The others have said no.",
            AtNight::SaidNoOrNight => "The others have said no, or it's outside their hours, too.",
            AtNight::StaysTheirs => "It stays your turn unless you say no.",
        }
    }
}

/// The same message to a person who is named, with why that is at night for them.
pub fn named_with_own_clock(
    message: Message,
    at: &Occurrence,
    own: Option<(NaiveDateTime, AtNight)>,
) -> Message {
    match own {
        Some((own, why)) => above_buttons(with_own_clock(message, at, Some(own)), Markup::from(why.say())),
        None => message,
    }
}

/// Says when a sync is on the clock of a person for whom it is at night, or outside their hours.
pub(super) fn on_own_clock(at: &Occurrence, own: NaiveDateTime) -> Markup {
    say!("For you that's at {}, outside your usual hours.", own_time(at, own))
}

/// Returns the time on a person's clock, with the day where that is another.
pub(super) fn own_time(at: &Occurrence, own: NaiveDateTime) -> Markup {
    let form = if own.date() == at.wall.date() { "%H:%M" } else { "%H:%M on %A" };
    Markup::words(&own.format(form).to_string())
}
