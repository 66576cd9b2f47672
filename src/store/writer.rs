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
    collections::{HashMap, HashSet, VecDeque},
    time::{Duration, Instant as Stopwatch},
};

use sqlx::{AnyConnection, Connection as _};
use tokio::sync::{mpsc, oneshot};

use super::{
    StoreError,
    connect::Address,
    error::{may_be_run_again, strikes_all},
    sql,
    unit::{Insert, Outcome, Unit, Value, Write},
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
    pub(super) async fn start(address: Address, shared_commits: bool) -> Result<Writer, StoreError> {
        let connection = address.connect().await?;
        let (queue, waiting) = mpsc::channel(QUEUE_UNITS);
        let batch_units = if shared_commits { BATCH_UNITS } else { 1 };
        let task =
            Task { address, connection: Some(connection), waiting, batch_units, held_back: VecDeque::new() };
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
        } else {
            while arrived.len() < room {
                let Ok(next) = self.waiting.try_recv() else { break };
                arrived.push(next);
            }
        }
        let mut taken = HashSet::new();
        let mut batch: Vec<Waiting> = Vec::new();
        let mut again = VecDeque::new();
        for waiting in self.held_back.drain(..).chain(arrived) {
            let keys = guard_keys(&waiting.unit);
            if batch.len() >= self.batch_units || keys.iter().any(|key| taken.contains(key)) {
                // What is held back keeps its keys taken, so that a later unit cannot overtake it.
                taken.extend(keys);
                again.push_back(waiting);
            } else {
                taken.extend(keys);
                batch.push(waiting);
            }
        }
        self.held_back = again;
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
            let attempt = attempt(connection, self.address.begin(), units, &mut refused);
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

/// Where a transaction stopped.
struct Stopped {
    error: sqlx::Error,
    /// Whether the commit was under way, so that nobody knows whether it happened.
    committing: bool,
}

impl From<sqlx::Error> for Stopped {
    fn from(error: sqlx::Error) -> Stopped {
        Stopped { error, committing: false }
    }
}

/// The row that a guard asks about: its table and the first parts of its identity. Rows that share those count as one,
/// which costs nothing but a place in the batch.
type GuardKey = (&'static str, Vec<Value>);

/// How much of an identity tells rows apart here: the workspace, and one part more.
const KEY_PARTS: usize = 2;

fn guard_keys(unit: &Unit) -> Vec<GuardKey> {
    let mut keys: Vec<GuardKey> = unit.guards.iter().map(|guard| write_key(&guard.write)).collect();
    keys.sort();
    keys
}

fn write_key(write: &Write) -> GuardKey {
    match write {
        Write::Row(shape, values) => (shape.table, values[..shape.identity.min(KEY_PARTS)].to_vec()),
        Write::Run(sql, values) => (table_of(sql), values[..values.len().min(KEY_PARTS)].to_vec()),
    }
}

/// The table that a statement changes: the word behind `UPDATE`, `DELETE FROM` or `INSERT INTO`.
fn table_of(sql: &'static str) -> &'static str {
    let mut words = sql.split_whitespace();
    match words.next() {
        Some("UPDATE") => words.next(),
        _ => words.nth(1),
    }
    .unwrap_or(sql)
}

/// Writes the units that are not refused. `None` means that a unit was refused after it had written, so that
/// everything was rolled back and is to be tried again without it.
async fn attempt(
    connection: &mut AnyConnection,
    begin: &'static str,
    units: &[&Unit],
    refused: &mut [Option<&'static str>],
) -> Result<Option<Vec<Outcome>>, Stopped> {
    let mut transaction = connection.begin_with(begin).await?;
    let mut returned: Vec<Vec<Vec<Value>>> = vec![Vec::new(); units.len()];
    let depth = units.iter().map(|unit| unit.guards.len()).max().unwrap_or_default();
    // Guards are asked in the order of their rows, since two processes that lock the same rows in different orders
    // would block each other.
    let mut in_order: Vec<usize> = (0..units.len()).collect();
    in_order.sort_by_cached_key(|&n| guard_keys(units[n]));
    let mut again = false;
    for place in 0..depth {
        let asks = |n: &usize| refused[*n].is_none() && units[*n].guards.len() > place;
        let asking: Vec<usize> = in_order.iter().copied().filter(asks).collect();
        let answers = ask(&mut transaction, units, &asking, place).await?;
        for (n, answer) in asking.into_iter().zip(answers) {
            if let Some(values) = answer {
                returned[n].push(values);
            } else {
                refused[n] = Some(units[n].guards[place].name);
                again |= place > 0;
            }
        }
    }
    if again {
        transaction.rollback().await?;
        return Ok(None);
    }
    if refused.iter().any(Option::is_none) {
        let passed = units.iter().zip(refused.iter()).filter(|(_, no)| no.is_none()).map(|(unit, _)| *unit);
        put(&mut transaction, passed).await?;
        transaction.commit().await.map_err(|error| Stopped { error, committing: true })?;
    } else {
        transaction.rollback().await?;
    }
    let outcomes = refused.iter().zip(returned).map(|(no, values)| match no {
        Some(name) => Outcome::Refused(name),
        None => Outcome::Committed(values),
    });
    Ok(Some(outcomes.collect()))
}

/// Asks the guards that stand at one place of their units; `None` is a no.
async fn ask(
    connection: &mut AnyConnection,
    units: &[&Unit],
    asking: &[usize],
    place: usize,
) -> Result<Vec<Option<Vec<Value>>>, sqlx::Error> {
    let mut answers: HashMap<usize, Vec<Value>> = HashMap::new();
    let mut shapes: Vec<(&'static Insert, Vec<usize>)> = Vec::new();
    for &n in asking {
        match &units[n].guards[place].write {
            Write::Run(statement, values) => {
                if let Some(row) = sql::fetch_one(connection, statement, values).await? {
                    answers.insert(n, row);
                }
            }
            Write::Row(shape, _) => group(&mut shapes, shape, n),
        }
    }
    for (shape, askers) in shapes {
        let rows: Vec<&[Value]> = askers.iter().map(|&n| row_values(&units[n].guards[place].write)).collect();
        let yes: HashSet<Vec<Value>> =
            sql::insert_returning(connection, shape, &rows).await?.into_iter().collect();
        for (n, row) in askers.into_iter().zip(rows) {
            let identity = row[..shape.identity].to_vec();
            if yes.contains(&identity) {
                answers.insert(n, identity);
            }
        }
    }
    Ok(asking.iter().map(|n| answers.remove(n)).collect())
}

/// Writes what the units want, as if one came after the other. Rows of one shape wait to share a statement for as
/// long as nothing else touches their table.
async fn put<'u>(
    connection: &mut AnyConnection,
    units: impl Iterator<Item = &'u Unit>,
) -> Result<(), sqlx::Error> {
    let mut waiting: Vec<Rows<'u>> = Vec::new();
    for unit in units {
        for write in &unit.writes {
            let Write::Row(shape, values) = write else { continue };
            let fits = |rows: &Rows<'u>| std::ptr::eq(rows.shape, *shape) && !rows.holds(values);
            if waiting.iter().any(|rows| rows.shape.table == shape.table && !fits(rows)) {
                flush(connection, &mut waiting, shape.table).await?;
            }
            match waiting.iter_mut().find(|rows| std::ptr::eq(rows.shape, *shape)) {
                Some(rows) => rows.add(values),
                None => waiting.push(Rows::with(shape, values)),
            }
        }
        for write in &unit.writes {
            let Write::Run(statement, values) = write else { continue };
            flush(connection, &mut waiting, table_of(statement)).await?;
            sql::execute(connection, statement, values).await?;
        }
    }
    for rows in waiting {
        sql::insert(connection, rows.shape, &rows.values).await?;
    }
    Ok(())
}

/// Writes the rows of a table that still wait.
async fn flush(
    connection: &mut AnyConnection,
    waiting: &mut Vec<Rows<'_>>,
    table: &str,
) -> Result<(), sqlx::Error> {
    for rows in waiting.extract_if(.., |rows| rows.shape.table == table) {
        sql::insert(connection, rows.shape, &rows.values).await?;
    }
    Ok(())
}

/// Rows of one shape, each of which exists once: PostgreSQL refuses to change a row twice in one statement.
struct Rows<'u> {
    shape: &'static Insert,
    values: Vec<&'u [Value]>,
    identities: HashSet<&'u [Value]>,
}

impl<'u> Rows<'u> {
    fn with(shape: &'static Insert, values: &'u [Value]) -> Rows<'u> {
        let mut rows = Rows { shape, values: Vec::new(), identities: HashSet::new() };
        rows.add(values);
        rows
    }

    fn holds(&self, values: &[Value]) -> bool {
        self.identities.contains(&values[..self.shape.identity])
    }

    fn add(&mut self, values: &'u [Value]) {
        self.identities.insert(&values[..self.shape.identity]);
        self.values.push(values);
    }
}

fn group<T>(shapes: &mut Vec<(&'static Insert, Vec<T>)>, shape: &'static Insert, member: T) {
    match shapes.iter_mut().find(|(known, _)| std::ptr::eq(*known, shape)) {
        Some((_, members)) => members.push(member),
        None => shapes.push((shape, vec![member])),
    }
}

fn row_values(write: &Write) -> &[Value] {
    match write {
        Write::Row(_, values) | Write::Run(_, values) => values,
    }
}
