//! What `next` says to an organiser.

use super::{control, own_button, revealing::REVIEW, the_retro_first};
use crate::{
    common::programmes::messages::when,
    model::{
        cadence::Occurrence,
        message::{ButtonStyle, Message},
        text::date,
    },
    rituals::retro::values::Retro,
    say,
};

/// A retro that is open.
pub fn next_is_close(retro: &Retro, name: &str, closes: &Occurrence) -> Message {
    Message::new(say!("{} of {} is open until {}.", the_retro_first(name), date(retro.date), when(closes)))
        .with_buttons(control(retro))
}

/// A retro whose answers aren't shown yet.
pub fn next_is_reveal(retro: &Retro, name: &str) -> Message {
    Message::new(say!(
        "{} of {} is closed. Next: read the answers, and show them.",
        the_retro_first(name),
        date(retro.date)
    ))
    .with_buttons(vec![own_button("Read and reveal", REVIEW, &retro.id, ButtonStyle::Primary)])
}

/// There's no retro that waits for an organiser.
pub fn nothing_next() -> Message {
    Message::new("No retro waits for you here. `history` shows the last ones, and `now` starts one.")
}
