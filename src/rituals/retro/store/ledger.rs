//! The ledgers of retros, page by page, as they are exported: a line for each answer of a retro that was revealed, and one for what the
//! answers to each of its scales came to.

use chrono::NaiveDate;

use crate::{
    rituals::retro::plan::{Halves, Pulse},
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

/// One line of the ledger of pulses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PulseLedgerLine {
    pub retro: String,
    pub place: String,
    /// The date on which the retro opened, in the zone of its programme.
    pub local_date: String,
    pub channel: String,
    pub deck: String,
    pub prompt: String,
    /// What 1 and 5 mean.
    pub low: String,
    pub high: String,
    pub pulse: Pulse,
}

/// Returns a page of the ledger of pulses behind a position, by retro and place; retros of the date `since` or later. A scale that too few
/// people have answered has no line.
pub async fn pulse_ledger(
    store: &Store,
    since: NaiveDate,
    after: (&str, &str),
    limit: i64,
) -> Result<Vec<PulseLedgerLine>, StoreError> {
    let rows = store
        .ask(
            "SELECT s.retro_id, s.place, r.local_date, p.channel_id, r.deck, q.words, s.low, s.high, s.median, s.spread, s.answers \
             FROM retro_scale s \
             JOIN retro r ON r.team_id = s.team_id AND r.retro_id = s.retro_id \
             JOIN retro_prompt q ON q.team_id = s.team_id AND q.retro_id = s.retro_id AND q.place = s.place \
             LEFT JOIN programme p ON p.team_id = r.team_id AND p.programme_id = r.programme_id \
             WHERE r.local_date >= $1 AND s.median IS NOT NULL AND (s.retro_id > $2 OR (s.retro_id = $2 AND s.place > $3)) \
             ORDER BY s.retro_id, s.place LIMIT $4",
            values![since.to_string(), after.0, after.1, limit],
        )
        .await?;
    let read = |row| {
        let mut row = Columns::of("retro_scale", row);
        Ok(PulseLedgerLine {
            retro: row.text()?,
            place: row.text()?,
            local_date: row.text()?,
            channel: row.text_or_null().unwrap_or_default(),
            deck: row.text()?,
            prompt: row.text()?,
            low: row.text()?,
            high: row.text()?,
            pulse: Pulse {
                median: Halves(i32::try_from(row.int()?).map_err(StoreError::coding)?),
                spread: Halves(i32::try_from(row.int()?).map_err(StoreError::coding)?),
                answers: usize::try_from(row.int()?).map_err(StoreError::coding)?,
            },
        })
    };
    rows.into_iter().map(read).collect()
}
