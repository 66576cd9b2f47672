//! The connections for reading, in a pool of its own: sqlx's pool checks a returned connection and waits for the answer
//! without a limit, so a server that stops answering would keep the permit for ever, and block the closing too.

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant as Stopwatch},
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use super::{
    StoreError,
    connect::{Address, Backend, DbConnection},
    sql,
    unit::Value,
};
use crate::model::episode::Episode;

/// Readers of a file share two cores; a server serves more at a time.
const READERS: usize = 4;
/// A server's connection is replaced after this, so that a moved or resized server is followed.
const OLD: Duration = Duration::from_mins(30);

pub(super) type Rows = Vec<Vec<Value>>;

/// A handle on the readers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Readers {
    shared: Arc<ReaderPool>,
}

struct ReaderPool {
    address: Address,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
    problem: Episode,
}

struct Idle {
    connection: DbConnection,
    made: Stopwatch,
    since: Stopwatch,
}

/// A permit for reading, with the connection that was idle. It goes back when this is dropped, unless a query failed or
/// was given up: then the connection is in an unknown state, and is closed.
pub(super) struct PooledReader {
    shared: Arc<ReaderPool>,
    at_hand: Option<Idle>,
    limit: Duration,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// Opens the pool with its first connection.
    pub(super) async fn open(address: Address) -> Result<Readers, StoreError> {
        let places = Arc::new(Semaphore::new(READERS));
        let problem = Episode::of("nothing is read");
        let readers =
            Readers { shared: Arc::new(ReaderPool { address, places, idle: Mutex::default(), problem }) };
        let first = readers.shared.connect().await?;
        readers.shared.idle().push(first);
        Ok(readers)
    }

    /// Runs one query within the time limit for reading.
    pub(super) async fn ask(
        &self,
        text: impl Into<Cow<'static, str>>,
        values: &[Value],
    ) -> Result<Rows, StoreError> {
        let limit = self.shared.address.limits.read;
        let asking = async {
            let mut reader = self.reader(limit).await?;
            reader.fetch(text, values).await
        };
        timeout(limit, asking).await.unwrap_or(Err(LATE))
    }

    /// Returns a reader for some queries, once one is free; each query may take this long.
    pub(super) async fn reader(&self, limit: Duration) -> Result<PooledReader, StoreError> {
        let taking = async {
            let place = self.shared.places.clone().acquire_owned().await;
            let place = place.map_err(|_| StoreError::from(sqlx::Error::PoolClosed))?;
            let at_hand = self.shared.living().await;
            Ok(PooledReader { shared: self.shared.clone(), at_hand, limit, _place: place })
        };
        let taken = timeout(limit, taking).await.unwrap_or(Err(LATE));
        taken.inspect_err(|error| self.shared.note(error))
    }

    /// Stops all reading, and closes idle connections. Lent ones close when they are returned.
    pub(super) async fn close(&self) {
        self.shared.places.close();
        let idle = std::mem::take(&mut *self.shared.idle());
        for Idle { connection, .. } in idle {
            // It only matters that it is gone.
            let _ = connection.close().await;
        }
    }
}

/// The error of a query that passes its limit.
const LATE: StoreError = StoreError::Busy("it took too long");

impl ReaderPool {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        // A panic leaves the list of connections intact.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs an error that begins a problem.
    fn note(&self, error: &StoreError) {
        if !matches!(error, StoreError::Fault(_)) && !self.places.is_closed() {
            self.problem.goes_on(error.kind(), error);
        }
    }

    async fn connect(&self) -> Result<Idle, StoreError> {
        let now = Stopwatch::now();
        Ok(Idle { connection: self.address.connect().await?, made: now, since: now })
    }

    /// Returns an idle connection that still works.
    async fn living(&self) -> Option<Idle> {
        loop {
            // Taken in a statement of its own, so that nothing is locked during the check.
            let idle = self.idle().pop();
            let mut idle = idle?;
            if idle.connection.is_there_after(idle.since.elapsed()).await {
                return Some(idle);
            }
        }
    }
}

impl PooledReader {
    /// Runs a query within the limit, through a new connection if the present one was lost.
    pub(super) async fn fetch(
        &mut self,
        text: impl Into<Cow<'static, str>>,
        values: &[Value],
    ) -> Result<Rows, StoreError> {
        let limit = self.limit;
        let fetched = timeout(limit, self.fetch_at_last(text.into(), values)).await.unwrap_or(Err(LATE));
        match &fetched {
            Ok(_) => self.shared.problem.ended(),
            Err(error) => self.shared.note(error),
        }
        fetched
    }

    async fn fetch_at_last(&mut self, text: Cow<'static, str>, values: &[Value]) -> Result<Rows, StoreError> {
        self.shared.address.is_same_file().await?;
        // A connection taken from here is dropped if the query fails or is given up.
        if let Some(idle) = self.at_hand.take() {
            match self.fetch_through(idle, text.clone(), values).await {
                // The others were lost with it, for example by a restart of the server.
                Err(StoreError::Unreached(_)) => self.shared.idle().clear(),
                answered => return answered,
            }
        }
        let new = self.shared.connect().await?;
        self.fetch_through(new, text, values).await
    }

    async fn fetch_through(
        &mut self,
        mut idle: Idle,
        text: Cow<'static, str>,
        values: &[Value],
    ) -> Result<Rows, StoreError> {
        let rows = sql::fetch(idle.connection.live()?, text, values).await?;
        self.at_hand = Some(idle);
        Ok(rows)
    }
}

impl Drop for PooledReader {
    fn drop(&mut self) {
        let Some(idle) = self.at_hand.take() else { return };
        let is_old = self.shared.address.engine == Backend::Postgres && idle.made.elapsed() > OLD;
        if !is_old && !self.shared.places.is_closed() {
            self.shared.idle().push(Idle { since: Stopwatch::now(), ..idle });
        }
    }
}
