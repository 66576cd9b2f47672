//! How a sync stands, as people read it: whose turn it is, what is settled, and that it is on.

use super::{
    before::{ASKS, answers, only},
    take_over::others,
    *,
};

each_store! {
    async fn a_turn_without_a_yes_is_not_called_a_lead(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let asked = only(bot, ASKS);
        let turn = format!("it's @{asked}'s turn");
        for typed in ["/sync", "/sync next"] {
            assert!(says(bot, "ana", typed).await.contains(&turn), "{typed}");
        }
        answers(bot, asked, "I'll do it").await;
        for typed in ["/sync", "/sync next"] {
            let said = says(bot, "ana", typed).await;
            let first = said.lines().find(|line| line.contains("6 January")).unwrap();
            assert!(first.contains(&format!("@{asked} leads")), "{said}");
        }
    }

    async fn the_turn_of_a_person_comes_with_its_buttons(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let asked = only(bot, ASKS);
        let said = says(bot, asked, "/sync swap").await;
        assert!(said.contains("You are asked to lead the sync in #team on Tuesday, 6 January at 10:00:"), "{said}");
        assert!(!said.contains("to lead.)") && !said.contains("It isn't settled who leads the sync on Tuesday, 6 January"), "{said}");
        let said = says(bot, others(asked)[0], "/sync swap").await;
        assert!(!said.contains("You are asked"), "{said}");
        says(bot, asked, "/sync lead").await;
        bot.clicks(asked, "#team", "I'll do it").await;
        let said = says(bot, asked, "/sync next").await;
        assert!(said.contains("You lead the sync in #team on Tuesday, 6 January at 10:00:"), "{said}");
        bot.clicks(asked, "#team", "Can't after all").await;
        let said = says(bot, asked, "/sync next").await;
        assert!(!said.contains("You lead"), "{said}");
    }

    async fn the_answer_stands_in_place_of_the_turns(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let asked = only(bot, ASKS);
        let rest = others(asked);
        let (other, third) = (rest[0], rest[1]);
        says(bot, third, "/sync next").await;
        for (who, button, begins) in [
            (asked, "I'll do it", "You lead the sync in #team on Tuesday, 6 January at 10:00. Thank you!".to_owned()),
            (asked, "Can't after all", "Thanks for telling me: you don't lead the sync in #team on Tuesday, 6 January at 10:00.".to_owned()),
            (other, "I'll do it", "You lead the sync in #team on Tuesday, 6 January at 10:00. Thank you!".to_owned()),
            (third, "I'll do it", format!("@{other} ")),
        ] {
            if who != third {
                says(bot, who, "/sync next").await;
            }
            let before = bot.reads(who, "#team").len();
            bot.clicks(who, "#team", button).await;
            let now = bot.person(who).reads("#team");
            assert_eq!(now.len(), before, "{who} {button}: {:?}", bot.reads(who, "#team"));
            let said = now.iter().map(|message| bot.as_read(&message.text)).find(|text| text.starts_with(&begins));
            let said = said.unwrap_or_else(|| panic!("{who} {button}: {:?}", bot.reads(who, "#team")));
            assert!(said.ends_with("`/sync next` shows the next eight turns."), "{said}");
            assert!(!now.iter().any(|message| message.has_button("I'll do it")), "{who} {button}");
        }
    }

    async fn a_sync_that_is_on_says_so(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        assert!(!says(bot, "ana", "/sync").await.contains("It's on now"));
        let lead = lead_of(&next_sync(bot).await);
        let said = says(bot, "ana", "/sync").await;
        assert!(said.contains(&format!("It's on now, until 10:30 (Europe/Lisbon): @{lead} leads.")), "{said}");
        let elsewhere = says(bot, "cy", "/sync").await;
        assert!(elsewhere.contains(&format!("It's on now, until 05:30 (America/New_York) your time: @{lead} leads.")), "{elsewhere}");
        let past = format!("@{lead} led.");
        assert!(!said.contains(&past), "it isn't over: {said}");
        bot.passes(chrono::Duration::minutes(31));
        let said = says(bot, "ana", "/sync").await;
        assert!(!said.contains("It's on now") && said.contains(&past), "{said}");
    }

    async fn people_who_may_not_close_read_who_may(bot: &mut Bot) {
        running(bot, &["ana", "ben", "cy"]).await;
        let lead = lead_of(&next_sync(bot).await);
        let other = *others(&lead).iter().find(|who| ["ben", "cy"].contains(*who)).unwrap();
        let said = says(bot, other, "/sync close").await;
        assert!(said.starts_with("You can't close the sync on Tuesday, 6 January, so nothing has changed."), "{said}");
        assert!(said.contains("Closing says what was reached and adds notes."), "{said}");
        assert!(said.contains(&format!("its lead @{lead}")) && said.contains("@ana (its organisers)"), "{said}");
    }
}
