//! The ledger of coffee, page by page, as it is exported.

use chrono::NaiveDate;

use crate::{
    model::clock::from_ms,
    store::{Store, StoreError, unit::Value},
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
    let instant = |value: Value| value.int().map(|ms| from_ms(ms).to_rfc3339());
    let read = |row: Vec<Value>| {
        let [group, date, channel, person, met, unreached]: [Value; 6] = row.try_into().ok()?;
        Some(CoffeeLedgerLine {
            group_id: group.text()?,
            local_date: date.text()?,
            channel: channel.text()?,
            person: person.text()?,
            met_at: instant(met),
            unreached_at: instant(unreached),
        })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}
