//! What authors of named answers read who have named people.

use super::the_retro;
use crate::{
    model::{
        message::{Button, Message},
        people::ChannelId,
        text::date,
    },
    rituals::retro::values::Retro,
    say,
};

/// What an author reads once the answers are shown. Each button has a row of its own, since all have the same action.
pub fn offer_of_thanks(retro: &Retro, (name, channel): (&str, &ChannelId), buttons: Vec<Button>) -> Message {
    let message = Message::new(say!(
        ":mirror: In {} of {} in {}, you named people who made things go well. Would you like to thank them with kudos?",
        the_retro(name),
        date(retro.date),
        channel
    ))
    .with_context("A press posts a kudos in that channel, with your name and the words of your answer. You can take it back.");
    buttons.into_iter().fold(message, |message, button| message.with_buttons(vec![button]))
}
