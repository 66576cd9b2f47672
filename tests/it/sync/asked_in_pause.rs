//! The lead of the first sync after a pause is asked in time, while the pause lasts, and what they read stays true.

use super::{
    before::{ASKS, NAMES, REMINDS, answers, only, told, until, weekly},
    truth::open_to,
    *,
};

const PEOPLE: [&str; 3] = ["ana", "ben", "dee"];
/// The first sync after a pause until Monday, 19 January.
const OF_20: &str = "the sync in #team on Tuesday, 20 January at 10:00";

/// Has the syncs pause on Tuesday, 6 January, when one has begun, until a day. Returns what the organiser reads.
async fn paused(bot: &mut Bot, day: &str) -> String {
    weekly(bot, &PEOPLE).await;
    says(bot, "ana", &format!("/sync pause until {day}")).await
}

/// Has them pause until 19 January, and goes to when the lead of the 20th is asked. Returns that person.
async fn asked(bot: &mut Bot) -> &'static str {
    paused(bot, "19 January").await;
    until(bot, "2026-01-13T10:00").await;
    only(bot, ASKS)
}

fn told_of(bot: &Bot, who: &str, words: &str) -> bool {
    bot.reads_dm(who).iter().any(|text| text.contains(words))
}

async fn is_paused(bot: &Bot, channel: &ChannelId) -> bool {
    programme_in(bot, channel).await.paused_at.is_some()
}

each_store! {
    async fn the_lead_is_asked_five_working_days_before(bot: &mut Bot) {
        let channel = weekly(bot, &PEOPLE).await;
        let before = only(bot, ASKS);
        says(bot, "ana", "/sync pause until 19 January").await;
        assert_eq!(told(bot, ASKS), [], "there's no sync on the 13th");
        assert!(told_of(bot, before, "Tuesday, 13 January at 10:00: "), "{:?}", bot.reads_dm(before));
        until(bot, "2026-01-13T09:59").await;
        assert_eq!(told(bot, ASKS), []);
        until(bot, "2026-01-13T10:00").await;
        let first = only(bot, ASKS);
        assert!(told_of(bot, first, &format!("It's your turn to lead {OF_20}. Will you?")), "{:?}", bot.reads_dm(first));
        until(bot, "2026-01-15T10:00").await;
        assert_eq!(only(bot, REMINDS), first);
        until(bot, "2026-01-16T10:00").await;
        let second = only(bot, ASKS);
        assert_ne!(first, second);
        assert!(is_paused(bot, &channel).await);
        until(bot, "2026-01-19T08:00").await;
        assert!(!is_paused(bot, &channel).await);
        assert_eq!(only(bot, ASKS), second, "the end of the pause asks no one else");
        until(bot, "2026-01-19T10:00").await;
        let third = only(bot, NAMES);
        assert!(third != first && third != second);
        assert_eq!(only(bot, "• When: Tuesday, 20 January at 10:00, 30 minutes"), third);
        until(bot, "2026-01-20T10:00").await;
        assert_eq!((announced(bot).len(), lead_of(&announced(bot)[1])), (2, third.to_owned()));
        assert_eq!(reads_team(bot, "ben", ":speech_balloon: The pause of the syncs is over. Next sync: Tuesday, 20 January at 10:00.").len(), 1);
    }

    async fn all_of_it_comes_in_a_pause_until_the_day(bot: &mut Bot) {
        let said = paused(bot, "20 January").await;
        assert!(said.contains("First sync: Tuesday, 20 January at 10:00."), "{said}");
        until(bot, "2026-01-13T10:00").await;
        let lead = only(bot, ASKS);
        answers(bot, lead, "I'll do it").await;
        until(bot, "2026-01-19T10:00").await;
        assert!(told_of(bot, lead, ":clipboard: *You lead "), "{:?}", bot.reads_dm(lead));
        until(bot, "2026-01-20T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
        assert_ne!(told(bot, ASKS), [], "the next one is asked");
    }

    async fn a_pause_within_the_five_days_asks_at_once(bot: &mut Bot) {
        weekly(bot, &PEOPLE).await;
        says(bot, "ana", "/sync pause").await;
        until(bot, "2026-01-15T12:00").await;
        assert_eq!(told(bot, ASKS), []);
        says(bot, "ana", "/sync pause until 19 January").await;
        let first = only(bot, ASKS);
        assert!(told_of(bot, first, "If I don't hear from you by Friday, 16 January at 10:00"), "{:?}", bot.reads_dm(first));
        until(bot, "2026-01-16T10:00").await;
        assert_ne!(only(bot, ASKS), first);
    }

    async fn an_early_resume_keeps_the_question(bot: &mut Bot) {
        let lead = asked(bot).await;
        until(bot, "2026-01-14T12:00").await;
        let resumed = says(bot, "ana", "/sync resume").await;
        assert!(resumed.starts_with("I've resumed the syncs. Next sync: Tuesday, 20 January at 10:00."), "{resumed}");
        assert_eq!(only(bot, ASKS), lead);
        until(bot, "2026-01-15T10:00").await;
        assert_eq!(only(bot, REMINDS), lead, "as if there had been no pause");
        answers(bot, lead, "I'll do it").await;
        until(bot, "2026-01-20T10:00").await;
        assert_eq!((announced(bot).len(), lead_of(&announced(bot)[1])), (2, lead.to_owned()));
    }

    async fn an_early_resume_brings_earlier_syncs(bot: &mut Bot) {
        paused(bot, "19 January").await;
        let resumed = says(bot, "ana", "/sync resume").await;
        assert!(resumed.contains("Next sync: Tuesday, 13 January at 10:00."), "{resumed}");
        let lead = only(bot, ASKS);
        assert_eq!(open_to(bot, lead).len(), 1, "{:?}", open_to(bot, lead));
        answers(bot, lead, "I'll do it").await;
        until(bot, "2026-01-13T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), lead);
        let next = only(bot, ASKS);
        assert!(told_of(bot, next, &format!("It's your turn to lead {OF_20}. Will you?")));
        until(bot, "2026-01-20T10:00").await;
        assert_eq!(announced(bot).len(), 3);
    }

    async fn a_longer_pause_says_so(bot: &mut Bot) {
        let lead = asked(bot).await;
        says(bot, "ana", "/sync pause until 26 January").await;
        assert_eq!(told(bot, ASKS), []);
        assert!(told_of(bot, lead, "the syncs.") && told_of(bot, lead, "If it's your turn when they're back, I'll ask you again."), "{:?}", bot.reads_dm(lead));
        until(bot, "2026-01-20T09:59").await;
        assert_eq!((told(bot, ASKS), told(bot, REMINDS), told(bot, NAMES)), (vec![], vec![], vec![]));
        until(bot, "2026-01-20T10:00").await;
        assert_eq!(announced(bot).len(), 1);
        let next = only(bot, ASKS);
        assert!(told_of(bot, next, "on Tuesday, 27 January at 10:00. Will you?"));
        answers(bot, next, "I'll do it").await;
        until(bot, "2026-01-27T10:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), next);
    }

    async fn a_shorter_pause_asks_for_its_first_sync(bot: &mut Bot) {
        paused(bot, "26 January").await;
        says(bot, "ana", "/sync pause until 19 January").await;
        until(bot, "2026-01-13T10:00").await;
        assert!(told_of(bot, only(bot, ASKS), &format!("It's your turn to lead {OF_20}. Will you?")));
        until(bot, "2026-01-20T10:00").await;
        assert_eq!(announced(bot).len(), 2);
    }

    async fn a_stop_says_so(bot: &mut Bot) {
        let lead = asked(bot).await;
        says(bot, "ana", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        assert!(told_of(bot, lead, "stopped the syncs."), "{:?}", bot.reads_dm(lead));
        assert_eq!(open_to(bot, lead), [""; 0]);
        until(bot, "2026-01-27T12:00").await;
        assert_eq!((announced(bot).len(), told(bot, ASKS)), (1, vec![]));
    }

    async fn a_yes_for_after_the_pause_stays(bot: &mut Bot) {
        weekly(bot, &PEOPLE).await;
        let asked = only(bot, ASKS);
        answers(bot, asked, "I'll do it").await;
        bot.says("ben", "#team", "/sync next").await;
        bot.clicks("ben", "#team", "I'll do it").await;
        assert!(told_of(bot, "ben", &format!("You lead {OF_20}")), "{:?}", bot.reads_dm("ben"));
        says(bot, "ana", "/sync pause until 19 January").await;
        assert!(open_to(bot, "ben").iter().any(|text| text.contains(OF_20)), "{:?}", open_to(bot, "ben"));
        assert!(open_to(bot, asked).iter().all(|text| !text.contains("13 January")));
        let next = says(bot, "dee", "/sync next").await;
        assert!(next.contains("They're paused until Monday, 19 January 2026.") && next.contains(": @ben leads"), "{next}");
        until(bot, "2026-01-20T10:00").await;
        assert_eq!((lead_of(&announced(bot)[1]), told(bot, NAMES)), ("ben".to_owned(), vec![]));
    }

    async fn a_cancelled_first_date_is_not_the_first(bot: &mut Bot) {
        weekly(bot, &PEOPLE).await;
        says(bot, "ana", "/sync cancel 20 January").await;
        let said = says(bot, "ana", "/sync pause until 19 January").await;
        assert!(said.contains("First sync: Tuesday, 27 January at 10:00."), "{said}");
        // A cancelled date is no working day.
        until(bot, "2026-01-19T09:59").await;
        assert_eq!(told(bot, ASKS), []);
        until(bot, "2026-01-19T10:00").await;
        assert!(told_of(bot, only(bot, ASKS), "on Tuesday, 27 January at 10:00. Will you?"));
    }

    async fn a_moved_first_date_is_the_first_or_within(bot: &mut Bot) {
        weekly(bot, &PEOPLE).await;
        says(bot, "ana", "/sync move 20 January to 22 January").await;
        let said = says(bot, "ana", "/sync pause until 21 January").await;
        assert!(said.contains("First sync: Thursday, 22 January at 10:00."), "{said}");
        until(bot, "2026-01-15T10:00").await;
        let lead = only(bot, ASKS);
        assert!(told_of(bot, lead, "on Thursday, 22 January at 10:00. Will you?"));
        let said = says(bot, "ana", "/sync pause until 23 January").await;
        assert!(said.contains("First sync: Tuesday, 27 January at 10:00."), "{said}");
        assert_eq!(open_to(bot, lead), [""; 0]);
        until(bot, "2026-01-22T12:00").await;
        assert_eq!(announced(bot).len(), 1);
        until(bot, "2026-01-27T10:00").await;
        assert_eq!(announced(bot).len(), 2);
    }

    async fn other_times_change_the_first_sync(bot: &mut Bot) {
        let lead = asked(bot).await;
        says(bot, "ana", "/sync start every Thursday at 15:00").await;
        bot.clicks("ana", "#team", "Change the times").await;
        assert!(told_of(bot, lead, "there's no sync on that day now."), "{:?}", bot.reads_dm(lead));
        until(bot, "2026-01-15T10:00").await;
        let next = only(bot, ASKS);
        assert!(told_of(bot, next, "on Thursday, 22 January at 15:00. Will you?"));
        answers(bot, next, "I'll do it").await;
        until(bot, "2026-01-22T15:00").await;
        assert_eq!((announced(bot).len(), lead_of(&announced(bot)[1])), (2, next.to_owned()));
    }

    async fn a_person_who_goes_in_the_pause_is_passed_over(bot: &mut Bot) {
        let lead = asked(bot).await;
        bot.person(lead).leaves("team");
        bot.hears_events().await;
        bot.settle().await;
        let next = only(bot, ASKS);
        assert_ne!(next, lead);
        let skipped = says(bot, next, "/sync skip").await;
        assert!(skipped.contains("Tuesday, 20 January at 10:00"), "{skipped}");
        assert_eq!(told(bot, ASKS), [], "the third one is alone");
    }

    async fn a_missed_end_brings_the_sync_late_and_once(bot: &mut Bot) {
        let channel = weekly(bot, &PEOPLE).await;
        says(bot, "ana", "/sync pause until 20 January").await;
        until(bot, "2026-01-19T12:00").await;
        // No process ran from then on until the sync had begun.
        let at = "2026-01-20T10:30:00Z".parse::<rondo::model::clock::Instant>().unwrap();
        bot.sandbox.clock().advance_to(at.timestamp_millis());
        let (one, other) = tokio::join!(bot.parts.ticker.tick_once(), bot.parts.ticker.tick_once());
        one.unwrap();
        other.unwrap();
        until(bot, "2026-01-20T10:32").await;
        assert!(!is_paused(bot, &channel).await);
        assert_eq!(announced(bot).len(), 2, "{:?}", announced(bot));
        assert_eq!(reads_team(bot, "ben", ":speech_balloon: The pause of the syncs is over.").len(), 1);
        let next = says(bot, "ben", "/sync next").await;
        assert!(next.contains("• Tuesday, 27 January 2026 at 11:00 (Europe/Berlin)"), "{next}");
    }

    async fn a_sync_that_has_begun_is_closed_in_a_pause(bot: &mut Bot) {
        weekly(bot, &PEOPLE).await;
        let lead = lead_of(&announced(bot)[0]);
        says(bot, "ana", "/sync pause").await;
        until(bot, "2026-01-06T10:30").await;
        assert!(told_of(bot, &lead, "Thanks for leading the sync in #team on Tuesday, 6 January!"), "{:?}", bot.reads_dm(&lead));
        assert!(announced(bot)[0].contains("This sync is over."), "{:?}", announced(bot));
        until(bot, "2026-01-13T12:00").await;
        assert_eq!(announced(bot).len(), 1);
    }

    async fn dates_after_a_pause_are_cancelled_and_moved_meanwhile(bot: &mut Bot) {
        paused(bot, "19 January").await;
        let said = says(bot, "ana", "/sync cancel 13 January").await;
        assert!(said.starts_with("They're paused until Monday, 19 January 2026, so no sync comes on Tuesday, 13 January 2026, and nothing has changed."), "{said}");
        let said = says(bot, "ana", "/sync move 20 January to 14 January").await;
        assert!(said.starts_with("They're paused until Monday, 19 January 2026, so choose that day or a later one."), "{said}");
        says(bot, "ana", "/sync move 27 January to 28 January").await;
        says(bot, "ana", "/sync cancel 20 January").await;
        let shown = says(bot, "ana", "/sync next").await;
        assert!(!shown.contains("20 January") && shown.contains("28 January 2026 at 10:00"), "{shown}");
        until(bot, "2026-01-21T10:00").await;
        assert_eq!(announced(bot).len(), 1, "none on the 20th");
        assert_eq!(told(bot, ASKS).len(), 1, "the lead of the 28th is asked");
        until(bot, "2026-01-28T10:00").await;
        assert_eq!(announced(bot).len(), 2);
    }

    async fn the_first_sync_after_a_pause_can_be_moved_meanwhile(bot: &mut Bot) {
        let first = asked(bot).await;
        let said = says(bot, "ana", "/sync move 20 January to 22 January").await;
        assert!(said.contains("22 January"), "{said}");
        assert!(told_of(bot, first, "Moved to Thursday, 22 January at 10:00"), "{:?}", bot.reads_dm(first));
        until(bot, "2026-01-20T12:00").await;
        assert_eq!(announced(bot).len(), 1);
        until(bot, "2026-01-22T10:00").await;
        assert_eq!(announced(bot).len(), 2);
        until(bot, "2026-01-27T10:00").await;
        assert_eq!(announced(bot).len(), 3, "the others stay");
    }

}
