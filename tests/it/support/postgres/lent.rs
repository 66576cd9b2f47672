//! Databases, each lent to a test. One with all migrations is emptied when its test ends, and lent again: that takes the server a
//! twentieth of the time for making and dropping one.

use std::{
    cell::RefCell,
    sync::{Mutex, OnceLock, mpsc},
    time::Duration,
};

use rondo::store::Store;
use sqlx::{Connection as _, PgConnection};
use tokio::sync::OnceCell;

use super::{Server, run, server};

/// How often a database is lent. What is deleted stays in its files, and makes them larger.
const MOST_LENT: u32 = 40;
/// How long a connection gets to end.
const A_MOMENT: Duration = Duration::from_millis(5);
/// What a test may change of a database besides its rows, and the rows that say which migrations it has.
const SHAPE: &str = "SELECT md5(concat( \
     (SELECT string_agg(concat(oid, relname, relnatts, relchecks, relhastriggers, relhasrules), ' ' ORDER BY oid) \
      FROM pg_class WHERE relnamespace = 'public'::regnamespace), \
     (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace), \
     (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase \
      WHERE d.datname = current_database()), \
     (SELECT string_agg(m::text, ' ' ORDER BY m.version) FROM _sqlx_migrations m), \
     (SELECT string_agg(r::text, ' ' ORDER BY r.version) FROM schema_release r)))";
/// The tables whose rows are not part of that shape.
const TABLES: &str = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' \
     AND relname NOT IN ('_sqlx_migrations', 'schema_release')";

/// A database with all migrations.
struct Migrated {
    name: String,
    shape: String,
    /// How often it was lent.
    lent: u32,
}

/// A database that a test has. Tests have a thread each, and what belongs to a thread goes when it ends.
enum Lent {
    Fresh(String),
    Migrated(Migrated),
}

thread_local! {
    static LENT: RefCell<Vec<Returning>> = const { RefCell::new(Vec::new()) };
}

/// The databases that no test has.
static FREE: Mutex<Vec<Migrated>> = Mutex::new(Vec::new());

/// Gives a database back when it is dropped.
struct Returning(Option<Lent>);

impl Drop for Returning {
    fn drop(&mut self) {
        if let Some(lent) = self.0.take() {
            // Without a receiver it stays until the server is removed.
            returned().send(lent).ok();
        }
    }
}

/// Returns the line to the thread that empties or drops the databases of tests that have ended.
fn returned() -> &'static mpsc::Sender<Lent> {
    static RETURNED: OnceLock<mpsc::Sender<Lent>> = OnceLock::new();
    RETURNED.get_or_init(|| {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(take_back(&receiver));
        });
        sender
    })
}

async fn take_back(all: &mpsc::Receiver<Lent>) {
    let Some(server) = server() else { return };
    let mut connection = PgConnection::connect(&server.url_of("postgres")).await.unwrap();
    for lent in all {
        let name = match lent {
            Lent::Fresh(name) => name,
            Lent::Migrated(database) => {
                if database.lent < MOST_LENT && empties(server, &database).await.unwrap_or(false) {
                    FREE.lock().unwrap().push(database);
                    continue;
                }
                database.name
            }
        };
        // A connection of a program that the test has stopped may still be there.
        run(&mut connection, format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await.ok();
    }
}

/// Deletes all rows of a database; returns false if the test has changed its shape.
async fn empties(server: &Server, database: &Migrated) -> Result<bool, sqlx::Error> {
    let mut connection = PgConnection::connect(&server.url_of(&database.name)).await?;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while !sqlx::query_scalar::<_, bool>(others).fetch_all(&mut connection).await?.is_empty() {
        tokio::time::sleep(A_MOMENT).await;
    }
    if shape_of(&mut connection).await? != database.shape {
        return Ok(false);
    }
    let tables: Vec<String> = sqlx::query_scalar(TABLES).fetch_all(&mut connection).await?;
    let emptied: Vec<String> = tables.iter().map(|table| format!("DELETE FROM {table}")).collect();
    sqlx::raw_sql(sqlx::AssertSqlSafe(emptied.join(";"))).execute(&mut connection).await?;
    Ok(true)
}

async fn shape_of(connection: &mut PgConnection) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(SHAPE).fetch_one(connection).await
}

fn lend(server: &Server, name: &str, lent: Lent) -> String {
    LENT.with_borrow_mut(|all| all.push(Returning(Some(lent))));
    server.url_of(name)
}

/// Returns the URL of a new and empty database; `None` if PostgreSQL is skipped.
pub async fn fresh_database() -> Option<String> {
    let server = server()?;
    let name = server.copy_of("template0").await;
    Some(lend(server, &name, Lent::Fresh(name.clone())))
}

/// Returns the URL of a database with all migrations applied and no rows; `None` if PostgreSQL is skipped.
pub async fn migrated_database() -> Option<String> {
    let server = server()?;
    let free = FREE.lock().unwrap().pop();
    let database = match free {
        Some(database) => Migrated { lent: database.lent + 1, ..database },
        None => copied(server).await,
    };
    let name = database.name.clone();
    Some(lend(server, &name, Lent::Migrated(database)))
}

/// Copies a database with all migrations, which takes a fifth of the server's time for migrating one.
async fn copied(server: &Server) -> Migrated {
    static MODEL: OnceCell<String> = OnceCell::const_new();
    let model = MODEL
        .get_or_init(|| async {
            let name = server.copy_of("template0").await;
            Store::migrate(&server.url_of(&name)).await.unwrap();
            name
        })
        .await;
    let name = server.copy_of(model).await;
    let mut connection = PgConnection::connect(&server.url_of(&name)).await.unwrap();
    let shape = shape_of(&mut connection).await.unwrap();
    Migrated { name, shape, lent: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
    }

    /// Runs a test of its own, to its end, with a migrated database, and returns that database's URL.
    fn of_a_test(statement: &'static str) -> Option<String> {
        let test = std::thread::spawn(move || {
            runtime().block_on(async {
                let url = migrated_database().await?;
                let mut connection = PgConnection::connect(&url).await.unwrap();
                sqlx::raw_sql(statement).execute(&mut connection).await.unwrap();
                Some(url)
            })
        });
        test.join().unwrap()
    }

    /// Looks now and then: a connection that is made again at once is one more that taking the database back has to end.
    async fn becomes_true(mut holds: impl AsyncFnMut() -> bool) {
        let waited = async {
            while !holds().await {
                tokio::time::sleep(20 * A_MOMENT).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), waited).await.expect("it becomes true");
    }

    #[test]
    fn a_fresh_database_goes_with_its_test() {
        let of_a_test = std::thread::spawn(|| runtime().block_on(fresh_database()));
        let Some(url) = of_a_test.join().unwrap() else { return };
        runtime().block_on(becomes_true(async || PgConnection::connect(&url).await.is_err()));
    }

    /// Returns how many rows a test has left, once there are none; `None` once the database is gone.
    async fn rows_in_the_end(url: &str) -> Option<i64> {
        let mut left = None;
        becomes_true(async || {
            let Ok(mut connection) = PgConnection::connect(url).await else {
                left = None;
                return true;
            };
            let count = "SELECT COUNT(*) FROM directory_list WHERE team_id = 'TLENT'";
            left = sqlx::query_scalar(count).fetch_one(&mut connection).await.ok();
            left == Some(0)
        })
        .await;
        left
    }

    #[test]
    fn a_database_is_emptied_behind_its_test() {
        let row = "INSERT INTO directory_list (team_id, name) VALUES ('TLENT', 'people')";
        // One that was lent often enough is dropped, and the next one is another.
        for _ in 0..3 {
            let Some(url) = of_a_test(row) else { return };
            if runtime().block_on(rows_in_the_end(&url)).is_some() {
                return;
            }
        }
        panic!("none of three is emptied");
    }

    #[test]
    fn a_database_that_a_test_has_changed_is_dropped() {
        for statement in [
            "CREATE TABLE more (id BIGINT)",
            "CREATE FUNCTION one() RETURNS BIGINT LANGUAGE sql AS 'SELECT 1::BIGINT'",
            "UPDATE schema_release SET works_from = 99",
        ] {
            let Some(url) = of_a_test(statement) else { return };
            runtime().block_on(becomes_true(async || PgConnection::connect(&url).await.is_err()));
        }
    }

    #[tokio::test]
    async fn every_test_has_its_database() {
        let (Some(one), Some(other)) = (fresh_database().await, fresh_database().await) else { return };
        assert_ne!(one, other);
        let mut connection = PgConnection::connect(&one).await.unwrap();
        let tables: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(tables, 0);
    }
}
