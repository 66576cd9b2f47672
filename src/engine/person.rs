//! Exports and erases a person's data: the one file that goes through all slices.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use serde_json::{Map, Value};

use super::Engine;
use crate::{
    common,
    model::{
        clock::{Clock, Instant},
        entropy::Entropy,
        erasure::Erasure,
        people::{TeamId, UserId},
    },
    ritual::Ritual,
    store::{
        Store, StoreError,
        holdings::{self, Eraser, FreeSpace, HeldTable, Holdings, PEOPLE},
        reading::ReadStore,
    },
};

/// How long a running bot may take to commit what it had begun before the person was suppressed: the limits of a
/// handler's queries and of its commit are shorter together.
const MOST_COMMIT_DELAY: Duration = Duration::from_secs(12);
/// How many passes over all tables are made until a pass finds nothing.
const MOST_PASSES: usize = 10;

/// The data of people in one workspace.
pub struct PersonData {
    pub store: Store,
    pub team: TeamId,
    pub rituals: Arc<[Box<dyn Ritual>]>,
    pub clock: Clock,
    /// The source of pseudonyms.
    pub entropy: Entropy,
}

/// The result of an erasure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// How many rows of each table were deleted or changed; tables without any are left out.
    pub rows: Vec<(&'static str, u64)>,
    /// Whether the last pass found nothing.
    pub is_clean: bool,
    /// Whether the freed space was overwritten.
    pub free_space: FreeSpace,
}

/// Returns what every slice keeps about people.
fn all(rituals: &[Box<dyn Ritual>]) -> impl Iterator<Item = &'static Holdings> {
    std::iter::once(&holdings::HOLDINGS)
        .chain(common::HOLDINGS)
        .chain(rituals.iter().map(|ritual| ritual.holdings()))
}

/// Returns all tables, that of the directory's people last.
pub fn tables(rituals: &[Box<dyn Ritual>]) -> Vec<&'static HeldTable> {
    all(rituals).flat_map(|holdings| holdings.tables).chain([&PEOPLE]).collect()
}

impl PersonData {
    pub fn of(engine: &Engine) -> PersonData {
        let Engine { store, team, rituals, clock, entropy, .. } = engine.clone();
        PersonData { store, team, rituals, clock, entropy }
    }

    /// Passes on all that is kept about a person, a row at a time: the section and the row. At most a page of it is in
    /// memory.
    pub async fn export<E: From<StoreError>>(
        &self,
        person: &UserId,
        mut hand_over: impl FnMut(&'static str, Map<String, Value>) -> Result<(), E>,
    ) -> Result<(), E> {
        for section in all(&self.rituals).flat_map(|holdings| holdings.sections) {
            let mut behind = String::new();
            loop {
                let page = self.store.section(&self.team, person, section, &behind).await?;
                let Some(last) = page.last() else { break };
                behind.clone_from(&last.place);
                for entry in page {
                    hand_over(section.name, entry.fields)?;
                }
            }
        }
        Ok(())
    }

    /// Returns a person's name, if it is known.
    pub async fn name(&self, person: &UserId) -> Result<Option<String>, StoreError> {
        let known = self.store.people(&self.team, std::slice::from_ref(person)).await?;
        Ok(known.get(person).map(|known| known.name.clone()))
    }

    /// Whether a person was erased and is suppressed.
    pub async fn is_kept_out(&self, person: &UserId) -> Result<bool, StoreError> {
        Ok(self.store.suppressed(&self.team).await?.holds(person))
    }

    /// Lets an erased person back in; returns false if they were not suppressed.
    pub async fn allow(&self, person: &UserId) -> Result<bool, StoreError> {
        self.store.allow(&self.team, person, self.now()).await
    }

    /// Counts the rows of each table that an erasure would delete or change, without tables that have none. Changes
    /// nothing.
    pub async fn count(
        &self,
        person: &UserId,
        names: &[String],
    ) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let erasure = self.erasure(person, names).await?;
        let mut eraser = self.store.eraser(&self.team);
        let mut rows = Vec::new();
        for table in tables(&self.rituals) {
            match eraser.count(table, &erasure).await? {
                0 => {}
                number => rows.push((table.name, number)),
            }
        }
        eraser.close().await;
        Ok(rows)
    }

    /// Erases a person, and mentions of them by their name in the directory or by one of `names`. The person is
    /// suppressed first, for good. Then passes over all tables follow until a pass finds nothing; beside a running bot
    /// one more follows once everything is committed that it had begun before. May be interrupted and repeated.
    pub async fn erase(
        &self,
        person: &UserId,
        names: &[String],
        is_bot_at_work: bool,
    ) -> Result<Erased, StoreError> {
        let erasure = self.erasure(person, names).await?;
        self.store.suppress(&self.team, person, &self.secret(), self.now()).await?;
        common::promises::give_back(&self.store, &self.team, person, self.now()).await?;
        let (reading, mut follows) = (ReadStore::new(self.store.clone(), self.team.clone()), Vec::new());
        for ritual in self.rituals.iter() {
            match ritual.before_erasure(&reading, (person, self.now())).await {
                Ok(unit) => follows.push(unit),
                // A row that can't be read keeps no one from being erased. What it holds isn't logged.
                Err(StoreError::Fault(_)) => {
                    let ritual = ritual.name();
                    tracing::warn!(
                        ritual,
                        "a row of the erased person can't be read: what they had to do isn't given to others"
                    );
                }
                Err(error) => return Err(error),
            }
        }
        let settled_at =
            tokio::time::Instant::now() + if is_bot_at_work { MOST_COMMIT_DELAY } else { Duration::ZERO };
        let tables = tables(&self.rituals);
        let mut eraser = self.store.eraser(&self.team);
        let (rows, is_clean) = self.erase_in_passes(&mut eraser, &tables, &erasure, settled_at).await?;
        for unit in follows.into_iter().filter(|unit| !unit.is_empty()) {
            self.store.commit(unit).await?;
        }
        let free_space = eraser.clear_free_space(&tables).await?;
        eraser.close().await;
        Ok(Erased { rows, is_clean, free_space })
    }

    /// Passes over all tables until a pass finds nothing that began at `settled_at` or later.
    async fn erase_in_passes(
        &self,
        eraser: &mut Eraser,
        tables: &[&'static HeldTable],
        erasure: &Erasure,
        settled_at: tokio::time::Instant,
    ) -> Result<(Vec<(&'static str, u64)>, bool), StoreError> {
        let mut counts = vec![0; tables.len()];
        // The name is needed as long as there may be mentions of it, also after an interrupted erasure.
        let before_people = tables.len() - 1;
        let mut is_clean = false;
        for _ in 0..MOST_PASSES {
            let is_settled = tokio::time::Instant::now() >= settled_at;
            let mut found = 0;
            for (table, count) in tables.iter().zip(&mut counts).take(before_people) {
                let number = eraser.erase(table, erasure, self.now()).await?;
                *count += number;
                found += number;
            }
            is_clean = found == 0 && is_settled;
            if is_clean {
                counts[before_people] = eraser.erase(&PEOPLE, erasure, self.now()).await?;
                break;
            }
            if found == 0 {
                tokio::time::sleep_until(settled_at).await;
            }
        }
        let rows = tables.iter().zip(counts).filter(|(_, count)| *count > 0);
        Ok((rows.map(|(table, count)| (table.name, count)).collect(), is_clean))
    }

    /// Erases again what was stored about suppressed people by a process that was suspended while they were erased.
    /// Returns the number of such people.
    pub async fn erase_again(&self) -> Result<usize, StoreError> {
        let suppressed = self.store.suppressed(&self.team).await?;
        if suppressed.is_empty() {
            return Ok(0);
        }
        let tables = tables(&self.rituals);
        let mut eraser = self.store.eraser(&self.team);
        let mut found = BTreeSet::new();
        for table in &tables {
            for column in table.ids() {
                let mut behind = String::new();
                loop {
                    let people = eraser.people(table, column, &behind).await?;
                    let Some(last) = people.last() else { break };
                    behind.clone_from(&last.0);
                    found.extend(people.into_iter().filter(|person| suppressed.holds(person)));
                }
            }
        }
        for person in &found {
            let erasure = self.erasure(person, &[]).await?;
            self.erase_in_passes(&mut eraser, &tables, &erasure, tokio::time::Instant::now()).await?;
        }
        eraser.close().await;
        Ok(found.len())
    }

    async fn erasure(&self, person: &UserId, names: &[String]) -> Result<Erasure, StoreError> {
        let known = self.name(person).await?;
        let names = names.iter().chain(&known).map(String::as_str);
        Ok(Erasure::new(person.clone(), names, &self.entropy))
    }

    /// 32 random bytes.
    fn secret(&self) -> Vec<u8> {
        (0..4).flat_map(|_| self.entropy.seed().to_be_bytes()).collect()
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }
}
