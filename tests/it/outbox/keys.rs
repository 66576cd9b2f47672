//! What changes before, while and after it is said; and the pace at which it is said.

use std::time::Duration as Real;

use super::*;
use crate::each_store;

/// Takes one step with a call that dawdles, and does something while the call is under way.
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
    async fn what_changes_before_it_is_said_is_said_once_with_the_last_words(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one"), post(bot, "k", &news, "two")]).await;
        enqueue(bot, &[post(bot, "k", &news, "three")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["three"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.update").len()), (1, 0));
    }

    async fn what_changes_while_it_is_being_said_is_changed_after(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        while_sending(bot, || async { enqueue(bot, &[post(bot, "k", &news, "two")]).await }).await;
        bot.settle().await;
        assert_eq!(said(bot), ["two"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.update").len()), (1, 1));
    }

    async fn what_changes_while_its_answer_is_being_lost_is_changed_once_found(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        while_sending(bot, || async { enqueue(bot, &[post(bot, "k", &news, "two")]).await }).await;
        bot.settle().await;
        assert_eq!(said(bot), ["two"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.update").len()), (1, 1));
    }

    async fn what_changes_after_it_was_said_is_changed_where_it_stands(bot: &mut Bot) {
        let news = news(bot);
        for words in ["one", "two", "three"] {
            enqueue(bot, &[post(bot, "k", &news, words)]).await;
            bot.settle().await;
            assert_eq!(said(bot), [words]);
        }
        // The wait is counted from the change, not from the first words.
        bot.passes(Duration::days(1));
        enqueue(bot, &[post(bot, "k", &news, "four")]).await;
        let depth = bot.parts.engine.store.outbox_depth(now(bot)).await.unwrap();
        assert_eq!((depth.waiting, depth.oldest), (1, Duration::zero()));
        withdraw(bot, "k", &news).await;
        bot.settle().await;
        assert_eq!((said(bot), words_kept(bot).await), (vec!["taken back".to_owned()], 0));
    }

    async fn what_is_withdrawn_before_it_is_said_is_never_said(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        withdraw(bot, "k", &news).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), words_kept(bot).await), (0, 0));
    }

    async fn what_is_withdrawn_while_it_is_being_said_says_so_only_if_it_arrived(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        while_sending(bot, || withdraw(bot, "k", &news)).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), words_kept(bot).await), (0, 0), "nobody read what is taken back");
        enqueue(bot, &[post(bot, "k2", &news, "two")]).await;
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        while_sending(bot, || withdraw(bot, "k2", &news)).await;
        bot.settle().await;
        assert_eq!(said(bot), ["taken back"]);
    }

    async fn a_change_wakes_the_outbox_at_once(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "one")]).await;
        bot.settle().await;
        let store = bot.parts.engine.store.clone();
        let woken = store.outbox_filled();
        withdraw(bot, "k", &news).await;
        tokio::time::timeout(Real::from_secs(1), woken).await.expect("it is woken");
    }

    async fn thirty_posts_in_one_channel_go_out_at_one_a_second_and_delay_nobody(bot: &mut Bot) {
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
