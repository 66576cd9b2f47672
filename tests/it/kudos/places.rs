//! Where kudos are given: where the bot may not post, people are told all the same.

use chrono::Duration;

use crate::{each_store, support::Bot};

const INVITE: &str = "I can't post here, so I'm telling @ben in a direct message.\n\
                      To let everyone here see the next one, invite me: `/invite` @rondo";

each_store! {
    async fn words_of_a_private_channel_are_not_shown_to_people_outside(bot: &mut Bot) {
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

    async fn words_of_an_unknown_channel_count_as_private(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#lounge", "/kudos @ben for the plan").await;
        let read = bot.says("ben", "#general", "/kudos mine").await.plain();
        assert!(read.contains("from ") && !read.contains("the plan"), "{read}");
    }

    async fn where_the_bot_is_not_the_people_are_told_by_dm_and_the_giver_how_to_invite_it(bot: &mut Bot) {
        bot.expects_refusals();
        for place in ["#secret", "#lounge"] {
            bot.says("ana", place, &format!("/kudos @ben for the {place} plan")).await;
            assert_eq!(bot.reads_last("ana", place), INVITE);
            assert_eq!(bot.reads("ben", place).len(), 0, "nobody else reads it there");
        }
        let told = bot.reads_dm("ben");
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with(":tada: *Ana* thanks you\n>the "), "{told:?}");
    }

    async fn once_invited_it_says_it_in_the_channel(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#secret", "/kudos @ben for the plan").await;
        bot.sandbox.invite("secret", &bot.user);
        bot.says("ana", "#secret", "/kudos @ben for the tea").await;
        assert_eq!(bot.reads("ben", "#secret"), [":tada: *Ana* thanks @ben\n>the tea"]);
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
    }

    async fn each_of_several_is_told_of_the_others(bot: &mut Bot) {
        bot.expects_refusals();
        bot.says("ana", "#lounge", "/kudos @ben @cy @dee for the plan").await;
        assert_eq!(bot.reads_dm("cy"), [":tada: *Ana* thanks you, together with @ben and @dee\n>the plan"]);
        assert!(bot.reads_dm("ana").is_empty());
    }

    async fn an_archived_channel_is_named_as_the_cause(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.archive("general");
        bot.says("ana", "#general", "/kudos @ben for the plan").await;
        let expected = "I can't post here, so I'm telling @ben in a direct message. This channel is archived.";
        assert_eq!(bot.reads_last("ana", "#general"), expected);
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
    }

    async fn a_channel_where_few_may_post_is_named_as_the_cause(bot: &mut Bot) {
        bot.expects_refusals();
        bot.sandbox.faults().fail("chat.postMessage", 1, "restricted_action");
        bot.says("ana", "#general", "/kudos @ben for the plan").await;
        let read = bot.reads_last("ana", "#general");
        assert!(read.ends_with("Posting is restricted here. A workspace admin can change that."), "{read}");
    }

    async fn the_giver_is_told_by_dm_where_the_channel_was_closed_only_much_later(bot: &mut Bot) {
        bot.expects_refusals();
        bot.person("ana").says("#lounge", "/kudos @ben for the plan").await;
        bot.passes(Duration::minutes(26));
        bot.settle().await;
        assert_eq!(bot.reads_dm("ana"), [INVITE]);
        assert_eq!(bot.reads_dm("ben").len(), 1);
    }

    async fn in_a_conversation_of_two_the_other_is_told_directly(bot: &mut Bot) {
        let answer = bot.says("ana", "@ben", "/kudos @ben @cy for the plan").await;
        let expected = "Kudos to @ben and @cy! :tada:\n\
                        This conversation is private, so I'm telling them in a direct message.\n\
                        You can undo this for 10 minutes.";
        assert_eq!(bot.as_read(&answer.text), expected);
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you, together with @cy\n>the plan"]);
        assert!(bot.reads("ben", "@ana").is_empty(), "the bot says nothing in a conversation that is not its own");
    }

    async fn the_bots_own_dm_is_a_place_like_that(bot: &mut Bot) {
        bot.says("ana", "@rondo", "/kudos @ben for the plan").await;
        assert_eq!(bot.reads_dm("ben"), [":tada: *Ana* thanks you\n>the plan"]);
        assert_eq!(bot.reads_dm("ana").len(), 1, "the confirmation alone");
        bot.clicks("ana", "@rondo", "Undo").await;
        assert!(bot.reads_dm("ben").is_empty());
    }

    async fn who_cannot_be_told_holds_nothing_up(bot: &mut Bot) {
        bot.expects_refusals();
        let ana = bot.person("ana");
        ana.says("#lounge", "/kudos @ben @cy for the plan").await;
        bot.sandbox.deactivate("cy");
        bot.settle().await;
        assert_eq!(bot.reads_dm("ben").len(), 1);
    }
}
