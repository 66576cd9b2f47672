//! Opens conversations, and finds out in them whether a post whose answer was lost has arrived.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::Duration;

use super::{GRACE_SECONDS, LOOKS, Outbox};
use crate::{
    engine::Engine,
    model::{
        clock::Instant,
        effect::DeliveryGuarantee,
        people::{ChannelId, UserId},
        refusal::Refusal,
    },
    slack::{CallError, Looked},
    store::outbox::{Due, Settlement},
};

/// The cursor of the next page, and how many pages were searched.
type SearchPage = (Option<String>, usize);
/// The searches in progress, by the keys of their effects.
pub(super) type LookedThrough = Mutex<HashMap<String, SearchPage>>;

/// How many pages of a conversation are searched, each by a step of its own. A page holds 200 messages.
const PAGES: usize = 10;
/// After how many failures to read a history it counts as unreadable for good; that takes about ten minutes.
const MOST_TRIES: i64 = 15;

impl Outbox {
    /// Opens the conversation that an effect is posted into or searched in.
    pub(super) async fn open(&self, due: &Due, people: &[UserId]) -> Settlement {
        match self.engine.slack.open_dm(people).await {
            Ok(conversation) => Settlement::Opened(conversation),
            Err(error) if due.send_started_at.is_some() => self.settle_failed_search(due, error),
            Err(error) => self.settle_failed_call(due, &error),
        }
    }

    /// Searches a page of Slack's history for a post whose answer was lost. The post can only lie between the beginning
    /// of its sending and the end of that claim, so newer messages are skipped.
    pub(super) async fn look_for(
        &self,
        due: &Due,
        (conversation, root): (&ChannelId, Option<&str>),
        started: Instant,
    ) -> Settlement {
        let Engine { slack, clock, .. } = &self.engine;
        let now = clock.now();
        let between = [started, started + self.call_timeout + Duration::seconds(GRACE_SECONDS)];
        let (cursor, pages) = self.looked_through().remove(&due.key).unwrap_or_default();
        let looked = match root {
            Some(root) => slack.find_reply((conversation, root), &due.key, between, cursor.as_deref()).await,
            None => slack.find_posted(conversation, &due.key, between, cursor.as_deref()).await,
        };
        match looked {
            Ok(Looked::Found(ts)) => Settlement::Sent(Some((conversation.clone(), ts))),
            Ok(Looked::More(_)) if pages + 1 >= PAGES => self.settle_undecided(
                due,
                "its answer was lost, and the history is too long to be searched".to_owned(),
            ),
            Ok(Looked::More(cursor)) => {
                self.looked_through().insert(due.key.clone(), (Some(cursor), pages + 1));
                Settlement::Look(now, "its answer was lost; the history goes on".to_owned())
            }
            Ok(Looked::Nowhere) if due.looks + 1 < LOOKS => {
                Settlement::LookAgain(now + Duration::seconds(GRACE_SECONDS))
            }
            Ok(Looked::Nowhere) => {
                Settlement::Retry(now, "its answer was lost, and it is not in the history".to_owned())
            }
            Err(error) => {
                if matches!(error, CallError::RateLimited { .. }) {
                    // The same page is requested again.
                    self.looked_through().insert(due.key.clone(), (cursor, pages));
                }
                self.settle_failed_search(due, error)
            }
        }
    }

    fn looked_through(&self) -> MutexGuard<'_, HashMap<String, SearchPage>> {
        // Each search may begin again, so a panic leaves nothing half done.
        self.looked_through.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Settles an effect about which it cannot be found out whether it arrived.
    fn settle_undecided(&self, due: &Due, why: String) -> Settlement {
        match due.delivery {
            DeliveryGuarantee::AtLeastOnce => Settlement::Retry(self.engine.clock.now(), why),
            DeliveryGuarantee::AtMostOnce => Settlement::Discarded(why),
        }
    }

    /// Settles a search that failed: it is repeated, or given up after `MOST_TRIES`.
    fn settle_failed_search(&self, due: &Due, error: CallError) -> Settlement {
        let now = self.engine.clock.now();
        match error {
            CallError::Refused { error, .. }
                if !matches!(Refusal::of(&error), Refusal::Token | Refusal::Unclear) =>
            {
                self.settle_undecided(due, format!("its answer was lost, and the history is closed: {error}"))
            }
            CallError::Refused { error, .. }
                if Refusal::of(&error) == Refusal::Unclear && due.attempts >= MOST_TRIES =>
            {
                self.settle_undecided(
                    due,
                    format!("its answer was lost, and the history is never read: {error}"),
                )
            }
            CallError::RateLimited { retry_after, .. } => Settlement::Look(
                self.pause_after_429(due, retry_after),
                "Slack asks to wait before its history is read".to_owned(),
            ),
            error => Settlement::Look(self.pause(due, now), error.to_string()),
        }
    }
}
