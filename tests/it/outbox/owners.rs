//! Effects that are withdrawn when their owner ends.

use std::time::Duration as Real;

use rondo::model::owner::Owner;

use super::*;
use crate::each_store;

fn programme() -> Owner {
    Owner::Programme("p".to_owned())
}

fn owned(bot: &Bot, key: &str, to: &ChannelId) -> NewEffect {
    NewEffect { owner: programme(), ..post(bot, key, to, key) }
}

/// Ends the programme with a farewell, in one unit.
async fn ends(bot: &Bot, to: &ChannelId) {
    let mut unit = UnitOfWork::new();
    let team = &bot.parts.engine.team;
    outbox::withdraw(&mut unit, team, &programme(), now(bot));
    outbox::enqueue(&mut unit, team, &post(bot, "farewell", to, "farewell"), now(bot)).unwrap();
    bot.parts.engine.store.commit(unit).await.unwrap();
}

/// Takes a step with a slow call, and ends the programme meanwhile.
async fn ends_while_calling(bot: &Bot, method: &str, to: &ChannelId) {
    bot.sandbox.faults().latency(Real::from_millis(300));
    let step = bot.parts.outbox.deliver_once();
    let ending = async {
        let store = bot.parts.engine.store.clone();
        let is_claimed =
            || async { store.outbox_list(10).await.unwrap().iter().any(|listed| listed.attempts > 0) };
        bot.eventually("a call is under way", is_claimed).await;
        ends(bot, to).await;
    };
    tokio::join!(step, ending).0.unwrap();
    bot.sandbox.faults().latency(Real::ZERO);
    assert_eq!(calls(bot, method).len(), 1);
}

each_store! {
    async fn ending_withdraws_pending_effects(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[owned(bot, "sent", &news)]).await;
        bot.settle().await;
        let later = NewEffect { not_before: now(bot) + Duration::minutes(1), ..owned(bot, "later", &news) };
        enqueue(bot, &[owned(bot, "unsent", &news), later, post(bot, "another's", &news, "another's")]).await;
        ends(bot, &news).await;
        bot.settle().await;
        let mut said = said(bot);
        said.sort();
        assert_eq!((said, words_kept(bot).await), (["another's", "farewell", "sent"].map(str::to_owned).to_vec(), 0));
    }

    async fn withdrawn_keys_can_be_reused(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[owned(bot, "k", &news), owned(bot, "changed", &news)]).await;
        ends(bot, &news).await;
        let mut unit = UnitOfWork::new();
        let work = post(bot, "changed", &news, "other words").effect;
        outbox::amend(&mut unit, &bot.parts.engine.team, "changed", &work, now(bot)).unwrap();
        bot.parts.engine.store.commit(unit).await.unwrap();
        enqueue(bot, &[owned(bot, "k", &news)]).await;
        bot.settle().await;
        let mut said = said(bot);
        said.sort();
        assert_eq!(said, ["farewell", "k"]);
    }

    async fn dropped_effects_are_reported(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[owned(bot, "sent", &news)]).await;
        bot.settle().await;
        let later = NewEffect { not_before: now(bot) + Duration::hours(1), ..owned(bot, "later", &news) };
        enqueue(bot, &[owned(bot, "unsent", &news), later, post(bot, "another's", &news, "another's")]).await;
        let engine = &bot.parts.engine;
        let drop = async || engine.store.outbox_expire(&engine.team, &programme(), now(bot)).await.unwrap();
        assert_eq!((drop().await, drop().await), (2, 0));
        bot.settle().await;
        let mut said = said(bot);
        said.sort();
        assert_eq!((said, words_kept(bot).await), (["another's", "sent"].map(str::to_owned).to_vec(), 0));
    }

    async fn dropping_repeats_no_open_call(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        enqueue(bot, &[owned(bot, "k", &news)]).await;
        bot.parts.outbox.deliver_once().await.unwrap();
        let engine = &bot.parts.engine;
        assert_eq!(engine.store.outbox_expire(&engine.team, &programme(), now(bot)).await.unwrap(), 1);
        bot.settle().await;
        assert_eq!((said(bot).len(), calls(bot, "chat.postMessage").len(), depth(bot).await), (0, 1, (0, 0)));
    }

    async fn discarded_effects_are_withdrawn(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().fail("chat.postMessage", 1, "invalid_blocks");
        enqueue(bot, &[owned(bot, "k", &news)]).await;
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 1));
        ends(bot, &news).await;
        bot.settle().await;
        assert_eq!((said(bot), depth(bot).await), (vec!["farewell".to_owned()], (0, 0)));
    }

    async fn withdrawing_stops_an_opened_group(bot: &mut Bot) {
        let news = news(bot);
        let people = ["ana", "ben"].map(|name| UserId(bot.person(name).id())).to_vec();
        let work = Effect::Post { to: Target::Group(people), message: "hello".into() };
        enqueue(bot, &[NewEffect { effect: work, ..owned(bot, "k", &news) }]).await;
        ends_while_calling(bot, "conversations.open", &news).await;
        bot.settle().await;
        assert_eq!((calls(bot, "chat.postMessage").len(), said(bot)), (1, vec!["farewell".to_owned()]));
    }

    async fn withdrawing_repeats_no_open_post(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        enqueue(bot, &[owned(bot, "k", &news)]).await;
        ends_while_calling(bot, "chat.postMessage", &news).await;
        bot.settle().await;
        assert_eq!((said(bot), words_kept(bot).await), (vec!["farewell".to_owned()], 0));
    }
}
