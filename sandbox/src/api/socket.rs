//! Socket Mode: hello, envelopes out, acknowledgements in, pings, and the ways a connection ends.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::base::limits::{BODY_BYTES, SOCKETS};
use crate::hub::Hub;
use crate::workspace::apps::{Frame, Socket};

/// Frames that may wait for one socket.
const QUEUE: usize = 10_000;

/// `GET /link?ticket=…`: the address that `apps.connections.open` returned.
pub(crate) async fn open(State(hub): State<Arc<Hub>>, uri: Uri, upgrade: WebSocketUpgrade) -> Response {
    if hub.switches(|switches| switches.down) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let query: HashMap<_, _> =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let owner = query.get("ticket").and_then(|ticket| hub.look(|world| world.use_ticket(ticket)));
    let Some(app_id) = owner else {
        return (StatusCode::FORBIDDEN, "invalid ticket").into_response();
    };
    upgrade.max_message_size(BODY_BYTES).on_upgrade(move |socket| serve(hub, app_id, socket))
}

async fn serve(hub: Arc<Hub>, app_id: String, mut socket: WebSocket) {
    let (frames, outgoing) = mpsc::channel(QUEUE);
    let joined = hub.look(|world| {
        let number =
            world.now_ms().unsigned_abs() ^ u64::from_str_radix(&world.ids.hex(15), 16).unwrap_or_default();
        let app = world.app_mut(&app_id)?;
        if app.sockets.len() >= SOCKETS {
            return None;
        }
        let hello = json!({
            "type": "hello",
            "num_connections": app.sockets.len() + 1,
            "debug_info": {
                "host": "applink-sandbox-1", "build_number": 1, "approximate_connection_time": 18_060,
            },
            "connection_info": { "app_id": app.id },
        });
        // The greeting is queued before any other frame.
        frames.try_send(Frame::Text(hello.to_string())).ok()?;
        app.sockets.push(Socket { number, frames: frames.clone(), leaving: false });
        Some(number)
    });
    let Some(number) = joined else {
        if let Frame::Text(text) = Frame::disconnect("too_many_websockets") {
            socket.send(Message::Text(text.into())).await.ok();
        }
        socket.send(Message::Close(None)).await.ok();
        return;
    };
    hub.news();
    converse(&hub, socket, outgoing).await;
    hub.look(|world| {
        for app in &mut world.apps {
            app.sockets.retain(|open| open.number != number);
        }
    });
    hub.news();
}

async fn converse(hub: &Arc<Hub>, socket: WebSocket, mut outgoing: mpsc::Receiver<Frame>) {
    let (mut sink, mut stream) = socket.split();
    let mut pulse = tokio::time::interval(Duration::from_secs(10));
    pulse.reset();
    loop {
        tokio::select! {
            frame = outgoing.recv() => match frame {
                Some(Frame::Text(text)) => if sink.send(Message::Text(text.into())).await.is_err() { return },
                Some(Frame::Close) => {
                    let reason = CloseFrame { code: 1000, reason: "".into() };
                    sink.send(Message::Close(Some(reason))).await.ok();
                    return;
                }
                Some(Frame::Drop) | None => return,
            },
            message = stream.next() => match message {
                Some(Ok(Message::Text(text))) => acknowledged(hub, text.as_str()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                // The library answers pings.
                Some(Ok(_)) => {}
            },
            _ = pulse.tick() => {
                let ping = Message::Ping("Ping from the sandbox".into());
                if sink.send(ping).await.is_err() { return }
            }
            () = hub.closed() => return,
        }
    }
}

fn acknowledged(hub: &Arc<Hub>, text: &str) {
    let Ok(ack) = serde_json::from_str::<Value>(text) else {
        tracing::warn!("a socket sent something that is not JSON");
        return;
    };
    let Some(envelope_id) = ack["envelope_id"].as_str() else {
        return;
    };
    if let Some(waiter) = hub.look(|world| world.pending.remove(envelope_id)) {
        waiter.try_send(ack.get("payload").cloned().unwrap_or(Value::Null)).ok();
    }
}
