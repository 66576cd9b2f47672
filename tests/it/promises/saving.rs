//! *Save for…*: the words of a message become a promise.

use slack_sandbox::Submission;

use super::*;

/// Saves a message as a promise of Ben's.
pub(super) async fn saves(bot: &mut Bot, message: &Message) {
    let ben = bot.person("ben");
    assert!(ben.uses_shortcut_on(message, "Save for…").await.is_answered());
    ben.sees_modal().await.expect("a form");
    assert_eq!(ben.submits().await, Submission::Closed);
    bot.settle().await;
}

each_store! {
    async fn a_message_becomes_a_promise(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could <anyone> send the report?").await;
        let ben = bot.person("ben");
        let message = ben.reads("#general").pop().unwrap();
        assert!(ben.uses_shortcut_on(&message, "Save for…").await.is_answered());
        let form = ben.sees_modal().await.expect("a form").plain();
        assert!(form.contains("A promise of yours or a note for a retro stays between you and me."), "{form}");
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_last("ben", "#general").starts_with("Saved. I've asked you in our DM when you'll do it."));
        let question = bot.reads_last("ben", &bot.user.clone());
        assert!(question.starts_with(":handshake: When will you do this?\n>Could &lt;anyone&gt; send the report?\n"), "{question}");
        assert!(question.contains("|From this message>, @cy's words"), "{question}");
        picks(bot, "ben", "When will you do it?", "Tomorrow").await;
        assert_eq!(states(bot).await, ["open"]);
        until(bot, "2026-01-06T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        assert!(types(bot, "ana", "/promise open").await.starts_with("Nothing that was promised here"), "only Ben knows of it");
    }

    async fn what_was_saved_without_a_date_comes_last(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone water the plants?").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        saves(bot, &message).await;
        types(bot, "ben", "/promise send the report by Friday").await;
        let list = types(bot, "ben", "/promise mine").await;
        assert!(list.contains("1. send the report (") && list.contains("2. Could anyone water the plants?"), "{list}");
        assert!(types(bot, "ben", "/promise done 1").await.starts_with(":white_check_mark: Done, thank you:\n>send the report"));
    }

    async fn a_date_in_the_words_is_offered_first(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone send the report by Friday at 15:00?").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        saves(bot, &message).await;
        // It is Friday at three for Ben, who does it.
        picks(bot, "ben", "When will you do it?", "By Friday, 9 January at 15:00, your time").await;
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with(":handshake: Promised for Friday, 9 January at 15:00:\n>Could anyone"));
        until(bot, "2026-01-09T13:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn the_end_of_a_day_is_offered_as_that_day(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone send the report by EOD?").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        saves(bot, &message).await;
        picks(bot, "ben", "When will you do it?", "By Monday, 5 January").await;
        assert_eq!(states(bot).await, ["open"]);
    }

    async fn a_long_message_that_is_cut_shows_it(bot: &mut Bot) {
        bot.person("cy").says("#general", &"word ".repeat(780)).await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        saves(bot, &message).await;
        let question = bot.reads_last("ben", &bot.user.clone());
        assert!(question.contains("word word…\n"), "{question}");
    }

    async fn what_is_saved_twice_is_told_in_plain_words(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone send the report?").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        saves(bot, &message).await;
        let ben = bot.person("ben");
        assert!(ben.uses_shortcut_on(&message, "Save for…").await.is_answered());
        ben.sees_modal().await.expect("a form");
        let Submission::Errors(errors) = ben.submits().await else { panic!("it's saved") };
        let error = errors.values().next().unwrap();
        assert!(error.contains("“Could anyone send the report?”\nFrom this message, ") && !error.contains('<'), "{error}");
        // What I write to a person can be saved as well.
        let own = ben.reads(&bot.user.clone()).pop().unwrap();
        assert!(ben.uses_shortcut_on(&own, "Save for…").await.is_answered());
        assert!(ben.sees_modal().await.is_some());
    }

    async fn a_date_counts_from_when_it_was_written(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone send the report by tomorrow?").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        bot.passes(Duration::days(1));
        saves(bot, &message).await;
        let question = with_control(bot, "ben", "When will you do it?");
        let menu = serde_json::to_string(&question.blocks).unwrap();
        assert!(menu.contains("By Tuesday, 6 January"), "tomorrow was said on Monday: {menu}");
        bot.passes(Duration::days(1));
        picks(bot, "ben", "When will you do it?", "By Tuesday, 6 January").await;
        let form = bot.person("ben").sees_modal().await.expect("that day is over");
        assert_eq!(form.title, "When will you do it?");
        assert!(form.plain().contains("Tuesday, 6 January is over by now. By when will you do it?"), "{}", form.plain());
        assert_eq!(states(bot).await, ["asked"]);
    }

    async fn a_date_that_is_over_is_not_offered(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone send the report by tomorrow?").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        bot.passes(Duration::days(2));
        saves(bot, &message).await;
        let question = with_control(bot, "ben", "When will you do it?");
        assert!(!serde_json::to_string(&question.blocks).unwrap().contains("\"By "));
    }

    async fn a_public_channel_is_named(bot: &mut Bot) {
        bot.person("cy").says("#general", "Please read #general and #secret").await;
        let message = bot.person("ben").reads("#general").pop().unwrap();
        saves(bot, &message).await;
        let question = bot.reads_last("ben", &bot.user.clone());
        assert!(question.contains("\n>Please read #general and #"), "{question}");
    }

    async fn a_saved_promise_without_a_date_can_be_dropped(bot: &mut Bot) {
        bot.person("ben").says("#general", "a thought").await;
        let ben = bot.person("ben");
        let message = ben.reads("#general").pop().unwrap();
        ben.uses_shortcut_on(&message, "Save for…").await;
        ben.sees_modal().await.expect("a form");
        let (one, other) = tokio::join!(ben.submits(), ben.submits());
        bot.settle().await;
        assert!(one == Submission::Closed || other == Submission::Closed);
        assert_eq!(states(bot).await, ["asked"]);
        presses(bot, "ben", "Drop it").await;
        assert_eq!(states(bot).await, ["dropped"]);
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("Dropped:\n>a thought"));
    }

    async fn the_same_words_are_saved_once(bot: &mut Bot) {
        bot.person("ben").says("#general", "a thought").await;
        let ben = bot.person("ben");
        let message = ben.reads("#general").pop().unwrap();
        for _ in 0..2 {
            ben.uses_shortcut_on(&message, "Save for…").await;
            ben.sees_modal().await.expect("a form");
            ben.submits().await;
            bot.settle().await;
        }
        assert_eq!(states(bot).await, ["asked"]);
        picks(bot, "ben", "When will you do it?", "Tomorrow").await;
        bot.passes(Duration::minutes(20));
        ben.uses_shortcut_on(&message, "Save for…").await;
        ben.sees_modal().await.expect("a form");
        ben.submits().await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"], "it waits for Ben already");
    }

    async fn what_is_saved_takes_room_too(bot: &mut Bot) {
        for number in 1..=49 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        bot.person("ben").says("#general", "a thought").await;
        let ben = bot.person("ben");
        let message = ben.reads("#general").pop().unwrap();
        ben.uses_shortcut_on(&message, "Save for…").await;
        ben.sees_modal().await.expect("a form");
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let full = types(bot, "ben", "/promise thing 51 by Friday").await;
        assert!(full.starts_with("You have 50 open promises, so I haven't added this one:\n>thing 51"), "{full}");
        picks(bot, "ben", "When will you do it?", "Tomorrow").await;
        assert_eq!(states(bot).await, ["open"; 50], "the saved one has its room");
    }
}
