//! After an invitation a channel works from Slack's events alone.

use crate::{each_store, support::Bot};

each_store! {
    async fn coffee_works_after_an_invite(bot: &mut Bot) {
        bot.sandbox.add_channel("tea", false, &["ana", "ben", "cy"]);
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        let answer = bot.says("ana", "#tea", "/coffee start every Tuesday at 10:00").await.plain();
        assert!(answer.contains("3 people here would take part."), "{answer}");
    }
}
