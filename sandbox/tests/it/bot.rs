//! A small bot, and a workspace for it.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use slack_sandbox::{Clock, Install, NewPerson, Options, Sandbox};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A Tuesday in November 2023.
pub const START_MS: i64 = 1_700_000_000_000;

/// All scopes of all methods.
const SCOPES: &[&str] = &[
    "commands",
    "chat:write",
    "im:write",
    "mpim:write",
    "channels:read",
    "groups:read",
    "im:read",
    "mpim:read",
    "channels:history",
    "groups:history",
    "im:history",
    "mpim:history",
    "users:read",
    "usergroups:read",
    "usergroups:write",
    "reactions:read",
    "reactions:write",
    "app_mentions:read",
    "channels:join",
    "team:read",
    "channels:write.topic",
    "users.profile:read",
    "files:read",
    "files:write",
    "pins:write",
];

const EVENTS: &[&str] = &[
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "channel_archive",
    "channel_created",
    "member_joined_channel",
    "member_left_channel",
    "reaction_added",
    "reaction_removed",
    "subteam_created",
    "subteam_members_changed",
    "subteam_updated",
    "team_join",
    "user_change",
    "tokens_revoked",
    "app_uninstalled",
];

/// A manifest with everything, for Socket Mode.
pub fn manifest() -> Value {
    json!({
        "display_information": { "name": "Tester" },
        "features": {
            "bot_user": { "display_name": "tester" },
            "app_home": { "home_tab_enabled": true, "messages_tab_enabled": true },
            "slash_commands": [
                { "command": "/kudos", "description": "Thank someone", "should_escape": true },
                { "command": "/raw", "description": "As typed", "should_escape": false },
            ],
            "shortcuts": [
                { "name": "Thank", "type": "message", "callback_id": "thank", "description": "Thanks" },
                { "name": "Start", "type": "global", "callback_id": "start", "description": "Starts" },
            ],
        },
        "oauth_config": { "scopes": { "bot": SCOPES } },
        "settings": {
            "event_subscriptions": { "bot_events": EVENTS },
            "interactivity": { "is_enabled": true },
            "socket_mode_enabled": true,
        },
    })
}

/// The same manifest with other scopes, and without events, commands or shortcuts that would need more.
pub fn manifest_with(scopes: &[&str]) -> Value {
    let mut manifest = manifest();
    manifest["oauth_config"]["scopes"]["bot"] = json!(scopes);
    manifest["settings"]["event_subscriptions"]["bot_events"] = json!([]);
    manifest["features"]["slash_commands"] = json!([]);
    manifest["features"]["shortcuts"] = json!([]);
    manifest
}

/// The manifest of another app, with these scopes alone.
pub fn other_manifest(scopes: &[&str]) -> Value {
    let mut manifest = manifest_with(scopes);
    manifest["display_information"]["name"] = json!("Other");
    manifest["features"]["bot_user"]["display_name"] = json!("other");
    manifest
}

/// A workspace with Ana, Ben and Cy and a frozen clock.
pub async fn workspace() -> Sandbox {
    let options = Options { clock: Clock::frozen_at(START_MS), ..Options::default() };
    let sandbox = Sandbox::start(options).await.unwrap();
    for (name, real_name, zone) in [
        ("ana", "Ana Costa", "Europe/Lisbon"),
        ("ben", "Ben Ito", "Asia/Tokyo"),
        ("cy", "Cy Reed", "America/Denver"),
    ] {
        sandbox.add_person(NewPerson { real_name, zone, ..NewPerson::named(name) });
    }
    sandbox
}

/// An answer of the Web API.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: hyper::HeaderMap,
    pub body: Value,
}

impl Reply {
    /// Returns the error, or `ok`.
    pub fn error(&self) -> &str {
        if self.body["ok"] == true { "ok" } else { self.body["error"].as_str().unwrap_or("no error named") }
    }
}

/// Sends one request and reads the answer; an error if the connection was dropped.
pub async fn request(
    verb: &str,
    url: &str,
    headers: &[(&str, &str)],
    body: impl Into<String>,
) -> Result<Reply, hyper::Error> {
    let uri: hyper::Uri = url.parse().unwrap();
    let authority = uri.authority().unwrap().to_string();
    let stream = TcpStream::connect(&authority).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let driver = tokio::spawn(connection);
    let mut request = hyper::Request::builder().method(verb).uri(uri.path_and_query().unwrap().as_str());
    request = request.header("host", authority);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = sender.send_request(request.body(Full::new(Bytes::from(body.into()))).unwrap()).await?;
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await?.to_bytes();
    driver.abort();
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| json!(String::from_utf8_lossy(&bytes)));
    Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
}

type Reaction = dyn Fn(&Value) -> Reflex + Send + Sync;

/// What the bot does with an envelope.
pub enum Reflex {
    Ack,
    /// Acknowledges it with a payload.
    Say(Value),
    /// Stays silent.
    Ignore,
}

/// An installed app: calls methods, and answers over as many sockets as it opens.
#[derive(Clone)]
pub struct Bot {
    pub install: Install,
    pub sandbox: Sandbox,
    seen: Arc<Mutex<Vec<Value>>>,
    reaction: Arc<Mutex<Arc<Reaction>>>,
}

impl Bot {
    /// Installs the app without opening a socket.
    pub fn install(sandbox: &Sandbox, manifest: &Value) -> Bot {
        let install = sandbox.install(manifest).unwrap();
        let reaction: Arc<Reaction> = Arc::new(|_| Reflex::Ack);
        Bot {
            install,
            sandbox: sandbox.clone(),
            seen: Arc::default(),
            reaction: Arc::new(Mutex::new(reaction)),
        }
    }

    /// Installs the app with everything and opens one socket.
    pub async fn connected(sandbox: &Sandbox) -> Bot {
        let bot = Bot::install(sandbox, &manifest());
        bot.opens_socket().await;
        bot
    }

    /// Uses this reaction for every envelope from now on.
    pub fn reacts(&self, reaction: impl Fn(&Value) -> Reflex + Send + Sync + 'static) {
        *self.reaction.lock().unwrap() = Arc::new(reaction);
    }

    /// Calls a method with JSON arguments and the bot's token.
    pub async fn calls(&self, method: &str, args: Value) -> Reply {
        self.calls_with(&self.install.bot_token, method, args).await
    }

    /// Calls a method with a form, as methods that only read require.
    pub async fn reads(&self, method: &str, args: &[(&str, &str)]) -> Reply {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(args);
        let token = format!("Bearer {}", self.install.bot_token);
        let headers =
            [("authorization", token.as_str()), ("content-type", "application/x-www-form-urlencoded")];
        let url = format!("{}/{method}", self.sandbox.api_url());
        request("POST", &url, &headers, form.finish()).await.unwrap()
    }

    /// Calls a method with JSON arguments and this token.
    pub async fn calls_with(&self, token: &str, method: &str, args: Value) -> Reply {
        self.tries(token, method, args).await.unwrap()
    }

    /// Calls a method; `None` if the connection was dropped.
    pub async fn tries(&self, token: &str, method: &str, args: Value) -> Result<Reply, hyper::Error> {
        let token = format!("Bearer {token}");
        let headers =
            [("authorization", token.as_str()), ("content-type", "application/json; charset=utf-8")];
        request("POST", &format!("{}/{method}", self.sandbox.api_url()), &headers, args.to_string()).await
    }

    /// Dials a socket and returns it after the greeting.
    pub async fn dials(&self) -> (WebSocketStream<MaybeTlsStream<TcpStream>>, Value) {
        let opened = self.calls_with(&self.install.app_token, "apps.connections.open", json!({})).await;
        let (mut socket, _) = connect_async(opened.body["url"].as_str().unwrap()).await.unwrap();
        let hello = frame(&mut socket).await.expect("a greeting");
        (socket, hello)
    }

    /// Opens a socket and answers what comes over it.
    pub async fn opens_socket(&self) {
        let (mut socket, _) = self.dials().await;
        let bot = self.clone();
        tokio::spawn(async move {
            while let Some(envelope) = frame(&mut socket).await {
                let Some(id) = envelope["envelope_id"].as_str() else {
                    continue;
                };
                bot.seen.lock().unwrap().push(envelope.clone());
                let reaction = Arc::clone(&bot.reaction.lock().unwrap());
                let ack = match reaction(&envelope) {
                    Reflex::Ack => json!({ "envelope_id": id }),
                    Reflex::Say(payload) => json!({ "envelope_id": id, "payload": payload }),
                    Reflex::Ignore => continue,
                };
                if socket.send(Message::text(ack.to_string())).await.is_err() {
                    return;
                }
            }
        });
    }

    /// Returns all envelopes so far.
    pub fn envelopes(&self) -> Vec<Value> {
        self.seen.lock().unwrap().clone()
    }

    /// Returns all events of one type so far.
    pub fn events(&self, kind: &str) -> Vec<Value> {
        let envelopes = self.envelopes().into_iter();
        envelopes
            .map(|envelope| envelope["payload"]["event"].clone())
            .filter(|event| event["type"] == kind)
            .collect()
    }

    /// Waits for an envelope that fits.
    pub async fn gets(&self, fits: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..500 {
            if let Some(found) = self.envelopes().into_iter().find(&fits) {
                return found;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        panic!("no such envelope came; these did: {:#?}", self.envelopes());
    }

    /// Waits for an event of a type and returns it.
    pub async fn gets_event(&self, kind: &str) -> Value {
        self.gets(|envelope| envelope["payload"]["event"]["type"] == kind).await["payload"]["event"].clone()
    }

    /// Posts to a URL from a payload.
    pub async fn responds(&self, url: &Value, body: Value) -> Reply {
        let headers = [("content-type", "application/json")];
        request("POST", url.as_str().unwrap(), &headers, body.to_string()).await.unwrap()
    }
}

/// Returns the next text frame as JSON; `None` when the socket closed.
pub async fn frame(socket: &mut WebSocketStream<MaybeTlsStream<TcpStream>>) -> Option<Value> {
    loop {
        match socket.next().await? {
            Ok(Message::Text(text)) => return serde_json::from_str(text.as_str()).ok(),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}
