//! Starting, moving and stopping what comes round.

use super::*;

/// Moves the bell to other times, as a ritual does.
async fn moves(bot: &Bot, words: &str) {
    let Engine { store, team, .. } = &bot.parts.engine;
    let mut unit = UnitOfWork::new();
    let cadence = cadence(words);
    let programme = store.programme(team, "p").await.unwrap().unwrap();
    let pending = store.occasions_from(team, "p", now(bot)).await.unwrap();
    for pending in pending.into_iter().filter(|occasion| !occasion.has_begun) {
        occasions::cancel(&mut unit, team, "p", pending.planned_for, "moved", now(bot));
        runs::cancel_occasion(&mut unit, team, &owner(), pending.planned_for, "moved", now(bot));
    }
    programmes::move_to(&mut unit, team, "p", &cadence, now(bot)).unwrap();
    if let Some(next) = cadence.next(now(bot)) {
        put_occasion(&mut unit, team, &Bell::default(), &programme, next, now(bot));
    }
    assert!(matches!(store.commit(unit).await.unwrap(), Outcome::Committed(_)));
}

/// Does something by hand in the database, as an operator or another release would.
async fn by_hand(bot: &Bot, statement: &'static str) {
    let mut unit = UnitOfWork::new();
    unit.run(statement, Vec::new());
    bot.parts.engine.store.commit(unit).await.unwrap();
}

/// Sets a clock that was ahead right again: the rounds of 6 and 13 January are then held, each once.
async fn catches_up_from(bot: &mut Bot, ticker: &Ticker, bell: &Bell, right: Instant) {
    bot.sandbox.clock().set(right.timestamp_millis());
    ticker.repair().await.unwrap();
    assert_eq!(next_due(bot).await, Some(january(6, 10, 0)));
    lives_until(bot, ticker, january(14, 0, 0)).await;
    assert_eq!(rung(bot, bell).await, ["p/2026-01-06T10:00/ring/", "p/2026-01-13T10:00/ring/"]);
}

each_store! {
    async fn two_who_start_the_same_in_the_same_instant_start_it_once(bot: &mut Bot) {
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
        assert_eq!(runs, 1, "whoever came second has left no run behind");
    }

    async fn what_was_stopped_may_be_started_anew(bot: &mut Bot) {
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

    async fn other_times_replace_what_is_still_to_come(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        moves(bot, "every Thursday at 15:00").await;
        assert_eq!(next_due(bot).await, Some(january(8, 15, 0)));
        lives_until(bot, &ticker, january(14, 0, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-08T15:00/ring/"]);
    }

    async fn what_is_moved_there_and_back_comes_once(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        moves(bot, "every Thursday at 15:00").await;
        moves(bot, "every Tuesday at 10:00").await;
        lives_until(bot, &ticker, january(12, 0, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-06T10:00/ring/"]);
    }

    async fn what_was_done_is_not_done_again_by_moving_to_the_same_time(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        lives_until(bot, &ticker, january(6, 10, 0)).await;
        bot.sandbox.clock().set(january(6, 9, 0).timestamp_millis());
        moves(bot, "every weekday at 10:00").await;
        lives_until(bot, &ticker, january(6, 12, 0)).await;
        assert_eq!(rung(bot, &bell).await.len(), 1);
    }

    async fn a_run_that_is_lost_is_planned_anew_at_the_next_start(bot: &mut Bot) {
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

    async fn zone_data_that_have_changed_move_the_instant_and_not_the_wall(bot: &mut Bot) {
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

    async fn a_release_that_does_not_know_a_ritual_leaves_its_run_out_and_its_next_one_to_a_release_that_does(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        lives_until(bot, &bot.parts.ticker, january(6, 10, 0)).await;
        assert_eq!(outcomes(bot).await, ["Tue 06 10:00 skipped"]);
        ticker.repair().await.unwrap();
        lives_until(bot, &ticker, january(13, 10, 0)).await;
        assert_eq!(rung(bot, &bell).await, ["p/2026-01-13T10:00/ring/"]);
    }

    async fn a_run_of_a_newer_release_is_left_to_it(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        by_hand(bot, "UPDATE run SET format = 2").await;
        lives_until(bot, &ticker, january(6, 12, 0)).await;
        assert!(bell.attempts().is_empty() && outcomes(bot).await.is_empty());
        assert_eq!(next_due(bot).await, None);
        by_hand(bot, "UPDATE run SET format = 1").await;
        assert_eq!(next_due(bot).await, Some(january(6, 10, 0)), "it waits");
    }

    async fn a_run_that_cannot_be_read_is_set_aside_and_the_others_go_on(bot: &mut Bot) {
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

    async fn what_was_changed_while_the_clock_was_ahead_comes_when_it_is_right_again(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        let right = now(bot);
        bot.sandbox.clock().advance_to(january(31, 10, 0).timestamp_millis());
        start_bell(bot, "every Tuesday at 10:00").await;
        catches_up_from(bot, &ticker, &bell, right).await;
    }

    async fn what_a_clock_that_was_ahead_has_skipped_comes_when_the_clock_is_right_again(bot: &mut Bot) {
        let (ticker, bell) = ticker(bot);
        start_bell(bot, "every Tuesday at 10:00").await;
        let right = now(bot);
        bot.sandbox.clock().advance_to(january(31, 10, 0).timestamp_millis());
        tick(&ticker).await;
        catches_up_from(bot, &ticker, &bell, right).await;
    }
}
