//! What happens to a round that is being sent while its chats are stopped.

use slack_sandbox::NewPerson;

use super::*;

const PEOPLE: usize = 60;
const SENT: usize = 5;

/// Counts the messages that were sent elsewhere than to the channel.
fn introduced(bot: &Bot, channel: &ChannelId) -> usize {
    let posts = bot.sandbox.calls().into_iter().filter(|call| call.method == "chat.postMessage");
    posts.filter(|call| call.args["channel"] != channel.as_str()).count()
}

/// Ana stops the chats while the first introduction is being sent.
async fn stops_behind_the_first(bot: &mut Bot, channel: &ChannelId) {
    while introduced(bot, channel) == 0 {
        if let rondo::engine::turns::Turn::Idle(Some(at)) = bot.parts.outbox.deliver_once().await.unwrap() {
            bot.sandbox.clock().advance_to(at.timestamp_millis());
        }
    }
    bot.person("ana").says("#cafe", "/coffee stop").await;
    bot.clicks("ana", "#cafe", "Stop these chats").await;
    bot.settle().await;
}

each_store! {
    async fn stopping_withdraws_unsent_introductions(bot: &mut Bot) {
        let names: Vec<String> = (0..PEOPLE).map(|n| format!("p{n:02}")).collect();
        for name in &names {
            bot.sandbox.add_person(NewPerson::named(name));
        }
        bot.reads_the_workspace().await;
        let people: Vec<&str> = std::iter::once("ana").chain(names.iter().map(String::as_str)).take(PEOPLE).collect();
        let channel = running_cafe(bot, &people).await;
        let engine = bot.parts.engine.clone();
        let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        assert_eq!(bot.parts.ticker.tick_once().await.unwrap(), rondo::engine::turns::Turn::Worked);
        while introduced(bot, &channel) < SENT {
            if let rondo::engine::turns::Turn::Idle(Some(at)) = bot.parts.outbox.deliver_once().await.unwrap() {
                bot.sandbox.clock().advance_to(at.timestamp_millis());
            }
        }
        bot.person("ana").says("#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        bot.settle_within(chrono::Duration::minutes(30)).await;
        assert_eq!(introduced(bot, &channel), SENT, "no introduction follows the stop");
        assert!(bot.reads_last("p00", "#cafe").contains("has stopped the coffee chats"), "{}", bot.reads_last("p00", "#cafe"));
        let held = store::held(&engine.context().store, &programme_in(bot, &channel).await.unwrap().id, 1).await.unwrap();
        let unreached = i64::try_from(PEOPLE / 2 - SENT).unwrap();
        assert_eq!((held[0].groups, held[0].unreached), (unreached + i64::try_from(SENT).unwrap(), unreached));
        assert_eq!(rounds(bot, &channel).await[0].len(), SENT, "the others did not meet");
    }

    async fn open_introductions_mention_the_end(bot: &mut Bot) {
        bot.expects_refusals();
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let engine = bot.parts.engine.clone();
        let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.parts.ticker.tick_once().await.unwrap();
        // Slack posts the first one, and its answer is lost.
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        stops_behind_the_first(bot, &channel).await;
        let read: Vec<String> = ["ana", "ben", "cy", "dee"]
            .into_iter()
            .flat_map(|name| bot.person(name).group_dms().into_iter().map(move |dm| (name, dm)))
            .map(|(name, dm)| bot.person(name).reads(&dm).pop().unwrap())
            .map(|message| {
                assert!(!message.blocks.iter().any(|block| block["type"] == "actions"), "nothing to press");
                bot.as_read(&message.text)
            })
            .collect();
        assert_eq!(read.len(), 2, "one group: {read:?}");
        assert!(read.iter().all(|text| text.contains("Just as I introduced you, the coffee chats in #cafe came to an end.")), "{read:?}");
        let held = store::held(&engine.context().store, &programme_in(bot, &channel).await.unwrap().id, 1).await.unwrap();
        assert_eq!((held[0].groups, held[0].unreached), (2, 1));
    }

    async fn lost_introductions_are_not_repeated(bot: &mut Bot) {
        bot.expects_refusals();
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let engine = bot.parts.engine.clone();
        let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.parts.ticker.tick_once().await.unwrap();
        // It is not known whether Slack posts it, and it does not.
        bot.sandbox.faults().fail_5xx("chat.postMessage", 1);
        stops_behind_the_first(bot, &channel).await;
        assert_eq!(introduced(bot, &channel), 1, "it is not tried again");
        let held = store::held(&engine.context().store, &programme_in(bot, &channel).await.unwrap().id, 1).await.unwrap();
        assert_eq!((held[0].groups, held[0].unreached), (1, 1));
    }

    async fn late_introductions_do_not_count(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        let engine = bot.parts.engine.clone();
        let next = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        bot.sandbox.clock().advance_to(next.timestamp_millis());
        bot.parts.ticker.tick_once().await.unwrap();
        bot.passes(chrono::Duration::days(4));
        bot.settle().await;
        assert!(bot.person("ana").group_dms().is_empty());
        assert!(rounds(bot, &channel).await.is_empty(), "they were never introduced");
    }

    async fn chats_with_a_last_day_say_that_it_was_the_last(bot: &mut Bot) {
        cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.says("ana", "#cafe", "/coffee start every Tuesday at 10:00 until 13 January").await;
        bot.clicks("ana", "#cafe", "Start").await;
        crate::sync::before::until(bot, "2026-01-14T12:00").await;
        let over = ":coffee: That was it for the coffee chats: they were set up until Tuesday, 13 January 2026. Thanks for meeting, everyone!";
        assert_eq!(bot.reads("ben", "#cafe").iter().filter(|text| *text == over).count(), 1);
        let asked = ":coffee: Coffee chats in #cafe ran until Tuesday, 13 January 2026, as you'd set them up, and no further round is planned.";
        assert_eq!(bot.reads_dm("ana").iter().filter(|text| text.starts_with(asked)).count(), 1);
    }
}
