//! The HTTP door: three addresses, each of which takes all that Slack sends, if Slack signed it.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::StreamExt;
use tokio::time::Instant;

pub use super::door::{Handled, Handler};
use super::{
    door::{count, hand_over},
    payload::{Incoming, from_http},
    replies::acknowledgement,
    signature::SigningSecret,
};
use crate::model::{clock::Clock, event::Delivery};

/// The door's name in the metrics.
const DOOR: &str = "http";

/// How large a body may be.
const BODY_LIMIT: usize = 1 << 20;

/// How much more of a body that is too large is read and thrown away, so that its sender gets to read the answer
/// instead of a broken connection.
const PATIENCE_WITH_TOO_MUCH: usize = 8 << 20;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// After how many seconds Slack may try again when the store was busy.
const RETRY_AFTER: &str = "5";

/// What the door needs.
pub struct HttpDoor {
    /// The secret that Slack signs with.
    pub secret: SigningSecret,
    /// Tells whether a signature is fresh.
    pub clock: Clock,
    /// Whom deliveries go to.
    pub handle: Handler,
}

/// The door's routes.
pub fn routes(door: HttpDoor) -> Router {
    Router::new()
        .route("/slack/events", post(receive))
        .route("/slack/commands", post(receive))
        .route("/slack/interactions", post(receive))
        .with_state(Arc::new(door))
}

async fn receive(State(door): State<Arc<HttpDoor>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = match read(body).await {
        Ok(body) => body,
        Err(unread) => return refuse(unread.outcome(), unread.status()),
    };
    let since = Instant::now();
    let header = |name: &str| text(&parts.headers, name);
    let (timestamp, signature) = (header("x-slack-request-timestamp"), header("x-slack-signature"));
    if let Err(reason) = door.secret.verify(timestamp, signature, &body, door.clock.now()) {
        tracing::debug!(%reason, "a request was not believed");
        return refuse("unsigned", StatusCode::UNAUTHORIZED);
    }
    match from_http(header(header::CONTENT_TYPE.as_str()), &body) {
        Ok(incoming) => answer(&door, incoming, since).await,
        Err(reason) => {
            tracing::debug!(%reason, "a signed request could not be read");
            refuse("unreadable", StatusCode::BAD_REQUEST)
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn refuse(outcome: &'static str, status: StatusCode) -> Response {
    count(DOOR, "unknown", outcome);
    status.into_response()
}

async fn answer(door: &HttpDoor, incoming: Incoming, since: Instant) -> Response {
    match incoming {
        Incoming::Deliver(delivery) => deliver(door, *delivery, since).await,
        Incoming::Challenge(challenge) => {
            count(DOOR, "challenge", "answered");
            // A string comes with a plain text content type.
            challenge.into_response()
        }
        Incoming::SslCheck => {
            count(DOOR, "ssl_check", "answered");
            StatusCode::OK.into_response()
        }
        Incoming::Unusable(why) => {
            count(DOOR, "unusable", why);
            StatusCode::OK.into_response()
        }
    }
}

async fn deliver(door: &HttpDoor, delivery: Delivery, since: Instant) -> Response {
    match hand_over(DOOR, &door.handle, delivery, since).await {
        Handled::Reply(reply) => match acknowledgement(&reply).map(|body| serde_json::to_string(&body)) {
            Some(Ok(body)) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            // Texts and lists can always be written down; if not, an empty answer still says that it was taken.
            Some(Err(_)) | None => StatusCode::OK.into_response(),
        },
        Handled::Busy => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER)]).into_response()
        }
    }
}

/// Why a body was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unread {
    TooLarge,
    TooSlow,
    Broken,
}

impl Unread {
    fn status(self) -> StatusCode {
        match self {
            Unread::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Unread::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Unread::Broken => StatusCode::BAD_REQUEST,
        }
    }

    fn outcome(self) -> &'static str {
        match self {
            Unread::TooLarge => "too_large",
            Unread::TooSlow => "too_slow",
            Unread::Broken => "broken",
        }
    }
}

/// Reads a body that is not too large and does not take too long.
async fn read(body: Body) -> Result<Bytes, Unread> {
    tokio::time::timeout(BODY_TIMEOUT, read_all(body)).await.unwrap_or(Err(Unread::TooSlow))
}

async fn read_all(body: Body) -> Result<Bytes, Unread> {
    let mut chunks = body.into_data_stream();
    let mut whole: Vec<u8> = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Unread::Broken)?;
        if whole.len() + chunk.len() > BODY_LIMIT {
            let mut thrown_away = whole.len() + chunk.len();
            drop(whole);
            while thrown_away < PATIENCE_WITH_TOO_MUCH
                && let Some(Ok(chunk)) = chunks.next().await
            {
                thrown_away += chunk.len();
            }
            return Err(Unread::TooLarge);
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole.into())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt;
    use ring::hmac;
    use tokio::net::TcpListener;

    use super::*;
    use crate::model::event::Reply;

    const SECRET: &str = "a-secret-for-this-test";
    const NOW: i64 = 1_760_000_000;
    const COMMAND: &str = "team_id=T1&user_id=U1&channel_id=C1&command=%2Fkudos&text=hi&trigger_id=1.2.3";

    struct Front {
        address: String,
        taken: Arc<Mutex<Vec<Delivery>>>,
        sender: reqwest::Client,
    }

    /// A door in front of a handler that gives everybody the same answer.
    async fn front(answer: Handled) -> Front {
        rustls::crypto::ring::default_provider().install_default().ok();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let seen = taken.clone();
        let handle: Handler = Arc::new(move |delivery| {
            seen.lock().unwrap().push(delivery);
            std::future::ready(answer.clone()).boxed()
        });
        let clock = Clock::steered(|| NOW * 1_000, tokio::sync::watch::channel(0).1);
        let secret = SigningSecret::new(&SECRET.into()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, routes(HttpDoor { secret, clock, handle })).await });
        Front { address, taken, sender: reqwest::Client::builder().no_proxy().build().unwrap() }
    }

    fn sign(time: i64, body: &str) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag = hmac::sign(&key, format!("v0:{time}:{body}").as_bytes());
        tag.as_ref().iter().fold("v0=".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
    }

    impl Front {
        async fn send(&self, path: &str, content_type: &str, body: &str) -> (u16, String) {
            self.send_signed(path, content_type, body, NOW, &sign(NOW, body)).await
        }

        async fn send_signed(
            &self,
            path: &str,
            content_type: &str,
            body: &str,
            time: i64,
            signature: &str,
        ) -> (u16, String) {
            let response = self
                .sender
                .post(format!("{}{path}", self.address))
                .header("content-type", content_type)
                .header("x-slack-request-timestamp", time.to_string())
                .header("x-slack-signature", signature)
                .body(body.to_owned())
                .send()
                .await
                .unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        }

        fn taken(&self) -> usize {
            self.taken.lock().unwrap().len()
        }
    }

    const FORM: &str = "application/x-www-form-urlencoded";
    const JSON: &str = "application/json";

    #[tokio::test]
    async fn each_address_takes_all_that_slack_sends() {
        let front = front(Handled::Reply(Reply::Ephemeral("Kudos!".into()))).await;
        let press = r#"payload={"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"actions":[{"action_id":"a:b"}]}"#;
        let event =
            r#"{"type":"event_callback","team_id":"T1","event_id":"Ev1","event":{"type":"app_uninstalled"}}"#;
        for path in ["/slack/events", "/slack/commands", "/slack/interactions"] {
            for (content_type, body) in [(FORM, COMMAND), (FORM, press), (JSON, event)] {
                let (status, answer) = front.send(path, content_type, body).await;
                assert_eq!(status, 200, "{path} {body}");
                assert!(answer.contains("Kudos!"), "{answer}");
            }
        }
        assert_eq!(front.taken(), 9);
        let challenge = r#"{"type":"url_verification","challenge":"c0ffee"}"#;
        assert_eq!(front.send("/slack/commands", JSON, challenge).await, (200, "c0ffee".to_owned()));
        assert_eq!(front.send("/slack/events", FORM, "ssl_check=1").await, (200, String::new()));
        assert_eq!(front.send("/slack/events", JSON, r#"{"type":"dance"}"#).await, (200, String::new()));
        assert_eq!(front.taken(), 9);
    }

    #[tokio::test]
    async fn what_is_not_signed_signed_long_ago_or_unreadable_goes_no_further() {
        let front = front(Handled::Reply(Reply::Nothing)).await;
        let path = "/slack/commands";
        assert_eq!(front.send_signed(path, FORM, COMMAND, NOW, &sign(NOW, "other")).await.0, 401);
        for time in [NOW - 301, NOW + 301] {
            assert_eq!(front.send_signed(path, FORM, COMMAND, time, &sign(time, COMMAND)).await.0, 401);
        }
        assert_eq!(front.send_signed(path, FORM, COMMAND, NOW, "").await.0, 401);
        assert_eq!(front.send(path, JSON, "{").await.0, 400);
        assert_eq!(front.send(path, FORM, "hello").await.0, 400);
        let full = " ".repeat(BODY_LIMIT);
        assert_eq!(front.send(path, JSON, &full).await.0, 400);
        assert_eq!(front.send(path, JSON, &format!("{full} ")).await.0, 413);
        assert_eq!(front.send(path, JSON, &full.repeat(4)).await.0, 413);
        let got = front.sender.get(format!("{}{path}", front.address)).send().await.unwrap();
        assert_eq!(got.status().as_u16(), 405);
        assert_eq!(front.taken(), 0);
    }

    #[tokio::test]
    async fn what_was_not_committed_is_sent_again() {
        let front = front(Handled::Busy).await;
        assert_eq!(front.send("/slack/commands", FORM, COMMAND).await.0, 503);
    }
}
