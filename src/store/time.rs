//! The clock that replicas share for due runs, leases and claims.
//!
//! On PostgreSQL it is the server's: read at the start and every minute, plus half of the round trip, and continued in
//! between. A database file belongs to one process, so there it is the process's own. A steered clock is used as it is.

use std::time::{Duration, Instant as Stopwatch};

use super::{Backend, Store, StoreError};
use crate::model::clock::Clock;

/// How often it is read for one measurement; the quickest answer counts.
const READINGS: usize = 3;

impl Store {
    /// Returns the shared clock, for a process with this clock of its own.
    pub async fn clock(&self, own: &Clock) -> Result<Clock, StoreError> {
        if own.is_steered() || self.engine() == Backend::Sqlite {
            return Ok(own.clone());
        }
        Ok(Clock::shared(self.time_ms().await?))
    }

    /// Reads the server's time again, if the clock is the server's.
    pub async fn correct(&self, clock: &Clock) -> Result<(), StoreError> {
        if clock.is_shared() {
            clock.correct(self.time_ms().await?);
        }
        Ok(())
    }

    /// Returns by how many milliseconds the server is behind a clock; `None` if there is no server.
    pub async fn ms_behind(&self, clock: &Clock) -> Result<Option<i64>, StoreError> {
        match self.engine() {
            Backend::Sqlite => Ok(None),
            Backend::Postgres => {
                let theirs = self.time_ms().await?;
                Ok(Some(clock.now_ms() - theirs))
            }
        }
    }

    async fn time_ms(&self) -> Result<i64, StoreError> {
        const NOW: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";
        let mut best: Option<(Duration, i64, Stopwatch)> = None;
        for _ in 0..READINGS {
            let asked = Stopwatch::now();
            let rows = self.ask(NOW, Vec::new()).await?;
            let took = asked.elapsed();
            let Some(read) = rows.first().and_then(|row| row.first()?.int()) else { continue };
            if best.is_none_or(|(known, ..)| took < known) {
                best = Some((took, read, Stopwatch::now()));
            }
        }
        let (took, read, at) = best.ok_or_else(|| StoreError::coding("the server does not tell the time"))?;
        let passed = i64::try_from((took / 2 + at.elapsed()).as_millis()).unwrap_or_default();
        Ok(read + passed)
    }
}
