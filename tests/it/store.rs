//! The store by itself: units, leases, and databases that are not as they should be.

mod leases;
mod opening;
mod people;
mod sweep;
mod wiping;
mod writer;

use rondo::{
    model::{clock::Instant, clock::from_ms, people::TeamId},
    store::{
        Opening, Store, StoreError,
        unit::{Insert, Outcome, UnitOfWork, Value, Write},
    },
    values,
};

use crate::support::bot::MONDAY_MORNING;

/// A row that counts up to a limit, with the number of the unit that counted last.
static COUNTER: Insert = Insert {
    table: "kudos_day",
    columns: &["team_id", "giver", "local_date", "people", "allowance", "last_fingerprint", "last_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, giver, local_date) DO UPDATE SET \
         people = kudos_day.people + excluded.people, last_at = excluded.last_at \
         WHERE kudos_day.people + excluded.people <= excluded.allowance AND kudos_day.last_at < excluded.last_at",
};

/// A row that can be inserted once.
static ONCE: Insert = Insert {
    table: "gift_receiver",
    columns: &["team_id", "gift_id", "receiver"],
    identity: 3,
    on_conflict: "",
};

/// A row whose last writer wins.
static LAST: Insert = Insert {
    table: "channel",
    columns: &["team_id", "channel_id", "name", "refreshed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, channel_id) DO UPDATE SET name = excluded.name",
};

/// A mark that can be set once.
static MARK: Insert = Insert {
    table: "processed_delivery",
    columns: &["team_id", "key", "reply", "processed_at"],
    identity: 2,
    on_conflict: "ON CONFLICT (team_id, key) DO NOTHING",
};

async fn open(url: &str) -> Store {
    Store::open(url, Opening::ToRun).await.unwrap()
}

fn mark(unit: &mut UnitOfWork, team: &str, key: &str) {
    unit.guard("mark", Write::Row(&MARK, values![team, key, "\"Nothing\"", 0]));
}

/// Adds to the unit the `n`th count, up to this limit.
fn count(unit: &mut UnitOfWork, team: &str, who: &str, limit: i64, n: i64) {
    unit.guard("count", Write::Row(&COUNTER, values![team, who, "2026-01-05", 1, limit, "", n]));
}

fn last(unit: &mut UnitOfWork, team: &str, key: &str, word: &str) {
    unit.row(&LAST, values![team, key, word, 0]);
}

fn once(unit: &mut UnitOfWork, team: &str, key: &str) {
    unit.row(&ONCE, values![team, key, "U1"]);
}

fn is_committed(outcome: &Result<Outcome, StoreError>) -> bool {
    matches!(outcome, Ok(Outcome::Committed(_)))
}

async fn number(store: &Store, question: &'static str) -> i64 {
    store.ask(question, Vec::new()).await.unwrap()[0][0].int().unwrap()
}

fn team() -> TeamId {
    TeamId("T1".to_owned())
}

fn now() -> Instant {
    from_ms(MONDAY_MORNING)
}

fn texts(rows: Vec<Vec<Value>>) -> Vec<String> {
    rows.into_iter().flatten().filter_map(Value::text).collect()
}
