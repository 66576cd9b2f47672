//! Socket Mode: greetings, acknowledgements, redelivery, and how connections end.

use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::bot::{Bot, Reflex, START_MS, frame, manifest, workspace};

#[tokio::test]
async fn a_socket_greets_its_client() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let (_first, _) = bot.dials().await;
    let (_second, hello) = bot.dials().await;
    assert_eq!(hello["type"], "hello");
    assert_eq!(hello["connection_info"]["app_id"], bot.install.app_id);
    assert_eq!(hello["num_connections"], 2);
    assert!(hello["debug_info"]["host"].is_string());
    assert!(hello["debug_info"]["approximate_connection_time"].is_number());
}

#[tokio::test]
async fn a_ticket_opens_one_socket() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let opened = bot.calls_with(&bot.install.app_token, "apps.connections.open", json!({})).await;
    let url = opened.body["url"].as_str().unwrap();
    assert!(url.starts_with("ws://127.0.0.1:"));
    let _socket = connect_async(url).await.unwrap();
    assert!(connect_async(url).await.is_err());
}

#[tokio::test]
async fn an_app_has_ten_sockets() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let mut sockets = Vec::new();
    for _ in 0..10 {
        sockets.push(bot.dials().await.0);
    }
    let (_, said) = bot.dials().await;
    assert_eq!((&said["type"], &said["reason"]), (&json!("disconnect"), &json!("too_many_websockets")));
}

#[tokio::test]
async fn unacknowledged_events_keep_their_id() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.reacts(|_| Reflex::Ignore);
    sandbox.set_zone("ana", "Europe/Paris");
    let first = bot.gets(|envelope| envelope["retry_attempt"] == 0).await;
    assert_eq!(first["accepts_response_payload"], false);
    sandbox.clock().advance_to(START_MS + 3_000);
    let second = bot.gets(|envelope| envelope["retry_attempt"] == 1).await;
    assert_eq!(second["retry_reason"], "timeout");
    assert_eq!(second["payload"]["event_id"], first["payload"]["event_id"]);
    assert_ne!(second["envelope_id"], first["envelope_id"]);
    bot.reacts(|_| Reflex::Ack);
    sandbox.clock().advance_to(START_MS + 6_000);
    // The wait for the second has to end before its minute begins.
    sandbox
        .eventually(|sandbox| {
            (sandbox.deliveries().iter().filter(|one| one.outcome == "timeout").count() == 2).then_some(())
        })
        .await;
    sandbox.clock().advance_to(START_MS + 66_000);
    bot.gets(|envelope| envelope["retry_attempt"] == 2).await;
}

#[tokio::test]
async fn every_delivery_goes_to_one_socket() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    bot.opens_socket().await;
    sandbox.set_zone("ana", "Europe/Paris");
    bot.gets_event("user_change").await;
    sandbox.set_zone("ana", "Europe/Rome");
    bot.gets(|envelope| envelope["payload"]["event"]["user"]["tz"] == "Europe/Rome").await;
    assert_eq!(bot.events("user_change").len(), 2);
    sandbox.faults().drop_sockets();
    assert!(sandbox.eventually(|sandbox| (sandbox.open_sockets() == 0).then_some(())).await.is_some());
}

#[tokio::test]
async fn refreshed_sockets_get_nothing_more() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let (mut old, _) = bot.dials().await;
    sandbox.faults().refresh_sockets();
    let reasons =
        [frame(&mut old).await.unwrap(), frame(&mut old).await.unwrap()].map(|said| said["reason"].clone());
    assert_eq!(reasons, ["warning", "refresh_requested"]);
    let (mut new, _) = bot.dials().await;
    sandbox.set_zone("ana", "Europe/Paris");
    let envelope = frame(&mut new).await.unwrap();
    assert_eq!(envelope["payload"]["event"]["type"], "user_change");
    new.send(Message::text(json!({ "envelope_id": envelope["envelope_id"] }).to_string())).await.unwrap();
    sandbox.clock().advance_to(START_MS + 10_000);
    assert!(frame(&mut old).await.is_none(), "the old one closes after ten seconds");
}

#[tokio::test]
async fn duplicates_need_one_answer() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.faults().duplicate_deliveries(true);
    assert!(sandbox.person("ana").says("#general", "/kudos").await.is_answered());
    for _ in 0..100 {
        if bot.envelopes().len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    let triggers: Vec<_> =
        bot.envelopes().iter().map(|envelope| envelope["payload"]["trigger_id"].clone()).collect();
    assert_eq!(triggers.len(), 2);
    assert_eq!(triggers[0], triggers[1]);
}
