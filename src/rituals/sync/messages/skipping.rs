//! What people read of a sync that has no agenda, and that may be skipped.

use chrono::NaiveDate;

use super::{
    WORDS,
    agenda::button,
    before::{SyncPlace, moved_to},
    loss::{Loss, reason},
    start::{the_sync, the_sync_first},
};
use crate::{
    common::programmes::{
        messages::{next_occasion, way_of, when},
        press::value_on,
    },
    model::{
        cadence::Occurrence,
        message::Message,
        people::UserId,
        text::{Markup, count, date as day},
    },
    say,
};

/// The actions of the buttons that skip a sync, skip it from a run sheet or with points on its agenda, and close the question; their
/// value is the programme and the date.
pub const SKIP_SYNC: &str = "sync:skip_sync";
pub const SKIP_FROM_SHEET: &str = "sync:skip_from_sheet";
pub const SKIP_ALL_THE_SAME: &str = "sync:skip_all_the_same";
pub const MEET: &str = "sync:meet";

/// Why the question was not asked.
pub const NO_SYNC_AHEAD: &str = "no sync was ahead any more";
pub const HAS_POINTS: &str = "there were points on the agenda";
pub const WITH_TURN: &str = "its lead reads the question together with their turn";
/// Why a sync did not take place, as the status quotes it.
pub const WAS_SKIPPED: &str = "it was skipped";

/// Who is asked whether to skip a sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decides {
    /// The lead, who knows of their turn.
    Lead,
    /// An organiser, since it has no lead.
    Organiser,
    /// An organiser who was asked before it had a lead.
    OrganiserBeforeLead,
}

/// What a person is asked about a sync without an agenda.
pub fn ask_to_skip((programme, place): (&str, &SyncPlace<'_>), decides: Decides, command: &str) -> Message {
    let value = value_on(programme, place.at.wall.date());
    let why = match decides {
        Decides::Lead => " It's your turn, so you decide.",
        Decides::Organiser => " It has no lead yet, so I'm asking you.",
        Decides::OrganiserBeforeLead => " Its lead can, and so can you.",
    };
    Message::new(say!(
        "Nothing is on the agenda of {} in {}, {}. Skip it?{}",
        the_sync(place.name),
        place.channel,
        when(place.at),
        why
    ))
    .with_context(say!(
        "*Skip this sync* cancels it for everyone and tells the channel; it's no one's turn then. {} there puts a point on the agenda.",
        way_of(command, "add")
    ))
    .with_buttons(vec![
        button("Skip this sync", SKIP_SYNC, value.clone()),
        button("We meet all the same", MEET, value),
    ])
}

/// The run sheet of a sync without an agenda, with the button that skips it.
pub(super) fn with_skip(message: Message, programme: &str, sync: &Occurrence) -> Message {
    message.with_context(
        "Nothing is on the agenda so far. *Skip this sync* cancels it for everyone and tells the channel; it's no one's turn then.",
    )
    .with_buttons(vec![button("Skip this sync", SKIP_FROM_SHEET, value_on(programme, sync.wall.date()))])
}

/// What a person reads who skips a sync whose agenda has points by now.
pub fn has_points(points: usize, (programme, date): (&str, NaiveDate)) -> Message {
    let wait = if points == 1 { "it waits" } else { "they wait" };
    Message::new(say!(
        "There's something on the agenda now: {}. So I haven't skipped the sync.",
        count(points, "point", "points")
    ))
    .with_context(say!("If you skip it all the same, {} for the next one.", wait))
    .with_buttons(vec![button("Skip all the same", SKIP_ALL_THE_SAME, value_on(programme, date))])
}

/// What the channel reads when a sync is skipped.
pub fn announcement_of_skip(
    by: &UserId,
    name: &str,
    sync: &Occurrence,
    next: Option<&Occurrence>,
) -> Message {
    let next = next.map_or_else(Markup::default, |next| say!(" {}", next_occasion(&WORDS, next)));
    Message::new(say!("{} {} has skipped {} on {}.{}", WORDS.emoji, by, the_sync(name), when(sync), next))
        .with_context("It counts as no one's turn.")
}

/// What a person reads who has skipped a sync.
pub fn skipped(name: &str, sync: &Occurrence, next: Option<&Occurrence>) -> Message {
    let next = next.map_or_else(Markup::default, |next| say!(" {}", next_occasion(&WORDS, next)));
    Message::new(say!(
        "I've skipped {} on {}, and I'm telling the channel.{}",
        the_sync(name),
        when(sync),
        next
    ))
}

/// What the question of the others becomes.
pub fn was_skipped(name: &str, sync: &Occurrence, by: &UserId) -> Message {
    Message::new(say!("{} has skipped {} on {}.", by, the_sync(name), when(sync)))
}

/// What the question becomes where the sync can't be skipped any more; with the person who has skipped it, if one has.
pub fn not_skipped(
    (name, date): (&str, NaiveDate),
    by: Option<&UserId>,
    reader: &UserId,
    command: &str,
) -> Message {
    match by {
        Some(by) if by == reader => {
            Message::new(say!("You've skipped {} on {}. The channel knows.", the_sync(name), day(date)))
        }
        Some(by) => Message::new(say!("{} has skipped {} on {} already.", by, the_sync(name), day(date))),
        None => Message::new(say!(
            "{} on {} has begun or isn't planned any more, so I haven't skipped it.",
            the_sync_first(name),
            day(date)
        ))
        .with_context(say!("{} shows the next eight.", way_of(command, "next"))),
    }
}

/// What the question becomes once there are points on the agenda of the sync.
pub fn has_agenda_now(place: &SyncPlace<'_>, points: usize, programme: &str) -> Message {
    let value = value_on(programme, place.at.wall.date());
    let wait = if points == 1 { "it waits" } else { "they wait" };
    Message::new(say!(
        "There's something on the agenda of {} now: {}. So it takes place.",
        place.say(),
        count(points, "point", "points")
    ))
    .with_context(say!("If you skip it all the same, {} for the next one.", wait))
    .with_buttons(vec![
        button("Skip all the same", SKIP_ALL_THE_SAME, value.clone()),
        button("We meet all the same", MEET, value),
    ])
}

/// What the question becomes where the sync doesn't take place on that day anyway.
pub fn nothing_to_skip(place: &SyncPlace<'_>, loss: Loss<'_>, reader: &UserId) -> Message {
    let why = reason(loss, reader).unwrap_or_default();
    Message::new(say!("There's nothing to skip: {} doesn't take place, since {}.", place.say(), why))
}

/// What the question becomes where the sync is at another time.
pub fn sync_moved(old: &SyncPlace<'_>, new: &Occurrence) -> Message {
    Message::new(moved_to(old, new))
}

/// What the question becomes once the sync has begun.
pub fn too_late_to_skip(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("There's nothing to skip any more: {} has begun.", place.say()))
}

/// What the question becomes when the sync takes place.
pub fn we_meet(name: &str, sync: &Occurrence) -> Message {
    Message::new(say!("OK, {} on {} takes place.", the_sync(name), when(sync)))
}

/// What the question becomes where there is no sync on that day that could take place.
pub fn no_meeting((name, date): (&str, NaiveDate)) -> Message {
    Message::new(say!("{} on {} has begun or isn't planned any more.", the_sync_first(name), day(date)))
}
