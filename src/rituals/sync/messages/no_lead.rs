//! What organisers read of a sync that no one can lead.

use super::{
    before::SyncPlace,
    loss::{Loss, reason},
};
use crate::{
    model::{message::Message, people::UserId, text::Markup},
    rituals::sync::plan::How,
    say,
};

/// What the organisers read when no one can lead. `is_limited` is whether only people who were chosen can, `has_people` whether
/// anyone takes turns.
pub fn no_lead(place: &SyncPlace<'_>, (is_limited, has_people): (bool, bool)) -> Message {
    let anyone = if is_limited { "Anyone who takes turns" } else { "Anyone in the channel" };
    let why = if has_people {
        "everyone who takes turns is away or has said no"
    } else {
        "no one takes turns there now"
    };
    Message::new(say!("No one can lead {}: {}.", place.say(), why))
        .with_context(say!("It goes on without a lead. {} can press *I'll lead* when it begins.", anyone))
}

/// What that becomes when a person has the turn: they have offered to lead, or I've asked them.
pub fn lead_found(place: &SyncPlace<'_>, (user, reader): (&UserId, &UserId), how: How) -> Message {
    Message::new(match how {
        How::Assigned if user == reader => {
            say!("At first no one could lead {}. I've asked you now.", place.say())
        }
        How::Volunteered | How::Swapped if user == reader => {
            say!("At first no one could lead {}. Then you offered to.", place.say())
        }
        How::Assigned => say!("At first no one could lead {}. I've asked {} now.", place.say(), user),
        How::Volunteered | How::Swapped => {
            say!("{} has offered to lead {}. At first no one could.", user, place.say())
        }
    })
}

/// What that becomes when that person doesn't lead after all.
pub fn offer_over(place: &SyncPlace<'_>, (user, reader): (&UserId, &UserId)) -> Message {
    let offered = if user == reader {
        Markup::from("You offered to, and don't lead it after all.")
    } else {
        say!("{} offered to, and doesn't lead it after all.", user)
    };
    Message::new(say!("At first no one could lead {}. {}", place.say(), offered))
}

/// What that becomes when the sync doesn't take place on that day.
pub fn no_lead_needed(place: &SyncPlace<'_>, loss: Loss<'_>, reader: &UserId) -> Message {
    Message::new(say!(
        "No one could lead {}; it doesn't take place, since {}.",
        place.say(),
        reason(loss, reader).unwrap_or_default()
    ))
}
