//! Opening a database: created, migrated, shared, and refused with one clear sentence.

use std::path::Path;

use rondo::store::runs;
use sqlx::{Connection as _, Executor as _, Row as _};
use tempfile::TempDir;

use super::*;
use crate::{
    each_database,
    support::{a_run, sqlite_in, stranger},
};

/// Returns the sentence with which an opening is refused.
async fn refusal(url: &str, opening: Opening) -> String {
    match Store::open(url, opening).await {
        Ok(_) => panic!("{url} opens"),
        Err(error) => error.to_string(),
    }
}

fn migration_files() -> Vec<(i64, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let names =
        std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<(i64, String)> = names
        .filter(|name| Path::new(name).extension().is_some_and(|kind| kind == "sql"))
        .map(|name| (name.split_once('_').unwrap().0.parse().unwrap(), name))
        .collect();
    files.sort();
    files
}

fn sample(name: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/samples");
    std::fs::read_to_string(root.join(name)).ok()
}

#[test]
fn every_migration_has_sample_data() {
    let bare: Vec<_> = migration_files().into_iter().filter(|(_, name)| sample(name).is_none()).collect();
    assert!(bare.is_empty(), "write migrations/samples/… for {bare:?}");
}

#[tokio::test]
async fn commits_wait_for_the_disk_except_in_a_demo() {
    const FULL: i64 = 2;
    let folder = TempDir::new().unwrap();
    for (opening, synchronous) in [(Opening::ToRun, FULL), (Opening::ToTry, 0), (Opening::Beside, FULL)] {
        let store = Store::open(&sqlite_in(&folder), opening).await.unwrap();
        assert_eq!(number(&store, "PRAGMA synchronous").await, synchronous, "{opening:?}");
        store.close().await;
    }
}

#[tokio::test]
async fn a_statement_is_planned_once_whatever_its_values() {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&sqlite_in(&folder), Opening::ToRun).await.unwrap();
    let plans = "SELECT COUNT(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_QPSG'";
    assert_eq!(number(&store, plans).await, 1, "SQLite is compiled as .cargo/config.toml says");
    store.close().await;
}

each_database! {
    async fn a_database_can_be_reopened(url: &str) {
        Store::migrate(url).await.unwrap();
        Store::migrate(url).await.unwrap();
        let store = Store::open(url, Opening::ToRun).await.unwrap();
        let known = migration_files().len();
        assert_eq!(number(&store, "SELECT COUNT(*) FROM _sqlx_migrations").await, i64::try_from(known).unwrap());
    }

    async fn concurrent_starts_make_one_database(url: &str) {
        let starts = (0..6).map(|_| {
            let url = url.to_owned();
            tokio::spawn(async move { Store::migrate(&url).await })
        });
        for start in futures_util::future::join_all(starts).await {
            start.unwrap().unwrap();
        }
    }

    async fn migrations_keep_the_data(url: &str) {
        let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations"));
        let migrator = sqlx::migrate::Migrator::new(folder).await.unwrap();
        let mut connection = stranger(&made(url)).await;
        for (version, name) in migration_files() {
            migrator.run_to(version, &mut connection).await.unwrap();
            connection.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(sample(&name).unwrap()))).await.unwrap();
        }
        connection.close().await.unwrap();
        let store = Store::open(url, Opening::Beside).await.unwrap();
        // Each table has a row, so that a migration which cannot take its data fails here.
        for table in tables(url).await {
            let mut connection = stranger(url).await;
            let question = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
            let rows: i64 = sqlx::query(question).fetch_one(&mut connection).await.unwrap().get(0);
            assert!(rows > 0, "{table} has no sample data");
        }
        assert_eq!(store.workspace().await.unwrap(), Some(TeamId("T0SAMPLE".into())));
    }

    async fn older_releases_work_if_allowed(url: &str) {
        Store::migrate(url).await.unwrap();
        newer_release(url, "ALTER TABLE lease ADD COLUMN why TEXT; INSERT INTO schema_release VALUES (9999, 1)").await;
        for opening in [Opening::ToRun, Opening::Beside] {
            let store = Store::open(url, opening).await.unwrap();
            store.probe().await.unwrap();
            assert!(store.take_lease(&team(), "outbox", "one", now(), chrono::Duration::minutes(1)).await.unwrap());
            store.close().await;
        }
        Store::migrate(url).await.unwrap();
    }

    async fn a_newer_database_is_refused(url: &str) {
        let ours = migration_files().last().unwrap().0;
        Store::migrate(url).await.unwrap();
        newer_release(url, "").await;
        for works_from in [None, Some(ours + 1), Some(9999)] {
            let marks = works_from.map(|works_from| {
                format!("DELETE FROM schema_release WHERE version = 9999; INSERT INTO schema_release VALUES (9999, {works_from})")
            });
            let marks = sqlx::AssertSqlSafe(marks.unwrap_or_default());
            stranger(url).await.execute(sqlx::raw_sql(marks)).await.unwrap();
            for opening in [Opening::ToRun, Opening::Beside] {
                assert_eq!(
                    refusal(url, opening).await,
                    "the database is newer than this program, which does not work with its migration 9999: start the \
                     newer release, or restore the backup made before the upgrade"
                );
            }
        }
    }

    async fn changed_migrations_are_refused(url: &str) {
        Store::migrate(url).await.unwrap();
        let changed = if url.starts_with("sqlite") {
            "UPDATE _sqlx_migrations SET checksum = X'00' WHERE version = 1"
        } else {
            "UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 1"
        };
        stranger(url).await.execute(sqlx::raw_sql(changed)).await.unwrap();
        assert_eq!(
            refusal(url, Opening::ToRun).await,
            "migration 1 in the database differs from this program's: restore a backup, or start the release that \
             made it"
        );
    }

    async fn reading_changes_nothing(url: &str) {
        drop(stranger(&made(url)).await);
        assert_eq!(
            refusal(url, Opening::Beside).await,
            "the database is not up to date with this program: run `rondo migrate` first, or start the bot"
        );
        assert!(tables(url).await.is_empty(), "looking makes no tables");
    }
}

/// Leaves what a newer release does after a migration of its own.
async fn newer_release(url: &str, changes: &'static str) {
    let migration = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                     SELECT 9999, 'future', success, checksum, 0 FROM _sqlx_migrations LIMIT 1";
    for statements in [migration, changes] {
        stranger(url).await.execute(sqlx::raw_sql(statements)).await.unwrap();
    }
}

/// Returns a URL that creates the database if it is a file.
fn made(url: &str) -> String {
    if url.starts_with("sqlite") { format!("{url}?mode=rwc") } else { url.to_owned() }
}

/// Returns the bot's tables.
async fn tables(url: &str) -> Vec<String> {
    let question = if url.starts_with("sqlite") {
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_sqlx%' ESCAPE '\\'"
    } else {
        "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '\\_sqlx%'"
    };
    let rows = sqlx::query(question).fetch_all(&mut stranger(url).await).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test]
async fn a_used_database_is_refused() {
    let folder = TempDir::new().unwrap();
    let url = sqlite_in(&folder);
    let running = open(&url).await;
    assert_eq!(
        refusal(&url, Opening::ToRun).await,
        format!(
            "another Rondo works on this database ({}): stop it first, or share a PostgreSQL database",
            folder.path().join("rondo.db.lock").display()
        )
    );
    Store::open(&url, Opening::Beside).await.unwrap().probe().await.unwrap();
    running.probe().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_bots_claims_are_freed() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_in(&folder);
    let (team, now) = (TeamId("T1".into()), from_ms(MONDAY_MORNING));
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    let mut unit = UnitOfWork::new();
    runs::put(&mut unit, &team, &a_run(now), now);
    store.commit(unit).await.unwrap();
    let mut claimed = store.due_runs(&team, now, 1).await.unwrap().runs.remove(0);
    let lease_end = now + chrono::Duration::minutes(1);
    assert!(store.claim_run(&team, &mut claimed, 7, lease_end).await.unwrap());
    assert!(store.due_runs(&team, now, 1).await.unwrap().runs.is_empty());
    store.close().await;
    drop(store);
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    let again = store.due_runs(&team, now, 1).await.unwrap();
    assert_eq!(again.runs.iter().map(|run| (run.attempt, run.seed)).collect::<Vec<_>>(), [(1, 7)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_file_is_busy() {
    let folder = TempDir::new().unwrap();
    let url = sqlite_in(&folder);
    let store = open(&url).await;
    let mut operator = stranger(&url).await;
    operator.execute(sqlx::raw_sql("BEGIN IMMEDIATE")).await.unwrap();
    let commits = (0..20).map(|n| {
        let mut unit = UnitOfWork::new();
        last(&mut unit, "T1", &n.to_string(), "x");
        store.commit(unit)
    });
    let before = std::time::Instant::now();
    for outcome in futures_util::future::join_all(commits).await {
        assert_eq!(
            outcome.unwrap_err().to_string(),
            "the database is busy (it is locked by another program); trying again helps"
        );
    }
    // One wait for the first and one for the rest, not one for each of the twenty.
    assert!(before.elapsed().as_secs() < 15, "{:?}", before.elapsed());
    operator.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    store.commit(UnitOfWork::new()).await.unwrap();
}

#[tokio::test]
async fn a_read_only_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let url = sqlite_in(&folder);
    Store::migrate(&url).await.unwrap();
    assert_eq!(
        refusal(&format!("{url}?mode=ro"), Opening::ToRun).await,
        "the database cannot be written (attempt to write a readonly database): check the owner and the rights of \
         the file and of its folder"
    );
}

#[tokio::test]
async fn other_files_are_refused() {
    let folder = TempDir::new().unwrap();
    let url = sqlite_in(&folder);
    std::fs::write(folder.path().join("rondo.db"), "Dear diary, ".repeat(1_000)).unwrap();
    for opening in [Opening::ToRun, Opening::Beside] {
        assert_eq!(
            refusal(&url, opening).await,
            "the database cannot be opened (file is not a database): check DATABASE_URL, that the folder exists, and \
             who may use it"
        );
    }
}

#[tokio::test]
async fn a_missing_folder_is_refused() {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    for (inside, why) in
        [("missing", "No such file or directory (os error 2)"), ("file", "Not a directory (os error 20)")]
    {
        let path = folder.path().join(inside).join("rondo.db");
        assert_eq!(
            refusal(&format!("sqlite:{}", path.display()), Opening::ToRun).await,
            format!(
                "the database cannot be opened ({}.lock: {why}): check DATABASE_URL, that the folder exists, and who \
                 may use it",
                path.display()
            )
        );
    }
    let missing = folder.path().join("missing.db");
    assert_eq!(
        refusal(&format!("sqlite:{}", missing.display()), Opening::Beside).await,
        format!(
            "the database cannot be opened ({}: there is no such file): check DATABASE_URL, that the folder exists, and who \
             may use it",
            missing.display()
        )
    );
    assert!(!missing.exists(), "a command beside the bot makes no database");
    assert_eq!(
        refusal(&format!("sqlite:{}", folder.path().display()), Opening::Beside).await,
        "the database cannot be opened (unable to open database file): check DATABASE_URL, that the folder exists, \
         and who may use it"
    );
}

#[tokio::test]
async fn an_unreachable_server_is_refused() {
    let error = refusal("postgres://rondo@127.0.0.1:1/rondo", Opening::ToRun).await;
    assert!(error.starts_with("the database does not answer ("), "{error}");
    assert!(error.ends_with("): check that it runs and that DATABASE_URL names it"), "{error}");
    let Some(url) = crate::support::postgres::fresh_database().await else { return };
    let other = url.replacen("rondo_test_", "nobody_has_this_", 1);
    let error = refusal(&other, Opening::ToRun).await;
    assert!(error.starts_with("the database does not answer (database \"nobody_has_this_"), "{error}");
}

#[tokio::test]
async fn an_invalid_url_is_refused() {
    for url in ["mysql://root@localhost/rondo", "rondo.db", "", "sqlite::memory:"] {
        assert_eq!(
            refusal(url, Opening::ToRun).await,
            "DATABASE_URL is not an address of a database: write sqlite:PATH or postgres://USER@HOST/NAME",
            "{url}"
        );
    }
}

/// SQLite's own words for a full disk, from a database that may not grow.
#[tokio::test]
async fn a_full_disk_is_named() {
    let folder = TempDir::new().unwrap();
    let url = sqlite_in(&folder);
    Store::migrate(&url).await.unwrap();
    let mut connection = stranger(&url).await;
    connection.execute(sqlx::raw_sql("PRAGMA max_page_count = 1")).await.unwrap();
    let grow = "INSERT INTO processed_delivery VALUES ('T1', 'k', '', hex(zeroblob(100000)), 0)";
    let error = connection.execute(sqlx::raw_sql(grow)).await.unwrap_err();
    assert_eq!(
        StoreError::from(error).to_string(),
        "the disk that holds the database is full: make room; nothing that was acknowledged is lost"
    );
}
