//! The store: one SQL text for SQLite and PostgreSQL, one writer whose commits serve all who wait.

mod connect;
mod error;
mod lock;
mod migrations;
pub mod outbox;
pub mod people;
pub mod seen;
mod sql;
pub mod sweep;
pub mod unit;
pub mod workspace;
mod writer;

use std::sync::Arc;

use sqlx::{AnyPool, migrate::MigrateError};
use tokio::sync::Notify;

use self::{
    connect::Address,
    lock::FileLock,
    migrations::MIGRATIONS,
    unit::{Outcome, Unit, Value},
    writer::Writer,
};
pub use self::{connect::Engine, error::StoreError};

/// The way to the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    writer: Writer,
    engine: Engine,
    outbox_filled: Arc<Notify>,
    _lock: Option<Arc<FileLock>>,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// To work on it for as long as the process lives: a database file is locked against a second bot.
    ToRun,
    /// To look or to mend beside a running bot.
    Beside,
    /// With a commit for each unit: the plain alternative that the benchmarks measure against.
    OneCommitEach,
}

impl Store {
    /// Connects, and brings the database up to date.
    pub async fn open(url: &str, opening: Opening) -> Result<Store, StoreError> {
        let address = Address::parse(url)?;
        let lock = match opening {
            Opening::ToRun => FileLock::take(url, address.engine)?.map(Arc::new),
            Opening::Beside | Opening::OneCommitEach => None,
        };
        let is_alone = lock.is_some();
        migrate(&address).await?;
        let store = Store {
            pool: address.pool().await?,
            engine: address.engine,
            writer: Writer::start(address, opening != Opening::OneCommitEach).await?,
            outbox_filled: Arc::new(Notify::new()),
            _lock: lock,
        };
        if is_alone {
            store.end_leases().await?;
        }
        Ok(store)
    }

    /// Which engine keeps the store.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Commits a unit, or says which guard refused it. Once this has answered, it is on disk.
    pub async fn commit(&self, unit: Unit) -> Result<Outcome, StoreError> {
        let fills_outbox = unit.writes_to(outbox::EFFECT.table);
        let outcome = self.writer.commit(unit).await?;
        if fills_outbox {
            self.outbox_filled.notify_waiters();
        }
        Ok(outcome)
    }

    /// Asks a question. The text is a constant, what people wrote is bound.
    pub async fn ask(&self, text: &'static str, values: Vec<Value>) -> Result<Vec<Vec<Value>>, StoreError> {
        Ok(sql::fetch(&self.pool, text, &values).await?)
    }

    /// Waits until something new is in the outbox. It counts from the call, not from the first poll.
    pub fn outbox_filled(&self) -> impl Future<Output = ()> {
        self.outbox_filled.notified()
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.ask("SELECT 1", Vec::new()).await.map(drop)
    }

    /// Copies a SQLite database to a new file, consistent as of one instant, while others write.
    pub async fn copy_to(&self, file: &str) -> Result<(), StoreError> {
        self.ask("VACUUM INTO $1", vec![Value::from(file)]).await.map(drop)
    }

    /// Closes the readers; the writer closes once all handles are gone.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// Brings the database up to date, under a lock that the migrations take where the engine has one.
async fn migrate(address: &Address) -> Result<(), StoreError> {
    let mut connection = address.connect().await?;
    match MIGRATIONS.run(&mut connection).await {
        Ok(()) => Ok(()),
        Err(MigrateError::VersionMissing(version)) => Err(StoreError::Newer(version)),
        Err(MigrateError::VersionMismatch(version)) => Err(StoreError::Changed(version)),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(error.into()),
        Err(error) => Err(StoreError::Other(sqlx::Error::Migrate(Box::new(error)))),
    }
}
