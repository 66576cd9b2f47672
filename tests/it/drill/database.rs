//! The database fails under a running bot: people get the true error within a limit, the probe falls, a refused write
//! never happens later, and all recovers by itself once the fault is over.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant as Stopwatch},
};

use rondo::{
    model::{failure::Failure, people::TeamId},
    store::{
        Opening, Store, StoreError,
        unit::{Insert, Outcome, UnitOfWork},
    },
    values,
};
use sqlx::Executor as _;
use tempfile::TempDir;

use crate::support::{Program, left_out, postgres, sqlite_in, stranger};

/// Limit for what a person waits for during any fault; generous, since the test machine may be busy.
const SOON: Duration = Duration::from_secs(8);

static ROW: Insert = Insert {
    table: "channel",
    columns: &["team_id", "channel_id", "name", "refreshed_at"],
    identity: 2,
    on_conflict: "",
};

/// Writes a row under an unused key.
pub(super) async fn write(store: &Store, key: &str) -> Result<(), StoreError> {
    let mut unit = UnitOfWork::new();
    unit.row(&ROW, values!["T1", key, "name", 0]);
    store.commit(unit).await.map(|outcome| assert!(matches!(outcome, Outcome::Committed(_))))
}

/// Returns the stored keys.
pub(super) async fn keys(store: &Store) -> Result<Vec<String>, StoreError> {
    let rows = store.ask("SELECT channel_id FROM channel ORDER BY channel_id", Vec::new()).await?;
    Ok(rows.into_iter().flatten().filter_map(rondo::store::unit::Value::text).collect())
}

/// Returns the kind of an error that must come soon and be retryable.
pub(super) async fn trouble<T>(does: impl Future<Output = Result<T, StoreError>>) -> &'static str {
    let began = Stopwatch::now();
    let Err(error) = does.await else { return "none" };
    assert!(began.elapsed() < SOON, "{error} after {:?}", began.elapsed());
    let kind = error.kind();
    assert!(matches!(Failure::from(error), Failure::Retry(_)), "{kind} may pass, so it is tried again");
    kind
}

/// Waits until the probe passes.
pub(super) async fn recovers(store: &Store) {
    let began = Stopwatch::now();
    while let Err(error) = store.probe().await {
        assert!(began.elapsed() < Duration::from_mins(1), "it never recovers: {error}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Runs a system command. Returns whether it succeeded.
fn runs(command: &str, arguments: &[&str]) -> bool {
    Command::new(command).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// A small disk for this test, removed at the end.
struct Disk(TempDir);

impl Disk {
    fn of(size: &str) -> Option<Disk> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        if !runs("mount", &["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs", path]) {
            left_out("a full disk", "run the tests as a user who may mount");
            return None;
        }
        Some(Disk(folder))
    }

    /// Fills the remaining space.
    fn fill(&self) {
        let filler = self.0.path().join("filler");
        let full = fs::write(&filler, vec![0; 64 << 20]).unwrap_err();
        assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    }

    fn make_room(&self) {
        fs::remove_file(self.0.path().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        runs("umount", &["-l", self.0.path().to_str().unwrap()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_foreign_lock_leaves_no_trace() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_in(&folder);
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    store.probe().await.unwrap();
    let mut other = stranger(&url).await;
    other.execute(sqlx::raw_sql("BEGIN IMMEDIATE")).await.unwrap();
    assert_eq!(trouble(write(&store, "refused")).await, "busy");
    let began = Stopwatch::now();
    assert_eq!(trouble(store.probe()).await, "busy");
    assert!(began.elapsed() < Duration::from_secs(4), "the probe has a limit of its own");
    assert_eq!(trouble(keys(&store)).await, "none", "who reads is not in the way of a lock");
    other.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    recovers(&store).await;
    write(&store, "taken").await.unwrap();
    assert_eq!(keys(&store).await.unwrap(), ["taken"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn busy_units_are_never_written() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_in(&folder);
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    let mut other = stranger(&url).await;
    other.execute(sqlx::raw_sql("BEGIN IMMEDIATE")).await.unwrap();
    let names: Vec<String> = (0..400).map(|n| n.to_string()).collect();
    let writes = names.iter().map(|name| trouble(write(&store, name)));
    let troubles = futures_util::future::join_all(writes).await;
    assert!(troubles.iter().all(|kind| *kind == "busy"), "{troubles:?}");
    other.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    write(&store, "after").await.unwrap();
    assert_eq!(keys(&store).await.unwrap(), ["after"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_recovers() {
    let Some(disk) = Disk::of("4m") else { return };
    let store = Store::open(&sqlite_in(&disk.0), Opening::ToRun).await.unwrap();
    write(&store, "before").await.unwrap();
    disk.fill();
    assert_eq!(trouble(write(&store, "refused")).await, "full");
    assert_eq!(trouble(store.probe()).await, "full");
    assert_eq!(trouble(keys(&store)).await, "none");
    disk.make_room();
    recovers(&store).await;
    write(&store, "after").await.unwrap();
    assert_eq!(keys(&store).await.unwrap(), ["after", "before"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_file_recovers() {
    let folder = tempfile::Builder::new().tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let files = ["rondo.db", "rondo.db-wal"].map(|name| folder.path().join(name).display().to_string());
    let store = Store::open(&sqlite_in(&folder), Opening::ToRun).await.unwrap();
    write(&store, "before").await.unwrap();
    if !runs("chattr", &["+i", &files[0], &files[1]]) {
        left_out(
            "a file that may not be written",
            "run the tests as root on a file system that knows `chattr +i`",
        );
        return;
    }
    let troubles = [trouble(write(&store, "refused")).await, trouble(store.probe()).await];
    let reading = trouble(keys(&store)).await;
    // Before any assertion, since an immutable file cannot be removed.
    assert!(runs("chattr", &["-i", &files[0], &files[1]]));
    // SQLite tells a write that the system refuses from a read-only file.
    assert!(troubles.iter().all(|kind| ["disk", "read_only", "unopened"].contains(kind)), "{troubles:?}");
    assert_eq!(reading, "none");
    recovers(&store).await;
    write(&store, "after").await.unwrap();
    assert_eq!(keys(&store).await.unwrap(), ["after", "before"]);
    store.close().await;
}

/// Returns the lines of a log that contain these words.
fn lines(log: &str, words: &str) -> usize {
    log.lines().filter(|line| line.contains(words)).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_outage_is_logged_once() {
    let Some(disk) = Disk::of("4m") else { return };
    let mut program = Program::new().await;
    let url = sqlite_in(&disk.0);
    program.set("DATABASE_URL", &url);
    let bot = program.is_up().await;
    // What it reads of the workspace at the start is stored before the disk is full.
    let mut calls = 0;
    while std::mem::replace(&mut calls, program.sandbox.calls().len()) != program.sandbox.calls().len() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    disk.fill();
    for _ in 0..20 {
        program.sandbox.person("ana").says("general", "/kudos @ben for patience with a full disk").await;
    }
    assert_eq!(lines(&bot.said(), "nothing is stored"), 1, "{}", bot.said());
    disk.make_room();
    let mut rounds = 0..100;
    while !bot.said().contains("nothing is stored: over") && rounds.next().is_some() {
        program.sandbox.person("ana").says("general", "/kudos @ben for making room").await;
    }
    assert_eq!(lines(&bot.said(), "nothing is stored"), 2, "{}", bot.said());
}

/// Damage to the files of a running bot.
type Fault = fn(&Path);

const FAULTS: [(&str, Fault); 6] = [
    ("moved away", |folder| fs::rename(folder.join("rondo.db"), folder.join("aside")).unwrap()),
    ("removed", |folder| fs::remove_file(folder.join("rondo.db")).unwrap()),
    ("another one in its place", |folder| {
        fs::rename(folder.join("backup"), folder.join("rondo.db")).unwrap();
    }),
    ("copied over", |folder| {
        fs::copy(folder.join("backup"), folder.join("rondo.db")).unwrap();
    }),
    ("its log removed", |folder| {
        fs::remove_file(folder.join("rondo.db-wal")).unwrap();
        fs::remove_file(folder.join("rondo.db-shm")).unwrap();
    }),
    ("its folder removed", |folder| fs::remove_dir_all(folder).unwrap()),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replaced_file_is_refused() {
    for (name, fault) in FAULTS {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_in(&folder);
        Store::migrate(&url).await.unwrap();
        Store::copy(&url, folder.path().join("backup").to_str().unwrap()).await.unwrap();
        let store = Store::open(&url, Opening::ToRun).await.unwrap();
        grow(&url, &store).await;
        store.probe().await.unwrap();
        fault(folder.path());
        let before = Stopwatch::now();
        for n in 0..3 {
            assert_eq!(trouble(write(&store, &format!("refused {n}"))).await, "replaced", "{name}");
            assert_eq!(trouble(keys(&store)).await, "replaced", "{name}");
            assert_eq!(
                trouble(store.people(&TeamId::from("T1"), &["U1".into()])).await,
                "replaced",
                "{name}"
            );
            let error = store.probe().await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "the database file was replaced while Rondo ran: restart it",
                "{name}"
            );
        }
        assert!(before.elapsed() < SOON, "{name}");
        store.close().await;
    }
}

/// Makes the file larger than an earlier backup, with all of it in the main file.
async fn grow(url: &str, store: &Store) {
    for n in 0..40 {
        let mut unit = UnitOfWork::new();
        unit.row(&ROW, values!["T1", format!("large {n:02}"), "x".repeat(10_000), 0]);
        store.commit(unit).await.unwrap();
    }
    let mut other = stranger(url).await;
    other.execute(sqlx::raw_sql("PRAGMA wal_checkpoint(PASSIVE)")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_do_not_block_the_bot() {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_in(&folder);
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    for n in 0..5 {
        write(&store, &n.to_string()).await.unwrap();
        let beside = Store::open(&url, Opening::Beside).await.unwrap();
        assert_eq!(keys(&beside).await.unwrap().len(), n + 1);
        beside.close().await;
        Store::copy(&url, folder.path().join(format!("backup {n}")).to_str().unwrap()).await.unwrap();
        let mut other = stranger(&url).await;
        other.execute(sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)")).await.unwrap();
        store.probe().await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_only_server_recovers() {
    let Some(url) = postgres::fresh_database().await else { return };
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    let name = url.split(['/', '?']).find(|part| part.starts_with("rondo_test_")).unwrap().to_owned();
    let turn = async |setting: &str| {
        // Open connections keep their initial setting, as after a failover.
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let mut operator = stranger(&url).await;
        let alter = format!("ALTER DATABASE {name} {setting}");
        for statement in ["SET default_transaction_read_only = off", &alter, cut] {
            operator.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned()))).await.unwrap();
        }
    };
    write(&store, "before").await.unwrap();
    turn("SET default_transaction_read_only = on").await;
    assert_eq!(trouble(write(&store, "refused")).await, "read_only");
    assert_eq!(trouble(store.probe()).await, "read_only");
    assert_eq!(trouble(keys(&store)).await, "none");
    turn("RESET default_transaction_read_only").await;
    recovers(&store).await;
    write(&store, "after").await.unwrap();
    assert_eq!(keys(&store).await.unwrap(), ["after", "before"]);
    store.close().await;
}

/// Returns how many units the store has committed.
async fn commits(program: &Program) -> u64 {
    let (_, page) = program.asks("/metrics").await.unwrap();
    let line = page.lines().find_map(|line| line.strip_prefix("rondo_store_batch_units_count "));
    line.map_or(0, |count| count.parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_overwritten_file_stops_the_bot() {
    let program = Program::new().await;
    let mut bot = program.is_up().await;
    let file = program.url().strip_prefix("sqlite:").unwrap().to_owned();
    let copy = format!("{file}.copy");
    fs::copy(&file, &copy).unwrap();
    fs::rename(&copy, &file).unwrap();
    assert_eq!(bot.ends().await, Some(1), "{}", bot.said());
    let said = bot.said();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("rondo: ")).collect();
    assert!(lines.len() == 1 && lines[0].contains("was replaced while Rondo ran"), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unwritable_effects_do_not_spin() {
    let program = Program::new().await;
    let bot = program.is_up().await;
    let mut other = stranger(program.url()).await;
    let deaf = "CREATE TRIGGER deaf BEFORE UPDATE ON outbox BEGIN SELECT RAISE(IGNORE); END";
    other.execute(sqlx::raw_sql(deaf)).await.unwrap();
    program.sandbox.person("ana").says("#general", "/kudos @ben for lunch").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = commits(&program).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let made = commits(&program).await - before;
    assert!(made < 100, "{made} commits in three seconds");
    let (_, page) = program.asks("/metrics").await.unwrap();
    assert!(page.contains(r#"rondo_loop_refusals_total{loop="outbox"}"#), "{page}");
    other.execute(sqlx::raw_sql("DROP TRIGGER deaf")).await.unwrap();
    // Each failed attempt has used a slot of the channel's rate of one post a second.
    for _ in 0..10 {
        if program.sandbox.person("ben").sees("#general", "lunch").await.is_some() {
            return;
        }
    }
    panic!("it does not go on by itself:\n{}", bot.said());
}
