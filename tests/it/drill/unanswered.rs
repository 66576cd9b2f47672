//! A commit whose answer is lost: a stored unit is answered as stored, and one that was not stored is stored after
//! all.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant as Stopwatch},
};

use rondo::{
    model::clock::from_ms,
    store::{
        Opening, Store,
        unit::{Outcome, UnitOfWork, Write},
    },
    values,
};

use super::{
    database::{keys, write},
    wire::{CUTS_A_COMMIT, CUTS_AN_ANSWER, LOSES_AN_ANSWER, PASSES, wire_to},
};
use crate::support::{Bot, bot::MONDAY_MORNING, postgres::OwnServer};

/// Slack's limit for an acknowledgement.
const SLACK_WAITS: Duration = Duration::from_secs(3);
const ALL: [u8; 3] = [LOSES_AN_ANSWER, CUTS_AN_ANSWER, CUTS_A_COMMIT];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stored_units_are_answered_as_stored() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    write(&store, "counted").await.unwrap();
    for (n, does) in (0_i64..).zip(ALL) {
        wire.store(does, Ordering::Relaxed);
        let count = Write::Run(
            "UPDATE channel SET tries = tries + 1 WHERE team_id = $1 AND channel_id = $2 RETURNING tries",
            values!["T1", "counted"],
        );
        let began = Stopwatch::now();
        let outcome = store.commit(UnitOfWork::guarded("counted", count)).await.unwrap();
        assert!(began.elapsed() < SLACK_WAITS, "{does}: {:?}", began.elapsed());
        assert_eq!(wire.load(Ordering::Relaxed), PASSES, "{does}: it has happened");
        assert_eq!(outcome, Outcome::Committed(vec![values![n + 1]]), "{does}: once, with what it returned");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn units_of_a_lost_commit_are_stored_once() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    let mut expected = Vec::new();
    for does in ALL {
        wire.store(does, Ordering::Relaxed);
        let names: Vec<String> = (0..50).map(|n| format!("{does} {n:02}")).collect();
        let written = futures_util::future::join_all(names.iter().map(|name| write(&store, name))).await;
        assert!(written.iter().all(Result::is_ok), "{does}: {written:?}");
        expected.extend(names);
    }
    assert_eq!(keys(&store).await.unwrap(), expected);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_commit_keeps_the_lease() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let store = Store::open(&url, Opening::ToRun).await.unwrap();
    let (team, now, long) = ("T1".into(), from_ms(MONDAY_MORNING), chrono::Duration::minutes(1));
    for does in ALL {
        wire.store(does, Ordering::Relaxed);
        let name = format!("lease {does}");
        assert!(store.take_lease(&team, &name, "one", now, long).await.unwrap(), "{does}");
        assert!(!store.take_lease(&team, &name, "other", now, long).await.unwrap(), "{does}");
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_giver_learns_the_result() {
    let Some(server) = OwnServer::started() else { return };
    let (url, wire) = wire_to(&server).await;
    let mut bot = Bot::on(&url).await;
    bot.says("ana", "#general", "/kudos @ben for lunch").await;
    for (n, does) in ALL.into_iter().enumerate() {
        wire.store(does, Ordering::Relaxed);
        let reason = format!("help {n}");
        let began = Stopwatch::now();
        let answer = bot.person("ana").says("#general", &format!("/kudos @cy for {reason}")).await;
        assert!(began.elapsed() < SLACK_WAITS, "{does}: {:?}", began.elapsed());
        let said = format!("{answer:?}");
        assert!(said.contains("Undo") && !said.contains("couldn't save"), "{does}: {said}");
        bot.settle().await;
        let read = bot.reads("cy", "#general");
        assert_eq!(read.iter().filter(|text| text.contains(&reason)).count(), 1, "{does}: {read:?}");
    }
    bot.finish().await;
}
