//! `/sync hand over to @ben`: another person organises the syncs.

use super::*;

/// Types a hand-over, confirms it, and returns the answer.
pub(super) async fn hands_over(bot: &mut Bot, who: &str, typed: &str) -> String {
    says(bot, who, typed).await;
    bot.clicks(who, "#team", "Hand over").await;
    answered(bot, who, "#team")
}

/// Returns what a person reads who has handed over.
fn answered(bot: &Bot, who: &str, place: &str) -> String {
    bot.reads(who, place).into_iter().rev().find(|text| text.contains("I'm telling")).unwrap_or_default()
}

each_store! {
    async fn an_organiser_hands_over(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let ben = "@ben";
        let said = says(bot, "ana", &format!("/sync hand over to {ben}")).await;
        assert_eq!(said, "*Hand the syncs in #team over to @ben?*\nFrom then on @ben can change, move, pause and stop the syncs. Only they or a workspace admin could hand back to you.");
        assert_eq!(programme_in(bot, &channel).await.organisers, [UserId(bot.id("ana"))], "it asks first");
        bot.clicks("ana", "#team", "Hand over").await;
        assert_eq!(answered(bot, "ana", "#team"), "@ben runs the syncs from now on. I'm telling @ben and the channel.");
        assert!(!bot.person("ana").reads("#team").iter().any(|message| message.has_button("Hand over")));
        assert_eq!(
            bot.reads("cy", "#team").last().unwrap(),
            ":speech_balloon: @ben runs the syncs from now on: @ana has handed over."
        );
        let dm = bot.reads_dm("ben");
        assert!(dm.iter().any(|text| text.starts_with(
            ":speech_balloon: @ana has handed the syncs in #team over to you: you can change, move, pause and stop the syncs."
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
        hands_over(bot, "ana", "/sync hand over to @ben").await;
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
        let said = hands_over(bot, "ana", &format!("/sync hand over to {ben} called planning")).await;
        assert_eq!(said, "@ben runs *Planning* from now on. I'm telling @ben and the channel.");
        let which = says(bot, "ana", "/sync hand over to @ben Nothing").await;
        assert!(which.contains("Say which: `/sync hand over to @ben called no name`, "), "{which}");
        let said = hands_over(bot, "ana", "/sync hand over to @ben called no name").await;
        assert_eq!(said, "@ben runs the syncs from now on. I'm telling @ben and the channel.");
        for typed in ["/sync hand over planning to @ana", "/sync hand over to @ben Planning"] {
            let said = hands_over(bot, if typed.contains("@ana") { "ben" } else { "ana" }, typed).await;
            assert!(said.contains(" runs *Planning* from now on."), "{typed}: {said}");
        }
    }

    async fn two_organisers_hand_over_once(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let ana = bot.person("ana");
        let mut asked = Vec::new();
        for typed in ["/sync hand over to @ben", "/sync hand over to @cy"] {
            says(bot, "ana", typed).await;
            asked.push(ana.reads("#team").pop().expect("a question"));
        }
        let again = bot.person("ana");
        tokio::join!(ana.clicks(&asked[0], "Hand over"), again.clicks(&asked[1], "Hand over"));
        bot.settle().await;
        let told = bot.reads("cy", "#team");
        assert_eq!(told.iter().filter(|text| text.contains("from now on")).count(), 1, "{told:?}");
        assert_eq!(programme_in(bot, &channel).await.organisers.len(), 1);
    }

    async fn nothing_is_handed_over_unless_it_is_confirmed(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync hand over to @ben").await;
        bot.clicks("ana", "#team", "Not now").await;
        assert!(bot.reads_last("ana", "#team").starts_with("OK, nothing has changed."));
        assert_eq!(programme_in(bot, &channel).await.organisers, [UserId(bot.id("ana"))]);
        assert!(!bot.reads("ben", "#team").iter().any(|text| text.contains("from now on")));
    }

    async fn a_second_press_reads_the_same(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben"]).await;
        says(bot, "ana", "/sync hand over to @ben").await;
        let (ana, asked) = (bot.person("ana"), bot.person("ana").reads("#team").pop().expect("a question"));
        let version = programme_in(bot, &channel).await.version;
        for _ in 0..2 {
            ana.clicks(&asked, "Hand over").await;
            bot.settle().await;
            assert_eq!(answered(bot, "ana", "#team"), "@ben runs the syncs from now on. I'm telling @ben and the channel.");
        }
        assert_eq!(programme_in(bot, &channel).await.version, version + 1);
        assert_eq!(bot.reads("ben", "#team").iter().filter(|text| text.contains("from now on")).count(), 1);
    }

    async fn an_old_question_hands_nothing_over(bot: &mut Bot) {
        let channel = running(bot, &["ana", "ben", "cy"]).await;
        let mut asked = Vec::new();
        for typed in ["/sync hand over to @ben", "/sync hand over to @cy"] {
            says(bot, "ana", typed).await;
            asked.push(bot.person("ana").reads("#team").pop().expect("a question"));
        }
        // Those who have left the channel can't organise.
        bot.sandbox.kick("team", "ben");
        bot.hears_events().await;
        let press = async |bot: &mut Bot, asked: &slack_sandbox::Message| {
            bot.person("ana").clicks(asked, "Hand over").await;
            bot.settle().await;
            bot.reads_last("ana", "#team")
        };
        let said = press(bot, &asked[0]).await;
        assert!(said.starts_with("As far as I know @ben isn't in this channel."), "{said}");
        press(bot, &asked[1]).await;
        let said = answered(bot, "ana", "#team");
        assert!(said.starts_with("@cy runs the syncs from now on."), "{said}");
        // Ana isn't their organiser any more.
        bot.sandbox.invite("team", "ben");
        bot.hears_events().await;
        let said = press(bot, &asked[0]).await;
        assert!(said.starts_with("@cy runs these syncs."), "{said}");
        // They were stopped and started again: that question was about others.
        hands_over(bot, "cy", "/sync hand over to @ana").await;
        says(bot, "ana", "/sync stop").await;
        bot.clicks("ana", "#team", "Stop these syncs").await;
        bot.passes(chrono::Duration::minutes(1));
        starts(bot, WEEKLY).await;
        press(bot, &asked[0]).await;
        assert_eq!(programme_in(bot, &channel).await.organisers, [UserId(bot.id("ana"))]);
    }

    async fn coffee_chats_are_handed_over(bot: &mut Bot) {
        crate::support::cafe::running_cafe(bot, &["ana", "ben"]).await;
        let said = bot.says("ana", "#cafe", "/coffee handover to @ben").await;
        assert!(bot.as_read(&said.text).starts_with("*Hand the coffee chats in #cafe over to @ben?*"), "{}", said.text);
        bot.clicks("ana", "#cafe", "Hand over").await;
        assert_eq!(answered(bot, "ana", "#cafe"), "@ben runs the coffee chats from now on. I'm telling @ben and the channel.");
        assert!(bot.reads_dm("ben").iter().any(|text| text.contains("has handed the coffee chats in #cafe over to you")));
    }
}
