//! The task that writes: units wait in a queue, the writer takes all that wait, and one commit serves them.
//!
//! A small transaction costs the commit and the way to the database, not the rows. So the units that wait together are
//! written together: rows of the same shape in one statement, all of them in one transaction, and each unit is answered
//! after the commit. A refused unit writes nothing: if it had already written something, the transaction is rolled back
//! and run again without it. A failed transaction is run again unit by unit, so that one bad unit does not fail the
//! others. A unit that waits for a row which another program has locked moves aside and waits there by itself
//! (`writer/aside.rs`).
//!
//! A batch has the same result as its units one after the other, in the order of their arrival: no two of them use the
//! same guard's row, and units that touch the same table keep their order. A unit that waits for a guard's row, or for
//! a lock, may be overtaken by units that use other rows.

use std::{
    collections::{HashSet, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant as Stopwatch},
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::{Instant, timeout_at},
};

mod aside;
mod batch;
mod line;

use self::{
    aside::Aside,
    batch::guard_keys,
    line::{Broken, LATE, WriterConnection},
};
use super::{
    StoreError,
    connect::Address,
    unit::{Outcome, UnitOfWork},
};
use crate::model::{entropy::Entropy, episode::Episode};

/// How many units one commit serves at most.
const BATCH_UNITS: usize = 64;
/// How many units may wait.
const QUEUE_UNITS: usize = 2_048;
/// How long a unit may wait for its turn: inside Slack's 3 s. After that it is not written.
const QUEUE_PATIENCE: Duration = Duration::from_secs(2);
/// How long a batch waits for another program's lock, at least and at most. Of two in a deadlock the one with less
/// patience gives way.
const LOCK_PATIENCE: [Duration; 2] = [Duration::from_millis(60), Duration::from_millis(140)];
/// For how long the units of a batch that met such a lock are tried one by one, to find those that wait for it.
const LOOKS_FOR: Duration = Duration::from_millis(200);

type CommitResult = Result<Outcome, StoreError>;

struct PendingUnit {
    unit: UnitOfWork,
    /// Set by the first of two: the writer that begins the unit, or the caller that gives up waiting for that.
    is_taken: Arc<AtomicBool>,
    /// After this it is not begun.
    until: Instant,
    answer: oneshot::Sender<CommitResult>,
}

impl PendingUnit {
    fn is_late(&self) -> bool {
        Instant::now() >= self.until
    }

    fn send_answer(self, answer: CommitResult) {
        // The caller may have given up waiting; a commit stays committed.
        let _ = self.answer.send(answer);
    }
}

/// A handle on the writer task.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<PendingUnit>,
    closing: Arc<watch::Sender<bool>>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Connects and starts the task, which ends when the last handle is dropped.
    pub(super) async fn start(address: Address) -> Result<Writer, StoreError> {
        let (queue, waiting) = mpsc::channel(QUEUE_UNITS);
        let (closing, is_closing) = watch::channel(false);
        let entropy = Entropy::from_system().map_err(StoreError::coding)?;
        let task = Task {
            line: WriterConnection::open(address.waiting_for_locks(between(LOCK_PATIENCE, &entropy))).await?,
            aside: Aside::new(address, entropy),
            waiting,
            is_closing,
            held_back: VecDeque::new(),
            problem: Episode::of("nothing is stored"),
        };
        let task = Arc::new(Mutex::new(Some(tokio::spawn(task.run()))));
        Ok(Writer { queue, closing: Arc::new(closing), task })
    }

    /// Commits a unit, or returns which guard refused it. A unit whose turn does not come in time is not written.
    pub(super) async fn commit(&self, unit: UnitOfWork) -> CommitResult {
        const TOO_MANY: StoreError = StoreError::Busy("more writes wait than the database takes");
        let (answer, mut answered) = oneshot::channel();
        let is_taken = Arc::new(AtomicBool::new(false));
        let until = Instant::now() + QUEUE_PATIENCE;
        let waiting = PendingUnit { unit, is_taken: is_taken.clone(), until, answer };
        match timeout_at(until, self.queue.send(waiting)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(StoreError::Unreached("it is closed".to_owned())),
            Err(_) => return Err(TOO_MANY),
        }
        let answer = match timeout_at(until, &mut answered).await {
            Ok(answer) => answer,
            Err(_) if !is_taken.swap(true, Ordering::AcqRel) => return Err(TOO_MANY),
            // It is being written, which has a limit of its own.
            Err(_) => answered.await,
        };
        // Without an answer the writer has stopped, perhaps in the middle of the unit.
        let unanswered = || {
            if is_taken.load(Ordering::Acquire) {
                StoreError::OutcomeUnknown
            } else {
                StoreError::Unreached("it is closed".to_owned())
            }
        };
        answer.unwrap_or_else(|_| Err(unanswered()))
    }

    /// Writes the waiting units, and closes; units that are not written by the deadline are dropped.
    pub(super) async fn close(&self, deadline: Instant) {
        self.closing.send_replace(true);
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut task) = task
            && timeout_at(deadline, &mut task).await.is_err()
        {
            task.abort();
        }
    }
}

struct Task {
    line: WriterConnection,
    aside: Aside,
    waiting: mpsc::Receiver<PendingUnit>,
    is_closing: watch::Receiver<bool>,
    /// Units that share a guard's row with one of the batch before, in their order.
    held_back: VecDeque<PendingUnit>,
    problem: Episode,
}

impl Task {
    async fn run(mut self) {
        loop {
            let Some(mut batch) = self.next_batch().await else { break };
            // A caller that gave up waiting was told that nothing was written, or is gone without an answer.
            batch.retain(|waiting| {
                !waiting.is_taken.swap(true, Ordering::AcqRel) && !waiting.answer.is_closed()
            });
            let (behind, batch): (Vec<PendingUnit>, Vec<PendingUnit>) =
                batch.into_iter().partition(|waiting| self.aside.has_rows_of(&waiting.unit));
            for waiting in behind {
                self.aside.take(waiting);
            }
            if batch.is_empty() {
                continue;
            }
            metrics::histogram!("rondo_store_batch_units")
                .record(f64::from(u32::try_from(batch.len()).unwrap_or(u32::MAX)));
            let watch = Stopwatch::now();
            self.write(batch).await;
            metrics::histogram!("rondo_store_commit_seconds").record(watch.elapsed());
        }
        self.aside.finish().await;
        self.line.close().await;
    }

    /// Takes the waiting units in the order of their arrival, one for each guard's row. Returns `None` once all handles
    /// are dropped, or the store is closing and all is written.
    async fn next_batch(&mut self) -> Option<Vec<PendingUnit>> {
        let mut arrived = Vec::new();
        let room = BATCH_UNITS.saturating_sub(self.held_back.len());
        if self.held_back.is_empty() {
            let is_closing = async { self.is_closing.wait_for(|closing| *closing).await.is_ok() };
            tokio::select! {
                biased;
                _ = self.waiting.recv_many(&mut arrived, room) => {}
                _ = is_closing => {
                    self.waiting.close();
                    self.waiting.recv_many(&mut arrived, room).await;
                }
            }
            if arrived.is_empty() {
                return None;
            }
        }
        let arrived: Vec<PendingUnit> = self.held_back.drain(..).chain(arrived).collect();
        let mut taken = HashSet::new();
        let mut places = BATCH_UNITS;
        let goes: Vec<bool> = arrived
            .iter()
            .map(|waiting| {
                let keys = guard_keys(&waiting.unit);
                let goes = places > 0 && !keys.iter().any(|key| taken.contains(key));
                places -= usize::from(goes);
                // A held-back unit keeps its keys taken, so that a later one cannot overtake it.
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
        Some(batch)
    }

    /// Writes a batch, and answers each of its units.
    async fn write(&mut self, mut batch: Vec<PendingUnit>) {
        let units: Vec<&UnitOfWork> = batch.iter().map(|waiting| &waiting.unit).collect();
        match self.line.transaction(&units).await {
            Ok(outcomes) => {
                self.problem.ended();
                for (waiting, outcome) in batch.into_iter().zip(outcomes) {
                    waiting.send_answer(Ok(outcome));
                }
            }
            Err(broken) if broken.is_held && batch.len() == 1 => {
                batch.drain(..).for_each(|waiting| self.aside.take(waiting));
            }
            Err(broken) if broken.all || batch.len() == 1 => {
                let error = logged(&self.problem, broken);
                for waiting in batch {
                    waiting.send_answer(Err(error.clone()));
                }
            }
            Err(Broken { error, .. }) => {
                tracing::warn!(%error, units = batch.len(), "a shared commit failed; writing its units one by one");
                self.write_one_by_one(batch).await;
            }
        }
    }

    /// Writes units one by one, until the database as a whole fails. Those that wait for a lock move aside, and with
    /// them the rest once that has taken its time.
    async fn write_one_by_one(&mut self, batch: Vec<PendingUnit>) {
        let began = Stopwatch::now();
        let mut batch = batch.into_iter();
        for waiting in batch.by_ref() {
            if waiting.is_late() {
                waiting.send_answer(Err(LATE));
                continue;
            }
            if self.aside.is_of_use() && began.elapsed() > LOOKS_FOR {
                self.aside.take(waiting);
                continue;
            }
            match self.line.transaction(&[&waiting.unit]).await {
                Ok(mut outcomes) => waiting.send_answer(Ok(outcomes.remove(0))),
                Err(broken) if broken.is_held => self.aside.take(waiting),
                Err(broken) => {
                    let stops = broken.all;
                    waiting.send_answer(Err(logged(&self.problem, broken)));
                    if stops {
                        break;
                    }
                }
            }
        }
        for waiting in batch {
            // They were not begun.
            waiting.send_answer(Err(LATE));
        }
    }
}

/// Returns a random duration between two.
fn between([least, most]: [Duration; 2], entropy: &Entropy) -> Duration {
    least + most.saturating_sub(least).mul_f64(entropy.jitter())
}

/// Logs the error of a transaction if it is worth a line, and returns it.
fn logged(problem: &Episode, broken: Broken) -> StoreError {
    if !matches!(broken.error, StoreError::Fault(_)) {
        problem.goes_on(broken.error.kind(), &broken.error);
    }
    broken.error
}
