//! The same bot with a Request URL: the sandbox delivers by signed requests.

use rondo::manifest::{Mode, manifest};
use serde_json::json;
use slack_sandbox::Submission;

use crate::{each_store, support::Bot};

/// Changes the app to delivery over HTTP; one Request URL serves all.
async fn moves_to_http(bot: &Bot) {
    let rituals = bot.config.rituals();
    let asked = manifest(&rituals, &bot.config.commands.rondo, &Mode::Http(bot.address()));
    let install = bot.sandbox.install(&asked).unwrap();
    for _ in 0..2 {
        bot.sandbox.verify_request_url(&install.app_id).await.unwrap();
    }
}

each_store! {
    async fn one_request_url_takes_everything(bot: &mut Bot) {
        moves_to_http(bot).await;
        let answer = bot.says("ana", "#general", "/kudos @ben for R&D <3").await;
        assert!(answer.text.starts_with("Kudos to"), "{}", answer.text);
        assert_eq!(bot.reads_last("dee", "#general"), ":tada: *Ana* thanks @ben\n>R&amp;D &lt;3");
        bot.clicks("ana", "#general", "Undo").await;
        assert!(bot.reads("dee", "#general").is_empty());
        let cy = bot.person("cy");
        cy.says("#general", "/kudos").await;
        cy.sees_modal().await.expect("a form");
        cy.fills("people", json!(["@ben"]));
        cy.fills("reason", "tea");
        assert_eq!(cy.submits().await, Submission::Closed);
        bot.settle().await;
        assert_eq!(bot.thanked().await, ["ben"]);
        assert!(bot.sandbox.deliveries().iter().any(|delivery| delivery.door == "http"));
    }

    async fn events_come_through_it_too(bot: &mut Bot) {
        moves_to_http(bot).await;
        bot.sandbox.set_zone("ana", "Asia/Tokyo");
        let (engine, ana) = (bot.parts.engine.clone(), bot.id("ana").as_str().into());
        let ids = [ana];
        bot.eventually("ana lives in Tokyo", || async {
            let known = engine.store.people(&engine.team, &ids).await.unwrap();
            known.into_values().next().unwrap().zone == Some(chrono_tz::Asia::Tokyo)
        })
        .await;
    }

    async fn http_duplicates_are_done_once(bot: &mut Bot) {
        moves_to_http(bot).await;
        bot.sandbox.faults().duplicate_deliveries(true);
        bot.says("ana", "#general", "/kudos @ben for lunch").await;
        bot.clicks("ana", "#general", "Undo").await;
        bot.says("ana", "#general", "/kudos @cy for lunch").await;
        assert_eq!(bot.thanked().await, ["cy"]);
    }
}
