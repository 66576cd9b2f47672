//! The Socket Mode listener: several connections, each replaced by its successor before it ends.

mod link;
#[cfg(test)]
mod tests;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::watch,
    task::{JoinError, JoinSet},
    time::Instant,
};

use self::link::{ConnectError, Notice, SocketConnection};
use super::{client::Slack, door::Handler};
use crate::model::{backoff::Backoff, entropy::Entropy, refusal::is_bad_token};

/// How many connections are held: while one is down or being replaced, the other works.
const CONNECTIONS: usize = 2;

/// The pauses between two attempts to connect.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(2), Duration::from_mins(1));

/// After a connection that lived this long, the pauses start with the first again.
const GOOD_LIFE: Duration = Duration::from_secs(10);

/// Whether Slack's error means that waiting will not help: the app-level token or its scope is wrong.
fn is_about_app_token(error: &str) -> bool {
    is_bad_token(error) || matches!(error, "missing_scope" | "no_app_token" | "no_permission")
}

/// The Socket Mode listener.
#[derive(Clone)]
pub struct SocketDoor {
    /// Gives the addresses of new connections.
    pub slack: Slack,
    pub handle: Handler,
    /// Spreads the attempts to connect.
    pub entropy: Entropy,
    /// How many connections are held.
    pub connections: usize,
    health: SocketHealth,
}

/// Shows how many connections are open. Cheap to clone.
#[derive(Clone, Default)]
pub struct SocketHealth {
    open: Arc<AtomicUsize>,
}

impl SocketHealth {
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Counts a connection until the result is dropped.
    fn count(&self) -> Counted {
        self.open.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("rondo_socket_connections").increment(1.0);
        Counted { open: self.open.clone() }
    }
}

/// One open connection in the count.
struct Counted {
    open: Arc<AtomicUsize>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("rondo_socket_connections").decrement(1.0);
    }
}

impl SocketDoor {
    /// Returns a listener that holds two connections once it runs.
    pub fn new(slack: Slack, handle: Handler, entropy: Entropy) -> SocketDoor {
        SocketDoor { slack, handle, entropy, connections: CONNECTIONS, health: SocketHealth::default() }
    }

    /// Returns a view of how many connections are open, also while the listener runs.
    pub fn health(&self) -> SocketHealth {
        self.health.clone()
    }

    /// Holds the connections until `shutdown` is true, then stops reading, finishes what is in progress and closes.
    ///
    /// # Panics
    ///
    /// When one of its connections panicked, so that the supervisor restarts it.
    pub async fn run(self, shutdown: watch::Receiver<bool>) {
        let connections = self.connections;
        let door = Arc::new(Door {
            slack: self.slack,
            handle: self.handle,
            entropy: self.entropy,
            health: self.health,
            is_refused: AtomicBool::new(false),
        });
        let mut slots = JoinSet::new();
        for _ in 0..connections {
            slots.spawn(Slot::new(door.clone(), shutdown.clone()).run());
        }
        while let Some(ended) = slots.join_next().await {
            if let Err(panic) = ended.map_err(JoinError::try_into_panic)
                && let Ok(panic) = panic
            {
                std::panic::resume_unwind(panic);
            }
        }
    }
}

/// What all connections share.
struct Door {
    slack: Slack,
    handle: Handler,
    entropy: Entropy,
    health: SocketHealth,
    /// Whether the operator has been told already that the token is wrong, or that Socket Mode is switched off.
    is_refused: AtomicBool,
}

/// A slot for a connection; successors take it over.
struct Slot {
    door: Arc<Door>,
    shutdown: watch::Receiver<bool>,
    /// How many attempts in a row failed.
    attempts: u32,
    /// The connections of this slot that have not ended yet: one, or two while one replaces the other.
    links: JoinSet<()>,
}

impl Slot {
    fn new(door: Arc<Door>, shutdown: watch::Receiver<bool>) -> Slot {
        Slot { door, shutdown, attempts: 0, links: JoinSet::new() }
    }

    async fn run(mut self) {
        self.hold().await;
        // Each of them ends by itself within the time for finishing what is in progress.
        while self.links.join_next().await.is_some() {}
    }

    /// Keeps a connection open until the shutdown.
    async fn hold(&mut self) {
        // The connection that is being replaced works until its successor is open, and retires when dropped.
        let mut predecessor: Option<SocketConnection> = None;
        loop {
            let opened = tokio::select! {
                () = stopped(&mut self.shutdown) => return,
                opened = link::open(&self.door.slack) => opened,
            };
            let pause = match opened {
                Ok(socket) => {
                    self.door.is_refused.store(false, Ordering::Relaxed);
                    while self.links.try_join_next().is_some() {}
                    let link =
                        SocketConnection::start(socket, &self.door, self.shutdown.clone(), &mut self.links);
                    drop(predecessor.take());
                    self.watch_over(link, &mut predecessor).await
                }
                Err(problem) => self.pause_after(&problem),
            };
            tokio::select! {
                () = stopped(&mut self.shutdown) => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Waits until a connection needs a successor, and returns how long to wait before opening it. A connection that
    /// still works in the meantime becomes the predecessor.
    async fn watch_over(
        &mut self,
        mut link: SocketConnection,
        predecessor: &mut Option<SocketConnection>,
    ) -> Duration {
        let since = Instant::now();
        let notice = tokio::select! {
            // The connection sees the shutdown, too, and its notice then needs no successor.
            biased;
            () = stopped(&mut self.shutdown) => return Duration::ZERO,
            notice = link.notice() => notice,
        };
        let was_good = since.elapsed() >= GOOD_LIFE;
        if was_good {
            self.attempts = 0;
        }
        match notice {
            Notice::Refresh => {
                *predecessor = Some(link);
                // A connection that asks to be replaced as soon as it is open must not cause a tight loop.
                if was_good { Duration::ZERO } else { self.pause() }
            }
            Notice::Broken(cause) => {
                tracing::info!(cause, "a Socket Mode connection ended; opening another");
                self.pause()
            }
            Notice::Disabled => self.pause_after(&ConnectError::Disabled),
        }
    }

    /// Logs an error, and returns how long to wait before the next attempt.
    fn pause_after(&mut self, problem: &ConnectError) -> Duration {
        match problem {
            ConnectError::Disabled => {
                if !self.door.is_refused.swap(true, Ordering::Relaxed) {
                    tracing::error!(
                        "Slack has switched Socket Mode off for this app (link_disabled): switch it on again on the \
                         app's page, or use the HTTP door"
                    );
                }
                BACKOFF.longest()
            }
            ConnectError::Call(error) if is_about_app_token(error.code()) => {
                if !self.door.is_refused.swap(true, Ordering::Relaxed) {
                    tracing::error!(
                        "Slack does not accept SLACK_APP_TOKEN ({}): it must be an app-level token (xapp-…) of this \
                         app with the scope connections:write",
                        error.code(),
                    );
                }
                BACKOFF.longest()
            }
            ConnectError::Call(error) => {
                tracing::warn!(%error, "a Socket Mode connection could not be opened");
                let asked_for = match error {
                    super::CallError::RateLimited { retry_after, .. } => *retry_after,
                    _ => Duration::ZERO,
                };
                self.pause().max(asked_for)
            }
            ConnectError::Handshake(cause) => {
                tracing::warn!(cause, "a Socket Mode connection could not be opened");
                self.pause()
            }
        }
    }

    /// Returns the next pause, spread so that many replicas which lost Slack together do not return together.
    fn pause(&mut self) -> Duration {
        let pause = BACKOFF.spread(self.attempts, self.door.entropy.jitter());
        self.attempts = self.attempts.saturating_add(1);
        pause
    }
}

/// Waits for the shutdown; a dropped sender counts as one.
async fn stopped(shutdown: &mut watch::Receiver<bool>) {
    shutdown.wait_for(|stop| *stop).await.ok();
}
