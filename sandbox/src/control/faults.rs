//! Faults to inject: what a network and a provider do to a bot on a bad day.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::hub::Hub;
use crate::hub::switches::{Fault, Planned, Switches};
use crate::workspace::apps::Frame;

/// Switches faults on and off. A method named `*` stands for all of them; `response_url` stands for those addresses.
#[derive(Clone, Debug)]
pub struct Faults {
    pub(crate) hub: Arc<Hub>,
}

impl Faults {
    /// Every Web API call takes this much longer, in real time.
    pub fn latency(&self, latency: Duration) {
        self.hub.switches(|switches| switches.latency = latency);
    }

    /// The next `times` calls of `method` are answered HTTP 429.
    pub fn rate_limit(&self, method: &str, times: u32, retry_after_seconds: u64) {
        self.plan(method, times, Fault::RateLimit(retry_after_seconds));
    }

    /// The next `times` calls of `method` are answered HTTP 500, and nothing is done.
    pub fn fail_5xx(&self, method: &str, times: u32) {
        self.plan(method, times, Fault::ServerError);
    }

    /// The next `times` calls of `method` are done, and the connection is dropped without an answer.
    pub fn lose_answer(&self, method: &str, times: u32) {
        self.plan(method, times, Fault::LoseAnswer);
    }

    /// The next `times` calls of `method` are refused with `error`.
    pub fn fail(&self, method: &str, times: u32, error: &str) {
        self.plan(method, times, Fault::Error(error.to_owned()));
    }

    fn plan(&self, method: &str, times: u32, fault: Fault) {
        if times > 0 {
            let planned = Planned { method: method.to_owned(), times, fault };
            self.hub.switches(|switches| switches.planned.push(planned));
        }
    }

    /// Every open socket is cut at once.
    pub fn drop_sockets(&self) {
        self.to_sockets(|_| vec![Frame::Drop]);
    }

    /// Every open socket is warned, then told that it will be refreshed, as Slack does every few hours.
    pub fn refresh_sockets(&self) {
        self.to_sockets(|_| vec![Frame::disconnect("warning"), Frame::disconnect("refresh_requested")]);
        let hub = Arc::clone(&self.hub);
        let leaving: Vec<_> = hub.look(|world| {
            let sockets = world.apps.iter_mut().flat_map(|app| &mut app.sockets);
            sockets
                .map(|socket| {
                    socket.leaving = true;
                    socket.frames.clone()
                })
                .collect()
        });
        let deadline_ms = hub.clock.now_ms() + 10_000;
        self.hub.runtime.spawn(async move {
            tokio::select! {
                () = hub.clock.reaches(deadline_ms) => {}
                () = tokio::time::sleep(Duration::from_secs(10)) => {}
            }
            for frames in leaving {
                frames.try_send(Frame::Close).ok();
            }
        });
    }

    /// Socket Mode is switched off for every app: `link_disabled`, and the sockets close.
    pub fn disable_link(&self) {
        self.to_sockets(|_| vec![Frame::disconnect("link_disabled"), Frame::Close]);
    }

    fn to_sockets(&self, frames: impl Fn(u64) -> Vec<Frame>) {
        self.hub.look(|world| {
            for socket in world.apps.iter().flat_map(|app| &app.sockets) {
                for frame in frames(socket.number) {
                    socket.frames.try_send(frame).ok();
                }
            }
        });
    }

    /// Delivers everything twice.
    pub fn duplicate_deliveries(&self, on: bool) {
        self.hub.switches(|switches| switches.duplicates = on);
    }

    /// Events are sent this much later, on the sandbox's clock.
    pub fn late_events(&self, late: Duration) {
        self.hub.switches(|switches| {
            switches.late_ms = i64::try_from(late.as_millis()).unwrap_or(i64::MAX);
        });
    }

    /// Everything but the sandbox's own pages is answered HTTP 503.
    pub fn down(&self, on: bool) {
        self.hub.switches(|switches| switches.down = on);
        if on {
            self.drop_sockets();
        }
    }

    /// Every app's tokens are revoked, and it is told so. Installing it again gives it new ones.
    pub fn revoke_tokens(&self) {
        self.revoke(false);
    }

    /// Every app is uninstalled: `tokens_revoked` and `app_uninstalled`, and its tokens are worth nothing.
    pub fn uninstall(&self) {
        self.revoke(true);
    }

    fn revoke(&self, uninstall: bool) {
        self.hub.with(|world| {
            let apps: Vec<_> = world.apps.iter().map(|app| (app.id.clone(), app.bot_user.clone())).collect();
            for (app_id, bot_user) in apps {
                let event = json!({ "type": "tokens_revoked", "tokens": { "oauth": [], "bot": [bot_user] } });
                world.tell_app(&app_id, "tokens_revoked", &event);
                if uninstall {
                    world.tell_app(&app_id, "app_uninstalled", &json!({ "type": "app_uninstalled" }));
                }
                if let Some(app) = world.app_mut(&app_id) {
                    app.revoked = true;
                }
            }
        });
    }

    /// Everything works again. Revoked tokens stay revoked.
    pub fn clear(&self) {
        self.hub.switches(|switches| *switches = Switches::default());
    }
}
