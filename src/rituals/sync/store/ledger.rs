//! The ledger of syncs, page by page, as it is exported.

use chrono::NaiveDate;

use crate::{
    store::{Store, StoreError, columns::Columns},
    values,
};

/// One line of the ledger: a duty of one sync.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncLedgerLine {
    pub programme: String,
    /// The date of the sync in the zone of its programme.
    pub local_date: String,
    pub channel: String,
    pub role: String,
    pub person: String,
    /// How the person came to the duty: assigned or volunteered.
    pub how: String,
    /// When that was settled, as RFC 3339 in UTC.
    pub settled_at: String,
}

impl SyncLedgerLine {
    /// Returns its place in the order of the ledger.
    pub fn position(&self) -> (String, String) {
        (self.programme.clone(), format!("{}/{}", self.local_date, self.role))
    }
}

/// Returns a page of the ledger behind a position, by programme, date and role; syncs of the date `since` or later.
pub async fn ledger(
    store: &Store,
    since: NaiveDate,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<SyncLedgerLine>, StoreError> {
    let rows = store
        .ask(
            "SELECT d.programme_id, d.local_date, p.channel_id, d.role, d.user_id, d.how, d.settled_at, \
             d.local_date || '/' || d.role AS place FROM sync_duty d \
             JOIN programme p ON p.team_id = d.team_id AND p.programme_id = d.programme_id \
             WHERE d.local_date >= $1 AND (d.programme_id > $2 \
             OR (d.programme_id = $2 AND d.local_date || '/' || d.role > $3)) \
             ORDER BY d.programme_id, place LIMIT $4",
            values![since.to_string(), after.0, after.1, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("sync_duty", row);
        Ok(SyncLedgerLine {
            programme: row.text()?,
            local_date: row.text()?,
            channel: row.text()?,
            role: row.text()?,
            person: row.text()?,
            how: row.text()?,
            settled_at: row.at()?.to_rfc3339(),
        })
    };
    rows.into_iter().map(read).collect()
}
