//! The writer's connection: it is reopened when it is lost, and runs one transaction at a time.

use std::time::{Duration, Instant as Stopwatch};

use tokio::{
    task::JoinHandle,
    time::{Instant, timeout_at},
};

use super::batch::{BatchProgress, attempt};
use crate::{
    store::{
        StoreError,
        connect::{Address, DbConnection},
        error::{is_held, leaves_open, may_be_run_again, strikes_all},
        sql,
        unit::{Outcome, UnitOfWork, Value},
    },
    values,
};

/// How much time a row adds to the limit of a transaction.
const FOR_A_ROW: Duration = Duration::from_millis(1);
/// How often a transaction is run that another one or the server has ended.
const TRIES: u32 = 4;
/// For how long at least, and how often, the outcome of a commit is asked for whose answer was lost.
const FIND_OUT_WITHIN: Duration = Duration::from_secs(1);
const ASK_EVERY: Duration = Duration::from_millis(50);
/// The error of a transaction that passes its limit before it commits.
pub(super) const LATE: StoreError = StoreError::Busy("it took too long");

/// A transaction that failed.
pub(super) struct Broken {
    pub(super) error: StoreError,
    /// Whether the database as a whole failed, rather than one of the units.
    pub(super) all: bool,
    /// Whether another program holds a lock on a row.
    pub(super) is_held: bool,
}

impl Broken {
    fn all(error: StoreError) -> Broken {
        Broken { error, all: true, is_held: false }
    }
}

/// Returns how long a transaction with these units may take.
fn limit_for(units: &[&UnitOfWork], small: Duration) -> Duration {
    let rows: usize = units.iter().map(|unit| unit.writes.len()).sum();
    let rows = FOR_A_ROW * u32::try_from(rows).unwrap_or(u32::MAX);
    let longest = units.iter().map(|unit| unit.patience).max().unwrap_or_default();
    (small + rows).max(longest)
}

/// The connection to the database.
pub(super) struct WriterConnection {
    address: Address,
    connection: Option<DbConnection>,
    /// A connection that is being opened. It goes on while units give up waiting, so that a slow server is reached in
    /// the end.
    connecting: Option<JoinHandle<Result<DbConnection, StoreError>>>,
    used: Stopwatch,
}

impl WriterConnection {
    /// Returns a handle without a connection yet.
    pub(super) fn new(address: Address) -> WriterConnection {
        WriterConnection { address, connection: None, connecting: None, used: Stopwatch::now() }
    }

    /// Returns a handle with a connection.
    pub(super) async fn open(address: Address) -> Result<WriterConnection, StoreError> {
        let mut line = WriterConnection::new(address);
        line.connection = Some(line.address.connect().await?);
        Ok(line)
    }

    pub(super) async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            // It only matters that it is gone.
            let _ = connection.close().await;
        }
    }

    /// Runs one transaction for these units, and again without those that were refused after they had written.
    pub(super) async fn transaction(&mut self, units: &[&UnitOfWork]) -> Result<Vec<Outcome>, Broken> {
        let limit = limit_for(units, self.address.limits.transaction);
        let mut refused: Vec<Option<&'static str>> = vec![None; units.len()];
        let mut tries = 0;
        // Each turn refuses at least one unit more, or is one of a few tries, so this ends.
        loop {
            let deadline = Instant::now() + limit;
            let mut connection = self.connection_by(deadline).await.map_err(Broken::all)?;
            let mut progress = BatchProgress::default();
            let attempt = async {
                let live = connection.live()?;
                attempt(live, &self.address, units, &mut refused, &mut progress).await
            };
            // A connection in an unknown state is not used again.
            let error = match timeout_at(deadline, attempt).await {
                Ok(Ok(outcomes)) => {
                    self.keep(connection);
                    match outcomes {
                        Some(outcomes) => return Ok(outcomes),
                        None => continue,
                    }
                }
                Ok(Err(error)) => Some(error),
                Err(_) => None,
            };
            drop(connection);
            if progress.is_committing && error.as_ref().is_none_or(leaves_open) {
                match self.was_committed(progress.number, deadline).await {
                    Some(true) => return Ok(progress.outcomes),
                    // It had no effect, so it is run again like any other that was lost.
                    Some(false) => {}
                    None => return Err(Broken::all(StoreError::OutcomeUnknown)),
                }
            }
            let Some(error) = error else { return Err(Broken::all(LATE)) };
            tries += 1;
            if tries >= TRIES || !may_be_run_again(&error) {
                let (all, is_held) = (strikes_all(&error), is_held(&error));
                return Err(Broken { all, is_held, error: error.into() });
            }
        }
    }

    /// Asks through another connection whether a transaction was committed; `None` if that does not become known in
    /// time. A file has no numbers to ask by.
    async fn was_committed(&mut self, number: Option<i64>, deadline: Instant) -> Option<bool> {
        let question = values![number?];
        let until = deadline.max(Instant::now() + FIND_OUT_WITHIN);
        while Instant::now() < until {
            match self.status(&question, until).await.as_deref() {
                Ok("committed") => {
                    tracing::info!("the answer to a commit was lost, and the database has it");
                    return Some(true);
                }
                Ok("aborted") => return Some(false),
                // The server is still committing, or does not know yet that nothing more comes.
                Ok("in progress") | Err(StoreError::Unreached(_) | StoreError::Busy(_)) => {}
                Ok(_) | Err(_) => return None,
            }
            tokio::time::sleep(ASK_EVERY).await;
        }
        None
    }

    async fn status(&mut self, question: &[Value], until: Instant) -> Result<String, StoreError> {
        let mut connection = self.connection_by(until).await?;
        let asking = sql::fetch_one(connection.live()?, "SELECT txid_status($1)", question);
        let row = timeout_at(until, asking).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))?;
        self.keep(connection);
        Ok(row.unwrap_or_default().into_iter().next().and_then(Value::text).unwrap_or_default())
    }

    /// Takes the connection, or opens one.
    async fn connection_by(&mut self, deadline: Instant) -> Result<DbConnection, StoreError> {
        self.address.is_same_file().await?;
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

impl Drop for WriterConnection {
    fn drop(&mut self) {
        if let Some(connecting) = self.connecting.take() {
            connecting.abort();
        }
    }
}
