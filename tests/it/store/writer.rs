//! The one writer: units are atomic, in order, share commits, and are answered once they are on disk.

use std::sync::OnceLock;

use futures_util::future::join_all;
use proptest::prelude::*;
use rondo::store::processed;
use sqlx::Executor as _;
use tempfile::TempDir;

use super::*;
use crate::{
    each_database,
    support::{postgres, sqlite_in, stranger},
};

each_database! {
    async fn refused_units_leave_no_trace(url: &str) {
        let store = open(url).await;
        let unit = |key: &str, n| {
            let mut unit = UnitOfWork::new();
            mark(&mut unit, "T1", key);
            count(&mut unit, "T1", "ana", 1, n);
            once(&mut unit, "T1", key);
            unit
        };
        assert!(is_committed(&store.commit(unit("a", 1)).await));
        assert_eq!(store.commit(unit("a", 2)).await.unwrap(), Outcome::Refused("mark"), "by its first guard");
        assert_eq!(store.commit(unit("b", 3)).await.unwrap(), Outcome::Refused("count"), "by its second guard");
        assert_eq!(number(&store, "SELECT COUNT(*) FROM processed_delivery").await, 1);
        assert_eq!(number(&store, "SELECT people FROM kudos_day").await, 1);
        assert_eq!(number(&store, "SELECT COUNT(*) FROM gift_receiver").await, 1);
    }

    async fn refused_units_share_a_batch(url: &str) {
        let store = open(url).await;
        let units = (0..60).map(|n| {
            let mut unit = UnitOfWork::new();
            // Every two have the same mark, and every third may not count at all.
            mark(&mut unit, "T1", &format!("mark {}", n / 2));
            count(&mut unit, "T1", &format!("person {n}"), i64::from(n % 3 != 0), 1);
            count(&mut unit, "T1", &format!("person {n}"), 2 * i64::from(n % 3 != 0), 2);
            once(&mut unit, "T1", &format!("gift {n}"));
            store.commit(unit)
        });
        let outcomes = join_all(units).await;
        for (n, outcome) in outcomes.iter().enumerate() {
            let first_of_two = n % 2 == 0 || (n - 1) % 3 == 0;
            match outcome.as_ref().unwrap() {
                // A first insert does not check the limit, so the second count refuses.
                Outcome::Refused("count") => assert_eq!(n % 3, 0, "{n}"),
                Outcome::Refused("mark") => assert!(!first_of_two, "{n}"),
                Outcome::Committed(_) => assert!(n % 3 != 0 && first_of_two, "{n}"),
                other @ Outcome::Refused(_) => panic!("{n}: {other:?}"),
            }
        }
        let committed = outcomes.iter().filter(|outcome| is_committed(outcome)).count();
        assert_eq!(number(&store, "SELECT COUNT(*) FROM gift_receiver").await, i64::try_from(committed).unwrap());
    }

    async fn units_of_one_row_keep_order(url: &str) {
        let store = open(url).await;
        let outcomes = join_all((1..=100).map(|n| {
            let mut unit = UnitOfWork::new();
            count(&mut unit, "T1", "ana", 1_000, n);
            last(&mut unit, "T1", "C1", &n.to_string());
            store.commit(unit)
        }))
        .await;
        // The guard takes only a higher number than the one before.
        let refused: Vec<_> = outcomes.iter().enumerate().filter(|(_, outcome)| !is_committed(outcome)).collect();
        assert!(refused.is_empty(), "{refused:?}");
        let name = texts(store.ask("SELECT name FROM channel", Vec::new()).await.unwrap());
        assert_eq!(name, ["100"]);
    }

    async fn a_bad_unit_affects_only_itself(url: &str) {
        let store = open(url).await;
        let outcomes = join_all((0..40).map(|n| {
            let mut unit = UnitOfWork::new();
            count(&mut unit, "T1", &format!("person {n}"), 1, 1);
            // Every tenth writes what exists already.
            once(&mut unit, "T1", &if n % 10 == 1 { "gift 0".to_owned() } else { format!("gift {n}") });
            store.commit(unit)
        }))
        .await;
        for (n, outcome) in outcomes.iter().enumerate() {
            assert_eq!(is_committed(outcome), n % 10 != 1, "{n}: {outcome:?}");
        }
        assert_eq!(number(&store, "SELECT COUNT(*) FROM kudos_day").await, 36, "not even its guard stays");
    }

    async fn concurrent_units_never_overdraw(url: &str) {
        let one = open(url).await;
        // A server is shared by replicas; a file has one writer.
        let other = if url.starts_with("sqlite") { one.clone() } else { open(url).await };
        let outcomes = join_all((0..200).map(|n| {
            let store = if n % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move {
                let mut unit = UnitOfWork::new();
                mark(&mut unit, "T1", &n.to_string());
                // All have one number here, so that order does not matter.
                unit.guard("count", Write::Row(&FREE, values!["T1", "ana", "2026-01-05", 1, 50, "", 0]));
                once(&mut unit, "T1", &n.to_string());
                store.commit(unit).await
            })
        }))
        .await;
        let outcomes: Vec<_> = outcomes.into_iter().map(|joined| joined.unwrap().unwrap()).collect();
        let given = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Committed(_))).count();
        assert_eq!(given, 50);
        assert_eq!(number(&one, "SELECT people FROM kudos_day").await, 50);
        assert_eq!(number(&one, "SELECT COUNT(*) FROM gift_receiver").await, 50);
    }

    async fn opposite_lock_orders_succeed(url: &str) {
        let one = open(url).await;
        let other = if url.starts_with("sqlite") { one.clone() } else { open(url).await };
        let mut unit = UnitOfWork::new();
        (0..8).for_each(|n| last(&mut unit, "T1", &n.to_string(), ""));
        one.commit(unit).await.unwrap();
        let renamed = |n: usize| {
            let mut unit = UnitOfWork::new();
            for place in 0..8_usize {
                let row = if n.is_multiple_of(2) { place } else { 7 - place };
                let name = "UPDATE channel SET name = $3 WHERE team_id = $1 AND channel_id = $2";
                unit.run(name, values!["T1", row.to_string(), n.to_string()]);
            }
            unit
        };
        let committed = join_all((0..120).map(|n: usize| {
            let store = if n.is_multiple_of(2) { one.clone() } else { other.clone() };
            tokio::spawn(async move {
                // A unit whose turn does not come in time is not written, and comes again as Slack would send it again.
                loop {
                    match store.commit(renamed(n)).await {
                        Err(StoreError::Busy(_)) => {}
                        outcome => return outcome,
                    }
                }
            })
        }));
        let outcomes = tokio::time::timeout(std::time::Duration::from_mins(3), committed).await;
        for outcome in outcomes.expect("units block each other for ever") {
            assert!(is_committed(&outcome.unwrap()));
        }
    }

    async fn answered_units_survive_a_restart(url: &str) {
        let store = open(url).await;
        let mut unit = UnitOfWork::new();
        last(&mut unit, "T1", "C1", "kept");
        store.commit(unit).await.unwrap();
        // The process ends here without closing anything; only the lock on the file has to be released.
        drop(store);
        let store = reopened(url).await;
        assert_eq!(texts(store.ask("SELECT name FROM channel", Vec::new()).await.unwrap()), ["kept"]);
    }

    async fn expired_units_are_busy(url: &str) {
        let store = open(url).await;
        let mut operator = stranger(url).await;
        let hold = if url.starts_with("sqlite") { "BEGIN IMMEDIATE" } else { "BEGIN; LOCK TABLE channel" };
        operator.execute(sqlx::raw_sql(hold)).await.unwrap();
        // More than fit into the queue.
        let commits = (0..2_300).map(|n| {
            let mut unit = UnitOfWork::new();
            last(&mut unit, "T1", &n.to_string(), "x");
            store.commit(unit)
        });
        let before = std::time::Instant::now();
        for outcome in join_all(commits).await {
            assert!(matches!(outcome, Err(StoreError::Busy(_))), "{outcome:?}");
        }
        assert!(before.elapsed().as_secs() < 8, "{:?}", before.elapsed());
        operator.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
        let mut unit = UnitOfWork::new();
        last(&mut unit, "T1", "after", "x");
        assert!(is_committed(&store.commit(unit).await));
        assert_eq!(number(&store, "SELECT COUNT(*) FROM channel").await, 1);
    }

    async fn a_redelivery_finds_its_reply(url: &str) {
        use rondo::model::{event::Reply, message::Message};
        let store = open(url).await;
        let reply = Reply::Ephemeral(Message::new("Kudos to @ben"));
        let unit = |reply: &Reply| {
            let mut unit = UnitOfWork::new();
            processed::guard(&mut unit, &team(), ("Ev1", None), reply, now()).unwrap();
            unit
        };
        assert!(is_committed(&store.commit(unit(&reply)).await));
        let again = store.commit(unit(&Reply::Nothing)).await.unwrap();
        assert_eq!(again, Outcome::Refused(processed::ALREADY_PROCESSED));
        assert_eq!(store.processed_reply(&team(), "Ev1").await.unwrap(), Some(reply));
        assert_eq!(store.processed_reply(&team(), "Ev2").await.unwrap(), None);
    }
}

/// The counter without an order.
static FREE: Insert = Insert {
    table: "kudos_day",
    columns: &["team_id", "giver", "local_date", "people", "allowance", "last_fingerprint", "last_at"],
    identity: 3,
    on_conflict: "ON CONFLICT (team_id, giver, local_date) DO UPDATE SET \
         people = kudos_day.people + excluded.people WHERE kudos_day.people + excluded.people <= excluded.allowance",
};

/// Reopens the file. The writer releases it when its task notices that no handle is left.
async fn reopened(url: &str) -> Store {
    for _ in 0..500 {
        match Store::open(url, Opening::ToRun).await {
            Err(StoreError::InUse(_)) => tokio::time::sleep(std::time::Duration::from_millis(5)).await,
            opened => return opened.unwrap(),
        }
    }
    panic!("the file is never given back");
}

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let Some(url) = postgres::fresh_database().await else { return };
    let store = open(&url).await;
    for n in 0..3 {
        store.probe().await.unwrap();
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        stranger(&url).await.execute(sqlx::raw_sql(cut)).await.unwrap();
        let mut unit = UnitOfWork::new();
        count(&mut unit, "T1", "ana", 10, n);
        once(&mut unit, "T1", &n.to_string());
        store.commit(unit).await.unwrap();
        assert_eq!(number(&store, "SELECT people FROM kudos_day").await, n + 1);
    }
}

/// An operation of a random unit, on few rows, so that units conflict.
#[derive(Clone, Debug)]
enum Act {
    Last(u8, u8),
    LastTwice(u8),
    Rename(u8, u8),
    Delete(u8),
    Once(u8),
}

/// A random unit: one that only writes, as an event does, or one that checks first, as a gift does.
#[derive(Clone, Debug)]
enum Random {
    News(Vec<Act>),
    Gift { marks: Vec<u8>, counts: Vec<u8> },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0..3_u8, 0..9_u8).prop_map(|(key, word)| Act::Last(key, word)),
        (0..3_u8).prop_map(Act::LastTwice),
        (0..3_u8, 0..9_u8).prop_map(|(key, word)| Act::Rename(key, word)),
        (0..3_u8).prop_map(Act::Delete),
        (0..99_u8).prop_map(Act::Once),
    ]
}

fn random() -> impl Strategy<Value = Random> {
    let gift = (prop::collection::vec(0..9_u8, 0..3), prop::collection::vec(0..3_u8, 0..3));
    prop_oneof![
        prop::collection::vec(act(), 0..5).prop_map(Random::News),
        gift.prop_map(|(marks, counts)| Random::Gift { marks, counts }),
    ]
}

fn unit_of(n: usize, random: &Random, team: &str) -> UnitOfWork {
    let mut unit = UnitOfWork::new();
    match random {
        Random::News(acts) => {
            mark(&mut unit, team, &format!("event {}", 1_000 - n));
            for act in acts {
                do_act(&mut unit, act, team);
            }
        }
        Random::Gift { marks, counts } => {
            for key in marks {
                mark(&mut unit, team, &key.to_string());
            }
            for key in counts {
                let day = values![team, key.to_string(), "2026-01-05", 1, 4, "", 0];
                unit.guard("count", Write::Row(&FREE, day));
            }
            once(&mut unit, team, &format!("gift {n}"));
        }
    }
    unit
}

fn do_act(unit: &mut UnitOfWork, act: &Act, team: &str) {
    match act {
        Act::Last(key, word) => last(unit, team, &key.to_string(), &word.to_string()),
        Act::LastTwice(key) => {
            last(unit, team, &key.to_string(), "once");
            last(unit, team, &key.to_string(), "twice");
        }
        Act::Rename(key, word) => unit.run(
            "UPDATE channel SET name = $3 WHERE team_id = $1 AND channel_id = $2",
            values![team, key.to_string(), format!("renamed {word}")],
        ),
        Act::Delete(key) => unit.run(
            "DELETE FROM channel WHERE team_id = $1 AND channel_id = $2",
            values![team, key.to_string()],
        ),
        Act::Once(key) => once(unit, team, &key.to_string()),
    }
}

/// Returns all rows that a team's units left.
async fn left_behind(store: &Store, team: &str) -> Vec<Vec<Value>> {
    let mut rows = Vec::new();
    for question in [
        "SELECT channel_id, name FROM channel WHERE team_id = $1 ORDER BY channel_id",
        "SELECT gift_id, receiver FROM gift_receiver WHERE team_id = $1 ORDER BY gift_id",
        "SELECT key FROM processed_delivery WHERE team_id = $1 ORDER BY key",
        "SELECT giver, people FROM kudos_day WHERE team_id = $1 ORDER BY giver",
    ] {
        rows.extend(store.ask(question, values![team]).await.unwrap());
    }
    rows
}

/// Returns how a unit ended, without the error's text and without the workspace in a guard's value.
fn told(outcome: &Result<Outcome, StoreError>) -> Result<&'static str, ()> {
    match outcome {
        Ok(Outcome::Committed(_)) => Ok("committed"),
        Ok(Outcome::Refused(guard)) => Ok(guard),
        Err(_) => Err(()),
    }
}

/// Runs units all at once and one by one, and compares.
async fn together_is_like_one_by_one(
    store: &Store,
    case: u32,
    units: &[Random],
) -> Result<(), TestCaseError> {
    let (together, alone) = (format!("together {case}"), format!("alone {case}"));
    let at_once =
        join_all(units.iter().enumerate().map(|(n, random)| store.commit(unit_of(n, random, &together))))
            .await;
    let mut one_by_one = Vec::new();
    for (n, random) in units.iter().enumerate() {
        one_by_one.push(store.commit(unit_of(n, random, &alone)).await);
    }
    if at_once.iter().chain(&one_by_one).any(|outcome| matches!(outcome, Err(StoreError::Busy(_)))) {
        return Err(TestCaseError::reject("the machine was too slow, and a unit's turn did not come"));
    }
    let [at_once, one_by_one]: [Vec<_>; 2] = [at_once, one_by_one].map(|all| all.iter().map(told).collect());
    prop_assert_eq!(at_once, one_by_one);
    prop_assert_eq!(left_behind(store, &together).await, left_behind(store, &alone).await);
    Ok(())
}

fn any_sequence(store: &Store, runtime: &tokio::runtime::Runtime, cases: u32) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        max_shrink_iters: 60,
        max_global_rejects: 20,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let units = prop::collection::vec(random(), 2..30);
    let count = std::cell::Cell::new(0);
    let tried = runner.run(&units, |units| {
        count.set(count.get() + 1);
        runtime.block_on(together_is_like_one_by_one(store, count.get(), &units))
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
}

fn runtime() -> &'static tokio::runtime::Runtime {
    static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap())
}

#[test]
fn batches_equal_single_units_on_sqlite() {
    let folder = TempDir::new().unwrap();
    let store = runtime().block_on(open(&sqlite_in(&folder)));
    any_sequence(&store, runtime(), 60);
}

#[test]
fn batches_equal_single_units_on_postgres() {
    let Some(url) = runtime().block_on(postgres::fresh_database()) else { return };
    let store = runtime().block_on(open(&url));
    any_sequence(&store, runtime(), 60);
}
