//! The sandbox itself: starts it, installs apps, inspects what happened.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::faults::Faults;
use crate::host_check::HostCheck;
use crate::hub::Hub;
use crate::types::install::Install;
use crate::types::traffic::{Call, Delivery};
use crate::workspace::World;
use crate::workspace::manifest;
use crate::{deliver, server};

/// How to start a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// The address to listen on. Port 0 takes a free one.
    pub listen: SocketAddr,
    pub clock: Clock,
    /// Ids are drawn from it.
    pub seed: u64,
    /// Whether tokens and other secrets are hard to guess. Otherwise they are drawn from the seed, too.
    pub hides_secrets: bool,
    /// Allowed host names, beside `localhost` and plain addresses. Requests by another name are refused: a browser
    /// that sends one was misled.
    pub hosts: Vec<String>,
    pub team_name: String,
    /// Whether calls are counted against Slack's tiers.
    pub enforce_limits: bool,
    /// Whether there is a page for people, beside the APIs for apps and for tests.
    pub page: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: Clock::real(),
            seed: 1,
            hides_secrets: false,
            hosts: Vec::new(),
            team_name: "Sandbox".to_owned(),
            enforce_limits: true,
            page: true,
        }
    }
}

/// A running workspace. Clones share it.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub(crate) hub: Arc<Hub>,
}

impl Sandbox {
    /// Starts a workspace without people and with one channel, `#general`.
    pub async fn start(options: Options) -> io::Result<Sandbox> {
        let listener = TcpListener::bind(options.listen).await?;
        let mut address = listener.local_addr()?;
        // A sandbox that listens on every address is reachable on this one.
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let base = format!("http://{address}");
        let ids = if options.hides_secrets {
            Ids::with_hidden_secrets(options.seed)?
        } else {
            Ids::new(options.seed)
        };
        let world = World::new(options.clock, ids, &options.team_name);
        let host_check = HostCheck::expected_at(options.hosts);
        let hub = Hub::new(base, world, options.enforce_limits, Handle::current());
        tokio::spawn(server::serve(Arc::clone(&hub), listener, host_check, options.page));
        Ok(Sandbox { hub })
    }

    /// Returns the URL of the page and the control API, with a slash at the end.
    pub fn url(&self) -> String {
        format!("{}/", self.hub.base)
    }

    /// Returns the base URL of the Web API, without a slash at the end.
    pub fn api_url(&self) -> String {
        format!("{}/api", self.hub.base)
    }

    /// Returns the workspace's id.
    pub fn team_id(&self) -> String {
        self.hub.look(|world| world.team_id.clone())
    }

    /// Returns the workspace's clock.
    pub fn clock(&self) -> &Clock {
        &self.hub.clock
    }

    /// Installs an app from its manifest. It replaces an app of the same name, which keeps its ids, and its tokens
    /// unless they were revoked.
    pub fn install(&self, manifest: &Value) -> Result<Install, String> {
        let wanted = manifest::read(manifest)?;
        let (handle, shown) = manifest::bot_handle(manifest, &wanted);
        Ok(self.hub.with(|world| world.install(wanted, &handle, &shown)))
    }

    /// Asks an app's request URL to echo a challenge, as Slack does when the URL is entered.
    pub async fn verify_request_url(&self, app_id: &str) -> Result<(), String> {
        deliver::verify_url(&self.hub, app_id).await
    }

    /// Returns the switches for faults.
    pub fn faults(&self) -> Faults {
        Faults { hub: Arc::clone(&self.hub) }
    }

    /// Returns the logged Web API calls, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.hub.look(|world| world.wire.calls().cloned().collect())
    }

    /// Returns the calls that were answered `ok: false`.
    pub fn refusals(&self) -> Vec<Call> {
        self.calls().into_iter().filter(|call| call.answer["ok"] == false).collect()
    }

    /// Returns the logged deliveries to apps, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.hub.look(|world| world.wire.deliveries().cloned().collect())
    }

    /// Returns how many sockets are open.
    pub fn open_sockets(&self) -> usize {
        self.hub.look(|world| world.apps.iter().map(|app| app.sockets.len()).sum())
    }

    /// Waits until `seen` returns something. Calls it again after each change; returns `None` after five seconds of
    /// real time.
    pub async fn eventually<T>(&self, mut seen: impl FnMut(&Sandbox) -> Option<T>) -> Option<T> {
        let mut changed = self.hub.changed.subscribe();
        let waiting = async {
            loop {
                changed.mark_unchanged();
                if let Some(found) = seen(self) {
                    return Some(found);
                }
                if changed.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(5), waiting).await.ok().flatten()
    }

    /// Waits until an app has an open socket.
    pub async fn connected(&self) -> bool {
        self.eventually(|sandbox| (sandbox.open_sockets() > 0).then_some(())).await.is_some()
    }

    /// Stops listening and closes every connection.
    pub fn shutdown(&self) {
        self.hub.closing.send_replace(true);
    }
}
