//! The HTTP listener, byte by byte, with strangers and proxies as clients.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures_util::FutureExt as _;
use rondo::{
    model::{
        clock::Clock,
        event::{Command, Event, Reply},
        message::Message,
        text::Markup,
    },
    slack::{
        Handled, Handler, HttpDoor, SigningSecret,
        http::routes,
        listener::{ConnectionLimits, serve},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::support::gestures::sign;

const SECRET: &str = "a-secret-for-this-test";

/// Long enough for a busy machine; nothing here takes that long.
const SOON: Duration = Duration::from_secs(20);

const LIMITS: ConnectionLimits = ConnectionLimits {
    connections: 100,
    headers: Duration::from_mins(1),
    idle: Duration::from_mins(1),
    idle_trusted: Duration::from_mins(1),
    request: Duration::from_mins(1),
};

/// A listener in front of a handler that answers when told.
struct Door {
    address: String,
    /// The texts of the commands that were accepted.
    taken: Arc<Mutex<Vec<String>>>,
    /// Lets commands with the text `wait` be answered.
    go_on: Arc<Notify>,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
}

impl Door {
    async fn with(limits: ConnectionLimits) -> Door {
        let taken: Arc<Mutex<Vec<String>>> = Arc::default();
        let go_on = Arc::new(Notify::new());
        let (seen, may) = (Arc::clone(&taken), Arc::clone(&go_on));
        let handle: Handler = Arc::new(move |delivery| {
            let (seen, may) = (Arc::clone(&seen), Arc::clone(&may));
            async move {
                let Event::Command(Command { text, .. }) = delivery.event else { panic!("a command") };
                seen.lock().unwrap().push(text.clone());
                if text == "wait" {
                    may.notified().await;
                }
                Handled::Reply(Reply::Ephemeral(Message::new(Markup::words(&text))))
            }
            .boxed()
        });
        let door =
            HttpDoor { secret: SigningSecret::new(&SECRET.into()).unwrap(), clock: Clock::machine(), handle };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, stopped) = watch::channel(false);
        let serving = tokio::spawn(serve("test", listener, routes(door), limits, stopped));
        Door { address, taken, go_on, stop, serving }
    }

    async fn connects(&self) -> Wire {
        Wire { stream: TcpStream::connect(&self.address).await.unwrap(), read: Vec::new() }
    }

    fn taken(&self) -> Vec<String> {
        self.taken.lock().unwrap().clone()
    }
}

/// A client's end of a connection.
struct Wire {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Wire {
    async fn sends(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Reads the next answer: its head, and the body in the length that it gives.
    async fn answer(&mut self) -> String {
        timeout(SOON, async {
            loop {
                let text = String::from_utf8_lossy(&self.read).into_owned();
                if let Some((head, rest)) = text.split_once("\r\n\r\n") {
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                    let length = length.map_or(0, |length| length.parse().unwrap());
                    if rest.len() >= length {
                        self.read.drain(..head.len() + 4 + length);
                        return format!("{head}\r\n\r\n{}", &rest[..length]);
                    }
                }
                let mut some = [0; 4096];
                let read = self.stream.read(&mut some).await.unwrap_or_default();
                assert!(read > 0, "the connection ended after {text:?}");
                self.read.extend_from_slice(&some[..read]);
            }
        })
        .await
        .expect("an answer")
    }

    async fn status(&mut self) -> u16 {
        self.answer().await.split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Waits until the other side closes, and returns what it sent before.
    async fn closes(mut self) -> String {
        let closing = async {
            let mut some = [0; 4096];
            // A reset is an end as well.
            while let Ok(read @ 1..) = self.stream.read(&mut some).await {
                self.read.extend_from_slice(&some[..read]);
            }
        };
        timeout(SOON, closing).await.expect("the connection is closed");
        String::from_utf8_lossy(&self.read).into_owned()
    }

    /// Whether the other side has closed.
    fn is_closed(&self) -> bool {
        !matches!(self.stream.try_read(&mut [0; 1]), Err(error) if error.kind() == std::io::ErrorKind::WouldBlock)
    }
}

fn form(text: &str) -> String {
    format!("team_id=T1&user_id=U1&channel_id=C1&command=%2Fkudos&text={text}&trigger_id=1.2.3")
}

fn now() -> i64 {
    Clock::machine().now().timestamp()
}

/// Returns the head of a request with these header lines, each with its line end.
fn head(lines: &str) -> String {
    format!("POST /slack/commands HTTP/1.1\r\nHost: rondo\r\n{lines}\r\n")
}

fn signature_of(body: &str) -> String {
    let time = now().to_string();
    let signature = sign(SECRET, &time, body.as_bytes());
    format!("X-Slack-Request-Timestamp: {time}\r\nX-Slack-Signature: {signature}\r\n")
}

/// Returns headers in Slack's form, with the signature of other bytes.
fn false_signature() -> String {
    signature_of("something else")
}

/// Returns a whole request as Slack signs it.
fn signed(text: &str) -> String {
    let body = form(text);
    head(&format!("{}Content-Length: {}\r\n", signature_of(&body), body.len())) + &body
}

#[tokio::test]
async fn slow_headers_are_cut() {
    let door = Door::with(ConnectionLimits { headers: Duration::from_millis(300), ..LIMITS }).await;
    let silent = door.connects().await;
    let mut half = door.connects().await;
    half.sends("POST /slack/events HTTP/1.1\r\nHost: ron").await;
    let mut trickling = door.connects().await;
    let trickle = async {
        loop {
            if trickling.stream.write_all(b"x").await.is_err() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, trickle).await.expect("it is cut");
    assert_eq!((silent.closes().await, half.closes().await), (String::new(), String::new()));
}

#[tokio::test]
async fn signed_connections_idle_longer() {
    let limits =
        ConnectionLimits { headers: Duration::from_secs(5), idle: Duration::from_millis(300), ..LIMITS };
    let door = Door::with(limits).await;
    let (mut slack, mut stranger) = (door.connects().await, door.connects().await);
    slack.sends(signed("one")).await;
    assert_eq!(slack.status().await, 200);
    stranger.sends(head("Content-Length: 0\r\n")).await;
    assert_eq!(stranger.status().await, 401);
    stranger.closes().await;
    slack.sends(signed("two")).await;
    assert_eq!(slack.status().await, 200);
    slack.sends(head("Content-Length: 0\r\n")).await;
    assert_eq!(slack.status().await, 401);
    slack.closes().await;
}

#[tokio::test]
async fn strangers_never_displace_slack() {
    let door = Door::with(ConnectionLimits { connections: 4, ..LIMITS }).await;
    let mut slack = door.connects().await;
    slack.sends(signed("one")).await;
    assert_eq!(slack.status().await, 200);
    let mut strangers = Vec::new();
    for n in 0..12 {
        let mut stranger = door.connects().await;
        // Some are silent, some half a request, some have headers in Slack's form.
        match n % 3 {
            0 => {}
            1 => stranger.sends("POST /slack/ev").await,
            _ => stranger.sends(head(&format!("{}Content-Length: 9\r\n", false_signature()))).await,
        }
        strangers.push(stranger);
    }
    let newest = strangers.split_off(9);
    for stranger in strangers {
        assert_eq!(stranger.closes().await, "");
    }
    assert!(newest.iter().all(|stranger| !stranger.is_closed()));
    slack.sends(signed("two")).await;
    assert_eq!(slack.status().await, 200);
    let mut another = door.connects().await;
    another.sends(signed("three")).await;
    assert_eq!(another.status().await, 200);
    assert_eq!(door.taken(), ["one", "two", "three"]);
}

#[tokio::test]
async fn a_full_listener_refuses_newcomers() {
    let door = Door::with(ConnectionLimits { connections: 2, ..LIMITS }).await;
    let mut both = [door.connects().await, door.connects().await];
    for wire in &mut both {
        wire.sends(signed("wait")).await;
    }
    while door.taken().len() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!(door.connects().await.closes().await, "");
    for wire in &mut both {
        door.go_on.notify_one();
        assert_eq!(wire.status().await, 200);
    }
}

#[tokio::test]
async fn http_2_is_not_spoken() {
    let door = Door::with(LIMITS).await;
    let mut knowing = door.connects().await;
    // The preface, and an empty SETTINGS frame.
    knowing.sends(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    let said = knowing.closes().await;
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 4"), "{said:?}");
    let mut upgrading = door.connects().await;
    let upgrade =
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    upgrading.sends(head(&format!("{upgrade}Content-Length: 0\r\n"))).await;
    assert_eq!(upgrading.status().await, 401, "it is a request like any other");
    upgrading.sends(signed("one")).await;
    assert_eq!(upgrading.status().await, 200, "and goes on in HTTP/1");
}

#[tokio::test]
async fn http_1_0_is_closed() {
    let door = Door::with(LIMITS).await;
    let mut old = door.connects().await;
    old.sends(signed("one").replace("HTTP/1.1", "HTTP/1.0")).await;
    assert!(old.closes().await.starts_with("HTTP/1.0 200"));
}

#[tokio::test]
async fn oversized_headers_are_refused() {
    let door = Door::with(LIMITS).await;
    let many = "A: b\r\n".repeat(101);
    let long = format!("A: {}\r\n", "b".repeat(64 * 1024));
    let endless = "A: b\r\n".repeat(20_000);
    for lines in [&many, &long, &endless] {
        let mut wire = door.connects().await;
        // The answer may come, and the connection end, before all is sent.
        wire.stream.write_all(head(lines).as_bytes()).await.ok();
        let said = wire.closes().await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{said:?}");
    }
    let mut wire = door.connects().await;
    wire.sends(head(&many)).await;
    assert_eq!(wire.status().await, 431);
    let body = form("one");
    let mut wire = door.connects().await;
    let lines = "A: b\r\n".repeat(90);
    wire.sends(head(&format!("{}{lines}Content-Length: {}\r\n", signature_of(&body), body.len())) + &body)
        .await;
    assert_eq!(wire.status().await, 200);
}

#[tokio::test]
async fn pipelined_requests_keep_their_order() {
    let door = Door::with(LIMITS).await;
    let mut wire = door.connects().await;
    wire.sends([signed("one"), head("Content-Length: 0\r\n"), signed("two"), signed("three")].concat()).await;
    let mut said = Vec::new();
    for _ in 0..4 {
        said.push(wire.status().await);
    }
    assert_eq!(said, [200, 401, 200, 200]);
    assert_eq!(door.taken(), ["one", "two", "three"]);
}

#[tokio::test]
async fn two_lengths_are_refused() {
    let door = Door::with(LIMITS).await;
    let (inner, smuggled) = (form("outer"), signed("smuggled"));
    let chunked = format!("{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len());
    let (length, coding) =
        (format!("Content-Length: {}\r\n", chunked.len() + smuggled.len()), "Transfer-Encoding: chunked\r\n");
    let signature = signature_of(&inner);
    for lines in [format!("{signature}{length}{coding}"), format!("{signature}{coding}{length}")] {
        let mut wire = door.connects().await;
        wire.sends(head(&lines) + &chunked + &smuggled).await;
        let said = wire.closes().await;
        assert_eq!(said.matches("HTTP/1.1").count(), 1, "one answer, and the connection ends: {said}");
    }
    let refused = [
        format!("{length}Content-Length: 7\r\n"),
        "Transfer-Encoding: chunked, identity\r\n".to_owned(),
        "Content-Length: -1\r\n".to_owned(),
        "Content-Length: 1e1\r\n".to_owned(),
        "Transfer-Encoding : chunked\r\n".to_owned(),
    ];
    for lines in refused {
        let mut wire = door.connects().await;
        wire.sends(head(&format!("{signature}{lines}")) + &chunked + &smuggled).await;
        let said = wire.closes().await;
        assert!(said.starts_with("HTTP/1.1 400") && said.matches("HTTP/1.1").count() == 1, "{lines}: {said}");
    }
    assert!(!door.taken().contains(&"smuggled".to_owned()));
    let mut wire = door.connects().await;
    wire.sends(head(&format!("{signature}{coding}")) + &chunked).await;
    assert_eq!(wire.status().await, 200, "a chunked body alone is fine");
}

#[tokio::test]
async fn a_refusal_keeps_the_connection() {
    let door = Door::with(LIMITS).await;
    let mut wire = door.connects().await;
    wire.sends(head("Content-Length: 5\r\n")).await;
    assert_eq!(wire.status().await, 401, "before the body");
    wire.sends("hello").await;
    wire.sends(head(&format!("{}Content-Length: 5\r\n", false_signature())) + "hello").await;
    assert_eq!(wire.status().await, 401);
    wire.sends(signed("one")).await;
    assert_eq!(wire.status().await, 200);
}

#[tokio::test]
async fn foreign_bodies_are_not_awaited() {
    let door = Door::with(LIMITS).await;
    let (time, good) = (now(), format!("X-Slack-Signature: v0={}\r\n", "0".repeat(64)));
    let stamp = |time: i64| format!("X-Slack-Request-Timestamp: {time}\r\n");
    let unsigned = [
        String::new(),
        stamp(time),
        good.clone(),
        stamp(time - 400) + &good,
        stamp(time + 400) + &good,
        format!("{}X-Slack-Signature: v0=00\r\n", stamp(time)),
        format!("{}X-Slack-Signature: \u{e9}\r\n", stamp(time)),
        stamp(time) + &good + &good,
        stamp(time) + &stamp(time) + &good,
        stamp(i64::MAX) + &good,
    ];
    for lines in unsigned {
        let mut wire = door.connects().await;
        wire.sends(head(&format!("{lines}Content-Length: 1000\r\n"))).await;
        assert_eq!(wire.status().await, 401, "{lines}");
    }
    for length in ["1048577", "99999999999999"] {
        let mut wire = door.connects().await;
        wire.sends(head(&format!("{}{good}Content-Length: {length}\r\n", stamp(time)))).await;
        assert_eq!(wire.status().await, 413, "{length}");
    }
}

#[tokio::test]
async fn expect_continue_is_answered() {
    let door = Door::with(LIMITS).await;
    let mut stranger = door.connects().await;
    stranger.sends(head("Content-Length: 5\r\nExpect: 100-continue\r\n")).await;
    let said = stranger.closes().await;
    assert!(said.starts_with("HTTP/1.1 401") && !said.contains("100 Continue"), "{said}");
    let body = form("one");
    let mut slack = door.connects().await;
    let lines = format!("{}Content-Length: {}\r\nExpect: 100-continue\r\n", signature_of(&body), body.len());
    slack.sends(head(&lines)).await;
    assert_eq!(slack.status().await, 100);
    slack.sends(&body).await;
    assert_eq!(slack.status().await, 200);
}

#[tokio::test]
async fn stalled_bodies_share_a_budget() {
    const MIB: usize = 1 << 20;
    let door = Door::with(LIMITS).await;
    let mut stalled = Vec::new();
    let most = vec![b'+'; MIB - 1];
    for _ in 0..24 {
        let mut wire = door.connects().await;
        wire.sends(head(&format!("{}Content-Length: {MIB}\r\n", false_signature()))).await;
        // The oldest may be refused, and closed, while it sends.
        timeout(SOON, wire.stream.write_all(&most)).await.expect("it is read").ok();
        stalled.push(wire);
        let mut slack = door.connects().await;
        slack.sends(signed("one")).await;
        assert_eq!(slack.status().await, 200);
    }
    let said = stalled.remove(0).closes().await;
    // A reset may have overtaken the answer.
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 503"), "{said}");
    assert!(said.is_empty() || said.contains("retry-after: 5"), "{said}");
    let open = || stalled.iter().filter(|wire| !wire.is_closed()).count();
    assert!((14..=17).contains(&open()), "{}", open());
    assert_eq!(door.taken().len(), 24);
}

#[tokio::test]
async fn a_shutdown_finishes_open_requests() {
    let door = Door::with(LIMITS).await;
    let (mut idle, silent) = (door.connects().await, door.connects().await);
    idle.sends(signed("one")).await;
    assert_eq!(idle.status().await, 200);
    let mut half = door.connects().await;
    half.sends("POST /sla").await;
    let mut stalled = door.connects().await;
    stalled.sends(head(&format!("{}Content-Length: 9\r\n", false_signature()))).await;
    let mut in_hand = door.connects().await;
    in_hand.sends(signed("wait")).await;
    while door.taken().len() < 2 {
        tokio::task::yield_now().await;
    }
    let began = Instant::now();
    door.stop.send_replace(true);
    for wire in [idle, silent, half, stalled] {
        wire.closes().await;
    }
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert!(TcpStream::connect(&door.address).await.is_err(), "nothing listens any more");
    assert!(!door.serving.is_finished());
    door.go_on.notify_one();
    assert!(in_hand.answer().await.starts_with("HTTP/1.1 200"));
    timeout(SOON, door.serving).await.expect("it ends").unwrap();
}
