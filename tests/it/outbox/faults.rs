//! One post for each announcement, despite failures of the call.

use super::*;
use crate::{each_store, support::postgres};

each_store! {
    async fn a_doubtful_post_is_found(bot: &mut Bot) {
        let news = news(bot);
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!(calls(bot, "chat.postMessage").len(), 1);
        assert_eq!(calls(bot, "conversations.history").len(), 1);
        assert_eq!(words_kept(bot).await, 0, "what is said is erased");
        // Its place is known now, so it can be changed.
        enqueue(bot, &[post(bot, "k", &news, "hello again")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["hello again"]);
    }

    async fn a_lost_post_is_sent_again(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        let began = now(bot).timestamp_millis();
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!(calls(bot, "conversations.history").len(), 2);
        let again = calls(bot, "chat.postMessage")[1].at_ms - began;
        assert!(again >= 20_000, "a request may arrive late, so nothing is repeated after {again} ms");
    }

    async fn ambiguous_errors_are_investigated(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().fail("chat.postMessage", 1, "fatal_error");
        bot.sandbox.faults().fail("chat.postMessage", 1, "internal_error");
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!(calls(bot, "conversations.history").len(), 4);
    }

    async fn a_doubtful_dm_is_found(bot: &mut Bot) {
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        let ben = UserId(bot.person("ben").id());
        let message = "hello ben".into();
        let work = Effect::Post { to: Target::Person(ben), message };
        let effect = NewEffect { effect: work, ..post(bot, "k", &ChannelId(String::new()), "") };
        enqueue(bot, &[effect]).await;
        bot.settle().await;
        assert_eq!(bot.person("ben").reads_dm().len(), 1);
        assert_eq!(calls(bot, "chat.postMessage").len(), 1);
    }

    async fn a_429_blocks_only_posts(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        enqueue(bot, &[post(bot, "old", &news, "old")]).await;
        bot.settle().await;
        bot.passes(Duration::seconds(5));
        bot.sandbox.faults().rate_limit("chat.postMessage", 1, 30);
        let limited = now(bot).timestamp_millis();
        enqueue(bot, &[post(bot, "one", &news, "one"), post(bot, "two", &news, "two")]).await;
        bot.settle_within(Duration::seconds(10)).await;
        enqueue(bot, &[post(bot, "old", &news, "changed")]).await;
        bot.settle_within(Duration::seconds(5)).await;
        assert_eq!(said(bot), ["changed"], "a change is another method");
        bot.settle().await;
        assert_eq!(said(bot).len(), 3);
        let after: Vec<i64> = calls(bot, "chat.postMessage")[2..].iter().map(|call| call.at_ms - limited).collect();
        assert!(after.len() == 2 && after.iter().all(|ms| *ms >= 30_000), "{after:?}");
    }

    async fn a_channels_429_blocks_only_it(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        let other = ChannelId(bot.sandbox.add_channel("other", false, &["dee"]));
        bot.sandbox.invite("other", &bot.user);
        bot.passes(Duration::seconds(60));
        bot.sandbox.faults().rate_limit("chat.postMessage", 1, 300);
        enqueue(bot, &[post(bot, "limited", &news, "limited")]).await;
        bot.settle_within(Duration::seconds(1)).await;
        bot.passes(Duration::seconds(1));
        let began = now(bot);
        enqueue(bot, &[post(bot, "behind", &news, "behind"), post(bot, "free", &other, "free")]).await;
        bot.settle_within(Duration::seconds(5)).await;
        assert_eq!(bot.reads_last("dee", "#other"), "free");
        assert!(said(bot).is_empty());
        bot.settle_within(Duration::minutes(6)).await;
        assert_eq!(said(bot), ["limited", "behind"], "in their order");
        assert!(now(bot) - began >= Duration::seconds(299));
    }

    async fn retry_after_is_capped(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        for seconds in [9_000_000_000_000, u64::MAX, 0] {
            bot.sandbox.faults().rate_limit("chat.postMessage", 1, seconds);
        }
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle_within(Duration::minutes(121)).await;
        assert_eq!((said(bot), depth(bot).await), (vec!["hello".to_owned()], (0, 0)));
    }

    async fn a_429_on_history_is_obeyed(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        bot.sandbox.faults().rate_limit("conversations.history", 1, 60);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle().await;
        let looks = calls(bot, "conversations.history");
        assert_eq!(looks.len(), 2);
        assert!(looks[1].at_ms - looks[0].at_ms >= 60_000);
        assert_eq!(said(bot), ["hello"]);
    }

    async fn newer_messages_are_not_searched(bot: &mut Bot) {
        let news = news(bot);
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.parts.outbox.deliver_once().await.unwrap();
        bot.passes(Duration::minutes(5));
        for n in 0..1_000 {
            bot.person("ana").says("#news", &format!("chatter {n}")).await;
        }
        let from = now(bot);
        bot.settle().await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "conversations.history").len()), (1, 1));
        assert!(now(bot) - from < Duration::minutes(1));
    }

    async fn long_histories_are_searched_in_pages(bot: &mut Bot) {
        let news = news(bot);
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.parts.outbox.deliver_once().await.unwrap();
        // All of it within the time in which the post can have arrived.
        for n in 0..1_000 {
            bot.person("ana").says("#news", &format!("chatter {n}")).await;
        }
        bot.passes(Duration::seconds(20));
        let mut steps = 0;
        while calls(bot, "conversations.history").len() < 6 {
            let before = calls(bot, "conversations.history").len();
            if let Turn::Idle(Some(at)) = bot.parts.outbox.deliver_once().await.unwrap() {
                bot.sandbox.clock().advance_to(at.timestamp_millis());
            }
            assert!(calls(bot, "conversations.history").len() <= before + 1, "a step reads one page");
            steps += 1;
            assert!(steps < 100, "it goes on");
        }
        bot.settle().await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "conversations.history").len()), (1, 6));
    }

    async fn an_endless_history_is_abandoned(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        let repeated = NewEffect { delivery: DeliveryGuarantee::AtLeastOnce, ..post(bot, "repeated", &news, "rather twice") };
        bot.sandbox.faults().fail_5xx("chat.postMessage", 2);
        enqueue(bot, &[post(bot, "k", &news, "rather never"), repeated]).await;
        bot.settle_within(Duration::seconds(2)).await;
        for n in 0..2_100 {
            bot.person("ana").says("#news", &format!("chatter {n}")).await;
        }
        bot.settle().await;
        assert_eq!(said(bot), ["rather twice"]);
        assert_eq!(depth(bot).await, (0, 1), "the other one is given up, loudly");
        assert_eq!(calls(bot, "conversations.history").len(), 2 * 10);
        bot.parts.engine.store.outbox_drop(None).await.unwrap();
    }

    async fn an_outage_loses_nothing(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        enqueue(bot, &[post(bot, "changed", &news, "first words")]).await;
        bot.settle().await;
        bot.passes(Duration::seconds(5));
        bot.sandbox.faults().down(true);
        let effects: Vec<_> = (0..5).map(|n| post(bot, &format!("new {n}"), &news, &format!("new {n}"))).collect();
        enqueue(bot, &effects).await;
        enqueue(bot, &[post(bot, "changed", &news, "second words")]).await;
        bot.settle_within(Duration::minutes(30)).await;
        enqueue(bot, &[post(bot, "changed", &news, "last words"), post(bot, "new 0", &news, "new 0, mended")]).await;
        bot.settle_within(Duration::minutes(30)).await;
        let (waiting, dead) = depth(bot).await;
        assert_eq!((waiting, dead), (6, 0));
        bot.sandbox.faults().down(false);
        bot.settle().await;
        let mut said = said(bot);
        said.sort();
        assert_eq!(said, ["last words", "new 0, mended", "new 1", "new 2", "new 3", "new 4"]);
        assert!(calls(bot, "chat.postMessage").iter().all(|call| [200, 503].contains(&call.http_status)));
    }

    async fn a_revoked_token_holds_effects(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().fail("chat.postMessage", 5, "token_revoked");
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle_within(Duration::minutes(2)).await;
        assert_eq!((said(bot).len(), depth(bot).await), (0, (1, 0)), "nothing is given up");
        bot.settle_within(Duration::minutes(40)).await;
        assert_eq!(said(bot), ["hello"]);
        assert_eq!(calls(bot, "chat.postMessage").len(), 6);
        assert!(calls(bot, "conversations.history").is_empty(), "a refusal is no lost answer");
    }

    async fn a_refused_token_is_only_probed(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        let effects: Vec<_> = (0..40).map(|n| post(bot, &format!("k{n}"), &news, "hello")).collect();
        enqueue(bot, &effects).await;
        bot.sandbox.faults().fail("chat.postMessage", 1, "token_revoked");
        bot.sandbox.faults().fail("auth.test", 3, "token_revoked");
        let before = bot.sandbox.calls().len();
        bot.settle_within(Duration::minutes(14)).await;
        let made: Vec<String> = bot.sandbox.calls()[before..].iter().map(|call| call.method.clone()).collect();
        // A channel that the bot was invited to may be read before the token is refused, and never after it.
        let reads = |it: &&str| it.starts_with("conversations.");
        let made: Vec<&str> = made.iter().map(String::as_str).skip_while(reads).collect();
        assert_eq!(made, ["chat.postMessage", "auth.test", "auth.test", "auth.test"]);
        assert_eq!(depth(bot).await, (40, 0));
        assert_eq!(bot.gets("/readyz").await.status, 503);
        bot.settle_within(Duration::minutes(10)).await;
        assert_eq!(bot.gets("/readyz").await.status, 200);
        assert_eq!(said(bot).len(), 40, "all goes on by itself");
    }

    async fn an_archived_channel_falls_back(bot: &mut Bot) {
        bot.expects_refusals();
        news(bot);
        bot.person("ana").says("#news", "/kudos @ben for lunch").await;
        bot.sandbox.archive("news");
        bot.settle().await;
        let told = bot.person("ben").reads_dm();
        assert!(told.len() == 1 && told[0].plain().contains("lunch"), "{told:?}");
        assert_eq!(depth(bot).await, (0, 0));
    }

    async fn an_impossible_change_is_dropped(bot: &mut Bot) {
        bot.expects_refusals();
        for error in ["message_not_found", "cant_delete_message"] {
            bot.says("ana", "#general", "/kudos @ben for lunch").await;
            bot.sandbox.faults().fail("chat.delete", 1, error);
            let before = (bot.reads_dm("ana"), bot.reads_dm("ben"));
            bot.clicks("ana", "#general", "Undo").await;
            assert_eq!(depth(bot).await, (0, 0), "{error}: nothing counts as given up");
            assert_eq!((bot.reads_dm("ana"), bot.reads_dm("ben")), before, "{error}: no person is told");
            bot.passes(Duration::minutes(1));
        }
    }

    async fn a_permanent_refusal_is_visible(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.archive("news");
        enqueue(bot, &[post(bot, "k", &news, "secret words")]).await;
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 1));
        let store = bot.parts.engine.store.clone();
        let listed = store.outbox_list(10).await.unwrap();
        assert_eq!((listed.len(), listed[0].key.as_str(), listed[0].discarded), (1, "k", true));
        assert_eq!(listed[0].last_error.as_deref(), Some("is_archived"));
        assert!(!format!("{listed:?}").contains("secret words"));
        bot.sandbox.unarchive("news");
        assert_eq!(store.outbox_retry(Some("other"), now(bot)).await.unwrap(), 0);
        assert_eq!(store.outbox_retry(None, now(bot)).await.unwrap(), 1);
        bot.settle().await;
        assert_eq!((said(bot), depth(bot).await), (vec!["secret words".to_owned()], (0, 0)));
        bot.sandbox.archive("news");
        enqueue(bot, &[post(bot, "k2", &news, "more")]).await;
        bot.settle().await;
        assert_eq!(store.outbox_drop(Some("k2")).await.unwrap(), 1);
        assert_eq!((depth(bot).await, words_kept(bot).await), ((0, 0), 0));
    }

    async fn a_late_reply_is_dropped(bot: &mut Bot) {
        bot.expects_refusals();
        let answer = |key: &str, url: &str, minutes| NewEffect {
            expires_at: Some(now(bot) + Duration::minutes(minutes)),
            effect: Effect::Respond { url: url.to_owned(), message: "done".into(), replace: false },
            ..post(bot, key, &ChannelId(String::new()), "")
        };
        let gone = bot.sandbox.url() + "actions/T1/1/no_such_address";
        enqueue(bot, &[answer("expired at Slack", &gone, 25), answer("expired here", &gone, 0)]).await;
        bot.settle().await;
        assert_eq!((depth(bot).await, words_kept(bot).await), ((0, 0), 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn doubtful_posts_need_the_history_scope() {
    for url in [None, postgres::fresh_database().await] {
        let mut bot = Bot::with(url.as_deref(), &[("without", "channels:history")]).await;
        bot.expects_refusals();
        let news = news(&bot);
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        enqueue(&bot, &[post(&bot, "done", &news, "done")]).await;
        bot.settle().await;
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        enqueue(&bot, &[post(&bot, "not done", &news, "not done")]).await;
        bot.settle().await;
        assert_eq!((said(&bot), depth(&bot).await), (vec!["done".to_owned()], (0, 2)), "at most once");
        let store = bot.parts.engine.store.clone();
        for listed in store.outbox_list(10).await.unwrap() {
            let why = listed.last_error.unwrap();
            assert!(why.starts_with("its answer was lost, and the history is closed"), "{why}");
        }
        assert_eq!(store.outbox_drop(Some("done")).await.unwrap(), 1);
        assert_eq!(store.outbox_retry(Some("not done"), now(&bot)).await.unwrap(), 1);
        bot.settle().await;
        assert_eq!(said(&bot), ["done", "not done"]);
        let prompt =
            NewEffect { delivery: DeliveryGuarantee::AtLeastOnce, ..post(&bot, "prompt", &news, "prompt") };
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        enqueue(&bot, &[prompt]).await;
        bot.settle().await;
        assert_eq!(said(&bot), ["done", "not done", "prompt"], "a prompt goes at least once");
        bot.finish().await;
    }
}
