//! The ledgers of syncs, page by page, as they are exported.

use chrono::NaiveDate;

use crate::{
    model::clock::{Instant, from_ms},
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
    /// The names of the sync, the channel and the person; empty where they have none or aren't known.
    pub names: [String; 3],
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
             p.name, COALESCE(n.name, ''), COALESCE(u.name, ''), d.local_date || '/' || d.role AS place FROM sync_duty d \
             JOIN programme p ON p.team_id = d.team_id AND p.programme_id = d.programme_id \
             LEFT JOIN channel n ON n.team_id = p.team_id AND n.channel_id = p.channel_id \
             LEFT JOIN person u ON u.team_id = d.team_id AND u.user_id = d.user_id \
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
            names: [row.text()?, row.text()?, row.text()?],
        })
    };
    rows.into_iter().map(read).collect()
}

/// Returns a page of the points of all agendas, by their ids, behind one of them; of a point: id, when it was
/// added, programme, channel, date of its sync, who added it, who wrote it, words, link, state, how often it moved on, and
/// the names of sync, channel and people.
pub async fn point_ledger(
    store: &Store,
    since: Instant,
    after: &str,
    limit: i64,
) -> Result<Vec<[String; 15]>, StoreError> {
    let rows = store
        .ask(
            "SELECT s.point_id, s.added_at, s.programme_id, p.channel_id, s.local_date, s.user_id, s.author_id, s.words, \
             s.link, s.state, s.moved, p.name, COALESCE(n.name, ''), COALESCE(u.name, ''), COALESCE(a.name, '') FROM sync_point s \
             JOIN programme p ON p.team_id = s.team_id AND p.programme_id = s.programme_id \
             LEFT JOIN channel n ON n.team_id = p.team_id AND n.channel_id = p.channel_id \
             LEFT JOIN person u ON u.team_id = s.team_id AND u.user_id = s.user_id \
             LEFT JOIN person a ON a.team_id = s.team_id AND a.user_id = s.author_id \
             WHERE s.added_at >= $1 AND s.point_id > $2 ORDER BY s.point_id LIMIT $3",
            values![since, after, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("sync_point", row);
        Ok([
            row.text()?,
            row.at()?.to_rfc3339(),
            row.text()?,
            row.text()?,
            row.text()?,
            row.text()?,
            row.text()?,
            row.text()?,
            row.text()?,
            row.text()?,
            row.int()?.to_string(),
            row.text()?,
            row.text()?,
            row.text()?,
            row.text()?,
        ])
    };
    rows.into_iter().map(read).collect()
}

/// Returns a page of how syncs ended, by programme and date, behind one of them; of a sync: programme, date, channel, state, who closed
/// or skipped it, the notes, when, and the names of sync,
/// channel and person.
pub async fn closing_ledger(
    store: &Store,
    since: NaiveDate,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<[String; 10]>, StoreError> {
    let rows = store
        .ask(
            "SELECT c.programme_id, c.local_date, p.channel_id, c.state, c.user_id, c.notes, \
             p.name, COALESCE(n.name, ''), COALESCE(u.name, ''), c.settled_at \
             FROM sync_closing c JOIN programme p ON p.team_id = c.team_id AND p.programme_id = c.programme_id \
             LEFT JOIN channel n ON n.team_id = p.team_id AND n.channel_id = p.channel_id \
             LEFT JOIN person u ON u.team_id = c.team_id AND u.user_id = c.user_id \
             WHERE c.local_date >= $1 AND (c.programme_id > $2 OR (c.programme_id = $2 AND c.local_date > $3)) \
             ORDER BY c.programme_id, c.local_date LIMIT $4",
            values![since.to_string(), after.0, after.1, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("sync_closing", row);
        let cells = [row.text()?, row.text()?, row.text()?, row.text()?, row.text()?, row.text()?];
        let [name, channel_name, person_name] = [row.text()?, row.text()?, row.text()?];
        let settled = row.int_or_null().map(|at| from_ms(at).to_rfc3339()).unwrap_or_default();
        let [programme, date, channel, state, person, notes] = cells;
        Ok([programme, date, channel, state, person, notes, settled, name, channel_name, person_name])
    };
    rows.into_iter().map(read).collect()
}

/// Returns a page of the notes that came when their syncs were closed already, by their ids, behind one of them; of each: id, programme,
/// date of its sync, channel, who wrote it, the notes, when, and the names of sync,
/// channel and person.
pub async fn addition_ledger(
    store: &Store,
    since: NaiveDate,
    after: &str,
    limit: i64,
) -> Result<Vec<[String; 10]>, StoreError> {
    let rows = store
        .ask(
            "SELECT a.addition_id, a.programme_id, a.local_date, p.channel_id, a.user_id, a.notes, a.added_at, \
             p.name, COALESCE(n.name, ''), COALESCE(u.name, '') \
             FROM sync_addition a JOIN programme p ON p.team_id = a.team_id AND p.programme_id = a.programme_id \
             LEFT JOIN channel n ON n.team_id = p.team_id AND n.channel_id = p.channel_id \
             LEFT JOIN person u ON u.team_id = a.team_id AND u.user_id = a.user_id \
             WHERE a.local_date >= $1 AND a.addition_id > $2 ORDER BY a.addition_id LIMIT $3",
            values![since.to_string(), after, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("sync_addition", row);
        let cells = [row.text()?, row.text()?, row.text()?, row.text()?, row.text()?, row.text()?];
        let [id, programme, date, channel, person, notes] = cells;
        let added = row.at()?.to_rfc3339();
        let [name, channel_name, person_name] = [row.text()?, row.text()?, row.text()?];
        Ok([id, programme, date, channel, person, notes, added, name, channel_name, person_name])
    };
    rows.into_iter().map(read).collect()
}
