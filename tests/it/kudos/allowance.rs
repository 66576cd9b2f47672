//! The daily allowance: in the giver's zone, and never overdrawn.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;

use crate::{
    each_store,
    support::{
        Bot,
        gestures::{FORM, command_form, crowd},
    },
};

each_store! {
    with [("kudos.daily_allowance", "5")];

    async fn the_daily_allowance_limits_people(bot: &mut Bot) {
        bot.says("ana", "#general", "/kudos @ben @cy @dee for lunch").await;
        let answer = bot.says("ana", "#general", "/kudos @ben @cy @dee for tea").await;
        assert_eq!(
            answer.text,
            "That's 3 people, and you can thank 2 more people today, so this one wasn't sent. You get 5 more after midnight."
        );
        bot.says("ana", "#general", "/kudos @ben @cy for tea").await;
        let answer = bot.says("ana", "#general", "/kudos @dee for tea").await;
        let expected = "You've used today's 5 kudos, so this one wasn't sent.";
        assert!(answer.text.starts_with(expected), "{}", answer.text);
        assert_eq!(bot.thanked().await.len(), 5);
    }

    async fn one_kudos_cannot_exceed_a_day(bot: &mut Bot) {
        let answer = bot.sends_command("ana", &format!("/kudos {}for the move", crowd(6))).await;
        assert!(answer.starts_with("That's 6 people, and you can thank 5 a day."), "{answer}");
    }

    async fn a_group_costs_its_members(bot: &mut Bot) {
        bot.says("ben", "#general", "/kudos @design for the new look").await;
        let answer = bot.says("ben", "#general", "/kudos mine").await;
        assert!(answer.text.ends_with("You can thank 4 more people today."), "{}", answer.text);
    }

    async fn a_day_ends_at_the_givers_midnight(bot: &mut Bot) {
        // Tuesday, 03:00 UTC: still Monday in New York, Tuesday in Lisbon.
        bot.passes(Duration::hours(18));
        for who in ["ana", "cy"] {
            bot.says(who, "#general", "/kudos @ben @dee for lunch").await;
        }
        let dates: BTreeSet<(String, String)> =
            bot.ledger().await.into_iter().map(|line| (bot.person(&line.giver).name(), line.local_date)).collect();
        let expected = [("ana", "2026-01-06"), ("cy", "2026-01-05")];
        assert_eq!(dates, expected.map(|(who, date)| (who.to_owned(), date.to_owned())).into());
        bot.says("cy", "#general", "/kudos @ben @dee @ana for tea").await;
        let spent = bot.says("cy", "#general", "/kudos @ben for cake").await;
        assert!(spent.text.starts_with("You've used today's"), "{}", spent.text);
        // 04:59 is one minute before midnight in New York, 05:00 is midnight.
        bot.passes(Duration::minutes(119));
        let spent = bot.says("cy", "#general", "/kudos @ben for cake").await;
        assert!(spent.text.starts_with("You've used today's"), "{}", spent.text);
        bot.passes(Duration::minutes(1));
        let given = bot.says("cy", "#general", "/kudos @ben for cake").await;
        assert!(given.text.starts_with("Kudos to"), "{}", given.text);
        assert_eq!(bot.ledger().await.last().unwrap().local_date, "2026-01-06");
    }

    async fn concurrent_kudos_do_not_overdraw(bot: &mut Bot) {
        let ana = bot.person("ana");
        let names = ["ben", "cy", "dee", "gus"];
        let said = join_all((0..40).map(|n| {
            let (ana, name) = (ana.clone(), names[n % names.len()]);
            async move { ana.says("#general", &format!("/kudos @{name} for reason {n}")).await }
        }))
        .await;
        bot.settle().await;
        let thanked = said.iter().filter(|answer| answer.text.starts_with("Kudos to")).count();
        let told = said.iter().filter(|answer| answer.text.starts_with("You've used today's")).count();
        assert_eq!((thanked, told), (5, 35));
        assert_eq!(bot.thanked().await.len(), 5);
        assert_eq!(bot.reads("dee", "#general").len(), 5);
    }

    async fn both_transports_do_not_overdraw(bot: &mut Bot) {
        let (team, ana, general) = (bot.sandbox.team_id(), bot.id("ana"), bot.general());
        let ids: Vec<String> = ["ben", "cy", "dee", "gus"].map(|name| bot.id(name)).into();
        let here: &Bot = bot;
        let through_http = join_all((0..20).map(|n| {
            let text = format!("/kudos <@{}> <@{}> for reason {n}", ids[n % 4], ids[(n + 1) % 4]);
            let body = command_form(&team, &ana, &general, &text);
            async move { here.sends("/slack/commands", FORM, body.as_bytes()).await.text() }
        }));
        let person = bot.person("ana");
        let through_socket = join_all((20..40).map(|n| {
            let person = person.clone();
            async move { person.says("#general", &format!("/kudos @ben for reason {n}")).await.text }
        }));
        let (http, socket) = tokio::join!(through_http, through_socket);
        let said: Vec<String> = http.into_iter().chain(socket).collect();
        assert!(said.iter().all(|text| !text.is_empty()), "each is told: {said:?}");
        bot.settle().await;
        let thanked = bot.thanked().await.len();
        let given = said.iter().filter(|text| text.starts_with("Kudos to")).count();
        let counted = bot.says("ana", "#general", "/kudos mine").await;
        assert_eq!(thanked, 5, "{}", counted.text);
        assert_eq!(bot.reads("dee", "#general").len(), given);
        assert!(counted.text.starts_with("You've given 5 kudos"), "{}", counted.text);
    }
}

mod without_a_limit {
    use super::*;

    each_store! {
        with [("kudos.daily_allowance", "0")];

        async fn a_day_holds_any_number(bot: &mut Bot) {
            for n in 0..12 {
                let answer = bot.says("ana", "#general", &format!("/kudos @ben @cy @dee for reason {n}")).await;
                assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
            }
            assert_eq!(bot.thanked().await.len(), 36);
            let answer = bot.says("ana", "#general", "/kudos mine").await;
            assert!(answer.text.starts_with("You've given 36 kudos in 12 messages. You haven't received any yet.\n*Given*\n"), "{}", answer.text);
            assert!(answer.text.ends_with("\nTo thank someone, type `/kudos @name for …`"), "{}", answer.text);
        }
    }
}

mod without_a_zone_in_the_profile {
    use super::*;

    each_store! {
        with [("people.zone", "\"Asia/Tokyo\"")];

        async fn unknown_zones_use_the_configured(bot: &mut Bot) {
            let zone = "";
            bot.sandbox.add_person(slack_sandbox::NewPerson { zone, ..slack_sandbox::NewPerson::named("zoe") });
            bot.person("zoe").joins("#general");
            bot.hears_events().await;
            // Monday, 16:00 UTC: Tuesday in Tokyo, also for people who are not known; Monday in Lisbon.
            bot.passes(Duration::hours(7));
            for who in ["zoe", "ana"] {
                bot.says(who, "#general", "/kudos @ben for lunch").await;
            }
            let dates: BTreeSet<(String, String)> =
                bot.ledger().await.into_iter().map(|line| (bot.person(&line.giver).name(), line.local_date)).collect();
            let expected = [("ana", "2026-01-05"), ("zoe", "2026-01-06")];
            assert_eq!(dates, expected.map(|(who, date)| (who.to_owned(), date.to_owned())).into());
        }
    }
}
