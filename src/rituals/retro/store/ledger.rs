//! The ledger of retros, page by page, as it is exported: a line for each answer of a retro that was revealed.

use chrono::NaiveDate;

use crate::{
    store::{Store, StoreError, columns::Columns},
    values,
};

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetroLedgerLine {
    pub retro: String,
    /// The date on which it opened, in the zone of its programme.
    pub local_date: String,
    pub channel: String,
    pub deck: String,
    pub prompt: String,
    pub answer: String,
    /// Empty for an anonymous answer.
    pub person: String,
    /// Empty for a hidden answer.
    pub words: String,
    pub state: String,
}

/// Returns a page of the ledger behind a position, by retro and answer; retros of the date `since` or later.
pub async fn ledger(
    store: &Store,
    since: NaiveDate,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<RetroLedgerLine>, StoreError> {
    let rows = store
        .ask(
            "SELECT a.retro_id, r.local_date, p.channel_id, r.deck, q.words, a.answer_id, a.user_id, \
             CASE WHEN a.state = 'hidden' THEN '' ELSE a.words END, a.state FROM retro_answer a \
             JOIN retro r ON r.team_id = a.team_id AND r.retro_id = a.retro_id \
             JOIN retro_prompt q ON q.team_id = a.team_id AND q.retro_id = a.retro_id AND q.place = a.place \
             LEFT JOIN programme p ON p.team_id = r.team_id AND p.programme_id = r.programme_id \
             WHERE r.local_date >= $1 AND r.state IN ('revealed', 'voting', 'done') AND (a.retro_id > $2 \
             OR (a.retro_id = $2 AND a.answer_id > $3)) ORDER BY a.retro_id, a.answer_id LIMIT $4",
            values![since.to_string(), after.0, after.1, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_answer", row);
        Ok(RetroLedgerLine {
            retro: row.text()?,
            local_date: row.text()?,
            channel: row.text_or_null().unwrap_or_default(),
            deck: row.text()?,
            prompt: row.text()?,
            answer: row.text()?,
            person: row.text()?,
            words: row.text()?,
            state: row.text()?,
        })
    };
    rows.into_iter().map(read).collect()
}
