//! Messages: content, recipients and places.

use serde_json::json;

use super::Town;

#[tokio::test]
async fn what_is_posted() {
    let post = "chat.postMessage";
    let rows = [
        (post, json!({ "text": "x" }), "channel_not_found", "a channel is named"),
        (post, json!({ "channel": "C0NOWHERE", "text": "x" }), "channel_not_found", "it exists"),
        (post, json!({ "channel": "U0NOBODY", "text": "x" }), "channel_not_found", "the person exists"),
        (
            post,
            json!({ "channel": "{secret}", "text": "x" }),
            "channel_not_found",
            "strange private channels are hidden",
        ),
        (
            post,
            json!({ "channel": "{far}", "text": "x" }),
            "not_in_channel",
            "the bot has to be in the channel",
        ),
        (post, json!({ "channel": "{old}", "text": "x" }), "is_archived", "the channel has been archived"),
        (
            post,
            json!({ "channel": "{gone}", "text": "x" }),
            "user_disabled",
            "the account has been deactivated",
        ),
        (post, json!({ "channel": "{robot}", "text": "x" }), "cannot_dm_bot", "bots do not write to bots"),
        (post, json!({ "channel": "USLACKBOT", "text": "x" }), "cannot_dm_bot", "nor to Slackbot"),
        (
            post,
            json!({ "channel": "{stranger}", "text": "x" }),
            "user_not_visible",
            "the app may not see them",
        ),
        (post, json!({ "channel": "{home}" }), "no_text", "something has to be said"),
        (post, json!({ "channel": "{home}", "blocks": [] }), "no_text", "no blocks say nothing"),
        (post, json!({ "channel": "{home}", "blocks": "x" }), "invalid_blocks_format", "blocks are JSON"),
        (post, json!({ "channel": "{home}", "blocks": {} }), "invalid_blocks_format", "blocks are a list"),
        (
            post,
            json!({ "channel": "{home}", "blocks": [{ "type": "x" }] }),
            "invalid_blocks",
            "blocks are Block Kit",
        ),
        (
            post,
            json!({ "channel": "{home}", "text": "x", "metadata": "x" }),
            "invalid_metadata_format",
            "metadata is JSON",
        ),
        (
            post,
            json!({ "channel": "{home}", "text": "x", "metadata": { "event_type": "", "event_payload": {} } }),
            "invalid_metadata_format",
            "metadata has a type",
        ),
        (
            post,
            json!({ "channel": "{home}", "text": "x", "metadata": { "event_type": "e", "event_payload": [] } }),
            "invalid_metadata_format",
            "its payload is an object",
        ),
        (
            post,
            json!({ "channel": "{home}", "text": "x",
                "metadata": { "event_type": "e", "event_payload": { "k": "x".repeat(16 * 1024) } } }),
            "metadata_too_large",
            "metadata has a limit",
        ),
        (
            post,
            json!({ "channel": "{home}", "text": "x", "thread_ts": "1.000" }),
            "thread_not_found",
            "the thread exists",
        ),
    ];
    Town::new().await.refuses(&rows).await;
}

#[tokio::test]
async fn what_is_whispered() {
    let whisper = "chat.postEphemeral";
    let rows = [
        (whisper, json!({ "channel": "{home}", "text": "x" }), "invalid_arguments", "a person is named"),
        (whisper, json!({ "channel": "{home}", "user": "{ana}" }), "no_text", "something has to be said"),
        (
            whisper,
            json!({ "channel": "{far}", "user": "{ana}", "text": "x" }),
            "not_in_channel",
            "the bot is there",
        ),
        (
            whisper,
            json!({ "channel": "{home}", "user": "{ben}", "text": "x" }),
            "user_not_in_channel",
            "the person, too",
        ),
        (
            whisper,
            json!({ "channel": "{home}", "user": "{gone}", "text": "x" }),
            "user_not_in_channel",
            "and active",
        ),
        (
            whisper,
            json!({ "channel": "{old}", "user": "{ana}", "text": "x" }),
            "is_archived",
            "the channel is alive",
        ),
    ];
    Town::new().await.refuses(&rows).await;
}

#[tokio::test]
async fn changing_deleting_and_linking() {
    let (update, delete, link) = ("chat.update", "chat.delete", "chat.getPermalink");
    let rows = [
        (update, json!({ "ts": "{mine}", "text": "x" }), "channel_not_found", "a channel is named"),
        (
            update,
            json!({ "channel": "{ana}", "ts": "{mine}", "text": "x" }),
            "channel_not_found",
            "a DM by its own id",
        ),
        (update, json!({ "channel": "{home}", "text": "x" }), "message_not_found", "a message is named"),
        (
            update,
            json!({ "channel": "{home}", "ts": "1.000", "text": "x" }),
            "message_not_found",
            "it exists",
        ),
        (
            update,
            json!({ "channel": "{home}", "ts": "{whisper}", "text": "x" }),
            "message_not_found",
            "not an ephemeral one",
        ),
        (
            update,
            json!({ "channel": "{home}", "ts": "{hers}", "text": "x" }),
            "cant_update_message",
            "it is the app's own",
        ),
        (
            update,
            json!({ "channel": "{old}", "ts": "{mine_in_old}", "text": "x" }),
            "is_inactive",
            "the channel is alive",
        ),
        (update, json!({ "channel": "{home}", "ts": "{mine}" }), "no_text", "something has to be said"),
        (
            update,
            json!({ "channel": "{home}", "ts": "{mine}", "text": "x".repeat(4_001) }),
            "msg_too_long",
            "4,000 characters",
        ),
        (
            update,
            json!({ "channel": "{home}", "ts": "{mine}", "blocks": "x" }),
            "invalid_blocks_format",
            "blocks are JSON",
        ),
        (
            update,
            json!({ "channel": "{home}", "ts": "{mine}", "blocks": [{}] }),
            "invalid_blocks",
            "blocks are Block Kit",
        ),
        (
            delete,
            json!({ "channel": "{secret}", "ts": "{mine}" }),
            "channel_not_found",
            "the bot knows the channel",
        ),
        (delete, json!({ "channel": "{home}", "ts": "1.000" }), "message_not_found", "the message exists"),
        (
            delete,
            json!({ "channel": "{home}", "ts": "{hers}" }),
            "cant_delete_message",
            "it is the app's own",
        ),
        (delete, json!({ "channel": "{old}", "ts": "{mine_in_old}" }), "is_archived", "the channel is alive"),
        (link, json!({ "channel": "{secret}", "message_ts": "{mine}" }), "channel_not_found", "it is known"),
        (link, json!({ "channel": "{home}", "message_ts": "1.000" }), "message_not_found", "it exists"),
    ];
    Town::new().await.refuses(&rows).await;
}
