//! The connections to read with. A pool of its own: sqlx's asks a connection that comes back how it is, and waits for the
//! answer without a limit, so that a server which falls silent then keeps the place for good, and the closing too.

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
/// A server's connection is replaced after this, so that one that was moved or resized is followed.
const OLD: Duration = Duration::from_mins(30);

pub(super) type Rows = Vec<Vec<Value>>;

/// The way to the readers. Cheap to clone.
#[derive(Clone)]
pub(super) struct Readers {
    shared: Arc<ReaderPool>,
}

struct ReaderPool {
    address: Address,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Idle>>,
    trouble: Episode,
}

struct Idle {
    connection: DbConnection,
    made: Stopwatch,
    since: Stopwatch,
}

/// A place among the readers, with the connection that was idle there. It goes back when this is dropped, unless a
/// question failed or was given up on its way: such a connection is in a state that nobody knows, and is closed.
pub(super) struct PooledReader {
    shared: Arc<ReaderPool>,
    at_hand: Option<Idle>,
    limit: Duration,
    _place: OwnedSemaphorePermit,
}

impl Readers {
    /// Makes the first connection.
    pub(super) async fn open(address: Address) -> Result<Readers, StoreError> {
        let places = Arc::new(Semaphore::new(READERS));
        let trouble = Episode::of("nothing is read");
        let readers =
            Readers { shared: Arc::new(ReaderPool { address, places, idle: Mutex::default(), trouble }) };
        let first = readers.shared.connect().await?;
        readers.shared.idle().push(first);
        Ok(readers)
    }

    /// Asks one question within the time limit for reading.
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

    /// A place for some questions, once one is free, each of which may take this long.
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

    /// Lets nobody read any more, and closes what is idle. What is lent closes when it comes back.
    pub(super) async fn close(&self) {
        self.shared.places.close();
        let idle = std::mem::take(&mut *self.shared.idle());
        for Idle { connection, .. } in idle {
            // What matters of it is that it is gone.
            let _ = connection.close().await;
        }
    }
}

/// What is said of a question that passes its limit.
const LATE: StoreError = StoreError::Busy("it took too long");

impl ReaderPool {
    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        // A panic leaves a list of connections that are as good as before.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Logs an error where it begins a trouble.
    fn note(&self, error: &StoreError) {
        if !matches!(error, StoreError::Fault(_)) && !self.places.is_closed() {
            self.trouble.goes_on(error.kind(), error);
        }
    }

    async fn connect(&self) -> Result<Idle, StoreError> {
        let now = Stopwatch::now();
        Ok(Idle { connection: self.address.connect().await?, made: now, since: now })
    }

    /// An idle connection that is still there.
    async fn living(&self) -> Option<Idle> {
        loop {
            // Taken in a statement of its own, so that nothing is locked while it is asked.
            let idle = self.idle().pop();
            let mut idle = idle?;
            if idle.connection.is_there_after(idle.since.elapsed()).await {
                return Some(idle);
            }
        }
    }
}

impl PooledReader {
    /// Asks a question within the limit, through a new connection where the one at hand was lost.
    pub(super) async fn fetch(
        &mut self,
        text: impl Into<Cow<'static, str>>,
        values: &[Value],
    ) -> Result<Rows, StoreError> {
        let limit = self.limit;
        let fetched = timeout(limit, self.fetch_at_last(text.into(), values)).await.unwrap_or(Err(LATE));
        match &fetched {
            Ok(_) => self.shared.trouble.ended(),
            Err(error) => self.shared.note(error),
        }
        fetched
    }

    async fn fetch_at_last(&mut self, text: Cow<'static, str>, values: &[Value]) -> Result<Rows, StoreError> {
        self.shared.address.is_same_file()?;
        // What is taken from here is dropped where the question fails or is given up on its way.
        if let Some(idle) = self.at_hand.take() {
            match self.fetch_through(idle, text.clone(), values).await {
                // The others were lost with it, as by a restart of the server.
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
