//! Repeated deliveries: the same answer, and nothing more done.

use futures_util::future::join_all;
use serde_json::json;

use crate::{
    each_store,
    support::{
        Bot,
        gestures::{FORM, JSON, sign},
    },
};

each_store! {
    async fn a_repeated_request_gives_once(bot: &mut Bot) {
        let body = bot.command_of("ana", &format!("/kudos <@{}> for lunch", bot.id("ben")));
        let first = bot.sends("/slack/commands", FORM, body.as_bytes()).await;
        assert!(first.text().starts_with("Kudos to"), "{first:?}");
        bot.passes(chrono::Duration::minutes(2));
        assert_eq!(bot.sends("/slack/commands", FORM, body.as_bytes()).await, first);
        assert_eq!(bot.sends("/slack/interactions", FORM, body.as_bytes()).await, first);
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["ben"]);
        assert_eq!(bot.reads("dee", "#general").len(), 1);
    }

    async fn concurrent_repeats_give_once(bot: &mut Bot) {
        let body = bot.command_of("ana", &format!("/kudos <@{}> for lunch", bot.id("ben")));
        let here: &Bot = bot;
        let answers = join_all((0..12).map(|_| here.sends("/slack/commands", FORM, body.as_bytes()))).await;
        assert!(answers[0].text().starts_with("Kudos to"), "{:?}", answers[0]);
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn refusals_are_not_remembered(bot: &mut Bot) {
        let (ana, ben) = (bot.id("ana"), bot.id("ben"));
        let wrong = bot.command_of("ana", &format!("/kudos <@{ana}> for lunch"));
        let first = bot.sends("/slack/commands", FORM, wrong.as_bytes()).await;
        assert_eq!(bot.sends("/slack/commands", FORM, wrong.as_bytes()).await, first);
        // A corrected form may come with the same trigger.
        let corrected = wrong.replace(&ana, &ben).replacen(&ben, &ana, 1);
        let answer = bot.sends("/slack/commands", FORM, corrected.as_bytes()).await;
        assert!(answer.text().starts_with("Kudos to"), "{answer:?}");
    }

    async fn a_late_retry_stays_refused(bot: &mut Bot) {
        let lunch = format!("/kudos <@{}> for lunch", bot.id("ben"));
        let first = bot.command_of("ana", &lunch);
        bot.sends("/slack/commands", FORM, first.as_bytes()).await;
        let second = bot.command_of("ana", &lunch);
        let refused = bot.sends("/slack/commands", FORM, second.as_bytes()).await;
        assert!(refused.text().contains("same words"), "{refused:?}");
        bot.passes(chrono::Duration::minutes(2));
        assert_eq!(bot.sends("/slack/commands", FORM, second.as_bytes()).await, refused);
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn help_is_the_same_twice(bot: &mut Bot) {
        let body = bot.command_of("ana", "/kudos mine");
        let first = bot.sends("/slack/commands", FORM, body.as_bytes()).await;
        bot.says("cy", "#general", "/kudos @ana for lunch").await;
        assert_eq!(bot.sends("/slack/commands", FORM, body.as_bytes()).await, first, "what it said then");
    }

    async fn the_event_id_identifies_an_event(bot: &mut Bot) {
        let (team, ben) = (bot.sandbox.team_id(), bot.id("ben"));
        let renamed = |id: &str, name: &str| {
            let user = json!({ "id": ben, "name": name });
            json!({ "type": "event_callback", "team_id": team, "event_id": id, "event": { "type": "user_change", "user": user } })
        };
        let (engine, ids) = (bot.parts.engine.clone(), [ben.as_str().into()]);
        let name = || async { engine.store.people(&engine.team, &ids).await.unwrap().into_values().next().unwrap().name };
        // The first delivery was lost: the retry is the first to arrive.
        let body = renamed("Ev0RETRY", "benedict").to_string();
        let (time, secret) = (bot.timestamp(), bot.secret());
        let signature = sign(&secret, &time, body.as_bytes());
        let headers = [
            ("content-type", JSON),
            ("x-slack-request-timestamp", &*time),
            ("x-slack-signature", &*signature),
            ("x-slack-retry-num", "1"),
            ("x-slack-retry-reason", "http_timeout"),
        ];
        assert_eq!(bot.requests("/slack/events", &headers, body.as_bytes()).await.status, 200);
        assert_eq!(name().await, "benedict");
        // The same event again changes nothing, with or without the headers.
        let again = renamed("Ev0RETRY", "somebody else").to_string();
        assert_eq!(bot.sends("/slack/events", JSON, again.as_bytes()).await.status, 200);
        assert_eq!(name().await, "benedict");
        let next = renamed("Ev0NEXT", "ben").to_string();
        assert_eq!(bot.sends("/slack/events", JSON, next.as_bytes()).await.status, 200);
        assert_eq!(name().await, "ben");
    }
}
