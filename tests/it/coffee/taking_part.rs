//! Leaving, coming back and skipping a round.

use super::*;

each_store! {
    async fn leavers_stay_out_until_joining(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let answer = bot.says("dee", "#cafe", "/coffee leave").await;
        assert!(answer.text.starts_with("You've left the coffee chats in <#"), "{}", answer.text);
        assert!(bot.reads("ben", "#cafe").len() == 1, "the channel is not told");
        comes_round(bot).await;
        assert!(bot.person("dee").group_dms().is_empty());
        let answer = bot.says("dee", "#cafe", "/coffee join").await;
        assert_eq!(bot.as_read(&answer.text), "You're in. Next round: Tuesday, 13 January at 10:00.");
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "dee").await.len(), 1);
    }

    async fn leaving_survives_a_restart(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.says("cy", "#cafe", "/coffee leave").await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        bot.says("ana", "#cafe", WEEKLY).await;
        bot.clicks("ana", "#cafe", "Start").await;
        comes_round(bot).await;
        assert!(bot.person("cy").group_dms().is_empty());
    }

    async fn skipping_misses_one_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        let answer = bot.says("cy", "#cafe", "/coffee skip").await;
        assert_eq!(
            bot.as_read(&answer.text),
            "You're skipping the round on Tuesday, 6 January at 10:00. After that you're back in."
        );
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben"]);
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await[1].iter().flatten().count(), 3);
    }

    async fn skipping_can_be_undone(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.says("cy", "#cafe", "/coffee skip").await;
        bot.clicks("cy", "#cafe", "Take part after all").await;
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await[0].iter().flatten().count(), 3);
    }

    async fn an_old_skip_button_skips_no_other_round(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        comes_round(bot).await;
        comes_round(bot).await;
        bot.clicks("cy", "#cafe", "Skip the first round").await;
        let answer = bot.reads_last("cy", "#cafe");
        assert!(answer.starts_with("That round isn't ahead any more, so nothing has changed."), "{answer}");
        assert!(answer.ends_with("`/coffee skip` skips it."), "{answer}");
        comes_round(bot).await;
        comes_round(bot).await;
        let rounds = rounds(bot, &channel).await;
        assert_eq!(rounds.last().unwrap().iter().flatten().count(), 3, "{rounds:?}");
    }

    async fn the_announcement_has_the_first_round_that_is_ahead(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy"]).await;
        for (typed, pressed, first) in [
            ("move 6 January to 7 January at 15:00", None, "Wednesday, 7 January at 15:00"),
            ("cancel 7 January", None, "Tuesday, 13 January at 10:00"),
            ("start every Thursday at 10:00", Some("Change the times"), "Thursday, 8 January at 10:00"),
            ("pause until 14 January", None, "Thursday, 15 January at 10:00"),
            ("resume", None, "Thursday, 8 January at 10:00"),
        ] {
            bot.says("ana", "#cafe", &format!("/coffee {typed}")).await;
            if let Some(label) = pressed {
                bot.clicks("ana", "#cafe", label).await;
            }
            bot.settle().await;
            let announced = bot.reads("cy", "#cafe").remove(0);
            assert!(announced.starts_with(":coffee: @ana has started coffee chats here: every "), "{announced}");
            assert!(announced.contains(&format!("First round: {first}.")), "{typed}: {announced}");
            bot.clicks("cy", "#cafe", "Skip the first round").await;
            let said = format!("You're skipping the round on {first}.");
            assert!(bot.reads_last("cy", "#cafe").starts_with(&said), "{typed}: {}", bot.reads_last("cy", "#cafe"));
        }
        // Others may organise them later: Ana has started them.
        bot.says("ana", "#cafe", "/coffee hand over to @ben").await;
        bot.clicks("ana", "#cafe", "Hand over").await;
        bot.says("ben", "#cafe", "/coffee move 8 January to 9 January at 15:00").await;
        bot.settle().await;
        let announced = bot.reads("cy", "#cafe").remove(0);
        assert!(announced.starts_with(":coffee: @ana has started coffee chats here: every "), "{announced}");
        assert!(announced.contains("First round: Friday, 9 January at 15:00."), "{announced}");
        bot.says("ben", "#cafe", "/coffee move 9 January to 8 January at 10:00").await;
        bot.clicks("cy", "#cafe", "Skip the first round").await;
        comes_round(bot).await;
        assert_eq!(partners(bot, &channel, "ana").await, ["ben"]);
        bot.says("ben", "#cafe", "/coffee cancel 15 January").await;
        bot.settle().await;
        assert!(bot.reads("cy", "#cafe")[0].contains("First round: Thursday, 8 January at 10:00."), "it was");
    }

    async fn joining_while_paused_takes_a_skip_back(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.says("cy", "#cafe", "/coffee skip").await;
        bot.says("ana", "#cafe", "/coffee pause").await;
        let answer = bot.says("cy", "#cafe", "/coffee join").await;
        assert!(answer.text.starts_with("You're in."), "{}", answer.text);
        let again = bot.says("cy", "#cafe", "/coffee join").await;
        assert!(again.text.starts_with("You're already in."), "{}", again.text);
    }

    async fn an_old_question_about_times_changes_nothing(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.says("ana", "#cafe", "/coffee start every Monday at 9:00").await;
        bot.says("ana", "#cafe", "/coffee start every Wednesday at 9:00").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        // The answer takes the question's place.
        let reads = bot.reads("ana", "#cafe");
        let says_so = "These times have changed since I asked, so I've left them alone.";
        assert_eq!(reads.iter().filter(|text| text.starts_with(says_so)).count(), 1, "{reads:#?}");
        let read = status(bot, "ana").await;
        assert!(read.contains("every Wednesday at 09:00"), "{read}");
    }

    async fn skipping_does_not_undo_leaving(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy"]).await;
        bot.says("cy", "#cafe", "/coffee leave").await;
        bot.says("cy", "#cafe", "/coffee skip").await;
        comes_round(bot).await;
        comes_round(bot).await;
        assert!(bot.person("cy").group_dms().is_empty());
    }

    async fn the_announcement_offers_leaving(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.clicks("ben", "#cafe", "Skip the first round").await;
        assert!(bot.reads_last("ben", "#cafe").starts_with("You're skipping the round on Tuesday, 6 January"));
        bot.clicks("cy", "#cafe", "Leave").await;
        assert!(bot.reads_last("cy", "#cafe").starts_with("You've left the coffee chats in"));
        bot.clicks("cy", "#cafe", "Join again").await;
        assert!(bot.reads_last("cy", "#cafe").starts_with("You're in."));
        let read = status(bot, "ana").await;
        assert!(read.contains("3 people take part."), "{read}");
        assert!(read.contains("1 person skips the next round."), "{read}");
    }

    async fn missing_chats_are_explained(bot: &mut Bot) {
        cafe(bot, &["ana", "ben"]).await;
        for words in ["stop", "status", "join", "leave", "skip"] {
            let answer = bot.says("ben", "#cafe", &format!("/coffee {words}")).await;
            assert!(answer.text.starts_with("There are no coffee chats in this channel."), "{words}");
        }
    }

    async fn ended_chats_buttons_say_so(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        let ben = bot.person("ben");
        let announced = ben.reads("#cafe").into_iter().find(|message| message.has_button("Leave")).unwrap();
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        ben.clicks(&announced, "Leave").await;
        bot.settle().await;
        assert_eq!(bot.reads_last("ben", "#cafe"), "These coffee chats have ended, so nothing has changed.");
    }
}
