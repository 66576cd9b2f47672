//! One transaction for many units: their guards run together, and their rows are written together.

use std::{collections::HashSet, time::Duration};

use sqlx::AnyConnection;

use crate::store::{
    connect::{Address, Backend},
    news::Topics,
    sql::{self, Script},
    unit::{Insert, Outcome, UnitOfWork, Value, Write},
};

/// The row that a guard uses: its table and the first parts of its identity. Rows that share those count as one, which
/// only costs them a common batch.
pub(super) type GuardKey<'u> = (&'static str, &'u [Value]);

/// How long a server may take to answer a commit before another connection asks about it.
const COMMIT_WITHIN: Duration = Duration::from_secs(1);

/// How many parts of an identity tell rows apart here: the workspace, and one more.
const KEY_PARTS: usize = 2;

pub(super) fn guard_keys(unit: &UnitOfWork) -> Vec<GuardKey<'_>> {
    let mut keys: Vec<GuardKey<'_>> = unit.guards.iter().map(|guard| write_key(&guard.write)).collect();
    keys.sort();
    keys
}

fn write_key(write: &Write) -> GuardKey<'_> {
    match write {
        Write::Row(shape, values) => (shape.table, &values[..shape.identity.min(KEY_PARTS)]),
        Write::Run(sql, values) => (table_of(sql), &values[..values.len().min(KEY_PARTS)]),
    }
}

/// Returns the table that a statement changes: the word behind `UPDATE`, `DELETE FROM` or `INSERT INTO`.
fn table_of(sql: &'static str) -> &'static str {
    let mut words = sql.split_whitespace();
    match words.next() {
        Some("UPDATE") => words.next(),
        _ => words.nth(1),
    }
    .unwrap_or(sql)
}

/// How far a transaction has come, in case it fails or is given up.
#[derive(Default)]
pub(super) struct BatchProgress {
    /// The server's number of it, by which another connection can ask for its outcome.
    pub(super) number: Option<i64>,
    /// True from when the database may have committed.
    pub(super) is_committing: bool,
    /// The units' outcomes if it has.
    pub(super) outcomes: Vec<Outcome>,
}

/// Writes the units that are not refused. `None` means that a unit was refused after it had written, so that everything
/// was rolled back and has to be tried again without it.
pub(super) async fn attempt(
    connection: &mut AnyConnection,
    address: &Address,
    units: &[&UnitOfWork],
    refused: &mut [Option<&'static str>],
    progress: &mut BatchProgress,
) -> Result<Option<Vec<Outcome>>, sqlx::Error> {
    let before: Vec<bool> = refused.iter().map(Option::is_some).collect();
    if address.engine == Backend::Postgres {
        progress.number = sql::begin_numbered(connection).await?;
    }
    let answers = ask(connection, address, units, refused).await?;
    let left_a_trace =
        |n: usize| !before[n] && refused[n].is_some() && answers[n].iter().any(Option::is_some);
    if (0..units.len()).any(left_a_trace) {
        sql::execute(connection, "ROLLBACK", &[]).await?;
        return Ok(None);
    }
    let outcomes = refused.iter().zip(answers).map(|(no, answers)| match no {
        Some(name) => Outcome::Refused(name),
        None => Outcome::Committed(answers.into_iter().flatten().collect()),
    });
    progress.outcomes = outcomes.collect();
    if refused.iter().any(Option::is_none) {
        let passed = units.iter().zip(refused.iter()).filter(|(_, no)| no.is_none()).map(|(unit, _)| *unit);
        put(connection, address, passed, &mut progress.is_committing).await?;
    } else {
        sql::execute(connection, "ROLLBACK", &[]).await?;
    }
    Ok(Some(std::mem::take(&mut progress.outcomes)))
}

/// What a unit's guards returned, in their order; `None` is a refusal, or was not run.
type Answers = Vec<Option<Vec<Value>>>;

/// Guards of one shape in one statement: their units, and their places.
struct GuardGroup {
    shape: &'static Insert,
    turn: usize,
    askers: Vec<(usize, usize)>,
}

/// Begins, and runs the guards of all units that are not refused yet; the first that returns nothing refuses its unit.
/// Guards that are rows run all at once, because most of them pass. They run in the order of their rows, since two
/// processes that lock the same rows in different orders would block each other.
async fn ask(
    connection: &mut AnyConnection,
    address: &Address,
    units: &[&UnitOfWork],
    refused: &mut [Option<&'static str>],
) -> Result<Vec<Answers>, sqlx::Error> {
    let mut answers: Vec<Answers> = units.iter().map(|unit| vec![None; unit.guards.len()]).collect();
    let mut in_order: Vec<usize> = (0..units.len()).filter(|&n| refused[n].is_none()).collect();
    in_order.sort_by_cached_key(|&n| guard_keys(units[n]));
    let places = |n: usize| units[n].guards.iter().enumerate();
    let asked: Vec<(usize, usize, &Write)> = in_order
        .into_iter()
        .flat_map(|n| places(n).map(move |(place, guard)| (n, place, &guard.write)))
        .collect();
    // A statement may touch a row once, so a unit's second guard on a row runs behind its first.
    let turn = |n: usize, place: usize| {
        let key = write_key(&units[n].guards[place].write);
        units[n].guards[..place].iter().filter(|guard| write_key(&guard.write) == key).count()
    };
    let mut shapes: Vec<GuardGroup> = Vec::new();
    for (n, place, write) in &asked {
        let Write::Row(shape, _) = write else { continue };
        let turn = turn(*n, *place);
        match shapes.iter_mut().find(|known| std::ptr::eq(known.shape, *shape) && known.turn == turn) {
            Some(known) => known.askers.push((*n, *place)),
            None => shapes.push(GuardGroup { shape, turn, askers: vec![(*n, *place)] }),
        }
    }
    shapes.sort_by_key(|asked| asked.turn);
    let mut script = Script::new(address.engine);
    if address.engine == Backend::Sqlite {
        script.say(address.begin());
    }
    for (tag, GuardGroup { shape, askers, .. }) in shapes.iter().enumerate() {
        let rows: Vec<&[Value]> =
            askers.iter().map(|&(n, place)| row_values(&units[n].guards[place].write)).collect();
        script.rows(shape, &rows, Some(tag));
    }
    // Returned rows follow the tag of their statement.
    let mut yes: Vec<HashSet<Vec<Value>>> = shapes.iter().map(|_| HashSet::new()).collect();
    for mut row in script.run(connection).await? {
        let tag = row.remove(0).int().and_then(|tag| usize::try_from(tag).ok());
        if let Some(yes) = tag.and_then(|tag| yes.get_mut(tag)) {
            yes.insert(row);
        }
    }
    for (GuardGroup { shape, askers, .. }, mut yes) in shapes.into_iter().zip(yes) {
        for (n, place) in askers {
            answers[n][place] = yes.take(&row_values(&units[n].guards[place].write)[..shape.identity]);
        }
    }
    for (n, place, write) in asked {
        if refused[n].is_some() {
            continue;
        }
        if let Write::Run(statement, values) = write {
            answers[n][place] = sql::fetch_one(connection, statement, values).await?;
        }
        if answers[n][place].is_none() {
            refused[n] = Some(units[n].guards[place].name);
        }
    }
    Ok(answers)
}

/// Writes the units with the same result as one after the other, and commits. Rows of one shape wait to share a
/// statement for as long as nothing else touches their table.
async fn put<'u>(
    connection: &mut AnyConnection,
    address: &Address,
    units: impl Iterator<Item = &'u UnitOfWork>,
    is_committing: &mut bool,
) -> Result<(), sqlx::Error> {
    let mut waiting: Vec<RowBatch<'u>> = Vec::new();
    let mut script = Script::new(address.engine);
    let mut topics = Topics::default();
    for unit in units {
        topics = topics.and(Topics::of(unit));
        for write in &unit.writes {
            let Write::Row(shape, values) = write else { continue };
            let fits = |rows: &RowBatch<'u>| std::ptr::eq(rows.shape, *shape) && !rows.holds(values);
            if waiting.iter().any(|rows| rows.shape.table == shape.table && !fits(rows)) {
                flush(&mut script, &mut waiting, shape.table);
            }
            match waiting.iter_mut().find(|rows| std::ptr::eq(rows.shape, *shape)) {
                Some(rows) => rows.add(values),
                None => waiting.push(RowBatch::with(shape, values)),
            }
        }
        for write in &unit.writes {
            let Write::Run(statement, values) = write else { continue };
            flush(&mut script, &mut waiting, table_of(statement));
            std::mem::replace(&mut script, Script::new(address.engine)).run(connection).await?;
            sql::execute(connection, *statement, values).await?;
        }
    }
    for rows in waiting {
        script.rows(rows.shape, &rows.all, None);
    }
    match address.engine {
        Backend::Sqlite => {
            *is_committing = true;
            script.say("COMMIT");
            script.run(connection).await?;
        }
        Backend::Postgres => {
            script.run(connection).await?;
            *is_committing = true;
            // If the server does not answer here, another connection asks it, while there is time.
            let commit = sql::commit(connection, address.sender.commit(topics));
            let committed = tokio::time::timeout(COMMIT_WITHIN, commit).await;
            committed.unwrap_or_else(|_| Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()))?;
        }
    }
    Ok(())
}

/// Adds the waiting rows of a table to a script.
fn flush<'u>(script: &mut Script<'u>, waiting: &mut Vec<RowBatch<'u>>, table: &str) {
    for rows in waiting.extract_if(.., |rows| rows.shape.table == table) {
        script.rows(rows.shape, &rows.all, None);
    }
}

/// Rows of one shape, each of which exists once: PostgreSQL refuses to change a row twice in one statement.
struct RowBatch<'u> {
    shape: &'static Insert,
    all: Vec<&'u [Value]>,
    identities: HashSet<&'u [Value]>,
}

impl<'u> RowBatch<'u> {
    fn with(shape: &'static Insert, values: &'u [Value]) -> RowBatch<'u> {
        let mut rows = RowBatch { shape, all: Vec::new(), identities: HashSet::new() };
        rows.add(values);
        rows
    }

    fn holds(&self, values: &[Value]) -> bool {
        self.identities.contains(&values[..self.shape.identity])
    }

    fn add(&mut self, values: &'u [Value]) {
        self.identities.insert(&values[..self.shape.identity]);
        self.all.push(values);
    }
}

fn row_values(write: &Write) -> &[Value] {
    match write {
        Write::Row(_, values) | Write::Run(_, values) => values,
    }
}
