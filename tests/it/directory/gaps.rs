//! What happened while no process listened is in no event: the directory is read again.

use rondo::{engine::directory::Lists, model::people::ChannelState};

use super::*;

async fn wanted(bot: &Bot) -> (i64, i64) {
    let lists = "SELECT COUNT(*) FROM directory_list WHERE wanted_at IS NOT NULL";
    let channels = "SELECT COUNT(*) FROM channel WHERE wanted_at IS NOT NULL";
    (count(bot, lists).await, count(bot, channels).await)
}

/// Reports a sign of life of Slack. Returns false after an hour without one.
async fn hears(bot: &Bot) -> bool {
    let Engine { store, team, clock, .. } = &bot.parts.engine;
    store.note_slack_heard(team, clock.now(), Duration::hours(1)).await.unwrap()
}

each_store! {
    async fn a_long_absence_rereads_everything(bot: &mut Bot) {
        let tea = ChannelId(bot.sandbox.add_channel("tea", false, &["ana", "ben"]));
        bot.sandbox.invite("tea", &bot.user);
        bot.hears_events().await;
        // The process gets events, then stops; cy joins meanwhile.
        assert!(hears(bot).await);
        let engine = &bot.parts.engine;
        let mut unit = rondo::store::unit::UnitOfWork::new();
        let cy = UserId(bot.person("cy").id());
        bot.person("cy").joins("tea");
        bot.eventually("cy is known", || async { members(bot, &tea).await.contains(&"cy".to_owned()) }).await;
        unit.run(
            "DELETE FROM channel_member WHERE team_id = $1 AND channel_id = $2 AND user_id = $3",
            rondo::values![engine.team.as_str(), tea.as_str(), cy.as_str()],
        );
        engine.store.commit(unit).await.unwrap();
        bot.passes(Duration::minutes(6));
        bot.parts.lists = Lists::new(bot.parts.engine.clone());
        bot.parts.lists.read_once().await.unwrap();
        assert!(wanted(bot).await.1 >= 2, "each channel is wanted");
        let state = bot.parts.engine.store.channel_state(&bot.parts.engine.team, &tea).await.unwrap();
        assert!(matches!(state, ChannelState::Open { .. }), "it can be used meanwhile: {state:?}");
        bot.reads_lists().await;
        bot.reads_channels().await;
        assert!(members(bot, &tea).await.contains(&"cy".to_owned()));
    }

    async fn a_short_restart_reads_only_lists(bot: &mut Bot) {
        bot.hears_events().await;
        bot.passes(Duration::minutes(30));
        assert!(hears(bot).await);
        bot.passes(Duration::minutes(4));
        bot.parts.lists = Lists::new(bot.parts.engine.clone());
        bot.parts.lists.read_once().await.unwrap();
        let lists = wanted(bot).await.0;
        // A late event may request a channel, which is more urgent.
        let channels = count(bot, "SELECT COUNT(*) FROM channel WHERE wanted_at IS NOT NULL AND priority >= 2").await;
        assert!(lists >= 2 && channels == 0, "{lists} lists and {channels} channels");
    }

    async fn a_start_right_after_a_reading_reads_again_soon(bot: &mut Bot) {
        bot.reads_the_workspace().await;
        assert!(hears(bot).await);
        bot.sandbox.faults().late_events(std::time::Duration::from_hours(48));
        bot.sandbox.deactivate("cy");
        bot.passes(Duration::minutes(1));
        bot.parts.lists = Lists::new(bot.parts.engine.clone());
        bot.parts.lists.read_once().await.unwrap();
        let is_off = |bot: &Bot| {
            let (engine, cy) = (bot.parts.engine.clone(), UserId(bot.id("cy")));
            async move { engine.context().store.person(&cy).await.unwrap().unwrap().deactivated }
        };
        assert!(!is_off(bot).await);
        assert!(wanted(bot).await.0 >= 2, "{:?}", wanted(bot).await);
        bot.passes(Duration::minutes(5));
        bot.reads_lists().await;
        assert!(is_off(bot).await, "what changed in a short stop");
        assert_eq!(wanted(bot).await.0, 0, "once");
    }

    async fn one_process_notices_a_silence(bot: &mut Bot) {
        bot.reads_lists().await;
        bot.hears_events().await;
        bot.passes(Duration::minutes(59));
        assert!(hears(bot).await, "a quiet hour");
        assert_eq!(wanted(bot).await.0, 0);
        bot.passes(Duration::minutes(90));
        let noticed = futures_util::future::join_all((0..4).map(|_| hears(bot))).await;
        assert_eq!(noticed.iter().filter(|is_whole| !**is_whole).count(), 1, "{noticed:?}");
        let (lists, channels) = wanted(bot).await;
        assert!(lists == 3 && channels >= 1, "{lists} lists and {channels} channels");
    }

    async fn time_travel_is_no_silence(bot: &mut Bot) {
        bot.reads_lists().await;
        bot.hears_events().await;
        bot.passes(Duration::days(2));
        bot.says("ana", "#general", "/kudos help").await;
        bot.parts.lists.read_once().await.unwrap();
        assert_eq!(wanted(bot).await.0, 0);
    }

    async fn programme_channels_are_read_first(bot: &mut Bot) {
        for name in ["a", "b", "tea", "z"] {
            bot.sandbox.add_channel(name, false, &["ana", "ben"]);
            bot.sandbox.invite(name, &bot.user);
        }
        bot.hears_events().await;
        bot.says("ana", "#tea", "/coffee start every Tuesday at 10:00").await;
        bot.clicks("ana", "#tea", "Start").await;
        bot.passes(Duration::minutes(90));
        bot.parts.lists = Lists::new(bot.parts.engine.clone());
        bot.parts.lists.read_once().await.unwrap();
        let engine = &bot.parts.engine;
        let wanted = engine.store.wanted_readings(&engine.team, engine.clock.now(), 16).await.unwrap();
        let names = wanted.iter().filter_map(|wanted| bot.sandbox.channel_name(wanted.channel.as_str()));
        let names: Vec<_> = names.filter(|name| name != "general").collect();
        assert_eq!(names.first().map(String::as_str), Some("tea"), "{names:?}");
        assert_eq!(names.len(), 4, "{names:?}");
    }
}
