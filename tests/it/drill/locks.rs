//! Rows that another program has locked: only what needs them waits, for a limited time.

use std::time::{Duration, Instant as Stopwatch};

use futures_util::future::join_all;
use rondo::{
    store::{
        Opening, Store,
        unit::{Outcome, UnitOfWork, Write},
    },
    values,
};
use sqlx::{AnyConnection, Executor as _};

use super::{
    database::{trouble, write},
    wire::{STOPS_BEFORE_A_COMMIT, wire_to},
};
use crate::support::{
    postgres::{self, OwnServer},
    stranger,
};

/// Well under a second, even if eight tests share a core.
const AT_ONCE: Duration = Duration::from_millis(800);

/// Renames a channel, if it exists.
async fn rename(store: &Store, key: &str, name: &str) -> Result<Outcome, rondo::store::StoreError> {
    let rename = Write::Run(
        "UPDATE channel SET name = $3 WHERE team_id = $1 AND channel_id = $2 RETURNING name",
        values!["T1", key, name],
    );
    store.commit(UnitOfWork::guarded("rename", rename)).await
}

/// Opens another program's transaction that locks one row.
async fn holds(url: &str, key: &str) -> AnyConnection {
    let mut operator = stranger(url).await;
    let lock = format!("BEGIN; SELECT name FROM channel WHERE channel_id = '{key}' FOR UPDATE");
    operator.execute(sqlx::raw_sql(sqlx::AssertSqlSafe(lock))).await.unwrap();
    operator
}

async fn store_with_rows(url: &str) -> Store {
    let store = Store::open(url, Opening::ToRun).await.unwrap();
    for key in ["locked", "locked too", "free"] {
        write(&store, key).await.unwrap();
    }
    store
}

async fn quickly<T>(what: &str, does: impl Future<Output = T>) -> T {
    let began = Stopwatch::now();
    let done = does.await;
    assert!(began.elapsed() < AT_ONCE, "{what} took {:?}", began.elapsed());
    done
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_row_blocks_only_itself() {
    let Some(url) = postgres::fresh_database().await else { return };
    let store = store_with_rows(&url).await;
    let mut operator = holds(&url, "locked").await;
    // In the same batch, after it, and while it waits.
    let blocked = ["once", "twice", "three times"].map(|name| {
        let store = store.clone();
        tokio::spawn(async move { trouble(rename(&store, "locked", name)).await })
    });
    for n in 0..5 {
        let free = join_all((0..20).map(|m| {
            let (store, key) = (store.clone(), format!("new {n} {m}"));
            async move { write(&store, &key).await }
        }));
        for outcome in quickly("what needs other rows", free).await {
            outcome.unwrap();
        }
        let renamed = quickly("another row", rename(&store, "free", "renamed")).await.unwrap();
        assert!(matches!(renamed, Outcome::Committed(_)));
    }
    for blocked in blocked {
        assert_eq!(blocked.await.unwrap(), "busy");
    }
    operator.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    assert!(matches!(rename(&store, "locked", "at last").await.unwrap(), Outcome::Committed(_)));
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_freed_lock_stores_the_unit() {
    let Some(url) = postgres::fresh_database().await else { return };
    let store = store_with_rows(&url).await;
    let mut operator = holds(&url, "locked").await;
    let mut other = holds(&url, "locked too").await;
    let waits = ["locked", "locked too"].map(|key| {
        let store = store.clone();
        tokio::spawn(async move { rename(&store, key, "renamed").await })
    });
    // Long enough that both would block others, if they did.
    tokio::time::sleep(Duration::from_millis(600)).await;
    quickly("another row", rename(&store, "free", "renamed")).await.unwrap();
    operator.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
    other
        .execute(sqlx::raw_sql("DELETE FROM channel WHERE channel_id = 'locked too'; COMMIT"))
        .await
        .unwrap();
    let [locked, too] = waits;
    assert!(matches!(locked.await.unwrap().unwrap(), Outcome::Committed(_)));
    assert_eq!(too.await.unwrap().unwrap(), Outcome::Refused("rename"), "it sees what the lock was for");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_replica_is_cut_off() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let other = store_with_rows(&server.url()).await;
    let frozen = Store::open(&url, Opening::ToRun).await.unwrap();
    wire.store(STOPS_BEFORE_A_COMMIT, std::sync::atomic::Ordering::Relaxed);
    let began = Stopwatch::now();
    assert_ne!(trouble(rename(&frozen, "locked", "frozen")).await, "none");
    while trouble(rename(&other, "locked", "renamed")).await != "none" {
        assert!(began.elapsed() < Duration::from_secs(15), "its lock is never freed");
    }
    assert!(began.elapsed() < Duration::from_secs(12), "{:?}", began.elapsed());
    other.close().await;
}
