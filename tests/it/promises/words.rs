//! What people type: dates of every kind, marks that ring, and too much of it.

use super::*;

each_store! {
    async fn what_is_no_date_is_answered_with_one(bot: &mut Bot) {
        for (typed, words, way) in [
            ("send it soon", "When is \"soon\"?", "`by tomorrow`, `by Friday` or `by next week`"),
            ("send it by 31 June", "There's no 31 June.", "`by 30 June`"),
            ("send it by 2025-12-24", "\"2025-12-24\" is over.", "`by today` or `by tomorrow`"),
            ("send it by 4/2", "In \"4/2\", I can't tell the day from the month.", "`by 4 February` or `by 2 April`"),
            ("send it by 1 January 2030", "\"1 January 2030\" is more than a year ahead.", "`by 5 January 2027`"),
            ("send it by Friday at 3", "Is \"Friday at 3\" in the morning or in the afternoon?", "`by Friday at 15:00` or `by Friday at 03:00`"),
            ("send it by Christmas", "I don't know holidays by their names, so I can't tell when \"Christmas\" is.", "`by 25 December 2026`"),
            ("send it by Easter", "I don't know holidays by their names, so I can't tell when \"Easter\" is.", "`by Friday` or `by 2 February`"),
        ] {
            let answer = types(bot, "ben", &format!("/promise {typed}")).await;
            assert!(answer.starts_with(words) && answer.contains(way), "{typed}: {answer}");
        }
        assert!(states(bot).await.is_empty());
    }

    async fn nothing_rings_from_the_words(bot: &mut Bot) {
        let cy = bot.id("cy");
        let typed = format!(
            "/promise tell <!channel> and <@{cy}> about <https://evil.example|our site> &amp; *all* of <#C1|team> by Friday"
        );
        let answer = bot.sends_command("ben", &typed).await;
        assert!(answer.contains("\n>tell @channel and @Cy about our site (https://evil.example) &amp; *all* of #team\n"), "{answer}");
        until(bot, "2026-01-09T08:01").await;
        let raw = bot.person("ben").reads(&bot.user).pop().unwrap().text;
        assert!(!raw.contains("<!channel>") && !raw.contains(&bot.id("cy")), "{raw}");
    }

    async fn too_many_words_are_refused(bot: &mut Bot) {
        let answer = types(bot, "ben", &format!("/promise {}", "x".repeat(3_001))).await;
        assert_eq!(answer, "That has 3001 characters, and 3000 fit. Please shorten it.");
        let long = format!("/promise {} by Friday", "é<".repeat(1_490));
        let answer = types(bot, "ben", &long).await;
        assert!(answer.starts_with(":handshake: Promised for Friday, 9 January:\n>é&lt;"), "{answer}");
        until(bot, "2026-01-09T08:01").await;
        assert_eq!(reminders(bot, "ben").len(), 1);
    }

    async fn days_away_are_no_promise(bot: &mut Bot) {
        let answer = types(bot, "ben", "/promise away until Friday").await;
        assert!(answer.starts_with("Noted: you're away until Friday, 9 January, that day included."), "{answer}");
        assert!(answer.contains("`/promise back` ends it."), "{answer}");
        assert!(states(bot).await.is_empty());
        let answer = types(bot, "ben", "/promise back").await;
        assert!(answer.starts_with("Welcome back!"), "{answer}");
    }

    async fn what_is_done_and_isnt_promised_is_no_new_promise(bot: &mut Bot) {
        let none = "Nothing that waits for you has \"send the report\" in it, so nothing has changed.";
        assert_eq!(types(bot, "ben", "/promise done send the report").await, none);
        types(bot, "ben", "/promise water the plants by Friday").await;
        let answer = types(bot, "ben", "/promise done send the report").await;
        assert!(answer.starts_with(&format!("{none}\n*What waits for you*\n1. water the plants (")), "{answer}");
        assert!(bot.person("ben").modal().is_none());
    }

    async fn a_near_word_is_no_promise(bot: &mut Bot) {
        assert!(types(bot, "ben", "/promise opne").await.starts_with("I don't know \"opne\". Did you mean `/promise open`?"));
        let help = types(bot, "ben", "/promise help").await;
        assert!(help.starts_with("*Promises: say what you'll do and by when"), "{help}");
    }

    async fn what_only_another_way_does_names_it(bot: &mut Bot) {
        for (typed, words) in [
            ("back tomorrow", "Until when are you away?\n`/promise away until Friday` says so"),
            ("away @dee until Friday", "Only @dee can say when they're away.\nThey type `/promise away until Friday`."),
            ("move 1 to Friday", "I don't know \"move 1 to Friday\". `/promise mine` has buttons for that.\n*Later…* moves"),
            ("take back 1", "I don't know \"take back 1\". `/promise asked` has buttons for that.\n*Take it back*"),
            ("done \"own01\"", "Nothing that waits for you has \"own01\" in it"),
        ] {
            let answer = types(bot, "ben", &format!("/promise {typed}")).await;
            assert!(answer.starts_with(words), "{typed}: {answer}");
        }
        assert!(states(bot).await.is_empty());
    }
}
