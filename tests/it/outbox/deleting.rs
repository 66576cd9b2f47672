//! Deletions.

use super::*;
use crate::each_store;

async fn deletes(bot: &Bot, key: &str, to: &Target) {
    let mut unit = UnitOfWork::new();
    let work = Effect::Delete { to: to.clone() };
    outbox::amend(&mut unit, &bot.parts.engine.team, key, &work, now(bot)).unwrap();
    bot.parts.engine.store.commit(unit).await.unwrap();
}

each_store! {
    async fn a_deleted_post_can_be_repeated(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle().await;
        deletes(bot, "k", &Target::Channel(news.clone())).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), calls(bot, "chat.delete").len(), words_kept(bot).await), (0, 1, 0));
        enqueue(bot, &[post(bot, "k", &news, "hello again")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["hello again"]);
    }

    async fn deleting_stops_a_pending_post(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        deletes(bot, "k", &Target::Channel(news.clone())).await;
        let work = Effect::Delete { to: Target::Channel(news.clone()) };
        enqueue(bot, &[NewEffect { effect: work, ..post(bot, "unknown", &news, "") }]).await;
        bot.settle().await;
        assert_eq!((calls(bot, "chat.postMessage").len(), calls(bot, "chat.delete").len()), (0, 0));
        assert_eq!((depth(bot).await, words_kept(bot).await), ((0, 0), 0));
    }

    async fn a_doubtful_post_is_deleted(bot: &mut Bot) {
        let (news, ben) = (news(bot), Target::Person(UserId(bot.person("ben").id())));
        bot.sandbox.faults().lose_answer("chat.postMessage", 2);
        let work = Effect::Post { to: ben.clone(), message: "hello ben".into() };
        enqueue(bot, &[post(bot, "k", &news, "hello"), NewEffect { effect: work, ..post(bot, "dm", &news, "") }]).await;
        bot.settle_within(Duration::seconds(2)).await;
        assert_eq!((said(bot).len(), bot.reads_dm("ben").len()), (1, 1), "they arrived");
        deletes(bot, "k", &Target::Channel(news.clone())).await;
        deletes(bot, "dm", &ben).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), bot.reads_dm("ben").len()), (0, 0));
        assert_eq!(calls(bot, "chat.delete").len(), 2);
    }

    async fn a_missing_message_counts_as_deleted(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        for error in ["message_not_found", "cant_delete_message", "is_archived"] {
            enqueue(bot, &[post(bot, error, &news, "hello")]).await;
            bot.settle().await;
            bot.sandbox.faults().fail("chat.delete", 1, error);
            deletes(bot, error, &Target::Channel(news.clone())).await;
            bot.settle().await;
            assert_eq!((depth(bot).await, words_kept(bot).await), ((0, 0), 0), "{error}");
        }
    }

    async fn a_doubtful_deletion_is_repeated(bot: &mut Bot) {
        bot.expects_refusals();
        let news = news(bot);
        enqueue(bot, &[post(bot, "k", &news, "hello")]).await;
        bot.settle().await;
        bot.sandbox.faults().lose_answer("chat.delete", 1);
        deletes(bot, "k", &Target::Channel(news.clone())).await;
        bot.settle().await;
        assert_eq!((said(bot).len(), depth(bot).await), (0, (0, 0)));
    }
}
