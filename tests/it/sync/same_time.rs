//! Two syncs of the same people at the same time: no one has a duty in both while another person can.

use super::{before::until, *};

const PEOPLE: [&str; 3] = ["ana", "ben", "dee"];

/// Returns who leads the next syncs of a name, as `/sync next` shows them.
async fn shown(bot: &mut Bot, name: &str) -> Vec<String> {
    let answer = bot.says("ana", "#team", &format!("/sync next called {name}")).await;
    let text = bot.as_read(&answer.text);
    let lines = text.lines().filter(|line| line.starts_with("• "));
    lines
        .map(|line| {
            line.split_once('@').map_or("-", |(_, rest)| rest.split([' ', '\'']).next().unwrap()).to_owned()
        })
        .collect()
}

async fn twins(bot: &mut Bot, people: &[&str]) {
    team(bot, people).await;
    starts(bot, "/sync start every Tuesday at 10:00 called Night").await;
    starts(bot, "/sync start every Tuesday at 10:15 called Twin").await;
}

/// Asserts that no one leads both at one time by what is shown.
async fn no_one_leads_both(bot: &mut Bot) {
    let (night, twin) = (shown(bot, "Night").await, shown(bot, "Twin").await);
    assert_eq!((night.len(), twin.len()), (8, 8));
    assert!(night.iter().zip(&twin).all(|(one, other)| one != other), "{night:?} {twin:?}");
}

each_store! {
    async fn no_one_leads_two_syncs_at_once(bot: &mut Bot) {
        twins(bot, &PEOPLE).await;
        no_one_leads_both(bot).await;
        for week in 0..6 {
            // One who is free offers to lead Night, so that the balances of the two differ.
            if week < 3 {
                let (night, twin) = (shown(bot, "Night").await, shown(bot, "Twin").await);
                let is_free = |who: &&str| [&night, &twin].iter().all(|leads| leads[0] != **who && leads[1] != **who);
                if let Some(who) = PEOPLE.into_iter().find(is_free) {
                    bot.says(who, "#team", "/sync next called Night").await;
                    bot.clicks(who, "#team", "I'll do it: Night").await;
                }
            }
            no_one_leads_both(bot).await;
            let (one, other) = (lead_of(&next_sync(bot).await), lead_of(&next_sync(bot).await));
            assert_ne!(one, other, "{week}");
        }
    }

    async fn the_only_one_left_reads_of_the_other_sync(bot: &mut Bot) {
        twins(bot, &["ana", "ben"]).await;
        bot.says("ben", "#team", "/sync leave called Twin").await;
        bot.says("ben", "#team", "/sync leave called Night").await;
        bot.says("ben", "#team", "/sync join called Night").await;
        // Ana is the only one for Twin, so Ben is asked for Night.
        let (night, twin) = (shown(bot, "Night").await, shown(bot, "Twin").await);
        assert_eq!(twin[0], "ana");
        until(bot, "2026-01-06T10:15").await;
        let announced = reads_team(bot, "ana", BEGINS);
        assert_eq!(announced.len(), 2, "{night:?}");
    }

    async fn each_of_ones_turns_has_its_buttons(bot: &mut Bot) {
        team(bot, &["ana"]).await;
        bot.says("ana", "#team", "/sync start every Tuesday at 10:00 called Night").await;
        bot.clicks("ana", "#team", "Start").await;
        starts(bot, "/sync start every Tuesday at 10:15 called Twin").await;
        bot.sandbox.invite("team", &bot.id("ben"));
        bot.hears_events().await;
        for (who, name) in [("ana", "Night"), ("ana", "Twin")] {
            bot.says(who, "#team", &format!("/sync next called {name}")).await;
            bot.clicks(who, "#team", &format!("I'll do it: {name}")).await;
        }
        let answered = bot.reads("ana", "#team").pop().unwrap();
        assert!(answered.contains("You're down for *Night* in #team at that time, too."), "{answered}");
        let next = bot.says("ana", "#team", "/sync next").await;
        let text = bot.as_read(&next.text);
        for name in ["Night", "Twin"] {
            assert!(text.contains(&format!("You lead *{name}* in #team on Tuesday, ")), "{text}");
        }
        assert_eq!(format!("{:?}", next.blocks).matches("Can't after all").count(), 2, "{:?}", next.blocks);
    }
}
