//! Several processes on one database: one that is killed, one that stalls beyond its claim, and all at once.

use super::*;

/// Bells that ring in the same minute.
const BELLS: usize = 40;

async fn start_many(bot: &Bot) {
    for n in 0..BELLS {
        let programme = programme(bot, &format!("p{n}"), &format!("C{n}"), "every Tuesday at 10:00");
        assert!(matches!(start(bot, &programme).await, Outcome::Committed(_)));
    }
}

/// Starts a process that claims a run and then stalls.
async fn stalls(bot: &Bot, bell: &Bell, seed: u64) -> tokio::task::JoinHandle<()> {
    bell.is(Mood::Waits);
    let ticker = ticker_with(bot, bell, seed);
    let stalled = tokio::spawn(async move { tick(&ticker).await });
    bell.has_begun.notified().await;
    stalled
}

each_store! {
    async fn three_processes_do_each_run_once(bot: &mut Bot) {
        let bell = Bell::default();
        start_many(bot).await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        let tickers: Vec<Ticker> = (2..5).map(|seed| ticker_with(bot, &bell, seed)).collect();
        futures_util::future::join_all(tickers.iter().map(tick)).await;
        let mut rung = rung(bot, &bell).await;
        rung.sort_unstable();
        let doubled = rung.windows(2).any(|pair| pair[0] == pair[1]);
        assert_eq!((rung.len(), doubled), (BELLS, false));
        assert_eq!(bell.attempts().len(), BELLS, "a claimed run is not started twice");
    }

    async fn a_killed_run_keeps_its_seed(bot: &mut Bot) {
        let bell = Bell::default();
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        stalls(bot, &bell, 2).await.abort();
        bell.is(Mood::Rings);
        let other = ticker_with(bot, &bell, 3);
        tick(&other).await;
        assert_eq!(bell.attempts().len(), 1, "its claim still holds");
        lives_until(bot, &other, january(6, 10, 2)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 done"]);
        let attempts = bell.attempts();
        assert_eq!(attempts.iter().map(|(_, attempt, _)| *attempt).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(attempts[0].2, attempts[1].2, "the seed is the run's, not the attempt's");
        assert_eq!(rung(bot, &bell).await.len(), 1);
    }

    async fn an_expired_claim_writes_nothing(bot: &mut Bot) {
        let bell = Bell::default();
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        let suspended = stalls(bot, &bell, 2).await;
        bot.passes(Duration::minutes(2));
        bell.is(Mood::Rings);
        tick(&ticker_with(bot, &bell, 3)).await;
        bell.goes_on.add_permits(1);
        suspended.await.unwrap();
        let key = &bell.attempts()[0].0;
        assert_eq!((counted(bot, key, 1).await, counted(bot, key, 2).await), (false, true));
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 done"]);
        assert_eq!(next_due(bot).await, Some(january(13, 10, 0)), "one run follows, not two");
    }

    async fn of_two_claimants_one_writes(bot: &mut Bot) {
        let bell = Bell::default();
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        let first = stalls(bot, &bell, 2).await;
        bot.passes(Duration::minutes(2));
        let second = stalls(bot, &bell, 3).await;
        bell.goes_on.add_permits(2);
        first.await.unwrap();
        second.await.unwrap();
        assert_eq!(bell.attempts().len(), 2);
        assert_eq!(rung(bot, &bell).await.len(), 1);
    }

    async fn a_stopped_programmes_run_writes_nothing(bot: &mut Bot) {
        let bell = Bell::default();
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        let under_way = stalls(bot, &bell, 2).await;
        let Engine { store, team, .. } = &bot.parts.engine;
        let mut unit = UnitOfWork::new();
        programmes::end(&mut unit, team, "p", now(bot));
        runs::cancel(&mut unit, team, &owner(), "stopped", now(bot));
        store.commit(unit).await.unwrap();
        bell.goes_on.add_permits(1);
        under_way.await.unwrap();
        assert!(rung(bot, &bell).await.is_empty());
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 cancelled"]);
        assert_eq!(next_due(bot).await, None);
    }

    async fn temporary_failures_are_retried(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        bell.is(Mood::IsAway);
        lives_until(bot, &ticker, january(6, 10, 10)).await;
        let tries = bell.attempts().len();
        assert!((4..=10).contains(&tries), "{tries} tries in ten minutes, with growing pauses");
        bell.is(Mood::Rings);
        lives_until(bot, &ticker, january(6, 10, 20)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 done"]);
    }

    async fn internal_errors_discard_a_run(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 0).timestamp_millis());
        bell.is(Mood::IsBroken);
        lives_until(bot, &ticker, january(7, 0, 0)).await;
        assert_eq!(
            history(bot).await,
            [("Tue 06 10:00".to_owned(), "failed".to_owned(), "a cracked bell".to_owned())]
        );
        assert_eq!(bell.attempts().len(), 5);
        bell.is(Mood::Rings);
        lives_until(bot, &ticker, january(13, 10, 0)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 failed", "Tue 13 10:00 done"]);
    }
}
