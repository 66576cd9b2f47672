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
            lines[..4],
            [
                "*Turns in the syncs since Tuesday, 6 January*",
                "• @ana led once, with a share of 1.0; said yes to 1 of 1 question.",
                "• @ben led once, with a share of 1.0; said yes to 1 of 1 question.",
                "• @cy led once, with a share of 1.0; said yes to 1 of 1 question.",
            ]
        );
    }

    async fn organisers_alone_read_who_refuses(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        next_sync(bot).await;
        let engine = bot.parts.engine.clone();
        let programme = engine.store.programmes_in(&engine.team, "sync", &channel).await.unwrap().remove(0).id;
        let (ben, now) = (rondo::model::people::UserId(bot.id("ben")), engine.clock.now());
        let mut unit = rondo::store::unit::UnitOfWork::new();
        for date in ["2025-12-16", "2025-12-23", "2025-12-30", "2026-01-06", "2026-01-13"] {
            let key = (programme.as_str(), date.parse().unwrap());
            let answer = (&ben, rondo::rituals::sync::store::AnswerState::Declined);
            rondo::rituals::sync::store::put_answer(&mut unit, &engine.team, key, answer, now);
        }
        engine.store.commit(unit).await.unwrap();
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
            assert!(!text.contains("led") && !text.contains("Turns"), "{words}: {text}");
        }
    }
}
