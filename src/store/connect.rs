//! Where the database is, and how a connection to it is made ready.

use std::{path::PathBuf, str::FromStr as _, sync::Once, time::Duration};

use sqlx::{
    AnyConnection, AnyPool, ConnectOptions as _, Executor as _,
    any::{AnyConnectOptions, AnyPoolOptions},
};

use super::StoreError;

/// Which engine keeps the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of this machine.
    Sqlite,
    /// A server that several replicas may share.
    Postgres,
}

/// The address of a database, understood.
#[derive(Clone, Debug)]
pub(super) struct Address {
    pub(super) engine: Engine,
    options: AnyConnectOptions,
}

impl Address {
    /// Reads a URL such as `sqlite:rondo.db` or `postgres://user@host/name`.
    /// `may_make` says that a database file which is not there yet is made.
    pub(super) fn parse(url: &str, may_make: bool) -> Result<Address, StoreError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        let engine = match url.split_once(':').map(|(scheme, _)| scheme) {
            // A database in memory would be another one for each connection.
            Some("sqlite") if !url.contains(":memory:") => Engine::Sqlite,
            Some("postgres" | "postgresql") => Engine::Postgres,
            _ => return Err(StoreError::Address),
        };
        // The address may say itself how it is to be opened.
        let url = match engine {
            Engine::Sqlite if url.contains('?') => url.to_owned(),
            Engine::Sqlite if may_make => format!("{url}?mode=rwc"),
            Engine::Sqlite => format!("{url}?mode=rw"),
            Engine::Postgres => url.to_owned(),
        };
        let options =
            AnyConnectOptions::from_str(&url).map_err(|_| StoreError::Address)?.disable_statement_logging();
        Ok(Address { engine, options })
    }

    /// How a writing transaction begins. SQLite takes the lock at once, since one that upgrades later may fail.
    pub(super) fn begin(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN",
        }
    }

    /// A connection to write with.
    pub(super) async fn connect(&self) -> Result<AnyConnection, StoreError> {
        /// A server that does not answer in this time is taken to be away.
        const PATIENCE: Duration = Duration::from_secs(10);
        let connecting = async {
            let mut connection = self.options.connect().await?;
            prepare(&mut connection, self.engine).await?;
            Ok(connection)
        };
        match tokio::time::timeout(PATIENCE, connecting).await {
            Ok(connected) => connected.map_err(|error: sqlx::Error| error.into()),
            Err(_) => Err(StoreError::Unreached(format!("no connection within {} s", PATIENCE.as_secs()))),
        }
    }

    /// A connection to bring the database up to date with: others at the same work are waited for, and an index on
    /// a large table may take its time.
    pub(super) async fn connect_to_migrate(&self) -> Result<AnyConnection, StoreError> {
        let mut connection = self.connect().await?;
        let settings = match self.engine {
            Engine::Sqlite => "PRAGMA busy_timeout = 60000",
            Engine::Postgres => "SET lock_timeout = 0; SET statement_timeout = 0",
        };
        connection.execute(sqlx::raw_sql(settings)).await?;
        Ok(connection)
    }

    /// Connections to read with.
    pub(super) async fn pool(&self) -> Result<AnyPool, StoreError> {
        /// Readers of a file share two cores; a server serves more at a time.
        const READERS: u32 = 4;
        let engine = self.engine;
        let pool = AnyPoolOptions::new()
            .max_connections(READERS)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(5))
            // A connection to a file does not break; asking whether it has would double the way of every question.
            .test_before_acquire(engine != Engine::Sqlite)
            .after_connect(move |connection, _| Box::pin(prepare(connection, engine)))
            .connect_with(self.options.clone())
            .await?;
        Ok(pool)
    }
}

/// The file that a SQLite address names; `None` for a server.
pub(super) fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("sqlite:")?;
    let path = path.strip_prefix("//").unwrap_or(path);
    Some(PathBuf::from(path.split_once('?').map_or(path, |(path, _)| path)))
}

/// Sets what makes a commit durable and readers independent of the writer.
async fn prepare(connection: &mut AnyConnection, engine: Engine) -> Result<(), sqlx::Error> {
    let settings = match engine {
        Engine::Sqlite => {
            "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;"
        }
        Engine::Postgres => {
            "SET synchronous_commit = on; SET lock_timeout = '5s'; SET statement_timeout = '30s'"
        }
    };
    connection.execute(sqlx::raw_sql(settings)).await?;
    Ok(())
}
