//! The store: one SQL text for SQLite and PostgreSQL, and one writer that commits many units at once.

pub mod absences;
pub mod columns;
mod connect;
pub mod dm_help;
mod error;
pub mod holdings;
mod lock;
mod migrations;
mod news;
pub mod occasions;
pub mod outbox;
pub mod people;
mod probe;
pub mod processed;
pub mod programmes;
mod readers;
pub mod reading;
pub mod runs;
mod same_file;
mod sql;
pub mod suppression;
pub mod sweep;
mod time;
pub mod unit;
mod wiping;
pub mod workspace;
mod writer;

use std::{
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use sqlx::{AnyConnection, Connection as _, migrate::MigrateError};
use tokio::time::{Instant, timeout_at};

pub use self::{connect::Backend, error::StoreError, lock::FileLock};
use self::{
    connect::{Address, DbConnection},
    migrations::{MIGRATIONS, refuse_newer},
    news::{Listening, News, Topic, Topics},
    people::Loader,
    probe::ProbeRow,
    readers::Readers,
    unit::{Outcome, UnitOfWork, Value},
    wiping::Wiping,
    writer::Writer,
};

/// A handle on the database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    address: Address,
    readers: Readers,
    loader: Loader,
    writer: Writer,
    news: News,
    listening: Option<Arc<Listening>>,
    probe_row: ProbeRow,
    /// A connection to a file that is never used: while it is open, SQLite keeps the file's companions, so that they
    /// stay the same while this process runs.
    anchor: Arc<Mutex<Option<DbConnection>>>,
    /// How far the sweep has come.
    swept: Arc<Mutex<sweep::SweepCursor>>,
    /// Whether a task is about to empty the log.
    is_emptying: Arc<AtomicBool>,
    wiping: Arc<Wiping>,
    _lock: Option<Arc<FileLock>>,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// For the life of the process: a database file is locked against a second bot.
    ToRun,
    /// The same for a demo: a commit doesn't wait for the disk, so a machine that fails loses it.
    ToTry,
    /// To read or repair beside a running bot: the database must exist and be migrated, and its schema is not changed.
    Beside,
}

impl Opening {
    fn is_to_run(self) -> bool {
        matches!(self, Opening::ToRun | Opening::ToTry)
    }
}

impl Store {
    /// Connects, and migrates the database unless it is opened beside a bot.
    pub async fn open(url: &str, opening: Opening) -> Result<Store, StoreError> {
        let address = Address::parse(url, opening.is_to_run())?;
        let (mut lock, mut anchor) = (None, None);
        let address = match opening {
            Opening::Beside => {
                lock::is_there(url)?;
                is_up_to_date(&address).await?;
                address
            }
            Opening::ToRun | Opening::ToTry => {
                let address = if opening == Opening::ToTry { address.without_disk() } else { address };
                let mut compacted = 0;
                lock = FileLock::take(url)?.map(Arc::new);
                migrate(&address).await?;
                if address.engine == Backend::Sqlite {
                    let mut connection = address.connect().await?;
                    // The companions exist from the first query on.
                    sql::fetch(connection.live()?, "SELECT team_id FROM workspace", &[]).await?;
                    compacted = connect::compactions(connection.live()?).await?;
                    anchor = Some(connection);
                }
                address.running(url, compacted)
            }
        };
        let readers = Readers::open(address.clone()).await?;
        if opening.is_to_run() {
            // Changes nothing, and fails now rather than at the first delivery if the database is read-only.
            readers.ask("DELETE FROM lease WHERE 1 = 0", &[]).await?;
        }
        let is_alone = lock.is_some();
        let news = News::default();
        let listens = opening.is_to_run() && address.engine == Backend::Postgres;
        let listening =
            listens.then(|| Arc::new(Listening::start(url.to_owned(), address.sender, news.clone())));
        let store = Store {
            loader: Loader::start(readers.clone()),
            readers,
            writer: Writer::start(address.clone()).await?,
            address,
            listening,
            news,
            probe_row: ProbeRow::new()?,
            anchor: Arc::new(Mutex::new(anchor)),
            swept: Arc::default(),
            is_emptying: Arc::default(),
            wiping: Arc::default(),
            _lock: lock,
        };
        if is_alone {
            store.end_claims().await?;
        }
        Ok(store)
    }

    /// Migrates a database, and creates a missing file.
    pub async fn migrate(url: &str) -> Result<(), StoreError> {
        migrate(&Address::parse(url, true)?).await
    }

    /// Takes the lock of a database file, so that no bot starts meanwhile. Returns `None` if a bot runs on the file, or
    /// if it is a server.
    pub fn lock(url: &str) -> Result<Option<FileLock>, StoreError> {
        match FileLock::take(url) {
            Err(StoreError::InUse(_)) => Ok(None),
            taken => taken,
        }
    }

    /// Whether there is a database to open; a server counts as present.
    pub fn is_there(url: &str) -> bool {
        connect::file_of(url).is_none_or(|file| file.exists())
    }

    /// Whether there is no database file yet, or an empty one, and a folder to create it in.
    pub fn can_be_made(url: &str) -> bool {
        let Some(file) = connect::file_of(url) else { return false };
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
        let is_empty = std::fs::metadata(&file).map_or(true, |found| found.len() == 0);
        is_empty && folder.is_none_or(std::path::Path::is_dir)
    }

    /// Returns which engine an address is for.
    pub fn engine_of(url: &str) -> Result<Backend, StoreError> {
        Address::parse(url, false).map(|address| address.engine)
    }

    /// Copies a SQLite database, of any release, to a new file, consistent as of one instant, while others write.
    pub async fn copy(url: &str, file: &str) -> Result<(), StoreError> {
        let mut connection = Address::parse(url, false)?.connect().await?;
        sql::fetch(connection.live()?, "VACUUM INTO $1", &[Value::from(file)]).await?;
        Ok(connection.close().await?)
    }

    pub fn engine(&self) -> Backend {
        self.address.engine
    }

    /// Commits a unit, or returns which guard refused it. Once this returns, the unit is on disk.
    pub async fn commit(&self, unit: UnitOfWork) -> Result<Outcome, StoreError> {
        let (topics, wiped, empties_log) = (Topics::of(&unit), unit.wiped.clone(), unit.empties_log);
        let outcome = self.writer.commit(unit).await?;
        self.news.tell(topics);
        if !wiped.is_empty() && matches!(outcome, Outcome::Committed(_)) {
            self.wipe(&wiped).await;
        } else if empties_log && matches!(outcome, Outcome::Committed(_)) {
            self.empty_log_soon();
        }
        Ok(outcome)
    }

    /// Runs a query. The text is a constant; what people wrote is bound.
    pub async fn ask(&self, text: &'static str, values: Vec<Value>) -> Result<Vec<Vec<Value>>, StoreError> {
        self.readers.ask(text, &values).await
    }

    fn swept_to(&self) -> sweep::SweepCursor {
        self.swept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_swept(&self, place: sweep::SweepCursor) {
        *self.swept.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Waits until something new is in the outbox. It counts from the call, not from the first poll.
    pub fn outbox_filled(&self) -> impl Future<Output = ()> {
        self.news.of(Topic::Outbox)
    }

    /// Waits until a run is added. It counts from the call, not from the first poll.
    pub fn runs_put(&self) -> impl Future<Output = ()> {
        self.news.of(Topic::Runs)
    }

    /// Waits until a channel may have to be read. It counts from the call, not from the first poll.
    pub fn readings_wanted(&self) -> impl Future<Output = ()> {
        self.news.of(Topic::Readings)
    }

    /// Returns how long an idle loop may wait before it looks again, since news can be missed.
    pub fn look_again(&self) -> Duration {
        self.news.look_again()
    }

    /// Commits the waiting units, and closes all connections in any state; what takes longer than two seconds is
    /// dropped.
    pub async fn close(&self) {
        const WITHIN: Duration = Duration::from_secs(2);
        let deadline = Instant::now() + WITHIN;
        if let Some(listening) = &self.listening {
            listening.stop();
        }
        let closing = async {
            tokio::join!(self.readers.close(), self.writer.close(deadline));
            let anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(anchor) = anchor {
                // SQLite checkpoints here, as the last connection closes.
                let _ = anchor.close().await;
            }
        };
        if timeout_at(deadline, closing).await.is_err() {
            tracing::warn!("the database did not close in time");
        }
    }
}

/// Migrates the database, one process at a time: on PostgreSQL the migrations take a lock of their own, on SQLite they
/// run inside a transaction that writes from its beginning.
async fn migrate(address: &Address) -> Result<(), StoreError> {
    let mut connection = address.connect_to_migrate().await?;
    if let Some(applied) = applied_migrations(connection.live()?).await? {
        refuse_newer(connection.live()?, &applied).await?;
    }
    let migrated = match address.engine {
        Backend::Postgres => match MIGRATIONS.run_direct(None, connection.live()?, false).await {
            Ok(()) => keep_uncompressed(connection.live()?).await.map_err(MigrateError::Execute),
            Err(error) => Err(error),
        },
        Backend::Sqlite => {
            let mut transaction = connection.live()?.begin_with(address.begin()).await?;
            match MIGRATIONS.run_direct(None, &mut *transaction, false).await {
                Ok(()) => transaction.commit().await.map_err(MigrateError::Execute),
                Err(error) => Err(error),
            }
        }
    };
    match migrated {
        Ok(()) => Ok(connection.close().await?),
        Err(MigrateError::VersionMismatch(version)) => Err(StoreError::Changed(version)),
        Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(error.into()),
        Err(error) => Err(StoreError::Other(Arc::new(sqlx::Error::Migrate(Box::new(error))))),
    }
}

/// Has a server keep what is answered in open retros as it is: an answer writes all rows of its prompt anew, and compressing them takes as
/// long again as writing them.
async fn keep_uncompressed(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    const COMPRESSED: &str = "SELECT COUNT(*) FROM pg_attribute WHERE attrelid = CAST(CAST($1 AS TEXT) AS REGCLASS) \
         AND attname = 'words' AND attstorage <> 'e'";
    for table in ["retro_slot", "retro_named"] {
        let columns = sql::fetch(&mut *connection, COMPRESSED, &[Value::from(table)]).await?;
        if columns.first().and_then(|row| row.first()?.int()) != Some(0) {
            let change = format!("ALTER TABLE {table} ALTER COLUMN words SET STORAGE EXTERNAL");
            sql::execute(connection, change, &[]).await?;
        }
    }
    Ok(())
}

/// Checks, without changing anything, whether the database was migrated by this release or by one that keeps this one
/// working.
async fn is_up_to_date(address: &Address) -> Result<(), StoreError> {
    let mut connection = address.connect().await?;
    let applied = applied_migrations(connection.live()?).await?.ok_or(StoreError::Older)?;
    refuse_newer(connection.live()?, &applied).await?;
    if MIGRATIONS.iter().any(|migration| !applied.contains(&migration.version)) {
        return Err(StoreError::Older);
    }
    Ok(connection.close().await?)
}

/// Returns the migrations that a database has run; `None` if it was never migrated.
async fn applied_migrations(connection: &mut AnyConnection) -> Result<Option<Vec<i64>>, StoreError> {
    match sql::fetch(connection, "SELECT version FROM _sqlx_migrations", &[]).await {
        Ok(rows) => Ok(Some(rows.iter().filter_map(|row| row[0].int()).collect())),
        // The table does not exist yet: code 1 is SQLite's, the other PostgreSQL's.
        Err(sqlx::Error::Database(error)) if matches!(error.code().as_deref(), Some("1" | "42P01")) => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
