//! Conversations: opening, joining, naming and reading.

use serde_json::json;

use super::Town;
use crate::bot::manifest_with;

#[tokio::test]
async fn conversations_that_are_opened() {
    let open = "conversations.open";
    let rows = [
        (open, json!({}), "users_list_not_supplied", "people are named"),
        (open, json!({ "users": "{bot}" }), "not_enough_users", "it takes two"),
        (open, json!({ "users": "U1,U2,U3,U4,U5,U6,U7,U8,U9" }), "too_many_users", "eight beside the bot"),
        (open, json!({ "users": "U0NOBODY" }), "user_not_found", "they exist"),
        (open, json!({ "users": "{ana},U0NOBODY" }), "user_not_found", "all of them"),
        (open, json!({ "users": "{ana},{gone}" }), "user_disabled", "none is deactivated"),
        (open, json!({ "users": "{robot}" }), "cannot_dm_bot", "none is a bot"),
        (open, json!({ "users": "{ana},{stranger}" }), "user_not_visible", "the app may see them"),
        (open, json!({ "channel": "D0NOWHERE" }), "channel_not_found", "a conversation exists"),
        (
            open,
            json!({ "channel": "{home}" }),
            "method_not_supported_for_channel_type",
            "and is a direct one",
        ),
    ];
    let town = Town::new().await;
    town.refuses(&rows).await;
    assert_eq!(town.calls(open, &json!({ "channel": "{dm}" })).await.body["already_open"], true);
    assert_eq!(town.calls(open, &json!({ "users": "{bot},{ana},{ben}" })).await.error(), "ok");
    for (held, users, needed) in
        [("im:write", "{ana},{ben}", "mpim:write"), ("mpim:write", "{ana}", "im:write")]
    {
        let town = Town::with(&manifest_with(&[held])).await;
        let refused = town.calls(open, &json!({ "users": users })).await;
        assert_eq!((refused.error(), &refused.body["needed"]), ("missing_scope", &json!(needed)));
    }
}

#[tokio::test]
async fn joining_naming_and_reading() {
    let (join, topic, history) = ("conversations.join", "conversations.setTopic", "conversations.history");
    let (replies, unsuited) = ("conversations.replies", "method_not_supported_for_channel_type");
    let rows = [
        (join, json!({ "channel": "{secret}" }), "channel_not_found", "a private channel is not joined"),
        (join, json!({ "channel": "{team}" }), unsuited, "a public one is"),
        (join, json!({ "channel": "{old}" }), "is_archived", "the channel is alive"),
        (
            topic,
            json!({ "channel": "{secret}", "topic": "x" }),
            "channel_not_found",
            "the bot knows the channel",
        ),
        (topic, json!({ "channel": "{dm}", "topic": "x" }), unsuited, "a direct conversation has none"),
        (
            topic,
            json!({ "channel": "{team}", "topic": "x" }),
            "missing_scope",
            "private channels need their scope",
        ),
        (topic, json!({ "channel": "{far}", "topic": "x" }), "not_in_channel", "the bot is in the channel"),
        (topic, json!({ "channel": "{old}", "topic": "x" }), "is_archived", "the channel is alive"),
        (topic, json!({ "channel": "{home}", "topic": "x".repeat(251) }), "too_long", "250 characters"),
        (
            "conversations.info",
            json!({ "channel": "{secret}" }),
            "channel_not_found",
            "the bot knows the channel",
        ),
        (
            "conversations.list",
            json!({ "types": "public_channel,dm" }),
            "invalid_types",
            "types are the four there are",
        ),
        (
            "conversations.members",
            json!({ "channel": "{secret}" }),
            "channel_not_found",
            "the bot knows the channel",
        ),
        ("users.conversations", json!({ "user": "U0NOBODY" }), "user_not_found", "the person exists"),
        (history, json!({ "channel": "{secret}" }), "channel_not_found", "the bot knows the channel"),
        (history, json!({ "channel": "{far}" }), "not_in_channel", "the bot is in the channel"),
        (
            history,
            json!({ "channel": "{home}", "latest": "noon" }),
            "invalid_ts_latest",
            "its end is a time stamp",
        ),
        (
            history,
            json!({ "channel": "{home}", "oldest": "dawn" }),
            "invalid_ts_oldest",
            "its beginning, too",
        ),
        (
            replies,
            json!({ "channel": "{far}", "ts": "{hers_far}" }),
            "not_in_channel",
            "the bot is in the channel",
        ),
        (replies, json!({ "channel": "{home}" }), "thread_not_found", "a message is named"),
        (replies, json!({ "channel": "{home}", "ts": "1.000" }), "thread_not_found", "it exists"),
        (
            replies,
            json!({ "channel": "{home}", "ts": "{mine}", "oldest": "x" }),
            "invalid_ts_oldest",
            "time stamps",
        ),
    ];
    Town::new().await.refuses(&rows).await;
}
