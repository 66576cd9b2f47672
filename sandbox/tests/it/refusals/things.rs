//! People, groups, reactions, pins and files.

use serde_json::{Value, json};

use super::Town;
use crate::bot::request;

#[tokio::test]
async fn people_groups_reactions_and_pins() {
    let (group, react, pin) = ("usergroups.users.update", "reactions.add", "pins.add");
    let on = |mut args: Value| {
        args["name"] = json!("taco");
        args
    };
    let rows = [
        ("users.info", json!({}), "user_not_found", "a person is named"),
        ("users.info", json!({ "user": "U0NOBODY" }), "user_not_found", "they exist"),
        ("users.profile.get", json!({ "user": "U0NOBODY" }), "user_not_found", "they exist"),
        ("bots.info", json!({ "bot": "B0NOBODY" }), "bot_not_found", "the bot exists"),
        ("usergroups.users.list", json!({ "usergroup": "S0NONE" }), "no_such_subteam", "the group exists"),
        (group, json!({ "usergroup": "S0NONE", "users": "{ana}" }), "no_such_subteam", "the group exists"),
        (group, json!({ "usergroup": "{group}", "users": "" }), "no_users_provided", "it cannot be emptied"),
        (group, json!({ "usergroup": "{group}", "users": "U0NOBODY" }), "invalid_users", "they exist"),
        (group, json!({ "usergroup": "{group}", "users": "{gone}" }), "invalid_users", "and are active"),
        (
            group,
            json!({ "usergroup": "{group}", "users": "{ana},{guest}" }),
            "invalid_user",
            "guests are not in groups",
        ),
        (group, json!({ "usergroup": "{group}", "users": "{robot}" }), "invalid_user", "nor are bots"),
        (
            group,
            json!({ "usergroup": "{group}", "users": "{visitor}" }),
            "single_channel_guests_cannot_be_added",
            "nor they",
        ),
        (react, json!({ "channel": "{home}", "timestamp": "{mine}" }), "invalid_name", "an emoji is named"),
        (
            react,
            json!({ "channel": "{home}", "timestamp": "{mine}", "name": "Thumbs Up" }),
            "invalid_name",
            "by its short name",
        ),
        (react, on(json!({ "timestamp": "{mine}" })), "no_item_specified", "a conversation is named"),
        (react, on(json!({ "channel": "{home}" })), "no_item_specified", "and a message"),
        (react, on(json!({ "channel": "{home}", "timestamp": "x" })), "bad_timestamp", "by its time stamp"),
        (
            react,
            on(json!({ "channel": "{home}", "timestamp": "1.000" })),
            "message_not_found",
            "which exists",
        ),
        (
            react,
            on(json!({ "channel": "{secret}", "timestamp": "1.000" })),
            "channel_not_found",
            "the bot knows the channel",
        ),
        (
            react,
            on(json!({ "channel": "{far}", "timestamp": "{hers_far}" })),
            "not_in_channel",
            "and is in it",
        ),
        (
            react,
            on(json!({ "channel": "{old}", "timestamp": "{mine_in_old}" })),
            "is_archived",
            "the channel is alive",
        ),
        ("reactions.get", json!({ "channel": "{home}" }), "no_item_specified", "a message is named"),
        (
            "reactions.get",
            json!({ "channel": "{home}", "timestamp": "1.000" }),
            "message_not_found",
            "it exists",
        ),
        (pin, json!({ "timestamp": "{mine}" }), "channel_not_found", "a conversation is named"),
        (pin, json!({ "channel": "{home}" }), "no_item_specified", "and a message"),
        (pin, json!({ "channel": "{home}", "timestamp": "x" }), "bad_timestamp", "by its time stamp"),
        (pin, json!({ "channel": "{home}", "timestamp": "1.000" }), "message_not_found", "which exists"),
        (
            pin,
            json!({ "channel": "{far}", "timestamp": "{hers_far}" }),
            "not_in_channel",
            "the bot is in the channel",
        ),
    ];
    Town::new().await.refuses(&rows).await;
}

#[tokio::test]
async fn reactions_are_limited() {
    let town = Town::new().await;
    let react = async |name: String| {
        let args = json!({ "channel": "{home}", "timestamp": "{mine}", "name": name });
        town.calls("reactions.add", &args).await.error().to_owned()
    };
    let message = town.ana.reads("#home").into_iter().find(|message| message.ts == town.ids["mine"]).unwrap();
    for n in 0..23 {
        assert_eq!(react(format!("emoji{n}")).await, "ok");
    }
    assert_eq!(react("one-more".to_owned()).await, "too_many_reactions");
    for (name, first) in [("ana", 23), ("ben", 46)] {
        town.sandbox.invite("#home", name);
        for n in (first..50).take(23) {
            town.sandbox.person(name).reacts(&message, &format!("emoji{n}")).unwrap();
        }
    }
    let ben = town.sandbox.person("ben");
    assert_eq!(ben.reacts(&message, "one-more"), Err("too_many_emoji"));
    assert_eq!(ben.reacts(&message, "emoji0"), Ok(()), "what is there already is no other emoji");
}

#[tokio::test]
async fn files_are_shared_in_conversations() {
    let (ask, complete) = ("files.getUploadURLExternal", "files.completeUploadExternal");
    let rows = [
        (ask, json!({ "length": 5 }), "invalid_arguments", "a file has a name"),
        (ask, json!({ "filename": "a.png" }), "invalid_arguments", "and a length"),
        (ask, json!({ "filename": "a.png", "length": 0 }), "invalid_arguments", "of at least one byte"),
        (
            ask,
            json!({ "filename": "a.png", "length": 5, "alt_txt": "x".repeat(2_001) }),
            "alt_txt_too_large",
            "it is described in 2,000 characters",
        ),
        (complete, json!({}), "invalid_arguments", "files are named"),
        (complete, json!({ "files": [] }), "invalid_arguments", "one at least"),
        (complete, json!({ "files": "x" }), "invalid_arguments", "in JSON"),
        (complete, json!({ "files": [{}] }), "invalid_arguments", "by their ids"),
        (complete, json!({ "files": [{ "id": "F0NONE" }] }), "file_not_found", "which exist"),
    ];
    let town = Town::new().await;
    town.refuses(&rows).await;
    let announced = town.calls(ask, &json!({ "filename": "a.png", "length": 5 })).await.body;
    let share = |channel: &str| json!({ "files": [{ "id": announced["file_id"] }], "channel_id": channel });
    town.refuses(&[(complete, share("{home}"), "file_not_found", "what was not uploaded is not there")])
        .await;
    let url = announced["upload_url"].as_str().unwrap();
    assert_eq!(request("POST", &format!("{url}x"), &[], "bytes").await.unwrap().status, 404);
    assert_eq!(request("POST", url, &[], "bytes").await.unwrap().status, 200);
    town.refuses(&[
        (complete, share("{secret}"), "channel_not_found", "the bot knows the channel"),
        (complete, share("{far}"), "not_in_channel", "is in it"),
        (complete, share("{old}"), "is_archived", "and it is alive"),
    ])
    .await;
}
