//! Sends commands, interactions and events to apps, over a socket or as a signed request, and reads the answer.

mod http_client;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{self, Either};
use ring::hmac;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::base::limits::{ANSWER_MS, RETRY_AFTER_MS};
use crate::hub::Hub;
use crate::types::steps::UserAction;
use crate::types::traffic::{Delivery, DeliveryKind, DeliveryReply};
use crate::workspace::World;
use crate::workspace::apps::{App, Frame};
use crate::workspace::events::Outgoing;

/// A request to an app.
#[derive(Clone, Debug)]
pub(crate) struct OutgoingRequest {
    pub(crate) kind: DeliveryKind,
    pub(crate) app_id: String,
    pub(crate) payload: Value,
    pub(crate) url: Option<String>,
    pub(crate) attempt: u8,
    pub(crate) reason: &'static str,
    /// Whether a simulated person caused it.
    pub(crate) simulated: bool,
}

impl OutgoingRequest {
    pub(crate) fn new(kind: DeliveryKind, app: &App, payload: Value, url: Option<String>) -> OutgoingRequest {
        OutgoingRequest {
            kind,
            app_id: app.id.clone(),
            payload,
            url,
            attempt: 0,
            reason: "",
            simulated: false,
        }
    }
}

impl Hub {
    /// Changes the workspace; events that follow are sent once the lock is free, in their order.
    pub(crate) fn with<T>(self: &Arc<Self>, act: impl FnOnce(&mut World) -> T) -> T {
        self.with_mark(false, act)
    }

    /// Does the same with a mark for events that a simulated person causes.
    pub(crate) fn with_mark<T>(self: &Arc<Self>, simulated: bool, act: impl FnOnce(&mut World) -> T) -> T {
        let (result, outgoing, read) = {
            let mut world = self.world();
            let result = act(&mut world);
            let written = std::mem::take(&mut world.written);
            let forms = std::mem::take(&mut world.forms_shown);
            (result, std::mem::take(&mut world.outgoing), self.texts_read(&world, &written, &forms))
        };
        for outgoing in outgoing {
            event(self, outgoing, simulated);
        }
        for text in read {
            self.did(UserAction::Read(&text));
        }
        self.news();
        result
    }
}

/// Sends an event and, unless it is acknowledged, sends it again later.
fn event(hub: &Arc<Hub>, event: Outgoing, simulated: bool) {
    let mut request = OutgoingRequest {
        kind: DeliveryKind::Event,
        app_id: event.app_id,
        payload: event.payload,
        url: event.url,
        attempt: 0,
        reason: "",
        simulated,
    };
    let late_ms = hub.switches(|switches| switches.late_ms);
    let due_ms = hub.clock.now_ms() + late_ms;
    // A delivery without delay is sent before anything else happens, so that events keep their order.
    let first = (late_ms == 0).then(|| send(hub, &request));
    let hub = Arc::clone(hub);
    hub.clone().runtime.spawn(async move {
        let mut reply = if let Some(first) = first {
            first.await
        } else {
            tokio::select! {
                () = hub.clock.reaches(due_ms) => {}
                () = hub.closed() => return,
            }
            send(&hub, &request).await
        };
        for (retry, after_ms) in (1..).zip(RETRY_AFTER_MS) {
            let reason = match reply {
                DeliveryReply::Acknowledged(_) => return,
                DeliveryReply::NoAnswer => "http_timeout",
                DeliveryReply::Failed(reason) => reason,
            };
            let due_ms = hub.clock.now_ms() + after_ms;
            tokio::select! {
                () = hub.clock.reaches(due_ms) => {}
                () = hub.closed() => return,
            }
            request.attempt = retry;
            request.reason =
                if reason == "http_timeout" && request.url.is_none() { "timeout" } else { reason };
            reply = send(&hub, &request).await;
        }
    });
}

/// Sends a request at once, or twice while everything is. The future waits for the reply, at most three seconds.
pub(crate) fn send(
    hub: &Arc<Hub>,
    request: &OutgoingRequest,
) -> impl Future<Output = DeliveryReply> + Send + use<> {
    let twice = hub.switches(|switches| switches.duplicates);
    let socket_mode = hub.look(|world| world.app(&request.app_id).is_some_and(|app| app.socket_mode));
    let first = send_once(hub, request, false);
    let copy = twice.then(|| hub.runtime.spawn(send_once(hub, request, true)));
    let hub = Arc::clone(hub);
    async move {
        // Of two signed requests only the first one's response counts; the other goes on by itself.
        let Some(copy) = copy.filter(|_| socket_mode) else { return first.await };
        // An app may acknowledge either of two envelopes, and each has its own line in the log.
        let (reply, other) = match future::select(hub.runtime.spawn(first), copy).await {
            Either::Left(ended) | Either::Right(ended) => ended,
        };
        match reply {
            Ok(reply @ DeliveryReply::Acknowledged(_)) => reply,
            _ => other.await.unwrap_or(DeliveryReply::NoAnswer),
        }
    }
}

fn send_once(
    hub: &Arc<Hub>,
    request: &OutgoingRequest,
    again: bool,
) -> impl Future<Output = DeliveryReply> + Send + use<> {
    let now_ms = hub.clock.now_ms();
    let (waiting, number) = hub.look(|world| {
        let socket_mode = world.app(&request.app_id).is_some_and(|app| app.socket_mode);
        let number = world.wire.log_delivery(Delivery {
            kind: request.kind.name(),
            door: if socket_mode { "socket" } else { "http" },
            app_id: request.app_id.clone(),
            payload: request.payload.clone(),
            attempt: request.attempt,
            again,
            outcome: "sent".to_owned(),
            at_ms: now_ms,
            simulated: request.simulated,
        });
        let waiting = if socket_mode {
            over_socket(world, request).map_or(Waiting::Nowhere, Waiting::Socket)
        } else {
            signed(world, request, now_ms).map_or(Waiting::Nowhere, Waiting::Http)
        };
        (waiting, number)
    });
    let hub = Arc::clone(hub);
    async move {
        let answer = async {
            match waiting {
                Waiting::Nowhere => DeliveryReply::Failed("connection_failed"),
                Waiting::Socket(mut acks) => {
                    acks.recv().await.map_or(DeliveryReply::NoAnswer, DeliveryReply::Acknowledged)
                }
                Waiting::Http(request) => over_http(request).await,
            }
        };
        let reply = tokio::select! {
            biased;
            reply = answer => reply,
            () = hub.clock.reaches(now_ms + ANSWER_MS) => DeliveryReply::NoAnswer,
            // A frozen clock must not let a silent app block a test.
            () = tokio::time::sleep(Duration::from_millis(ANSWER_MS.unsigned_abs())) => DeliveryReply::NoAnswer,
        };
        hub.with(|world| world.wire.close_delivery(number, reply.outcome()));
        reply
    }
}

/// Where the reply will come from.
enum Waiting {
    Nowhere,
    Socket(mpsc::Receiver<Value>),
    Http(Request),
}

struct Request {
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

fn over_socket(world: &mut World, request: &OutgoingRequest) -> Option<mpsc::Receiver<Value>> {
    let (acks, waiting) = mpsc::channel(1);
    world.tidy_pending();
    let envelope_id = world.ids.uuid();
    let mut envelope = json!({
        "envelope_id": envelope_id,
        "payload": request.payload,
        "type": request.kind.name(),
        "accepts_response_payload": request.kind != DeliveryKind::Event,
    });
    if request.kind == DeliveryKind::Event {
        envelope["retry_attempt"] = json!(request.attempt);
        envelope["retry_reason"] = json!(request.reason);
    }
    let frame = Frame::Text(envelope.to_string());
    let sent = world.next_socket(&request.app_id)?.try_send(frame).is_ok();
    sent.then(|| {
        world.pending.insert(envelope_id, acks);
        waiting
    })
}

/// Returns the request with Slack's signature.
fn signed(world: &World, request: &OutgoingRequest, now_ms: i64) -> Option<Request> {
    let app = world.app(&request.app_id)?;
    let url = request.url.clone()?;
    let (kind, body) = match request.kind {
        DeliveryKind::Event => ("application/json", request.payload.to_string()),
        DeliveryKind::Interaction => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            form.append_pair("payload", &request.payload.to_string());
            ("application/x-www-form-urlencoded", form.finish())
        }
        DeliveryKind::Command => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (key, value) in request.payload.as_object()? {
                form.append_pair(key, value.as_str().unwrap_or_default());
            }
            ("application/x-www-form-urlencoded", form.finish())
        }
    };
    let stamp = now_ms.div_euclid(1_000).to_string();
    let mut headers = vec![
        ("content-type", kind.to_owned()),
        ("user-agent", "Slackbot 1.0 (+https://api.slack.com/robots)".to_owned()),
        ("accept", "application/json,*/*".to_owned()),
        ("x-slack-signature", signature(&app.signing_secret, &stamp, &body)),
        ("x-slack-request-timestamp", stamp),
    ];
    if request.attempt > 0 {
        headers.push(("x-slack-retry-num", request.attempt.to_string()));
        headers.push(("x-slack-retry-reason", request.reason.to_owned()));
    }
    Some(Request { url, headers, body })
}

/// Returns `v0=` and the HMAC-SHA256 of `v0:stamp:body` in hexadecimal.
pub(crate) fn signature(secret: &str, stamp: &str, body: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("v0:{stamp}:{body}").as_bytes());
    let hex: Vec<String> = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("v0={}", hex.concat())
}

async fn over_http(request: Request) -> DeliveryReply {
    match http_client::post(&request.url, &request.headers, request.body).await {
        Err(reason) => DeliveryReply::Failed(reason),
        Ok(reply) if !(200..300).contains(&reply.status) => DeliveryReply::Failed("http_error"),
        Ok(reply) if reply.body.iter().all(u8::is_ascii_whitespace) => {
            DeliveryReply::Acknowledged(Value::Null)
        }
        Ok(reply) => {
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            let parsed =
                serde_json::from_str(&text).ok().filter(|value: &Value| reply.is_json || value.is_object());
            DeliveryReply::Acknowledged(parsed.unwrap_or_else(|| json!({ "text": text })))
        }
    }
}

/// Asks a request URL to echo a challenge, as Slack does when the URL is entered.
pub(crate) async fn verify_url(hub: &Arc<Hub>, app_id: &str) -> Result<(), String> {
    let prepared = hub.look(|world| {
        let app = world.app(app_id)?.clone();
        let challenge = world.ids.secret(52);
        let payload =
            json!({ "token": app.verification_token, "challenge": challenge, "type": "url_verification" });
        let request = OutgoingRequest::new(DeliveryKind::Event, &app, payload, app.event_url.clone());
        Some((signed(world, &request, world.now_ms())?, challenge))
    });
    let Some((request, challenge)) = prepared else {
        return Ok(());
    };
    let asked = http_client::post(&request.url, &request.headers, request.body);
    let reply = tokio::time::timeout(Duration::from_millis(ANSWER_MS.unsigned_abs()), asked)
        .await
        .map_err(|_| "request_url: Your URL didn't respond in three seconds.".to_owned())?
        .map_err(|reason| format!("request_url: Your URL could not be reached ({reason})."))?;
    let text = String::from_utf8_lossy(&reply.body);
    let echoed = serde_json::from_str::<Value>(&text)
        .ok()
        .and_then(|value| value["challenge"].as_str().map(str::to_owned))
        .unwrap_or_else(|| text.trim().trim_start_matches("challenge=").to_owned());
    if reply.status == 200 && echoed == challenge {
        Ok(())
    } else {
        Err("request_url: Your URL didn't respond with the value of the challenge parameter.".to_owned())
    }
}

#[cfg(test)]
mod tests {
    /// The example in Slack's documentation.
    #[test]
    fn signs_as_slack_signs() {
        let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                    channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                    response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&\
                    trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
        assert_eq!(
            super::signature("8f742231b10e8888abcd99yyyzzz85a5", "1531420618", body),
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
        );
    }
}
