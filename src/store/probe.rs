//! Checks whether the store works: it commits a write, and reads it back.

use std::{sync::Arc, time::Duration};

use super::{
    Backend, Store, StoreError,
    unit::{Insert, Outcome, UnitOfWork, Write},
    workspace::NO_TEAM,
};
use crate::{model::entropy::Entropy, values};

/// How long the check may take.
const WITHIN: Duration = Duration::from_secs(1);

/// A row among the leases that ended long ago, so that the sweep deletes it once no store counts in it.
static PROBE: Insert = Insert {
    table: "lease",
    columns: &["team_id", "name", "holder", "until"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, name) DO NOTHING",
};

/// The name of the row in which this store counts. Each store has its own: one that stopped in the middle of a check
/// must not stop the others.
#[derive(Clone)]
pub(super) struct ProbeRow(Arc<str>);

impl ProbeRow {
    pub(super) fn new() -> Result<ProbeRow, StoreError> {
        let seed = Entropy::from_system().map_err(StoreError::coding)?.seed();
        Ok(ProbeRow(format!("probe {:016x}", seed.cast_unsigned()).into()))
    }
}

impl Store {
    /// Checks that the database file is still the one that was opened. It looks at names only, so it is cheap enough
    /// for every few seconds.
    pub async fn is_same_file(&self) -> Result<(), StoreError> {
        self.address.is_same_file().await
    }

    /// Commits a test write and reads it, within a second. An error says what is wrong. Only [`StoreError::Replaced`]
    /// does not pass by itself.
    pub async fn probe(&self) -> Result<(), StoreError> {
        self.is_same_file().await?;
        let late = StoreError::Busy("a test write took too long");
        tokio::time::timeout(WITHIN, self.write_and_read()).await.unwrap_or(Err(late))
    }

    async fn write_and_read(&self) -> Result<(), StoreError> {
        let name = &*self.probe_row.0;
        let count = Write::Run(
            "UPDATE lease SET until = until + 1 WHERE team_id = $1 AND name = $2 RETURNING until",
            values![NO_TEAM, name],
        );
        let written = match self.commit(UnitOfWork::guarded("probe", count)).await? {
            Outcome::Committed(returned) => returned.first().and_then(|row| row.first()?.int()),
            Outcome::Refused(_) => {
                let mut unit = UnitOfWork::new();
                unit.row(&PROBE, values![NO_TEAM, name, "", 1]);
                self.commit(unit).await?;
                None
            }
        };
        let rows = self
            .ask("SELECT until FROM lease WHERE team_id = $1 AND name = $2", values![NO_TEAM, name])
            .await?;
        let read = rows.first().and_then(|row| row.first()?.int());
        // A server may send readers to a copy that lags a little.
        match (self.engine(), written, read) {
            (Backend::Sqlite, Some(written), Some(read)) if read < written => Err(StoreError::Replaced),
            _ => Ok(()),
        }
    }
}
