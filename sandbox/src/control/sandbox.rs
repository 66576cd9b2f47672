//! A running sandbox: installs apps, inspects what happened.

use std::sync::Arc;

use serde_json::Value;

use super::faults::Faults;
use crate::base::clock::Clock;
use crate::deliver;
use crate::hub::Hub;
use crate::types::install::Install;
use crate::types::traffic::{Call, Delivery};
use crate::workspace::manifest;

/// A running workspace. Clones share it.
#[derive(Clone, Debug)]
pub struct Sandbox {
    pub(crate) hub: Arc<Hub>,
}

impl Sandbox {
    /// Returns the URL of the page and the control API, with a slash at the end.
    pub fn url(&self) -> String {
        format!("{}/", self.hub.base)
    }

    /// Returns the base URL of the Web API, without a slash at the end.
    pub fn api_url(&self) -> String {
        format!("{}/api", self.hub.base)
    }

    /// Opens the page and the control API, of a workspace that was started closed.
    pub fn open(&self) {
        self.hub.open();
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

    /// Whether an event is on its way to an app that hasn't acknowledged it yet.
    pub fn awaits_events(&self) -> bool {
        self.hub.look(|world| {
            world
                .wire
                .deliveries()
                .any(|delivery| delivery.kind == "events_api" && delivery.outcome == "sent")
        })
    }

    /// Returns how many sockets are open.
    pub fn open_sockets(&self) -> usize {
        self.hub.look(|world| world.apps.iter().map(|app| app.sockets.len()).sum())
    }

    /// Waits until `seen` returns something. Calls it again after each change; returns `None` after five seconds of
    /// real time.
    pub async fn eventually<T>(&self, mut seen: impl FnMut(&Sandbox) -> Option<T>) -> Option<T> {
        self.hub.eventually(|| seen(self)).await
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
