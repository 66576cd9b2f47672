//! A panic, an unreadable row or a refused write stops only its own run, and a loop that panicked is restarted.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use rondo::{
    engine::{
        nightly,
        supervisor::{Heartbeat, Loop, Restarts, Supervisor},
        ticker,
    },
    model::{backoff::Backoff, clock::Clock},
    store::Backend as Database,
    values,
};
use tokio::sync::watch;

use super::*;
/// Restarts without a delay.
const AT_ONCE: Restarts = Restarts {
    backoff: Backoff::new(std::time::Duration::from_millis(1), std::time::Duration::from_millis(1)),
    recovered_after: std::time::Duration::from_mins(1),
    repeated: 3,
};

/// Changes the database directly, as an operator or a fault would.
async fn by_hand(bot: &Bot, statements: &[&'static str]) {
    for statement in statements {
        let mut unit = UnitOfWork::new();
        unit.run(statement, values![]);
        bot.parts.engine.store.commit(unit).await.unwrap();
    }
}

/// Makes the database ignore all changes to a table's rows, silently.
async fn takes_nothing_down(bot: &Bot, runs: bool) {
    let statements: &[&'static str] = match (bot.parts.engine.store.engine() == Database::Postgres, runs) {
        (false, true) => &["CREATE TRIGGER deaf BEFORE UPDATE ON run BEGIN SELECT RAISE(IGNORE); END"],
        (false, false) => &["CREATE TRIGGER deaf BEFORE UPDATE ON outbox BEGIN SELECT RAISE(IGNORE); END"],
        (true, true) => &[
            "CREATE FUNCTION deaf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER deaf BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION deaf()",
        ],
        (true, false) => &[
            "CREATE FUNCTION deaf() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "CREATE TRIGGER deaf BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION deaf()",
        ],
    };
    by_hand(bot, statements).await;
}

/// Returns the bot's engine with a clock that panics once when it is read.
fn with_a_clock_that_falls(bot: &Bot) -> (Engine, Arc<AtomicBool>) {
    let (clock, falls) = (bot.parts.engine.clock.clone(), Arc::new(AtomicBool::new(false)));
    let (_, moved) = watch::channel(0);
    let planted = falls.clone();
    let steered = move || {
        assert!(!planted.swap(false, Ordering::Relaxed), "a planted fault");
        clock.now_ms()
    };
    (Engine { clock: Clock::steered(steered, moved), ..bot.parts.engine.clone() }, falls)
}

/// Makes a loop panic, and waits until it works again and readiness says so.
async fn is_started_again<F: Future<Output = ()> + Send + 'static>(
    bot: &Bot,
    kept: Loop,
    falls: Arc<AtomicBool>,
    start: impl Fn(Heartbeat, watch::Receiver<bool>) -> F + Send + 'static,
) {
    let supervisor = Supervisor::new(AT_ONCE);
    let (stop, stopped) = watch::channel(false);
    let starts = Arc::new(std::sync::atomic::AtomicU32::new(0));
    let (counted, end) = (starts.clone(), stopped.clone());
    // Before it looks at the clock for the first time: some look again only after twenty seconds.
    falls.store(true, Ordering::Relaxed);
    let running = tokio::spawn(supervisor.keep(kept, stopped, move |heart| {
        counted.fetch_add(1, Ordering::Relaxed);
        start(heart, end.clone())
    }));
    bot.eventually("it is started again", || async { starts.load(Ordering::Relaxed) > 1 }).await;
    let works = || async { supervisor.parts() == [(kept.part, None)] };
    bot.eventually("it is ready again", works).await;
    stop.send_replace(true);
    running.await.unwrap();
}

each_store! {
    async fn a_panicking_run_is_discarded_alone(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        bell.is(Mood::Falls);
        lives_until(bot, &ticker, january(6, 10, 30)).await;
        assert_eq!(bell.attempts().len(), 5);
        let [(wall, outcome, remark)] = &history(bot).await[..] else { panic!("one run has ended") };
        assert_eq!((&**wall, &**outcome), ("Tue 06 10:00", "failed"));
        assert!(remark.starts_with("a panic at ") && !remark.contains("planted"), "{remark}");
        bell.is(Mood::Rings);
        lives_until(bot, &ticker, january(13, 10, 0)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 failed", "Tue 13 10:00 done"]);
    }

    async fn an_unreadable_programme_blocks_no_other(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        for id in ["a", "p"] {
            start(bot, &programme(bot, id, &format!("C{id}"), "every Tuesday at 10:00")).await;
        }
        by_hand(bot, &["UPDATE programme SET cadence = '{}' WHERE programme_id = 'a'", "DELETE FROM run"]).await;
        ticker.repair().await.unwrap();
        lives_until(bot, &ticker, january(6, 10, 0)).await;
        assert_eq!(rung(bot, &bell).await.len(), 1);
        // The run of one that became unreadable later is discarded on its own.
        by_hand(bot, &["UPDATE programme SET cadence = '{}'"]).await;
        lives_until(bot, &ticker, january(13, 10, 1)).await;
        assert_eq!(rung(bot, &bell).await.len(), 1);
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 done", "Tue 13 10:00 failed"]);
    }

    async fn ignored_writes_do_not_spin(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        takes_nothing_down(bot, true).await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        assert_eq!(ticker.tick_once().await.unwrap(), Turn::Refused);
        assert!(bell.attempts().is_empty());
        by_hand(bot, &["DELETE FROM run"]).await;
    }

    async fn ignored_effect_writes_do_not_spin(bot: &mut Bot) {
        bot.person("ana").says("#general", "/kudos @ben for lunch").await;
        takes_nothing_down(bot, false).await;
        bot.passes(Duration::minutes(1));
        assert_eq!(bot.parts.outbox.deliver_once().await.unwrap(), Turn::Refused);
        assert!(bot.sandbox.calls().iter().all(|call| call.method != "chat.postMessage"));
        by_hand(bot, &["DELETE FROM outbox"]).await;
    }

    async fn a_panicked_ticker_restarts(bot: &mut Bot) {
        let (engine, falls) = with_a_clock_that_falls(bot);
        let ticker = Ticker::new(engine);
        is_started_again(bot, ticker::LOOP, falls, move |heart, stop| ticker.clone().run(heart, stop)).await;
    }

    async fn a_panicked_night_restarts(bot: &mut Bot) {
        let (engine, falls) = with_a_clock_that_falls(bot);
        is_started_again(bot, nightly::LOOP, falls, move |heart, stop| nightly::run(engine.clone(), heart, stop)).await;
    }

    async fn a_panicked_channel_reader_restarts(bot: &mut Bot) {
        let (engine, falls) = with_a_clock_that_falls(bot);
        let readings = rondo::engine::directory::Readings::new(engine);
        let kept = rondo::engine::directory::READINGS;
        is_started_again(bot, kept, falls, move |heart, stop| readings.clone().run(heart, stop)).await;
    }

    async fn panicked_outbox_workers_restart(bot: &mut Bot) {
        let (engine, falls) = with_a_clock_that_falls(bot);
        let outbox = rondo::engine::outbox::Outbox::new(engine, std::time::Duration::from_secs(10));
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(outbox.run(Supervisor::new(AT_ONCE), stopped));
        falls.store(true, Ordering::Relaxed);
        bot.eventually("one has fallen", || async { !falls.load(Ordering::Relaxed) }).await;
        bot.person("ana").says("#general", "/kudos @ben for lunch").await;
        bot.passes(Duration::minutes(1));
        let is_posted = || async {
            bot.passes(Duration::seconds(1));
            bot.sandbox.calls().iter().any(|call| call.method == "chat.postMessage")
        };
        bot.eventually("it is posted", is_posted).await;
        stop.send_replace(true);
        running.await.unwrap();
    }
}
