//! Overwrites what was deleted, so that the database's files hold it no longer.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use sqlx::AnyConnection;
use tokio::time::{Instant, timeout};

use super::{Store, StoreError, connect::Backend, sql, unit::Value};

/// How often the write-ahead log is tried while readers use it, and the pause before the first repetition; the pause before
/// the nth is n times as long.
const MOST_TRIES: u32 = 8;
const PAUSE: Duration = Duration::from_millis(50);
/// How long a server's older transactions are waited for, and the pause between two looks.
const PATIENCE: Duration = Duration::from_secs(12);
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// How long the commit waits for it, since a person may wait for the commit.
const SOON: Duration = Duration::from_secs(2);

/// The tables whose freed space is still to be overwritten.
#[derive(Debug, Default)]
pub(super) struct Wiping {
    tables: Mutex<BTreeSet<&'static str>>,
    /// One at a time; the next one takes all that were named meanwhile.
    turn: tokio::sync::Mutex<()>,
}

impl Wiping {
    fn add(&self, tables: impl IntoIterator<Item = &'static str>) {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner).extend(tables);
    }

    fn take(&self) -> BTreeSet<&'static str> {
        std::mem::take(&mut *self.tables.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Store {
    /// Overwrites the freed space of these tables, and of those where that failed before. A file's rows are overwritten as
    /// they are deleted, so only its log is left to empty; a server writes the tables anew. If that takes longer, it goes
    /// on by itself; if it fails, the nightly sweep tries again.
    pub(super) async fn wipe(&self, tables: &[&'static str]) {
        self.wiping.add(tables.iter().copied());
        let store = self.clone();
        let wiping = tokio::spawn(async move {
            let _turn = store.wiping.turn.lock().await;
            let tables = store.wiping.take();
            if !tables.is_empty() {
                store.wipe_or_warn(tables).await;
            }
        });
        let _ = timeout(SOON, wiping).await;
    }

    async fn wipe_or_warn(&self, tables: BTreeSet<&'static str>) {
        match (self.try_wipe(&tables).await, self.address.engine) {
            (Ok(true), _) => return,
            (Ok(false), Backend::Sqlite) => {
                tracing::warn!("what was deleted is still in the database's log, since it is being read");
            }
            (Ok(false), Backend::Postgres) => tracing::warn!(
                "what was deleted is still in the tables' files, since an older transaction of the server is under way; \
                 it is tried again at night"
            ),
            (Err(error), _) => tracing::warn!(%error, "what was deleted could not be overwritten"),
        }
        self.wiping.add(tables);
    }

    /// Empties the write-ahead log of a file, and returns whether that worked; for a server there is nothing to do.
    pub(super) async fn empty_log(&self) -> Result<bool, StoreError> {
        self.try_wipe(&BTreeSet::new()).await
    }

    /// Empties the write-ahead log of a file in a task of its own. Of the attempts that are asked for before it begins it is one, and one runs
    /// at a time, since each has a connection of its own. It says nothing where it fails: a line would tell when.
    pub(super) fn empty_log_soon(&self) {
        if !matches!(self.address.engine, Backend::Sqlite) || self.is_emptying.swap(true, Ordering::AcqRel) {
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            let _turn = store.wiping.turn.lock().await;
            store.is_emptying.store(false, Ordering::Release);
            let _ = store.empty_log().await;
        });
    }

    async fn try_wipe(&self, tables: &BTreeSet<&'static str>) -> Result<bool, StoreError> {
        let mut connection = self.address.connect().await?;
        let live = connection.live()?;
        let is_wiped = match self.address.engine {
            Backend::Sqlite => empty_log_of(live).await?,
            Backend::Postgres => write_anew(live, tables).await?,
        };
        connection.close().await?;
        Ok(is_wiped)
    }
}

async fn empty_log_of(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    for tries in 1..=MOST_TRIES {
        if truncate_log(connection).await? {
            return Ok(true);
        }
        tokio::time::sleep(PAUSE * tries).await;
    }
    Ok(false)
}

/// Writes a server's tables anew without the rows that were deleted; returns false if another transaction may still read those.
async fn write_anew(
    connection: &mut AnyConnection,
    tables: &BTreeSet<&'static str>,
) -> Result<bool, StoreError> {
    let deadline = Instant::now() + PATIENCE;
    let next = next_transaction(connection).await?;
    // A snapshot may be taken beside a transaction that ends during the first look; after a look that finds none there is
    // no older transaction left to take one beside, so the second look sees every snapshot that is left.
    let mut clear_looks = 0;
    while clear_looks < 2 {
        if !is_held(connection, &next).await? {
            clear_looks += 1;
            continue;
        }
        clear_looks = 0;
        if Instant::now() >= deadline {
            return Ok(false);
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    for table in tables {
        while let Err(error) = sql::execute(connection, format!("VACUUM (FULL) {table}"), &[]).await {
            // A query that reads the table has it locked.
            let error = StoreError::from(error);
            if !matches!(error, StoreError::Busy(_)) || Instant::now() >= deadline {
                return Err(error);
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
    Ok(true)
}

/// Returns the server's next transaction: all that are committed by now are older.
async fn next_transaction(connection: &mut AnyConnection) -> Result<String, sqlx::Error> {
    let text = "SELECT CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS XID) AS TEXT)";
    let rows = sql::fetch(connection, text, &[]).await?;
    Ok(rows.into_iter().flatten().next().and_then(Value::text).unwrap_or_default())
}

/// Whether a vacuum would leave rows that were deleted by a transaction before this one: an older transaction writes, in any
/// database of the server, since each new snapshot counts it as under way; or an older snapshot of this database is in use, by
/// a query, a prepared transaction, or a replica that reports what it reads.
async fn is_held(connection: &mut AnyConnection, next: &str) -> Result<bool, sqlx::Error> {
    let text = "SELECT COUNT(*) FROM (\
         SELECT backend_xid AS held FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
         UNION ALL SELECT backend_xmin FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
         AND (datname IS NULL OR datname = current_database()) \
         AND pid NOT IN (SELECT pid FROM pg_stat_progress_vacuum) \
         UNION ALL SELECT transaction FROM pg_prepared_xacts \
         UNION ALL SELECT xmin FROM pg_replication_slots) AS holders \
         WHERE age(held) > age(CAST($1 AS XID))";
    let rows = sql::fetch(connection, text, &[Value::from(next)]).await?;
    Ok(rows.first().and_then(|row| row.first()?.int()) != Some(0))
}

/// Moves the write-ahead log of a file into the file and empties it; returns false while another connection reads it.
pub(super) async fn truncate_log(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let rows = sql::fetch(connection, "PRAGMA wal_checkpoint(TRUNCATE)", &[]).await?;
    Ok(rows.first().and_then(|row| row.first()?.int()) == Some(0))
}
