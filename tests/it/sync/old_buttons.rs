//! Presses that come too late, from outside the channel, or with a forged value: none of them changes a turn.

use super::{before::*, *};

each_store! {
    async fn old_buttons_change_nothing(bot: &mut Bot) {
        weekly(bot, &["ana", "ben", "dee"]).await;
        let asked = only(bot, ASKS);
        let place = bot.user.clone();
        let old = bot.person(asked).reads(&place).pop().unwrap();
        let other = ["ana", "ben", "dee"].into_iter().find(|who| *who != asked).unwrap();
        bot.person(other).clicks(&old, "I'll do it").await;
        bot.settle().await;
        assert_eq!(leads_shown(bot, "ana").await[0], asked, "another person's button");
        bot.says("ana", "#team", "/sync pause").await;
        for button in ["I'll do it", "Can't this time", "Swap with…"] {
            bot.person(asked).clicks(&old, button).await;
            bot.settle().await;
            let told = bot.reads_dm(asked).pop().unwrap();
            assert!(told.starts_with("These syncs are paused, so nothing has changed."), "{told}");
        }
        bot.says("ana", "#team", "/sync resume").await;
        assert_eq!(leads_shown(bot, "ana").await[0], asked);
        bot.says("ana", "#team", "/sync start every Wednesday at 15:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        for button in ["I'll do it", "Can't this time", "Swap with…"] {
            bot.person(asked).clicks(&old, button).await;
            bot.settle().await;
            let told = bot.reads_dm(asked).pop().unwrap();
            assert!(told.starts_with("Nothing has changed: the sync on ") && told.contains(" isn't planned any more."), "{told}");
        }
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        bot.person(asked).clicks(&old, "I'll do it").await;
        bot.settle().await;
        assert_eq!(bot.reads_dm(asked).pop().unwrap(), "These syncs have ended, so nothing has changed.");
    }

    async fn a_person_outside_a_private_channel_learns_nothing(bot: &mut Bot) {
        bot.sandbox.add_channel("team", true, &["ana", "ben", "dee"]);
        bot.sandbox.invite("team", &bot.user);
        bot.hears_events().await;
        starts(bot, WEEKLY).await;
        if only(bot, ASKS) == "ana" {
            answers(bot, "ana", "Can't this time").await;
        }
        let asked = only(bot, ASKS);
        let old = bot.person(asked).reads_dm().pop().unwrap();
        bot.sandbox.kick("team", &bot.id(asked));
        bot.hears_events().await;
        bot.settle().await;
        for button in ["I'll do it", "Can't this time", "Swap with…"] {
            bot.person(asked).clicks(&old, button).await;
            bot.settle().await;
            let told = bot.reads_dm(asked).pop().unwrap();
            assert_eq!(told, "You aren't in the channel of that sync any more, so nothing has changed.");
        }
    }

    async fn forged_values_change_nothing(bot: &mut Bot) {
        let channel = weekly(bot, &["ana", "ben", "dee"]).await;
        let programme = programme_in(bot, &channel).await;
        let asked = only(bot, ASKS);
        let shown = leads_shown(bot, "ana").await;
        let place = bot.user.clone();
        let message = bot.person(asked).reads(&place).pop().unwrap();
        let forged = |value: &str| {
            let mut message = message.clone();
            let text = serde_json::to_string(&message.blocks).unwrap();
            let old = format!("{} 2026-01-13 1", programme.id);
            assert!(text.contains(&old), "{text}");
            message.blocks = serde_json::from_str(&text.replace(&old, value)).unwrap();
            message
        };
        for value in [
            "", "x", "x 2026-01-13 1", &programme.id, &format!("{} 2026-02-30 1", programme.id),
            &format!("{} 2026-01-20 1", programme.id), &format!("{} 2026-01-06 1", programme.id),
            &format!("{} 9999-12-31 -1", programme.id),
        ] {
            for button in ["I'll do it", "Can't this time", "Swap with…"] {
                bot.person(asked).clicks(&forged(value), button).await;
            }
        }
        bot.settle().await;
        assert_eq!(leads_shown(bot, "ana").await, shown);
    }
}
