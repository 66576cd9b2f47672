//! Copies of a whole database, as a person reads them who has got hold of one.

use std::collections::BTreeMap;

use serde_json::Value;
use sqlx::{AnyConnection, Connection as _, Row as _};

use super::stranger;

/// A row with its columns, in the order in which the database has its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpedRow {
    pub columns: BTreeMap<String, Value>,
    /// Which transaction wrote it, where the database says so.
    pub written_by: String,
}

impl DumpedRow {
    /// Returns a text column; empty without one. Spaces at its end fill it up, and are none of it.
    pub fn text(&self, column: &str) -> String {
        self.columns.get(column).and_then(Value::as_str).unwrap_or_default().trim_end().to_owned()
    }

    /// Whether any column contains a text.
    pub fn mentions(&self, text: &str) -> bool {
        self.columns.values().any(|value| value.as_str().is_some_and(|value| value.contains(text)))
    }
}

/// All tables of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump(pub BTreeMap<String, Vec<DumpedRow>>);

impl Dump {
    /// Copies all tables of a database in their physical order.
    pub async fn of(url: &str) -> Dump {
        let mut connection = stranger(url).await;
        let is_file = url.starts_with("sqlite");
        let tables = if is_file {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx%'"
        } else {
            "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' \
             AND table_name NOT LIKE '\\_sqlx%'"
        };
        let mut dump = BTreeMap::new();
        for table in texts(&mut connection, tables).await {
            let [table, _] = table;
            let rows = if is_file {
                let columns = format!("SELECT name FROM pragma_table_info('{table}')");
                let columns = texts(&mut connection, &columns).await;
                let pairs: Vec<String> =
                    columns.iter().map(|[name, _]| format!("'{name}', \"{name}\"")).collect();
                format!("SELECT json_object({}), '' FROM \"{table}\" ORDER BY rowid", pairs.join(", "))
            } else {
                format!("SELECT to_jsonb(t)::text, t.xmin::text FROM \"{table}\" t ORDER BY t.ctid")
            };
            let rows = texts(&mut connection, &rows).await.into_iter().map(|[columns, written_by]| {
                DumpedRow { columns: serde_json::from_str(&columns).unwrap(), written_by }
            });
            dump.insert(table, rows.collect());
        }
        connection.close().await.unwrap();
        Dump(dump)
    }

    pub fn rows(&self, table: &str) -> &[DumpedRow] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// Returns the rows that are in this copy and not in an earlier one, each with its table. When Slack was last heard is left
    /// out: it is one value for the workspace.
    pub fn since(&self, earlier: &Dump) -> Vec<(String, DumpedRow)> {
        let mut changed = Vec::new();
        for (table, rows) in &self.0 {
            let plain = |row: &DumpedRow| {
                let mut columns = row.columns.clone();
                columns.remove("heard_at");
                columns
            };
            let before: Vec<_> = earlier.rows(table).iter().map(plain).collect();
            let new = rows.iter().filter(|row| !before.contains(&plain(row)));
            changed.extend(new.map(|row| (table.clone(), row.clone())));
        }
        changed
    }
}

async fn texts(connection: &mut AnyConnection, query: &str) -> Vec<[String; 2]> {
    let rows = sqlx::query(sqlx::AssertSqlSafe(query.to_owned())).fetch_all(connection).await.unwrap();
    rows.iter()
        .map(|row| [row.get::<String, _>(0), row.try_get::<String, _>(1).unwrap_or_default()])
        .collect()
}
