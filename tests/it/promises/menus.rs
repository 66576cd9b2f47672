//! A menu in a message goes on showing what was chosen, and Slack says nothing when the same is chosen again: so after a choice that opened
//! a form the message is written anew.

use super::{saving::saves, *};

const LATER: (&str, &str) = ("Later…", "Another date…");
const WHEN: (&str, &str) = ("When will you do it?", "Another date…");

/// Chooses in a menu, closes the form that opens, and does the same once more. Returns the message before and after the first time.
async fn picks_twice(
    bot: &mut Bot,
    who: &str,
    (menu, choice): (&str, &str),
    find: impl Fn(&Bot) -> Message,
) -> [Message; 2] {
    let before = find(bot);
    for _ in 0..2 {
        assert!(bot.person(who).picks(&find(bot), menu, choice).await.is_answered());
        bot.settle().await;
        bot.person(who).sees_modal().await.expect("a form");
        bot.person(who).closes();
    }
    [before, find(bot)]
}

fn last_in_general(bot: &Bot) -> Message {
    bot.person("ben").reads("#general").pop().expect("a list")
}

/// Checks that a message was written anew with the same words, so that no menu has a choice any more.
fn assert_written_anew([before, after]: [Message; 2]) {
    assert_eq!(after.text, before.text);
    let ids = |message: &Message| -> Vec<String> {
        message.blocks.iter().map(|block| block["block_id"].to_string()).collect()
    };
    let (old, new) = (ids(&before), ids(&after));
    assert_eq!(old.len(), new.len());
    assert!(new.iter().all(|id| !old.contains(id)), "{old:?} {new:?}");
}

each_store! {
    async fn a_list_whose_menu_opened_a_form_is_written_anew(bot: &mut Bot) {
        for number in 1..=9 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        types(bot, "ben", "/promise mine").await;
        assert_written_anew(picks_twice(bot, "ben", LATER, last_in_general).await);
        let page = last_in_general(bot);
        bot.person("ben").clicks(&page, "More").await;
        bot.settle().await;
        let [before, after] = picks_twice(bot, "ben", LATER, last_in_general).await;
        assert!(before.text.contains("\n9. "), "{}", before.text);
        assert_written_anew([before, after]);
    }

    async fn a_date_of_the_form_stands_in_the_list_that_opened_it(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        types(bot, "ben", "/promise mine").await;
        let (before, list) = (bot.reads("ben", "#general").len(), last_in_general(bot));
        bot.person("ben").picks(&list, LATER.0, LATER.1).await;
        bot.settle().await;
        assert!(bot.person("ben").sees_modal().await.is_some());
        assert!(bot.person("ben").fills("date", "2026-01-13"));
        bot.person("ben").submits().await;
        bot.settle().await;
        let read = bot.reads("ben", "#general");
        assert_eq!(read.len(), before, "{read:?}");
        assert!(read.last().unwrap().starts_with("Moved to Tuesday, 13 January"), "{read:?}");
    }

    async fn a_choice_that_would_be_earlier_opens_a_form_and_leaves_no_choice(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        types(bot, "ben", "/promise mine").await;
        assert_written_anew(picks_twice(bot, "ben", ("Later…", "Tomorrow"), last_in_general).await);
    }

    async fn a_question_whose_menu_opened_a_form_is_written_anew(bot: &mut Bot) {
        let saved = "Could anyone send the report by tomorrow?";
        bot.person("cy").says("#general", saved).await;
        let message = last_in_general(bot);
        saves(bot, &message).await;
        let asked = |bot: &Bot| with_control(bot, "ben", "When will you do it?");
        assert_written_anew(picks_twice(bot, "ben", WHEN, asked).await);
    }

    async fn a_second_question_whose_menu_opened_a_form_is_written_anew(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by tomorrow").await;
        presses(bot, "ben", "I'll do it").await;
        bot.sandbox.deactivate("ben");
        bot.hears_events().await;
        until(bot, "2026-01-07T10:00").await;
        types(bot, "dee", "/promise open").await;
        bot.clicks("dee", "#general", "I'll take it").await;
        until(bot, "2026-01-16T12:00").await;
        let asked = |bot: &Bot| with_control(bot, "dee", "When will you do it?");
        assert!(asked(bot).text.contains("still hopes for your answer"), "{}", asked(bot).text);
        assert_written_anew(picks_twice(bot, "dee", WHEN, asked).await);
    }

    async fn a_reminder_whose_menu_opened_a_form_is_written_anew(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        until(bot, "2026-01-09T12:00").await;
        let reminder = |bot: &Bot| with_control(bot, "ben", "Later…");
        assert_written_anew(picks_twice(bot, "ben", LATER, reminder).await);
    }

    async fn a_message_about_several_whose_menu_opened_a_form_is_written_anew(bot: &mut Bot) {
        for number in 1..=3 {
            types(bot, "ben", &format!("/promise thing {number} by Friday")).await;
        }
        until(bot, "2026-01-09T12:00").await;
        let reminder = |bot: &Bot| with_control(bot, "ben", "promises of yours");
        assert_written_anew(picks_twice(bot, "ben", LATER, reminder).await);
    }

    async fn a_promise_that_is_open_again_has_a_menu_that_can_be_used_again(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        presses(bot, "ben", "Done").await;
        presses(bot, "ben", "Not yet after all").await;
        let open = |bot: &Bot| with_control(bot, "ben", "Later…");
        let [before, after] = picks_twice(bot, "ben", LATER, open).await;
        assert_ne!(before.blocks, after.blocks);
        assert!(after.text.contains("Friday, 9 January"), "{}", after.text);
    }

    async fn a_button_that_opens_a_form_leaves_its_message_alone(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        let before = with_control(bot, "ben", "Another date");
        presses(bot, "ben", "Another date").await;
        bot.person("ben").sees_modal().await.expect("a form");
        assert_eq!(with_control(bot, "ben", "Another date"), before);
    }

    async fn a_date_that_is_sent_at_once_is_not_undone(bot: &mut Bot) {
        bot.person("cy").says("#general", "Could anyone send the report?").await;
        let message = last_in_general(bot);
        saves(bot, &message).await;
        let question = with_control(bot, "ben", "When will you do it?");
        bot.person("ben").picks(&question, "When will you do it?", "Another date…").await;
        bot.settle().await;
        assert!(bot.person("ben").sees_modal().await.is_some());
        assert!(bot.person("ben").fills("date", "2026-01-13"));
        bot.person("ben").submits().await;
        bot.settle().await;
        let said = bot.reads_dm("ben").concat();
        assert!(said.contains("Promised for Tuesday, 13 January") && !said.contains("When will you"), "{said}");
    }
}
