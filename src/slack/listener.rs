//! Accepts HTTP connections and serves them: HTTP/1 only, limited in number, size and time.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1, service::Service as _};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::{Instant, MissedTickBehavior},
};

pub use super::connections::{Connection, ConnectionLimits};
use super::connections::{ConnectionSlot, Connections, Received};

/// How many bytes of a connection are held at once, which also limits a request's headers. Slack's are about 1 KB.
const BUFFER: usize = 16 * 1024;

/// How often connections are checked for their time limits within the time for headers.
const SWEEPS: u32 = 10;

/// How long a shutdown waits for a connection that is not answering a trusted request.
const GRACE: Duration = Duration::from_secs(1);

/// How long to wait after the process had no file descriptor left for a connection.
const BREATHER: Duration = Duration::from_millis(100);

/// How often at most the log repeats that there is no room.
const LOG_EVERY: Duration = Duration::from_mins(1);

/// Serves the routes at an address until the shutdown: idle connections are closed then, and requests in progress are
/// finished. `name` is the listener's in the metrics. Each request carries its [`Connection`] as an extension.
pub async fn serve(
    name: &'static str,
    listener: TcpListener,
    routes: Router,
    limits: ConnectionLimits,
    mut shutdown: watch::Receiver<bool>,
) {
    let connections = Connections::new(name, limits);
    let mut serving = JoinSet::new();
    let mut sweep = tokio::time::interval(limits.headers / SWEEPS);
    sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut log = RefusalLog::new(name);
    loop {
        tokio::select! {
            () = stopped(&mut shutdown) => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let received = connections.receive().await;
                    log.received(&received, limits.connections);
                    if let Received::Freely(place) | Received::InPlaceOfAnother(place) = received {
                        serving.spawn(serve_one(stream, place, routes.clone(), shutdown.clone()));
                    }
                }
                Err(error) if is_of_the_connection(&error) => {}
                Err(error) => {
                    // Accepting again at once would fail again, and keep a core busy.
                    log.not_accepted(&error);
                    connections.close_one("no_file");
                    tokio::time::sleep(BREATHER).await;
                }
            },
            Some(_) = serving.join_next() => {}
            _ = sweep.tick(), if !serving.is_empty() => connections.close_overdue(Instant::now()),
        }
    }
    // From here on the kernel refuses new connections.
    drop(listener);
    while serving.join_next().await.is_some() {}
}

async fn serve_one(
    stream: TcpStream,
    place: ConnectionSlot,
    routes: Router,
    mut shutdown: watch::Receiver<bool>,
) {
    // It only makes small answers faster.
    let _ = stream.set_nodelay(true);
    let connection = &place.connection;
    let routes = TowerToHyperService::new(routes);
    let service = hyper::service::service_fn(|request: Request<Incoming>| {
        connection.begin_request(Instant::now());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Arc::clone(connection));
        let answering = routes.call(request);
        async move {
            let answer = answering.await;
            connection.end_request(Instant::now());
            answer
        }
    });
    let io = TokioIo::new(MeteredStream { stream, connection });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        // It would count from the last answer on, and so close connections that a proxy keeps; `Connections` counts
        // from a request's first byte.
        .header_read_timeout(None)
        .max_buf_size(BUFFER)
        .serve_connection(io, service);
    tokio::pin!(serving);
    tokio::select! {
        // How a connection ends is up to its client.
        _ = serving.as_mut() => return,
        () = connection.told_to_close() => return,
        () = stopped(&mut shutdown) => serving.as_mut().graceful_shutdown(),
    }
    tokio::select! {
        _ = serving => {}
        () = connection.told_to_close() => {}
        () = not_worth_waiting_for(connection) => {}
    }
}

/// Returns, some time after a shutdown began, when no trusted request is being answered.
async fn not_worth_waiting_for(connection: &Connection) {
    tokio::time::sleep(GRACE).await;
    while connection.answers_a_trusted_request() {
        tokio::time::sleep(GRACE / 10).await;
    }
}

/// A stream that tells its connection when bytes arrive.
struct MeteredStream<'c> {
    stream: TcpStream,
    connection: &'c Connection,
}

impl AsyncRead for MeteredStream<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.connection.note_bytes(Instant::now());
        }
        read
    }
}

impl AsyncWrite for MeteredStream<'_> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Whether an accept error concerns only the connection that was to be accepted.
fn is_of_the_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    // A dropped sender means a shutdown, too.
    shutdown.wait_for(|stop| *stop).await.ok();
}

/// Logs that there is no room, with a limited rate.
struct RefusalLog {
    listener: &'static str,
    full: Option<Instant>,
    failed: Option<Instant>,
}

impl RefusalLog {
    fn new(listener: &'static str) -> RefusalLog {
        RefusalLog { listener, full: None, failed: None }
    }

    fn received(&mut self, received: &Received, most: usize) {
        let what = match received {
            Received::Freely(_) => return,
            Received::InPlaceOfAnother(_) => {
                "each new one closes the oldest that has shown no valid signature"
            }
            Received::Not => "a new one was turned away, since all are answering signed requests",
        };
        if is_time(&mut self.full) {
            tracing::warn!(listener = self.listener, most, "all HTTP connections are taken: {what}");
        }
    }

    fn not_accepted(&mut self, error: &io::Error) {
        if is_time(&mut self.failed) {
            tracing::warn!(
                listener = self.listener, %error,
                "an HTTP connection could not be accepted; the oldest without a valid signature makes room"
            );
        }
    }
}

/// Whether the last time is long enough ago; then it becomes now.
pub(super) fn is_time(last: &mut Option<Instant>) -> bool {
    let now = Instant::now();
    let is_time = last.is_none_or(|last| now.duration_since(last) >= LOG_EVERY);
    if is_time {
        *last = Some(now);
    }
    is_time
}
