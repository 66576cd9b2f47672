//! Yes, another date, no, done: each once, and old buttons tell the truth.

use slack_sandbox::Submission;

use super::*;

const ASK: &str = "/promise @ben send the report by Friday";

async fn asks(bot: &mut Bot) {
    types(bot, "ana", ASK).await;
}

/// Ben chooses another date in the list of what waits for him, and asks for that list again.
async fn picks_in_list(bot: &mut Bot, choice: &str) -> String {
    types(bot, "ben", "/promise mine").await;
    let list = bot.person("ben").reads("#general").pop().unwrap();
    bot.person("ben").picks(&list, "Later…", choice).await;
    bot.settle().await;
    types(bot, "ben", "/promise mine").await
}

each_store! {
    async fn a_person_who_said_no_reads_nothing_of_what_becomes_of_it(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "Can't").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        ben.submits().await;
        bot.settle().await;
        let said = bot.reads_dm("ben");
        presses(bot, "ana", "I'll do it myself").await;
        bot.says("ana", "#general", "/promise done 1").await;
        assert_eq!(states(bot).await, ["kept"]);
        assert_eq!(bot.reads_dm("ben"), said);
    }

    async fn another_date_is_promised(bot: &mut Bot) {
        asks(bot).await;
        presses(bot, "ben", "Another date").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("date", "2026-01-13") && ben.fills("time", "11:00"));
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert_eq!(heard, ":handshake: @ben promises this by another date, Tuesday, 13 January at 11:00, @ben's time:\n>send the report");
        until(bot, "2026-01-13T08:59").await;
        assert!(reminders(bot, "ben").is_empty());
        until(bot, "2026-01-13T09:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn a_no_has_a_reason_and_a_next_step(bot: &mut Bot) {
        asks(bot).await;
        presses(bot, "ben", "Can't").await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        assert!(ben.fills("reason", "I'm on <leave> & away, <!channel>"));
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.starts_with("@ben can't do this:\n>send the report\nThey say:\n>I'm on &lt;leave&gt; &amp; away, "), "{heard}");
        assert!(!heard.contains("<!channel>"), "{heard}");
        presses(bot, "ana", "Ask another person").await;
        let ana = bot.person("ana");
        ana.sees_modal().await.expect("a form");
        assert!(ana.fills("who", bot.id("dee")));
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert!(bot.reads_dm("dee")[0].starts_with(":handshake: @ana asks you for a promise by Friday, 9 January"));
        let csv = exported(bot, LedgerFormat::Csv).await;
        assert!(csv.contains("I'm on <leave> & away") && csv.contains(&bot.id("ben")), "the no stays in the record: {csv}");
        presses(bot, "dee", "I'll do it").await;
        assert_eq!(states(bot).await, ["open"]);
        let read = bot.reads_dm("ana").join("\n\n");
        assert!(!read.contains("@ben can't do this"), "the old message says who is asked now: {read}");
        assert_eq!(read.matches("@dee was asked for this:\n>send the report\nThey said yes.").count(), 1, "{read}");
        let has_it = |message: &slack_sandbox::Message| message.blocks.iter().any(|block| block.to_string().contains("Ask another person"));
        assert!(!bot.person("ana").reads(&bot.user).iter().any(has_it), "its button is gone");
    }

    async fn the_first_answer_follows_its_promise(bot: &mut Bot) {
        asks(bot).await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        presses(bot, "ben", "Done").await;
        let read = bot.reads_dm("ben");
        assert_eq!(read.len(), 2, "{read:?}");
        assert!(read.iter().all(|text| text.starts_with(":white_check_mark: Done, thank you:\n>send the report")), "{read:?}");
        let has_it = |message: &&Message| message.blocks.iter().any(|block| block.to_string().contains("Not yet after all"));
        assert_eq!(bot.person("ben").reads(&bot.user).iter().filter(has_it).count(), 1);
    }

    async fn a_choice_that_is_no_later_says_why_the_form_opens(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by 15 April").await;
        types(bot, "ben", "/promise mine").await;
        let list = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").picks(&list, "Later…", "Tomorrow").await;
        let form = bot.person("ben").sees_modal().await.expect("a form").plain();
        assert!(form.contains("It's promised for Wednesday, 15 April already, so that would be no later. Choose any date here."), "{form}");
    }

    async fn what_was_dropped_can_be_kept_after_all(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "Drop it").await;
        let dropped = bot.reads_last("ben", "#general");
        assert!(dropped.starts_with("You've dropped this:\n>send the report\nNothing else waits for you."), "{dropped}");
        bot.clicks("ben", "#general", "Keep it after all").await;
        let kept = bot.reads_last("ben", "#general");
        assert!(kept.starts_with("It's yours again, promised for Friday, 9 January:\n>send the report\n"), "{kept}");
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "Drop it").await;
        assert_eq!(bot.reads_dm("ben"), ["You've dropped this:\n>send the report"]);
        let card = with_control(bot, "ben", "Keep it after all");
        until(bot, "2026-01-10T12:00").await;
        let has_it = |message: &Message| message.blocks.iter().any(|block| block.to_string().contains("Keep it after all"));
        assert!(!bot.person("ben").reads(&bot.user).iter().any(has_it), "a day later the button is gone");
        bot.person("ben").clicks(&card, "Keep it after all").await;
        bot.settle().await;
        let told = bot.reads_last("ben", &bot.user.clone());
        assert!(told.starts_with("This was dropped more than a day ago, so it stays dropped:\n>send the report"), "{told}");
        assert_eq!(states(bot).await, ["dropped"]);
    }

    async fn a_yes_and_a_no_at_once_are_one_answer(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        bot.says("ben", "#general", "/promise mine").await;
        let list = bot.person("ben").reads("#general").pop().unwrap();
        let (phone, laptop, tablet) = (bot.person("ben"), bot.person("ben"), bot.person("ben"));
        tokio::join!(phone.clicks(&list, "Done"), laptop.clicks(&list, "Drop it"), tablet.clicks(&list, "Done"));
        bot.settle().await;
        let [state] = &states(bot).await[..] else { panic!("one promise") };
        let read = bot.reads("ben", "#general").concat();
        let (done, dropped) = (read.contains("Done, thank you"), read.contains("You've dropped this"));
        assert!(done != dropped, "{read}");
        assert_eq!(state, if done { "kept" } else { "dropped" });
        let old = if done { "This is done already." } else { "This was dropped already." };
        assert!(read.contains(old), "the other answers are told: {read}");
    }

    async fn later_moves_the_date(bot: &mut Bot) {
        asks(bot).await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        let old = with_control(bot, "ben", "Need help");
        picks(bot, "ben", "Later…", "Next week").await;
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("Moved to Friday, 16 January:\n>send the report")));
        assert_eq!(bot.reads_last("ana", &bot.user.clone()), "@ben has moved this to Friday, 16 January:\n>send the report");
        bot.person("ben").clicks(&old, "Need help").await;
        bot.settle().await;
        let told = bot.reads_dm("ben").pop().unwrap();
        assert!(told.starts_with("You've promised this for Friday, 16 January already. Nothing has changed."), "{told}");
        let open = types(bot, "dee", "/promise open").await;
        assert!(open.contains("• send the report (@ben, moved to Friday, 16 January)"), "{open}");
        let mine = types(bot, "ben", "/promise mine").await;
        assert!(mine.contains("(for @ana, moved to Friday, 16 January, first promised for Friday, 9 January)"), "{mine}");
        let csv = exported(bot, rondo::cli::ledger::LedgerFormat::Csv).await;
        assert!(csv.contains(",2026-01-16,Europe/Berlin,,1,2026-01-09,open,"), "{csv}");
        until(bot, "2026-01-16T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1, "the new date is reminded");
        presses(bot, "ben", "Done").await;
        assert_eq!(states(bot).await, ["kept"]);
    }

    async fn later_is_never_sooner_nor_the_same(bot: &mut Bot) {
        until(bot, "2026-01-11T09:00").await;
        // On a Sunday: next week's Friday is the day that is promised already.
        types(bot, "ben", "/promise call the printer by Friday").await;
        let mine = picks_in_list(bot, "Next week").await;
        assert!(mine.contains("moved to Friday, 23 January, first promised for Friday, 16 January"), "{mine}");
        for sooner in ["Tomorrow", "In three days"] {
            let mine = picks_in_list(bot, sooner).await;
            assert!(mine.contains("moved to Friday, 23 January, first"), "{mine}");
            let form = bot.person("ben").sees_modal().await.expect("a form").raw.to_string();
            assert!(form.contains("2026-01-23"), "{form}");
            bot.person("ben").closes();
        }
    }

    async fn an_hour_that_is_over_is_asked_for_again(bot: &mut Bot) {
        types(bot, "ana", "/promise @ben send the report today at 14:00").await;
        until(bot, "2026-01-05T14:30").await;
        presses(bot, "ben", "I'll do it").await;
        assert_eq!(states(bot).await, ["asked"], "nothing is promised for an hour that is over");
        assert!(bot.person("ben").sees_modal().await.is_some(), "the form asks by when");
    }

    async fn the_date_it_has_is_no_move(bot: &mut Bot) {
        asks(bot).await;
        presses(bot, "ben", "I'll do it").await;
        let heard = bot.reads_dm("ana");
        types(bot, "ben", "/promise mine").await;
        let list = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").picks(&list, "Later…", "Another date…").await;
        bot.settle().await;
        let ben = bot.person("ben");
        ben.sees_modal().await.expect("a form");
        let Submission::Errors(errors) = ben.submits().await else { panic!("it is told") };
        assert_eq!(errors["date"], "It's promised for that already. Choose another date, or close this form.");
        assert_eq!(bot.reads_dm("ana"), heard, "no one hears of it");
        ben.closes();
    }

    async fn a_later_date_keeps_the_hour(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Thursday at 15:00").await;
        until(bot, "2026-01-08T13:01").await;
        picks(bot, "ben", "Later…", "Tomorrow").await;
        assert!(bot.reads_dm("ben").concat().contains("Moved to Friday, 9 January at 15:00"));
        until(bot, "2026-01-12T12:00").await;
        picks(bot, "ben", "Later…", "Another date…").await;
        let form = bot.person("ben").sees_modal().await.expect("a form").raw.to_string();
        assert!(form.contains("15:00"), "{form}");
    }

    async fn what_is_done_can_be_undone_for_a_day(bot: &mut Bot) {
        asks(bot).await;
        presses(bot, "ben", "I'll do it").await;
        until(bot, "2026-01-09T08:01").await;
        presses(bot, "ben", "Done").await;
        let done = with_control(bot, "ben", "Not yet after all");
        presses(bot, "ben", "Not yet after all").await;
        assert_eq!(states(bot).await, ["open"]);
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert_eq!(heard, "@ben isn't done with this after all, so it's still open:\n>send the report");
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("Not done yet, promised for Friday, 9 January:")));
        until(bot, "2026-01-12T12:00").await;
        assert!(reminders(bot, "ben").is_empty(), "this date was reminded before");
        presses(bot, "ben", "Done").await;
        assert_eq!(states(bot).await, ["kept"]);
        bot.person("ben").clicks(&done, "Not yet after all").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["kept"], "an old button");
        let done = with_control(bot, "ben", "Not yet after all");
        bot.passes(Duration::hours(24));
        bot.person("ben").clicks(&done, "Not yet after all").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["kept"]);
        assert!(bot.reads_last("ben", &bot.user.clone()).starts_with("This was done more than a day ago, so it stays done:\n>send the report"));
        let buttons = bot.person("ben").reads(&bot.user).iter().filter(|message| format!("{:?}", message.blocks).contains("Not yet")).count();
        assert_eq!(buttons, 0, "the day is over");
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with(":white_check_mark: Done, thank you:\n>send the report\nI've told @ana.")), "{:?}", bot.reads_dm("ben"));
    }

    async fn an_undone_promise_is_still_reminded(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        bot.says("ben", "#general", "/promise mine").await;
        bot.clicks("ben", "#general", "Done").await;
        bot.clicks("ben", "#general", "Not yet after all").await;
        let list = bot.reads_last("ben", "#general");
        assert!(list.starts_with("Not done yet, promised for Friday, 9 January:\n>send it\n"), "{list}");
        assert!(list.ends_with("*What waits for you*\n1. send it (promised for Friday, 9 January)"), "{list}");
        until(bot, "2026-01-10T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
        presses(bot, "ben", "Done").await;
        assert!(reminders(bot, "ben").is_empty(), "the message of the reminder says that it's done");
    }

    async fn only_the_owner_answers(bot: &mut Bot) {
        asks(bot).await;
        let question = with_control(bot, "ben", "I'll do it");
        bot.person("cy").clicks(&question, "I'll do it").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["asked"]);
    }

    async fn a_yes_that_comes_late_names_another_date(bot: &mut Bot) {
        asks(bot).await;
        until(bot, "2026-01-12T09:00").await;
        assert!(reminders(bot, "ben").is_empty(), "nothing was promised");
        presses(bot, "ben", "I'll do it").await;
        let form = bot.person("ben").sees_modal().await.expect("a form");
        assert_eq!(form.title, "When will you do it?");
        assert!(form.plain().contains("That was asked for by Friday, 9 January, which is over. By when can you do it?"), "{}", form.plain());
        assert_eq!(states(bot).await, ["asked"]);
    }

    async fn a_no_in_a_list_shows_what_is_left(bot: &mut Bot) {
        asks(bot).await;
        types(bot, "ben", "/promise water the plants by Friday").await;
        bot.says("ben", "#general", "/promise mine").await;
        bot.clicks("ben", "#general", "Can't").await;
        let ben = bot.person("ben");
        assert_eq!(ben.sees_modal().await.expect("a form").title, "Can't do this");
        assert_eq!(ben.submits().await, Submission::Closed);
        bot.settle().await;
        let list = bot.reads_last("ben", "#general");
        assert!(list.starts_with("You said that you can't do this:\n") && list.contains("*What waits for you*\n1. water the plants"), "{list}");
        assert!(bot.reads_last("ana", &bot.user.clone()).starts_with("@ben can't do this:"));
    }

    async fn ones_own_promise_is_dropped_at_once(bot: &mut Bot) {
        types(bot, "ben", "/promise send it by Friday").await;
        bot.says("ben", "#general", "/promise mine").await;
        bot.clicks("ben", "#general", "Drop it").await;
        let list = bot.reads_last("ben", "#general");
        assert!(list.starts_with("You've dropped this:\n>send it\nNothing else waits for you."), "{list}");
        until(bot, "2026-01-10T08:01").await;
        assert!(reminders(bot, "ben").is_empty());
    }
}
