//! A sync that begins soon, or at night for some: its lead is told before it, and others come first at night.

use super::{
    before::{ASKS, NAMES, answers, only, told, until, weekly},
    *,
};

each_store! {
    async fn the_announcement_has_the_first_sync_that_is_ahead(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync move 6 January to 7 January at 15:00").await;
        bot.settle().await;
        let announced = bot.reads("ben", "#team").remove(0);
        assert!(announced.contains("First sync: Wednesday, 7 January at 15:00."), "{announced}");
        bot.clicks("ben", "#team", "Skip the first sync").await;
        let said = bot.reads_last("ben", "#team");
        assert!(said.starts_with("You're skipping the sync on Wednesday, 7 January at 15:00."), "{said}");
    }

    async fn the_lead_of_a_sync_on_a_free_day_is_told_at_once(bot: &mut Bot) {
        team(bot, &["ana", "ben", "dee"]).await;
        until(bot, "2026-01-11T10:00").await;
        starts(bot, "/sync start every day at 16:00").await;
        let lead = only(bot, "• When: Sunday, 11 January at 16:00, 30 minutes");
        assert_eq!(leads_shown(bot, "ana").await[0], lead);
        until(bot, "2026-01-11T16:00").await;
        assert_eq!(lead_of(&announced(bot)[0]), lead);
        // The one of the day after is asked at once, too, since Monday's work begins only then.
        until(bot, "2026-01-12T15:59").await;
        assert_eq!(told(bot, "• When: Monday, 12 January at 16:00").len(), 1);
    }

    async fn the_lead_of_a_sync_that_moves_near_is_told_at_once(bot: &mut Bot) {
        weekly(bot, &["ana", "ben"]).await;
        until(bot, "2026-01-10T12:00").await;
        let asked = leads_shown(bot, "ana").await.remove(0);
        bot.says("ana", "#team", "/sync move 13 January to 11 January at 9:00").await;
        let read = bot.reads_dm(&asked).pop().unwrap();
        assert!(read.contains("• When: Sunday, 11 January at 09:00"), "{read}");
        until(bot, "2026-01-11T09:00").await;
        assert_eq!(lead_of(&announced(bot)[1]), asked);
    }

    async fn a_lead_who_was_never_told_is_told_at_the_start(bot: &mut Bot) {
        team(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start once on 20 January at 10:00").await;
        // Nothing ran for two weeks.
        bot.sandbox.clock().advance_to("2026-01-20T10:00:00Z".parse::<rondo::model::clock::Instant>().unwrap().timestamp_millis());
        bot.settle().await;
        let lead = lead_of(&announced(bot)[0]);
        let read = bot.reads_dm(&lead);
        let [sheet] = &read[..] else { panic!("{read:?}") };
        assert!(sheet.starts_with(":clipboard: *You lead the sync in #team*"), "{sheet}");
        assert!(sheet.contains("It's your turn, and I couldn't tell you before: it begins now."), "{sheet}");
        let other = ["ana", "ben"].into_iter().find(|who| *who != lead).unwrap();
        bot.clicks(other, "#team", "I'll take over").await;
        let read = bot.reads_dm(&lead);
        assert!(!read.iter().any(|text| text.contains("*You lead the sync in #team*")), "{read:?}");
        until(bot, "2026-01-20T10:30").await;
        assert!(bot.reads_dm(other).pop().unwrap().contains("Thanks for leading"), "{:?}", bot.reads_dm(other));
    }

    async fn at_night_others_lead_first_and_the_person_reads_so(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy"]).await;
        let preview = says(bot, "ana", WEEKLY).await;
        assert!(preview.contains("Outside the usual hours of some: 05:00 for @cy. Others lead before them, where that's fair."), "{preview}");
        bot.clicks("ana", "#team", "Start").await;
        let leads = leads_shown(bot, "ana").await;
        assert!(leads[2] == "cy" && leads[5] == "cy" && !leads[..2].contains(&leads[2]), "{leads:?}");
        for (day, at) in [(6, "2026-01-06T10:00"), (13, "2026-01-13T10:00")] {
            let asked = only(bot, ASKS);
            assert_ne!(asked, "cy", "{day} January");
            answers(bot, asked, "I'll do it").await;
            until(bot, at).await;
        }
        until(bot, "2026-01-13T15:00").await;
        let question = bot.reads_dm("cy").pop().unwrap();
        assert!(question.contains("Will you?") && question.contains("For you that's at 05:00, outside your usual hours."), "{question}");
        answers(bot, "cy", "I'll do it").await;
        until(bot, "2026-01-20T10:00").await;
        assert_eq!(lead_of(&announced(bot)[2]), "cy", "they said yes");
    }

    async fn no_one_is_named_for_their_night_if_another_can_lead(bot: &mut Bot) {
        team(bot, &["ana", "ben", "cy"]).await;
        starts(bot, WEEKLY).await;
        let first = only(bot, ASKS);
        answers(bot, first, "I'll do it").await;
        until(bot, "2026-01-06T10:00").await;
        let second = only(bot, ASKS);
        answers(bot, second, "I'll do it").await;
        until(bot, "2026-01-12T15:30").await;
        answers(bot, second, "Can't after all").await;
        // It would be cy's turn, who is at work and could be named.
        assert_eq!(told(bot, NAMES), [(first, 1)]);
    }
}
