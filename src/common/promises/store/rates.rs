//! How many promises were kept.

use chrono::NaiveDate;

use crate::{
    common::promises::KeptRate,
    model::{clock::Instant, people::ChannelId},
    store::{StoreError, columns::Columns, reading::ReadStore},
    values,
};

/// Counts promises: those kept or dropped since an instant, and those that were due since a date and before another one.
macro_rules! rates {
    ($first:literal, $of:literal, $rest:literal) => {
        concat!(
            "SELECT ",
            $first,
            "CAST(COALESCE(SUM(CASE WHEN o.state = 'kept' THEN 1 ELSE 0 END), 0) AS BIGINT), COUNT(*), \
             COUNT(DISTINCT o.owner_id) FROM promise p \
             JOIN promise_owner o ON o.team_id = p.team_id AND o.promise_id = p.promise_id WHERE p.team_id = $1 AND ",
            $of,
            " AND o.promised_at IS NOT NULL AND ((o.state IN ('kept', 'dropped') AND o.settled_at >= $3) \
             OR (o.state = 'open' AND o.due_on >= $4 AND o.due_on < $5)) ",
            $rest
        )
    };
}

/// Returns how many of the promises of a programme were kept since an instant; `since` and `today` are its dates.
pub async fn rate_of(
    store: &ReadStore,
    programme: &str,
    (since, from): (Instant, NaiveDate),
    today: NaiveDate,
) -> Result<KeptRate, StoreError> {
    let values = values![store.team(), programme, since, from.to_string(), today.to_string()];
    let rows = store.ask(rates!("", "p.programme_id = $2", ""), values).await?;
    rows.into_iter().next().map_or(Ok(KeptRate::default()), |row| rate(&mut Columns::of("promise", row)))
}

/// The same for all promises from a channel.
pub async fn rate_in(
    store: &ReadStore,
    channel: &ChannelId,
    (since, from): (Instant, NaiveDate),
    today: NaiveDate,
) -> Result<KeptRate, StoreError> {
    let values = values![store.team(), channel.as_str(), since, from.to_string(), today.to_string()];
    let rows = store.ask(rates!("", "p.channel_id = $2", ""), values).await?;
    rows.into_iter().next().map_or(Ok(KeptRate::default()), |row| rate(&mut Columns::of("promise", row)))
}

/// The same for each programme whose promises come from a channel, by its id; 20 at most.
pub async fn rates_in(
    store: &ReadStore,
    channel: &ChannelId,
    (since, from): (Instant, NaiveDate),
    today: NaiveDate,
) -> Result<Vec<(String, KeptRate)>, StoreError> {
    let values = values![store.team(), channel.as_str(), since, from.to_string(), today.to_string()];
    let text = rates!(
        "p.programme_id, ",
        "p.channel_id = $2 AND p.programme_id <> ''",
        "GROUP BY p.programme_id ORDER BY p.programme_id LIMIT 20"
    );
    let read = |row| {
        let mut row = Columns::of("promise", row);
        Ok((row.text()?, rate(&mut row)?))
    };
    store.ask(text, values).await?.into_iter().map(read).collect()
}

fn rate(row: &mut Columns) -> Result<KeptRate, StoreError> {
    Ok(KeptRate { kept: row.int()?, all: row.int()?, owners: row.int()? })
}
