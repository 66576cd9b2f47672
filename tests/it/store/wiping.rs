//! What is deleted is gone from a server's files once no transaction can read it any more, and not before the log says so.

use std::time::Duration;

use sqlx::{AnyConnection, Connection as _, Executor as _};

use super::*;
use crate::support::{lines::Lines, postgres, stranger};

const SIZE: &str = "SELECT pg_relation_size('gift_receiver')";
/// Longer than a server is waited for.
const AT_MOST: Duration = Duration::from_secs(30);

/// Fills a table, and deletes all that is in it.
async fn is_filled(store: &Store) {
    let mut unit = UnitOfWork::new();
    for n in 0..50 {
        once(&mut unit, "T1", &n.to_string());
    }
    assert!(is_committed(&store.commit(unit).await));
    assert!(number(store, SIZE).await > 0);
}

async fn is_emptied(store: &Store) {
    let mut unit = UnitOfWork::new();
    unit.run("DELETE FROM gift_receiver WHERE team_id = $1", values!["T1"]);
    unit.wipe("gift_receiver");
    assert!(is_committed(&store.commit(unit).await));
}

async fn is_empty_in_the_end(store: &Store) {
    let looking = async {
        while number(store, SIZE).await > 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(AT_MOST, looking).await.expect("the table is empty in the end");
}

/// Begins a transaction that has read, though not the table.
async fn snapshot(url: &str) -> AnyConnection {
    let mut reader = stranger(url).await;
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    reader.execute("SELECT COUNT(*) FROM kudos_day").await.unwrap();
    reader
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn older_snapshots_are_waited_for() {
    let (Some(url), Some(other)) = (postgres::fresh_database().await, postgres::fresh_database().await)
    else {
        return;
    };
    let store = open(&url).await;
    is_filled(&store).await;
    // It writes in another database of the server, and each snapshot counts it as under way.
    let mut writer = stranger(&other).await;
    writer.execute("BEGIN").await.unwrap();
    writer.execute("SELECT txid_current()").await.unwrap();
    is_emptied(&store).await;
    assert!(number(&store, SIZE).await > 0);
    let mut reader = snapshot(&url).await;
    writer.execute("COMMIT").await.unwrap();
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(number(&store, SIZE).await > 0, "a snapshot that began later holds it just as well");
    reader.execute("COMMIT").await.unwrap();
    is_empty_in_the_end(&store).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_on_the_table_is_waited_for() {
    let Some(url) = postgres::fresh_database().await else { return };
    let store = open(&url).await;
    is_filled(&store).await;
    let mut reader = stranger(&url).await;
    reader.execute("BEGIN").await.unwrap();
    reader.execute("LOCK TABLE gift_receiver IN ACCESS SHARE MODE").await.unwrap();
    is_emptied(&store).await;
    assert!(number(&store, SIZE).await > 0);
    reader.execute("COMMIT").await.unwrap();
    is_empty_in_the_end(&store).await;
}

// All tasks of this test run on its own thread, so that it alone hears its lines.
#[tokio::test]
async fn a_snapshot_that_stays_is_warned_of_and_tried_again_at_night() {
    let Some(url) = postgres::fresh_database().await else { return };
    let (lines, _hearing) = Lines::of_this_thread("warn");
    let store = open(&url).await;
    is_filled(&store).await;
    let reader = snapshot(&url).await;
    is_emptied(&store).await;
    assert_eq!(lines.take(), "", "the commit doesn't wait for it, and nothing is said before it is known");
    let mut said = String::new();
    let hearing = async {
        while said.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
            said = lines.take();
        }
    };
    tokio::time::timeout(AT_MOST, hearing).await.expect("a warning");
    assert!(said.contains("what was deleted is still in the tables' files"), "{said}");
    assert!(number(&store, SIZE).await > 0);
    reader.close().await.unwrap();
    assert!(store.sweep(&team(), now()).await.unwrap());
    is_empty_in_the_end(&store).await;
    assert_eq!(lines.take(), "");
}
