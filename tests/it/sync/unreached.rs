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
}
