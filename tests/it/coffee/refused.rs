//! What Slack refuses, and what people read instead.

use super::*;

each_store! {
    async fn an_unreachable_person_is_reported(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben"]).await;
        bot.expects_refusals();
        bot.sandbox.faults().fail("conversations.open", 1, "user_disabled");
        comes_round(bot).await;
        for (who, other) in [("ana", "ben"), ("ben", "ana")] {
            assert_eq!(
                bot.reads_dm(who),
                [format!(
                    ":coffee: I wanted to introduce you to @{other} for a coffee chat from #cafe, but Slack won't let me \
                     message you together.\nA message from you may well get through."
                )]
            );
        }
        assert!(rounds(bot, &channel).await.is_empty(), "it does not count as a time together");
        assert!(status(bot, "ana").await.contains("I couldn't introduce 1."));
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben"]);
    }

    async fn a_refusal_stops_no_other_group(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.expects_refusals();
        bot.sandbox.faults().fail("conversations.open", 1, "user_not_found");
        comes_round(bot).await;
        let reached = ["ana", "ben", "cy", "dee"].iter().filter(|who| !bot.person(who).group_dms().is_empty());
        assert_eq!(reached.count(), 2);
    }

    async fn total_refusal_is_reported_once(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.expects_refusals();
        bot.sandbox.faults().fail("conversations.open", 2, "missing_scope");
        comes_round(bot).await;
        assert_eq!(
            bot.reads_dm("ana"),
            ["I couldn't introduce people in the coffee chats of #cafe: Slack says `missing_scope`.\n\
              Please tell the person who runs me: `rondo check` says what to fix, and `rondo outbox retry` then sends the \
              introductions."]
        );
        let engine = bot.parts.engine.clone();
        let depth = engine.store.outbox_depth(engine.clock.now()).await.unwrap();
        assert_eq!(depth.discarded, 2, "they are there to be sent");
        engine.store.outbox_retry(None, engine.clock.now()).await.unwrap();
        bot.settle().await;
        assert!(["ana", "ben", "cy", "dee"].iter().all(|who| bot.person(who).group_dms().len() == 1));
    }

    async fn silent_channels_still_have_rounds(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.expects_refusals();
        bot.sandbox.faults().fail("chat.postMessage", 1, "restricted_action");
        bot.clicks("ana", "#cafe", "Start").await;
        let told = bot.reads_dm("ana").join("\n");
        assert!(told.starts_with("The coffee chats in #cafe are on, but I couldn't post about them there:"), "{told}");
        comes_round(bot).await;
        assert_eq!(reads_group(bot, "ben", &["ana".to_owned()]).len(), 1);
    }

    async fn a_lost_answer_introduces_once(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.faults().lose_answer("chat.postMessage", 1);
        comes_round(bot).await;
        assert_eq!(reads_group(bot, "ana", &["ben".to_owned()]).len(), 1);
    }
}
