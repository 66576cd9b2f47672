//! Promises that are due at the same time are one message, in which each has its own buttons.

use super::*;

/// Makes promises of ben's for Friday and goes to their reminder.
async fn due_together(bot: &mut Bot, number: usize) {
    for number in 1..=number {
        types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
    }
    until(bot, "2026-01-09T08:01").await;
}

/// Returns ben's message about several promises.
fn message(bot: &Bot) -> Message {
    with_control(bot, "ben", "promises of yours")
}

/// Returns the same message from the promise with these words on.
fn about(message: &Message, words: &str) -> Message {
    let is_before = |block: &&serde_json::Value| !block.to_string().contains(words);
    let blocks: Vec<_> = message.blocks.iter().skip_while(is_before).cloned().collect();
    assert!(!blocks.is_empty(), "{words} isn't in {message:?}");
    let mut about = message.clone();
    about.blocks = blocks;
    about
}

/// Presses a button of the promise with these words in ben's message about several.
async fn presses_at(bot: &mut Bot, words: &str, label: &str) {
    let message = about(&message(bot), words);
    assert!(bot.person("ben").clicks(&message, label).await.is_answered());
    bot.settle().await;
}

/// Counts the promises that are kept.
async fn kept(bot: &Bot) -> usize {
    states(bot).await.iter().filter(|state| *state == "kept").count()
}

each_store! {
    async fn a_message_that_is_kept_no_more_changes_when_its_button_is_pressed(bot: &mut Bot) {
        due_together(bot, 3).await;
        bot.passes(Duration::days(rondo::common::promises::KEEP_DAYS + 1));
        bot.parts.ticker.repair().await.unwrap();
        bot.parts.engine.store.ask("DELETE FROM outbox RETURNING key", Vec::new()).await.unwrap();
        presses_at(bot, "thing 2", "Done").await;
        let all = bot.as_read(&message(bot).text);
        assert!(all.contains(":white_check_mark: Done, thank you:\n>thing 2\n"), "{all}");
        let message = about(&message(bot), "thing 3");
        bot.person("ben").picks(&message, "Later…", "Next week").await;
        bot.settle().await;
        let read = bot.reads_dm("ben").join("\n\n");
        assert!(read.contains("Moved to ") && read.contains("\n>thing 3"), "{read}");
        assert!(read.matches("\n>thing 2").count() == 1 && read.matches("\n>thing 3").count() == 1, "{read}");
    }

    async fn several_promises_are_one_message(bot: &mut Bot) {
        due_together(bot, 3).await;
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert!(all.starts_with(":bell: *3 promises of yours*\nPromised for Friday, 9 January:\n>thing "), "{all}");
        assert_eq!(reminded_of(bot, "ben"), ["thing 1", "thing 2", "thing 3"]);
        presses_at(bot, "thing 2", "Done").await;
        assert_eq!(kept(bot).await, 1);
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message") };
        assert!(all.contains(":white_check_mark: Done, thank you:\n>thing 2\n"), "{all}");
        presses_at(bot, "thing 2", "Not yet after all").await;
        assert_eq!(kept(bot).await, 0);
        let message = message(bot);
        bot.person("ben").picks(&message, "Later…", "Next week").await;
        bot.settle().await;
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message") };
        assert!(all.contains("Moved to Friday, 16 January. I'll remind you on Friday, 16 January 2026 at 09:00 (Europe/Berlin)"), "{all}");
        until(bot, "2026-01-16T08:01").await;
        assert_eq!(bot.reads_dm("ben").len(), 2, "the moved one is reminded alone");
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn each_promise_keeps_its_place_in_the_message(bot: &mut Bot) {
        due_together(bot, 3).await;
        let order = |bot: &Bot| {
            let text = bot.reads_dm("ben").remove(0);
            text.lines().filter_map(|line| line.strip_prefix(">thing ").map(str::to_owned)).collect::<Vec<_>>()
        };
        let before = order(bot);
        let message = message(bot);
        bot.person("ben").picks(&message, "Later…", "Next week").await;
        bot.settle().await;
        assert_eq!(order(bot), before);
    }

    async fn one_that_was_moved_leaves_the_others_answerable(bot: &mut Bot) {
        due_together(bot, 3).await;
        let message = message(bot);
        bot.person("ben").picks(&message, "Later…", "In three days").await;
        bot.settle().await;
        until(bot, "2026-01-12T08:01").await;
        let old = bot.reads_dm("ben").into_iter().find(|text| text.starts_with(":bell: *3 promises")).expect("it stays");
        assert!(old.contains("Moved to Monday, 12 January:\n>thing 1") && !old.contains("I'll remind you"), "it has come: {old}");
        presses_at(bot, "thing 2", "Done").await;
        presses_at(bot, "thing 3", "Done").await;
        assert_eq!(kept(bot).await, 2);
        presses_at(bot, "thing 2", "Not yet after all").await;
        presses(bot, "ben", "Done").await;
        assert_eq!(kept(bot).await, 2, "the moved one has its own message");
        bot.passes(Duration::seconds(11));
        assert!(types(bot, "ben", "/promise done 1").await.starts_with(":white_check_mark: Done, thank you:\n>thing 2"));
        assert_eq!(kept(bot).await, 3);
    }

    async fn many_promises_are_bounded(bot: &mut Bot) {
        due_together(bot, 8).await;
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message") };
        assert!(all.contains("And 3 more:\n• thing ") && all.matches("thing ").count() == 8, "{all}");
        bot.person("ben").clicks(&message(bot), "Show all that waits for me").await;
        bot.settle().await;
        let list = bot.reads_last("ben", &bot.user.clone());
        assert!(list.contains("8. thing 8 ("), "{list}");
        until(bot, "2026-01-20T08:01").await;
        assert_eq!(reminded_of(bot, "ben").len(), 5, "none of them is reminded again");
    }

    async fn fifty_promises_of_a_morning_are_one_message(bot: &mut Bot) {
        due_together(bot, 50).await;
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message") };
        assert!(all.starts_with(":bell: *50 promises of yours*") && all.contains("And 45 more"), "{all}");
        presses_at(bot, ">thing ", "Done").await;
        assert_eq!(kept(bot).await, 1);
    }

    async fn of_many_processes_one_reminds_of_all(bot: &mut Bot) {
        for number in 1..=4 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        let at: Instant = "2026-01-09T08:01:00Z".parse().unwrap();
        bot.sandbox.clock().advance_to(at.timestamp_millis());
        let tickers: Vec<_> = (2..6).map(|seed| reminding::replica(bot, seed)).collect();
        futures_util::future::join_all(tickers.iter().map(reminding::ticks)).await;
        bot.settle().await;
        assert_eq!((bot.reads_dm("ben").len(), reminded_of(bot, "ben").len()), (1, 4));
    }

    async fn answers_at_once_are_all_shown(bot: &mut Bot) {
        due_together(bot, 3).await;
        let shown = message(bot);
        let [one, two, three] = ["thing 1", "thing 2", "thing 3"].map(|words| about(&shown, words));
        let ben = bot.person("ben");
        tokio::join!(ben.clicks(&one, "Done"), ben.clicks(&two, "Done"), ben.clicks(&three, "Done"));
        bot.settle().await;
        assert_eq!(states(bot).await, ["kept", "kept", "kept"]);
        let [all] = &bot.reads_dm("ben")[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert_eq!(all.matches(":white_check_mark: Done, thank you").count(), 3, "{all}");
    }

    async fn what_an_asker_takes_back_is_said_there(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ben", "/promise water the plants by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        types(bot, "ana", "/promise asked").await;
        bot.clicks("ana", "#general", "Take it back").await;
        let all = bot.reads_dm("ben").into_iter().find(|text| text.starts_with(":bell: *2 promises")).expect("one message");
        assert!(all.contains("@ana has taken this back:\n>send the report"), "{all}");
        assert!(all.contains("Promised for Friday, 9 January:\n>water the plants"), "{all}");
    }

    async fn help_is_asked_for_one_of_them(bot: &mut Bot) {
        due_together(bot, 2).await;
        presses_at(bot, "thing 2", "Need help").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("helper", bot.id("dee")));
        ben.submits().await;
        bot.settle().await;
        assert!(bot.reads_dm("dee")[0].contains(">thing 2"));
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("I'm asking @dee for help."));
        presses_at(bot, "thing 2", "Done").await;
        assert_eq!(bot.reads_dm("dee"), ["@ben doesn't need a hand with this any more:\n>thing 2"]);
    }

    async fn what_goes_back_of_several_can_be_taken_back(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ben", "/promise water the plants by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminded_of(bot, "ben"), ["send the report", "water the plants"]);
        let data = rondo::engine::person::PersonData::of(&bot.parts.engine);
        let ben = rondo::model::people::UserId(bot.id("ben"));
        assert!(data.erase(&ben, &[], false).await.unwrap().is_clean);
        bot.settle().await;
        types(bot, "ana", "/promise asked").await;
        bot.clicks("ana", "#general", "Take it back").await;
        assert_eq!(states(bot).await, ["withdrawn", "returned"]);
    }
}
