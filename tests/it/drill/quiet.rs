//! A quiet day: how often an idle replica asks its database, while changes still reach it.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant as Stopwatch},
};

use rondo::{
    app::{App, StartError},
    config::Config,
    model::entropy::Entropy,
};
use sqlx::Executor as _;
use tokio::{sync::watch, task::JoinHandle};

use super::wire::counting_wire_to;
use crate::support::{
    Bot,
    bot::clock_of,
    postgres::{self, OwnServer},
    stranger,
};

/// A replica whose loops run, with the sandbox's clock.
struct Replica {
    stop: watch::Sender<bool>,
    runs: JoinHandle<Result<(), StartError>>,
}

impl Replica {
    async fn started(bot: &Bot, url: &str, seed: u64) -> Replica {
        let mut config: Config = bot.config.clone();
        config.store.url = url.to_owned().into();
        let app = App::open(config, clock_of(&bot.sandbox), Entropy::seeded(seed)).await.unwrap();
        let (stop, stopped) = watch::channel(false);
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let runs = tokio::spawn(app.run(stopped, |_| ready.send(()).unwrap()));
        is_ready.await.unwrap();
        Replica { stop, runs }
    }

    async fn stops(self) {
        self.stop.send_replace(true);
        self.runs.await.unwrap().unwrap();
    }
}

/// Moves the clock by this many seconds, one by one, and gives the loops time for each.
async fn passes(bot: &Bot, seconds: u32) {
    for _ in 0..seconds {
        bot.passes(chrono::Duration::seconds(1));
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_replica_rarely_queries() {
    const SECONDS: u32 = 240;
    let Some(server) = OwnServer::started() else { return };
    let bot = Bot::on(&server.url()).await;
    let (url, _, statements) = counting_wire_to(&server).await;
    let replica = Replica::started(&bot, &url, 2).await;
    // The start reads the workspace anew.
    passes(&bot, 60).await;
    let before = statements.load(Ordering::Relaxed);
    passes(&bot, SECONDS).await;
    let asked = statements.load(Ordering::Relaxed) - before;
    println!("{asked} statements in {SECONDS} s");
    assert!(asked > 0, "it lives");
    assert!(asked < u64::from(SECONDS), "{asked} statements in {SECONDS} s");
    replica.stops().await;
    bot.finish().await;
}

/// Returns how long it takes until a kudos accepted by one replica is posted by another, which has the loops.
async fn until_posted(bot: &Bot, reason: &str) -> Duration {
    bot.person("ana").says("#general", &format!("/kudos @ben for {reason}")).await;
    let began = Stopwatch::now();
    while !bot.reads("ben", "#general").iter().any(|text| text.contains(reason)) {
        assert!(began.elapsed() < Duration::from_secs(20), "{reason} is never posted");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_replica_posts_at_once() {
    let Some(url) = postgres::fresh_database().await else { return };
    let bot = Bot::on(&url).await;
    let replica = Replica::started(&bot, &url, 2).await;
    passes(&bot, 60).await;
    // The clock is frozen, so nothing becomes due by itself.
    let heard = until_posted(&bot, "breakfast").await;
    assert!(heard < Duration::from_secs(2), "{heard:?}");
    // The notification connection is lost.
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    stranger(&url).await.execute(sqlx::raw_sql(cut)).await.unwrap();
    passes(&bot, 5).await;
    let unheard = tokio::join!(until_posted(&bot, "lunch"), passes(&bot, 60)).0;
    assert!(unheard < Duration::from_secs(10), "{unheard:?}");
    // It is back in real time.
    let connected =
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    let mut operator = stranger(&url).await;
    let began = Stopwatch::now();
    loop {
        let count: i64 = sqlx::query_scalar(connected).fetch_one(&mut operator).await.unwrap();
        // Both replicas listen.
        if count >= 2 {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "nothing is heard again");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let heard = until_posted(&bot, "dinner").await;
    assert!(heard < Duration::from_secs(2), "{heard:?}");
    replica.stops().await;
    bot.finish().await;
}
