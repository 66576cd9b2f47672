//! Installed apps, their sockets, and the short-lived keys that Slack gives them.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::World;
use crate::base::limits::{RESPONSE_URL, TICKET_MS, TRIGGER_MS};

/// Whether people may write to an app's bot in their DM.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum MessagesTab {
    /// Slack says that sending messages to the app is turned off.
    #[default]
    Off,
    Writable,
}

/// An installed app.
#[derive(Clone, Debug, Default)]
pub(crate) struct App {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) bot_user: String,
    pub(crate) bot_id: String,
    pub(crate) bot_token: String,
    pub(crate) level_token: String,
    pub(crate) signing_secret: String,
    pub(crate) verification_token: String,
    pub(crate) revoked: bool,
    pub(crate) scopes: Vec<String>,
    pub(crate) commands: Vec<Command>,
    pub(crate) shortcuts: Vec<Shortcut>,
    pub(crate) bot_events: BTreeSet<String>,
    pub(crate) event_url: Option<String>,
    pub(crate) interaction_url: Option<String>,
    /// Where menus get options from the app.
    pub(crate) options_url: Option<String>,
    pub(crate) socket_mode: bool,
    pub(crate) home_tab: bool,
    pub(crate) messages_tab: MessagesTab,
    pub(crate) sockets: Vec<Socket>,
    pub(crate) tickets: Vec<(String, i64)>,
    /// Counts deliveries, to take turns among the sockets.
    pub(crate) turn: usize,
}

/// A slash command of a manifest.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) usage_hint: String,
    pub(crate) should_escape: bool,
    pub(crate) url: Option<String>,
}

/// A shortcut of a manifest.
#[derive(Clone, Debug)]
pub(crate) struct Shortcut {
    pub(crate) name: String,
    pub(crate) callback_id: String,
    pub(crate) on_message: bool,
}

/// What is sent over a socket.
#[derive(Clone, Debug)]
pub(crate) enum Frame {
    /// A JSON text frame.
    Text(String),
    /// Drops the connection at once, without a close frame.
    Drop,
    /// Closes the connection properly.
    Close,
}

impl Frame {
    /// Returns the frame that tells a socket to close.
    pub(crate) fn disconnect(reason: &str) -> Frame {
        let frame =
            json!({ "type": "disconnect", "reason": reason, "debug_info": { "host": "applink-sandbox-1" } });
        Frame::Text(frame.to_string())
    }
}

/// One open Socket Mode connection.
#[derive(Clone, Debug)]
pub(crate) struct Socket {
    pub(crate) number: u64,
    pub(crate) frames: mpsc::Sender<Frame>,
    /// Told to close; it gets nothing while another is open.
    pub(crate) leaving: bool,
}

/// A `trigger_id`: opens one view within three seconds.
#[derive(Clone, Debug)]
pub(crate) struct Trigger {
    pub(crate) app_id: String,
    pub(crate) user: String,
    /// The tab of the page in which they acted.
    pub(crate) tab: Option<String>,
    pub(crate) made_ms: i64,
    pub(crate) used: bool,
}

/// The message an interaction came from.
#[derive(Clone, Debug)]
pub(crate) struct Original {
    pub(crate) ts: String,
}

/// Where an app may answer a command or an interaction a few times.
#[derive(Clone, Debug)]
pub(crate) struct ResponseUrl {
    pub(crate) app_id: String,
    pub(crate) channel: String,
    pub(crate) user: String,
    pub(crate) original: Option<Original>,
    pub(crate) made_ms: i64,
    pub(crate) uses: u32,
}

impl App {
    pub(crate) fn holds(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

impl World {
    pub(crate) fn app(&self, id: &str) -> Option<&App> {
        self.apps.iter().find(|app| app.id == id)
    }

    pub(crate) fn app_mut(&mut self, id: &str) -> Option<&mut App> {
        self.apps.iter_mut().find(|app| app.id == id)
    }

    /// Returns a key that lets `app` open a view for `user`.
    pub(crate) fn new_trigger(&mut self, app_id: &str, user: &str) -> String {
        let now_ms = self.now_ms();
        let key = format!("{}.{}.{}", self.ids.digits(12), self.ids.digits(12), self.ids.hex(32));
        // Old keys are kept for a while, to tell a late one from an invented one.
        self.triggers.retain(|_, trigger| now_ms - trigger.made_ms < 1_000 * TRIGGER_MS);
        let trigger = Trigger {
            app_id: app_id.to_owned(),
            user: user.to_owned(),
            tab: self.acting_tab.clone(),
            made_ms: now_ms,
            used: false,
        };
        self.triggers.insert(key.clone(), trigger);
        key
    }

    /// Uses up a trigger and returns its user, with the tab in which they acted, or Slack's name for the error.
    pub(crate) fn use_trigger(
        &mut self,
        key: &str,
        app_id: &str,
    ) -> Result<(String, Option<String>), &'static str> {
        let now_ms = self.now_ms();
        let trigger = self.triggers.get_mut(key).filter(|trigger| trigger.app_id == app_id);
        let trigger = trigger.ok_or("invalid_trigger_id")?;
        if trigger.used {
            return Err("exchanged_trigger_id");
        }
        if now_ms - trigger.made_ms > TRIGGER_MS {
            return Err("expired_trigger_id");
        }
        trigger.used = true;
        Ok((trigger.user.clone(), trigger.tab.clone()))
    }

    /// Returns the path of a new `response_url`.
    pub(crate) fn new_response_url(
        &mut self,
        door: &str,
        app_id: &str,
        channel: &str,
        user: &str,
        original: Option<Original>,
    ) -> String {
        let now_ms = self.now_ms();
        self.response_urls.retain(|_, held| now_ms - held.made_ms < 4 * RESPONSE_URL.1);
        let path = format!("{door}/{}/{}/{}", self.team_id, self.ids.digits(13), self.ids.secret(24));
        let held = ResponseUrl {
            app_id: app_id.to_owned(),
            channel: channel.to_owned(),
            user: user.to_owned(),
            original,
            made_ms: now_ms,
            uses: 0,
        };
        self.response_urls.insert(path.clone(), held);
        path
    }

    /// Returns a ticket that opens one socket.
    pub(crate) fn new_ticket(&mut self, app_id: &str) -> String {
        let ticket = format!("{}-{}", self.ids.uuid(), self.ids.hex(16));
        let now_ms = self.now_ms();
        if let Some(app) = self.app_mut(app_id) {
            app.tickets.retain(|(_, made_ms)| now_ms - made_ms < TICKET_MS);
            app.tickets.push((ticket.clone(), now_ms));
        }
        ticket
    }

    /// Uses up a ticket and returns its app.
    pub(crate) fn use_ticket(&mut self, ticket: &str) -> Option<String> {
        let now_ms = self.now_ms();
        self.apps.iter_mut().find_map(|app| {
            let at = app
                .tickets
                .iter()
                .position(|(held, made_ms)| held == ticket && now_ms - made_ms < TICKET_MS)?;
            app.tickets.remove(at);
            Some(app.id.clone())
        })
    }

    /// Returns the socket whose turn it is.
    pub(crate) fn next_socket(&mut self, app_id: &str) -> Option<mpsc::Sender<Frame>> {
        let app = self.app_mut(app_id)?;
        let staying = app.sockets.iter().any(|socket| !socket.leaving);
        let open: Vec<&Socket> = app.sockets.iter().filter(|socket| !socket.leaving || !staying).collect();
        let chosen = open.get(app.turn % open.len().max(1))?.frames.clone();
        app.turn = app.turn.wrapping_add(1);
        Some(chosen)
    }

    /// Returns the app that registered a command.
    pub(crate) fn command(&self, name: &str) -> Option<(&App, &Command)> {
        self.apps.iter().find_map(|app| {
            let command = app.commands.iter().find(|command| command.name == name)?;
            Some((app, command))
        })
    }

    /// Returns what an app is told about its installation with each event.
    pub(crate) fn authorizations(&self, app: &App) -> Value {
        json!([{
            "enterprise_id": null, "team_id": self.team_id, "user_id": app.bot_user,
            "is_bot": true, "is_enterprise_install": false,
        }])
    }
}
