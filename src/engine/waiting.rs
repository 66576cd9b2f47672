//! Limits how many effects that one person caused may wait. Programmes have no limit: a round of 10,000 people waits as
//! a whole.
//!
//! The counts are kept in memory, so that an ordinary command pays no statement for them. They are upper bounds: a sent
//! effect still counts until the count reaches the limit and the store is asked how many really wait. Each replica
//! counts the events that it received.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::Duration;
use tokio::sync::OnceCell;

use crate::{
    model::{
        clock::Instant,
        owner::Owner,
        people::{TeamId, UserId},
    },
    store::{Store, StoreError, outbox, unit::UnitOfWork},
};

/// How many effects of one person may wait.
const MOST: usize = 500;
/// Smaller counts are forgotten when there are many, and not read at the start.
const FEW: usize = 50;
/// How many people are counted before the small counts are forgotten.
const MANY: usize = 10_000;
/// How often the store is asked about one person at the most, in seconds between.
const RECOUNT_SECONDS: i64 = 1;

/// Upper bounds of how many effects of each person wait. Cheap to clone; clones share their counts.
#[derive(Clone, Default)]
pub struct WaitingEffects(Arc<Counts>);

#[derive(Default)]
struct Counts {
    /// Set once the counts at the start were read.
    start: OnceCell<()>,
    people: Mutex<BTreeMap<UserId, Count>>,
}

#[derive(Clone, Copy)]
struct Count {
    at_most: usize,
    read_at: Instant,
}

impl WaitingEffects {
    /// Whether a unit of this person's may be committed; if so, its effects count from now on. A unit without new
    /// effects always may.
    pub async fn admit(
        &self,
        store: &Store,
        team: &TeamId,
        person: &UserId,
        unit: &UnitOfWork,
        now: Instant,
    ) -> Result<bool, StoreError> {
        let new = outbox::effects_in(unit);
        if new == 0 {
            return Ok(true);
        }
        self.0.start.get_or_try_init(|| self.read_start(store, team, now)).await?;
        if self.count(person, new, now) {
            return Ok(true);
        }
        if !self.claim_recount(person, now) {
            return Ok(false);
        }
        let waiting = store.waiting_effects(team, &Owner::Person(person.clone()), MOST).await?;
        self.people().insert(person.clone(), Count { at_most: waiting, read_at: now });
        Ok(self.count(person, new, now))
    }

    async fn read_start(&self, store: &Store, team: &TeamId, now: Instant) -> Result<(), StoreError> {
        let waiting = store.causers_with_effects(team, FEW, MANY).await?;
        let mut people = self.people();
        for (owner, at_most) in waiting {
            if let Owner::Person(person) = owner {
                people.insert(person, Count { at_most, read_at: now });
            }
        }
        Ok(())
    }

    /// Whether the store may be asked about a person now. Of requests at once a single one asks, so that no recount undoes
    /// what another has counted since.
    fn claim_recount(&self, person: &UserId, now: Instant) -> bool {
        let mut people = self.people();
        let Some(count) = people.get_mut(person) else { return true };
        // The clock may have been set back since the last one.
        let is_due = (now - count.read_at).abs() >= Duration::seconds(RECOUNT_SECONDS);
        if is_due {
            count.read_at = now;
        }
        is_due
    }

    /// Counts new effects of a person, unless too many wait.
    fn count(&self, person: &UserId, new: usize, now: Instant) -> bool {
        let mut people = self.people();
        if people.len() >= MANY && !people.contains_key(person) {
            people.retain(|_, count| count.at_most >= FEW);
        }
        let count = people.entry(person.clone()).or_insert(Count { at_most: 0, read_at: now });
        let has_room = count.at_most < MOST;
        if has_room {
            count.at_most += new;
        }
        has_room
    }

    fn people(&self) -> MutexGuard<'_, BTreeMap<UserId, Count>> {
        // Each entry stands by itself, so a panic leaves none half written.
        self.0.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
