//! Socket Mode: duplicates, refreshes, dropped connections.

use serde_json::json;
use slack_sandbox::Submission;

use crate::{each_store, support::Bot};

each_store! {
    async fn duplicates_are_done_once(bot: &mut Bot) {
        bot.sandbox.faults().duplicate_deliveries(true);
        let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
        assert_eq!(bot.thanked().await, ["ben"]);
        assert_eq!(bot.reads("dee", "#general"), [":tada: *Ana* thanks @ben\n>lunch"]);
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Send it again").await;
        assert_eq!(bot.thanked().await, ["ben", "ben"]);
        let before = bot.reads("ana", "#general").len();
        bot.clicks("ana", "#general", "Undo").await;
        assert_eq!(bot.thanked().await, ["ben"]);
        // The announcement is deleted, and one answer replaces the button.
        assert_eq!(bot.reads("ana", "#general").len(), before - 1);
    }

    async fn a_duplicate_form_gives_once(bot: &mut Bot) {
        bot.sandbox.faults().duplicate_deliveries(true);
        let ana = bot.person("ana");
        ana.says("#general", "/kudos").await;
        ana.sees_modal().await.expect("a form");
        ana.fills("people", json!(["@ben"]));
        ana.fills("reason", "lunch");
        assert_eq!(ana.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["ben"]);
        let opened = bot.sandbox.calls().iter().filter(|call| call.method == "views.open").count();
        assert_eq!(opened, 1);
        let read = bot.reads("ana", "#general");
        assert_eq!(read.len(), 2, "the announcement and one confirmation: {read:?}");
    }

    async fn refreshed_sockets_lose_nothing(bot: &mut Bot) {
        let ana = bot.person("ana");
        let names = ["ben", "cy", "dee"];
        bot.sandbox.faults().refresh_sockets();
        for n in 0..5 {
            let answer = ana.says("#general", &format!("/kudos @{} for reason {n}", names[n % 3])).await;
            assert!(answer.text.starts_with("Kudos to"), "{n}: {}", answer.text);
        }
        let successor = bot.sandbox.eventually(|sandbox| (sandbox.open_sockets() > 2).then_some(())).await;
        assert!(successor.is_some(), "a successor opens before its predecessor goes");
        bot.passes(chrono::Duration::seconds(11));
        let alone = bot.sandbox.eventually(|sandbox| (sandbox.open_sockets() == 2).then_some(())).await;
        assert!(alone.is_some(), "the predecessors go");
        for n in 5..10 {
            let answer = ana.says("#general", &format!("/kudos @{} for reason {n}", names[n % 3])).await;
            assert!(answer.text.starts_with("Kudos to"), "{n}: {}", answer.text);
        }
        bot.settle().await;
        assert_eq!(bot.thanked().await.len(), 10);
    }

    async fn dropped_sockets_reconnect(bot: &mut Bot) {
        assert_eq!(bot.gets("/readyz").await.status, 200);
        bot.sandbox.faults().drop_sockets();
        bot.eventually("the bot is not ready", || async { bot.gets("/readyz").await.status == 503 }).await;
        let said = bot.gets("/readyz").await;
        assert!(said.status == 200 || said.body.contains(r#"{"name":"door","ready":false}"#), "{said:?}");
        bot.eventually("the bot is ready again", || async { bot.gets("/readyz").await.status == 200 }).await;
        let answer = bot.says("ana", "#general", "/kudos @ben for lunch").await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
    }

    async fn a_disabled_link_closes_the_door(bot: &mut Bot) {
        bot.sandbox.faults().disable_link();
        bot.eventually("the bot is not ready", || async { bot.gets("/readyz").await.status == 503 }).await;
        assert!(bot.gets("/readyz").await.body.contains(r#"{"name":"door","ready":false}"#));
        bot.eventually("both connections are gone", || async { bot.sandbox.open_sockets() == 0 }).await;
    }
}
