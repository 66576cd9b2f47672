//! Rows of other releases, and unreadable rows.

use rondo::values;

use super::*;
use crate::each_store;

async fn plants(bot: &Bot, sql: &'static str, key: &str, value: rondo::store::unit::Value) {
    let mut unit = UnitOfWork::new();
    let mut question = values![bot.parts.engine.team.as_str(), key];
    question.push(value);
    unit.run(sql, question);
    bot.parts.engine.store.commit(unit).await.unwrap();
}

each_store! {
    async fn newer_rows_are_left_alone(bot: &mut Bot) {
        let news = news(bot);
        enqueue(bot, &[post(bot, "a newer one", &news, "newer"), post(bot, "k", &news, "hello")]).await;
        plants(bot, "UPDATE outbox SET format = $3 WHERE team_id = $1 AND key = $2", "a newer one", 2.into()).await;
        bot.settle().await;
        assert_eq!((said(bot), depth(bot).await), (vec!["hello".to_owned()], (0, 0)));
        let listed = bot.parts.engine.store.outbox_list(10).await.unwrap();
        assert_eq!((listed.len(), listed[0].newer, listed[0].attempts), (1, true, 0));
        // What this release asks for under the same key is its own again.
        enqueue(bot, &[post(bot, "a newer one", &news, "older")]).await;
        bot.settle().await;
        assert_eq!(said(bot), ["hello", "older"]);
    }

    async fn unreadable_rows_are_set_aside(bot: &mut Bot) {
        let news = news(bot);
        let effects = ["a waltz", "broken", "empty", "unknown", "well"].map(|key| post(bot, key, &news, key));
        enqueue(bot, &effects).await;
        let payload = "UPDATE outbox SET payload = $3 WHERE team_id = $1 AND key = $2";
        plants(bot, payload, "a waltz", r#"{"Waltz":{"to":"secret words"}}"#.into()).await;
        plants(bot, payload, "broken", r#"{"Post":{"to":"secret words""#.into()).await;
        plants(bot, payload, "empty", None::<String>.into()).await;
        let delivery = "UPDATE outbox SET delivery = $3 WHERE team_id = $1 AND key = $2";
        plants(bot, delivery, "unknown", "twice".into()).await;
        bot.settle().await;
        assert_eq!((said(bot), depth(bot).await), (vec!["well".to_owned()], (0, 4)));
        let store = bot.parts.engine.store.clone();
        for listed in store.outbox_list(10).await.unwrap() {
            let why = listed.last_error.expect("a reason");
            assert!(listed.discarded && !why.contains("secret"), "{}: {why}", listed.key);
        }
        // A release that still cannot read it sets it aside again.
        store.outbox_retry(Some("a waltz"), now(bot)).await.unwrap();
        bot.settle().await;
        assert_eq!(depth(bot).await, (0, 4));
        store.outbox_drop(None).await.unwrap();
    }

    async fn used_response_urls_are_forgotten(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Undo").await;
        bot.says("ana", "#secret", "/kudos @ben for tea").await;
        let gone = bot.sandbox.url() + "actions/T1/1/no_such_address";
        let work = Effect::Respond { url: gone.clone(), message: "done".into(), replace: false };
        enqueue(bot, &[NewEffect { effect: work, ..post(bot, "k", &ChannelId(String::new()), "") }]).await;
        bot.settle().await;
        let store = bot.parts.engine.store.clone();
        let kept = store
            .ask("SELECT key FROM outbox WHERE note LIKE '%response_url%' OR payload LIKE '%http%'", Vec::new())
            .await
            .unwrap();
        assert!(kept.is_empty(), "{kept:?}");
        store.outbox_drop(None).await.unwrap();
    }
}
