//! The doors through which Slack and operators come in, and the readiness that they report.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, OnceLock},
};

use axum::Router;
use futures_util::FutureExt as _;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time::Instant as TokioInstant};

use super::{App, Bot, StartError};
use crate::{
    engine::stopped,
    slack::{self, Handled, Handler, HttpDoor, SigningSecret, SocketDoor},
    status::{self, Metrics, Part, Readiness},
};

/// The doors, and what stands beside them: health and metrics.
pub struct Doors {
    /// Where HTTP is served.
    pub address: SocketAddr,
    pub(super) metrics: Metrics,
    admitted: Arc<OnceLock<Bot>>,
    socket: Option<SocketDoor>,
    servers: Vec<JoinHandle<io::Result<()>>>,
}

impl Doors {
    /// Listens. Until somebody is [admitted](Doors::admit), Slack is told to come again.
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
        let mut slack_routes = Router::new();
        if let Some(secret) = configured.http {
            let secret = SigningSecret::new(secret).map_err(|error| StartError::Other(error.into()))?;
            slack_routes = slack::http::routes(HttpDoor { secret, clock: app.clock.clone(), handle });
        }
        let mut servers = Vec::new();
        let routes = slack_routes.merge(status.clone());
        servers.push(serve(listen(config.http.admin_listen).await?, status, shutdown.clone()));
        let listener = listen(config.http.listen).await?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(config.http.listen, error))?;
        servers.push(serve(listener, routes, shutdown));
        Ok(Doors { address, metrics, admitted, socket, servers })
    }

    /// Lets deliveries through to the bot, and opens Socket Mode where it is configured.
    pub fn admit(&self, bot: Bot, shutdown: watch::Receiver<bool>) -> Option<JoinHandle<()>> {
        // There is one bot a process; a second one would have nothing to do.
        let _ = self.admitted.set(bot);
        let socket = self.socket.clone()?;
        Some(tokio::spawn(socket.run(shutdown)))
    }

    pub(super) async fn close(self, deadline: TokioInstant) {
        for server in self.servers {
            if tokio::time::timeout_at(deadline, server).await.is_err() {
                tracing::warn!("a client kept its HTTP connection open; it is cut");
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

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| StartError::Listen(address, error))
}

fn serve(
    listener: TcpListener,
    routes: Router,
    mut shutdown: watch::Receiver<bool>,
) -> JoinHandle<io::Result<()>> {
    let stop = async move { stopped(&mut shutdown).await };
    tokio::spawn(async move { axum::serve(listener, routes).with_graceful_shutdown(stop).await })
}
