//! The HTTP listener: three addresses, each of which takes all that Slack sends, if Slack signed it.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    body::BodyDataStream,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use futures_util::StreamExt;
use tokio::time::Instant;

pub use super::door::{Handled, Handler};
use super::{
    budget::{Budget, Share},
    door::{count, hand_over},
    listener::{Connection, is_time},
    payload::{Incoming, from_http},
    replies::acknowledgement,
    signature::{Claim, SigningSecret, Unsigned},
};
use crate::model::{clock::Clock, event::Delivery};

/// The listener's name in the metrics.
const DOOR: &str = "http";

/// How large a body may be, in bytes.
const BODY_LIMIT: usize = 1 << 20;

/// How much memory all bodies may take together before their signatures are checked, in bytes.
const UNVERIFIED_LIMIT: usize = 16 << 20;

/// How long a body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// How much of a refused body is read and discarded, so that its sender gets to read the answer instead of a broken
/// connection, and for how long.
const THROWN_AWAY: usize = 8 << 20;
const THROWING_AWAY: Duration = Duration::from_secs(5);

/// After how many seconds Slack may try again when the store was busy or the listener overloaded.
const RETRY_AFTER: &str = "5";

/// The settings of the HTTP listener.
pub struct HttpDoor {
    /// The secret that Slack signs with.
    pub secret: SigningSecret,
    /// Decides whether a signature is fresh.
    pub clock: Clock,
    pub handle: Handler,
}

/// What requests share.
struct HttpState {
    door: HttpDoor,
    unverified: Arc<Budget>,
    /// When a wrong signature was last logged.
    warned: Mutex<Option<tokio::time::Instant>>,
}

impl HttpState {
    /// A wrong setting of the operator's looks the same as a stranger's request: it is logged once a minute at most.
    fn warn(&self, why: Unsigned) {
        let mut last = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if is_time(&mut last) {
            tracing::warn!(
                %why,
                "a request was refused; if people see `dispatch_failed`, set SLACK_SIGNING_SECRET to this app's (Basic \
                 Information), and set the machine's clock"
            );
        }
    }
}

/// Returns the listener's routes.
pub fn routes(door: HttpDoor) -> Router {
    Router::new()
        .route("/slack/events", post(receive))
        .route("/slack/commands", post(receive))
        .route("/slack/interactions", post(receive))
        .with_state(Arc::new(HttpState {
            door,
            unverified: Budget::new(UNVERIFIED_LIMIT),
            warned: Mutex::default(),
        }))
}

async fn receive(State(shared): State<Arc<HttpState>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let connection = parts.extensions.get::<Arc<Connection>>();
    let trust = |trusted| {
        if let Some(connection) = connection {
            connection.trust(trusted);
        }
    };
    let (headers, door) = (&parts.headers, &shared.door);
    let mut chunks = body.into_data_stream();
    let read = async {
        let claim = claim(headers, &door.clock)?;
        let share = shared.unverified.share(connection.is_some_and(|connection| connection.is_trusted()));
        let body = read(&mut chunks, length(headers).unwrap_or(0), &share).await?;
        let since = Instant::now();
        door.secret.proves(&claim, &body).map_err(Unverified::Unsigned)?;
        Ok((body, since))
    };
    let (body, since) = match read.await {
        Ok(read) => read,
        Err(refusal) => {
            trust(false);
            tracing::debug!(?refusal, "a request was refused");
            if let Unverified::Unsigned(why @ (Unsigned::Wrong | Unsigned::Stale)) = refusal {
                shared.warn(why);
            }
            return refuse(refusal, headers, chunks);
        }
    };
    trust(true);
    match from_http(one(headers, header::CONTENT_TYPE.as_str()), &body) {
        Ok(incoming) => {
            drop(body);
            answer(door, incoming, since).await
        }
        Err(reason) => {
            tracing::debug!(%reason, "a signed request could not be read");
            count(DOOR, "unknown", "unreadable");
            StatusCode::BAD_REQUEST.into_response()
        }
    }
}

async fn answer(door: &HttpDoor, incoming: Incoming, since: Instant) -> Response {
    match incoming {
        Incoming::Deliver(delivery) => deliver(door, *delivery, since).await,
        Incoming::Challenge(challenge) => {
            count(DOOR, "challenge", "answered");
            // A string is sent with a plain text content type.
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
            // Texts and lists can always be serialised; if not, an empty answer still acknowledges.
            Some(Err(_)) | None => StatusCode::OK.into_response(),
        },
        Handled::Busy => {
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, RETRY_AFTER)]).into_response()
        }
    }
}

/// Checks everything that can be checked before a byte of the body is read.
fn claim<'h>(headers: &'h HeaderMap, clock: &Clock) -> Result<Claim<'h>, Unverified> {
    if length(headers).is_some_and(|length| length > BODY_LIMIT) {
        return Err(Unverified::TooLarge);
    }
    let (timestamp, signature) =
        (one(headers, "x-slack-request-timestamp"), one(headers, "x-slack-signature"));
    Claim::read(timestamp, signature, clock.now()).map_err(Unverified::Unsigned)
}

/// Returns the value of a header that occurs once.
fn one<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?;
    values.next().is_none().then_some(value)?.to_str().ok()
}

/// Returns the declared length of the body; a number beyond `usize` is beyond the limit as well.
fn length(headers: &HeaderMap) -> Option<usize> {
    let length = headers.get(header::CONTENT_LENGTH)?.to_str().ok()?;
    Some(length.parse().unwrap_or(usize::MAX))
}

/// Why a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unverified {
    Unsigned(Unsigned),
    TooLarge,
    TooSlow,
    Broken,
    Crowded,
}

impl Unverified {
    fn status(self) -> StatusCode {
        match self {
            Unverified::Unsigned(_) => StatusCode::UNAUTHORIZED,
            Unverified::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Unverified::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Unverified::Broken => StatusCode::BAD_REQUEST,
            Unverified::Crowded => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn outcome(self) -> &'static str {
        match self {
            Unverified::Unsigned(_) => "unsigned",
            Unverified::TooLarge => "too_large",
            Unverified::TooSlow => "too_slow",
            Unverified::Broken => "broken",
            Unverified::Crowded => "crowded",
        }
    }
}

/// Answers a refused request at once. Its connection can be used again if the rest of its body is small enough to be
/// read and discarded.
fn refuse(refusal: Unverified, headers: &HeaderMap, rest: BodyDataStream) -> Response {
    count(DOOR, "unknown", refusal.outcome());
    let mut response = refusal.status().into_response();
    if refusal == Unverified::Crowded {
        response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static(RETRY_AFTER));
    }
    // A client that sent `Expect` does not send its body now; another may still be sending it, and would not read its
    // answer from a connection that is closed meanwhile.
    let sends_on = matches!(refusal, Unverified::Unsigned(_) | Unverified::TooLarge);
    if sends_on && !headers.contains_key(header::EXPECT) {
        tokio::spawn(tokio::time::timeout(THROWING_AWAY, throw_away(rest)));
    }
    if !matches!(refusal, Unverified::Unsigned(_)) || headers.contains_key(header::EXPECT) {
        response.headers_mut().insert(header::CONNECTION, header::HeaderValue::from_static("close"));
    }
    response
}

async fn throw_away(mut rest: BodyDataStream) {
    let mut thrown_away = 0;
    while thrown_away < THROWN_AWAY
        && let Some(Ok(chunk)) = rest.next().await
    {
        thrown_away += chunk.len();
    }
}

/// Reads a body that is neither too large nor too slow, within its share of the common memory.
async fn read(chunks: &mut BodyDataStream, length: usize, share: &Share) -> Result<Vec<u8>, Unverified> {
    let reading = tokio::time::timeout(BODY_TIMEOUT, read_all(chunks, length, share));
    tokio::select! {
        biased;
        () = share.dropped() => Err(Unverified::Crowded),
        read = reading => read.unwrap_or(Err(Unverified::TooSlow)),
    }
}

async fn read_all(chunks: &mut BodyDataStream, length: usize, share: &Share) -> Result<Vec<u8>, Unverified> {
    /// How much a body may reserve at once on its declared length; most are shorter.
    const AT_ONCE: usize = 16 * 1024;
    let mut whole: Vec<u8> = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| Unverified::Broken)?;
        let (capacity, needed) = (whole.capacity(), whole.len() + chunk.len());
        if needed > BODY_LIMIT {
            return Err(Unverified::TooLarge);
        }
        if needed > capacity {
            let larger = needed.max(2 * capacity).max(length.min(AT_ONCE)).min(BODY_LIMIT);
            if !share.take(larger - capacity) {
                return Err(Unverified::Crowded);
            }
            whole.reserve_exact(larger - whole.len());
        }
        whole.extend_from_slice(&chunk);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt;
    use ring::hmac;
    use tokio::net::TcpListener;

    use super::{
        super::listener::{self, ConnectionLimits},
        *,
    };
    use crate::model::event::Reply;

    const LIMITS: ConnectionLimits = ConnectionLimits {
        connections: 100,
        headers: Duration::from_secs(10),
        idle: Duration::from_secs(10),
        idle_trusted: Duration::from_secs(10),
        request: Duration::from_mins(1),
    };

    const SECRET: &str = "a-secret-for-this-test";
    const NOW: i64 = 1_760_000_000;
    const COMMAND: &str = "team_id=T1&user_id=U1&channel_id=C1&command=%2Fkudos&text=hi&trigger_id=1.2.3";

    struct Front {
        address: String,
        taken: Arc<Mutex<Vec<Delivery>>>,
        sender: reqwest::Client,
    }

    /// A listener in front of a handler that always gives the same answer.
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
        let (never, shutdown) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            let _never = never;
            listener::serve("test", listener, routes(HttpDoor { secret, clock, handle }), LIMITS, shutdown)
                .await;
        });
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
    async fn unsigned_stale_or_unreadable_requests_are_refused() {
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
