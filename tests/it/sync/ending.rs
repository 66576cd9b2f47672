//! Syncs whose times have a last day: the channel reads that they're over, and the organisers are asked once whether they go on.

use slack_sandbox::Submission;

use super::{
    before::{answers, until},
    *,
};

const FORTNIGHT: &str = "/sync start every Tuesday at 10:00 until 13 January";
const OVER: &str =
    ":speech_balloon: That was it for the syncs: they were set up until Tuesday, 13 January 2026.";
const ASKED: &str =
    "ran until Tuesday, 13 January 2026, as you'd set them up, and no further sync is planned.";

/// Starts syncs of two weeks and goes behind them.
async fn over(bot: &mut Bot) -> ChannelId {
    let channel = team(bot, &["ana", "ben"]).await;
    starts(bot, FORTNIGHT).await;
    until(bot, "2026-01-20T12:00").await;
    assert_eq!(announced(bot).len(), 2);
    channel
}

fn asked(bot: &Bot, who: &str) -> usize {
    bot.reads_dm(who).iter().filter(|text| text.contains(ASKED)).count()
}

each_store! {
    async fn syncs_that_end_say_so_once(bot: &mut Bot) {
        over(bot).await;
        assert_eq!(reads_team(bot, "ben", OVER), [format!("{OVER} Thanks to everyone who led!")]);
        assert_eq!((asked(bot, "ana"), asked(bot, "ben")), (1, 0), "only their organiser is asked");
        until(bot, "2026-02-20T12:00").await;
        bot.parts.ticker.repair().await.unwrap();
        until(bot, "2026-02-21T12:00").await;
        assert_eq!((reads_team(bot, "ben", OVER).len(), asked(bot, "ana")), (1, 1));
    }

    async fn the_last_sync_is_closed_before_it_is_said(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, FORTNIGHT).await;
        until(bot, "2026-01-13T16:00").await;
        assert_eq!(reads_team(bot, "ben", OVER).len(), 0, "it isn't closed yet");
        let lead = lead_of(announced(bot).last().unwrap());
        answers(bot, &lead, "Close this sync").await;
        let person = bot.person(&lead);
        person.sees_modal().await.expect("the form that closes it");
        assert_eq!(person.submits().await, Submission::Closed);
        until(bot, "2026-01-13T19:00").await;
        assert_eq!(reads_team(bot, "ben", OVER).len(), 1);
        // Their organiser reads it in the morning.
        until(bot, "2026-01-14T10:00").await;
        assert_eq!(asked(bot, "ana"), 1);
    }

    async fn the_organiser_lets_them_go_on(bot: &mut Bot) {
        let channel = over(bot).await;
        answers(bot, "ana", "Go on").await;
        let ana = bot.person("ana");
        let form = ana.sees_modal().await.expect("the form");
        let blocks = serde_json::to_string(&form.blocks).unwrap();
        assert!(blocks.contains("every Tuesday at 10:00") && !blocks.contains("until"), "{blocks}");
        assert_eq!(ana.submits().await, Submission::Updated);
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        let next = says(bot, "ana", "/sync next").await;
        assert!(next.contains("27 January 2026 at 10:00"), "{next}");
        assert_eq!(programme_in(bot, &channel).await.cadence.unwrap().until, None);
        until(bot, "2026-01-27T10:00").await;
        assert_eq!(announced(bot).len(), 3);
    }

    async fn syncs_that_have_ended_are_not_listed_as_running(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, FORTNIGHT).await;
        starts(bot, "/sync start every Thursday at 11:00 called Planning").await;
        until(bot, "2026-01-20T12:00").await;
        let next = says(bot, "ana", "/sync next").await;
        assert!(next.starts_with("*Next turns of Planning*") && !next.contains("the syncs*"), "{next}");
        assert!(says(bot, "ana", "/sync status").await.starts_with("*Planning: syncs run here"));
        assert!(says(bot, "ben", "/sync add Budget").await.contains("on the agenda of *Planning*"));
        let history = says(bot, "ben", "/sync history").await;
        assert!(history.contains("*Last times of Planning*"), "{history}");
    }

    async fn ended_syncs_alone_say_that_they_have_ended(bot: &mut Bot) {
        over(bot).await;
        let ended = "No further sync is planned: they were set up until Tuesday, 13 January 2026. `/sync start` with times starts them anew.";
        assert!(says(bot, "ana", "/sync next").await.contains(ended));
        let status = says(bot, "ana", "/sync status").await;
        assert!(status.starts_with("*Syncs ran here, every Tuesday at 10:00") && status.contains(ended), "{status}");
        assert!(says(bot, "ben", "/sync history").await.contains("13 January"));
        bot.says("ana", "#team", "/sync").await;
        assert_eq!(bot.person("ana").sees_modal().await.expect("a form").title, "Set up a sync");
    }

    async fn a_cancelled_last_sync_ends_them_too(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, FORTNIGHT).await;
        until(bot, "2026-01-08T10:00").await;
        says(bot, "ana", "/sync cancel 13 January").await;
        until(bot, "2026-01-09T12:00").await;
        assert_eq!((reads_team(bot, "ben", OVER).len(), asked(bot, "ana")), (1, 1));
    }

    async fn syncs_that_go_on_meanwhile_say_nothing(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, FORTNIGHT).await;
        until(bot, "2026-01-13T10:00").await;
        says(bot, "ana", "/sync start every Tuesday at 10:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        until(bot, "2026-01-21T12:00").await;
        assert_eq!((reads_team(bot, "ben", OVER).len(), asked(bot, "ana")), (0, 0));
        assert_eq!(announced(bot).len(), 3);
    }
}
