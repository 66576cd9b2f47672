//! People, channels and groups, in pages.

use serde_json::{Value, json};
use slack_sandbox::{Clock, NewPerson, Options, PersonKind, Sandbox, Status};

use crate::bot::{Bot, START_MS, manifest, manifest_with, workspace};

#[tokio::test]
async fn people_come_in_pages() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    sandbox.add_person(NewPerson { kind: PersonKind::Guest, ..NewPerson::named("guy") });
    sandbox.add_person(NewPerson { kind: PersonKind::Stranger, ..NewPerson::named("stan") });
    let mut people: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    for _ in 0..10 {
        let page = bot.reads("users.list", &[("limit", "2"), ("cursor", &cursor)]).await;
        let members = page.body["members"].as_array().unwrap();
        assert!(members.len() <= 2);
        people.extend(members.iter().cloned());
        page.body["response_metadata"]["next_cursor"].as_str().unwrap().clone_into(&mut cursor);
        if cursor.is_empty() {
            break;
        }
    }
    assert_eq!(people.len(), 6, "Ana, Ben, Cy, the guest, the bot and Slackbot");
    let person = |name: &str| people.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!((&person("ben")["tz"], &person("ben")["tz_offset"]), (&json!("Asia/Tokyo"), &json!(32_400)));
    assert_eq!(person("guy")["is_restricted"], true);
    assert_eq!(person("tester")["is_bot"], true);
    assert!(person("ana")["profile"].get("email").is_none());
    assert_eq!(bot.reads("users.list", &[("cursor", "nonsense")]).await.error(), "invalid_cursor");
    assert_eq!(bot.reads("users.list", &[("limit", "1001")]).await.error(), "invalid_limit");
}

#[tokio::test]
async fn reading_methods_ignore_json() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let ana = sandbox.person("ana").id();
    assert_eq!(bot.calls("users.info", json!({ "user": ana })).await.error(), "user_not_found");
    assert_eq!(bot.reads("users.info", &[("user", &ana)]).await.error(), "ok");
}

#[tokio::test]
async fn departments_are_profile_fields() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let dora = sandbox.add_person(NewPerson { department: Some("Design"), ..NewPerson::named("dora") });
    let profile = bot.reads("users.profile.get", &[("user", &dora.id())]).await;
    assert_eq!(profile.body["profile"]["fields"]["Xf0DEPARTMENT"]["value"], "Design");
}

#[tokio::test]
async fn channels_are_listed_by_kind() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let secret = sandbox.add_channel("secret", true, &["ana"]);
    sandbox.add_channel("team", true, &["ana", "tester"]);
    let names = |reply: &crate::bot::Reply| -> Vec<String> {
        reply.body["channels"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&bot.reads("conversations.list", &[]).await), ["general"]);
    assert_eq!(names(&bot.reads("conversations.list", &[("types", "private_channel")]).await), ["team"]);
    assert_eq!(
        names(&bot.reads("users.conversations", &[("types", "public_channel,private_channel")]).await),
        ["team"]
    );
    assert_eq!(bot.reads("conversations.info", &[("channel", &secret)]).await.error(), "channel_not_found");
    assert_eq!(bot.reads("conversations.list", &[("types", "dm")]).await.error(), "invalid_types");
    let less = Bot::install(&sandbox, &manifest_with(&["channels:read"]));
    let refused = less.reads("conversations.list", &[("types", "private_channel")]).await;
    assert_eq!((refused.error(), &refused.body["needed"]), ("missing_scope", &json!("groups:read")));
}

#[tokio::test]
async fn a_minute_opens_fifty_conversations() {
    let clock = Clock::frozen_at(START_MS);
    let sandbox = Sandbox::start(Options { clock, ..Options::default() }).await.unwrap();
    let bot = Bot::install(&sandbox, &manifest());
    let ids: Vec<String> =
        (0..12).map(|n| sandbox.add_person(NewPerson::named(&format!("p{n}"))).id()).collect();
    let mut pairs =
        ids.iter().enumerate().flat_map(|(at, one)| ids[..at].iter().map(move |other| (one, other)));
    let open = |(one, other)| bot.calls("conversations.open", json!({ "users": format!("{one},{other}") }));
    for pair in pairs.by_ref().take(50) {
        assert_eq!(open(pair).await.body["ok"], true);
        sandbox.clock().advance_by(100);
    }
    let next = pairs.next().unwrap();
    let refused = open(next).await;
    assert_eq!(refused.status, 429);
    assert_eq!(refused.headers["retry-after"], "55");
    sandbox.clock().advance_by(55_000);
    assert_eq!(open(next).await.body["ok"], true);
}

#[tokio::test]
async fn group_conversations_have_eight_people() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    let ids: Vec<String> =
        (0..9).map(|n| sandbox.add_person(NewPerson::named(&format!("p{n}"))).id()).collect();
    let open = |users: String| bot.calls("conversations.open", json!({ "users": users }));
    let opened = open(ids[..2].join(",")).await;
    let again = open(format!("{},{}", ids[1], ids[0])).await;
    assert_eq!(opened.body["channel"]["id"], again.body["channel"]["id"]);
    assert_eq!(again.body["already_open"], true);
    assert_eq!(sandbox.person("p0").group_dms().len(), 1);
    assert_eq!(open(ids.join(",")).await.error(), "too_many_users");
    assert_eq!(open(String::new()).await.error(), "users_list_not_supplied");
    assert_eq!(open("U0NOBODY".to_owned()).await.error(), "user_not_found");
    assert_eq!(open(format!("{},U0NOBODY", ids[0])).await.error(), "user_not_found");
    sandbox.deactivate("p8");
    assert_eq!(open(format!("{},{}", ids[0], ids[8])).await.error(), "user_disabled");
}

#[tokio::test]
async fn members_use_their_group_conversation() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let (ana, ben, cy) = (sandbox.person("ana"), sandbox.person("ben"), sandbox.person("cy"));
    assert!(ana.reads_group(&["ben"]).is_empty(), "it is not open yet");
    assert_eq!(ana.clicks_in_group(&["ben"], "We met").await.status, Status::Failed("no_such_button"));
    let users = format!("{},{}", ana.id(), ben.id());
    let opened = bot.calls("conversations.open", json!({ "users": users })).await;
    let group = opened.body["channel"]["id"].clone();
    let met = json!([{ "type": "actions", "elements": [
        { "type": "button", "action_id": "met", "text": { "type": "plain_text", "text": "We met" } } ] }]);
    for (text, blocks) in [("Have a coffee", met), ("Any news?", json!([]))] {
        let post = json!({ "channel": group, "text": text, "blocks": blocks });
        assert_eq!(bot.calls("chat.postMessage", post).await.error(), "ok");
    }
    let texts = |seen: Vec<slack_sandbox::Message>| -> Vec<String> {
        seen.into_iter().map(|message| message.text).collect()
    };
    assert_eq!(texts(ana.reads_group(&["ben"])), ["Have a coffee", "Any news?"]);
    assert_eq!(ben.reads_group(&["ana"]).len(), 2, "all members share the group");
    assert!(ana.reads_group(&["ben", "cy"]).is_empty(), "a group is of exactly its people");
    assert!(cy.reads_group(&["ana"]).is_empty());
    assert_eq!(ben.sees_in_group(&["ana"], "coffee").await.unwrap().channel, group);
    assert!(ben.clicks_in_group(&["ana"], "We met").await.is_answered());
    let payload = bot.gets(|one| one["payload"]["type"] == "block_actions").await["payload"].clone();
    assert_eq!((&payload["user"]["id"], &payload["channel"]["id"]), (&json!(ben.id()), &group));
    let id = ana.group_dm(&["ben"]).unwrap();
    assert!(ana.says(&id, "See you at ten").await.is_answered());
    assert_eq!(ben.reads_group(&["ana"]).len(), 3);
}

#[tokio::test]
async fn history_hides_ephemeral_messages() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    sandbox.invite("#general", "tester");
    let metadata = json!({ "event_type": "kudos", "event_payload": { "key": "k1" } });
    let post = json!({ "channel": "#general", "text": "with", "metadata": metadata });
    let posted = bot.calls("chat.postMessage", post).await;
    let (channel, ts) = (posted.body["channel"].as_str().unwrap(), posted.body["ts"].as_str().unwrap());
    let reply = bot
        .calls("chat.postMessage", json!({ "channel": channel, "text": "in thread", "thread_ts": ts }))
        .await;
    bot.calls(
        "chat.postEphemeral",
        json!({ "channel": channel, "user": sandbox.person("ana").id(), "text": "psst" }),
    )
    .await;
    let history =
        bot.reads("conversations.history", &[("channel", channel), ("include_all_metadata", "true")]).await;
    assert_eq!(history.body["messages"].as_array().unwrap().len(), 1);
    assert_eq!(history.body["messages"][0]["metadata"], metadata);
    assert_eq!(history.body["messages"][0]["reply_count"], 1);
    let plain = bot.reads("conversations.history", &[("channel", channel)]).await;
    assert!(plain.body["messages"][0].get("metadata").is_none());
    let thread = bot.reads("conversations.replies", &[("channel", channel), ("ts", ts)]).await;
    assert_eq!(thread.body["messages"][1]["ts"], reply.body["ts"]);
    let later = bot.reads("conversations.history", &[("channel", channel), ("oldest", ts)]).await;
    assert!(later.body["messages"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn user_groups_are_never_emptied() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let group = sandbox.add_user_group("design", "Design", &["ana"]);
    assert_eq!(bot.reads("usergroups.list", &[]).await.body["usergroups"][0]["handle"], "design");
    let ben = sandbox.person("ben").id();
    let update =
        |users: &str| bot.calls("usergroups.users.update", json!({ "usergroup": group, "users": users }));
    assert_eq!(update(&ben).await.error(), "ok");
    assert_eq!(update("").await.error(), "no_users_provided");
    assert_eq!(update("U0NOBODY").await.error(), "invalid_users");
    let users = bot.reads("usergroups.users.list", &[("usergroup", &group)]).await;
    assert_eq!(users.body["users"], json!([ben]));
    let event = bot.gets_event("subteam_members_changed").await;
    assert_eq!(event["added_users"], json!([ben]));
}

#[tokio::test]
async fn lists_have_tier_2() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest());
    for _ in 0..20 {
        assert_eq!(bot.reads("users.list", &[]).await.error(), "ok");
    }
    let refused = bot.reads("users.list", &[]).await;
    assert_eq!((refused.status, refused.headers["retry-after"].to_str().unwrap()), (429, "60"));
    sandbox.clock().advance_to(START_MS + 60_000);
    assert_eq!(bot.reads("users.list", &[]).await.error(), "ok");
}

#[tokio::test]
async fn ten_thousand_people_fit() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &manifest_with(&["users:read"]));
    for number in 0..10_000 {
        sandbox.add_person(NewPerson::named(&format!("p{number}")));
    }
    let page = bot.reads("users.list", &[("limit", "200")]).await;
    assert_eq!(page.body["members"].as_array().unwrap().len(), 200);
}

#[tokio::test]
async fn an_app_makes_a_channel() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let scopes = ["channels:manage", "groups:write", "channels:read", "groups:read", "chat:write"];
    let maker = Bot::install(&sandbox, &crate::bot::other_manifest(&scopes));
    let made = maker.calls("conversations.create", json!({ "name": "launch-2" })).await;
    assert_eq!(made.error(), "ok", "{}", made.body);
    let channel = &made.body["channel"];
    assert_eq!((&channel["name"], &channel["is_private"]), (&json!("launch-2"), &json!(false)));
    assert_eq!(
        (&channel["creator"], &channel["is_member"]),
        (&json!(maker.install.bot_user_id), &json!(true))
    );
    assert_eq!(bot.gets_event("channel_created").await["channel"]["id"], channel["id"]);
    let posted = maker.calls("chat.postMessage", json!({ "channel": channel["id"], "text": "Hello" })).await;
    assert_eq!(posted.error(), "ok");
    assert_eq!(sandbox.person("ana").reads("#launch-2")[0].text, "Hello", "a public channel is open to all");

    let secret = maker.calls("conversations.create", json!({ "name": "secret", "is_private": true })).await;
    assert_eq!(secret.body["channel"]["is_private"], true);
    maker.calls("chat.postMessage", json!({ "channel": secret.body["channel"]["id"], "text": "x" })).await;
    assert!(sandbox.person("ana").reads("#secret").is_empty());
    assert_eq!(bot.events("channel_created").len(), 1, "a private channel has no such event");
}

#[tokio::test]
async fn channel_names_follow_slacks_rules() {
    let sandbox = workspace().await;
    let bot = Bot::install(&sandbox, &crate::bot::manifest_with(&["channels:manage", "groups:write"]));
    let long = "x".repeat(81);
    for (name, error) in [
        ("", "invalid_name_required"),
        (long.as_str(), "invalid_name_maxlength"),
        ("Launch", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("#a", "invalid_name_specials"),
        ("--_", "invalid_name_punctuation"),
        ("general", "name_taken"),
        ("größe_1", "ok"),
    ] {
        assert_eq!(bot.calls("conversations.create", json!({ "name": name })).await.error(), error, "{name}");
    }
    let manages = Bot::install(&sandbox, &crate::bot::manifest_with(&["channels:manage"]));
    let private = json!({ "name": "secret", "is_private": true });
    let refused = manages.calls("conversations.create", private).await;
    assert_eq!((refused.error(), &refused.body["needed"]), ("missing_scope", &json!("groups:write")));
}
