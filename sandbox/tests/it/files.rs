//! Files and pins.

use serde_json::json;

use crate::bot::{Bot, START_MS, request, workspace};

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

/// Uploads a file and shares it in `#general`; returns its id.
async fn shared(bot: &Bot, name: &str) -> String {
    let announced = bot.reads("files.getUploadURLExternal", &[("filename", name), ("length", "5")]).await;
    request("POST", announced.body["upload_url"].as_str().unwrap(), &[], "bytes").await.unwrap();
    let id = announced.body["file_id"].as_str().unwrap().to_owned();
    let general = bot.reads("conversations.list", &[]).await.body["channels"][0]["id"].clone();
    let share = json!({ "files": [{ "id": id }], "channel_id": general, "initial_comment": name });
    assert_eq!(bot.calls("files.completeUploadExternal", share).await.error(), "ok");
    id
}

#[tokio::test]
async fn files_are_listed_newest_first() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    // A file that was announced and never uploaded is none.
    bot.reads("files.getUploadURLExternal", &[("filename", "c.png"), ("length", "5")]).await;
    let first = shared(&bot, "a.png").await;
    sandbox.clock().advance_to(START_MS + 60_000);
    let second = shared(&bot, "b.csv").await;
    let listed = bot.reads("files.list", &[]).await.body;
    let ids = |listed: &serde_json::Value| -> Vec<String> {
        let files = listed["files"].as_array().unwrap().iter();
        files.map(|file| file["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&listed), [second.clone(), first.clone()]);
    let general = listed["files"][0]["channels"][0].as_str().unwrap().to_owned();
    assert_eq!(listed["paging"], json!({ "count": 100, "total": 2, "page": 1, "pages": 1 }));
    let since = (START_MS / 1_000 + 30).to_string();
    for (args, expected) in [
        (vec![("count", "1"), ("page", "2")], vec![first.clone()]),
        (vec![("ts_from", since.as_str())], vec![second.clone()]),
        (vec![("ts_to", since.as_str())], vec![first.clone()]),
        (vec![("channel", general.as_str())], vec![second.clone(), first.clone()]),
        (vec![("user", bot.install.bot_user_id.as_str())], vec![second.clone(), first.clone()]),
        (vec![("user", "U0NOBODY")], vec![]),
    ] {
        assert_eq!(ids(&bot.reads("files.list", &args).await.body), expected, "{args:?}");
    }
    assert_eq!(bot.reads("files.list", &[("channel", "C0NONE")]).await.error(), "channel_not_found");
    assert_eq!(bot.reads("files.list", &[("ts_from", "today")]).await.error(), "invalid_arguments");
}

#[tokio::test]
async fn a_deleted_file_leaves_a_mark() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let id = shared(&bot, "a.png").await;
    let url = sandbox.person("ana").reads("#general")[0].files[0]["url_private"].as_str().unwrap().to_owned();
    assert_eq!(bot.calls("files.delete", json!({ "file": id })).await.error(), "ok");
    let message = sandbox.person("ana").reads("#general").pop().unwrap();
    assert_eq!((message.text.as_str(), &message.files[0]["mode"]), ("a.png", &json!("tombstone")));
    assert_eq!(request("GET", &url, &[], "").await.unwrap().status, 404);
    assert_eq!(bot.reads("files.list", &[]).await.body["files"], json!([]));
    assert_eq!(bot.calls("files.delete", json!({ "file": id })).await.error(), "file_not_found");
    assert_eq!(bot.calls("files.delete", json!({})).await.error(), "file_not_found");
}

#[tokio::test]
async fn a_file_of_another_is_not_deleted() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let id = shared(&bot, "a.png").await;
    let other = Bot::install(&sandbox, &crate::bot::other_manifest(&["files:write", "files:read"]));
    assert_eq!(other.calls("files.delete", json!({ "file": id })).await.error(), "cant_delete_file");
    assert_eq!(sandbox.person("ana").reads("#general")[0].files[0]["id"], id);
}
