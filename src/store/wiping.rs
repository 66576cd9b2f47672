//! Overwrites what was deleted, so that the database's files hold it no longer.

use std::{sync::atomic::Ordering, time::Duration};

use sqlx::AnyConnection;

use super::{Store, StoreError, connect::Backend, sql, unit::Value};

/// How often the write-ahead log is tried while readers use it, and the pause before the first repetition; the pause before
/// the nth is n times as long.
const MOST_TRIES: u32 = 8;
const PAUSE: Duration = Duration::from_millis(50);

impl Store {
    /// Overwrites the freed space of these tables. A file's rows are overwritten as they are deleted, so only its log is left
    /// to empty; a server writes the tables anew. If that fails, the nightly sweep empties the log of a file, and a server
    /// reuses the space in its own time.
    pub(super) async fn wipe(&self, tables: &[&'static str]) {
        match self.try_wipe(tables).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("what was deleted is still in the database's log, since it is being read");
            }
            Err(error) => tracing::warn!(%error, "what was deleted could not be overwritten"),
        }
    }

    /// Empties the write-ahead log of a file, and returns whether that worked; for a server there is nothing to do.
    pub(super) async fn empty_log(&self) -> Result<bool, StoreError> {
        self.try_wipe(&[]).await
    }

    /// Empties the write-ahead log of a file in a task of its own. Of the attempts that are asked for before it begins it is one. It says nothing
    /// where it fails: a line would tell when.
    pub(super) fn empty_log_soon(&self) {
        if !matches!(self.address.engine, Backend::Sqlite) || self.is_emptying.swap(true, Ordering::AcqRel) {
            return;
        }
        let store = self.clone();
        tokio::spawn(async move {
            store.is_emptying.store(false, Ordering::Release);
            let _ = store.empty_log().await;
        });
    }

    async fn try_wipe(&self, tables: &[&'static str]) -> Result<bool, StoreError> {
        let mut connection = self.address.connect().await?;
        let live = connection.live()?;
        let is_wiped = match self.address.engine {
            Backend::Sqlite => {
                let mut is_empty = false;
                for tries in 1..=MOST_TRIES {
                    is_empty = truncate_log(live).await?;
                    if is_empty {
                        break;
                    }
                    tokio::time::sleep(PAUSE * tries).await;
                }
                is_empty
            }
            Backend::Postgres => {
                // A transaction that began before keeps what it may still read.
                let began = now_of(live).await?;
                for tries in 1..=MOST_TRIES {
                    if !is_read_since(live, &began).await? {
                        break;
                    }
                    tokio::time::sleep(PAUSE * tries).await;
                }
                for table in tables {
                    sql::execute(live, format!("VACUUM (FULL) {table}"), &[]).await?;
                }
                true
            }
        };
        connection.close().await?;
        Ok(is_wiped)
    }
}

/// Returns the server's time, as the server writes it.
async fn now_of(connection: &mut AnyConnection) -> Result<String, sqlx::Error> {
    let rows = sql::fetch(connection, "SELECT CAST(clock_timestamp() AS TEXT)", &[]).await?;
    Ok(rows.into_iter().flatten().next().and_then(Value::text).unwrap_or_default())
}

/// Whether a transaction is under way on this database that has read and began before then.
async fn is_read_since(connection: &mut AnyConnection, then: &str) -> Result<bool, sqlx::Error> {
    let text = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() \
                AND backend_xmin IS NOT NULL AND xact_start < CAST($1 AS TIMESTAMPTZ)";
    let rows = sql::fetch(connection, text, &[Value::from(then)]).await?;
    Ok(rows.first().and_then(|row| row.first()?.int()) != Some(0))
}

/// Moves the write-ahead log of a file into the file and empties it; returns false while another connection reads it.
pub(super) async fn truncate_log(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let rows = sql::fetch(connection, "PRAGMA wal_checkpoint(TRUNCATE)", &[]).await?;
    Ok(rows.first().and_then(|row| row.first()?.int()) == Some(0))
}
