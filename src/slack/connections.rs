//! The open HTTP connections: which one makes room for a new one, and which have passed their time limit.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

/// How many connections a listener keeps, and how long each may take.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// How many may be open at once.
    pub connections: usize,
    /// From a request's first byte, or from the connection's beginning, to the end of its headers.
    pub headers: Duration,
    /// Without a request, while none had a valid signature.
    pub idle: Duration,
    /// Without a request, after one had a valid signature: longer than proxies keep an unused connection, so that the
    /// proxy is the one that closes it. Otherwise a request could arrive at a connection that has just been closed.
    pub idle_trusted: Duration,
    /// From the end of a request's headers to its answer.
    pub request: Duration,
}

/// One connection, shared by the tasks that read from it, answer on it and close it.
pub struct Connection {
    phase: Mutex<Phase>,
    trusted: AtomicBool,
    closing: AtomicBool,
    close: Notify,
}

/// What a connection is doing, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing: the next request has not begun, or the last answer is being sent.
    Idle(Instant),
    /// The headers of a request are arriving. A new connection begins here.
    Headers(Instant),
    /// A request is being read or answered.
    Request(Instant),
}

impl Phase {
    fn since(self) -> Instant {
        match self {
            Phase::Idle(since) | Phase::Headers(since) | Phase::Request(since) => since,
        }
    }
}

impl Connection {
    fn new(now: Instant) -> Connection {
        Connection {
            phase: Mutex::new(Phase::Headers(now)),
            trusted: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            close: Notify::new(),
        }
    }

    /// Notes whether a request's signature was valid: trusted connections are the last to make room.
    pub fn trust(&self, trusted: bool) {
        self.trusted.store(trusted, Ordering::Relaxed);
    }

    /// Whether its last checked request had a valid signature.
    pub fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// Notes that bytes have arrived.
    pub(super) fn note_bytes(&self, now: Instant) {
        let mut phase = self.phase();
        if matches!(*phase, Phase::Idle(_)) {
            *phase = Phase::Headers(now);
        }
    }

    /// Notes that the headers of a request are complete.
    pub(super) fn begin_request(&self, now: Instant) {
        *self.phase() = Phase::Request(now);
    }

    /// Notes that the answer is ready to be sent.
    pub(super) fn end_request(&self, now: Instant) {
        *self.phase() = Phase::Idle(now);
    }

    /// Whether a request with a valid signature is being answered.
    pub(super) fn answers_a_trusted_request(&self) -> bool {
        self.is_trusted() && matches!(*self.phase(), Phase::Request(_))
    }

    /// Returns when the connection has to be closed at once.
    pub(super) async fn told_to_close(&self) {
        self.close.notified().await;
    }

    fn tell_to_close(&self) {
        self.closing.store(true, Ordering::Relaxed);
        self.close.notify_one();
    }

    fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Returns which time limit it has passed, if any.
    fn overdue(&self, limits: &ConnectionLimits, now: Instant) -> Option<&'static str> {
        let phase = *self.phase();
        let (limit, why) = match phase {
            Phase::Idle(_) if self.is_trusted() => (limits.idle_trusted, "idle"),
            Phase::Idle(_) => (limits.idle, "idle"),
            Phase::Headers(_) => (limits.headers, "slow_headers"),
            Phase::Request(_) => (limits.request, "slow_request"),
        };
        (now.saturating_duration_since(phase.since()) >= limit).then_some(why)
    }

    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All connections of a listener, oldest first.
pub(super) struct Connections {
    listener: &'static str,
    limits: ConnectionLimits,
    open: Mutex<OpenConnections>,
    room: Arc<Semaphore>,
}

#[derive(Default)]
struct OpenConnections {
    next: u64,
    connections: BTreeMap<u64, Arc<Connection>>,
}

/// A connection's slot; dropping it frees the slot.
pub(super) struct ConnectionSlot {
    pub connection: Arc<Connection>,
    all: Arc<Connections>,
    number: u64,
    _permit: OwnedSemaphorePermit,
}

/// How a new connection was received.
pub(super) enum Received {
    /// There was room.
    Freely(ConnectionSlot),
    /// The least needed connection was closed for it.
    InPlaceOfAnother(ConnectionSlot),
    /// All others are answering trusted requests, so there is no room.
    Not,
}

impl Connections {
    pub fn new(listener: &'static str, limits: ConnectionLimits) -> Arc<Connections> {
        let room = Arc::new(Semaphore::new(limits.connections));
        Arc::new(Connections { listener, limits, open: Mutex::default(), room })
    }

    /// Finds a slot for a new connection. If all are taken, the oldest connection without a valid signature is closed,
    /// even a busy one: clients without a signature that hold connections open only ever push each other out, while
    /// Slack needs milliseconds to show one. After those, trusted connections are closed that have waited longest for a
    /// request.
    pub async fn receive(self: &Arc<Connections>) -> Received {
        if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
            return Received::Freely(self.place(permit));
        }
        if !self.close_one("no_room") {
            self.count("turned_away");
            return Received::Not;
        }
        match Arc::clone(&self.room).acquire_owned().await {
            Ok(permit) => Received::InPlaceOfAnother(self.place(permit)),
            // Nothing closes the semaphore.
            Err(_) => Received::Not,
        }
    }

    /// Closes the least needed connection, unless all are answering trusted requests.
    pub fn close_one(&self, why: &'static str) -> bool {
        let open = self.open();
        let staying = || open.connections.values().filter(|connection| !connection.is_closing());
        let idle_since = |connection: &&Arc<Connection>| match *connection.phase() {
            Phase::Idle(since) => Some(since),
            Phase::Headers(_) | Phase::Request(_) => None,
        };
        let untrusted = staying().find(|connection| !connection.is_trusted());
        let idle = || staying().filter(|open| idle_since(open).is_some()).min_by_key(idle_since);
        let Some(connection) = untrusted.or_else(idle) else { return false };
        connection.tell_to_close();
        self.count(why);
        true
    }

    /// Closes the connections that have passed a time limit.
    pub fn close_overdue(&self, now: Instant) {
        for connection in self.open().connections.values().filter(|connection| !connection.is_closing()) {
            if let Some(why) = connection.overdue(&self.limits, now) {
                connection.tell_to_close();
                self.count(why);
            }
        }
    }

    fn place(self: &Arc<Connections>, permit: OwnedSemaphorePermit) -> ConnectionSlot {
        let connection = Arc::new(Connection::new(Instant::now()));
        let mut open = self.open();
        let number = open.next;
        open.next += 1;
        open.connections.insert(number, Arc::clone(&connection));
        drop(open);
        metrics::gauge!("rondo_http_connections", "listener" => self.listener).increment(1.0);
        ConnectionSlot { connection, all: Arc::clone(self), number, _permit: permit }
    }

    fn count(&self, why: &'static str) {
        metrics::counter!("rondo_http_connections_closed_total", "listener" => self.listener, "why" => why)
            .increment(1);
    }

    fn open(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.all.open().connections.remove(&self.number);
        metrics::gauge!("rondo_http_connections", "listener" => self.all.listener).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    fn limits(connections: usize) -> ConnectionLimits {
        ConnectionLimits {
            connections,
            headers: Duration::from_secs(10),
            idle: Duration::from_secs(10),
            idle_trusted: Duration::from_mins(3),
            request: Duration::from_mins(1),
        }
    }

    fn freely(connections: &Arc<Connections>) -> ConnectionSlot {
        match connections.receive().now_or_never() {
            Some(Received::Freely(place)) => place,
            _ => panic!("there is room"),
        }
    }

    fn is_told(place: &ConnectionSlot) -> bool {
        place.connection.is_closing()
    }

    #[tokio::test]
    async fn the_oldest_without_a_signature_makes_room() {
        let connections = Connections::new("test", limits(4));
        let places: Vec<ConnectionSlot> = (0..4).map(|_| freely(&connections)).collect();
        places[0].connection.trust(true);
        places[1].connection.begin_request(Instant::now());
        let waiting = connections.receive();
        tokio::pin!(waiting);
        assert!(waiting.as_mut().now_or_never().is_none(), "it waits until the place is free");
        assert_eq!(places.iter().map(is_told).collect::<Vec<_>>(), [false, true, false, false]);
        let mut places = places;
        drop(places.remove(1));
        assert!(matches!(waiting.await, Received::InPlaceOfAnother(_)));
    }

    #[tokio::test]
    async fn the_longest_idle_trusted_connection_makes_room() {
        let connections = Connections::new("test", limits(3));
        let now = Instant::now();
        let places: Vec<ConnectionSlot> = (0..3).map(|_| freely(&connections)).collect();
        for place in &places {
            place.connection.trust(true);
            place.connection.begin_request(now);
        }
        assert!(matches!(connections.receive().now_or_never(), Some(Received::Not)));
        places[0].connection.end_request(now + Duration::from_secs(1));
        places[2].connection.end_request(now);
        assert!(connections.close_one("test"));
        assert_eq!(places.iter().map(is_told).collect::<Vec<_>>(), [false, false, true]);
    }

    #[tokio::test]
    async fn each_phase_has_its_time() {
        let connections = Connections::new("test", limits(2));
        let place = freely(&connections);
        let (one, began) = (&place.connection, Instant::now());
        let at = |seconds| began + Duration::from_secs(seconds);
        let overdue = |seconds| one.overdue(&limits(2), at(seconds));
        assert_eq!((overdue(9), overdue(10)), (None, Some("slow_headers")));
        one.begin_request(at(5));
        assert_eq!((overdue(64), overdue(65)), (None, Some("slow_request")));
        one.end_request(at(10));
        assert_eq!((overdue(19), overdue(20)), (None, Some("idle")));
        one.trust(true);
        assert_eq!((overdue(189), overdue(190)), (None, Some("idle")));
        one.note_bytes(at(100));
        one.note_bytes(at(106));
        assert_eq!((overdue(109), overdue(110)), (None, Some("slow_headers")), "counted from the first byte");
        connections.close_overdue(at(109));
        assert!(!is_told(&place));
        connections.close_overdue(at(110));
        assert!(is_told(&place));
        one.told_to_close().await;
    }
}
