//! One task that writes: whoever has a unit waits, the writer takes all that wait, and one commit serves them.
//!
//! What costs in a small transaction is the commit and the way to the database, not the rows. So the units that
//! wait together are written together: rows of the same shape in one statement, all of them in one transaction,
//! and each unit is answered after the commit. A unit that is refused leaves no trace: where it had already
//! written something, the transaction is rolled back and run again without it. A transaction that fails is run
//! again unit by unit, so that one bad unit harms nobody else.
//!
//! What a batch leaves behind is what its units would leave one after the other, in the order in which they came: no
//! two of them ask about the same guard's row, and what touches the same table keeps its order. A unit that waits
//! for a guard's row may be passed by units that ask about other rows.

use std::{
    collections::{HashSet, VecDeque},
    time::{Duration, Instant as Stopwatch},
};

use sqlx::{AnyConnection, Connection as _};
use tokio::sync::{mpsc, oneshot};

mod batch;

use self::batch::{Stopped, attempt, guard_keys};
use super::{
    StoreError,
    connect::{Address, Engine},
    error::{may_be_run_again, strikes_all},
    sql::Manner,
    unit::{Outcome, Unit},
};

/// How many units one commit serves at most.
const BATCH_UNITS: usize = 64;
/// How many units may wait before whoever comes next is told that the store is busy.
const QUEUE_UNITS: usize = 2_048;
/// How long a unit may wait for a place in the queue: well inside the 3 s that Slack grants.
const QUEUE_PATIENCE: Duration = Duration::from_millis(1_500);
/// How long a transaction may take before its connection counts as lost.
const TRANSACTION_PATIENCE: Duration = Duration::from_secs(30);
/// How often a transaction is run that another one or the server has ended.
const TRIES: u32 = 4;

/// How units become commits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commits {
    /// One for all that wait.
    Shared,
    /// One for each unit.
    Each,
    /// One for each unit, whose statements go to the database one by one.
    EachInStatements,
}

type Answer = Result<Outcome, StoreError>;

struct Waiting {
    unit: Unit,
    answer: oneshot::Sender<Answer>,
}

/// The way to the writer task.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Waiting>,
}

impl Writer {
    /// Connects and starts the task, which ends when the last handle is gone.
    pub(super) async fn start(address: Address, commits: Commits) -> Result<Writer, StoreError> {
        let connection = address.connect().await?;
        let (queue, waiting) = mpsc::channel(QUEUE_UNITS);
        let batch_units = if commits == Commits::Shared { BATCH_UNITS } else { 1 };
        let manner = match address.engine {
            Engine::Sqlite if commits != Commits::EachInStatements => Manner::Together,
            Engine::Sqlite | Engine::Postgres => Manner::OneByOne,
        };
        let task = Task {
            address,
            connection: Some(connection),
            waiting,
            batch_units,
            manner,
            held_back: VecDeque::new(),
        };
        tokio::spawn(task.run());
        Ok(Writer { queue })
    }

    /// Commits a unit, or says which guard refused it.
    pub(super) async fn commit(&self, unit: Unit) -> Answer {
        let (answer, answered) = oneshot::channel();
        self.queue
            .send_timeout(Waiting { unit, answer }, QUEUE_PATIENCE)
            .await
            .map_err(|_| StoreError::Busy("more writes wait than the database takes"))?;
        answered.await.unwrap_or(Err(StoreError::Busy("the writer stopped before it answered")))
    }
}

struct Task {
    address: Address,
    connection: Option<AnyConnection>,
    waiting: mpsc::Receiver<Waiting>,
    batch_units: usize,
    manner: Manner,
    /// Units that share a guard's row with one of the batch before, in their order.
    held_back: VecDeque<Waiting>,
}

impl Task {
    async fn run(mut self) {
        loop {
            let batch = self.next_batch().await;
            if batch.is_empty() {
                break;
            }
            metrics::histogram!("rondo_store_batch_units")
                .record(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
            let watch = Stopwatch::now();
            let (units, answers): (Vec<Unit>, Vec<_>) = batch.into_iter().map(|w| (w.unit, w.answer)).unzip();
            let results = self.write(&units).await;
            metrics::histogram!("rondo_store_commit_seconds").record(watch.elapsed());
            for (answer, result) in answers.into_iter().zip(results) {
                // Whoever asked may have given up waiting; what is committed stays committed.
                let _ = answer.send(result);
            }
        }
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// Takes what waits, in the order in which it came, one unit for each guard's row. Empty once all handles are
    /// gone.
    async fn next_batch(&mut self) -> Vec<Waiting> {
        let mut arrived = Vec::new();
        let room = self.batch_units.saturating_sub(self.held_back.len());
        if self.held_back.is_empty() {
            self.waiting.recv_many(&mut arrived, room).await;
        }
        let arrived: Vec<Waiting> = self.held_back.drain(..).chain(arrived).collect();
        let mut taken = HashSet::new();
        let mut places = self.batch_units;
        let goes: Vec<bool> = arrived
            .iter()
            .map(|waiting| {
                let keys = guard_keys(&waiting.unit);
                let goes = places > 0 && !keys.iter().any(|key| taken.contains(key));
                places -= usize::from(goes);
                // What is held back keeps its keys taken, so that a later unit cannot overtake it.
                taken.extend(keys);
                goes
            })
            .collect();
        let mut batch = Vec::new();
        for (waiting, goes) in arrived.into_iter().zip(goes) {
            if goes {
                batch.push(waiting);
            } else {
                self.held_back.push_back(waiting);
            }
        }
        batch
    }

    /// Writes a batch, and answers for each of its units.
    async fn write(&mut self, units: &[Unit]) -> Vec<Answer> {
        let all: Vec<&Unit> = units.iter().collect();
        match self.transaction(&all).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(broken) if units.len() == 1 || broken.all => vec![Err(broken.error); units.len()],
            Err(Broken { error, .. }) => {
                tracing::warn!(%error, units = units.len(), "a shared commit failed; writing its units one by one");
                let mut answers = Vec::with_capacity(units.len());
                for unit in units {
                    let alone = self.transaction(&[unit]).await;
                    answers.push(alone.map(|mut outcomes| outcomes.remove(0)).map_err(|broken| broken.error));
                }
                answers
            }
        }
    }

    /// One transaction for these units, run again without those that were refused after they had written.
    async fn transaction(&mut self, units: &[&Unit]) -> Result<Vec<Outcome>, Broken> {
        let mut refused: Vec<Option<&'static str>> = vec![None; units.len()];
        let mut tries = 0;
        // Each turn refuses at least one unit more, or is one of a few tries, so this ends.
        loop {
            let connection = match &mut self.connection {
                Some(connection) => connection,
                empty => match self.address.connect().await {
                    Ok(connection) => empty.insert(connection),
                    Err(error) => return Err(Broken { error, all: true }),
                },
            };
            let attempt = attempt(connection, &self.address, self.manner, units, &mut refused);
            let stopped = match tokio::time::timeout(TRANSACTION_PATIENCE, attempt).await {
                Ok(Ok(Some(outcomes))) => return Ok(outcomes),
                Ok(Ok(None)) => continue,
                Ok(Err(stopped)) => stopped,
                Err(late) => Stopped { error: sqlx::Error::Io(late.into()), committing: true },
            };
            // A connection in an unknown state is not used again.
            self.connection = None;
            tries += 1;
            if stopped.committing || tries >= TRIES || !may_be_run_again(&stopped.error) {
                return Err(Broken { all: strikes_all(&stopped.error), error: stopped.error.into() });
            }
        }
    }
}

/// A transaction that came to nothing.
struct Broken {
    error: StoreError,
    /// Whether it is the database as a whole, rather than one of the units.
    all: bool,
}
