//! A process that is killed, one that stalls, and two that share a database.

use std::sync::Arc;

use rondo::{
    engine::{Engine, outbox::Outbox},
    model::entropy::Entropy,
    slack::pacing::Pacer,
    store::outbox::Settlement,
};

use super::*;
use crate::each_store;

/// Returns another process on the same database.
pub fn other(bot: &Bot) -> Outbox {
    let engine = Engine { entropy: Entropy::seeded(2), ..bot.parts.engine.clone() };
    Outbox::new(engine, bot.config.slack.call_timeout)
}

/// Returns until when a call's request may still arrive.
pub fn claim_end(bot: &Bot) -> Instant {
    now(bot) + Duration::from_std(bot.config.slack.call_timeout).unwrap() + Duration::seconds(5)
}

/// Claims the one effect that is due, as a process does right before it calls Slack.
async fn claim(bot: &Bot) -> outbox::Due {
    let engine = &bot.parts.engine;
    let due = engine
        .store
        .due_effect(&engine.team, Lane::Interactive, "", now(bot), HeldUp::default())
        .await
        .unwrap();
    let mut due = due.expect("an effect is due").expect("it can be read");
    assert!(engine.store.claim_effect(&engine.team, &mut due, Some(now(bot)), claim_end(bot)).await.unwrap());
    due
}

pub async fn settle_with(bot: &Bot, outbox: &Outbox) {
    let until = now(bot) + Duration::minutes(5);
    loop {
        match outbox.deliver_once().await.unwrap() {
            Turn::Worked | Turn::Refused => {}
            Turn::Idle(Some(at)) if at <= until => bot.sandbox.clock().advance_to(at.timestamp_millis()),
            Turn::Idle(_) => return,
        }
    }
}

each_store! {
    async fn a_kill_before_the_call_is_repaired(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        claim(bot).await;
        let killed = now(bot);
        settle_with(bot, &other(bot)).await;
        assert_eq!(said(bot), ["hello"]);
        let first_look = calls(bot, "conversations.history")[0].at_ms;
        assert!(first_look >= (killed + Duration::seconds(5)).timestamp_millis(), "its request may still land");
    }

    async fn a_kill_after_the_call_repeats_nothing(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        let due = claim(bot).await;
        let Effect::Post { message, .. } = &due.effect else { panic!("{due:?}") };
        bot.parts.engine.slack.post(news.as_str(), message, &due.key).await.unwrap();
        settle_with(bot, &other(bot)).await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!(calls(bot, "chat.postMessage").len(), 1);
    }

    async fn a_dropped_task_is_repaired(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.sandbox.faults().latency(std::time::Duration::from_secs(5));
        let store = bot.parts.engine.store.clone();
        let is_under_way = || async { store.outbox_list(10).await.unwrap().iter().any(|listed| listed.unknown) };
        tokio::select! {
            step = bot.parts.outbox.deliver_once() => panic!("{step:?}"),
            () = bot.eventually("a call is under way", is_under_way) => {}
        }
        bot.sandbox.faults().latency(std::time::Duration::ZERO);
        settle_with(bot, &other(bot)).await;
        assert_eq!(said(bot), ["hello"]);
    }

    async fn a_stalled_process_changes_nothing(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        let stalled = claim(bot).await;
        settle_with(bot, &other(bot)).await;
        let engine = &bot.parts.engine;
        for settlement in [Settlement::Retry(now(bot), "late".into()), Settlement::Discarded("late".into()), Settlement::Sent(None)] {
            let settled = engine.store.settle_effect(&engine.team, &stalled, settlement, UnitOfWork::new(), now(bot)).await;
            assert!(!settled.unwrap());
        }
        enqueue(bot, &[post(bot, "k", &news, "changed")]).await;
        settle_with(bot, &other(bot)).await;
        assert_eq!((said(bot), depth(bot).await), (vec!["changed".to_owned()], (0, 0)));
    }

    async fn a_second_process_takes_over(bot: &mut Bot) {
        let news = news(bot);
        let other = other(bot);
        enqueue(bot, &[post(bot, "one", &news, "one")]).await;
        assert_eq!(bot.parts.outbox.deliver_once().await.unwrap(), Turn::Worked);
        bot.passes(Duration::seconds(2));
        enqueue(bot, &[post(bot, "two", &news, "two")]).await;
        let Turn::Idle(Some(until)) = other.deliver_once().await.unwrap() else { panic!("it does not wait") };
        assert!(until > now(bot) && until <= now(bot) + Duration::seconds(30));
        assert_eq!(said(bot), ["one"]);
        // The first ends without releasing anything.
        bot.sandbox.clock().advance_to(until.timestamp_millis());
        settle_with(bot, &other).await;
        assert_eq!(said(bot), ["one", "two"]);
        enqueue(bot, &[post(bot, "three", &news, "three")]).await;
        let Turn::Idle(Some(_)) = bot.parts.outbox.deliver_once().await.unwrap() else {
            panic!("the first has lost its lease and must wait")
        };
        settle_with(bot, &other).await;
        assert_eq!(said(bot), ["one", "two", "three"]);
        bot.passes(Duration::minutes(1));
    }

    async fn taking_over_adds_no_burst(bot: &mut Bot) {
        const MESSAGES: usize = 60;
        let news = news(bot);
        let all = |bot: &Bot, text| -> Vec<NewEffect> {
            (0..MESSAGES).map(|n| post(bot, &format!("k{n}"), &news, text)).collect()
        };
        enqueue(bot, &all(bot, "hello")).await;
        bot.settle().await;
        // The other process runs all the time, and has had nothing to do.
        let pacer = Arc::new(Pacer::new(now(bot)));
        let engine = Engine { pacer, entropy: Entropy::seeded(2), ..bot.parts.engine.clone() };
        let other = Outbox::new(engine, bot.config.slack.call_timeout);
        bot.passes(Duration::minutes(2));
        enqueue(bot, &all(bot, "hello again")).await;
        let gone = now(bot) + Duration::seconds(50);
        while now(bot) < gone {
            if let Turn::Idle(Some(at)) = bot.parts.outbox.deliver_once().await.unwrap() {
                bot.sandbox.clock().advance_to(at.timestamp_millis());
            }
        }
        settle_with(bot, &other).await;
        assert_eq!(said(bot), vec!["hello again"; MESSAGES]);
        let updates = calls(bot, "chat.update");
        assert_eq!(updates.iter().filter(|call| call.http_status == 429).count(), 0);
    }
}
