//! A proxy in front of PostgreSQL that fails at a chosen moment, as firewalls and networks do.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::{TcpListener, UnixStream},
};

use crate::support::postgres::OwnServer;

/// Forwards everything.
pub(super) const PASSES: u8 = 0;
/// Drops all bytes from now on, in all connections and both directions.
pub(super) const IS_SILENT: u8 = 1;
/// Stops forwarding after the next `COMMIT`.
pub(super) const LOSES_A_COMMIT: u8 = 2;
/// Stops forwarding before the next `COMMIT`, so that the server waits for more of the transaction.
pub(super) const STOPS_BEFORE_A_COMMIT: u8 = 3;
/// Drops the answer to the next `COMMIT`; that connection stays open, and the others work.
pub(super) const LOSES_AN_ANSWER: u8 = 4;
/// Drops the answer to the next `COMMIT` and closes that connection.
pub(super) const CUTS_AN_ANSWER: u8 = 5;
/// Closes the connection of the next `COMMIT` before that has arrived.
pub(super) const CUTS_A_COMMIT: u8 = 6;

/// Counts a client's statements on one connection: simple queries and executions.
#[derive(Default)]
struct Counting {
    /// The part of a message's head that has arrived, and how much of its body is missing.
    head: Vec<u8>,
    rest: usize,
    /// Whether messages have types, as they do after the first.
    is_typed: bool,
}

impl Counting {
    fn statements(&mut self, mut bytes: &[u8]) -> u64 {
        const ENCRYPT: u32 = 80_877_103;
        let number = |bytes: &[u8]| u32::from_be_bytes(bytes.try_into().unwrap());
        let mut statements = 0;
        while let Some((byte, more)) = bytes.split_first() {
            if self.rest > 0 {
                let passed = self.rest.min(bytes.len());
                self.rest -= passed;
                bytes = &bytes[passed..];
                continue;
            }
            self.head.push(*byte);
            bytes = more;
            if self.is_typed && self.head.len() == 5 {
                statements += u64::from(matches!(self.head[0], b'Q' | b'E'));
                self.rest = number(&self.head[1..5]) as usize - 4;
                self.head.clear();
            } else if !self.is_typed && self.head.len() == 8 {
                self.rest = number(&self.head[..4]) as usize - 8;
                self.is_typed = number(&self.head[4..]) != ENCRYPT;
                self.head.clear();
            }
        }
        statements
    }
}

/// One connection through the proxy.
struct Line {
    wire: Arc<AtomicU8>,
    statements: Arc<AtomicU64>,
    /// Whether answers are dropped.
    is_deaf: AtomicBool,
    /// Whether the next answer ends it.
    is_cut: AtomicBool,
}

/// Returns a proxy to a server, its address, and its mode.
pub(super) async fn wire_to(server: &OwnServer) -> (String, Arc<AtomicU8>) {
    let (url, wire, _) = counting_wire_to(server).await;
    (url, wire)
}

/// Does the same, with a count of the statements.
pub(super) async fn counting_wire_to(server: &OwnServer) -> (String, Arc<AtomicU8>, Arc<AtomicU64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://rondo@{}/postgres", listener.local_addr().unwrap());
    let does = Arc::new(AtomicU8::new(PASSES));
    let statements = Arc::new(AtomicU64::new(0));
    let (socket, wire, counted) = (server.socket(), does.clone(), statements.clone());
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = UnixStream::connect(&socket).await.unwrap();
            let (mut near_in, mut near_out) = near.into_split();
            let (mut far_in, mut far_out) = far.into_split();
            let line = Line {
                wire: wire.clone(),
                statements: counted.clone(),
                is_deaf: AtomicBool::default(),
                is_cut: AtomicBool::default(),
            };
            tokio::spawn(async move {
                tokio::join!(line.asks(&mut near_in, &mut far_out), line.answers(&mut far_in, &mut near_out))
            });
        }
    });
    (url, does, statements)
}

impl Line {
    /// Forwards the client's bytes.
    async fn asks(&self, from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin)) {
        let mut some = [0; 4096];
        let mut is_lost = false;
        let mut counting = Counting::default();
        while let Ok(read @ 1..) = from.read(&mut some).await {
            self.statements.fetch_add(counting.statements(&some[..read]), Ordering::Relaxed);
            let mut then = None;
            if some[..read].windows(6).any(|word| word == b"COMMIT") {
                match self.wire.load(Ordering::Relaxed) {
                    LOSES_A_COMMIT => then = Some(IS_SILENT),
                    STOPS_BEFORE_A_COMMIT => self.wire.store(IS_SILENT, Ordering::Relaxed),
                    LOSES_AN_ANSWER => {
                        self.is_deaf.store(true, Ordering::Relaxed);
                        then = Some(PASSES);
                    }
                    CUTS_AN_ANSWER => {
                        self.is_cut.store(true, Ordering::Relaxed);
                        then = Some(PASSES);
                    }
                    CUTS_A_COMMIT => {
                        self.is_cut.store(true, Ordering::Relaxed);
                        self.wire.store(PASSES, Ordering::Relaxed);
                        to.shutdown().await.unwrap();
                        return;
                    }
                    _ => {}
                }
            }
            is_lost |= self.wire.load(Ordering::Relaxed) == IS_SILENT;
            // It stops before an answer can come.
            if let Some(then) = then {
                self.wire.store(then, Ordering::Relaxed);
            }
            if !is_lost && to.write_all(&some[..read]).await.is_err() {
                return;
            }
        }
        if is_lost {
            // The other end is not told of the closing either.
            std::future::pending::<()>().await;
        }
        to.shutdown().await.ok();
    }

    /// Forwards the server's bytes.
    async fn answers(&self, from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin)) {
        let mut some = [0; 4096];
        let mut is_lost = false;
        while let Ok(read @ 1..) = from.read(&mut some).await {
            if self.is_cut.load(Ordering::Relaxed) {
                break;
            }
            is_lost |= self.wire.load(Ordering::Relaxed) == IS_SILENT || self.is_deaf.load(Ordering::Relaxed);
            if !is_lost && to.write_all(&some[..read]).await.is_err() {
                return;
            }
        }
        to.shutdown().await.ok();
    }
}
