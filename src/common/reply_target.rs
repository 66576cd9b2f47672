//! Where a person typed or pressed, so that what comes of a form is answered there.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::model::{
    clock::Instant,
    effect::{ANSWER_MINUTES, NewEffect},
    event::Action,
    message::Message,
};

/// A `response_url` and until when it works, in milliseconds: a form may lie open for longer. The form carries it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplyTarget {
    response_url: String,
    until: i64,
}

impl ReplyTarget {
    /// The place of something that was typed or pressed just now.
    pub fn here(response_url: String, now: Instant) -> ReplyTarget {
        let until = (now + Duration::minutes(ANSWER_MINUTES)).timestamp_millis();
        ReplyTarget { response_url, until }
    }

    /// The place of a press on a message that only the person sees; one in a DM changes by itself.
    pub fn seen_alone(action: &Action, now: Instant) -> Option<ReplyTarget> {
        let is_alone = action.message.as_ref().is_some_and(|message| message.ephemeral);
        let url = action.response_url.clone().filter(|_| is_alone)?;
        Some(ReplyTarget::here(url, now))
    }

    /// A message under this outbox key in place of the one whose button was pressed; `None` once that doesn't work any more.
    pub fn replaced(self, key: String, message: Message, now: Instant) -> Option<NewEffect> {
        let works = now.timestamp_millis() < self.until;
        works.then(|| NewEffect::answer("", key, self.response_url, message, true, now))
    }

    /// An answer there under this outbox key; `None` once it doesn't work any more.
    pub fn answer(self, key: String, message: Message, now: Instant) -> Option<NewEffect> {
        let works = now.timestamp_millis() < self.until;
        works.then(|| NewEffect::answer("", key, self.response_url, message, false, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::clock::from_ms;

    #[test]
    fn an_address_works_for_a_while() {
        let now = from_ms(1_767_603_600_000);
        let target = ReplyTarget::here("https://hooks.example/1".to_owned(), now);
        let stored = serde_json::to_string(&target).unwrap();
        assert_eq!(stored, r#"{"response_url":"https://hooks.example/1","until":1767605100000}"#);
        let answered = |minutes| {
            let at = now + Duration::minutes(minutes);
            target.clone().answer("k".to_owned(), Message::new("Saved."), at).is_some()
        };
        assert!(answered(0) && answered(ANSWER_MINUTES - 1) && !answered(ANSWER_MINUTES));
    }
}
