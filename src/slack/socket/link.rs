//! One Socket Mode connection: each envelope is acknowledged once what it caused is committed.

use std::{ops::ControlFlow, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    net::TcpStream,
    sync::{oneshot, watch},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{self, Message, protocol::WebSocketConfig},
};

use super::{Door, stopped};
use crate::{
    model::event::Delivery,
    slack::{
        client::{CallError, Slack},
        door::{Handled, count, hand_over},
        payload::{Incoming, from_envelope},
        replies::{Acknowledgement, acknowledgement},
    },
};

/// The listener's name in the metrics.
const DOOR: &str = "socket";

/// How long connecting may take, from the first packet to Slack's hello.
const HANDSHAKE: Duration = Duration::from_secs(30);

/// How large a message may be, in bytes.
const MESSAGE_LIMIT: usize = 4 << 20;

/// How many envelopes may be in progress before no more are read.
const MOST_IN_PROGRESS: usize = 128;

/// After the first silence a ping is sent, and after the second the connection counts as dead.
const ASK_AFTER: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_mins(1);

/// For how long a connection with a successor still reads, and then for how long it finishes what is in progress.
const LINGER: Duration = Duration::from_secs(5);
const FINISH: Duration = Duration::from_secs(5);

/// How long finishing may take in a shutdown, when nothing more is read.
const FINISH_AT_SHUTDOWN: Duration = Duration::from_secs(10);

/// How long the network may take for one message of ours.
const SENDING: Duration = Duration::from_secs(10);

/// A connection that is open and greeted.
pub(super) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Why a connection could not be opened.
#[derive(Debug)]
pub(super) enum ConnectError {
    /// Slack gave no address.
    Call(CallError),
    /// The address did not lead to a hello.
    Handshake(String),
    /// Socket Mode is switched off.
    Disabled,
}

/// Why a connection needs a successor.
#[derive(Debug)]
pub(super) enum Notice {
    /// Slack will close it soon.
    Refresh,
    /// It has failed.
    Broken(String),
    /// Socket Mode is switched off.
    Disabled,
}

/// What Slack sends.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(rename = "envelope_id")]
    id: Option<String>,
    reason: Option<String>,
    accepts_response_payload: Option<bool>,
    #[serde(default)]
    payload: Value,
}

/// The part of an envelope that its acknowledgement needs.
#[derive(Deserialize)]
struct Named {
    #[serde(rename = "envelope_id")]
    id: String,
}

/// Asks Slack for an address, connects and waits for the hello.
pub(super) async fn open(slack: &Slack) -> Result<Socket, ConnectError> {
    let address = slack.open_socket().await.map_err(ConnectError::Call)?;
    let greeted = async {
        let config = WebSocketConfig::default()
            .max_message_size(Some(MESSAGE_LIMIT))
            .max_frame_size(Some(MESSAGE_LIMIT));
        let connected = connect_async_with_config(address, Some(config), true).await;
        let (mut socket, _) = connected.map_err(|error| ConnectError::Handshake(cause(&error)))?;
        hello(&mut socket).await?;
        Ok(socket)
    };
    timeout(HANDSHAKE, greeted).await.unwrap_or_else(|_| {
        Err(ConnectError::Handshake(format!("no hello within {} s", HANDSHAKE.as_secs())))
    })
}

/// Waits for the hello, before which Slack sends nothing else.
async fn hello(socket: &mut Socket) -> Result<(), ConnectError> {
    loop {
        let frame = socket.next().await.unwrap_or(Err(tungstenite::Error::ConnectionClosed));
        let Message::Text(text) = frame.map_err(|error| ConnectError::Handshake(cause(&error)))? else {
            continue;
        };
        match serde_json::from_str::<Envelope>(&text) {
            Ok(envelope) if envelope.kind == "hello" => return Ok(()),
            Ok(envelope) if envelope.kind == "disconnect" => {
                return Err(match envelope.reason.as_deref() {
                    Some("link_disabled") => ConnectError::Disabled,
                    reason => ConnectError::Handshake(farewell(reason)),
                });
            }
            _ => {}
        }
    }
}

/// A working connection. When it is dropped, the connection retires: it reads for a moment, finishes what is in
/// progress and closes.
pub(super) struct SocketConnection {
    notice: oneshot::Receiver<Notice>,
    _retires_when_dropped: oneshot::Sender<()>,
}

impl SocketConnection {
    /// Starts a connection's task among `links`.
    pub(super) fn start(
        socket: Socket,
        door: &Arc<Door>,
        shutdown: watch::Receiver<bool>,
        links: &mut JoinSet<()>,
    ) -> SocketConnection {
        let (notify, notice) = oneshot::channel();
        let (alive, retired) = oneshot::channel();
        let work = ConnectionTask {
            socket,
            door: door.clone(),
            notify: Some(notify),
            in_progress: JoinSet::new(),
            received_at: Instant::now(),
            is_pinged: false,
        };
        links.spawn(work.run(retired, shutdown));
        SocketConnection { notice, _retires_when_dropped: alive }
    }

    /// Waits until the connection needs a successor.
    pub(super) async fn notice(&mut self) -> Notice {
        // The sender is dropped without a notice only when its task panicked.
        (&mut self.notice).await.unwrap_or_else(|_| Notice::Broken("it stopped working".to_owned()))
    }
}

/// The acknowledgement of an envelope, once it is known: none if Slack should send it again.
type Receipt = Option<String>;

/// The connection's own task.
struct ConnectionTask {
    socket: Socket,
    door: Arc<Door>,
    notify: Option<oneshot::Sender<Notice>>,
    in_progress: JoinSet<Receipt>,
    received_at: Instant,
    is_pinged: bool,
}

/// How much time is left for what is in progress, when nothing more is read; `None` if the connection is dead.
type Rest = Option<Duration>;

impl ConnectionTask {
    async fn run(mut self, retired: oneshot::Receiver<()>, shutdown: watch::Receiver<bool>) {
        let open = self.door.health.count();
        let rest = self.serve(retired, shutdown).await;
        drop(open);
        if let Some(rest) = rest {
            timeout(rest, self.finish()).await.ok();
            timeout(SENDING, self.socket.close(None)).await.ok();
        }
    }

    /// Reads until there is a reason to stop.
    async fn serve(
        &mut self,
        mut retired: oneshot::Receiver<()>,
        mut shutdown: watch::Receiver<bool>,
    ) -> Rest {
        let mut until: Option<Instant> = None;
        loop {
            let patience = self.received_at + if self.is_pinged { SILENCE } else { ASK_AFTER };
            let last = until.unwrap_or(patience);
            let has_room = self.in_progress.len() < MOST_IN_PROGRESS;
            let step = tokio::select! {
                () = stopped(&mut shutdown) => return Some(FINISH_AT_SHUTDOWN),
                _ = &mut retired, if until.is_none() => {
                    until = Some(Instant::now() + LINGER);
                    ControlFlow::Continue(())
                }
                () = sleep_until(last), if until.is_some() => return Some(FINISH),
                () = sleep_until(patience), if has_room => self.ping().await,
                Some(answer) = self.in_progress.join_next() => self.send_answer(answer.ok().flatten()).await,
                frame = self.socket.next(), if has_room => self.take(frame),
            };
            match step {
                ControlFlow::Continue(()) => {}
                ControlFlow::Break(rest) => return rest,
            }
        }
    }

    /// Answers what is in progress.
    async fn finish(&mut self) {
        while let Some(answer) = self.in_progress.join_next().await {
            if self.send_answer(answer.ok().flatten()).await.is_break() {
                return;
            }
        }
    }

    fn notify(&mut self, notice: Notice) {
        if let Some(notify) = self.notify.take() {
            // A slot that is being shut down has stopped listening.
            notify.send(notice).ok();
        }
    }

    /// The connection is dead: nothing can be answered on it.
    fn broken(&mut self, cause: String) -> ControlFlow<Rest> {
        self.notify(Notice::Broken(cause));
        ControlFlow::Break(None)
    }

    /// Sends a ping, or gives up if the last one was not answered.
    async fn ping(&mut self) -> ControlFlow<Rest> {
        if self.is_pinged {
            return self.broken(format!("nothing came for {} s", SILENCE.as_secs()));
        }
        self.is_pinged = true;
        self.send(Message::Ping(Vec::new().into())).await
    }

    async fn send(&mut self, message: Message) -> ControlFlow<Rest> {
        match timeout(SENDING, self.socket.send(message)).await {
            Ok(Ok(())) => ControlFlow::Continue(()),
            Ok(Err(error)) => self.broken(cause(&error)),
            Err(_) => self.broken(format!("sending took longer than {} s", SENDING.as_secs())),
        }
    }

    async fn send_answer(&mut self, answer: Receipt) -> ControlFlow<Rest> {
        // At the limit of envelopes nothing is read, so nothing can arrive, which is no silence.
        self.received_at = Instant::now();
        match answer {
            Some(answer) => self.send(Message::text(answer)).await,
            None => ControlFlow::Continue(()),
        }
    }

    /// Reads one frame. (The library answers pings.)
    fn take(&mut self, frame: Option<Result<Message, tungstenite::Error>>) -> ControlFlow<Rest> {
        self.received_at = Instant::now();
        self.is_pinged = false;
        match frame {
            Some(Ok(Message::Text(text))) => self.take_text(&text),
            Some(Ok(Message::Close(_))) | None => self.broken("Slack closed it".to_owned()),
            Some(Ok(_)) => ControlFlow::Continue(()),
            Some(Err(error)) => self.broken(cause(&error)),
        }
    }

    fn take_text(&mut self, text: &str) -> ControlFlow<Rest> {
        if let Ok(envelope) = serde_json::from_str(text) {
            return self.open_envelope(envelope);
        }
        count(DOOR, "unknown", "unreadable");
        // Slack should not send it again and again. Without its id it cannot be acknowledged.
        if let Ok(Named { id }) = serde_json::from_str(text) {
            self.in_progress.spawn(std::future::ready(Some(receipt(&id, None))));
        }
        ControlFlow::Continue(())
    }

    fn open_envelope(&mut self, envelope: Envelope) -> ControlFlow<Rest> {
        match (envelope.kind.as_str(), envelope.id) {
            ("disconnect", _) => match envelope.reason.as_deref() {
                Some("warning" | "refresh_requested") => self.notify(Notice::Refresh),
                Some("link_disabled") => {
                    self.notify(Notice::Disabled);
                    return ControlFlow::Break(Some(FINISH));
                }
                reason => {
                    self.notify(Notice::Broken(farewell(reason)));
                    return ControlFlow::Break(Some(FINISH));
                }
            },
            (_, None) => {}
            (kind, Some(id)) => {
                let incoming = from_envelope(kind, &envelope.payload);
                self.begin(id, incoming, envelope.accepts_response_payload.unwrap_or_default());
            }
        }
        ControlFlow::Continue(())
    }

    fn begin(&mut self, id: String, incoming: Incoming, takes_payload: bool) {
        let since = Instant::now();
        match incoming {
            Incoming::Deliver(delivery) => {
                let door = self.door.clone();
                self.in_progress
                    .spawn(async move { deliver(&door, id, *delivery, takes_payload, since).await });
            }
            other => {
                if let Incoming::Unusable(why) = other {
                    count(DOOR, "unusable", why);
                }
                self.in_progress.spawn(std::future::ready(Some(receipt(&id, None))));
            }
        }
    }
}

/// Handles a delivery, and returns its acknowledgement.
async fn deliver(
    door: &Door,
    id: String,
    delivery: Delivery,
    takes_payload: bool,
    since: Instant,
) -> Receipt {
    match hand_over(DOOR, &door.handle, delivery, since).await {
        Handled::Reply(reply) => Some(receipt(&id, acknowledgement(&reply).filter(|_| takes_payload))),
        Handled::Busy => None,
    }
}

/// Builds the acknowledgement of an envelope.
fn receipt(id: &str, payload: Option<Acknowledgement<'_>>) -> String {
    let mut receipt = json!({ "envelope_id": id });
    if let Some(payload) = payload {
        receipt["payload"] = json!(payload);
    }
    receipt.to_string()
}

/// Returns Slack's reason for ending a connection.
fn farewell(reason: Option<&str>) -> String {
    format!("Slack says {}", reason.unwrap_or("disconnect"))
}

/// Describes an error of a connection without its secret address.
fn cause(error: &tungstenite::Error) -> String {
    match error {
        tungstenite::Error::Url(_) => "Slack gave an address that cannot be used".to_owned(),
        other => other.to_string(),
    }
}
