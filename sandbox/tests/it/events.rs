//! Which events an app gets, and which it does not.

use serde_json::json;
use slack_sandbox::NewPerson;

use crate::bot::{Bot, manifest, workspace};

#[tokio::test]
async fn bots_hear_messages_of_their_channels() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    ana.says("#general", "unheard").await;
    sandbox.invite("#general", "tester");
    ana.says("#general", "hi @tester & co").await;
    let envelope = bot.gets(|one| one["payload"]["event"]["type"] == "message").await;
    let payload = &envelope["payload"];
    assert_eq!(payload["event"]["text"], format!("hi <@{}> &amp; co", bot.install.bot_user_id));
    assert_eq!(payload["event"]["channel_type"], "channel");
    assert_eq!(payload["type"], "event_callback");
    assert_eq!(payload["api_app_id"], bot.install.app_id);
    assert_eq!(payload["authorizations"][0]["user_id"], bot.install.bot_user_id);
    assert!(payload["event_id"].as_str().unwrap().starts_with("Ev"));
    assert!(payload["event_time"].is_number());
    bot.gets_event("app_mention").await;
    assert_eq!(bot.events("message").len(), 1);
}

#[tokio::test]
async fn direct_messages_have_their_own_event() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let ana = sandbox.person("ana");
    ana.says("@tester", "help").await;
    ana.says("@ben", "not for bots").await;
    let event = bot.gets_event("message").await;
    assert_eq!(
        (&event["channel_type"], &event["text"], &event["user"]),
        (&json!("im"), &json!("help"), &json!(ana.id()))
    );
    assert_eq!(ana.reads_dm().len(), 1);
    assert_eq!(bot.events("message").len(), 1);
}

#[tokio::test]
async fn workspace_changes_are_events() {
    let sandbox = workspace().await;
    let bot = Bot::connected(&sandbox).await;
    let dora = sandbox.add_person(NewPerson::named("dora"));
    sandbox.deactivate("dora");
    sandbox.add_channel("coffee", false, &["ana", "tester"]);
    sandbox.invite("#coffee", "ben");
    sandbox.kick("#coffee", "ben");
    sandbox.archive("#coffee");
    sandbox.add_user_group("design", "Design", &["ana"]);
    assert_eq!(bot.gets_event("team_join").await["user"]["id"], dora.id());
    assert_eq!(bot.gets_event("user_change").await["user"]["deleted"], true);
    assert_eq!(bot.gets_event("channel_created").await["channel"]["name"], "coffee");
    bot.gets(|one| {
        one["payload"]["event"]["type"] == "member_joined_channel"
            && one["payload"]["event"]["user"] == sandbox.person("ben").id()
    })
    .await;
    bot.gets_event("member_left_channel").await;
    bot.gets_event("channel_archive").await;
    bot.gets_event("subteam_created").await;
    let kinds: Vec<String> = bot
        .envelopes()
        .iter()
        .filter_map(|one| one["payload"]["event"]["type"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(kinds[..2], ["team_join", "user_change"], "events keep their order");
}

#[test]
fn invalid_manifests_are_refused() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let sandbox = workspace().await;
        let mut greedy = manifest();
        greedy["oauth_config"]["scopes"]["bot"] = json!(["commands"]);
        assert!(sandbox.install(&greedy).unwrap_err().contains("needs the scope"));
        let mut nameless = manifest();
        nameless["display_information"] = json!({});
        assert!(sandbox.install(&nameless).is_err());
    });
}

#[tokio::test]
async fn reinstalling_keeps_ids_and_tokens() {
    let sandbox = workspace().await;
    let first = sandbox.install(&manifest()).unwrap();
    assert_eq!(sandbox.install(&manifest()).unwrap(), first);
    sandbox.faults().revoke_tokens();
    let second = sandbox.install(&manifest()).unwrap();
    assert_ne!(second.bot_token, first.bot_token);
    assert_eq!((second.app_id, second.bot_user_id), (first.app_id, first.bot_user_id));
}
