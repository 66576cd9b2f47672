//! The client against a Slack that answers what each test wants.

use std::sync::Mutex;

use axum::{
    Router,
    body::{Body, Bytes},
    http::Uri,
    response::Response,
};
use tokio::net::TcpListener;

use super::*;
use crate::model::{
    clock::from_ms,
    message::{Block, Button, ButtonStyle, Message, Modal},
    people::PersonKind,
};

/// What arrived: the method with its parameters, and the body.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// Starts a server where each call gets the answer that `answer` returns.
async fn stand_in(answer: impl Fn(&str) -> Response + Clone + Send + Sync + 'static) -> (String, Asked) {
    let asked = Asked::default();
    let heard = asked.clone();
    let api = Router::new().fallback(move |uri: Uri, body: Bytes| {
        let body = serde_json::from_slice(&body).unwrap_or_default();
        heard.lock().unwrap().push((uri.to_string(), body));
        std::future::ready(answer(uri.path()))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async { axum::serve(listener, api).await });
    (address, asked)
}

fn client(address: &str, call_timeout: Duration) -> Slack {
    let settings = ClientSettings {
        api_url: format!("{address}/"),
        bot_token: " xoxb-1\n".into(),
        app_token: None,
        call_timeout,
    };
    Slack::new(settings).unwrap()
}

fn said(status: u16, body: &Value) -> Response {
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.header("x-oauth-scopes", "chat:write, commands").body(Body::from(body.to_string())).unwrap()
}

fn me() -> Value {
    json!({
        "ok": true, "url": "https://harbour.example/", "team": "Harbour", "user": "rondo", "team_id": "T1",
        "user_id": "U0BOT", "bot_id": "B1", "is_enterprise_install": false,
    })
}

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn who_the_bot_is_comes_with_its_scopes() {
    let (address, _) = stand_in(|_| said(200, &me())).await;
    let identity = client(&address, PATIENCE).identity().await.unwrap();
    assert_eq!(identity.bot_user.as_str(), "U0BOT");
    assert_eq!(identity.scopes.unwrap().into_iter().collect::<Vec<_>>(), ["chat:write", "commands"]);
}

#[tokio::test]
async fn scopes_that_slack_does_not_say_are_not_known() {
    let (address, _) = stand_in(|_| {
        let mut response = said(200, &me());
        response.headers_mut().remove("x-oauth-scopes");
        response
    })
    .await;
    assert_eq!(client(&address, PATIENCE).identity().await.unwrap().scopes, None);
}

#[tokio::test]
async fn a_post_carries_its_key_and_unfurls_nothing() {
    let (address, asked) =
        stand_in(|_| said(200, &json!({ "ok": true, "channel": "D1", "ts": "1.2", "message": 3 }))).await;
    let posted = client(&address, PATIENCE).post("U1", &"Hello".into(), "kudos/1").await.unwrap();
    assert_eq!(posted, Posted { channel: "D1".into(), ts: "1.2".to_owned() });
    let expected = json!({
        "channel": "U1",
        "text": "Hello",
        "blocks": [{ "type": "section", "text": { "type": "mrkdwn", "text": "Hello", "verbatim": true } }],
        "metadata": { "event_type": "rondo_effect", "event_payload": { "key": "kudos/1" } },
        "unfurl_links": false,
        "unfurl_media": false,
    });
    assert_eq!(*asked.lock().unwrap(), [("/chat.postMessage".to_owned(), expected)]);
}

#[tokio::test]
async fn a_change_replaces_blocks_by_none_and_parses_nothing() {
    let (address, asked) = stand_in(|_| said(200, &json!({ "ok": true }))).await;
    let bare = Message { text: crate::model::text::Markup::words(&"x".repeat(5_000)), blocks: Vec::new() };
    client(&address, PATIENCE).update(&"C1".into(), "1.2", &bare, "k").await.unwrap();
    let asked = asked.lock().unwrap();
    let (method, body) = &asked[0];
    assert_eq!(method, "/chat.update");
    assert_eq!((&body["blocks"], &body["parse"], &body["ts"]), (&json!([]), &json!("none"), &json!("1.2")));
    assert_eq!(body["text"].as_str().unwrap().chars().count(), 4_000);
}

#[tokio::test]
async fn an_answer_at_a_response_url_is_for_one_person() {
    let (address, asked) = stand_in(|path| match path {
        "/good" => Response::new(Body::from("ok")),
        _ => said(404, &json!({ "ok": false, "error": "expired_url" })),
    })
    .await;
    let slack = client(&address, PATIENCE);
    let button =
        Button { label: "Undo".into(), action: "a:b".into(), value: "1".into(), look: ButtonStyle::Plain };
    let message = Message::new("Done.").with_buttons(vec![button]);
    slack.respond(&format!("{address}/good"), &message, true).await.unwrap();
    let body = asked.lock().unwrap()[0].1.clone();
    assert_eq!((&body["response_type"], &body["replace_original"]), (&json!("ephemeral"), &json!(true)));
    let error = slack.respond(&format!("{address}/s3cret"), &message, false).await.unwrap_err();
    assert_eq!(error.code(), "expired_url");
    assert!(!error.to_string().contains("s3cret"));
}

#[tokio::test]
async fn an_answer_goes_nowhere_but_to_slack() {
    let (elsewhere, asked_elsewhere) = stand_in(|_| Response::new(Body::from("ok"))).await;
    let target = format!("{elsewhere}/s3cret");
    let (address, _) = stand_in(move |_| {
        Response::builder().status(307).header("location", &target).body(Body::empty()).unwrap()
    })
    .await;
    let slack = client(&address, PATIENCE);
    for url in [format!("{elsewhere}/s3cret"), elsewhere.replace("http://", "http://hooks.slack.com@")] {
        let error = slack.respond(&url, &"Hello".into(), false).await.unwrap_err();
        assert_eq!(error.code(), "address_not_of_slack");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    let error = slack.respond(&format!("{address}/moved"), &"Hello".into(), false).await.unwrap_err();
    assert_eq!(error.code(), "http_307", "a redirection is not followed");
    assert!(asked_elsewhere.lock().unwrap().is_empty());
}

#[tokio::test]
async fn no_connection_means_surely_not_done() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let slack = client(&address, PATIENCE);
    assert_eq!(slack.post("C1", &"Hello".into(), "k").await.unwrap_err().code(), "unreached");
    assert_eq!(slack.identity().await.unwrap_err().code(), "unreached");
    let error = slack.respond(&format!("{address}/s3cret"), &"Hello".into(), false).await.unwrap_err();
    assert_eq!(error.code(), "unreached");
    assert!(!error.to_string().contains("s3cret"), "{error}");
}

#[tokio::test]
async fn sent_without_a_usable_answer_may_have_been_done() {
    let (address, _) = stand_in(|_| said(503, &json!({ "ok": false, "error": "service_unavailable" }))).await;
    let code = async |address: &str, patience| {
        client(address, patience).post("C1", &"Hello".into(), "k").await.unwrap_err().code().to_owned()
    };
    assert_eq!(code(&address, PATIENCE).await, "lost", "a server that failed");
    let (address, _) = stand_in(|_| Response::new(Body::from("<html>Sign in</html>"))).await;
    assert_eq!(code(&address, PATIENCE).await, "lost", "a proxy");
    let (address, _) = stand_in(|_| said(200, &json!({ "ok": true, "channel": "C1" }))).await;
    assert_eq!(code(&address, PATIENCE).await, "lost", "half an answer");

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    // This listener accepts connections and never answers.
    assert_eq!(code(&address, Duration::from_millis(100)).await, "lost", "a silent server");
    let hangs_up = tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.readable().await.unwrap();
        }
    });
    assert_eq!(code(&address, PATIENCE).await, "lost", "a server that hung up");
    hangs_up.abort();
}

#[tokio::test]
async fn too_often_says_how_long_to_wait() {
    let (address, _) = stand_in(|_| {
        let mut response = said(429, &json!({ "ok": false, "error": "ratelimited" }));
        response.headers_mut().insert("retry-after", "7".parse().unwrap());
        response
    })
    .await;
    let error = client(&address, PATIENCE).open_dm(&["U1".into()]).await.unwrap_err();
    let retry_after = Duration::from_secs(7);
    assert_eq!(error, CallError::RateLimited { method: "conversations.open", retry_after });
}

#[tokio::test]
async fn a_group_is_opened_by_its_people() {
    let (address, asked) = stand_in(|_| said(200, &json!({ "ok": true, "channel": { "id": "C9" } }))).await;
    let opened = client(&address, PATIENCE).open_dm(&["U2".into(), "U1".into()]).await.unwrap();
    assert_eq!(opened.as_str(), "C9");
    let expected = ("/conversations.open".to_owned(), json!({ "users": "U2,U1" }));
    assert_eq!(*asked.lock().unwrap(), [expected]);
}

#[tokio::test]
async fn a_message_is_found_again_among_odd_ones() {
    let marked = |ts: &str, user: &str, kind: &str, key: Value| json!({ "ts": ts, "user": user, "metadata": { "event_type": kind, "event_payload": { "key": key } } });
    let messages = json!([
        { "ts": "9.0", "subtype": "huddle_thread", "metadata": null },
        marked("8.0", "U0BEN", "rondo_effect", json!("kudos/1")),
        marked("7.0", "U0BOT", "rondo_effect", json!(1)),
        marked("6.0", "U0BOT", "something_else", json!("kudos/1")),
        marked("5.0", "U0BOT", "rondo_effect", json!("kudos/2")),
        marked("4.0", "U0BOT", "rondo_effect", json!("kudos/1")),
    ]);
    let (address, asked) = stand_in(move |path| match path {
        "/auth.test" => said(200, &me()),
        _ => said(
            200,
            &json!({ "ok": true, "messages": messages, "response_metadata": { "next_cursor": "" } }),
        ),
    })
    .await;
    let slack = client(&address, PATIENCE);
    let between = [from_ms(1_000_000), from_ms(1_015_000)];
    let find = async |key| slack.find_posted(&"C1".into(), key, between, None).await.unwrap();
    assert_eq!(find("kudos/1").await, Looked::Found("4.0".to_owned()));
    assert_eq!(find("kudos/3").await, Looked::Nowhere);
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 3, "who the bot is was asked once");
    let parameters =
        "/conversations.history?channel=C1&oldest=940&latest=1075&include_all_metadata=true&limit=200";
    assert_eq!(asked[1].0, parameters);
}

#[tokio::test]
async fn a_search_reads_one_page_and_returns_the_cursor() {
    let (address, asked) = stand_in(|path| match path {
        "/auth.test" => said(200, &me()),
        _ => said(
            200,
            &json!({ "ok": true, "messages": [], "response_metadata": { "next_cursor": "bmV4dA==" } }),
        ),
    })
    .await;
    let between = [from_ms(0), from_ms(0)];
    let looked = client(&address, PATIENCE).find_posted(&"C1".into(), "k", between, Some("b25l")).await;
    assert_eq!(looked.unwrap(), Looked::More("bmV4dA==".to_owned()));
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 2);
    assert!(asked[1].0.ends_with("&cursor=b25l"), "{}", asked[1].0);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (address, _) = stand_in(|path| {
        said(
            200,
            &match path {
                "/users.list" => json!({
                    "ok": true,
                    "members": [{ "id": "U1", "is_bot": true }, { "deleted": true }, { "id": "U2", "team_id": "T2" }],
                    "response_metadata": { "next_cursor": "dXNlcg==" },
                }),
                "/users.conversations" => json!({ "ok": true, "channels": [{ "id": "C1", "name": "tea", "x": 1 }] }),
                "/conversations.members" => json!({ "ok": true, "members": ["U1"], "response_metadata": null }),
                "/usergroups.list" => json!({
                    "ok": true, "usergroups": [{ "id": "S1", "handle": "design", "users": ["U1"] }],
                }),
                _ => me(),
            },
        )
    })
    .await;
    let slack = client(&address, PATIENCE);
    let people = slack.people(None).await.unwrap();
    assert_eq!(
        people.items.iter().map(|person| person.kind).collect::<Vec<_>>(),
        [PersonKind::Bot, PersonKind::Stranger]
    );
    assert_eq!(people.next.as_deref(), Some("dXNlcg=="));
    let channels = slack.channels(people.next.as_deref()).await.unwrap();
    let tea = Channel { id: "C1".into(), name: "tea".to_owned(), closed: None, is_public: false };
    assert_eq!(channels, Page { items: vec![tea], next: None }, "what Slack does not call public is not");
    let members = slack.members(&"C1".into(), None).await.unwrap();
    assert_eq!(members, Page { items: vec!["U1".into()], next: None });
    assert_eq!(slack.groups().await.unwrap(), [("S1".into(), "design".to_owned(), vec!["U1".into()])]);
}

#[tokio::test]
async fn a_modal_opens_for_its_trigger() {
    let (address, asked) = stand_in(|_| said(200, &json!({ "ok": true, "view": { "id": "V1" } }))).await;
    let modal = Modal {
        callback: "kudos:give".to_owned(),
        title: "Kudos".to_owned(),
        submit: "Give".to_owned(),
        close: "Not now".to_owned(),
        private: String::new(),
        tell_closed: false,
        blocks: vec![Block::Text("Hello".into())],
    };
    client(&address, PATIENCE).open_view("1.2.3", &modal).await.unwrap();
    let body = asked.lock().unwrap()[0].1.clone();
    assert_eq!((&body["trigger_id"], &body["view"]["callback_id"]), (&json!("1.2.3"), &json!("kudos:give")));
}

#[tokio::test]
async fn unusable_settings_are_refused_before_any_call() {
    let slack = client("http://127.0.0.1:1", PATIENCE);
    assert_eq!(slack.open_socket().await.unwrap_err().code(), "no_app_token");
    for (api_url, token) in
        [("slack.com/api", "xoxb-1"), ("ftp://slack.com", "xoxb-1"), ("http://x", ""), ("http://x", "a\nb")]
    {
        let settings = ClientSettings {
            api_url: api_url.to_owned(),
            bot_token: token.into(),
            app_token: None,
            call_timeout: PATIENCE,
        };
        assert!(Slack::new(settings).is_err(), "{api_url} {token:?}");
    }
}
