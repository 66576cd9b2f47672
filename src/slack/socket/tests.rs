//! The Socket Mode listener against a Slack that sends what each test wants.

use std::sync::Mutex;

use axum::{Router, http::header::CONTENT_TYPE, routing::post};
use futures_util::{FutureExt, SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Semaphore, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

use super::*;
use crate::{
    model::event::Reply,
    slack::{ClientSettings, Handled},
};

/// Long enough for what should happen, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

type Peer = WebSocketStream<TcpStream>;

/// A Slack of the test's own with one slot for a connection, and the listener that connects to it.
struct Stage {
    sockets: TcpListener,
    stop: watch::Sender<bool>,
    health: SocketHealth,
    running: JoinHandle<()>,
}

async fn stage(handle: Handler) -> Stage {
    let sockets = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("ws://{}/link", sockets.local_addr().unwrap());
    let answer = ([(CONTENT_TYPE, "application/json")], json!({ "ok": true, "url": address }).to_string());
    let api = Router::new().route("/api/apps.connections.open", post(|| std::future::ready(answer)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let settings = ClientSettings {
        api_url: format!("http://{}/api", listener.local_addr().unwrap()),
        bot_token: "xoxb-1".into(),
        app_token: Some("xapp-1".into()),
        call_timeout: SOON,
    };
    tokio::spawn(async { axum::serve(listener, api).await });
    let mut door = SocketDoor::new(Slack::new(settings).unwrap(), handle, Entropy::seeded(1));
    door.connections = 1;
    let health = door.health();
    let (stop, shutdown) = watch::channel(false);
    Stage { sockets, stop, health, running: tokio::spawn(door.run(shutdown)) }
}

impl Stage {
    /// Accepts the next connection and greets it.
    async fn greet(&self) -> Peer {
        let (stream, _) = timeout(SOON, self.sockets.accept()).await.unwrap().unwrap();
        let mut peer = accept_async(stream).await.unwrap();
        say(&mut peer, &json!({ "type": "hello", "num_connections": 1 })).await;
        peer
    }

    async fn end(self) {
        self.stop.send_replace(true);
        timeout(SOON, self.running).await.unwrap().unwrap();
        assert_eq!(self.health.open(), 0);
    }
}

async fn say(peer: &mut Peer, words: &Value) {
    peer.send(Message::text(words.to_string())).await.unwrap();
}

/// Returns the next message of the listener; `None` once it closed.
async fn hear(peer: &mut Peer) -> Option<Value> {
    loop {
        match timeout(SOON, peer.next()).await.unwrap() {
            Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            Some(Ok(_)) => {}
        }
    }
}

fn command(id: &str, text: &str) -> Value {
    json!({
        "type": "slash_commands", "envelope_id": id, "accepts_response_payload": true,
        "payload": {
            "team_id": "T1", "user_id": "U1", "channel_id": "C1", "command": "/kudos", "text": text, "trigger_id": id,
        },
    })
}

fn always(answer: Handled) -> Handler {
    Arc::new(move |_| std::future::ready(answer.clone()).boxed())
}

/// A handler that answers a delivery only when it is released.
fn gated(gate: &Arc<Semaphore>) -> Handler {
    let gate = gate.clone();
    Arc::new(move |_| {
        let gate = gate.clone();
        async move {
            gate.acquire().await.unwrap().forget();
            Handled::Reply(Reply::Nothing)
        }
        .boxed()
    })
}

#[tokio::test]
async fn an_envelope_is_acknowledged_with_what_the_handler_says() {
    let stage = stage(always(Handled::Reply(Reply::Ephemeral("Kudos!".into())))).await;
    let mut peer = stage.greet().await;
    say(&mut peer, &command("e1", "hello")).await;
    let heard = hear(&mut peer).await.unwrap();
    assert_eq!(heard["envelope_id"], "e1");
    assert_eq!(heard["payload"]["text"], "Kudos!");
    let mut closed = command("e2", "hello");
    closed["accepts_response_payload"] = json!(false);
    say(&mut peer, &closed).await;
    assert_eq!(hear(&mut peer).await, Some(json!({ "envelope_id": "e2" })));
    say(&mut peer, &json!({ "type": "dance", "envelope_id": "e3" })).await;
    assert_eq!(hear(&mut peer).await, Some(json!({ "envelope_id": "e3" })));
    assert_eq!(stage.health.open(), 1);
    stage.end().await;
}

#[tokio::test]
async fn an_unusable_envelope_is_acknowledged() {
    let stage = stage(always(Handled::Reply(Reply::Nothing))).await;
    let mut peer = stage.greet().await;
    let odd = [
        json!({ "type": 7, "envelope_id": "e1" }),
        json!({ "type": "slash_commands", "envelope_id": "e2", "reason": [], "payload": null }),
        json!({ "type": "events_api", "envelope_id": "e3", "payload": "words" }),
        json!({ "type": "interactive", "envelope_id": "e4", "accepts_response_payload": "yes" }),
    ];
    for (envelope, id) in odd.iter().zip(["e1", "e2", "e3", "e4"]) {
        say(&mut peer, envelope).await;
        assert_eq!(hear(&mut peer).await, Some(json!({ "envelope_id": id })), "{envelope}");
    }
    stage.end().await;
}

#[tokio::test]
async fn what_was_not_committed_is_not_acknowledged() {
    let seen = Arc::new(Mutex::new(0));
    let times = seen.clone();
    let handle: Handler = Arc::new(move |_| {
        let mut times = times.lock().unwrap();
        *times += 1;
        let answer = if *times == 1 { Handled::Busy } else { Handled::Reply(Reply::Nothing) };
        std::future::ready(answer).boxed()
    });
    let stage = stage(handle).await;
    let mut peer = stage.greet().await;
    say(&mut peer, &command("e1", "busy")).await;
    while *seen.lock().unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    say(&mut peer, &command("e2", "again")).await;
    assert_eq!(hear(&mut peer).await, Some(json!({ "envelope_id": "e2" })));
    stage.end().await;
}

#[tokio::test]
async fn the_successor_is_open_before_the_old_connection_goes() {
    let gate = Arc::new(Semaphore::new(0));
    let stage = stage(gated(&gate)).await;
    let mut old = stage.greet().await;
    say(&mut old, &command("e1", "slow")).await;
    say(&mut old, &json!({ "type": "disconnect", "reason": "refresh_requested" })).await;
    let mut new = stage.greet().await;
    say(&mut new, &command("e2", "next")).await;
    gate.add_permits(2);
    assert_eq!(hear(&mut old).await, Some(json!({ "envelope_id": "e1" })));
    assert_eq!(hear(&mut new).await, Some(json!({ "envelope_id": "e2" })));
    stage.end().await;
    assert_eq!((hear(&mut old).await, hear(&mut new).await), (None, None));
}

#[tokio::test]
async fn a_shutdown_finishes_what_is_in_progress() {
    let gate = Arc::new(Semaphore::new(0));
    let stage = stage(gated(&gate)).await;
    let mut peer = stage.greet().await;
    say(&mut peer, &command("e1", "slow")).await;
    say(&mut peer, &json!({ "type": "dance", "envelope_id": "e2" })).await;
    assert_eq!(
        hear(&mut peer).await,
        Some(json!({ "envelope_id": "e2" })),
        "what came after it overtakes it"
    );
    stage.stop.send_replace(true);
    gate.add_permits(1);
    assert_eq!(hear(&mut peer).await, Some(json!({ "envelope_id": "e1" })));
    assert_eq!(hear(&mut peer).await, None);
    stage.end().await;
}

#[tokio::test]
async fn a_lost_connection_is_replaced() {
    let stage = stage(always(Handled::Reply(Reply::Nothing))).await;
    drop(stage.greet().await);
    let mut peer = stage.greet().await;
    say(&mut peer, &command("e1", "hello")).await;
    assert_eq!(hear(&mut peer).await, Some(json!({ "envelope_id": "e1" })));
    stage.end().await;
}

#[tokio::test]
async fn a_disabled_listener_waits_to_be_enabled() {
    let stage = stage(always(Handled::Reply(Reply::Nothing))).await;
    let mut peer = stage.greet().await;
    say(&mut peer, &json!({ "type": "disconnect", "reason": "link_disabled" })).await;
    assert_eq!(hear(&mut peer).await, None);
    let again = timeout(Duration::from_secs(2), stage.sockets.accept()).await;
    assert!(again.is_err(), "it does not come back at once");
    assert_eq!(stage.health.open(), 0);
    stage.stop.send_replace(true);
    timeout(SOON, stage.running).await.unwrap().unwrap();
}
