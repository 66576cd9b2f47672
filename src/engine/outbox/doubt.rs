//! Opening conversations, and finding out in them whether a post whose answer was lost has arrived.

use chrono::Duration;

use super::{GRACE_SECONDS, LOOKS, Outbox};
use crate::{
    model::{
        clock::Instant,
        effect::Doubt,
        people::{ChannelId, UserId},
        refusal::Refusal,
    },
    slack::CallError,
    store::outbox::{Due, Fate},
};

impl Outbox {
    /// Opens the conversation that an effect is to be posted into, or to be looked for in.
    pub(super) async fn open(&self, due: &Due, people: &[UserId]) -> Fate {
        match self.engine.slack.open_dm(people).await {
            Ok(conversation) => Fate::Opened(conversation),
            Err(error) if due.send_started_at.is_some() => self.still_in_doubt(due, error),
            Err(error) => self.after(due, &error),
        }
    }

    /// Looks in Slack's history for a post whose answer was lost.
    pub(super) async fn look_for(&self, due: &Due, conversation: &ChannelId, started: Instant) -> Fate {
        let now = self.engine.clock.now();
        match self.engine.slack.find_posted(conversation, &due.key, started).await {
            Ok(Some(ts)) => Fate::Sent(Some((conversation.clone(), ts))),
            Ok(None) if due.looks + 1 < LOOKS => Fate::LookAgain(now + Duration::seconds(GRACE_SECONDS)),
            Ok(None) => Fate::Again(now, "its answer was lost, and it is not in the history".to_owned()),
            Err(error) => self.still_in_doubt(due, error),
        }
    }

    /// Whether a post has arrived could not be found out, now or for good.
    fn still_in_doubt(&self, due: &Due, error: CallError) -> Fate {
        let now = self.engine.clock.now();
        match error {
            CallError::Refused { error, .. }
                if !matches!(Refusal::of(&error), Refusal::Token | Refusal::Unclear) =>
            {
                let why = format!("its answer was lost, and the history is closed: {error}");
                match due.doubt {
                    Doubt::Repeat => Fate::Again(now, why),
                    Doubt::GiveUp => Fate::Dead(why),
                }
            }
            CallError::RateLimited { retry_after, .. } => Fate::Look(
                self.leave_alone(due, retry_after),
                "Slack asks to wait before its history is read".to_owned(),
            ),
            error => Fate::Look(self.pause(due, now), error.to_string()),
        }
    }
}
