//! The listeners for Slack and operators, and the readiness that they report.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::{
    net::TcpListener,
    sync::{mpsc, watch},
    task::JoinHandle,
    time::Instant as TokioInstant,
};

use super::{App, Bot, StartError, open_files};
use crate::{
    engine::{supervisor::Loop, timekeeper},
    slack::{
        self, Handled, Handler, HttpDoor, SigningSecret, SocketDoor,
        listener::{self, ConnectionLimits},
    },
    status::{self, Metrics, Readiness, ReadinessPart},
    store::StoreError,
};

/// How many connections health, readiness and metrics may have.
const ADMIN_CONNECTIONS: usize = 32;

const SOCKET: Loop = Loop {
    name: "socket",
    part: "door",
    undone: "nothing is taken over Socket Mode",
    limit: Duration::from_secs(30),
};

/// The listeners for Slack, and the one for health and metrics.
pub struct Doors {
    /// Where Slack's requests are received; `None` without a signing secret, since nothing listens then.
    pub slack: Option<SocketAddr>,
    /// Where health, readiness and metrics are served.
    pub admin: SocketAddr,
    pub(super) metrics: Metrics,
    admitted: Arc<OnceLock<Bot>>,
    socket: Option<SocketDoor>,
    servers: Vec<JoinHandle<()>>,
}

impl Doors {
    /// Listens. Until a bot is [admitted](Doors::admit), Slack is told to try again. A fatal error that a readiness
    /// check finds is sent to `fatal`.
    pub async fn open(
        app: &App,
        fatal: mpsc::Sender<StoreError>,
        shutdown: watch::Receiver<bool>,
    ) -> Result<Doors, StartError> {
        let config = &app.config;
        let configured = config.doors()?;
        let admitted: Arc<OnceLock<Bot>> = Arc::default();
        let handle = handler(admitted.clone());
        let socket = configured
            .socket
            .map(|_| SocketDoor::new(app.slack.clone(), handle.clone(), app.entropy.clone()));
        let metrics = Metrics::install().map_err(|error| StartError::Other(error.into()))?;
        let status =
            status::routes(readiness(app, admitted.clone(), socket.as_ref(), fatal), metrics.clone());
        let (listener, admin) = listen("RONDO_ADMIN_LISTEN", config.http.admin_listen).await?;
        let limits = limits(ADMIN_CONNECTIONS);
        let mut servers =
            vec![tokio::spawn(listener::serve("admin", listener, status, limits, shutdown.clone()))];
        let mut slack = None;
        if let Some(secret) = configured.http {
            let secret = SigningSecret::new(secret).map_err(|error| StartError::Other(error.into()))?;
            let routes = slack::http::routes(HttpDoor { secret, clock: app.clock.clone(), handle });
            let (listener, address) = listen("RONDO_LISTEN", config.http.listen).await?;
            let limits = self::limits(open_files::for_connections());
            tracing::info!(%address, connections = limits.connections, "Slack's requests are taken");
            servers.push(tokio::spawn(listener::serve("slack", listener, routes, limits, shutdown)));
            slack = Some(address);
        }
        Ok(Doors { slack, admin, metrics, admitted, socket, servers })
    }

    /// Lets deliveries through to the bot. The returned future holds Socket Mode open until the shutdown, if that is
    /// configured.
    pub fn admit(
        &self,
        bot: Bot,
        shutdown: watch::Receiver<bool>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let socket = self.socket.clone().map(|socket| {
            bot.lists.hearing().note_connections(socket.health());
            let stop = shutdown.clone();
            bot.supervisor.keep(SOCKET, shutdown, move |heart| {
                let running = socket.clone().run(stop.clone());
                async move { heart.during(running).await }
            })
        });
        // A process has one bot; a second one would have nothing to do.
        let _ = self.admitted.set(bot);
        async move {
            if let Some(socket) = socket {
                socket.await;
            }
        }
    }

    pub(super) async fn close(self, deadline: TokioInstant) {
        for mut server in self.servers {
            if tokio::time::timeout_at(deadline, &mut server).await.is_err() {
                tracing::warn!("a client kept its HTTP connection open; it is cut");
                server.abort();
            }
        }
    }
}

fn handler(admitted: Arc<OnceLock<Bot>>) -> Handler {
    Arc::new(move |delivery| {
        let admitted = admitted.clone();
        async move {
            match admitted.get() {
                Some(bot) => {
                    bot.lists.hearing().note_delivery();
                    bot.dispatch.handle(delivery).await
                }
                None => Handled::Busy,
            }
        }
        .boxed()
    })
}

fn readiness(
    app: &App,
    admitted: Arc<OnceLock<Bot>>,
    socket: Option<&SocketDoor>,
    fatal: mpsc::Sender<StoreError>,
) -> Readiness {
    let store = app.store.clone();
    let socket = socket.map(SocketDoor::health);
    Readiness::new(move || {
        let (store, admitted, socket, fatal) =
            (store.clone(), admitted.clone(), socket.clone(), fatal.clone());
        async move {
            let stored = match store.probe().await {
                Ok(()) => None,
                Err(error) => {
                    let why = error.to_string();
                    if let StoreError::Replaced = error {
                        // The first error is enough.
                        let _ = fatal.try_send(error);
                    }
                    Some(why)
                }
            };
            let bot = admitted.get();
            let slack = match bot {
                Some(bot) => bot
                    .engine
                    .slack
                    .breaker()
                    .error()
                    .map(|error| format!("Slack does not accept the bot's token ({error})")),
                None => Some("Slack has not said who the bot is; the bot keeps asking".to_owned()),
            };
            let is_shut = socket.is_some_and(|socket| socket.open() == 0);
            let door = is_shut.then(|| "no Socket Mode connection is open; the bot keeps trying".to_owned());
            let jump = bot.and_then(|bot| bot.timekeeper.jump());
            let clock = jump.map(|jump| {
                format!("it jumped by {} s, which Slack's clock does not confirm", jump.by.num_seconds())
            });
            let mut parts =
                vec![("store", stored), ("slack", slack), ("door", door), (timekeeper::PART, clock)];
            for (name, wrong) in bot.map(|bot| bot.supervisor.parts()).unwrap_or_default() {
                match parts.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, known)) => *known = known.take().or(wrong),
                    None => parts.push((name, wrong)),
                }
            }
            parts.into_iter().map(|(name, wrong)| ReadinessPart::of(name, wrong)).collect()
        }
    })
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |error| StartError::Listen(setting, address, error);
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// Returns the limits of a listener with this many connections.
fn limits(connections: usize) -> ConnectionLimits {
    ConnectionLimits {
        connections,
        headers: Duration::from_secs(10),
        idle: Duration::from_secs(10),
        // nginx keeps unused connections for one minute, Go's proxies for a minute and a half, Caddy for two.
        idle_trusted: Duration::from_mins(3),
        request: Duration::from_mins(1),
    }
}
