//! Replicas with different clocks, and a claim that ends before its call is made.

use std::time::{Duration as StdDuration, Instant as Stopwatch};

use rondo::{
    app::App,
    config::Config,
    model::{clock::Clock, entropy::Entropy},
};
use sqlx::Executor as _;
use tokio::sync::watch;

use super::*;
use crate::{
    each_store,
    support::{Program, postgres, stranger},
};

const CHANNELS: usize = 12;
const IN_A_CHANNEL: usize = 5;

/// Returns a clock that is this many milliseconds ahead.
fn ahead_by(ms: i64) -> Clock {
    let machine = Clock::machine();
    Clock::watched(move || machine.now_ms() + ms)
}

/// Runs replicas on one server, each with a clock this many seconds ahead, and returns what they post.
async fn replicas(ahead: &[i64]) {
    let Some(url) = postgres::fresh_database().await else { return };
    let mut program = Program::new().await;
    program.set("DATABASE_URL", &url);
    program.set("RONDO_ADMIN_LISTEN", "127.0.0.1:0");
    let channels: Vec<String> =
        (0..CHANNELS).map(|n| program.sandbox.add_channel(&format!("news{n}"), false, &["ana"])).collect();
    for n in 0..CHANNELS {
        program.sandbox.invite(&format!("news{n}"), &program.install.bot_user_id);
    }
    let config =
        Config::load(rondo::rituals::ALL, None, &program.environment.clone().into_iter().collect()).unwrap();
    let (stop, stopped) = watch::channel(false);
    let mut running = Vec::new();
    let mut store = None;
    for (seed, seconds) in (1..).zip(ahead) {
        let clock = ahead_by(seconds * 1_000);
        let app = App::open(config.clone(), clock, Entropy::seeded(seed)).await.unwrap();
        store = Some(app.store.clone());
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        running.push(tokio::spawn(app.run(stopped.clone(), |_| ready.send(()).unwrap())));
        is_ready.await.unwrap();
    }
    let store = store.unwrap();
    let (team, now) = (store.workspace().await.unwrap().unwrap(), Clock::machine().now());
    let mut unit = UnitOfWork::new();
    for n in 0..CHANNELS * IN_A_CHANNEL {
        let origin = Origin::default();
        let to = Target::Channel(ChannelId(channels[n % CHANNELS].clone()));
        let effect =
            NewEffect::post(origin, format!("k{n}"), to, Markup::words(&format!("message {n}")).into(), now);
        outbox::enqueue(&mut unit, &team, &effect, now).unwrap();
    }
    store.commit(unit).await.unwrap();
    let began = Stopwatch::now();
    while store.outbox_depth(Clock::machine().now() + Duration::hours(1)).await.unwrap().waiting > 0 {
        assert!(began.elapsed() < StdDuration::from_secs(90), "it is never all posted");
        tokio::time::sleep(StdDuration::from_millis(50)).await;
    }
    stop.send_replace(true);
    for app in running {
        app.await.unwrap().unwrap();
    }
    let mut texts: Vec<String> = (0..CHANNELS)
        .flat_map(|n| program.sandbox.person("ana").reads(&format!("news{n}")))
        .map(|message| message.text)
        .collect();
    texts.sort();
    let mut expected: Vec<String> = (0..CHANNELS * IN_A_CHANNEL).map(|n| format!("message {n}")).collect();
    expected.sort();
    assert_eq!(texts, expected, "each once");
    let calls = program.sandbox.calls();
    assert!(calls.iter().all(|call| call.method != "chat.postMessage" || call.http_status == 200));
    let posts: Vec<i64> =
        calls.iter().filter(|call| call.method == "chat.postMessage").map(|call| call.at_ms).collect();
    let took = posts.iter().max().unwrap() - posts.iter().min().unwrap();
    // One process that begins without a burst takes 213 ms for each; two in parallel take half of it.
    assert!(took > 150 * i64::try_from(posts.len()).unwrap(), "{} posts in {took} ms", posts.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn differing_clocks_keep_the_pace() {
    tokio::join!(replicas(&[0, 20]), replicas(&[-20, 0, 20]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn replicas_use_the_servers_clock() {
    let Some(url) = postgres::fresh_database().await else { return };
    let store = rondo::store::Store::open(&url, rondo::store::Opening::ToRun).await.unwrap();
    let apart = |clock: &Clock| (clock.now_ms() - Clock::machine().now_ms()).abs();
    for ahead_ms in [20_000, -20_000, 0] {
        let own = ahead_by(ahead_ms);
        let clock = store.clock(&own).await.unwrap();
        assert!(apart(&clock) < 1_000, "{}", apart(&clock));
        let behind = store.ms_behind(&own).await.unwrap().unwrap();
        assert!((behind - ahead_ms).abs() < 1_000, "{behind}");
        clock.correct(5_000_000_000_000);
        store.correct(&clock).await.unwrap();
        assert!(apart(&clock) < 1_000, "{}", apart(&clock));
    }
    store.close().await;
}

each_store! {
    async fn an_expired_claim_sends_nothing(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        // The claim commits only when another program releases the row, and time has passed by then.
        let url = secrecy::ExposeSecret::expose_secret(&bot.config.store.url).to_owned();
        let mut operator = stranger(&url).await;
        let lock = if url.starts_with("sqlite") {
            "BEGIN IMMEDIATE"
        } else {
            "BEGIN; SELECT key FROM outbox FOR UPDATE"
        };
        // It has the lease already.
        bot.parts.outbox.deliver_once().await.unwrap();
        assert_eq!(said(bot), ["hello"]);
        enqueue(bot, &[post(bot, "other", &news, "hello again")]).await;
        bot.passes(Duration::seconds(2));
        operator.execute(sqlx::raw_sql(lock)).await.unwrap();
        let outbox = bot.parts.outbox.clone();
        let step = tokio::spawn(async move { outbox.deliver_once().await.unwrap() });
        tokio::time::sleep(StdDuration::from_millis(400)).await;
        bot.passes(Duration::minutes(1));
        operator.execute(sqlx::raw_sql("ROLLBACK")).await.unwrap();
        step.await.unwrap();
        assert_eq!(said(bot), ["hello"], "nothing was sent");
        bot.settle().await;
        assert_eq!(said(bot), ["hello", "hello again"]);
        assert_eq!(calls(bot, "conversations.history").len(), 0, "it was surely not sent, so nothing is looked for");
    }
}
