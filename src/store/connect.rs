//! The address of a database, and how a connection to it is opened and configured.

use std::{
    path::PathBuf,
    str::FromStr as _,
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use sqlx::{AnyConnection, ConnectOptions as _, Connection as _, Executor as _, any::AnyConnectOptions};

use super::{
    StoreError,
    error::leaves_open,
    news::Sender,
    same_file::{Change, SameFile},
};
use crate::model::entropy::Entropy;

/// Which engine keeps the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file on this machine.
    Sqlite,
    /// A server that several replicas may share.
    Postgres,
}

/// The time limits of a database.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoreLimits {
    /// For a query, its connection included.
    pub(super) read: Duration,
    /// For one attempt at a small transaction, its connection included.
    pub(super) transaction: Duration,
    /// For a lock that another program holds.
    lock: Duration,
    /// For a transaction without statements: its process is suspended, and holds its locks. Zero is no limit.
    idle_in_transaction: Duration,
}

impl StoreLimits {
    /// The limits while people wait. A server that does not answer is better asked again through another connection; a
    /// file has only one disk, and a second query makes it no faster.
    pub(super) fn running(engine: Backend) -> StoreLimits {
        let (transaction, lock) = match engine {
            // A file has one lock for all, and nothing else can be done in the meantime.
            Backend::Sqlite => (Duration::from_secs(5), Duration::from_millis(1_500)),
            // It is tried again while there is time. The limit also ends a deadlock, which the server looks for only
            // after a second.
            Backend::Postgres => (Duration::from_millis(2_500), Duration::from_millis(500)),
        };
        StoreLimits {
            read: Duration::from_secs(5),
            transaction,
            lock,
            idle_in_transaction: Duration::from_secs(5),
        }
    }

    /// For exports, backups and repairs, which read much and may wait.
    pub(super) const AT_LEISURE: StoreLimits = StoreLimits {
        read: Duration::from_mins(10),
        transaction: Duration::from_mins(1),
        lock: Duration::from_secs(5),
        idle_in_transaction: Duration::ZERO,
    };
}

/// A server that does not accept the connection within this time counts as unreachable.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// How many connections to a file one store may have open. It uses half of them; the others leave room for connections
/// that were given up and hang with the disk, each on a thread of its own.
const MOST_CONNECTIONS: usize = 16;

/// A parsed database address.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) engine: Backend,
    pub(super) limits: StoreLimits,
    pub(super) sender: Sender,
    options: AnyConnectOptions,
    open: Arc<AtomicUsize>,
    file: Option<Arc<SameFile>>,
    /// Whether a commit is on the disk before it's acknowledged.
    is_durable: bool,
}

/// How much of a database file a connection keeps in memory at most, in KiB. SQLite's usual 2,000 hold too little of an index that is
/// searched from one end to the other.
const PAGE_CACHE_KIB: u32 = 8_000;

/// Returns how often a database file was compacted: SQLite keeps this number in the file, and Rondo alone uses it.
pub(super) async fn compactions(connection: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA user_version").fetch_one(connection).await
}

impl Address {
    /// Parses a URL such as `sqlite:rondo.db` or `postgres://user@host/name`. `may_make` allows creating a database
    /// file that is missing.
    pub(super) fn parse(url: &str, may_make: bool) -> Result<Address, StoreError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let engine = match url.split_once(':').map(|(scheme, _)| scheme) {
            // A database in memory would be a different one for each connection.
            Some("sqlite") if !url.contains(":memory:") => Backend::Sqlite,
            Some("postgres" | "postgresql") => Backend::Postgres,
            _ => return Err(StoreError::Address),
        };
        // The address itself may say how it is opened.
        let url = match engine {
            Backend::Sqlite if url.contains('?') => url.to_owned(),
            Backend::Sqlite if may_make => format!("{url}?mode=rwc"),
            Backend::Sqlite => format!("{url}?mode=rw"),
            Backend::Postgres => url.to_owned(),
        };
        let options =
            AnyConnectOptions::from_str(&url).map_err(|_| StoreError::Address)?.disable_statement_logging();
        let sender = Sender(Entropy::from_system().map_err(StoreError::coding)?.seed());
        let (open, limits) = (Arc::default(), StoreLimits::AT_LEISURE);
        Ok(Address { engine, limits, sender, options, open, file: None, is_durable: true })
    }

    /// Returns the same address for a running bot: with its time limits, and with a check that the file stays the same.
    /// The file must be open already, and stay open; it has counted this many compactions.
    pub(super) fn running(self, url: &str, compactions: i64) -> Address {
        let file = file_of(url).and_then(|path| SameFile::as_of_now(path, compactions)).map(Arc::new);
        Address { limits: StoreLimits::running(self.engine), file, ..self }
    }

    /// Returns the same address for a file whose commits don't wait for the disk.
    pub(super) fn without_disk(self) -> Address {
        Address { is_durable: false, ..self }
    }

    /// Returns the same address for a connection to a server that waits at most this long for a lock.
    pub(super) fn waiting_for_locks(&self, patience: Duration) -> Address {
        let mut address = self.clone();
        if self.engine == Backend::Postgres {
            address.limits.lock = self.limits.lock.min(patience);
        }
        address
    }

    /// Fails if the path no longer leads to the file that was opened, or another was copied into it.
    pub(super) async fn is_same_file(&self) -> Result<(), StoreError> {
        let Some(file) = &self.file else { return Ok(()) };
        match file.check() {
            Ok(()) => return Ok(()),
            Err(Change::Replaced) => return Err(StoreError::Replaced),
            Err(Change::Shorter) => {}
        }
        let asking = async {
            let mut connection = self.options.connect().await?;
            Ok::<_, StoreError>(compactions(&mut connection).await?)
        };
        let late = StoreError::Unreached("the file did not say whether it was compacted".to_owned());
        file.note_compactions(tokio::time::timeout(CONNECT_WITHIN, asking).await.unwrap_or(Err(late))?);
        file.check().map_err(|_| StoreError::Replaced)
    }

    /// Returns the statement that begins a writing transaction. SQLite takes the lock at once, since a transaction that
    /// upgrades later may fail.
    pub(super) fn begin(&self) -> &'static str {
        match self.engine {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => "BEGIN",
        }
    }

    /// Opens a connection to write or to read with.
    pub(super) async fn connect(&self) -> Result<DbConnection, StoreError> {
        self.is_same_file().await?;
        let place = ConnectionPermit::taken(&self.open);
        if self.engine == Backend::Sqlite && place.number > MOST_CONNECTIONS {
            return Err(StoreError::Disk("connections to the file hang".to_owned()));
        }
        let address = self.clone();
        let connecting = async move {
            let inner = address.options.connect().await?;
            let mut connection = DbConnection::new(inner, address.engine, place);
            address.prepare(connection.live()?).await?;
            Ok(connection)
        };
        let connected = match self.engine {
            // A file that hangs while it is opened keeps a thread. It counts as open until it returns.
            Backend::Sqlite => {
                let connecting = tokio::spawn(connecting);
                let joined = tokio::time::timeout(CONNECT_WITHIN, connecting).await;
                joined.map(|joined| joined.unwrap_or(Err(sqlx::Error::WorkerCrashed)))
            }
            Backend::Postgres => tokio::time::timeout(CONNECT_WITHIN, connecting).await,
        };
        let Ok(connected) = connected else {
            let limit = CONNECT_WITHIN.as_secs();
            return Err(StoreError::Unreached(format!("no connection within {limit} s")));
        };
        let connection = connected?;
        // It may have opened a file that was put there in between.
        self.is_same_file().await?;
        Ok(connection)
    }

    /// Opens a connection for migrations: it waits for others at the same work, and building an index on a large table
    /// may take its time.
    pub(super) async fn connect_to_migrate(&self) -> Result<DbConnection, StoreError> {
        /// How long to wait for others at the same work.
        const PATIENCE: Duration = Duration::from_mins(1);
        let until = tokio::time::Instant::now() + PATIENCE;
        // The switch to write-ahead logging needs the whole file for a moment, and SQLite does not wait for that by
        // itself.
        let mut connection = loop {
            match self.connect().await {
                Err(StoreError::Busy(_)) if tokio::time::Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
                connected => break connected?,
            }
        };
        let settings = match self.engine {
            Backend::Sqlite => "PRAGMA busy_timeout = 60000",
            Backend::Postgres => {
                "SET lock_timeout = 0; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0"
            }
        };
        connection.live()?.execute(sqlx::raw_sql(settings)).await?;
        Ok(connection)
    }

    /// Configures a connection: commits are durable, readers do not block the writer, and the server ends the session
    /// of a client that is gone.
    async fn prepare(&self, connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let lock = self.limits.lock.as_millis();
        match self.engine {
            Backend::Sqlite => {
                let synchronous = if self.is_durable { "FULL" } else { "OFF" };
                let settings = format!(
                    "PRAGMA busy_timeout = {lock}; PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; \
                     PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY; \
                     PRAGMA cache_size = -{PAGE_CACHE_KIB}; PRAGMA secure_delete = ON;"
                );
                connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(settings))).await?;
            }
            Backend::Postgres => {
                // The server ends a statement that this side has given up, and releases the locks of its transaction.
                let statement = self.limits.read.max(Duration::from_secs(30)).as_millis();
                let idle = self.limits.idle_in_transaction.as_millis();
                let settings = format!(
                    "SET synchronous_commit = on; SET lock_timeout = {lock}; SET statement_timeout = {statement}; \
                     SET idle_in_transaction_session_timeout = {idle}"
                );
                connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(settings))).await?;
                // Some servers and proxies do not know these settings; everything works without them.
                match connection.execute(sqlx::raw_sql(KEEPALIVES)).await {
                    Err(error) if leaves_open(&error) => return Err(error),
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// Makes the server notice within a minute that this side is gone, and keeps idle connections alive through firewalls.
/// Settings that this server does not know are skipped.
const KEEPALIVES: &str = "SELECT set_config(name, wanted, false) FROM (VALUES \
     ('tcp_keepalives_idle', '30'), ('tcp_keepalives_interval', '10'), ('tcp_keepalives_count', '3'), \
     ('tcp_user_timeout', '30000'), ('client_connection_check_interval', '10000')) AS list (name, wanted) \
     WHERE current_setting(name, true) IS NOT NULL";

/// A permit for one of a store's open connections.
#[derive(Debug)]
struct ConnectionPermit {
    open: Arc<AtomicUsize>,
    number: usize,
}

impl ConnectionPermit {
    fn taken(open: &Arc<AtomicUsize>) -> ConnectionPermit {
        let number = open.fetch_add(1, Ordering::Relaxed) + 1;
        ConnectionPermit { open: open.clone(), number }
    }
}

impl Drop for ConnectionPermit {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A connection that may be dropped in any state, for example in the middle of a slow statement: it is closed without
/// waiting. A server's session ends with the socket. A file's connection has a thread, which ends when the disk lets
/// it, and counts as open until then.
#[derive(Debug)]
pub(super) struct DbConnection {
    inner: Option<(AnyConnection, ConnectionPermit)>,
    engine: Backend,
}

impl DbConnection {
    fn new(inner: AnyConnection, engine: Backend, place: ConnectionPermit) -> DbConnection {
        DbConnection { inner: Some((inner, place)), engine }
    }

    /// Returns the connection itself.
    pub(super) fn live(&mut self) -> Result<&mut AnyConnection, sqlx::Error> {
        self.inner.as_mut().map(|(connection, _)| connection).ok_or(sqlx::Error::WorkerCrashed)
    }

    /// Whether a server still answers on a connection that was idle this long: firewalls forget idle connections, and
    /// servers restart. A connection that was used a moment ago counts as alive.
    pub(super) async fn is_there_after(&mut self, idle: Duration) -> bool {
        const TOO_LONG: Duration = Duration::from_secs(30);
        const ANSWER_WITHIN: Duration = Duration::from_millis(500);
        if self.engine == Backend::Sqlite || idle < TOO_LONG {
            return true;
        }
        let Ok(connection) = self.live() else { return false };
        matches!(tokio::time::timeout(ANSWER_WITHIN, connection.ping()).await, Ok(Ok(())))
    }

    /// Closes the connection cleanly.
    pub(super) async fn close(mut self) -> Result<(), sqlx::Error> {
        match self.inner.take() {
            Some((connection, _place)) => connection.close().await,
            None => Ok(()),
        }
    }
}

impl Drop for DbConnection {
    fn drop(&mut self) {
        if let (Backend::Sqlite, Some((connection, place))) = (self.engine, self.inner.take())
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(async move {
                // Nothing uses this connection any more, so its error does not matter.
                let _ = connection.close().await;
                drop(place);
            });
        }
    }
}

/// Returns the file that a SQLite address names; `None` for a server.
pub(super) fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split_once('?').map_or(path, |(path, _)| path)))
}
