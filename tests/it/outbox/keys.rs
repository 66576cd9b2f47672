//! Effects that change before, during and after their call; and the pace of calls.

use std::time::Duration as Real;

use super::*;
use crate::each_store;

/// Takes one step with a slow call, and does something meanwhile.
async fn while_sending<F: Future<Output = ()>>(bot: &Bot, meanwhile: impl FnOnce() -> F) {
    bot.sandbox.faults().latency(Real::from_millis(150));
    let sending = bot.parts.outbox.deliver_once();
    let changing = async {
        let store = bot.parts.engine.store.clone();
        let is_under_way =
            || async { store.outbox_list(10).await.unwrap().iter().any(|listed| listed.unknown) };
        bot.eventually("a call is under way", is_under_way).await;
        meanwhile().await;
    };
    let (step, ()) = tokio::join!(sending, changing);
    assert_eq!(step.unwrap(), Turn::Worked);
    bot.sandbox.faults().latency(Real::ZERO);
}

async fn withdraw(bot: &Bot, key: &str, to: &ChannelId) {
    let NewEffect { effect: work, .. } = post(bot, key, to, "taken back");
    let mut unit = UnitOfWork::new();
    outbox::amend(&mut unit, &bot.parts.engine.team, key, &work, now(bot)).unwrap();
    bot.parts.engine.store.commit(unit).await.unwrap();
}

each_store! {
    async fn an_early_change_is_sent_once(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one"), post(bot, "k", &news, "two")]).await;
        enqueue(bot, &[post(bot, "k", &news, "three")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["three"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.update").len()), (1, 0));
    }

    async fn a_change_during_sending_follows(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        while_sending(bot, || async { enqueue(bot, &[post(bot, "k", &news, "two")]).await }).await;
        bot.settle().await;
        assert_eq!(said(bot), ["two"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.update").len()), (1, 1));
    }

    async fn a_doubtful_post_is_changed_later(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        while_sending(bot, || async { enqueue(bot, &[post(bot, "k", &news, "two")]).await }).await;
        bot.settle().await;
        assert_eq!(said(bot), ["two"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.update").len()), (1, 1));
    }

    async fn a_late_change_updates_the_message(bot: &mut Bot) {
        let news = news(bot);
        for words in ["one", "two", "three"] {
            enqueue(bot, &[post(bot, "k", &news, words)]).await;
            bot.settle().await;
            assert_eq!(said(bot), [words]);
        }
        // The wait is counted from the change, not from the first version.
        bot.passes(Duration::days(1));
        enqueue(bot, &[post(bot, "k", &news, "four")]).await;
        let depth = bot.parts.engine.store.outbox_depth(now(bot)).await.unwrap();
        assert_eq!((depth.waiting, depth.oldest), (1, Duration::zero()));
        withdraw(bot, "k", &news).await;
        bot.settle().await;
        assert_eq!((said(bot), words_kept(bot).await), (vec!["taken back".to_owned()], 0));
    }

    async fn withdrawn_effects_are_never_sent(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        withdraw(bot, "k", &news).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), words_kept(bot).await), (0, 0));
    }

    async fn withdrawing_during_sending_is_reported(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        while_sending(bot, || withdraw(bot, "k", &news)).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), words_kept(bot).await), (0, 0), "it was withdrawn before it was read");
        enqueue(bot, &[post(bot, "k2", &news, "two")]).await;
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        while_sending(bot, || withdraw(bot, "k2", &news)).await;
        bot.settle().await;
        assert_eq!(said(bot), ["taken back"]);
    }

    async fn changes_wake_the_outbox(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        bot.settle().await;
        let store = bot.parts.engine.store.clone();
        let woken = store.outbox_filled();
        withdraw(bot, "k", &news).await;
        tokio::time::timeout(Real::from_secs(1), woken).await.expect("it is woken");
    }

    async fn a_busy_channel_delays_no_other(bot: &mut Bot) {
        let news = news(bot);
        let bulk = |n| NewEffect { lane: Lane::Bulk, ..post(bot, &format!("{n:02}"), &news, &format!("{n:02}")) };
        enqueue(bot, &(0..30).map(bulk).collect::<Vec<_>>()).await;
        bot.settle_within(Duration::seconds(10)).await;
        let asked = now(bot).timestamp_millis();
        let ben = Target::Person(UserId(bot.person("ben").id()));
        let quick = Effect::Post { to: ben.clone(), message: "quick".into() };
        enqueue(bot, &[NewEffect { effect: quick, ..post(bot, "quick", &news, "") }]).await;
        bot.settle().await;
        let posts = calls(bot, "chat.postMessage");
        let answered = posts.iter().find(|call| call.args["channel"] == ben.to_string()).unwrap().at_ms;
        assert!(answered - asked <= 1_000, "an answer waits {} ms behind bulk", answered - asked);
        let times: Vec<i64> =
            posts.iter().filter(|call| call.args["channel"] == news.as_str()).map(|call| call.at_ms).collect();
        assert_eq!(times.len(), 30);
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= 1_000), "{times:?}");
        assert!(times[29] - times[0] <= 35_000, "{} ms", times[29] - times[0]);
        assert_eq!(said(bot), (0..30).map(|n| format!("{n:02}")).collect::<Vec<_>>());
    }
}
