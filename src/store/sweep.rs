//! What is pruned at night: deliveries that nobody sends again, and effects that are done.

use chrono::Duration;

use super::{Store, StoreError, unit::Unit};
use crate::{model::clock::Instant, values};

/// Slack repeats a delivery within minutes; two days leave room for a workspace that was down.
const SEEN_HOURS: i64 = 48;
/// A thing that was said can be changed by its key for a week.
const OUTBOX_DAYS: i64 = 7;
/// What could not be said stays visible for longer, since somebody has to look at it.
const DEAD_DAYS: i64 = 30;

/// How long it may take.
const AT_NIGHT: std::time::Duration = std::time::Duration::from_secs(30);

impl Store {
    /// Prunes what has had its time. Doing it twice does no harm.
    pub async fn sweep(&self, now: Instant) -> Result<(), StoreError> {
        let mut unit = Unit::new();
        unit.run("DELETE FROM seen WHERE seen_at < $1", values![now - Duration::hours(SEEN_HOURS)]);
        unit.run(
            "DELETE FROM outbox WHERE visible_at IS NULL AND dead_at IS NULL AND created_at < $1",
            values![now - Duration::days(OUTBOX_DAYS)],
        );
        unit.run("DELETE FROM outbox WHERE dead_at < $1", values![now - Duration::days(DEAD_DAYS)]);
        // It holds a person back for a minute.
        unit.run("DELETE FROM dm_help WHERE answered_at < $1", values![now - Duration::hours(SEEN_HOURS)]);
        unit.run("DELETE FROM lease WHERE until < $1", values![now - Duration::hours(SEEN_HOURS)]);
        unit.may_take(AT_NIGHT);
        self.commit(unit).await.map(drop)
    }
}
