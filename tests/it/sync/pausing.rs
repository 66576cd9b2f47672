//! `/sync pause until 12 January`: a pause that ends by itself.

use rondo::engine::turns::Turn;

use super::{before::until, *};

fn news(bot: &Bot) -> Vec<String> {
    let is_news = |text: &String| {
        text.contains(" has paused ") || text.contains(" has resumed ") || text.contains(" is over.")
    };
    bot.reads("ben", "#team").into_iter().filter(is_news).collect()
}

const UNTIL_14: &str = "They're paused until Wednesday, 14 January 2026.";
const RESUME: &str = " `/sync resume` brings the syncs back earlier.";

each_store! {
    async fn who_is_elsewhere_reads_the_first_time_as_theirs(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        says(bot, "ana", "/sync pause until 14 January").await;
        for typed in ["/sync status", "/sync next"] {
            let said = says(bot, "cy", typed).await;
            assert!(said.contains("First sync: Tuesday, 20 January") && said.contains(" your time."), "{typed}: {said}");
            let said = says(bot, "ana", typed).await;
            assert!(said.contains("First sync: Tuesday, 20 January") && !said.contains("your time"), "{typed}: {said}");
        }
    }

    // It is Monday, 5 January 2026; the syncs are on Tuesdays.
    async fn a_pause_ends_on_its_day(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let said = says(bot, "ana", "/sync pause until 14 January").await;
        assert!(said.starts_with("I've paused the syncs. The syncs are back from Wednesday, 14 January 2026 on. First sync: Tuesday, 20 January at 10:00."), "{said}");
        assert_eq!(news(bot), [":speech_balloon: @ana has paused the syncs. The syncs are back from Wednesday, 14 January 2026 on. First sync: \
            Tuesday, 20 January at 10:00."]);
        let status = says(bot, "ben", "/sync status").await;
        assert!(status.contains(UNTIL_14), "{status}");
        let next = says(bot, "ben", "/sync next").await;
        let first = format!("{UNTIL_14} First sync: Tuesday, 20 January at 10:00.");
        let theirs = first.replace("10:00.", "10:00 your time.");
        assert!(next.contains(&theirs) && !next.contains(RESUME), "{next}");
        let next = says(bot, "ana", "/sync next").await;
        assert!(next.contains(&format!("{first}{RESUME}")), "{next}");
        let skip = says(bot, "ben", "/sync skip").await;
        assert!(skip.contains("Tuesday, 20 January at 10:00"), "{skip}");
        says(bot, "ben", "/sync join").await;
        let again = says(bot, "ana", "/sync pause").await;
        assert!(again.starts_with("I've paused the syncs before, so nothing has changed. They go on by themselves on Wednesday, 14 January 2026."), "{again}");
        let again = says(bot, "ana", "/sync pause until 14 January").await;
        assert!(again.starts_with("I've paused the syncs before"), "{again}");
        until(bot, "2026-01-14T07:59").await;
        assert_eq!((announced(bot).len(), news(bot).len()), (0, 1));
        until(bot, "2026-01-14T08:00").await;
        assert_eq!(news(bot)[1..], [":speech_balloon: The pause of the syncs is over. Next sync: Tuesday, 20 January at 10:00."]);
        assert!(programme_in(bot, &channel).await.paused_at.is_none());
        until(bot, "2026-01-20T10:00").await;
        assert_eq!((announced(bot).len(), news(bot).len()), (1, 2));
    }

    async fn a_pause_ends_before_an_early_sync(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Tuesday at 7:00").await;
        says(bot, "ana", "/sync pause until Tuesday").await;
        until(bot, "2026-01-06T07:00").await;
        assert_eq!(announced(bot).len(), 1);
        assert!(news(bot)[1].contains("is over. Next sync: Tuesday, 6 January at 07:00."), "{:?}", news(bot));
    }

    async fn a_pause_may_get_another_date(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync pause").await;
        let said = says(bot, "ana", "/sync pause for 2 weeks").await;
        assert!(said.starts_with("I've paused the syncs. The syncs are back from Monday, 19 January 2026 on."), "{said}");
        says(bot, "ana", "/sync pause until 14 January").await;
        until(bot, "2026-01-14T09:00").await;
        assert_eq!(news(bot).len(), 4, "{:?}", news(bot));
        until(bot, "2026-01-19T09:00").await;
        assert_eq!(news(bot).len(), 4, "{:?}", news(bot));
    }

    async fn an_earlier_pause_does_not_end_a_later_one(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync pause until 14 January").await;
        let resumed = says(bot, "ana", "/sync resume").await;
        assert!(resumed.starts_with("I've resumed the syncs. Next sync: Tuesday, 6 January at 10:00."), "{resumed}");
        until(bot, "2026-01-05T12:00").await;
        says(bot, "ana", "/sync pause").await;
        let status = says(bot, "ben", "/sync status").await;
        assert!(status.contains("They're paused."), "{status}");
        until(bot, "2026-01-15T10:00").await;
        assert!(programme_in(bot, &channel).await.paused_at.is_some());
        assert_eq!(news(bot).len(), 3);
    }

    async fn a_stopped_sync_does_not_go_on(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync pause until 14 January").await;
        says(bot, "ana", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        until(bot, "2026-01-15T10:00").await;
        assert!(programme_in(bot, &channel).await.ended_at.is_some());
        assert_eq!((announced(bot).len(), news(bot).len()), (0, 1));
    }

    async fn wrong_days_pause_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 until 28 January called Planning").await;
        for (typed, answer) in [
            ("/sync pause until yesterday called Planning", "Sunday, 4 January 2026 is over."),
            ("/sync pause until today called Planning", "That's today, so there'd be nothing to pause."),
            ("/sync pause until blursday called Planning", "I don't know the date \"blursday\"."),
            ("/sync pause until called Planning", "I don't know the date \"until\"."),
            ("/sync pause until 2027-12-25 called Planning", "Saturday, 25 December 2027 is more than a year ahead."),
            ("/sync pause until 30 December called Planning", "Do you mean Wednesday, 30 December 2026? Then type it with the year: `2026-12-30`."),
            ("/sync pause until 30.2. called Planning", "There's no 30 February."),
            ("/sync pause until 1 February called Planning", "No sync comes on or after Sunday, 1 February 2026."),
            ("/sync pause until 14 January", "Several syncs run here, so nothing has changed. Say which: `/sync pause until 14 January called no name`, `/sync pause until 14 January called Planning`."),
            ("/sync pause until 14 January called Nothing", "No syncs here are called \"Nothing\"."),
        ] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
        let not_yours = says(bot, "ben", "/sync pause until 14 January called Planning").await;
        assert!(not_yours.contains("@ana"), "{not_yours}");
        assert!(programme_in(bot, &channel).await.paused_at.is_none());
        assert_eq!(news(bot), [""; 0]);
        let named = says(bot, "ana", "/sync pause Planning until 14 January").await;
        assert!(named.starts_with("I've paused *Planning*. The syncs are back from Wednesday, 14 January 2026 on."), "{named}");
    }

    async fn a_pause_ends_once_in_two_replicas(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync pause until 14 January").await;
        let engine = bot.parts.engine.clone();
        let end = engine.store.next_run_at(&engine.team).await.unwrap().unwrap();
        // No one ran it for two days.
        bot.sandbox.clock().advance_to(end.timestamp_millis() + 2 * 86_400_000);
        let (one, other) = tokio::join!(bot.parts.ticker.tick_once(), bot.parts.ticker.tick_once());
        assert!([one.unwrap(), other.unwrap()].contains(&Turn::Worked));
        bot.settle().await;
        assert_eq!(news(bot).len(), 2, "{:?}", news(bot));
        assert!(news(bot)[1].contains("Next sync: Tuesday, 20 January at 10:00."), "{:?}", news(bot));
    }

    async fn two_organisers_pause_once(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let (ana, again) = (bot.person("ana"), bot.person("ana"));
        let (one, other) = tokio::join!(
            ana.says("#team", "/sync pause until 14 January"),
            again.says("#team", "/sync pause until 14 January")
        );
        bot.settle().await;
        let texts = [one.text, other.text];
        assert_eq!(texts.iter().filter(|text| text.starts_with("I've paused the syncs. The syncs are back from")).count(), 1, "{texts:?}");
        assert_eq!(texts.iter().filter(|text| text.starts_with("I've paused the syncs before")).count(), 1, "{texts:?}");
        assert_eq!(news(bot).len(), 1);
        until(bot, "2026-01-14T09:00").await;
        assert!(programme_in(bot, &channel).await.paused_at.is_none());
    }

    async fn coffee_chats_pause_until_a_day(bot: &mut Bot) {
        bot.sandbox.add_channel("cafe", false, &["ana", "ben"]);
        bot.sandbox.invite("cafe", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#cafe", "/coffee start every Thursday at 10:00").await;
        bot.clicks("ana", "#cafe", "Start").await;
        bot.says("ana", "#cafe", "/coffee pause until 12 January").await;
        crate::coffee::comes_round(bot).await;
        assert_eq!(bot.parts.engine.clock.now().format("%d %H").to_string(), "15 10");
        let read = bot.reads("ben", "#cafe");
        assert_eq!(read.iter().filter(|text| text.contains("The pause of the coffee chats is over.")).count(), 1, "{read:?}");
    }
}
