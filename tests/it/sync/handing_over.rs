//! `/sync hand over to @ben`: another person organises the syncs.

use super::*;

each_store! {
    async fn an_organiser_hands_over(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let ben = "@ben";
        let said = says(bot, "ana", &format!("/sync hand over to {ben}")).await;
        assert_eq!(said, "@ben runs the syncs from now on. I'm telling @ben and the channel.");
        assert_eq!(
            bot.reads("cy", "#team").last().unwrap(),
            ":speech_balloon: @ben runs the syncs from now on: @ana has handed them over."
        );
        let dm = bot.reads_dm("ben");
        assert!(dm.iter().any(|text| text.starts_with(
            ":speech_balloon: @ana has handed the syncs in #team over to you: you can change, move, pause and stop them."
        )), "{dm:?}");
        let organisers = programme_in(bot, &channel).await.organisers;
        assert_eq!(organisers, [UserId(bot.id("ben"))]);
        let not_yours = says(bot, "cy", "/sync pause").await;
        assert!(not_yours.starts_with("@ben runs these syncs."), "{not_yours}");
        let paused = says(bot, "ben", "/sync pause").await;
        assert!(paused.starts_with("I've paused the syncs."), "{paused}");
        let again = says(bot, "ben", &format!("/sync hand over {ben}")).await;
        assert!(again.starts_with("@ben runs these syncs already."), "{again}");
    }

    async fn times_of_a_new_organiser_keep_their_zone(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync hand over to @ben").await;
        let zone = programme_in(bot, &channel).await.cadence.expect("times").zone;
        let shown = says(bot, "ben", "/sync start every Thursday at 10:00").await;
        assert!(shown.contains(&format!("Read in the zone that they have, {}.", zone.name())), "{shown}");
        bot.clicks("ben", "#team", "Change the times").await;
        assert_eq!(programme_in(bot, &channel).await.cadence.expect("times").zone, zone);
        let shown = says(bot, "ben", "/sync start every Thursday at 10:00 in Kolkata").await;
        assert!(!shown.contains("Read in the zone"), "{shown}");
        bot.clicks("ben", "#team", "Change the times").await;
        assert_eq!(programme_in(bot, &channel).await.cadence.expect("times").zone, chrono_tz::Asia::Kolkata);
    }

    async fn not_everyone_can_organise(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "gus"]).await;
        let before = programme_in(bot, &channel).await;
        let [gus, helper, dee] = ["@gus", "@helper", "@dee"];
        for (typed, answer) in [
            ("/sync hand over".to_owned(), "To whom? Type @ and pick the name of one person from the list."),
            ("/sync hand over to @ben tomorrow".to_owned(), "I don't know what the words behind @ben mean."),
            ("/sync hand over to ben".to_owned(), "To whom? Type @ and pick the name of one person from the list."),
            (format!("/sync hand over to {gus}"), "@gus is a guest or of another workspace, so they can't run syncs."),
            (format!("/sync hand over to {helper}"), "@helper is a bot, and people run syncs."),
            (format!("/sync hand over to {dee}"), "As far as I know @dee isn't in this channel. Invite them first."),
        ] {
            let said = says(bot, "ana", &typed).await;
            assert!(said.starts_with(answer) && said.contains("Nothing has changed. For example: `/sync hand over to @name`."), "{typed}: {said}");
        }
        let ben = "@ben";
        let not_yours = says(bot, "ben", &format!("/sync hand over to {ben}")).await;
        assert!(not_yours.contains("@ana"), "{not_yours}");
        assert_eq!(programme_in(bot, &channel).await, before);
    }

    async fn of_several_syncs_the_name_says_which_is_handed_over(bot: &mut Bot) {
        running(bot, &["ana", "ben"]).await;
        starts(bot, "/sync start every Wednesday at 15:00 called Planning").await;
        let ben = "@ben";
        let which = says(bot, "ana", &format!("/sync hand over to {ben}")).await;
        assert!(which.starts_with("Several syncs run here, so nothing has changed. Say which: `/sync hand over to @ben called no name`, `/sync hand over to @ben called Planning`."), "{which}");
        let said = says(bot, "ana", &format!("/sync hand over to {ben} called planning")).await;
        assert_eq!(said, "@ben runs *Planning* from now on. I'm telling @ben and the channel.");
        let which = says(bot, "ana", "/sync hand over to @ben Nothing").await;
        assert!(which.contains("Say which: `/sync hand over to @ben called no name`, "), "{which}");
        let said = says(bot, "ana", "/sync hand over to @ben called no name").await;
        assert_eq!(said, "@ben runs the syncs from now on. I'm telling @ben and the channel.");
        for typed in ["/sync hand over planning to @ana", "/sync hand over to @ben Planning"] {
            let said = says(bot, if typed.contains("@ana") { "ben" } else { "ana" }, typed).await;
            assert!(said.contains(" runs *Planning* from now on."), "{typed}: {said}");
        }
    }

    async fn two_organisers_hand_over_once(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let (ana, again) = (bot.person("ana"), bot.person("ana"));
        let [ben, cy] = ["/sync hand over to @ben", "/sync hand over to @cy"];
        let (one, other) = tokio::join!(ana.says("#team", ben), again.says("#team", cy));
        bot.settle().await;
        let texts = [bot.as_read(&one.text), bot.as_read(&other.text)];
        assert_eq!(texts.iter().filter(|text| text.contains("from now on")).count(), 1, "{texts:?}");
        assert_eq!(programme_in(bot, &channel).await.organisers.len(), 1);
    }

    async fn coffee_chats_are_handed_over(bot: &mut Bot) {
        crate::support::cafe::running_cafe(bot, &["ana", "ben"]).await;
        let said = bot.says("ana", "#cafe", "/coffee handover to @ben").await;
        assert_eq!(bot.as_read(&said.text), "@ben runs the coffee chats from now on. I'm telling @ben and the channel.");
        assert!(bot.reads_dm("ben").iter().any(|text| text.contains("has handed the coffee chats in #cafe over to you")));
    }
}
