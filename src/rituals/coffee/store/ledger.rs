//! The ledger of coffee, page by page, as it is exported.

use chrono::NaiveDate;

use crate::{
    store::{Store, StoreError, columns::Columns},
    values,
};

/// One line of the ledger: one person's seat in one group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoffeeLedgerLine {
    /// The group: the same in the lines of all who were put together.
    pub group_id: String,
    /// The date of the round on the channel's wall.
    pub local_date: String,
    /// The channel.
    pub channel: String,
    /// Who.
    pub person: String,
    /// When one of them said that they met, as RFC 3339 in UTC.
    pub met_at: Option<String>,
    /// When Slack refused to introduce them, as RFC 3339 in UTC.
    pub unreached_at: Option<String>,
}

/// A page of the ledger behind a group and person, oldest first; rounds of the date `since` or later.
pub async fn ledger(
    store: &Store,
    since: NaiveDate,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<CoffeeLedgerLine>, StoreError> {
    let rows = store
        .ask(
            "SELECT g.group_id, g.local_date, g.channel_id, s.user_id, g.met_at, g.unreached_at FROM coffee_group g \
             JOIN coffee_seat s ON s.team_id = g.team_id AND s.group_id = g.group_id \
             WHERE g.local_date >= $1 AND (g.group_id > $2 OR (g.group_id = $2 AND s.user_id > $3)) \
             ORDER BY g.group_id, s.user_id LIMIT $4",
            values![since.to_string(), after.0, after.1, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("coffee_group", row);
        Ok(CoffeeLedgerLine {
            group_id: row.text()?,
            local_date: row.text()?,
            channel: row.text()?,
            person: row.text()?,
            met_at: row.at_or_null().map(|at| at.to_rfc3339()),
            unreached_at: row.at_or_null().map(|at| at.to_rfc3339()),
        })
    };
    rows.into_iter().map(read).collect()
}
