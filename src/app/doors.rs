//! The doors through which Slack and operators come in, and the readiness that they report.

use std::{
    net::SocketAddr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use futures_util::FutureExt as _;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::Instant as TokioInstant};

use super::{App, Bot, StartError, open_files};
use crate::{
    slack::{
        self, Handled, Handler, HttpDoor, SigningSecret, SocketDoor,
        listener::{self, Limits},
    },
    status::{self, Metrics, Part, Readiness},
};

/// How many connections health, readiness and metrics may have.
const ADMIN_CONNECTIONS: usize = 32;

/// The doors, and what stands beside them: health and metrics.
pub struct Doors {
    /// Where Slack's requests are taken; `None` without a signing secret, since nothing listens then.
    pub slack: Option<SocketAddr>,
    /// Where health, readiness and metrics are served.
    pub admin: SocketAddr,
    pub(super) metrics: Metrics,
    admitted: Arc<OnceLock<Bot>>,
    socket: Option<SocketDoor>,
    servers: Vec<JoinHandle<()>>,
}

impl Doors {
    /// Listens. Until a bot is [admitted](Doors::admit), Slack is told to come again.
    pub async fn open(app: &App, shutdown: watch::Receiver<bool>) -> Result<Doors, StartError> {
        let config = &app.config;
        let configured = config.doors()?;
        let admitted: Arc<OnceLock<Bot>> = Arc::default();
        let handle = handler(admitted.clone());
        let socket = configured
            .socket
            .map(|_| SocketDoor::new(app.slack.clone(), handle.clone(), app.entropy.clone()));
        let metrics = Metrics::install().map_err(|error| StartError::Other(error.into()))?;
        let status = status::routes(readiness(app, admitted.clone(), socket.as_ref()), metrics.clone());
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

    /// Lets deliveries through to the bot, and opens Socket Mode where it is configured.
    pub fn admit(&self, bot: Bot, shutdown: watch::Receiver<bool>) -> Option<JoinHandle<()>> {
        // There is one bot a process; a second one would have nothing to do.
        let _ = self.admitted.set(bot);
        let socket = self.socket.clone()?;
        Some(tokio::spawn(socket.run(shutdown)))
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
                Some(bot) => bot.dispatch.handle(delivery).await,
                None => Handled::Busy,
            }
        }
        .boxed()
    })
}

fn readiness(app: &App, admitted: Arc<OnceLock<Bot>>, socket: Option<&SocketDoor>) -> Readiness {
    let store = app.store.clone();
    let socket = socket.map(SocketDoor::health);
    Readiness::new(move || {
        let (store, connected, socket) = (store.clone(), admitted.get().is_some(), socket.clone());
        async move {
            let store = match store.ping().await {
                Ok(()) => Part::ready("store"),
                Err(error) => Part::waiting("store", error.to_string()),
            };
            let slack = if connected {
                Part::ready("slack")
            } else {
                Part::waiting("slack", "Slack has not said who the bot is; the bot keeps asking")
            };
            let door = match socket {
                Some(socket) if socket.open() == 0 => {
                    Part::waiting("door", "no Socket Mode connection is open; the bot keeps trying")
                }
                _ => Part::ready("door"),
            };
            vec![store, slack, door]
        }
    })
}

async fn listen(setting: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let refused = |error| StartError::Listen(setting, address, error);
    let listener = TcpListener::bind(address).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    Ok((listener, address))
}

/// What connections may take, where there may be so many.
fn limits(connections: usize) -> Limits {
    Limits {
        connections,
        headers: Duration::from_secs(10),
        idle: Duration::from_secs(10),
        // nginx keeps unused connections for one minute, Go's proxies for a minute and a half, Caddy for two.
        idle_trusted: Duration::from_mins(3),
        request: Duration::from_mins(1),
    }
}
