//! People whose account is off: those who asked for promises, and those who were asked for help.

use slack_sandbox::Submission;

use super::{
    meanwhile::{asks_for_help, switches},
    *,
};

/// Returns what a person reads of that an asker has left, or had.
fn told_of_leaving(bot: &Bot, who: &str) -> Vec<String> {
    bot.reads_dm(who)
        .into_iter()
        .filter(|text| text.starts_with("@ana has left. ") || text.starts_with("@ana had left, "))
        .collect()
}

each_store! {
    async fn owners_read_once_that_the_person_who_asked_has_left(bot: &mut Bot) {
        for words in ["send the report by Friday", "water the plants by Friday"] {
            types(bot, "ana", &format!("/promise @ben {words}")).await;
        }
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ana", "/promise @cy book the room by Friday").await;
        types(bot, "ana", "/promise @dee call the bank by Friday").await;
        presses(bot, "dee", "I'll do it").await;
        types(bot, "dee", "/promise done 1").await;
        switches(bot, "ana", false).await;
        let [told] = &told_of_leaving(bot, "ben")[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert!(told.starts_with("@ana has left. They had asked you for this:\n• "), "{told}");
        assert!(told.contains("• send the report") && told.contains("• water the plants"), "{told}");
        assert!(told_of_leaving(bot, "dee").is_empty(), "nothing is left to do");
        assert!(told_of_leaving(bot, "cy").is_empty(), "it's night there");
        until(bot, "2026-01-05T15:00").await;
        let [told] = &told_of_leaving(bot, "cy")[..] else { panic!("one message: {:?}", bot.reads_dm("cy")) };
        assert!(told.contains("• book the room\nIt stays on your list"), "{told}");
        presses(bot, "ben", "Show all that waits for me").await;
        let list = bot.reads_last("ben", &bot.user.clone());
        assert!(list.contains("asked for by @ana, who has left, by Friday, 9 January)"), "{list}");
        assert!(list.contains("(for @ana, who has left, promised for Friday, 9 January)"), "{list}");
        switches(bot, "ana", true).await;
        switches(bot, "ana", false).await;
        switches(bot, "ana", true).await;
        let [told] = &told_of_leaving(bot, "ben")[..] else { panic!("one message: {:?}", bot.reads_dm("ben")) };
        assert!(told.starts_with("@ana had left, and is back. They had asked you for this:\n• "), "{told}");
    }

    async fn an_owner_who_isnt_at_work_isnt_told_of_a_mistake(bot: &mut Bot) {
        types(bot, "ana", "/promise @cy book the room by Friday").await;
        switches(bot, "ana", false).await;
        switches(bot, "ana", true).await;
        until(bot, "2026-01-06T20:00").await;
        assert!(told_of_leaving(bot, "cy").is_empty(), "{:?}", bot.reads_dm("cy"));
    }

    async fn a_no_to_a_person_who_has_left_says_that_they_cant_be_told(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        types(bot, "ana", "/promise @ben water the plants by Thursday").await;
        presses(bot, "ben", "I'll do it").await;
        switches(bot, "ana", false).await;
        until(bot, "2026-01-08T08:01").await;
        let bell = bot.reads_last("ben", &bot.user.clone());
        assert!(bell.contains("How does it stand? @ana, who asked for it, has left."), "{bell}");
        presses(bot, "ben", "Done").await;
        let couldnt = "I couldn't tell @ana, whose account is off. They'll read it if it's on again.";
        assert!(bot.reads_last("ben", &bot.user.clone()).ends_with(couldnt), "{:?}", bot.reads_dm("ben"));
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "Can't").await;
        bot.settle().await;
        let no = format!("You said that you can't do this:\n>send the report\n{couldnt}");
        assert!(bot.reads_dm("ben").contains(&no), "{:?}", bot.reads_dm("ben"));
        until(bot, "2026-01-08T10:00").await;
        switches(bot, "ana", true).await;
        let read = bot.reads_dm("ana").join("\n\n");
        assert!(read.contains("@ben can't do this:\n>send the report") && read.contains("@ben has done this:"), "{read}");
    }

    async fn a_helper_whose_account_was_off_for_a_minute_is_asked_still(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        asks_for_help(bot, "ben", "dee").await;
        for _ in 0..2 {
            switches(bot, "dee", false).await;
            let read = bot.reads_dm("ben").join("\n\n");
            assert!(read.contains("@dee has left, so they can't help you with this:") && !read.contains("hope for help"), "{read}");
            switches(bot, "dee", true).await;
            let read = bot.reads_dm("ben").join("\n\n");
            assert!(read.contains("@dee had left, and is back, so they may help you with this:"), "{read}");
            assert!(!read.contains("has left") && read.contains("You hope for help from @dee."), "{read}");
            let [call] = &bot.reads_dm("dee")[..] else { panic!("one call: {:?}", bot.reads_dm("dee")) };
            assert!(call.starts_with(":raised_hand: @ben would like a hand with this:"), "{call}");
        }
        presses(bot, "ben", "Done").await;
        assert_eq!(bot.reads_dm("dee"), ["@ben doesn't need a hand with this any more:\n>send the report"]);
    }

    async fn that_a_helper_has_left_ends_with_the_promise(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        until(bot, "2026-01-09T08:01").await;
        asks_for_help(bot, "ben", "dee").await;
        switches(bot, "dee", false).await;
        presses(bot, "ben", "Done").await;
        let read = bot.reads_dm("ben").join("\n\n");
        assert!(!read.contains("It's still yours") && read.contains("You asked @dee for help with this, until"), "{read}");
        presses(bot, "ben", "Not yet after all").await;
        let read = bot.reads_dm("ben").join("\n\n");
        assert!(read.contains("@dee has left, so they can't help you with this:") && !read.contains("hope for help"), "{read}");
        presses(bot, "ben", "Done").await;
        switches(bot, "dee", true).await;
        assert_eq!(bot.reads_dm("dee"), ["@ben had asked you for a hand with this:\n>send the report"], "it's done");
    }

    async fn a_helper_who_wasnt_asked_yet_is_asked_once_they_are_back(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday at 20:00").await;
        until(bot, "2026-01-09T10:00").await;
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "Need help").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("helper", bot.id("cy")));
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_last("ben", "#general").starts_with("I'll ask @cy for help on Friday, 9 January at 09:00"));
        switches(bot, "cy", false).await;
        until(bot, "2026-01-09T14:30").await;
        assert!(bot.reads_dm("cy").is_empty());
        let told = bot.reads_dm("ben").iter().filter(|text| text.contains("@cy has left")).count();
        assert_eq!(told, 1, "{:?}", bot.reads_dm("ben"));
        switches(bot, "cy", true).await;
        let [call] = &bot.reads_dm("cy")[..] else { panic!("one call: {:?}", bot.reads_dm("cy")) };
        assert!(call.starts_with(":raised_hand: @ben would like a hand with this:"), "{call}");
        until(bot, "2026-01-09T18:01").await;
        let bell = reminders(bot, "ben").pop().unwrap();
        assert!(bell.contains("You hope for help from @cy."), "asked before the reminder: {bell}");
    }

    async fn an_asker_hears_of_a_time_zone_that_changed_while_their_account_was_off(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday at 15:00").await;
        presses(bot, "ben", "I'll do it").await;
        switches(bot, "ana", false).await;
        bot.sandbox.set_zone("ben", "Europe/Lisbon");
        bot.hears_events().await;
        bot.settle().await;
        switches(bot, "ana", true).await;
        let read = bot.reads_dm("ana");
        assert_eq!(read.len(), 2, "{read:?}");
        let read = read.join("\n\n");
        assert!(read.contains("@ben's time zone has changed, so what they had promised you by a time moved on your clock:\n• send the report: by Friday, 9 January at 15:00"), "{read}");
        assert!(read.contains(":handshake: @ben promises this by Friday, 9 January at 15:00:"), "{read}");
    }

    async fn an_asker_whose_own_zone_changes_reads_whose_time_it_is(bot: &mut Bot) {
        types(bot, "ana", "/promise @dee send the report by Friday at 15:00").await;
        presses(bot, "dee", "I'll do it").await;
        bot.sandbox.set_zone("ana", "Asia/Tokyo");
        bot.hears_events().await;
        bot.settle().await;
        let [heard] = &bot.reads_dm("ana")[..] else { panic!("one message: {:?}", bot.reads_dm("ana")) };
        assert_eq!(heard, ":handshake: @dee promises this by Friday, 9 January at 15:00, @dee's time:\n>send the report");
    }

    async fn what_was_moved_meanwhile_is_said_to_be_moved(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        switches(bot, "ana", false).await;
        until(bot, "2026-01-09T08:01").await;
        picks(bot, "ben", "Later…", "Next week").await;
        until(bot, "2026-01-09T10:00").await;
        switches(bot, "ana", true).await;
        let read = bot.reads_dm("ana").join("\n\n");
        assert!(read.contains("@ben has moved this to Friday, 16 January:\n>send the report"), "{read}");
    }
}
