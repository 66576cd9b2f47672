//! `/sync cancel 13 January`: one sync doesn't take place.

use super::*;

fn news(bot: &Bot) -> Vec<String> {
    bot.reads("ben", "#team").into_iter().filter(|text| text.contains(" has cancelled the ")).collect()
}

each_store! {
    // It is Monday, 5 January 2026; the syncs are on Tuesdays.
    async fn dates_without_a_sync_change_nothing(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let before = programme_in(bot, &channel).await;
        let next = "The next ones: Tuesday, 6 January 2026; Tuesday, 13 January 2026; Tuesday, 20 January 2026.";
        for (typed, answer) in [
            ("/sync cancel", format!("Which sync? {next}")),
            ("/sync cancel blursday", format!("I don't know the date \"blursday\". {next}")),
            ("/sync cancel 7 January", format!("A sync on Wednesday, 7 January 2026 isn't planned, so nothing has changed. {next}")),
            ("/sync cancel 31 February", "There's no 31 February.".to_owned()),
            ("/sync cancel 30.2.", "There's no 30 February.".to_owned()),
            ("/sync cancel yesterday", "Sunday, 4 January 2026 is over.".to_owned()),
            ("/sync cancel 7.1.", format!("A sync on Wednesday, 7 January 2026 isn't planned, so nothing has changed. {next}")),
            ("/sync cancel next Wednesday", "A sync on Wednesday, 14 January 2026 isn't planned, so nothing has changed.".to_owned()),
            ("/sync cancel 30 December", "Do you mean Wednesday, 30 December 2026? Then type it with the year: `/sync cancel 2026-12-30`.".to_owned()),
            ("/sync cancel 2026-01-04", "Sunday, 4 January 2026 is over.".to_owned()),
            ("/sync cancel 2027-12-25", "Saturday, 25 December 2027 is more than a year ahead.".to_owned()),
            ("/sync cancel Tuesday please", "I don't know the date \"please\".".to_owned()),
            ("/sync cancel 6 to 13 January", "I cancel one sync at a time, so nothing has changed.".to_owned()),
            ("/sync cancel 6 January called Retro", "I don't know \"cancel 6 January called Retro\".".to_owned()),
        ] {
            let said = says(bot, "ana", typed).await;
            assert!(said.starts_with(&answer), "{typed}: {said}");
        }
        let long = format!("/sync cancel 6 January because {}", "x".repeat(201));
        assert!(says(bot, "ana", &long).await.starts_with("That reason is too long, so nothing has changed."));
        let not_yours = says(bot, "ben", "/sync cancel 6 January").await;
        assert!(not_yours.contains("@ana"), "only an organiser may: {not_yours}");
        assert_eq!(programme_in(bot, &channel).await.version, before.version);
        assert_eq!(news(bot), [""; 0]);
    }

    async fn a_cancelled_sync_does_not_come_and_owes_nothing(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let shown = leads_shown(bot, "ana").await;
        let said = says(bot, "ana", "/sync cancel Tuesday because of the <!here> all-hands").await;
        assert!(said.starts_with("I've cancelled the sync on Tuesday, 6 January at 10:00 because of the &lt;!here&gt; all-hands. Next sync: Tuesday, 13 January at 10:00."), "{said}");
        let told = news(bot);
        assert_eq!(told, [":speech_balloon: @ana has cancelled the sync on Tuesday, 6 January at 10:00 because of the &lt;!here&gt; all-hands. Next sync: Tuesday, 13 January at 10:00."]);
        let again = says(bot, "ana", "/sync cancel Tuesday").await;
        assert!(again.starts_with("A sync on Tuesday, 6 January 2026 is cancelled or left out already, so nothing has changed. The next ones: Tuesday, 13 January 2026;"), "{again}");
        assert_eq!(leads_shown(bot, "ana").await, shown, "the rota only moves on by a week");
        let status = says(bot, "ana", "/sync status").await;
        assert!(status.contains("except 6 January 2026"), "{status}");
        let announcement = next_sync(bot).await;
        assert_eq!((lead_of(&announcement), announced(bot).len()), (shown[0].clone(), 1));
        assert!(exported(bot).await.contains(",2026-01-13,"));
        let status = says(bot, "ana", "/sync status").await;
        assert!(!status.contains("except"), "a date that is over isn't told: {status}");
    }

    async fn a_later_sync_can_be_cancelled(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        let said = says(bot, "ana", "/sync cancel 2026-01-13").await;
        assert!(said.contains("on Tuesday, 13 January at 10:00. Next sync: Tuesday, 6 January at 10:00."), "{said}");
        next_sync(bot).await;
        next_sync(bot).await;
        let csv = exported(bot).await;
        assert!(csv.contains(",2026-01-06,") && csv.contains(",2026-01-20,") && !csv.contains(",2026-01-13,"), "{csv}");
    }

    async fn two_organisers_cancel_once(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        let (ana, again) = (bot.person("ana"), bot.person("ana"));
        let (one, other) = tokio::join!(ana.says("#team", "/sync cancel 6 January"), again.says("#team", "/sync cancel 6 January"));
        let texts = [one.text, other.text];
        assert_eq!(texts.iter().filter(|text| text.starts_with("I've cancelled")).count(), 1, "{texts:?}");
        assert_eq!(texts.iter().filter(|text| text.contains("is cancelled or left out already")).count(), 1, "{texts:?}");
        let (one, other) = tokio::join!(ana.says("#team", "/sync cancel 13 January"), again.says("#team", "/sync cancel 20 January"));
        assert!(one.text.starts_with("I've cancelled") && other.text.starts_with("I've cancelled"), "{} {}", one.text, other.text);
        bot.settle().await;
        assert_eq!(news(bot).len(), 3);
        let left_out = programme_in(bot, &channel).await.cadence.unwrap().left_out;
        assert_eq!(left_out.len(), 3, "{left_out:?}");
    }

    async fn a_sync_that_has_begun_is_not_cancelled(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        next_sync(bot).await;
        let said = says(bot, "ana", "/sync cancel 6 January").await;
        assert!(said.starts_with("A sync on Tuesday, 6 January 2026 has begun already, so nothing has changed. The next ones: Tuesday, 13 January"), "{said}");
        says(bot, "ana", "/sync pause").await;
        let said = says(bot, "ana", "/sync cancel 13 January").await;
        assert!(said.starts_with("They're paused, so there's no sync to cancel."), "{said}");
    }

    async fn of_several_syncs_the_name_says_which(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        starts(bot, "/sync start every Wednesday at 17:00 called Review").await;
        let which = says(bot, "ana", "/sync cancel 7 January").await;
        assert!(which.starts_with("Several syncs run here, so nothing has changed. Say which: `/sync cancel 7 January called no name`, `/sync cancel 7 January called Planning`"), "{which}");
        let said = says(bot, "ana", "/sync cancel 6 January").await;
        assert!(said.starts_with("I've cancelled the sync on Tuesday, 6 January at 10:00."), "only those without a name come on that day: {said}");
        let said = says(bot, "ana", "/sync cancel 7 January called planning because half of us are away").await;
        assert!(said.starts_with("I've cancelled the sync of *Planning* on Wednesday, 7 January at 15:00 because half of us are away."), "{said}");
    }

    async fn a_name_needs_no_word_before_it(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Team Planning").await;
        starts(bot, "/sync start every Wednesday at 17:00 called Review").await;
        for (typed, answer) in [
            ("cancel 7 January review because of rain", "I've cancelled the sync of *Review* on Wednesday, 7 January at 17:00 because of rain."),
            ("move 14 January to 15 January at 9:00 Review", "I've moved the sync of *Review* on Wednesday, 14 January at 17:00 to Thursday, 15 January at 09:00."),
            ("cancel 14 January team planning", "I've cancelled the sync of *Team Planning* on Wednesday, 14 January at 15:00."),
            ("move Review 15 January to 16 January because of rain", "I've moved the sync of *Review* on Thursday, 15 January at 09:00 to Friday, 16 January"),
            ("cancel team planning 28 January", "I've cancelled the sync of *Team Planning* on Wednesday, 28 January at 15:00."),
            ("cancel 13 January called no name", "I've cancelled the sync on Tuesday, 13 January at 10:00."),
            ("cancel Review", "Which sync? The next ones:"),
            ("cancel 21 January Reviw", "I don't know the date \"Reviw\"."),
        ] {
            let said = says(bot, "ana", &format!("/sync {typed}")).await;
            assert!(said.starts_with(answer), "{typed}: {said}");
        }
    }

    async fn a_coffee_round_can_be_cancelled_after_its_notice(bot: &mut Bot) {
        let id = bot.sandbox.add_channel("cafe", false, &["ana", "ben"]);
        bot.sandbox.invite("cafe", &bot.user);
        bot.hears_events().await;
        bot.says("ana", "#cafe", "/coffee start every Thursday at 10:00").await;
        bot.clicks("ana", "#cafe", "Start").await;
        crate::coffee::comes_to(bot, "notice").await;
        let said = bot.says("ana", "#cafe", "/coffee cancel Thursday").await.text;
        assert!(said.starts_with("I've cancelled the round on "), "{said}");
        crate::coffee::comes_round(bot).await;
        let engine = bot.parts.engine.clone();
        let chats = engine.store.programmes_in(&engine.team, "coffee", &ChannelId(id)).await.unwrap();
        assert!(!rondo::rituals::coffee::store::had_round(&engine.context().store, &chats[0].id, "2026-01-08".parse().unwrap()).await.unwrap());
    }

    async fn a_way_back_is_taken_as_it_stands(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        for typed in ["/sync move 13 January to 15 January called no name", "/sync move 14 January to 16 January called Planning"] {
            let moved = says(bot, "ana", typed).await;
            let (_, way) = moved.split_once("Want it back? Type `").unwrap_or_else(|| panic!("{moved}"));
            let back = says(bot, "ana", way.split('`').next().unwrap()).await;
            assert!(back.starts_with("I've moved the sync "), "{way}: {back}");
        }
        says(bot, "ana", "/sync move 20 January to 22 January called no name").await;
        let refused = says(bot, "ana", "/sync cancel 20 January called no name").await;
        let (_, way) = refused.split_once("For that one: `").unwrap_or_else(|| panic!("{refused}"));
        let way = way.split('`').next().unwrap();
        assert!(way.ends_with("called no name"), "{refused}");
        let cancelled = says(bot, "ana", way).await;
        assert!(cancelled.starts_with("I've cancelled the sync on Thursday, 22 January"), "{cancelled}");
        let unknown = says(bot, "ana", "/sync cancel 27 January called Nonsense").await;
        assert!(unknown.contains("There are one without a name (`called no name`) and Planning.") || unknown.contains("one without a name (`called no name`)"), "{unknown}");
    }
}
