//! What people read who take notes at a sync.

use super::{
    before::SyncPlace,
    loss::{Loss, reason},
    skipping::sync_moved,
};
use crate::{
    model::{
        cadence::Occurrence,
        message::{Button, ButtonStyle, Message},
        people::UserId,
    },
    say,
};

/// The action of a person who can't take notes. Its value is the programme, the date and the version of the turn.
pub const DECLINE_NOTES: &str = "sync:no_notes";

/// Why nothing was done about a scribe, as the runs of a programme quote it.
pub const SETTLED: &str = "it was settled who takes notes";
pub const NO_ONE: &str = "there was no one to take notes";

/// What a person reads who is to take notes.
pub fn please_take(place: &SyncPlace<'_>, value: &str) -> Message {
    let cannot = Button {
        label: "Can't this time".to_owned(),
        action: DECLINE_NOTES.to_owned(),
        value: value.to_owned(),
        look: ButtonStyle::Plain,
    };
    Message::new(say!(":memo: You take notes at {}. Thank you!", place.say()))
        .with_context("If you can't, press *Can't this time* and I'll look for another person.")
        .with_buttons(vec![cannot])
}

/// The same once the sync has begun.
pub fn begun(place: &SyncPlace<'_>) -> Message {
    Message::new(say!(":memo: You take notes at {}. It has begun.", place.say()))
}

/// The same once they lead it.
pub fn leads(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("You lead {}, so you don't take notes there.", place.say()))
}

/// The same once they are asked to lead it.
pub fn asked_to_lead(place: &SyncPlace<'_>) -> Message {
    Message::new(say!("You're asked to lead {}, so another person takes notes there.", place.say()))
}

/// The same once the sync is on another date.
pub fn moved(old: &SyncPlace<'_>, new: &Occurrence) -> Message {
    sync_moved(old, new)
        .with_context("If it's you who takes notes then, I'll tell you the working day before.")
}

/// What it becomes for a person who doesn't take notes after all.
pub fn free(place: &SyncPlace<'_>, loss: Loss<'_>, reader: &UserId) -> Message {
    match reason(loss, reader) {
        Some(why) => Message::new(say!("You don't take notes at {}: {}.", place.say(), why)),
        None if loss == Loss::Declined => {
            Message::new(say!("Thanks for telling me: you don't take notes at {}.", place.say()))
                .with_context("I'll look for another person.")
        }
        None if loss == Loss::LastDeclined => {
            Message::new(say!("Thanks for telling me: you don't take notes at {}.", place.say()))
                .with_context("There's no one else to ask, so it goes on without a scribe.")
        }
        None => Message::new(say!("You don't take notes at {} any more.", place.say())),
    }
}

/// What the lead reads when the last person who could has said no.
pub fn no_one(place: &SyncPlace<'_>, by: &UserId) -> Message {
    Message::new(say!("No one takes notes at {}: {} can't, and there's no one else to ask.", place.say(), by))
        .with_context("Ask at the start who writes down what matters.")
}

/// What a person reads who can't take notes, and doesn't have to. `scribe` is the person who does.
pub fn not_yours(scribe: Option<&UserId>) -> Message {
    match scribe {
        Some(scribe) => Message::new(say!(
            "You don't take these notes any more, so nothing has changed: {} does.",
            scribe
        )),
        None => Message::new("You don't take these notes any more, so nothing has changed."),
    }
}
