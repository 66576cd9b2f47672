//! Starting, moving and stopping programmes.

use super::*;

/// Moves the bell to other times, as a ritual does.
async fn moves(bot: &Bot, words: &str) {
    let Engine { store, team, .. } = &bot.parts.engine;
    let mut unit = UnitOfWork::new();
    let cadence = cadence(words);
    let programme = store.programme(team, "p").await.unwrap().unwrap();
    let pending = store.occasions_from(team, "p", now(bot)).await.unwrap();
    for pending in pending.into_iter().filter(|occasion| !occasion.has_begun) {
        occasions::cancel(&mut unit, team, "p", pending.planned_for, now(bot));
        runs::cancel_occasion(&mut unit, team, &owner(), pending.planned_for, "moved", now(bot));
    }
    programmes::move_to(&mut unit, team, "p", &cadence, now(bot)).unwrap();
    if let Some(next) = cadence.next(now(bot)) {
        put_occasion(&mut unit, team, &Bell::default(), &programme, next, now(bot));
    }
    assert!(matches!(store.commit(unit).await.unwrap(), Outcome::Committed(_)));
}

/// Changes the database directly, as an operator or another release would.
async fn by_hand(bot: &Bot, statement: &'static str) {
    let mut unit = UnitOfWork::new();
    unit.run(statement, Vec::new());
    bot.parts.engine.store.commit(unit).await.unwrap();
}

/// Corrects a clock that was ahead: the rounds of 6 and 13 January are then held, each once.
async fn catches_up_from(bot: &mut Bot, ticker: &Ticker, bell: &Bell, right: Instant) {
    bot.sandbox.clock().set(right.timestamp_millis());
    ticker.repair().await.unwrap();
    assert_eq!(next_due(bot).await, Some(january(6, 10, 0)));
    lives_until(bot, ticker, january(14, 0, 0)).await;
    assert_eq!(rung(bot, bell).await, ["p/2026-01-06T10:00/ring/", "p/2026-01-13T10:00/ring/"]);
}

each_store! {
    async fn concurrent_starts_count_once(bot: &mut Bot) {
        let (one, other) = (
            programme(bot, "one", "C-BELL", "every Tuesday at 10:00"),
            programme(bot, "other", "C-BELL", "every Wednesday at 11:00"),
        );
        let (first, second) = tokio::join!(start(bot, &one), start(bot, &other));
        let refused = [first, second].into_iter().filter(|it| *it == Outcome::Refused(programmes::RUNNING));
        assert_eq!(refused.count(), 1);
        let Engine { store, team, .. } = &bot.parts.engine;
        assert_eq!(store.programme_ids(team).await.unwrap().len(), 1);
        let runs: usize =
            store.pending_runs(team, "one").await.unwrap().len() + store.pending_runs(team, "other").await.unwrap().len();
        assert_eq!(runs, 1, "the second one leaves no run behind");
    }

    async fn stopped_programmes_can_restart(bot: &mut Bot) {
        start_bell(bot, "every Tuesday at 10:00").await;
        let Engine { store, team, .. } = &bot.parts.engine;
        let mut unit = UnitOfWork::new();
        programmes::end(&mut unit, team, "p", now(bot));
        runs::cancel(&mut unit, team, &owner(), "stopped", now(bot));
        store.commit(unit.clone()).await.unwrap();
        assert_eq!(store.commit(unit).await.unwrap(), Outcome::Refused(programmes::ENDED));
        let again = programme(bot, "p", "C-BELL", "every Friday at 10:00");
        assert!(matches!(start(bot, &again).await, Outcome::Committed(_)));
        assert_eq!(next_due(bot).await, Some(january(9, 10, 0)));
    }

    async fn new_times_replace_pending_runs(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        moves(bot, "every Thursday at 15:00").await;
        assert_eq!(next_due(bot).await, Some(january(8, 15, 0)));
        lives_until(bot, &ticker, january(14, 0, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-08T15:00/ring/"]);
    }

    async fn moving_back_keeps_one_run(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        moves(bot, "every Thursday at 15:00").await;
        moves(bot, "every Tuesday at 10:00").await;
        lives_until(bot, &ticker, january(12, 0, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-06T10:00/ring/"]);
    }

    async fn moving_does_not_repeat_runs(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        lives_until(bot, &ticker, january(6, 10, 0)).await;
        bot.sandbox.clock().set(january(6, 9, 0).timestamp_millis());
        moves(bot, "every weekday at 10:00").await;
        lives_until(bot, &ticker, january(6, 12, 0)).await;
        assert_eq!(rung(bot, &bell).await.len(), 1);
    }

    async fn lost_runs_are_planned_again(bot: &mut Bot) {
        let (ticker, _) = ticker(bot);
        let Engine { store, team, .. } = &bot.parts.engine;
        let mut unit = UnitOfWork::new();
        programmes::start(&mut unit, team, &programme(bot, "p", "C-BELL", "every Tuesday at 10:00")).unwrap();
        store.commit(unit).await.unwrap();
        assert_eq!(next_due(bot).await, None);
        ticker.repair().await.unwrap();
        assert_eq!(next_due(bot).await, Some(january(6, 10, 0)));
        ticker.repair().await.unwrap();
        assert_eq!(store.pending_runs(team, "p").await.unwrap().len(), 1);
    }

    async fn new_zone_data_keep_the_wall_time(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        let programme = start_bell(bot, "every Tuesday at 10:00").await;
        // As an older release saw it, whose zone data had the clocks an hour behind.
        let Engine { store, team, .. } = &bot.parts.engine;
        let due = programme.cadence.as_ref().unwrap().next(now(bot)).unwrap();
        let due = Occurrence { at: due.at + Duration::hours(1), ..due };
        let mut unit = UnitOfWork::new();
        put_occasion(&mut unit, team, &Bell::default(), &programme, due, now(bot));
        store.commit(unit).await.unwrap();
        assert_eq!(next_due(bot).await, Some(january(6, 11, 0)));
        ticker.repair().await.unwrap();
        assert_eq!(next_due(bot).await, Some(january(6, 10, 0)));
        lives_until(bot, &ticker, january(6, 12, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-06T10:00/ring/"]);
    }

    async fn unknown_rituals_are_skipped(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        lives_until(bot, &bot.parts.ticker, january(6, 10, 0)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 skipped"]);
        ticker.repair().await.unwrap();
        lives_until(bot, &ticker, january(13, 10, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-13T10:00/ring/"]);
    }

    async fn newer_runs_are_left_alone(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        by_hand(bot, "UPDATE run SET format = 2").await;
        lives_until(bot, &ticker, january(6, 12, 0)).await;
        assert!(bell.attempts().is_empty() && outcomes(bot).await.is_empty());
        assert_eq!(next_due(bot).await, None);
        by_hand(bot, "UPDATE run SET format = 1").await;
        assert_eq!(next_due(bot).await, Some(january(6, 10, 0)), "it waits");
    }

    async fn unreadable_runs_are_set_aside(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        for (id, channel) in [("p", "C-BELL"), ("q", "C-OTHER")] {
            start(bot, &programme(bot, id, channel, "every Tuesday at 10:00")).await;
        }
        by_hand(bot, "UPDATE run SET late = 'whenever' WHERE key = 'p/2026-01-06T10:00/ring/'").await;
        lives_until(bot, &ticker, january(6, 10, 5)).await;
        assert_eq!(rung(bot, &bell).await, ["q/2026-01-06T10:00/ring/"]);
        by_hand(bot, "UPDATE run SET late = 'within 3600' WHERE key = 'p/2026-01-06T10:00/ring/'").await;
        lives_until(bot, &ticker, january(6, 10, 15)).await;
        assert_eq!(rung(bot, &bell).await.len(), 2, "it is looked at again after ten minutes");
    }

    async fn changes_survive_a_wrong_clock(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        let right = now(bot);
        bot.sandbox.clock().advance_to(january(31, 10, 0).timestamp_millis());
        start_bell(bot, "every Tuesday at 10:00").await;
        catches_up_from(bot, &ticker, &bell, right).await;
    }

    async fn a_corrected_clock_restores_runs(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        let right = now(bot);
        bot.sandbox.clock().advance_to(january(31, 10, 0).timestamp_millis());
        tick(&ticker).await;
        catches_up_from(bot, &ticker, &bell, right).await;
    }
}
