//! The notice before a round, the question at its end, pauses, and several chats in one channel.

use super::*;

/// Returns the messages in the channel that contain these words.
fn told(bot: &Bot, words: &str) -> Vec<String> {
    bot.reads("dee", "#cafe").into_iter().filter(|text| text.contains(words)).collect()
}

/// Does the same in the conversation of ana and ben.
fn asked(bot: &Bot) -> Vec<String> {
    let read = reads_group(bot, "ana", &["ben".to_owned()]);
    read.into_iter().filter(|text| text.contains("get to meet")).collect()
}

each_store! {
    async fn the_notice_comes_a_day_before(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        comes_to(bot, "notice").await;
        assert_eq!(
            told(bot, "Tomorrow's the next round"),
            [":coffee: Tomorrow's the next round of the coffee chats: on Tuesday, 13 January at 10:00 I'll introduce 4 \
              people here to each other.\nNo time then? Press *Skip this time*: you're back in after that, and I \
              won't tell anyone."]
        );
        bot.clicks("ben", "#cafe", "Skip this time").await;
        assert!(bot.reads_last("ben", "#cafe").starts_with("You're skipping the round on Tuesday, 13 January at 10:00."));
        comes_round(bot).await;
        let last = rounds(bot, &channel).await.pop().unwrap();
        assert!(last.iter().flatten().all(|name| name != "ben"), "{last:?}");
        // Its buttons are about a round that is over.
        assert_eq!(told(bot, "The round of"), [":coffee: The round of the coffee chats was on Tuesday, 13 January at 10:00."]);
        assert!(!bot.person("dee").reads("#cafe").iter().any(|message| message.has_button("Skip this time")));
    }

    async fn the_notice_of_a_cancelled_round_loses_its_buttons(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        comes_to(bot, "notice").await;
        bot.says("ana", "#cafe", "/coffee cancel 13 January").await;
        bot.settle().await;
        assert_eq!(told(bot, "Tomorrow's the next round").len(), 0);
        assert_eq!(told(bot, "called off"), [":coffee: The round of the coffee chats on Tuesday, 13 January at 10:00 was called off on Monday, 12 January."]);
        assert!(!bot.person("dee").reads("#cafe").iter().any(|message| message.has_button("Skip this time")));
    }

    async fn what_was_announced_loses_its_buttons_with_a_stop(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        comes_to(bot, "notice").await;
        assert!(bot.person("dee").reads("#cafe").iter().any(|message| message.has_button("Leave")));
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        bot.settle().await;
        assert_eq!(told(bot, "was called off").len(), 1);
        assert_eq!(told(bot, "set up here"), [":coffee: Coffee chats were set up here on Monday, 5 January, and stopped on Monday, 12 January."]);
        let read = bot.person("dee").reads("#cafe");
        assert!(!read.iter().any(|message| message.has_button("Leave") || message.has_button("Skip this time")), "{read:?}");
    }

    async fn a_notice_says_what_was_done_even_if_the_round_comes_back(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        comes_to(bot, "notice").await;
        for asked in ["pause", "resume"] {
            bot.says("ana", "#cafe", &format!("/coffee {asked}")).await;
            assert_eq!(told(bot, "The round of"), [":coffee: The round of the coffee chats on Tuesday, 13 January at 10:00 was called off on Monday, 12 January."]);
        }
        assert!(told(bot, "has resumed")[0].contains("Next round: Tuesday, 13 January at 10:00."), "it comes after all");
    }

    async fn an_empty_round_has_no_notice(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.says("ben", "#cafe", "/coffee leave").await;
        comes_to(bot, "notice").await;
        assert!(bot.reads("ana", "#cafe").iter().all(|text| !text.contains("Tomorrow's the next round")));
    }

    async fn announced_rounds_keep_their_date(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        comes_to(bot, "notice").await;
        bot.says("ana", "#cafe", "/coffee start every Friday at 15:00").await;
        bot.clicks("ana", "#cafe", "Change the times").await;
        comes_round(bot).await;
        comes_round(bot).await;
        let walls: Vec<String> = history(bot, &channel)
            .await
            .into_iter()
            .map(|past| format!("{} {}", past.wall.format("%a %d %H:%M"), past.outcome))
            .collect();
        assert_eq!(walls, ["Tue 06 10:00 done", "Tue 13 10:00 done", "Fri 16 15:00 done"]);
    }

    async fn silent_groups_are_asked(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        comes_to(bot, "close").await;
        assert_eq!(
            asked(bot),
            [":coffee: Did you two get to meet for your coffee chat from #cafe?\nOne press from either of you is enough. If \
              it didn't work out, that's fine too."]
        );
        let person = bot.person("ben");
        let question = person.reads_group(&["ana"]).pop().unwrap();
        person.clicks(&question, "We met").await;
        bot.settle().await;
        assert!(asked(bot)[0].contains(":white_check_mark: @ben says you met."), "{:?}", asked(bot));
        assert!(status(bot, "ana").await.contains("1 of 1 group said that they met"));
    }

    async fn not_this_time_is_noted_and_asks_for_nothing(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        comes_to(bot, "close").await;
        let person = bot.person("ben");
        let question = person.reads_group(&["ana"]).pop().unwrap();
        for _ in 0..2 {
            person.clicks(&question, "Not this time").await;
            bot.settle().await;
            let answer = reads_group(bot, "ben", &["ana".to_owned()]).pop().unwrap();
            assert_eq!(answer, "Thanks for telling me, no problem. The next round is another chance.");
        }
        assert!(asked(bot)[0].ends_with("@ben says it didn't work out this time."), "{:?}", asked(bot));
        let person = bot.person("ana");
        let question = person.reads_group(&["ben"]).pop().unwrap();
        person.clicks(&question, "We met after all").await;
        bot.settle().await;
        assert!(asked(bot)[0].ends_with(":white_check_mark: @ana says you met."), "{:?}", asked(bot));
        assert!(status(bot, "ana").await.contains("1 of 1 group said that they met"));
    }

    async fn not_this_time_does_not_undo_we_met(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        comes_to(bot, "close").await;
        let (ana, ben) = (bot.person("ana"), bot.person("ben"));
        let stale = ben.reads_group(&["ana"]).pop().unwrap();
        ana.clicks_in_group(&["ben"], "We met").await;
        bot.settle().await;
        ben.clicks(&stale, "Not this time").await;
        bot.settle().await;
        let answer = reads_group(bot, "ben", &["ana".to_owned()]).pop().unwrap();
        assert!(answer.starts_with("One of you has said that you met"), "{answer}");
        assert!(asked(bot)[0].ends_with(":white_check_mark: @ana says you met."), "{:?}", asked(bot));
        assert!(status(bot, "ana").await.contains("1 of 1 group said that they met"));
    }

    async fn those_who_left_or_whose_chats_ended_are_promised_no_next_round(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        bot.says("ben", "#cafe", "/coffee leave").await;
        for who in ["ben", "ana"] {
            let other = if who == "ben" { "ana" } else { "ben" };
            bot.person(who).clicks_in_group(&[other], "We met").await;
            bot.settle().await;
            let answer = reads_group(bot, who, &[other.to_owned()]).pop().unwrap();
            assert_eq!(answer, "Great, I'm glad you met!", "{who}");
            if who == "ben" {
                bot.says("ana", "#cafe", "/coffee stop").await;
                bot.clicks("ana", "#cafe", "Stop these chats").await;
                bot.person(who).clicks_in_group(&[other], "We haven't met yet").await;
                bot.settle().await;
            }
        }
    }

    async fn of_several_each_is_spoken_of_by_its_name(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        for times in ["every Thursday at 12:30 called Tea", "every Friday at 12:30 called Cake *x* `y`"] {
            bot.says("ana", "#cafe", &format!("/coffee start {times}")).await;
            bot.clicks("ana", "#cafe", "Start").await;
        }
        let says = async |bot: &mut Bot, text: &str| {
            let answer = bot.says("ben", "#cafe", text).await;
            bot.as_read(&answer.text)
        };
        assert!(says(bot, "/coffee skip Tea").await.starts_with("You're skipping the round of *Tea* on Thursday, 8 January"));
        assert!(says(bot, "/coffee leave Tea").await.starts_with("You've left *Tea* in #cafe."));
        assert!(says(bot, "/coffee skip Tea").await.starts_with("You've already left *Tea* in #cafe"));
        assert!(says(bot, "/coffee status cake *x* `y`").await.starts_with("*Cake x y: coffee chats run here"));
        assert_eq!(
            says(bot, "/coffee stop Dinner").await,
            "No coffee chats here are called \"Dinner\".\nThere are *Cake x y*, *Tea* and one without a name (`called no name`)."
        );
        assert!(bot.says("ana", "#cafe", "/coffee stop Tea").await.text.starts_with("*Stop Tea in "));
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        assert_eq!(
            told(bot, "has stopped").pop().unwrap(),
            "@ana has stopped *Tea*.\n`/coffee start called Tea` starts them again at the same times. I'll remember who has met."
        );
        let again = bot.says("ana", "#cafe", "/coffee start called Tea").await.text;
        assert!(again.starts_with("*Tea: coffee chats in this channel, every Thursday at 12:30"), "{again}");
    }

    async fn groups_that_met_are_not_asked(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        comes_round(bot).await;
        let person = bot.person("ana");
        let introduction = person.reads_group(&["ben"]).pop().unwrap();
        person.clicks(&introduction, "We met").await;
        bot.settle().await;
        comes_to(bot, "close").await;
        assert!(asked(bot).is_empty());
    }

    async fn chats_pause_and_resume(bot: &mut Bot) {
        let channel = running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        assert!(bot.says("ben", "#cafe", "/coffee pause").await.text.contains("can change or stop them"));
        let answer = bot.says("ana", "#cafe", "/coffee pause").await;
        assert!(answer.text.starts_with("I've paused the coffee chats."), "{}", answer.text);
        assert_eq!(told(bot, "has paused").len(), 1);
        assert!(status(bot, "ben").await.contains("They're paused."));
        bot.passes(chrono::Duration::days(9));
        bot.settle().await;
        assert!(rounds(bot, &channel).await.is_empty());
        bot.clicks("ana", "#cafe", "Resume").await;
        assert_eq!(told(bot, "has resumed the coffee chats. Next round: Tuesday, 20 January at 10:00.").len(), 1);
        assert!(!bot.person("ana").reads("#cafe").iter().any(|message| message.has_button("Resume")), "it has served its turn");
        comes_round(bot).await;
        assert_eq!(rounds(bot, &channel).await.len(), 1);
    }

    async fn closed_channels_pause_after_three_rounds(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben"]).await;
        bot.sandbox.archive("cafe");
        bot.hears_events().await;
        for _ in 0..3 {
            comes_round(bot).await;
        }
        let dms = bot.reads_dm("ana");
        let paused = dms.iter().filter(|text| text.starts_with("I've paused the coffee chats in #cafe")).count();
        let missed = dms.iter().filter(|text| text.starts_with("I couldn't hold the coffee round")).count();
        assert_eq!((missed, paused), (2, 1), "{dms:#?}");
        bot.passes(chrono::Duration::days(30));
        bot.settle().await;
        assert_eq!(bot.reads_dm("ana").len(), dms.len());
    }

    async fn a_channel_runs_several_chats(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        let preview = bot.says("ana", "#cafe", "/coffee start every Thursday at 12:30 called Lunch").await;
        assert!(preview.text.starts_with("*Lunch: coffee chats in this channel, every Thursday at 12:30"), "{}", preview.text);
        bot.clicks("ana", "#cafe", "Start").await;
        assert_eq!(told(bot, "has started coffee chats here (*Lunch*)").len(), 1);
        let which = bot.says("ben", "#cafe", "/coffee skip").await;
        assert_eq!(which.text, "Of which coffee chats do you want to skip the next round?");
        bot.clicks("ben", "#cafe", "Lunch").await;
        assert!(bot.reads_last("ben", "#cafe").starts_with("You're skipping the round of *Lunch* on Thursday, 8 January at 12:30."));
        let left = bot.says("cy", "#cafe", "/coffee leave  LUNCH").await;
        assert!(left.text.starts_with("You've left *Lunch*"), "{}", left.text);
        let unknown = bot.says("cy", "#cafe", "/coffee leave Dinner").await;
        assert!(unknown.text.starts_with("No coffee chats here are called \"Dinner\"."), "{}", unknown.text);
        bot.says("ana", "#cafe", "/coffee stop Lunch").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        assert!(status(bot, "cy").await.contains("every Tuesday at 10:00"), "the other goes on");
        assert!(status(bot, "cy").await.contains("4 people take part."));
    }

    async fn stopped_chats_keep_their_times(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        bot.says("ana", "#cafe", "/coffee stop").await;
        bot.clicks("ana", "#cafe", "Stop these chats").await;
        let preview = bot.says("ben", "#cafe", "/coffee start").await;
        assert!(preview.text.starts_with("*Coffee chats in this channel, every Tuesday at 10:00"), "{}", preview.text);
        bot.clicks("ben", "#cafe", "Start").await;
        assert!(status(bot, "cy").await.contains("Run by @ben."));
    }

    async fn other_channels_avoid_repeats(bot: &mut Bot) {
        running_cafe(bot, &["ana", "ben", "cy", "dee"]).await;
        comes_round(bot).await;
        let met: BTreeSet<Vec<String>> = {
            let partner = |who: &str| {
                let others = ["ana", "ben", "cy", "dee"].into_iter().filter(|other| *other != who);
                let with = others.into_iter().find(|other| !reads_group(bot, who, &[(*other).to_owned()]).is_empty());
                let mut pair = vec![who.to_owned(), with.unwrap().to_owned()];
                pair.sort();
                pair
            };
            ["ana", "ben", "cy", "dee"].map(partner).into()
        };
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben", "cy", "dee"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        let preview = bot.says("ana", "#tea", "/coffee start every Thursday at 10:00").await;
        assert!(preview.text.contains("All of them have other coffee chats already."), "{}", preview.text);
        bot.clicks("ana", "#tea", "Start").await;
        comes_round(bot).await;
        let last = rounds(bot, &tea).await.pop().unwrap();
        assert!(last.is_disjoint(&met), "{last:?} {met:?}");
    }
}
