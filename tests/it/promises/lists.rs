//! What waits for a person, and what is open and kept in a channel.

use super::*;

each_store! {
    async fn a_day_is_in_the_order_of_its_times(bot: &mut Bot) {
        for promise in ["a by Friday", "b by Friday at 23:00", "c by Friday at 8:00", "d by Friday at 20:00", "e by Thursday"] {
            types(bot, "ben", &format!("/promise {promise}")).await;
        }
        for list in ["mine", "open"] {
            let shown = types(bot, "ben", &format!("/promise {list}")).await;
            let places = ["e (", "c (", "d (", "b (", "a ("].map(|words| shown.find(words).unwrap());
            assert!(places.is_sorted(), "{shown}");
        }
        assert!(types(bot, "ben", "/promise done 2").await.contains("Done, thank you:\n>c"));
    }

    async fn a_time_of_today_is_over(bot: &mut Bot) {
        until(bot, "2026-01-06T08:00").await;
        types(bot, "ben", "/promise send it by 9:09").await;
        assert!(types(bot, "ben", "/promise mine").await.contains("1. send it (promised for Tuesday, 6 January at 09:09)"));
        until(bot, "2026-01-06T08:12").await;
        for list in ["mine", "open"] {
            let shown = types(bot, "ben", &format!("/promise {list}")).await;
            assert!(shown.contains("was due Tuesday, 6 January at 09:09)"), "{shown}");
        }
    }

    async fn a_promise_is_done_by_its_words(bot: &mut Bot) {
        for words in ["send the report", "water the plants"] {
            types(bot, "ben", &format!("/promise {words} by Friday")).await;
        }
        let answer = types(bot, "ben", "/promise done send the Report").await;
        assert!(answer.starts_with("Press *Done* if you mean this one") && answer.contains("send the report") && !answer.contains("plants"), "{answer}");
        types(bot, "ben", "/promise done with smoking by Friday").await;
        assert!(types(bot, "ben", "/promise mine").await.contains("done with smoking (promised for"));
    }

    async fn a_list_says_whose_clock_a_time_is_on(bot: &mut Bot) {
        types(bot, "ben", "/promise @cy check the invoices by Friday at 10:00").await;
        types(bot, "ben", "/promise send the report by Friday at 15:00").await;
        let asked = types(bot, "ben", "/promise asked").await;
        assert!(asked.contains("check the invoices (asked of @cy, by Friday, 9 January at 10:00 their time)"), "{asked}");
        let open = types(bot, "ben", "/promise open").await;
        assert!(open.contains("send the report (@ben, promised for Friday, 9 January at 15:00)"), "{open}");
        let open = types(bot, "cy", "/promise open").await;
        assert!(open.contains("send the report (@ben, promised for Friday, 9 January at 15:00 their time)"), "{open}");
        assert!(open.contains("check the invoices (asked of @cy, by Friday, 9 January at 10:00)"), "{open}");
    }

    async fn members_alone_see_what_was_promised_in_a_channel(bot: &mut Bot) {
        crate::sync::team(bot, &["ana", "ben"]).await;
        bot.says("ana", "#team", "/promise send the report by Friday").await;
        for list in ["open", "kept"] {
            let told = bot.says("cy", "#team", &format!("/promise {list}")).await.text;
            assert!(bot.as_read(&told).starts_with("As far as I know you're not in #team, and its members alone see what was promised there."), "{told}");
        }
        let asked = bot.says("cy", "#team", "/promise @ana water the plants by Friday").await.text;
        assert!(asked.contains("It isn't listed in this conversation, so only the two of you know of it."), "{asked}");
        let own = bot.says("cy", "#team", "/promise book the room by Friday").await.text;
        assert!(own.starts_with(":handshake: Promised for Friday") && !own.contains("/promise open"), "{own}");
        let open = bot.says("ben", "#team", "/promise open").await.text;
        assert!(open.contains("send the report") && !open.contains("plants") && !open.contains("room"), "{open}");
    }

    async fn what_is_open_has_pages(bot: &mut Bot) {
        for number in 0..23 {
            types(bot, if number < 12 { "ana" } else { "ben" }, &format!("/promise thing {number:02} by Friday")).await;
        }
        types(bot, "ana", "/promise @ben the last thing by Wednesday").await;
        let first = types(bot, "dee", "/promise open").await;
        assert_eq!(first.matches("• thing ").count(), 20, "{first}");
        bot.clicks("dee", "#general", "More").await;
        let second = bot.reads_last("dee", "#general");
        assert_eq!(second.matches("• thing ").count(), 3, "{second}");
        assert!(second.contains("• the last thing (asked of @ben"), "requests come last: {second}");
        assert!((0..23).all(|number| format!("{first}{second}").matches(&format!("thing {number:02}")).count() == 1));
    }

    async fn a_list_has_pages(bot: &mut Bot) {
        assert!(types(bot, "ben", "/promise mine").await.starts_with("Nothing waits for you."));
        for number in 1..=11 {
            types(bot, "ben", &format!("/promise thing {number} by {number} February")).await;
        }
        let first = types(bot, "ben", "/promise mine").await;
        assert_eq!(first.matches(". thing ").count(), 8, "{first}");
        bot.clicks("ben", "#general", "More").await;
        let second = bot.reads_last("ben", "#general");
        assert_eq!(second.matches(". thing ").count(), 3, "{second}");
        assert!(second.contains("\n9. thing 9 (promised for Monday, 9 February)"), "{second}");
        let done = types(bot, "ben", "/promise done 10").await;
        assert!(done.starts_with(":white_check_mark: Done, thank you:\n>thing 10\n*What waits for you*\n1. thing 1 "), "{done}");
    }

    async fn a_number_of_the_list_is_done(bot: &mut Bot) {
        assert_eq!(types(bot, "ben", "/promise done 1").await, "Nothing waits for you, so nothing has changed.");
        types(bot, "ben", "/promise water the plants by Thursday").await;
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        let asked = types(bot, "ben", "/promise done 2").await;
        assert!(asked.starts_with("You haven't promised this yet, so it can't be done:\n>send the report\n"), "{asked}");
        for (typed, told) in [
            ("done 3", "There's no 3 in your list, so nothing has changed."),
            ("done 0", "Which one is done?"),
            ("done", "Which one is done?"),
        ] {
            let answer = types(bot, "ben", &format!("/promise {typed}")).await;
            assert!(answer.starts_with(told) && answer.contains("`/promise mine`"), "{typed}: {answer}");
        }
        assert_eq!(states(bot).await, ["open", "asked"]);
        let done = types(bot, "ben", "/promise done 1").await;
        assert!(done.starts_with(":white_check_mark: Done, thank you:\n>water the plants\n*What waits for you*\n1. send the report ("), "{done}");
        assert_eq!(states(bot).await, ["kept", "asked"]);
        bot.clicks("ben", "#general", "Not yet after all").await;
        assert_eq!(states(bot).await, ["open", "asked"]);
    }

    async fn a_number_that_is_typed_twice_at_once_is_asked_about(bot: &mut Bot) {
        types(bot, "ben", "/promise water the plants by Thursday").await;
        types(bot, "ben", "/promise send the report by Friday").await;
        types(bot, "ben", "/promise done 1").await;
        let again = types(bot, "ben", "/promise done 1").await;
        assert_eq!(again, "This was done a moment ago, and the numbers have moved up since:\n>water the plants\n\
            If you mean this one, too, press its button:\n1. send the report (promised for Friday, 9 January)");
        assert_eq!(states(bot).await, ["kept", "open"]);
        bot.clicks("ben", "#general", "Done").await;
        assert_eq!(states(bot).await, ["kept", "kept"]);
    }

    async fn a_press_stays_on_its_page(bot: &mut Bot) {
        for number in 1..=11 {
            types(bot, "ben", &format!("/promise thing {number} by {number} February")).await;
        }
        types(bot, "ben", "/promise mine").await;
        bot.clicks("ben", "#general", "More").await;
        bot.clicks("ben", "#general", "Done").await;
        let list = bot.reads_last("ben", "#general");
        assert!(list.starts_with(":white_check_mark: Done, thank you:\n>thing 9\n*What waits for you*\n9. thing 10 ("), "{list}");
        for _ in 0..2 {
            bot.clicks("ben", "#general", "Drop it").await;
        }
        let list = bot.reads_last("ben", "#general");
        assert!(list.contains("*What waits for you*\n1. thing 1 ("), "nothing is left on that page: {list}");
    }

    async fn numbers_of_the_list_are_shown_with_their_buttons(bot: &mut Bot) {
        for (number, day) in [(1, "Wednesday"), (2, "Thursday"), (3, "Friday")] {
            types(bot, "ben", &format!("/promise thing {number} by {day}")).await;
        }
        let picked = types(bot, "ben", "/promise done 1 and 3").await;
        assert_eq!(picked, "One press for each, so that no number is mistaken:\n1. thing 1 (promised for Wednesday, 7 January)\n3. thing 3 (promised for Friday, 9 January)");
        bot.clicks("ben", "#general", "Done").await;
        assert_eq!(states(bot).await, ["kept", "open", "open"]);
        let drop = types(bot, "ben", "/promise drop 2").await;
        assert_eq!(drop, "To give it up, press *Drop it*, or *Can't* where another person asks for it:\n2. thing 3 (promised for Friday, 9 January)");
        assert_eq!(states(bot).await, ["kept", "open", "open"], "nothing is dropped by a number");
        bot.clicks("ben", "#general", "Drop it").await;
        let mut all = states(bot).await;
        all.sort();
        assert_eq!(all, ["dropped", "kept", "open"]);
        for (typed, answer) in [("drop", "Which one won't you do?"), ("undo", "What shall I undo?")] {
            assert!(types(bot, "ben", &format!("/promise {typed}")).await.starts_with(answer), "{typed}");
        }
        assert!(types(bot, "ben", "/promise list").await.starts_with("*What waits for you*\n1. thing 2 "));
    }

    async fn the_numbers_stay_in_order_after_a_move(bot: &mut Bot) {
        for (words, day) in [("a", "Tuesday"), ("b", "Wednesday"), ("c", "Thursday")] {
            types(bot, "ben", &format!("/promise do {words} by {day}")).await;
        }
        types(bot, "ben", "/promise mine").await;
        let list = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").picks(&list, "Later…", "Next week").await;
        bot.settle().await;
        let moved = bot.reads_last("ben", "#general");
        assert!(moved.contains("1. do b (") && moved.contains("2. do c (") && moved.contains("3. do a ("), "{moved}");
        let done = types(bot, "ben", "/promise done 3").await;
        assert!(done.starts_with(":white_check_mark: Done, thank you:\n>do a\n"), "{done}");
    }

    async fn done_is_done_in_an_older_list_too(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        types(bot, "ben", "/promise mine").await;
        let older = bot.person("ben").reads("#general").pop().unwrap();
        types(bot, "ben", "/promise mine").await;
        let newer = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").picks(&newer, "Later…", "Next week").await;
        bot.settle().await;
        bot.person("ben").clicks(&older, "Done").await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["kept"]);
        let told = bot.reads("ben", "#general");
        assert!(told.iter().any(|text| text.starts_with(":white_check_mark: Done, thank you:\n>send the report")), "{told:?}");
        // The other list still has its button: pressing it says how it stands.
        bot.person("ben").clicks(&newer, "Done").await;
        bot.settle().await;
        let told = bot.reads_last("ben", "#general");
        assert!(told.starts_with("This is done already. Nothing has changed."), "{told}");
    }

    async fn a_press_in_a_list_shows_what_is_left(bot: &mut Bot) {
        types(bot, "ben", "/promise water the plants by Thursday").await;
        types(bot, "ben", "/promise send the report by Friday").await;
        bot.says("ben", "#general", "/promise mine").await;
        bot.clicks("ben", "#general", "Done").await;
        let list = bot.reads_last("ben", "#general");
        assert!(list.starts_with(":white_check_mark: Done, thank you:\n>water the plants\n*What waits for you*\n1. send the report"), "{list}");
        let shown = bot.person("ben").reads("#general").pop().unwrap();
        bot.person("ben").picks(&shown, "Later…", "Next week").await;
        bot.settle().await;
        let list = bot.reads_last("ben", "#general");
        assert!(list.contains("1. send the report (moved to Friday, 16 January, first promised for Friday, 9 January)"), "{list}");
        assert_eq!(states(bot).await, ["kept", "open"]);
    }

    async fn a_channel_shows_what_was_kept(bot: &mut Bot) {
        for who in ["ana", "ben", "cy"] {
            types(bot, who, &format!("/promise {who}'s thing by Friday")).await;
            bot.says(who, "#general", "/promise mine").await;
            bot.clicks(who, "#general", "Done").await;
        }
        types(bot, "ana", "/promise another thing by Friday").await;
        let open = types(bot, "dee", "/promise open").await;
        assert_eq!(open, "*Promised in this channel, and open*\n• another thing (@ana, promised for Friday, 9 January)");
        let kept = types(bot, "dee", "/promise kept").await;
        assert!(kept.starts_with("*Kept in the last 90 days*\n"), "{kept}");
        assert!(kept.contains("\n• ben's thing (kept by @ben)") && kept.ends_with("In this channel, 3 of 3 were kept."), "{kept}");
        until(bot, "2026-01-12T12:00").await;
        let kept = types(bot, "dee", "/promise kept").await;
        assert!(kept.ends_with("In this channel, 3 of 4 were kept."), "{kept}");
    }

    async fn a_dm_has_no_list(bot: &mut Bot) {
        types(bot, "ben", "/promise send the report by Friday").await;
        for typed in ["/promise open", "/promise kept"] {
            let answer = bot.says("ben", &bot.user.clone(), typed).await.text;
            assert!(answer.starts_with("A promise that's made in a DM is on no channel's list."), "{answer}");
        }
    }

    async fn a_rate_is_never_a_persons(bot: &mut Bot) {
        types(bot, "ana", "/promise a thing by Friday").await;
        bot.says("ana", "#general", "/promise mine").await;
        bot.clicks("ana", "#general", "Done").await;
        let kept = types(bot, "ben", "/promise kept").await;
        assert_eq!(kept, "*Kept in the last 90 days*\n• a thing (kept by @ana)");
    }
}
