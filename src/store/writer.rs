//! One task that writes: whoever has a unit waits, the writer takes all that wait, and one commit serves them.
//!
//! What costs in a small transaction is the commit and the way to the database, not the rows. So the units that
//! wait together are written together: rows of the same shape in one statement, all of them in one transaction,
//! and each unit is answered after the commit. A unit that is refused leaves no trace: where it had already
//! written something, the transaction is rolled back and run again without it. A transaction that fails is run
//! again unit by unit, so that one bad unit harms nobody else.

use std::{
    collections::{HashSet, VecDeque},
    time::{Duration, Instant as Stopwatch},
};

use sqlx::{AnyConnection, Connection as _};
use tokio::sync::{mpsc, oneshot};

use super::{
    StoreError,
    connect::{Address, Engine},
    sql::{self, Script},
    unit::{Insert, Outcome, Unit, Value, Write},
};

/// How many units one commit serves at most.
const BATCH_UNITS: usize = 64;
/// How many units may wait before whoever comes next is told that the store is busy.
const QUEUE_UNITS: usize = 2_048;
/// How long a unit may wait for a place in the queue: well inside the 3 s that Slack grants.
const QUEUE_PATIENCE: Duration = Duration::from_millis(1_500);

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

    /// Takes what waits: one unit for each guard's row, in the guards' order, since two processes that lock the
    /// same rows in different orders would block each other. Empty once all handles are gone.
    async fn next_batch(&mut self) -> Vec<Waiting> {
        let mut arrived = Vec::new();
        let room = self.batch_units.saturating_sub(self.held_back.len());
        if self.held_back.is_empty() {
            self.waiting.recv_many(&mut arrived, room).await;
        }
        // Whoever was answered by the commit before is often about to ask again: those who are ready to run go first,
        // for as long as that brings somebody, since a commit costs more than they do.
        while arrived.len() < room {
            tokio::task::yield_now().await;
            let before = arrived.len();
            while arrived.len() < room
                && let Ok(next) = self.waiting.try_recv()
            {
                arrived.push(next);
            }
            if arrived.len() == before {
                break;
            }
        }
        let mut taken = HashSet::new();
        let mut batch: Vec<(Vec<GuardKey>, Waiting)> = Vec::new();
        let mut again = VecDeque::new();
        for waiting in self.held_back.drain(..).chain(arrived) {
            let keys = guard_keys(&waiting.unit);
            if batch.len() >= self.batch_units || keys.iter().any(|key| taken.contains(key)) {
                // What is held back keeps its keys taken, so that a later unit cannot overtake it.
                taken.extend(keys);
                again.push_back(waiting);
            } else {
                taken.extend(keys.iter().cloned());
                batch.push((keys, waiting));
            }
        }
        self.held_back = again;
        batch.sort_by(|(a, _), (b, _)| a.cmp(b));
        batch.into_iter().map(|(_, waiting)| waiting).collect()
    }

    /// Writes a batch, and answers for each of its units.
    async fn write(&mut self, units: &[Unit]) -> Vec<Answer> {
        let all: Vec<&Unit> = units.iter().collect();
        match self.transaction(&all).await {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) if units.len() == 1 => vec![Err(error)],
            Err(error) => {
                tracing::warn!(%error, units = units.len(), "a shared commit failed; writing its units one by one");
                let mut answers = Vec::with_capacity(units.len());
                for unit in units {
                    answers.push(self.transaction(&[unit]).await.map(|mut outcomes| outcomes.remove(0)));
                }
                answers
            }
        }
    }

    /// One transaction for these units, run again without those that were refused after they had written.
    async fn transaction(&mut self, units: &[&Unit]) -> Result<Vec<Outcome>, StoreError> {
        let mut refused: Vec<Option<&'static str>> = vec![None; units.len()];
        // Each turn refuses at least one unit more, so this ends.
        loop {
            let connection = match &mut self.connection {
                Some(connection) => connection,
                empty => empty.insert(self.address.connect().await?),
            };
            match attempt(connection, &self.address, units, &mut refused).await {
                Ok(Some(outcomes)) => return Ok(outcomes),
                Ok(None) => {}
                Err(error) => {
                    // A connection in an unknown state is not used again.
                    self.connection = None;
                    return Err(StoreError::from(error));
                }
            }
        }
    }
}

/// The row that a guard asks about.
type GuardKey = (&'static str, Vec<Value>);

fn guard_keys(unit: &Unit) -> Vec<GuardKey> {
    let mut keys: Vec<GuardKey> = unit.guards.iter().map(|guard| write_key(&guard.write)).collect();
    keys.sort();
    keys
}

fn write_key(write: &Write) -> GuardKey {
    match write {
        Write::Row(shape, values) => (shape.table, values[..shape.identity].to_vec()),
        Write::Run(sql, values) => (sql, values.clone()),
    }
}

/// Writes the units that are not refused. `None` means that a unit was refused after it had written, so that
/// everything was rolled back and is to be tried again without it.
async fn attempt(
    connection: &mut AnyConnection,
    address: &Address,
    units: &[&Unit],
    refused: &mut [Option<&'static str>],
) -> Result<Option<Vec<Outcome>>, sqlx::Error> {
    let before: Vec<bool> = refused.iter().map(Option::is_some).collect();
    let answers = ask(connection, address, units, refused).await?;
    let left_a_trace =
        |n: usize| !before[n] && refused[n].is_some() && answers[n].iter().any(Option::is_some);
    if (0..units.len()).any(left_a_trace) {
        sql::execute(connection, "ROLLBACK", &[]).await?;
        return Ok(None);
    }
    if refused.iter().any(Option::is_none) {
        let passed = units.iter().zip(refused.iter()).filter(|(_, no)| no.is_none()).map(|(unit, _)| *unit);
        put(connection, address.engine, passed).await?;
    } else {
        sql::execute(connection, "ROLLBACK", &[]).await?;
    }
    let outcomes = refused.iter().zip(answers).map(|(no, answers)| match no {
        Some(name) => Outcome::Refused(name),
        None => Outcome::Committed(answers.into_iter().flatten().collect()),
    });
    Ok(Some(outcomes.collect()))
}

/// What a unit's guards answered, in their order; `None` is a no, or was not asked.
type Answers = Vec<Option<Vec<Value>>>;

/// Begins, and asks the guards of all units that are not refused yet; the first that says no refuses its unit. Those
/// that are rows are asked all at once, in the hope of a yes, which is the rule.
async fn ask(
    connection: &mut AnyConnection,
    address: &Address,
    units: &[&Unit],
    refused: &mut [Option<&'static str>],
) -> Result<Vec<Answers>, sqlx::Error> {
    let mut answers: Vec<Answers> = units.iter().map(|unit| vec![None; unit.guards.len()]).collect();
    let mut shapes: Vec<(&'static Insert, Vec<(usize, usize)>)> = Vec::new();
    let asked = units.iter().enumerate().filter(|(n, _)| refused[*n].is_none());
    let asked: Vec<(usize, usize, &Write)> = asked
        .flat_map(|(n, unit)| {
            unit.guards.iter().enumerate().map(move |(place, guard)| (n, place, &guard.write))
        })
        .collect();
    for (n, place, write) in &asked {
        if let Write::Row(shape, _) = write {
            group(&mut shapes, shape, (*n, *place));
        }
    }
    let mut script = Script::new(address.engine);
    script.say(address.begin());
    for (tag, (shape, askers)) in shapes.iter().enumerate() {
        let rows: Vec<&[Value]> =
            askers.iter().map(|&(n, place)| row_values(&units[n].guards[place].write)).collect();
        script.rows(shape, &rows, Some(tag));
    }
    let yes: HashSet<Vec<Value>> = script.run(connection).await?.into_iter().collect();
    for (tag, (shape, askers)) in shapes.into_iter().enumerate() {
        let tag = Value::Int(i64::try_from(tag).ok());
        for (n, place) in askers {
            let identity = &row_values(&units[n].guards[place].write)[..shape.identity];
            let tagged: Vec<Value> = std::iter::once(&tag).chain(identity).cloned().collect();
            answers[n][place] = yes.contains(&tagged).then(|| identity.to_vec());
        }
    }
    for (n, place, write) in asked {
        if refused[n].is_some() {
            continue;
        }
        if let Write::Run(statement, values) = write {
            answers[n][place] = sql::fetch_one(connection, statement, values).await?;
        }
        if answers[n][place].is_none() {
            refused[n] = Some(units[n].guards[place].name);
        }
    }
    Ok(answers)
}

/// Writes the rows of all units, shape by shape in the order in which the shapes appear, then the statements, and
/// commits.
async fn put<'u>(
    connection: &mut AnyConnection,
    engine: Engine,
    units: impl Iterator<Item = &'u Unit>,
) -> Result<(), sqlx::Error> {
    let mut shapes: Vec<(&'static Insert, Vec<&[Value]>)> = Vec::new();
    let mut statements: Vec<(&'static str, &[Value])> = Vec::new();
    for write in units.flat_map(|unit| &unit.writes) {
        match write {
            Write::Row(shape, values) => group(&mut shapes, shape, values.as_slice()),
            Write::Run(statement, values) => statements.push((statement, values)),
        }
    }
    let mut script = Script::new(engine);
    for (shape, rows) in shapes {
        script.rows(shape, &rows, None);
    }
    if statements.is_empty() {
        script.say("COMMIT");
        return script.run(connection).await.map(drop);
    }
    script.run(connection).await?;
    for (statement, values) in statements {
        sql::execute(connection, statement, values).await?;
    }
    sql::execute(connection, "COMMIT", &[]).await.map(drop)
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
