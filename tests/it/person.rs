//! A person's data: all of it is exported, and nothing is left after erasing.

mod at_work;
mod planted;
mod program;

use std::{collections::BTreeSet, fmt::Write as _};

use rondo::{
    engine::person::{PersonData, tables},
    model::{
        clock::{Clock, from_ms},
        entropy::Entropy,
        people::{TeamId, UserId},
    },
    ritual::Ritual,
    rituals,
};
use sqlx::{AnyConnection, Column as _, Connection as _, Row as _};

use crate::support::{bot::MONDAY_MORNING, store_beside};

/// Returns the text columns of all tables, as `(table, column)`.
async fn text_columns(url: &str) -> Vec<(String, String)> {
    let question = if url.starts_with("sqlite") {
        "SELECT m.name, p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p \
         WHERE m.type = 'table' AND p.type = 'TEXT' AND m.name NOT LIKE '~_sqlx%' ESCAPE '~'"
    } else {
        "SELECT table_name::text, column_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type = 'text' AND table_name NOT LIKE '~_sqlx%' ESCAPE '~'"
    };
    let mut connection = connect(url).await;
    let rows = sqlx::query(question).fetch_all(&mut connection).await.unwrap();
    let mut columns: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    columns.sort();
    columns
}

async fn connect(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.unwrap()
}

/// Returns every text in the database, a line each, like a dump.
async fn dump(url: &str) -> String {
    let columns = text_columns(url).await;
    let mut connection = connect(url).await;
    let mut lines = String::new();
    for (table, column) in columns {
        let question = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
        let rows = sqlx::query(sqlx::AssertSqlSafe(question)).fetch_all(&mut connection).await.unwrap();
        for row in rows {
            assert_eq!(row.columns()[0].name(), column);
            writeln!(lines, "{table}.{column}: {}", row.get::<String, _>(0)).unwrap();
        }
    }
    lines
}

/// Asserts that the slices declare every text column of a database, each once.
pub async fn assert_declared(url: &str, rituals: &[Box<dyn Ritual>]) {
    let mut declared = Vec::new();
    for table in tables(rituals) {
        declared.push((table.name.to_owned(), "team_id".to_owned()));
        declared
            .extend(table.columns.iter().map(|(column, _)| (table.name.to_owned(), (*column).to_owned())));
    }
    declared.sort();
    let schema = text_columns(url).await;
    let (in_lists, in_schema): (BTreeSet<_>, BTreeSet<_>) =
        (declared.iter().collect(), schema.iter().collect());
    let forgotten: Vec<_> = in_schema.difference(&in_lists).collect();
    assert!(forgotten.is_empty(), "a slice's HOLDINGS must say what these hold of people: {forgotten:?}");
    assert_eq!(declared, schema, "and each is in one list");
}

/// Opens the people of a database without a bot, which belongs to `T1`.
async fn people_of(url: &str) -> PersonData {
    let store = store_beside(url).await;
    let team = TeamId("T1".to_owned());
    let now = from_ms(MONDAY_MORNING);
    store.claim_workspace(&team, &UserId("U0BOT".to_owned()), now).await.unwrap();
    let settings =
        rondo::config::Config::load(rituals::ALL, None, &rondo::config::Environment::default()).unwrap();
    PersonData {
        store,
        team,
        rituals: settings.rituals().into(),
        clock: Clock::machine(),
        entropy: Entropy::from_system().unwrap(),
    }
}
