//! Erases one person table by table, a few hundred rows in a transaction. A chunk that fails or is interrupted is found
//! again by the next pass, so an erasure may be killed at any point and repeated.

mod rows;

use std::time::Duration;

use self::rows::{CHUNK, Change, change, copies, question, statement};
use super::{HeldTable, Holds};
use crate::{
    model::{
        clock::Instant,
        erasure::Erasure,
        people::{TeamId, UserId},
    },
    store::{
        Backend, Store, StoreError,
        connect::{Address, DbConnection, compactions},
        sql,
        unit::Value,
        wiping::truncate_log,
    },
    values,
};

/// How often a chunk is tried that meets a lock or a deadlock.
const MOST_TRIES: u32 = 8;
/// The pause before the first repetition; the pause before the nth is n times as long.
const PAUSE: Duration = Duration::from_millis(100);

/// A connection for an erasure, separate from the writer because it changes many rows in its own time.
pub struct Eraser {
    address: Address,
    connection: Option<DbConnection>,
    team: TeamId,
}

/// What happened to the freed space that held erased rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FreeSpace {
    /// It was overwritten in the database file and its log.
    Cleared,
    /// Another process still reads the write-ahead log of the file.
    LogInUse,
    /// The server has vacuumed its tables; its own log and files are not overwritten.
    OfServer,
}

impl Store {
    /// Returns an eraser for a workspace; it connects when it is first used.
    pub fn eraser(&self, team: &TeamId) -> Eraser {
        Eraser { address: self.address.clone(), connection: None, team: team.clone() }
    }
}

impl Eraser {
    /// Counts the rows of a table that would be deleted or changed.
    pub async fn count(&mut self, table: &HeldTable, erasure: &Erasure) -> Result<u64, StoreError> {
        self.process_rows(table, erasure, false).await
    }

    /// Deletes or changes the rows of a table that hold something about the person, and returns their number.
    pub async fn erase(
        &mut self,
        table: &HeldTable,
        erasure: &Erasure,
        now: Instant,
    ) -> Result<u64, StoreError> {
        let withdrawn = match table.withdraws {
            Some(text) => {
                let mut values = values![self.team.as_str(), erasure.person.as_str()];
                if text.contains("$3") {
                    values.push(now.into());
                }
                self.write(&[(text.to_owned(), values)]).await?
            }
            None => 0,
        };
        Ok(withdrawn + self.process_rows(table, erasure, true).await?)
    }

    /// Returns the next people behind an id that a column of a table names, each once; empty at the end.
    pub async fn people(
        &mut self,
        table: &HeldTable,
        column: &'static str,
        behind: &str,
    ) -> Result<Vec<UserId>, StoreError> {
        let text = format!(
            "SELECT DISTINCT {column} FROM {} WHERE team_id = $1 AND {column} > $2 ORDER BY {column} LIMIT {CHUNK}",
            table.name
        );
        let values = values![self.team.as_str(), behind];
        let rows = self.ask(&text, &values).await?;
        Ok(rows.into_iter().flatten().filter_map(Value::text).map(UserId).collect())
    }

    async fn process_rows(
        &mut self,
        table: &HeldTable,
        erasure: &Erasure,
        changes_it: bool,
    ) -> Result<u64, StoreError> {
        // A copy changes with the row that it is of.
        let is_read = |holds: Holds| !matches!(holds, Holds::Nothing | Holds::Folded);
        let held: Vec<(&str, Holds)> =
            table.columns.iter().copied().filter(|(_, holds)| is_read(*holds)).collect();
        if held.is_empty() {
            return Ok(0);
        }
        let (mut number, mut behind) = (0, None);
        loop {
            let rows = self.chunk(table, &held, erasure, behind.as_deref()).await?;
            let Some(last) = rows.last() else { return Ok(number) };
            behind = Some(last[..table.key.len()].to_vec());
            let is_last = rows.len() < CHUNK;
            let mut writes = Vec::new();
            for row in &rows {
                let (key, columns) = row.split_at(table.key.len());
                let Some(change) = change(&held, columns, erasure) else { continue };
                number += 1;
                let copies = match &change {
                    Change::Delete => Vec::new(),
                    Change::Update(new) => copies(table, &held, (self.team.as_str(), key), new),
                };
                writes.push(statement(table, &held, (self.team.as_str(), key), columns, change));
                writes.extend(copies);
            }
            if changes_it && !writes.is_empty() {
                self.write(&writes).await?;
            }
            if is_last {
                return Ok(number);
            }
        }
    }

    async fn chunk(
        &mut self,
        table: &HeldTable,
        held: &[(&str, Holds)],
        erasure: &Erasure,
        behind: Option<&[Value]>,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let (text, values) = question(table, self.team.as_str(), held, erasure, behind);
        let mut tries = 0;
        loop {
            match self.ask(&text, &values).await {
                Err(error) if may_pass(&error) && tries < MOST_TRIES => tries += 1,
                answered => return answered,
            }
            tokio::time::sleep(PAUSE * tries).await;
        }
    }

    async fn ask(&mut self, text: &str, values: &[Value]) -> Result<Vec<Vec<Value>>, StoreError> {
        let mut connection = self.connection().await?;
        let rows = sql::fetch(connection.live()?, text.to_owned(), values).await?;
        // A connection whose statement failed or was dropped is in an unknown state, and is not used again.
        self.connection = Some(connection);
        Ok(rows)
    }

    async fn truncate_log(&mut self) -> Result<bool, StoreError> {
        let mut connection = self.connection().await?;
        let is_empty = truncate_log(connection.live()?).await?;
        self.connection = Some(connection);
        Ok(is_empty)
    }

    /// Runs statements in one transaction, and returns how many rows they touched.
    async fn write(&mut self, writes: &[(String, Vec<Value>)]) -> Result<u64, StoreError> {
        let mut tries = 0;
        loop {
            match self.write_once(writes).await {
                Err(error) if may_pass(&error) && tries < MOST_TRIES => tries += 1,
                written => return written,
            }
            tokio::time::sleep(PAUSE * tries).await;
        }
    }

    async fn write_once(&mut self, writes: &[(String, Vec<Value>)]) -> Result<u64, StoreError> {
        let begin = self.address.begin();
        let mut connection = self.connection().await?;
        let live = connection.live()?;
        sql::execute(live, begin, &[]).await?;
        let mut touched = 0;
        for (text, values) in writes {
            touched += sql::execute(live, text.clone(), values).await?;
        }
        sql::execute(live, "COMMIT", &[]).await?;
        self.connection = Some(connection);
        Ok(touched)
    }

    /// Takes the connection, or opens one.
    async fn connection(&mut self) -> Result<DbConnection, StoreError> {
        match self.connection.take() {
            Some(connection) => Ok(connection),
            None => self.address.connect().await,
        }
    }

    /// Overwrites the freed space that held erased rows: the pages of the file and its write-ahead log, or the tables
    /// of the server.
    pub async fn clear_free_space(&mut self, tables: &[&HeldTable]) -> Result<FreeSpace, StoreError> {
        match self.address.engine {
            Backend::Sqlite => {
                // The copy may be larger than the memory.
                self.ask("PRAGMA temp_store = FILE", &[]).await?;
                self.ask("PRAGMA busy_timeout = 60000", &[]).await?;
                self.count_compaction().await?;
                self.ask("VACUUM", &[]).await?;
                for tries in 1..=MOST_TRIES {
                    if self.truncate_log().await? {
                        return Ok(FreeSpace::Cleared);
                    }
                    tokio::time::sleep(PAUSE * tries).await;
                }
                Ok(FreeSpace::LogInUse)
            }
            Backend::Postgres => {
                for table in tables {
                    self.ask(&format!("VACUUM {}", table.name), &[]).await?;
                }
                Ok(FreeSpace::OfServer)
            }
        }
    }

    /// Counts in the file that it is about to be compacted, which tells a running bot why it becomes shorter.
    async fn count_compaction(&mut self) -> Result<(), StoreError> {
        let mut connection = self.connection().await?;
        let count = compactions(connection.live()?).await?;
        self.connection = Some(connection);
        self.ask(&format!("PRAGMA user_version = {}", count.wrapping_add(1)), &[]).await.map(drop)
    }

    pub async fn close(mut self) {
        if let Some(connection) = self.connection.take() {
            // Everything that matters is committed.
            let _ = connection.close().await;
        }
    }
}

/// Whether trying again may help: a lock, a deadlock, a lost connection.
fn may_pass(error: &StoreError) -> bool {
    matches!(error, StoreError::Busy(_) | StoreError::Unreached(_))
}
