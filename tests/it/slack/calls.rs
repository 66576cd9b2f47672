//! Each call of the client, over real HTTP: it does what it says, and refusals keep their name.

use rondo::{
    model::{
        message::{Block, Button, ButtonStyle, Home, Message},
        text::Markup,
    },
    slack::{CallError, Looked},
};

use super::*;
use crate::support::modal;

fn home(text: &'static str) -> Home {
    Home { callback: "test:home".to_owned(), private: String::new(), blocks: vec![Block::Text(text.into())] }
}

fn refusal<T: std::fmt::Debug>(outcome: Result<T, CallError>) -> String {
    outcome.unwrap_err().code().to_owned()
}

#[tokio::test]
async fn replies_are_found_in_threads() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let start = clock_of(&app.sandbox).now();
    let root = app.slack.post(general.as_str(), &"Root".into(), "k/root").await.unwrap();
    let reply = app.slack.post_reply(general.as_str(), &root.ts, &"Answer".into(), "k/reply").await.unwrap();
    let seen = app.person("ben").finds("#general", &reply.ts).expect("the answer");
    assert_eq!((seen.text.as_str(), seen.thread_ts), ("Answer", Some(root.ts.clone())));
    let between = [start, start + chrono::Duration::minutes(1)];
    let in_thread = |key| app.slack.find_reply((&general, &root.ts), key, between, None);
    assert_eq!(in_thread("k/reply").await.unwrap(), Looked::Found(reply.ts.clone()));
    assert_eq!(in_thread("k/root").await.unwrap(), Looked::Found(root.ts.clone()));
    assert_eq!(in_thread("k/other").await.unwrap(), Looked::Nowhere);
    // The channel's own history doesn't show replies.
    assert_eq!(app.slack.find_posted(&general, "k/reply", between, None).await.unwrap(), Looked::Nowhere);
    assert_eq!(
        refusal(app.slack.find_reply((&general, "1.000000"), "k/reply", between, None).await),
        "thread_not_found"
    );
    assert_eq!(
        refusal(app.slack.post_reply(general.as_str(), "1.000000", &"Answer".into(), "k/late").await),
        "thread_not_found"
    );
}

#[tokio::test]
async fn a_message_is_deleted_once() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let posted = app.slack.post(general.as_str(), &"Oops".into(), "k").await.unwrap();
    app.slack.delete(&general, &posted.ts).await.unwrap();
    assert!(app.person("ben").reads("#general").iter().all(|message| message.text != "Oops"));
    assert_eq!(refusal(app.slack.delete(&general, &posted.ts).await), "message_not_found");
    let theirs = app.person("ana").says("#general", "mine").await.raw["ts"].as_str().unwrap().to_owned();
    assert_eq!(refusal(app.slack.delete(&general, &theirs).await), "cant_delete_message");
}

#[tokio::test]
async fn ephemeral_messages_have_one_reader() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let button = Button {
        label: "Undo".into(),
        action: "test:undo".into(),
        value: "1".into(),
        look: ButtonStyle::Plain,
    };
    let message = Message::new("For you").with_buttons(vec![button]);
    app.slack.post_ephemeral(&general, None, &app.user("ana"), &message).await.unwrap();
    let seen = app.newest("ana", "#general");
    assert_eq!(seen.ephemeral_to.as_deref(), Some(app.user("ana").as_str()));
    assert!(seen.has_button("Undo"));
    assert!(app.person("ben").reads("#general").iter().all(|message| message.text != "For you"));
    let root = app.slack.post(general.as_str(), &"Root".into(), "k").await.unwrap();
    app.slack.post_ephemeral(&general, Some(&root.ts), &app.user("ana"), &"Below".into()).await.unwrap();
    assert_eq!(app.newest("ana", "#general").thread_ts, Some(root.ts));
    let lounge = app.channel("#lounge").await;
    let outside = app.slack.post_ephemeral(&lounge, None, &app.user("ana"), &"Hi".into()).await;
    assert_eq!(refusal(outside), "not_in_channel");
    let stranger = app.slack.post_ephemeral(&general, None, &"U0UNKNOWN".into(), &"Hi".into()).await;
    assert_eq!(refusal(stranger), "user_not_in_channel");
}

#[tokio::test]
async fn stale_homes_are_refused() {
    let app = App::start().await;
    let ana = app.user("ana");
    let first = app.slack.publish_home(&ana, None, &home("One")).await.unwrap();
    assert_eq!(app.person("ana").home().expect("a home").plain(), "One");
    let second = app.slack.publish_home(&ana, Some(&first.hash), &home("Two")).await.unwrap();
    assert_eq!((second.view == first.view, second.hash == first.hash), (true, false));
    let stale = app.slack.publish_home(&ana, Some(&first.hash), &home("Three")).await;
    assert_eq!(refusal(stale), "hash_conflict");
    assert_eq!(app.person("ana").home().expect("a home").plain(), "Two");
}

#[tokio::test]
async fn modals_are_changed_and_stacked() {
    let app = App::start().await;
    let opened = app.slack.open_view(&app.trigger("ana").await, &modal("First")).await.unwrap();
    let changed = app.slack.update_view(&opened.view, Some(&opened.hash), &modal("Second")).await.unwrap();
    assert_eq!((changed.view == opened.view, changed.hash == opened.hash), (true, false));
    assert_eq!(app.person("ana").modal().expect("a modal").title, "Second");
    let stale = app.slack.update_view(&opened.view, Some(&opened.hash), &modal("Third")).await;
    assert_eq!(refusal(stale), "hash_conflict");
    app.slack.update_view(&opened.view, None, &modal("Fourth")).await.unwrap();
    assert_eq!(refusal(app.slack.update_view("V0NONE", None, &modal("Fifth")).await), "not_found");
    for title in ["Above", "Top"] {
        app.slack.push_view(&app.trigger("ana").await, &modal(title)).await.unwrap();
        assert_eq!(app.person("ana").modal().expect("a modal").title, title);
    }
    let fourth = app.slack.push_view(&app.trigger("ana").await, &modal("Too high")).await;
    assert_eq!(refusal(fourth), "push_limit_reached");
    let late = app.trigger("ana").await;
    app.sandbox.clock().advance_by(3_001);
    assert_eq!(refusal(app.slack.push_view(&late, &modal("Late")).await), "expired_trigger_id");
}

#[tokio::test]
async fn long_topics_are_cut() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let topic = |typed: &str| Markup::words(typed);
    app.slack.set_topic(&general, &topic("Facilitator: <@U1> & co")).await.unwrap();
    app.slack.set_topic(&general, &topic(&"<".repeat(300))).await.unwrap();
    let calls = app.sandbox.calls();
    let said = calls.iter().filter(|call| call.method == "conversations.setTopic");
    let said: Vec<&str> = said.map(|call| call.args["topic"].as_str().unwrap()).collect();
    assert_eq!(said[0], "Facilitator: &lt;@U1&gt; &amp; co");
    assert!(said[1].ends_with("&lt;…") && said[1].chars().count() <= 250, "{}", said[1]);
    let lounge = app.channel("#lounge").await;
    assert_eq!(refusal(app.slack.set_topic(&lounge, &topic("x")).await), "not_in_channel");
}

#[tokio::test]
async fn user_groups_are_replaced() {
    let app = App::start().await;
    let group = app.sandbox.add_user_group("facilitators", "Facilitators", &["ben"]);
    app.slack.set_group_members(&group.as_str().into(), &[app.user("ana")]).await.unwrap();
    let groups = app.slack.groups().await.unwrap();
    assert_eq!(groups, [(group.as_str().into(), "facilitators".to_owned(), vec![app.user("ana")])]);
    let none = app.slack.set_group_members(&group.as_str().into(), &[]).await;
    assert!(matches!(none, Err(CallError::Refused { .. })), "{none:?}");
    assert_eq!(
        refusal(app.slack.set_group_members(&"S0".into(), &[app.user("ana")]).await),
        "no_such_subteam"
    );
}

#[tokio::test]
async fn pinning_can_be_repeated() {
    let app = App::start().await;
    let general = app.channel("#general").await;
    let posted = app.slack.post(general.as_str(), &"Charter".into(), "k").await.unwrap();
    app.slack.pin(&general, &posted.ts).await.unwrap();
    app.slack.pin(&general, &posted.ts).await.unwrap();
    assert!(app.person("ben").finds("#general", &posted.ts).expect("the charter").pinned);
    assert_eq!(refusal(app.slack.pin(&general, "1.000000").await), "message_not_found");
}

#[tokio::test]
async fn joining_can_be_repeated() {
    let app = App::start().await;
    let lounge = app.channel("#lounge").await;
    app.slack.join(&lounge).await.unwrap();
    app.slack.join(&lounge).await.unwrap();
    app.slack.post(lounge.as_str(), &"Hello".into(), "k").await.unwrap();
    let secret = app.sandbox.add_channel("secret", true, &["ana"]);
    assert_eq!(refusal(app.slack.join(&secret.as_str().into()).await), "channel_not_found");
}

#[tokio::test]
async fn people_are_read_fresh() {
    let app = App::start().await;
    app.sandbox.set_zone("ana", "Asia/Tokyo");
    app.sandbox.deactivate("ben");
    let ana = app.slack.person(&app.user("ana")).await.unwrap();
    assert_eq!((ana.zone, ana.deactivated), (Some(chrono_tz::Tz::Asia__Tokyo), false));
    assert!(app.slack.person(&app.user("ben")).await.unwrap().deactivated);
    assert_eq!(refusal(app.slack.person(&"U0UNKNOWN".into()).await), "user_not_found");
}
