//! The lines of the ledger of promises.

use crate::{
    model::{
        clock::Instant,
        people::{PSEUDONYM, SOMEONE},
    },
    store::{Store, StoreError, columns::Columns, unit::Value},
    values,
};

/// A line of the ledger: a promise as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromiseLine {
    pub promise_id: String,
    pub asked_at: Instant,
    pub asker: String,
    pub owner: String,
    pub channel: String,
    pub programme: String,
    pub occasion: String,
    pub words: String,
    pub link: String,
    /// The date, empty without one.
    pub due_on: String,
    /// The minute of that day, if one was named.
    pub due_minute: Option<i64>,
    /// The zone of the owner, on whose wall it is due; empty where it isn't known.
    pub zone: String,
    /// How often a promised date was moved, and the date before the first move, empty without one.
    pub moves: i64,
    pub first_due: String,
    pub state: String,
    pub reason: String,
    pub promised_at: Option<Instant>,
    pub settled_at: Option<Instant>,
    /// The last person who was asked before and couldn't, and why, in their words; both empty without one.
    pub refused_by: String,
    pub refusal: String,
    /// The names of the asker, the owner, the person who couldn't, the channel and the programme; empty where they have none or aren't
    /// known, and someone for a person who was erased.
    pub names: [String; 5],
}

/// Returns a page of the ledger behind a promise, oldest first: those asked for at `since` or later.
pub async fn ledger(
    store: &Store,
    since: Instant,
    after: &str,
    limit: i64,
) -> Result<Vec<PromiseLine>, StoreError> {
    let rows = store
        .ask(
            "SELECT p.promise_id, p.asked_at, p.asker_id, o.owner_id, p.channel_id, p.programme_id, p.occasion, p.words, p.link, \
             o.due_on, o.due_minute, o.moves, o.first_due, o.state, o.reason, o.promised_at, o.settled_at, \
             COALESCE(u.zone, ''), o.refused_by, o.refusal, COALESCE(a.name, ''), COALESCE(u.name, ''), COALESCE(r.name, ''), COALESCE(c.name, ''), COALESCE(g.name, '') FROM promise p \
             JOIN promise_owner o ON o.team_id = p.team_id AND o.promise_id = p.promise_id \
             LEFT JOIN person a ON a.team_id = p.team_id AND a.user_id = p.asker_id \
             LEFT JOIN person u ON u.team_id = p.team_id AND u.user_id = o.owner_id \
             LEFT JOIN person r ON r.team_id = p.team_id AND r.user_id = o.refused_by \
             LEFT JOIN channel c ON c.team_id = p.team_id AND c.channel_id = p.channel_id \
             LEFT JOIN programme g ON g.team_id = p.team_id AND g.programme_id = p.programme_id \
             WHERE p.asked_at >= $1 AND p.promise_id > $2 ORDER BY p.promise_id LIMIT $3",
            values![since, after, limit],
        )
        .await?;
    rows.into_iter().map(read).collect()
}

fn read(row: Vec<Value>) -> Result<PromiseLine, StoreError> {
    let mut row = Columns::of("promise", row);
    let mut line = PromiseLine {
        promise_id: row.text()?,
        asked_at: row.at()?,
        asker: row.text()?,
        owner: row.text()?,
        channel: row.text()?,
        programme: row.text()?,
        occasion: row.text()?,
        words: row.text()?,
        link: row.text()?,
        due_on: row.text()?,
        due_minute: row.int_or_null(),
        moves: row.int()?,
        first_due: row.text()?,
        state: row.text()?,
        reason: row.text()?,
        promised_at: row.at_or_null(),
        settled_at: row.at_or_null(),
        zone: row.text()?,
        refused_by: row.text()?,
        refusal: row.text()?,
        names: [row.text()?, row.text()?, row.text()?, row.text()?, row.text()?],
    };
    let people = [&line.asker, &line.owner, &line.refused_by];
    for (id, name) in people.into_iter().zip(&mut line.names) {
        if id.starts_with(PSEUDONYM) {
            SOMEONE.clone_into(name);
        }
    }
    Ok(line)
}
