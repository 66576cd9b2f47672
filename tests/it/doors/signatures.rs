//! Only requests signed with the app's secret within the last five minutes are accepted.

use super::ROUTES;
use crate::{
    each_store,
    support::{
        Bot,
        gestures::{FORM, sign},
    },
};

/// Sends a valid command with these two headers, if given.
async fn status(bot: &Bot, path: &str, time: Option<&str>, signature: Option<&str>, body: &str) -> u16 {
    let mut headers = vec![("content-type", FORM)];
    headers.extend(time.map(|time| ("x-slack-request-timestamp", time)));
    headers.extend(signature.map(|signature| ("x-slack-signature", signature)));
    let answered = bot.requests(path, &headers, body.as_bytes()).await;
    assert!(answered.status == 200 || answered.body.is_empty(), "a refused request gets no explanation");
    answered.status
}

each_store! {
    async fn unsigned_requests_are_refused(bot: &mut Bot) {
        let body = bot.command_of("ana", &format!("/kudos <@{}> for lunch", bot.id("ben")));
        let (now, secret) = (bot.timestamp(), bot.secret());
        let good = sign(&secret, &now, body.as_bytes());
        let of_other_bytes = sign(&secret, &now, b"other");
        let by_another = sign("another-secret", &now, body.as_bytes());
        let of_another_time = sign(&secret, "1", body.as_bytes());
        let another_version = good.replace("v0=", "v1=");
        let in_words = sign(&secret, "soon", body.as_bytes());
        let refused = [
            (None, None),
            (None, Some(&*good)),
            (Some(&*now), None),
            (Some(&*now), Some("")),
            (Some(&*now), Some("v0=")),
            (Some(&*now), Some(&good[3..])),
            (Some(&*now), Some(&*of_other_bytes)),
            (Some(&*now), Some(&*by_another)),
            (Some(&*now), Some(&*of_another_time)),
            (Some(&*now), Some(&*another_version)),
            (Some("soon"), Some(&*in_words)),
            (Some(""), Some(&*good)),
            (Some("99999999999999999999999"), Some(&*good)),
        ];
        for path in ROUTES {
            for (time, signature) in refused {
                assert_eq!(status(bot, path, time, signature, &body).await, 401, "{path} {time:?} {signature:?}");
            }
        }
        assert!(bot.ledger().await.is_empty());
        assert_eq!(status(bot, ROUTES[0], Some(&now), Some(&good), &body).await, 200);
        assert_eq!(bot.thanked().await, ["ben"]);
    }

    async fn signatures_last_five_minutes(bot: &mut Bot) {
        let body = bot.command_of("ana", "/kudos help");
        let now: i64 = bot.timestamp().parse().unwrap();
        for (seconds, expected) in [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401)] {
            let time = (now + seconds).to_string();
            let signature = sign(&bot.secret(), &time, body.as_bytes());
            let answered = status(bot, "/slack/commands", Some(&time), Some(&signature), &body).await;
            assert_eq!(answered, expected, "{seconds} s");
        }
    }

    async fn oversized_bodies_are_not_checked(bot: &mut Bot) {
        let mut body = bot.command_of("ana", "/kudos help").into_bytes();
        body.resize(1 << 20, b'+');
        assert_eq!(bot.sends("/slack/commands", FORM, &body).await.status, 200, "a whole MiB is taken");
        body.push(b'+');
        assert_eq!(bot.sends("/slack/commands", FORM, &body).await.status, 413);
        assert_eq!(bot.requests("/slack/events", &[], &body).await.status, 413, "signed or not");
    }
}
