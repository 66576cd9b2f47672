//! How a person asked, and the answer that fits.

use crate::model::{event::Reply, message::Message};

/// How a person asked, which decides how they are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyVia {
    /// With the command.
    Typed,
    /// By a button in a message that the whole channel sees.
    Pressed,
    /// By a button in an answer that only they see, and that has served its turn.
    PressedInAnswer,
}

impl ReplyVia {
    /// The answer with this message.
    pub fn reply(self, message: Message) -> Reply {
        match self {
            ReplyVia::Typed | ReplyVia::Pressed => Reply::Ephemeral(message),
            ReplyVia::PressedInAnswer => Reply::Replace(message),
        }
    }
}
