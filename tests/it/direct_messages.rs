//! Messages to the bot in its DM get a short help, and never start a loop.

use rondo::{
    model::event::{Delivery, Event},
    slack::Handled,
};

use crate::{each_store, support::Bot};

/// Counts the helps in ana's DM.
fn helps(bot: &Bot) -> usize {
    bot.person("ana").reads_dm().iter().filter(|message| message.has_button("Give kudos")).count()
}

/// Ana writes to the bot, and the bot does what follows.
async fn writes(bot: &mut Bot, text: &str) {
    let at = format!("@{}", bot.person(&bot.user).name());
    let answer = bot.person("ana").says(&at, text).await;
    assert!(answer.is_answered(), "{answer:?}");
    bot.hears_events().await;
    bot.settle().await;
}

each_store! {
    async fn a_hello_gets_help_once_in_ten_seconds(bot: &mut Bot) {
        for text in ["hello", "help", ":wave:", "👋", &"x".repeat(40_000)] {
            let before = helps(bot);
            writes(bot, text).await;
            writes(bot, "are you there?").await;
            assert_eq!(helps(bot), before + 1, "{}", text.len());
            bot.passes(chrono::Duration::seconds(10));
        }
        assert!(bot.person("ben").reads_dm().is_empty(), "each person has a help of their own");
    }

    async fn the_helps_buttons_work(bot: &mut Bot) {
        writes(bot, "hello").await;
        let at = format!("@{}", bot.person(&bot.user).name());
        bot.clicks("ana", &at, "Give kudos").await;
        assert!(bot.person("ana").sees_modal().await.is_some());
        bot.person("ana").closes();
        bot.clicks("ana", &at, "Coffee chats").await;
        assert_eq!(bot.person("ana").sees_modal().await.expect("a form").title, "Set up coffee chats");
        let answer = bot.says("ana", &at, "/rondo help").await;
        assert!(answer.text.starts_with("*Here's what you can do with Rondo.*"), "{}", answer.text);
    }

    async fn only_new_messages_get_help(bot: &mut Bot) {
        writes(bot, "hello").await;
        bot.passes(chrono::Duration::minutes(2));
        let mine = bot.person("ana").reads_dm().into_iter().next().unwrap();
        bot.person("ana").edits(&mine, "hello!").unwrap();
        bot.person("ana").replies(&mine, "are you there?");
        bot.person("ana").deletes(&mine).unwrap();
        bot.hears_events().await;
        bot.settle().await;
        assert_eq!(helps(bot), 1);
    }

    async fn a_duplicate_event_is_answered_once(bot: &mut Bot) {
        writes(bot, "hello").await;
        let engine = bot.parts.engine.clone();
        let channel = bot.person("ana").reads_dm()[0].channel.clone();
        let said = |key: &str, user: &str| Delivery {
            key: key.to_owned(),
            team: engine.team.clone(),
            event: Event::DirectMessage {
                user: user.into(),
                channel: channel.as_str().into(),
                ts: "1.5".to_owned(),
                text: String::new(),
            },
        };
        let ana = bot.person("ana").id();
        bot.passes(chrono::Duration::minutes(2));
        for key in ["Ev1", "Ev1", "Ev2"] {
            assert!(matches!(bot.parts.dispatch.handle(said(key, &ana)).await, Handled::Reply(_)));
        }
        bot.passes(chrono::Duration::minutes(2));
        bot.parts.dispatch.handle(said("Ev1", &ana)).await;
        bot.parts.dispatch.handle(said("Ev3", &bot.user)).await;
        bot.settle().await;
        assert_eq!(helps(bot), 2);
    }
}
