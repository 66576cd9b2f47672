//! Where kudos are given: if the bot may not post there, people are still told.

use chrono::Duration;
use rondo::{
    model::{
        effect::{NewEffect, Origin, Target},
        people::UserId,
    },
    store::{outbox, unit::UnitOfWork},
};

use crate::{each_store, support::Bot};

const INVITE: &str = "I can't post here, so I'm telling @ben in a direct message.\n\
                      To let everyone here see the next one, invite me: `/invite` @rondo";

/// Adds a channel of ana and ben that the bot knows.
async fn channel(bot: &mut Bot, name: &str, is_private: bool) {
    bot.sandbox.add_channel(name, is_private, &["ana", "ben"]);
    bot.sandbox.invite(name, &bot.user);
    bot.hears_events().await;
}

each_store! {
    async fn private_reasons_stay_inside(bot: &mut Bot) {
        let secret = bot.sandbox.add_channel("plans", true, &["ana", "ben"]);
        bot.sandbox.invite("plans", &bot.user);
        bot.hears_events().await;
        bot.reads_the_workspace().await;
        bot.says("ana", "#plans", "/kudos @cy @ben for the merger").await;
        bot.says("ana", "#general", "/kudos @cy for the tea").await;
        let read = bot.says("cy", "#general", "/kudos mine").await.plain();
        assert!(read.contains("received 2 kudos") || read.contains("given 0") || read.contains("2 kudos"), "{read}");
        assert!(read.contains(": the tea") && !read.contains("merger"), "{read}");
        assert!(bot.says("ben", "#general", "/kudos mine").await.plain().contains(": the merger"), "he is in it");
        assert!(bot.says("ana", "#general", "/kudos mine").await.plain().contains(": the merger"), "she said it");
        bot.sandbox.kick("plans", "ben");
        bot.hears_events().await;
        let read = bot.says("ben", "#general", "/kudos mine").await.plain();
        assert!(!read.contains("merger"), "he has left {secret}: {read}");
    }

    async fn unknown_channels_count_as_private(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#lounge", "/kudos @ben for the plan").await;
        let read = bot.says("ben", "#general", "/kudos mine").await.plain();
        assert!(read.contains("from ") && !read.contains("the plan"), "{read}");
    }

    async fn without_the_bot_people_get_dms(bot: &mut Bot) {
        bot.expects_refusals();
        for place in ["#secret", "#lounge"] {
            bot.says("ana", place, &format!("/kudos @ben for the {place} plan")).await;
            assert_eq!(bot.reads_last("ana", place), INVITE);
            assert_eq!(bot.reads("ben", place).len(), 0, "the others do not read it there");
        }
        let told = bot.reads_dm("ben");
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with(":tada: *Ana* thanks you\n>the "), "{told:?}");
    }

    async fn an_invited_bot_posts_in_the_channel(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#secret", "/kudos @ben for the plan").await;
        bot.sandbox.invite("secret", &bot.user);
        bot.says("ana", "#secret", "/kudos @ben for the tea").await;
        assert_eq!(bot.reads("ben", "#secret"), [":tada: *Ana* thanks @ben\n>the tea"]);
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
    }

    async fn receivers_learn_of_each_other(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#lounge", "/kudos @ben @cy @dee for the plan").await;
        assert_eq!(bot.reads_dm("cy"), [":tada: *Ana* thanks you, together with @ben and @dee\n>the plan"]);
        assert!(bot.reads_dm("ana").is_empty());
    }

    async fn an_archived_channel_is_explained(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.archive("general");
        bot.says("ana", "#general", "/kudos @ben for the plan").await;
        let expected = "I can't post here, so I'm telling @ben in a direct message. This channel is archived.";
        assert_eq!(bot.reads_last("ana", "#general"), expected);
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
    }

    async fn a_restricted_channel_is_explained(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.faults().fail("chat.postMessage", 1, "restricted_action");
        bot.says("ana", "#general", "/kudos @ben for the plan").await;
        let read = bot.reads_last("ana", "#general");
        assert!(read.ends_with("Posting is restricted here. A workspace admin can change that."), "{read}");
    }

    async fn a_late_refusal_reaches_the_giver(bot: &mut Bot) {
        bot.expects_refusals();
        bot.person("ana").says("#lounge", "/kudos @ben for the plan").await;
        bot.passes(Duration::minutes(26));
        bot.settle().await;
        assert_eq!(bot.reads_dm("ana"), [INVITE]);
        assert_eq!(bot.reads_dm("ben").len(), 1);
    }

    async fn in_a_dm_the_other_is_told(bot: &mut Bot) {
        let answer = bot.says("ana", "@ben", "/kudos @ben @cy for the plan").await;
        let expected = "Kudos to @ben and @cy! :tada:\n\
                        This conversation is private, so I'm telling them in a direct message.\n\
                        You can undo this for 10 minutes.";
        assert_eq!(bot.as_read(&answer.text), expected);
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you, together with @cy\n>the plan"]);
        assert!(bot.reads("ben", "@ana").is_empty(), "the bot says nothing in a conversation that is not its own");
    }

    async fn the_bots_own_dm_works_too(bot: &mut Bot) {
        bot.says("ana", "@rondo", "/kudos @ben for the plan").await;
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
        assert_eq!(bot.reads_dm("ana").len(), 1, "the confirmation alone");
        bot.clicks("ana", "@rondo", "Undo").await;
        assert!(bot.reads_dm("ben").is_empty());
    }

    async fn outsiders_are_told_by_dm(bot: &mut Bot) {
        channel(bot, "team", false).await;
        bot.says("ana", "#team", "/kudos @ben @cy for the plan").await;
        assert_eq!(bot.reads("ben", "#team"), [":tada: *Ana* thanks @ben and @cy\n>the plan"]);
        assert_eq!(bot.reads_dm("cy"), [":tada: *Ana* thanks you, together with @ben\n>the plan"]);
        assert!(bot.reads_dm("ben").is_empty(), "who sees the announcement is told once");
        bot.clicks("ana", "#team", "Undo").await;
        assert!(bot.reads_dm("cy").is_empty());
    }

    async fn private_channels_keep_the_reason(bot: &mut Bot) {
        channel(bot, "vault", true).await;
        bot.says("ana", "#vault", "/kudos @cy for the merger").await;
        bot.passes(Duration::seconds(5));
        bot.settle().await;
        assert_eq!(
            bot.reads_dm("cy"),
            [":tada: *Ana* thanks you\nThey said what for in a conversation that you're not in."]
        );
    }

    async fn doubtful_channels_keep_the_reason(bot: &mut Bot) {
        bot.expects_refusals();
        channel(bot, "team", false).await;
        // It was public an hour ago, and Slack does not say what it is now.
        bot.passes(Duration::hours(2));
        bot.sandbox.faults().fail("conversations.info", 1_000, "internal_error");
        bot.says("ana", "#team", "/kudos @cy for the merger").await;
        for _ in 0..30 {
            bot.passes(Duration::seconds(5));
            bot.settle().await;
        }
        let told = bot.reads_dm("cy");
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(!told[0].contains("merger"), "{told:?}");
    }

    async fn old_channel_knowledge_is_checked(bot: &mut Bot) {
        channel(bot, "team", false).await;
        bot.passes(Duration::hours(2));
        bot.says("ana", "#team", "/kudos @cy for the plan").await;
        bot.passes(Duration::seconds(5));
        bot.settle().await;
        assert_eq!(bot.reads_dm("cy"), [":tada: *Ana* thanks you\n>the plan"]);
    }

    async fn a_late_member_is_told_once(bot: &mut Bot) {
        channel(bot, "team", false).await;
        bot.person("ana").says("#team", "/kudos @cy for the plan").await;
        bot.sandbox.invite("team", &bot.person("cy").id());
        bot.hears_events().await;
        bot.settle().await;
        assert_eq!((bot.reads("cy", "#team").len(), bot.reads_dm("cy").len()), (1, 0));
    }

    async fn unknown_members_are_read_first(bot: &mut Bot) {
        bot.sandbox.add_channel("team", false, &["ana", "ben"]);
        bot.sandbox.invite("team", &bot.user);
        bot.says("ana", "#team", "/kudos @ben @cy for the plan").await;
        bot.passes(Duration::seconds(5));
        bot.settle().await;
        assert_eq!((bot.reads_dm("ben").len(), bot.reads_dm("cy").len()), (0, 1));
    }

    async fn an_early_undo_tells_no_person(bot: &mut Bot) {
        bot.sandbox.add_channel("team", false, &["ana", "ben"]);
        bot.sandbox.invite("team", &bot.user);
        bot.person("ana").says("#team", "/kudos @cy for the plan").await;
        while bot.reads("ana", "#team").iter().all(|text| !text.contains("thanks")) {
            bot.parts.outbox.deliver_once().await.unwrap();
        }
        bot.clicks("ana", "#team", "Undo").await;
        bot.passes(Duration::minutes(1));
        bot.settle().await;
        assert!(bot.reads_dm("cy").is_empty());
    }

    async fn group_dms_keep_the_reason(bot: &mut Bot) {
        // Slack reveals a group DM by asking for a scope that the bot does not need.
        bot.expects_refusals();
        let engine = &bot.parts.engine;
        let people = ["ana", "ben"].map(|name| UserId(bot.person(name).id()));
        let to = Target::Group(people.to_vec());
        let now = engine.clock.now();
        let effect = NewEffect::post(Origin::default(), "hello".to_owned(), to, "Hello".into(), now);
        let mut unit = UnitOfWork::new();
        outbox::enqueue(&mut unit, &engine.team, &effect, now).unwrap();
        engine.store.commit(unit).await.unwrap();
        bot.settle().await;
        let dm = bot.person("ana").group_dms().pop().unwrap();
        bot.says("ana", &dm, "/kudos @ben @cy for the surprise").await;
        bot.passes(Duration::seconds(5));
        bot.settle().await;
        assert_eq!((bot.reads("ben", &dm).len(), bot.reads_dm("ben").len()), (2, 0));
        let told = bot.reads_dm("cy");
        assert!(told.len() == 1 && !told[0].contains("surprise"), "{told:?}");
    }

    async fn unreachable_people_block_nothing(bot: &mut Bot) {
        bot.expects_refusals();
        let ana = bot.person("ana");
        ana.says("#lounge", "/kudos @ben @cy for the plan").await;
        bot.sandbox.deactivate("cy");
        bot.settle().await;
        assert_eq!(bot.reads_dm("ben").len(), 1);
    }
}
