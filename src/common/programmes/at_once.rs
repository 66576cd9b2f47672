//! `now`: a programme that begins with an occasion at once, and has no other.

use super::{Programmes, request::typed};
use crate::{
    common::reply_target::ReplyTarget,
    model::{cadence::Cadence, event::Command, failure::Failure, message::Message},
    ritual::Answer,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// What a person types for it.
pub const NOW: &str = "now";

/// An occasion that is held at once.
pub struct AtOnce {
    /// What is written for it.
    pub unit: UnitOfWork,
    /// What the channel reads.
    pub began: Message,
    /// What the person reads who holds it.
    pub held: Message,
}

/// Whether a text asks for an occasion at once: `now`, `now, once`, `start now`.
pub fn says_now(text: &str) -> bool {
    let text = typed(text).to_lowercase();
    let words: Vec<&str> =
        text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let words = words.strip_prefix(&["start"]).unwrap_or(&words);
    matches!(words, ["now" | "once"] | ["now", "once"] | ["once", "now"] | ["right", "now" | "away"])
}

/// Whether a text begins with the word, and may go on: `now in Tokyo`.
pub(super) fn begins_with_now(text: &str) -> bool {
    typed(text).to_lowercase().split(|letter: char| !letter.is_alphanumeric()).next() == Some(NOW)
}

impl<'c> Programmes<'c> {
    /// Whether these times ask for an occasion at once, and the ritual can hold one.
    pub(super) fn begins_at_once(self, when: &str) -> bool {
        self.ritual.holds_at_once() && says_now(when)
    }

    /// The times of a programme whose only occasion is held now, in the zone of a person.
    pub(super) fn only_now(self, zone: chrono_tz::Tz) -> Cadence {
        Cadence::once(self.context.now.with_timezone(&zone).naive_local(), zone)
    }

    /// The occasion with which a programme begins.
    pub(super) async fn hold_at_once(self, programme: &Programme) -> Result<AtOnce, Failure> {
        self.ritual.hold_at_once(self.context, programme).await?.map_err(Failure::refuse)
    }

    /// The form that begins a programme at once, where nothing goes on in the channel; `None` where something does.
    pub async fn offer_at_once(self, command: &Command) -> Result<Option<Answer<'c>>, Failure> {
        if !self.going_on_in(&command.channel).await?.is_empty() {
            return Ok(None);
        }
        let target = ReplyTarget::here(command.response_url.clone(), self.context.now);
        Ok(Some(self.set_up(&command.user, &command.channel, (Some(target), Some(NOW))).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn now_is_understood_as_people_type_it() {
        for text in ["now", " Now, once ", "once now", "start now", "right away", "`now`", "once!"] {
            assert!(says_now(text), "{text}");
        }
        for text in ["", "now Ops", "once a week", "start", "once on Friday at 10:00", "every day now"] {
            assert!(!says_now(text), "{text}");
        }
        assert!(begins_with_now("Now in Tokyo") && begins_with_now("now, on Friday"));
        assert!(!begins_with_now("nowhere") && !begins_with_now("from now on") && !begins_with_now(""));
    }
}
