//! Units that wait for rows which another program has locked, so that the others need not wait with them.
//!
//! Each unit has a connection of its own here, and is tried until its time is over. Only PostgreSQL locks rows; a
//! database file has one lock for all, and nothing moves aside.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, task::JoinSet, time::timeout_at};

use super::{
    CommitResult, PendingUnit, QUEUE_UNITS,
    batch::guard_keys,
    between,
    line::{LATE, WriterConnection},
    logged,
};
use crate::{
    model::{entropy::Entropy, episode::Episode},
    store::{
        connect::{Address, Backend},
        unit::{UnitOfWork, Value},
    },
};

/// How many units are tried here at once, each through a connection of its own.
const AT_ONCE: usize = 4;
/// How long such a connection waits for a lock before it tries again. Two in a deadlock wait for different times.
const LOCK_PATIENCE: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(500)];

type Row = (&'static str, Vec<Value>);

/// The units that wait for locks.
pub(super) struct Aside {
    shared: Arc<AsideQueue>,
    tasks: JoinSet<()>,
}

struct AsideQueue {
    address: Address,
    entropy: Entropy,
    places: Semaphore,
    /// The rows that these units use, and how many units use each.
    rows: Mutex<HashMap<Row, usize>>,
    problem: Episode,
}

impl Aside {
    pub(super) fn new(address: Address, entropy: Entropy) -> Aside {
        let shared = AsideQueue {
            address,
            entropy,
            places: Semaphore::new(AT_ONCE),
            rows: Mutex::default(),
            problem: Episode::of("another program holds rows, and what needs them is not stored"),
        };
        Aside { shared: Arc::new(shared), tasks: JoinSet::new() }
    }

    /// Whether one unit can wait for a lock while others are written.
    pub(super) fn is_of_use(&self) -> bool {
        self.shared.address.engine == Backend::Postgres
    }

    /// Whether a unit uses a row that a waiting unit uses too. It has to come behind that one.
    pub(super) fn has_rows_of(&self, unit: &UnitOfWork) -> bool {
        let rows = self.shared.rows();
        !rows.is_empty() && rows_of(unit).any(|row| rows.contains_key(&row))
    }

    /// Takes a unit that has written nothing so far, and answers it.
    pub(super) fn take(&mut self, waiting: PendingUnit) {
        while self.tasks.try_join_next().is_some() {}
        if self.tasks.len() >= QUEUE_UNITS {
            return waiting.send_answer(Err(LATE));
        }
        for row in rows_of(&waiting.unit) {
            *self.shared.rows().entry(row).or_default() += 1;
        }
        let shared = self.shared.clone();
        self.tasks.spawn(async move {
            let answer = shared.write(&waiting).await;
            shared.forget(&waiting.unit);
            waiting.send_answer(answer);
        });
    }

    /// Waits for all units here.
    pub(super) async fn finish(&mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

impl AsideQueue {
    /// Tries a unit until its time is over: the server decides a deadlock.
    async fn write(&self, waiting: &PendingUnit) -> CommitResult {
        let Ok(Ok(_place)) = timeout_at(waiting.until, self.places.acquire()).await else { return Err(LATE) };
        let patience = between(LOCK_PATIENCE, &self.entropy);
        let mut line = WriterConnection::new(self.address.waiting_for_locks(patience));
        loop {
            if waiting.is_late() {
                return Err(LATE);
            }
            let broken = match line.transaction(&[&waiting.unit]).await {
                Ok(mut outcomes) => {
                    line.close().await;
                    self.problem.ended();
                    return Ok(outcomes.remove(0));
                }
                Err(broken) => broken,
            };
            if !broken.is_held || waiting.is_late() {
                return Err(logged(&self.problem, broken));
            }
        }
    }

    fn forget(&self, unit: &UnitOfWork) {
        let mut rows = self.rows();
        for row in rows_of(unit) {
            if let Some(count) = rows.get_mut(&row) {
                *count -= 1;
                if *count == 0 {
                    rows.remove(&row);
                }
            }
        }
    }

    fn rows(&self) -> MutexGuard<'_, HashMap<Row, usize>> {
        // A panic leaves at most a row too many, which sends a later unit here needlessly.
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn rows_of(unit: &UnitOfWork) -> impl Iterator<Item = Row> {
    guard_keys(unit).into_iter().map(|(table, values)| (table, values.to_vec()))
}
