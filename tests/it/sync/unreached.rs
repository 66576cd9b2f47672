//! Points that move on again and again: the person who added them is asked once.

use super::{
    agenda::adds,
    before::{answers, until},
    *,
};

const ASKED: &str = "moved on 3 times on the agenda of the sync in #team:";

fn asked(bot: &Bot, who: &str) -> usize {
    bot.reads_dm(who).iter().filter(|text| text.contains(ASKED)).count()
}

each_store! {
    async fn a_point_that_moved_on_three_times_is_asked_about_once(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        // No one closes the syncs of 6, 13 and 20 January.
        until(bot, "2026-01-20T18:00").await;
        assert_eq!(asked(bot, "ben"), 0);
        until(bot, "2026-01-23T18:00").await;
        assert_eq!((asked(bot, "ben"), asked(bot, "ana")), (1, 0));
        until(bot, "2026-03-20T18:00").await;
        assert_eq!(asked(bot, "ben"), 1, "once");
        answers(bot, "ben", "Take it off").await;
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("I've taken the point off the agenda:")));
        assert_eq!(agenda(bot, "ben").await, [""; 0]);
    }

    async fn a_kept_point_stays(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        adds(bot, "ben", "Budget").await;
        until(bot, "2026-01-23T18:00").await;
        answers(bot, "ben", "Keep it").await;
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("It stays on the agenda.")));
        assert_eq!(agenda(bot, "ben").await.len(), 1);
    }

    async fn a_daily_sync_asks_about_all_points_in_one_message(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every weekday at 14:00").await;
        for point in ["Budget", "Hiring", "Rooms"] {
            adds(bot, "ben", point).await;
        }
        until(bot, "2026-02-20T18:00").await;
        assert_eq!(asked(bot, "ben"), 1, "{:?}", bot.reads_dm("ben"));
        answers(bot, "ben", "Keep them").await;
        assert!(bot.reads_dm("ben").iter().any(|text| text.starts_with("They stay on the agenda.")));
    }

    async fn the_question_outlives_a_stop(bot: &mut Bot) {
        team(bot, &["ana", "dee"]).await;
        starts(bot, "/sync start every weekday at 18:00").await;
        adds(bot, "dee", "Budget").await;
        // The third sync that didn't reach it is over at half past eleven in Kolkata.
        until(bot, "2026-01-08T18:10").await;
        assert_eq!(asked(bot, "dee"), 0);
        bot.says("ana", "#team", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        starts(bot, "/sync start every weekday at 18:00").await;
        until(bot, "2026-01-09T12:00").await;
        assert_eq!(asked(bot, "dee"), 1);
        // The stop was no move.
        assert!(agenda(bot, "dee").await[0].contains("moved on 3 times"), "{:?}", agenda(bot, "dee").await);
    }

    async fn after_the_last_sync_a_point_is_kept(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Tuesday at 10:00 until 6 January").await;
        adds(bot, "ben", "Budget").await;
        until(bot, "2026-01-06T10:40").await;
        let added = says(bot, "ben", "/sync add Rooms").await;
        assert!(added.starts_with("This point is on the agenda of the sync in #team, though no further one is planned:"), "{added}");
        assert!(added.contains("I keep it in case the syncs start again."), "{added}");
        until(bot, "2026-01-07T12:00").await;
        let lead = lead_of(&announced(bot)[0]);
        let asked = bot.reads_dm(&lead).into_iter().rfind(|text| text.contains("It closes by itself")).unwrap();
        assert!(asked.contains("and its point is kept in case the syncs start again."), "{asked}");
        until(bot, "2026-01-09T12:00").await;
        starts(bot, "/sync start every Tuesday at 10:00").await;
        assert_eq!(agenda(bot, "ben").await.iter().filter(|point| point.contains("moved on")).count(), 0, "an end is no move");
    }
}
