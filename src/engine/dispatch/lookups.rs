//! What an answer depended on and the directory did not know: it is read from Slack in a task of its own, so that the next
//! try may know it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::Duration;

use crate::{
    engine::{Engine, directory},
    model::{clock::Instant, people::UserId},
};

/// How long after a reading of the user groups they are not read again, in minutes: the list is asked for in full.
const GROUPS_AGAIN_MINUTES: i64 = 3;
/// How long after a reading of a person they are not read again, in minutes.
const PERSON_AGAIN_MINUTES: i64 = 1;
/// How many people are asked for within that time. More are likely a whole workspace, which the nightly reading covers.
const MOST_PEOPLE: usize = 60;

/// When Slack was last asked, and for what.
#[derive(Clone, Default)]
pub(super) struct Lookups {
    groups: Arc<Mutex<Option<Instant>>>,
    people: Arc<Mutex<BTreeMap<UserId, Instant>>>,
}

impl Lookups {
    /// Reads the user groups.
    pub(super) fn groups(&self, engine: &Engine, now: Instant) {
        let mut last = self.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_some_and(|at| now - at < Duration::minutes(GROUPS_AGAIN_MINUTES)) {
            return;
        }
        *last = Some(now);
        let engine = engine.clone();
        tokio::spawn(async move {
            if let Err(error) = directory::refresh_groups(&engine, now).await {
                tracing::warn!(%error, "the user groups could not be read");
            }
        });
    }

    /// Reads a person.
    pub(super) fn person(&self, engine: &Engine, user: &UserId, now: Instant) {
        let mut asked = self.people.lock().unwrap_or_else(PoisonError::into_inner);
        asked.retain(|_, at| now - *at < Duration::minutes(PERSON_AGAIN_MINUTES));
        if asked.contains_key(user) || asked.len() >= MOST_PEOPLE {
            return;
        }
        asked.insert(user.clone(), now);
        let (engine, user) = (engine.clone(), user.clone());
        tokio::spawn(async move {
            if let Err(error) = directory::refresh_person(&engine, &user).await {
                tracing::warn!(%error, %user, "a person could not be read");
            }
        });
    }
}
