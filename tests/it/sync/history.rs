//! What people read of past syncs: who led, and each person's turns.

use super::*;

each_store! {
    async fn history_shows_who_led(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let none = bot.says("ana", "#team", "/sync history").await.text;
        assert_eq!(none, "*Last times of the syncs*\nNone has taken place so far.");
        let (first, second) = (lead_of(&next_sync(bot).await), lead_of(&next_sync(bot).await));
        let text = bot.says("ben", "#team", "/sync history").await.text;
        assert_eq!(
            bot.as_read(&text),
            format!("*Last times of the syncs*\n• Tuesday, 13 January: @{second} led.\n• Tuesday, 6 January: @{first} led.")
        );
    }

    async fn stats_show_turns_in_the_order_of_names(bot: &mut Bot) {
        running(bot, &["cy", "ben", "ana"]).await;
        let none = bot.says("ana", "#team", "/sync stats").await.text;
        assert!(none.starts_with("*Turns in the syncs*\nNo sync has taken place so far."), "{none}");
        for _ in 0..3 {
            next_sync(bot).await;
        }
        let text = bot.says("ben", "#team", "/sync stats").await.text;
        let lines: Vec<String> = bot.as_read(&text).lines().map(str::to_owned).collect();
        assert_eq!(
            lines[..5],
            [
                "*Turns in the syncs since Tuesday, 6 January*",
                "• @ana led once, with a share of 1.0.",
                "• @ben led once, with a share of 1.0; said yes to 1 of 1 question.",
                "• @cy led once, with a share of 1.0.",
                "3 of 3 questions whether to lead got a yes.",
            ]
        );
        let text = bot.says("ana", "#team", "/sync stats").await.text;
        assert_eq!(bot.as_read(&text).matches("said yes to 1 of 1 question.").count(), 3, "organisers read all: {text}");
    }

    async fn a_question_without_an_answer_is_no_yes(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every weekday at 10:00").await;
        super::before::until(bot, "2026-01-09T18:00").await;
        let text = bot.says("ana", "#team", "/sync stats").await.text;
        let asked = text.lines().find_map(|line| line.strip_prefix("0 of ")?.strip_suffix(" questions whether to lead got a yes."));
        assert!(asked.is_some_and(|asked| asked.parse::<u32>().unwrap() >= 3), "{text}");
    }

    async fn organisers_alone_read_who_refuses(bot: &mut Bot) {
        let dm = bot.user.clone();
        running(bot, &["ana", "ben", "dee"]).await;
        let monday = chrono::NaiveDate::from_ymd_opt(2026, 1, 5).unwrap();
        for day in monday.iter_days().take(50) {
            for who in ["ben", "ana", "dee"] {
                let is_asked = |message: &slack_sandbox::Message| {
                    message.blocks.iter().any(|block| block.to_string().contains("sync:accept"))
                };
                if bot.person(who).reads_dm().iter().any(is_asked) {
                    let answer = if who == "ben" { "Can't this time" } else { "I'll do it" };
                    bot.clicks(who, &dm, answer).await;
                }
            }
            super::before::until(bot, &format!("{day}T18:00")).await;
        }
        let words = "Only organisers read this: the last three times, @ben couldn't or didn't answer.";
        for (who, reads) in [("ana", true), ("ben", false)] {
            let text = bot.says(who, "#team", "/sync stats").await.text;
            assert_eq!(bot.as_read(&text).contains(words), reads, "{text}");
        }
    }

    async fn outsiders_read_no_history(bot: &mut Bot) {
        bot.sandbox.add_channel("vault", true, &["ana", "ben"]);
        bot.sandbox.invite("vault", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#vault", "/sync start every Tuesday at 10:00 called Vault").await;
        bot.clicks("ana", "#vault", "Start").await;
        for words in ["/sync history Vault", "/sync stats Vault", "/sync history please", "/sync stats @ben"] {
            let text = bot.says("dee", "#general", words).await.text;
            assert!(!text.contains("• ") && !text.contains("Last times of") && !text.contains("Turns in"), "{words}: {text}");
        }
    }
}
