//! Posting, changing and deleting messages, and the ways Slack refuses.

use serde_json::{Value, json};
use slack_sandbox::Status;

use crate::bot::{Bot, START_MS, manifest_with, workspace};

fn section(text: &str) -> Value {
    json!({ "type": "section", "text": { "type": "mrkdwn", "text": text } })
}

async fn in_general() -> Bot {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    bot
}

#[tokio::test]
async fn members_read_names_for_mentions() {
    let bot = in_general().await;
    let ben = bot.sandbox.person("ben");
    let posted = bot
        .calls(
            "chat.postMessage",
            json!({ "channel": "#general", "text": format!("Thanks <@{}> &amp; all", ben.id()) }),
        )
        .await;
    assert_eq!(posted.error(), "ok");
    assert_eq!(posted.body["ts"], "1700000000.000100");
    let read = bot.sandbox.person("ana").reads("#general");
    assert_eq!(read.last().unwrap().plain(), "Thanks @ben & all");
    assert_eq!(read.last().unwrap().author, bot.install.bot_user_id);
}

#[tokio::test]
async fn mentions_are_understood_in_any_case() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.add_user_group("design", "Design", &["ben"]);
    let (ana, ben) = (sandbox.person("ana"), sandbox.person("ben"));
    let (ana_id, bot_id) = (ana.id(), bot.install.bot_user_id.clone());
    for (typed, sent) in [
        ("@Ana", format!("<@{ana_id}>")),
        ("@ANA, hi", format!("<@{ana_id}>, hi")),
        ("@Ana Costa's idea.", format!("<@{ana_id}>'s idea.")),
        ("(@ana costa)", format!("(<@{ana_id}>)")),
        ("@Ana Costanza", format!("<@{ana_id}> Costanza")),
        ("@Ana Cost", format!("<@{ana_id}> Cost")),
        ("@Tester and @Channel", format!("<@{bot_id}> and <!channel>")),
        ("@Anabel, @Än, @ Ana", "@Anabel, @Än, @ Ana".to_owned()),
        ("mail@Ana", "mail@Ana".to_owned()),
    ] {
        assert_eq!(ben.says("#general", typed).await.text, sent, "{typed}");
    }
    let group = ben.says("#general", "@DESIGN").await.text;
    assert!(group.starts_with("<!subteam^S0"), "{group}");
    sandbox.deactivate("ana");
    assert_eq!(ben.says("#general", "@Ana Costa").await.text, "@Ana Costa");
}

#[tokio::test]
async fn time_stamps_are_unique() {
    let bot = in_general().await;
    let mut stamps = Vec::new();
    for channel in ["ana", "ben", "cy"] {
        let user = bot.sandbox.person(channel).id();
        stamps.push(
            bot.calls("chat.postMessage", json!({ "channel": user, "text": "x" })).await.body["ts"].clone(),
        );
    }
    assert_eq!(stamps, ["1700000000.000100", "1700000000.000200", "1700000000.000300"]);
}

#[tokio::test]
async fn an_id_opens_a_direct_message() {
    let bot = in_general().await;
    let ana = bot.sandbox.person("ana");
    let posted = bot.calls("chat.postMessage", json!({ "channel": ana.id(), "text": "Psst" })).await;
    assert!(posted.body["channel"].as_str().unwrap().starts_with('D'));
    assert_eq!(ana.reads_dm().last().unwrap().text, "Psst");
    assert!(bot.sandbox.person("ben").reads_dm().is_empty());
}

#[tokio::test]
async fn tokens_are_checked_first() {
    let bot = in_general().await;
    let post = json!({ "channel": "#general", "text": "x" });
    assert_eq!(bot.calls_with("xoxb-nobody", "chat.postMessage", post.clone()).await.error(), "invalid_auth");
    assert_eq!(
        bot.calls_with(&bot.install.app_token, "chat.postMessage", post.clone()).await.error(),
        "not_allowed_token_type"
    );
    assert_eq!(bot.calls("apps.connections.open", json!({})).await.error(), "not_allowed_token_type");
    assert_eq!(bot.calls("chat.poke", json!({})).await.error(), "unknown_method");
    let url = format!("{}/chat.postMessage", bot.sandbox.api_url());
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let unsigned = crate::bot::request("POST", &url, &form, "channel=x").await.unwrap();
    assert_eq!(unsigned.error(), "not_authed");
    bot.sandbox.faults().revoke_tokens();
    assert_eq!(bot.calls("chat.postMessage", post).await.error(), "token_revoked");
}

#[tokio::test]
async fn a_missing_scope_is_named() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&["users:read"]));
    let refused = bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "x" })).await;
    assert_eq!(refused.error(), "missing_scope");
    assert_eq!(refused.body["needed"], "chat:write");
    assert_eq!(refused.body["provided"], "users:read");
    let listed = bot.reads("users.list", &[]).await;
    assert_eq!(listed.headers["x-oauth-scopes"], "users:read");
}

#[tokio::test]
async fn a_bot_posts_only_as_member() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.add_channel("secret", true, &["ana"]);
    sandbox.add_channel("old", false, &["ana", "tester"]);
    sandbox.archive("#old");
    for (channel, error) in [
        ("#general", "not_in_channel"),
        ("#secret", "channel_not_found"),
        ("#old", "is_archived"),
        ("C0NOWHERE", "channel_not_found"),
        ("U0NOBODY", "channel_not_found"),
    ] {
        let post = json!({ "channel": channel, "text": "x" });
        assert_eq!(bot.calls("chat.postMessage", post).await.error(), error, "{channel}");
    }
    let open = Bot::install(&sandbox, &manifest_with(&["chat:write", "chat:write.public"]));
    assert_eq!(
        open.calls("chat.postMessage", json!({ "channel": "#general", "text": "x" })).await.error(),
        "ok"
    );
}

#[tokio::test]
async fn bots_and_leavers_get_no_messages() {
    let bot = in_general().await;
    bot.sandbox.deactivate("cy");
    let cy = bot.sandbox.person("cy").id();
    let own = bot.install.bot_user_id.clone();
    for (user, error) in
        [(cy, "user_disabled"), (own, "cannot_dm_bot"), ("USLACKBOT".to_owned(), "cannot_dm_bot")]
    {
        assert_eq!(
            bot.calls("chat.postMessage", json!({ "channel": user, "text": "x" })).await.error(),
            error
        );
    }
}

#[tokio::test]
async fn message_content_is_checked() {
    let bot = in_general().await;
    let post = |more: Value| {
        let mut args = json!({ "channel": "#general" });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        bot.sandbox.clock().advance_by(1_000);
        bot.calls("chat.postMessage", args)
    };
    assert_eq!(post(json!({})).await.error(), "no_text");
    let refused = post(json!({ "blocks": [section(&"x".repeat(3_001))] })).await;
    assert_eq!(refused.error(), "invalid_blocks");
    assert_eq!(
        refused.body["response_metadata"]["messages"],
        json!(["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"])
    );
    assert_eq!(post(json!({ "blocks": "no json" })).await.error(), "invalid_blocks_format");
    assert_eq!(
        post(json!({ "text": "x", "metadata": { "event_type": "" } })).await.error(),
        "invalid_metadata_format"
    );
    assert_eq!(post(json!({ "text": "x", "thread_ts": "1.000" })).await.error(), "thread_not_found");
    let long = post(json!({ "text": "x".repeat(40_001) })).await;
    assert_eq!(long.body["message"]["text"].as_str().unwrap().len(), 40_000);
}

#[tokio::test]
async fn forms_carry_blocks_as_json() {
    let bot = in_general().await;
    let blocks = json!([section("hello")]).to_string();
    let posted = bot.reads("chat.postMessage", &[("channel", "#general"), ("blocks", &blocks)]).await;
    assert_eq!(posted.error(), "ok");
    assert!(posted.body["message"]["blocks"][0]["block_id"].is_string());
}

#[tokio::test]
async fn only_own_messages_can_be_changed() {
    let bot = in_general().await;
    let ana = bot.sandbox.person("ana");
    let hers = ana.says("#general", "mine").await.raw["ts"].clone();
    let posted = bot
        .calls("chat.postMessage", json!({ "channel": "#general", "text": "old", "blocks": [section("a")] }))
        .await;
    let (channel, ts) = (&posted.body["channel"], &posted.body["ts"]);
    let update = |ts: &Value, text: String| {
        bot.calls("chat.update", json!({ "channel": channel, "ts": ts, "text": text }))
    };
    assert_eq!(update(&hers, "x".into()).await.error(), "cant_update_message");
    assert_eq!(update(&json!("1.000"), "x".into()).await.error(), "message_not_found");
    assert_eq!(update(ts, "x".repeat(4_001)).await.error(), "msg_too_long");
    assert_eq!(update(ts, "new".into()).await.error(), "ok");
    let seen = ana.reads("#general").pop().unwrap();
    assert_eq!(
        (seen.plain().as_str(), seen.edited),
        ("new\na", true),
        "blocks stay when only the text is given"
    );
    let delete = |ts: &Value| bot.calls("chat.delete", json!({ "channel": channel, "ts": ts }));
    assert_eq!(delete(&hers).await.error(), "cant_delete_message");
    assert_eq!(delete(ts).await.error(), "ok");
    assert_eq!(ana.reads("#general").len(), 1);
}

#[tokio::test]
async fn a_message_that_stays_the_same_is_not_edited() {
    let bot = in_general().await;
    let ana = bot.sandbox.person("ana");
    let button = |value: &str| {
        let label = json!({ "type": "plain_text", "text": "Skip" });
        json!([{ "type": "actions", "elements": [{ "type": "button", "text": label, "value": value }] }])
    };
    let said =
        |text: &str, value: &str| json!({ "channel": "#general", "text": text, "blocks": button(value) });
    let posted = bot.calls("chat.postMessage", said("Soon", "1")).await;
    let update = |text: &'static str, value: &'static str| {
        let mut content = said(text, value);
        content["channel"] = posted.body["channel"].clone();
        content["ts"] = posted.body["ts"].clone();
        bot.calls("chat.update", content)
    };
    let is_edited = || ana.reads("#general").pop().unwrap().edited;
    assert_eq!(update("Soon", "2").await.error(), "ok");
    assert!(!is_edited());
    assert_eq!(update("Now", "2").await.error(), "ok");
    assert!(is_edited());
    assert_eq!(update("Now", "2").await.error(), "ok");
    assert!(is_edited(), "it was edited before");
}

#[tokio::test]
async fn an_ephemeral_message_has_one_reader() {
    let bot = in_general().await;
    let (ana, ben) = (bot.sandbox.person("ana"), bot.sandbox.person("ben"));
    let whisper = |user: String| {
        bot.calls("chat.postEphemeral", json!({ "channel": "#general", "user": user, "text": "psst" }))
    };
    assert_eq!(whisper(ana.id()).await.error(), "ok");
    assert_eq!(ana.reads("#general").len(), 1);
    assert!(ben.reads("#general").is_empty());
    bot.sandbox.kick("#general", "ben");
    assert_eq!(whisper(ben.id()).await.error(), "user_not_in_channel");
}

#[tokio::test]
async fn a_burst_has_four_posts() {
    let bot = in_general().await;
    let post = || bot.calls("chat.postMessage", json!({ "channel": "#general", "text": "x" }));
    for _ in 0..4 {
        assert_eq!(post().await.error(), "ok");
    }
    let refused = post().await;
    assert_eq!((refused.status, refused.error()), (429, "ratelimited"));
    let wait: i64 = refused.headers["retry-after"].to_str().unwrap().parse().unwrap();
    bot.sandbox.clock().advance_to(START_MS + wait * 1_000);
    assert_eq!(post().await.error(), "ok");
}

#[tokio::test]
async fn people_post_only_as_members() {
    let bot = in_general().await;
    bot.sandbox.add_channel("coffee", false, &["ben"]);
    let answer = bot.sandbox.person("ana").says("#coffee", "hello").await;
    assert_eq!(answer.status, Status::Failed("not_in_channel"));
}

#[tokio::test]
async fn metadata_may_have_work_objects() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let entity = json!({
        "entity_type": "slack#/entities/task", "url": "https://example.org/1", "external_ref": { "id": "1" },
        "entity_payload": { "attributes": { "title": { "text": "A task" } } },
    });
    let without = |key: &str| {
        let mut entity = entity.clone();
        entity.as_object_mut().unwrap().remove(key);
        json!({ "entities": [entity] })
    };
    let both = json!({ "event_type": "made", "event_payload": {}, "entities": [entity] });
    let refused = "invalid_metadata_format";
    for (metadata, expected) in [
        (json!({ "entities": [entity] }), "ok"),
        (both, "ok"),
        (json!({ "event_type": "made", "entities": [entity] }), refused),
        (json!({ "entities": [] }), refused),
        (json!({ "entities": "x" }), refused),
        (without("entity_type"), refused),
        (without("url"), refused),
        (without("external_ref"), refused),
        (without("entity_payload"), refused),
    ] {
        let post = json!({ "channel": "#general", "text": "x", "metadata": metadata });
        sandbox.clock().advance_to(sandbox.clock().now_ms() + 1_000);
        let reply = bot.calls("chat.postMessage", post).await;
        assert_eq!(reply.error(), expected, "{metadata}");
        if expected == "ok" {
            assert_eq!(reply.body["message"]["metadata"], metadata);
        }
    }
}
