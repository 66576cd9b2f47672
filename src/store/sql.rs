//! How statements reach the database, the same for both engines.

use std::{borrow::Cow, fmt::Write as _};

use sqlx::{
    Any, AnyConnection, Arguments as _, Column as _, Executor, Row as _, ValueRef as _,
    any::{AnyArguments, AnyRow, AnyTypeInfoKind},
    query::Query,
};

use super::{
    connect::Backend,
    unit::{Insert, Value},
};

/// How many rows one statement holds at most: SQLite allows 32,766 binds, and a row has fewer than 32 columns.
const ROWS_A_STATEMENT: usize = 512;

/// Returns a query whose text is ours alone: a constant, or built from the constants of an [`Insert`] and numbered
/// places. What people wrote is always bound.
fn query(
    text: Cow<'static, str>,
    rows: &[&[Value]],
) -> Result<Query<'static, Any, AnyArguments>, sqlx::Error> {
    let mut arguments = AnyArguments::default();
    arguments.reserve(rows.iter().copied().map(<[_]>::len).sum(), 0);
    for value in rows.iter().copied().flatten() {
        // A text is copied once: an `Option` would be copied before its content is.
        match value {
            Value::Text(Some(text)) => arguments.add(text.as_str()),
            Value::Text(None) => arguments.add(None::<String>),
            Value::Int(int) => arguments.add(*int),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(match text {
        Cow::Borrowed(text) => sqlx::query_with(text, arguments),
        Cow::Owned(text) => sqlx::query_with(sqlx::AssertSqlSafe(text), arguments),
    })
}

/// Runs a statement, and returns how many rows it touched.
pub(super) async fn execute(
    connection: &mut AnyConnection,
    text: impl Into<Cow<'static, str>>,
    values: &[Value],
) -> Result<u64, sqlx::Error> {
    Ok(query(text.into(), &[values])?.execute(connection).await?.rows_affected())
}

/// Runs a statement that returns one row or none.
pub(super) async fn fetch_one(
    connection: &mut AnyConnection,
    text: &'static str,
    values: &[Value],
) -> Result<Option<Vec<Value>>, sqlx::Error> {
    query(text.into(), &[values])?.fetch_optional(connection).await?.as_ref().map(read).transpose()
}

/// Runs a query, and returns its rows.
pub(super) async fn fetch<'e, E>(
    executor: E,
    text: impl Into<Cow<'static, str>>,
    values: &[Value],
) -> Result<Vec<Vec<Value>>, sqlx::Error>
where
    E: Executor<'e, Database = Any>,
{
    query(text.into(), &[values])?.fetch_all(executor).await?.iter().map(read).collect()
}

/// Begins a transaction on a server, and returns its number. It is one call, and prepares nothing.
pub(super) async fn begin_numbered(connection: &mut AnyConnection) -> Result<Option<i64>, sqlx::Error> {
    let rows = sqlx::raw_sql("BEGIN; SELECT txid_current()").fetch_all(connection).await?;
    rows.first().map(|row| row.try_get(0)).transpose()
}

/// Commits on a server, by a text that is made of our own constants and of numbers.
pub(super) async fn commit(connection: &mut AnyConnection, text: String) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sqlx::AssertSqlSafe(text)).execute(connection).await.map(drop)
}

/// Statements that go to the database together. In SQLite each call costs a way to its thread, and one call takes any
/// number of statements; PostgreSQL takes them one by one.
pub(super) struct Script<'v> {
    engine: Backend,
    parts: Vec<ScriptPart<'v>>,
}

struct ScriptPart<'v> {
    text: Cow<'static, str>,
    rows: Vec<&'v [Value]>,
}

impl<'v> Script<'v> {
    pub(super) fn new(engine: Backend) -> Script<'v> {
        Script { engine, parts: Vec::new() }
    }

    /// Adds a statement without values.
    pub(super) fn say(&mut self, text: &'static str) {
        self.parts.push(ScriptPart { text: text.into(), rows: Vec::new() });
    }

    /// Adds an insert of rows of one shape. With a tag it returns, behind the tag, the identities of the rows that the
    /// shape's `ON CONFLICT` let pass.
    pub(super) fn rows(&mut self, shape: &Insert, rows: &[&'v [Value]], tag: Option<usize>) {
        let engine = self.engine;
        let mut add = |rows: &[&'v [Value]]| {
            let text = text_of(shape, rows.len(), engine, tag).into();
            self.parts.push(ScriptPart { text, rows: rows.to_vec() });
        };
        match engine {
            Backend::Sqlite => rows.chunks(ROWS_A_STATEMENT).for_each(&mut add),
            Backend::Postgres => in_statements(rows).for_each(&mut add),
        }
    }

    /// Runs the script, and returns the rows that its statements returned.
    pub(super) async fn run(self, connection: &mut AnyConnection) -> Result<Vec<Vec<Value>>, sqlx::Error> {
        let mut parts = self.parts;
        if self.engine == Backend::Sqlite && parts.len() > 1 {
            let text = parts.iter().map(|part| &*part.text).collect::<Vec<_>>().join("; ");
            let rows = parts.iter().flat_map(|part| &part.rows).copied().collect();
            parts = vec![ScriptPart { text: text.into(), rows }];
        }
        let mut returned = Vec::new();
        for ScriptPart { text, rows } in parts {
            for row in &query(text, &rows)?.fetch_all(&mut *connection).await? {
                returned.push(read(row)?);
            }
        }
        Ok(returned)
    }
}

/// Cuts rows into statements of few different lengths, since each length is a statement to prepare and keep: up to 8
/// exactly, above that in powers of two.
fn in_statements<'r, 'v>(rows: &'r [&'v [Value]]) -> impl Iterator<Item = &'r [&'v [Value]]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        let length = match rest.len() {
            0 => return None,
            few @ 1..=8 => few,
            many => (1 << many.ilog2()).min(ROWS_A_STATEMENT),
        };
        let (statement, more) = rest.split_at(length);
        rest = more;
        Some(statement)
    })
}

/// `INSERT INTO t (a, b) VALUES ($1,$2),($3,$4) ON CONFLICT … RETURNING 7, a`. Statements that go together take their
/// values in order, by unnumbered places: SQLite looks up the name of a numbered one for each value.
fn text_of(shape: &Insert, rows: usize, engine: Backend, tag: Option<usize>) -> String {
    let width = shape.columns.len();
    let mut text = format!("INSERT INTO {} ({}) VALUES ", shape.table, shape.columns.join(", "));
    match engine {
        Backend::Sqlite => {
            let row = format!("({})", vec!["?"; width].join(","));
            text.push_str(&vec![row; rows].join(","));
        }
        Backend::Postgres => {
            let row = |row| {
                let places: Vec<String> =
                    (1..=width).map(|column| format!("${}", row * width + column)).collect();
                format!("({})", places.join(","))
            };
            text.push_str(&(0..rows).map(row).collect::<Vec<_>>().join(","));
        }
    }
    text.push(' ');
    text.push_str(shape.on_conflict);
    if let Some(tag) = tag {
        let _ = write!(text, " RETURNING {tag}, {}", shape.columns[..shape.identity].join(", "));
    }
    text
}

/// Reads a row as the two types that both engines share.
fn read(row: &AnyRow) -> Result<Vec<Value>, sqlx::Error> {
    (0..row.columns().len())
        .map(|column| {
            let raw = row.try_get_raw(column)?;
            let kind =
                if raw.is_null() { row.columns()[column].type_info().kind() } else { raw.type_info().kind() };
            Ok(match kind {
                AnyTypeInfoKind::Text => Value::Text(row.try_get(column)?),
                _ if raw.is_null() => Value::Int(None),
                AnyTypeInfoKind::Integer | AnyTypeInfoKind::SmallInt => {
                    Value::Int(row.try_get::<Option<i32>, _>(column)?.map(i64::from))
                }
                _ => Value::Int(row.try_get(column)?),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    static SHAPE: Insert =
        Insert { table: "t", columns: &["a", "b"], identity: 1, on_conflict: "ON CONFLICT DO NOTHING" };

    #[test]
    fn a_statement_has_a_place_for_each_value() {
        assert_eq!(
            text_of(&SHAPE, 2, Backend::Postgres, Some(7)),
            "INSERT INTO t (a, b) VALUES ($1,$2),($3,$4) ON CONFLICT DO NOTHING RETURNING 7, a"
        );
        assert_eq!(
            text_of(&SHAPE, 2, Backend::Sqlite, None),
            "INSERT INTO t (a, b) VALUES (?,?),(?,?) ON CONFLICT DO NOTHING"
        );
    }

    #[test]
    fn rows_are_cut_into_few_lengths() {
        for total in 0..1_500 {
            let rows: Vec<&[Value]> = vec![&[]; total];
            let lengths: Vec<usize> = in_statements(&rows).map(<[_]>::len).collect();
            assert_eq!(lengths.iter().sum::<usize>(), total);
            assert!(lengths.iter().all(|&n| n <= 8 || (n.is_power_of_two() && n <= ROWS_A_STATEMENT)));
        }
    }
}
