//! Time that passes, jumps, and passes while no process runs.

use rondo::engine::{supervisor::Supervisor, ticker::LOOP};

use super::*;

each_store! {
    async fn due_runs_are_done_once(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday and Thursday at 10:00").await;
        lives_until(bot, &ticker, january(6, 9, 59)).await;
        assert!(bell.attempts().is_empty());
        lives_until(bot, &ticker, january(16, 0, 0)).await;
        assert_eq!(
            outcomes(bot).await,
            ["Tue 06 10:00 done", "Thu 08 10:00 done", "Tue 13 10:00 done", "Thu 15 10:00 done"]
        );
        assert_eq!((rung(bot, &bell).await.len(), bell.attempts().len()), (4, 4));
        assert_eq!(next_due(bot).await, Some(january(20, 10, 0)));
    }

    async fn an_idle_ticker_knows_its_next_run(bot: &mut Bot) {
        let (ticker, _) = ticker(bot);
        assert_eq!(ticker.tick_once().await.unwrap(), Turn::Idle(None));
        start_bell(bot, "every Tuesday at 10:00").await;
        assert_eq!(ticker.tick_once().await.unwrap(), Turn::Idle(Some(january(6, 10, 0))));
    }

    async fn long_missed_runs_are_skipped(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every weekday at 10:00").await;
        bot.sandbox.clock().advance_to(january(8, 12, 0).timestamp_millis());
        tick(&ticker).await;
        let reason = "I wasn't running at the time, and it was too late when I came back".to_owned();
        let left_out = |wall: &str| (wall.to_owned(), "skipped".to_owned(), reason.clone());
        assert_eq!(
            history(bot).await,
            ["Mon 05 10:00", "Tue 06 10:00", "Wed 07 10:00", "Thu 08 10:00"].map(left_out)
        );
        assert!(bell.attempts().is_empty());
        lives_until(bot, &ticker, january(9, 10, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-09T10:00/ring/"]);
    }

    async fn slightly_late_runs_are_done(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 10, 30).timestamp_millis());
        tick(&ticker).await;
        assert_eq!((rung(bot, &bell).await.len(), outcomes(bot).await), (1, vec!["Tue 06 10:00 done".to_owned()]));
    }

    async fn late_runs_wait_for_working_hours(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        bell.is(Mood::RingsLate);
        start_with(bot, &bell, &programme(bot, "p", "C-BELL", "every Tuesday at 10:00")).await;
        bot.sandbox.clock().advance_to(january(6, 23, 0).timestamp_millis());
        tick(&ticker).await;
        assert!(bell.attempts().is_empty(), "no run starts at night");
        assert_eq!(next_due(bot).await, Some(january(7, 10, 0)));
        lives_until(bot, &ticker, january(7, 10, 0)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 done"], "it is still Tuesday's");
        assert_eq!(next_due(bot).await, Some(january(13, 10, 0)));
    }

    async fn one_missed_run_is_made_up(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        bell.is(Mood::RingsLate);
        start_with(bot, &bell, &programme(bot, "p", "C-BELL", "every Tuesday at 10:00")).await;
        bot.sandbox.clock().advance_to(january(27, 15, 0).timestamp_millis());
        tick(&ticker).await;
        assert_eq!(
            outcomes(bot).await,
            ["Tue 06 10:00 skipped", "Tue 13 10:00 skipped", "Tue 20 10:00 skipped", "Tue 27 10:00 done"]
        );
        assert_eq!(rung(bot, &bell).await.len(), 1);
    }

    async fn setting_the_clock_back_doubles_nothing(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every day at 10:00").await;
        lives_until(bot, &ticker, january(7, 10, 5)).await;
        assert_eq!(rung(bot, &bell).await.len(), 3);
        bot.sandbox.clock().set(january(6, 9, 0).timestamp_millis());
        lives_until(bot, &ticker, january(8, 10, 5)).await;
        assert_eq!(
            outcomes(bot).await,
            ["Mon 05 10:00 done", "Tue 06 10:00 done", "Wed 07 10:00 done", "Thu 08 10:00 done"]
        );
        assert_eq!(bell.attempts().len(), 4);
    }

    async fn a_clock_jump_loses_one_run(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every day at 10:00").await;
        bot.sandbox.clock().advance_to(january(6, 9, 0).timestamp_millis());
        tick(&ticker).await;
        bot.sandbox.clock().set(january(5, 9, 5).timestamp_millis());
        lives_until(bot, &ticker, january(6, 10, 5)).await;
        assert_eq!(outcomes(bot).await, ["Mon 05 10:00 skipped", "Tue 06 10:00 done"]);
        assert_eq!(bell.attempts().len(), 1);
    }

    async fn clock_changes_keep_one_run(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every day at 2:30 in Europe/Berlin").await;
        bot.sandbox.clock().advance_to(1_774_600_000_000);
        tick(&ticker).await;
        let before = bell.attempts().len();
        // From 27 March to 31 March 2026, over the night to Sunday, 29 March.
        lives_until(bot, &ticker, Instant::from_timestamp_millis(1_774_915_200_000).unwrap()).await;
        let walls: Vec<String> = rung(bot, &bell).await[before..].iter().map(|key| key[2..18].to_owned()).collect();
        assert_eq!(walls, ["2026-03-28T02:30", "2026-03-29T02:30", "2026-03-30T02:30"]);
    }

    async fn no_run_follows_the_end(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00 until 2026-01-13").await;
        lives_until(bot, &ticker, january(31, 0, 0)).await;
        assert_eq!(rung(bot, &bell).await.len(), 2);
        assert_eq!(next_due(bot).await, None);
    }

    async fn the_loop_wakes_for_new_runs(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let supervisor = Supervisor::default();
        let running = tokio::spawn(supervisor.keep(LOOP, stopped.clone(), move |heart| {
            ticker.clone().run(heart, stopped.clone())
        }));
        start_bell(bot, "every Tuesday at 10:00").await;
        for day in [6, 13] {
            bot.sandbox.clock().advance_to(january(day, 10, 0).timestamp_millis());
            let rang = async || rung(bot, &bell).await.len() == if day == 6 { 1 } else { 2 };
            bot.eventually("the bell has rung", rang).await;
        }
        stop.send_replace(true);
        running.await.unwrap();
    }
}
