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

mod batch;

use self::batch::{attempt, guard_keys};
use super::{
    StoreError,
    connect::{Address, DbConnection, Engine},
    error::{leaves_open, may_be_run_again, strikes_all},
    sql::Manner,
    unit::{Outcome, Unit},
};
use crate::model::episode::Episode;

/// How many units one commit serves at most.
const BATCH_UNITS: usize = 64;
/// How many units may wait.
const QUEUE_UNITS: usize = 2_048;
/// How long a unit may wait for its turn: inside the 3 s that Slack grants. After that it is not written any more.
const QUEUE_PATIENCE: Duration = Duration::from_secs(2);
/// What a row adds to the time that a transaction may take.
const FOR_A_ROW: Duration = Duration::from_millis(1);
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
    /// Set by the first of the two: the writer that begins with the unit, or who gives up waiting for that.
    is_taken: Arc<AtomicBool>,
    answer: oneshot::Sender<Answer>,
}

/// The way to the writer task.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Waiting>,
    closing: Arc<watch::Sender<bool>>,
    task: Arc<Mutex<Option<JoinHandle<()>>>>,
}

impl Writer {
    /// Connects and starts the task, which ends when the last handle is gone.
    pub(super) async fn start(address: Address, commits: Commits) -> Result<Writer, StoreError> {
        let connection = address.connect().await?;
        let (queue, waiting) = mpsc::channel(QUEUE_UNITS);
        let (closing, is_closing) = watch::channel(false);
        let batch_units = if commits == Commits::Shared { BATCH_UNITS } else { 1 };
        let manner = match address.engine {
            Engine::Sqlite if commits != Commits::EachInStatements => Manner::Together,
            Engine::Sqlite | Engine::Postgres => Manner::OneByOne,
        };
        let task = Task {
            line: Line { address, connection: Some(connection), connecting: None, used: Stopwatch::now() },
            waiting,
            is_closing,
            batch_units,
            manner,
            held_back: VecDeque::new(),
            trouble: Episode::of("nothing is stored"),
        };
        let task = Arc::new(Mutex::new(Some(tokio::spawn(task.run()))));
        Ok(Writer { queue, closing: Arc::new(closing), task })
    }

    /// Commits a unit, or says which guard refused it. A unit whose turn does not come in time is not written.
    pub(super) async fn commit(&self, unit: Unit) -> Answer {
        const TOO_MANY: StoreError = StoreError::Busy("more writes wait than the database takes");
        let (answer, mut answered) = oneshot::channel();
        let is_taken = Arc::new(AtomicBool::new(false));
        let until = Instant::now() + QUEUE_PATIENCE;
        let waiting = Waiting { unit, is_taken: is_taken.clone(), answer };
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
        // Without an answer the writer has stopped, perhaps in the middle of it.
        let unanswered = || {
            if is_taken.load(Ordering::Acquire) {
                StoreError::OutcomeUnknown
            } else {
                StoreError::Unreached("it is closed".to_owned())
            }
        };
        answer.unwrap_or_else(|_| Err(unanswered()))
    }

    /// Writes what waits, and closes; what is not done by then is left.
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
    line: Line,
    waiting: mpsc::Receiver<Waiting>,
    is_closing: watch::Receiver<bool>,
    batch_units: usize,
    manner: Manner,
    /// Units that share a guard's row with one of the batch before, in their order.
    held_back: VecDeque<Waiting>,
    trouble: Episode,
}

impl Task {
    async fn run(mut self) {
        loop {
            let Some(mut batch) = self.next_batch().await else { break };
            // Who gave up waiting was told that nothing was written, or has gone without an answer.
            batch.retain(|waiting| {
                !waiting.is_taken.swap(true, Ordering::AcqRel) && !waiting.answer.is_closed()
            });
            if batch.is_empty() {
                continue;
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
        if let Some(connection) = self.line.connection.take() {
            let _ = connection.close().await;
        }
    }

    /// Takes what waits, in the order in which it came, one unit for each guard's row. Nothing once all handles are
    /// gone, or the store is closing and all is written.
    async fn next_batch(&mut self) -> Option<Vec<Waiting>> {
        let mut arrived = Vec::new();
        let room = self.batch_units.saturating_sub(self.held_back.len());
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
        Some(batch)
    }

    /// Writes a batch, and answers for each of its units.
    async fn write(&mut self, units: &[Unit]) -> Vec<Answer> {
        let all: Vec<&Unit> = units.iter().collect();
        match self.transaction(&all).await {
            Ok(outcomes) => {
                self.trouble.ended();
                outcomes.into_iter().map(Ok).collect()
            }
            Err(broken) if units.len() == 1 || broken.all => {
                vec![Err(self.told(broken)); units.len()]
            }
            Err(Broken { error, .. }) => {
                tracing::warn!(%error, units = units.len(), "a shared commit failed; writing its units one by one");
                self.write_one_by_one(units).await
            }
        }
    }

    /// Writes units apart from each other, until the database as a whole is in the way or too many of them wait for
    /// something of their own.
    async fn write_one_by_one(&mut self, units: &[Unit]) -> Vec<Answer> {
        let mut answers: Vec<Answer> = Vec::with_capacity(units.len());
        let began = Stopwatch::now();
        for unit in units {
            if began.elapsed() > 2 * QUEUE_PATIENCE {
                break;
            }
            match self.transaction(&[unit]).await {
                Ok(mut outcomes) => answers.push(Ok(outcomes.remove(0))),
                Err(broken) => {
                    let stops = broken.all;
                    answers.push(Err(self.told(broken)));
                    if stops {
                        break;
                    }
                }
            }
        }
        // The others were not begun.
        answers.resize(units.len(), Err(LATE));
        answers
    }

    /// The error of a transaction, after it was logged where that is worth a line.
    fn told(&self, broken: Broken) -> StoreError {
        if !matches!(broken.error, StoreError::Fault(_)) {
            self.trouble.goes_on(broken.error.kind(), &broken.error);
        }
        broken.error
    }

    /// One transaction for these units, run again without those that were refused after they had written.
    async fn transaction(&mut self, units: &[&Unit]) -> Result<Vec<Outcome>, Broken> {
        let limit = limit_for(units, self.line.address.limits.transaction);
        let mut refused: Vec<Option<&'static str>> = vec![None; units.len()];
        let mut tries = 0;
        // Each turn refuses at least one unit more, or is one of a few tries, so this ends.
        loop {
            let deadline = Instant::now() + limit;
            let mut connection = self.line.connection_by(deadline).await.map_err(Broken::all)?;
            let mut is_committing = false;
            let attempt = async {
                let live = connection.live()?;
                attempt(live, &self.line.address, self.manner, units, &mut refused, &mut is_committing).await
            };
            // A connection in an unknown state is not used again.
            let error = match timeout_at(deadline, attempt).await {
                Ok(Ok(outcomes)) => {
                    self.line.keep(connection);
                    match outcomes {
                        Some(outcomes) => return Ok(outcomes),
                        None => continue,
                    }
                }
                Ok(Err(error)) => error,
                Err(_) if is_committing => return Err(Broken::all(StoreError::OutcomeUnknown)),
                Err(_) => return Err(Broken::all(LATE)),
            };
            if is_committing && leaves_open(&error) {
                return Err(Broken::all(StoreError::OutcomeUnknown));
            }
            tries += 1;
            if tries >= TRIES || !may_be_run_again(&error) {
                return Err(Broken { all: strikes_all(&error), error: error.into() });
            }
        }
    }
}

/// What is said of a transaction that passes its limit before it commits.
const LATE: StoreError = StoreError::Busy("it took too long");

/// A transaction that came to nothing.
struct Broken {
    error: StoreError,
    /// Whether it is the database as a whole, rather than one of the units.
    all: bool,
}

impl Broken {
    fn all(error: StoreError) -> Broken {
        Broken { error, all: true }
    }
}

/// How long a transaction with these units may take.
fn limit_for(units: &[&Unit], small: Duration) -> Duration {
    let rows: usize = units.iter().map(|unit| unit.writes.len()).sum();
    let rows = FOR_A_ROW * u32::try_from(rows).unwrap_or(u32::MAX);
    let longest = units.iter().map(|unit| unit.patience).max().unwrap_or_default();
    (small + rows).max(longest)
}

/// The writer's way to the database.
struct Line {
    address: Address,
    connection: Option<DbConnection>,
    /// A connection on its way. It goes on while units give up waiting, so that a slow server is reached at last.
    connecting: Option<JoinHandle<Result<DbConnection, StoreError>>>,
    used: Stopwatch,
}

impl Line {
    /// Takes the connection, or makes one.
    async fn connection_by(&mut self, deadline: Instant) -> Result<DbConnection, StoreError> {
        self.address.is_same_file()?;
        if let Some(mut connection) = self.connection.take()
            && connection.is_there_after(self.used.elapsed()).await
        {
            return Ok(connection);
        }
        let address = self.address.clone();
        let connecting =
            self.connecting.get_or_insert_with(|| tokio::spawn(async move { address.connect().await }));
        let Ok(connected) = timeout_at(deadline, connecting).await else {
            return Err(StoreError::Unreached("no connection yet".to_owned()));
        };
        self.connecting = None;
        connected.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into()))
    }

    fn keep(&mut self, connection: DbConnection) {
        self.connection = Some(connection);
        self.used = Stopwatch::now();
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            connecting.abort();
        }
    }
}
