//! A person is gone, and the event about it doesn't come.

use super::*;

each_store! {
    async fn an_owner_whose_event_was_lost_is_found_by_reading(bot: &mut Bot) {
        bot.reads_the_workspace().await;
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        bot.sandbox.faults().late_events(std::time::Duration::from_hours(48));
        bot.sandbox.deactivate("ben");
        bot.settle().await;
        assert_eq!(states(bot).await, ["open"]);
        bot.passes(Duration::hours(2));
        bot.reads_the_workspace().await;
        bot.settle().await;
        assert_eq!(states(bot).await, ["returned"]);
        let heard = bot.reads_last("ana", &bot.user.clone());
        assert!(heard.starts_with("This has no owner any more:\n>send the report"), "{heard}");
        // Neither another reading nor the late event says it again.
        bot.passes(Duration::hours(47));
        bot.reads_the_workspace().await;
        bot.hears_events().await;
        bot.settle().await;
        let told = bot.reads_dm("ana").into_iter().filter(|text| text.starts_with("This has no owner")).count();
        assert_eq!(told, 1);
    }

    async fn an_owner_who_is_asked_about_at_slack_is_found_too(bot: &mut Bot) {
        bot.reads_the_workspace().await;
        types(bot, "ana", "/promise @ben send the report by Friday").await;
        presses(bot, "ben", "I'll do it").await;
        bot.sandbox.faults().late_events(std::time::Duration::from_hours(48));
        bot.sandbox.deactivate("ben");
        let ben = rondo::model::people::UserId(bot.id("ben"));
        rondo::engine::directory::refresh_person(&bot.parts.engine, &ben).await.unwrap();
        bot.settle().await;
        assert_eq!(states(bot).await, ["returned"]);
    }
}
