//! A server that stops, stops answering or is frozen.

use std::{
    process::Command,
    sync::atomic::Ordering,
    time::{Duration, Instant as Stopwatch},
};

use rondo::store::{Opening, Store};
use sqlx::Row as _;

use super::{
    database::{keys, recovers, trouble, write},
    wire::{IS_SILENT, LOSES_A_COMMIT, PASSES, wire_to},
};
use crate::support::{postgres::OwnServer, stranger};

/// Stopped processes. They continue on drop, so that a failing test leaves none behind.
struct Frozen(Vec<String>);

impl Frozen {
    /// Freezes all processes of a database's server but the asking one.
    async fn backends(url: &str) -> Frozen {
        let mine = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() \
                    AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
        let mut connection = stranger(url).await;
        let pids = sqlx::query(mine).fetch_all(&mut connection).await.unwrap();
        let frozen = Frozen(pids.iter().map(|row| row.get::<i32, _>(0).to_string()).collect());
        assert!(!frozen.0.is_empty(), "there are processes to freeze");
        frozen.signal("-STOP");
        frozen
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").arg(signal).args(&self.0).status().unwrap();
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        self.signal("-CONT");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_backend_blocks_for_limited_time() {
    let Some(server) = OwnServer::started() else { return };
    let store = Store::open(&server.url(), Opening::ToRun).await.unwrap();
    write(&store, "before").await.unwrap();
    let frozen = Frozen::backends(&server.url()).await;
    // The first caller meets the frozen connection and gets an error; the next one does not.
    assert_eq!(trouble(write(&store, "refused")).await, "busy");
    write(&store, "after").await.unwrap();
    let reads = futures_util::future::join_all((0..8).map(|_| trouble(keys(&store)))).await;
    assert!(reads.iter().filter(|kind| **kind == "busy").count() <= 4, "{reads:?}");
    assert!(reads.contains(&"none"), "{reads:?}");
    recovers(&store).await;
    drop(frozen);
    assert_eq!(keys(&store).await.unwrap(), ["after", "before"], "what was refused is not written later");
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_does_not_block_closing() {
    let Some(server) = OwnServer::started() else { return };
    let store = Store::open(&server.url(), Opening::ToRun).await.unwrap();
    let _frozen = Frozen::backends(&server.url()).await;
    let working = [store.clone(), store.clone()].map(|store| {
        tokio::spawn(async move { (trouble(write(&store, "refused")).await, trouble(keys(&store)).await) })
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let began = Stopwatch::now();
    store.close().await;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    for work in working {
        let (written, read) = work.await.unwrap();
        assert_ne!((written, read), ("none", "none"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_probe_follows_the_server() {
    let Some(server) = OwnServer::started() else { return };
    let store = Store::open(&server.url(), Opening::ToRun).await.unwrap();
    store.probe().await.unwrap();
    let frozen = Frozen::backends(&server.url()).await;
    let began = Stopwatch::now();
    assert_eq!(trouble(store.probe()).await, "busy");
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    recovers(&store).await;
    drop(frozen);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restarted_server_is_found() {
    let Some(server) = OwnServer::started() else { return };
    let store = Store::open(&server.url(), Opening::ToRun).await.unwrap();
    for n in 0..2 {
        write(&store, &format!("before {n}")).await.unwrap();
        keys(&store).await.unwrap();
        server.stops();
        assert_eq!(trouble(write(&store, "refused")).await, "unreached");
        assert_eq!(trouble(keys(&store)).await, "unreached");
        assert_eq!(trouble(store.people(&"T1".into(), &["U1".into()])).await, "unreached");
        assert_eq!(trouble(store.probe()).await, "unreached");
        server.starts();
        recovers(&store).await;
        server.stops();
        server.starts();
        // No caller needed it while it was away.
        write(&store, &format!("after {n}")).await.unwrap();
        assert_eq!(keys(&store).await.unwrap().len(), 2 * (n + 1));
        store.people(&"T1".into(), &["U1".into()]).await.unwrap();
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_silent_network_blocks_for_limited_time() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    write(&store, "before").await.unwrap();
    wire.store(IS_SILENT, Ordering::Relaxed);
    // First the present connection stops answering, then new ones do.
    for n in 0..2 {
        let (key, team, ids) = (format!("refused {n}"), "T1".into(), ["U1".into()]);
        let kinds = tokio::join!(
            trouble(write(&store, &key)),
            trouble(keys(&store)),
            trouble(store.probe()),
            trouble(store.people(&team, &ids)),
        );
        for kind in [kinds.0, kinds.1, kinds.2, kinds.3] {
            assert!(["busy", "unreached"].contains(&kind), "{kinds:?}");
        }
    }
    wire.store(PASSES, Ordering::Relaxed);
    recovers(&store).await;
    write(&store, "after").await.unwrap();
    assert_eq!(keys(&store).await.unwrap(), ["after", "before"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_commit_answer_is_unknown() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    wire.store(LOSES_A_COMMIT, Ordering::Relaxed);
    assert_eq!(trouble(write(&store, "stored")).await, "outcome_unknown");
    wire.store(PASSES, Ordering::Relaxed);
    recovers(&store).await;
    assert_eq!(
        keys(&store).await.unwrap(),
        ["stored"],
        "here it was; to say that nothing was done would be wrong"
    );
    store.close().await;
}
