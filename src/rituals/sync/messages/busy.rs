//! What people read of a duty in another sync at the same time.

use super::{before::above_buttons, start::the_sync};
use crate::{
    model::{message::Message, people::ChannelId},
    say,
};

/// The same message to a person who has a duty in another sync at that time.
pub fn with_other_duty(message: Message, (name, channel): (&str, &ChannelId)) -> Message {
    above_buttons(message, say!("You're down for {} in {} at that time, too.", the_sync(name), channel))
}
