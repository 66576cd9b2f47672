//! Starts a sandbox.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::base::clock::Clock;
use crate::base::ids::Ids;
use crate::control::sandbox::Sandbox;
use crate::hub::Hub;
use crate::server;
use crate::server::host_check::HostCheck;
use crate::workspace::World;

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
    /// What there is to try, in one short line: a newcomer reads it above the steps, until they do one, or open or close their card.
    pub about: String,
    /// What is next once all of it is tried, in a line or two.
    pub afterwards: String,
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
            about: String::new(),
            afterwards: String::new(),
            enforce_limits: true,
            page: true,
        }
    }
}

impl Sandbox {
    /// Starts a workspace without people and with one channel, `#general`.
    pub async fn start(options: Options) -> io::Result<Sandbox> {
        let sandbox = Sandbox::start_closed(options).await?;
        sandbox.open();
        Ok(sandbox)
    }

    /// Does the same, but the page and the control API answer 503 until [`open`](Sandbox::open) is called: people can't look
    /// or act while the workspace is being prepared. Slack's API answers meanwhile.
    pub async fn start_closed(options: Options) -> io::Result<Sandbox> {
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
        let mut world = World::new(options.clock, ids, &options.team_name);
        world.about = options.about;
        world.afterwards = options.afterwards;
        let host_check = HostCheck::expected_at(options.hosts);
        let hub = Hub::new(base, world, options.enforce_limits, Handle::current());
        tokio::spawn(server::serve(Arc::clone(&hub), listener, host_check, options.page));
        Ok(Sandbox { hub })
    }
}
