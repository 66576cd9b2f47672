//! Files and pins.

use serde_json::json;

use crate::bot::{Bot, request, workspace};

#[tokio::test]
async fn a_file_is_uploaded_and_shared() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let announced = bot
        .reads(
            "files.getUploadURLExternal",
            &[("filename", "chart.png"), ("length", "5"), ("alt_txt", "4, 9, 12")],
        )
        .await;
    let id = announced.body["file_id"].clone();
    let channel = bot.sandbox.person("ana").says("#general", "chart?").await.raw["ts"].clone();
    assert!(channel.is_string());
    let general = sandbox.person("ana").reads("#general")[0].channel.clone();
    let share = json!({ "files": [{ "id": id, "title": "Kudos" }], "channel_id": general, "initial_comment": "Here" });
    assert_eq!(bot.calls("files.completeUploadExternal", share.clone()).await.error(), "file_not_found");
    let uploaded =
        request("POST", announced.body["upload_url"].as_str().unwrap(), &[], "bytes").await.unwrap();
    assert_eq!((uploaded.status, uploaded.body), (200, json!("OK - 5")));
    assert_eq!(bot.calls("files.completeUploadExternal", share).await.error(), "ok");
    let message = sandbox.person("ben").reads("#general").pop().unwrap();
    assert_eq!(message.text, "Here");
    assert_eq!(
        (&message.files[0]["title"], &message.files[0]["alt_txt"]),
        (&json!("Kudos"), &json!("4, 9, 12"))
    );
    let shown = request("GET", message.files[0]["url_private"].as_str().unwrap(), &[], "").await.unwrap();
    assert_eq!((shown.headers["content-type"].to_str().unwrap(), shown.body), ("image/png", json!("bytes")));
}

#[tokio::test]
async fn uploads_start_with_a_form() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &crate::bot::manifest());
    let asked = bot.calls("files.getUploadURLExternal", json!({ "filename": "a.png", "length": 5 })).await;
    assert_eq!(asked.error(), "invalid_arguments");
}

#[tokio::test]
async fn a_message_is_pinned_once() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let posted = bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "Charter" })).await;
    let pin = json!({ "channel": posted.body["channel"], "timestamp": posted.body["ts"] });
    assert_eq!(bot.calls("pins.add", pin.clone()).await.error(), "ok");
    assert_eq!(bot.calls("pins.add", pin).await.error(), "already_pinned");
    assert!(sandbox.person("ana").reads("#general")[0].pinned);
}
