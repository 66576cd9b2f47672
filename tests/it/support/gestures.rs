//! Requests to the HTTP listener, byte by byte, and queries of the ledger.

use std::sync::atomic::{AtomicUsize, Ordering};

use ring::hmac;
use rondo::{
    model::clock::from_ms,
    rituals::kudos::store::{KudosLedgerLine, ledger},
};
use secrecy::ExposeSecret as _;
use serde_json::Value;

use super::Bot;

pub const FORM: &str = "application/x-www-form-urlencoded";

pub const JSON: &str = "application/json";

/// An answer of the HTTP listener.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    pub status: u16,
    pub body: String,
}

impl Answered {
    /// Returns the text of the answer, empty if there is none.
    pub fn text(&self) -> String {
        let body: Value = serde_json::from_str(&self.body).unwrap_or_default();
        body["text"].as_str().unwrap_or_default().to_owned()
    }
}

/// Returns mentions of this many unknown people, each followed by a space.
pub fn crowd(people: usize) -> String {
    (0..people).map(|n| format!("<@U0CROWD{n}> ")).collect::<Vec<_>>().concat()
}

/// Returns a slash command as Slack's form, with a new trigger.
pub fn command_form(team: &str, user: &str, channel: &str, typed: &str) -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    let (command, text) = typed.split_once(' ').unwrap_or((typed, ""));
    let trigger = format!("{}.2.raw", NEXT.fetch_add(1, Ordering::Relaxed));
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("team_id", team),
            ("user_id", user),
            ("channel_id", channel),
            ("command", command),
            ("text", text),
            ("trigger_id", &trigger),
            // Nothing answers there: a refused announcement would be noticed.
            ("response_url", "http://127.0.0.1:9/nowhere"),
        ])
        .finish()
}

/// Returns an interaction as Slack's form.
pub fn payload_form(payload: &Value) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair("payload", &payload.to_string()).finish()
}

/// Returns `v0=` and the signature of a body, by Slack's rule.
pub fn sign(secret: &str, time: &str, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, &[b"v0:", time.as_bytes(), b":", body].concat());
    tag.as_ref().iter().fold("v0=".to_owned(), |hex, byte| format!("{hex}{byte:02x}"))
}

async fn get(url: &str) -> Answered {
    let response = super::http().get(url).send().await.unwrap();
    Answered { status: response.status().as_u16(), body: response.text().await.unwrap() }
}

impl Bot {
    /// Returns a person's id.
    pub fn id(&self, name: &str) -> String {
        self.person(name).id()
    }

    /// Returns the id of `#general`, as the bot was told it.
    pub fn general(&self) -> String {
        let listed =
            self.sandbox.calls().into_iter().find(|call| call.method == "users.conversations").unwrap();
        let channels = listed.answer["channels"].as_array().unwrap().clone();
        let general = channels.iter().find(|channel| channel["name"] == "general").unwrap();
        general["id"].as_str().unwrap().to_owned()
    }

    pub fn secret(&self) -> String {
        self.config.slack.signing_secret.as_ref().unwrap().expose_secret().to_owned()
    }

    /// Returns the present time as a request is signed with.
    pub fn timestamp(&self) -> String {
        self.parts.engine.clock.now().timestamp().to_string()
    }

    /// Sends a request with exactly these headers.
    pub async fn requests(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answered {
        let sender = super::http();
        let mut request = sender.post(format!("{}{path}", self.address())).body(body.to_vec());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        Answered { status: response.status().as_u16(), body: response.text().await.unwrap() }
    }

    /// Sends a body as Slack signs it.
    pub async fn sends(&self, path: &str, content_type: &str, body: &[u8]) -> Answered {
        let time = self.timestamp();
        let signature = sign(&self.secret(), &time, body);
        let headers = [
            ("content-type", content_type),
            ("x-slack-request-timestamp", &*time),
            ("x-slack-signature", &*signature),
        ];
        self.requests(path, &headers, body).await
    }

    /// Requests health, readiness or metrics.
    pub async fn gets(&self, path: &str) -> Answered {
        get(&format!("{}{path}", self.admin())).await
    }

    /// Requests a path at the address that Slack calls.
    pub async fn gets_at_the_door(&self, path: &str) -> Answered {
        get(&format!("{}{path}", self.address())).await
    }

    /// Returns the number of a line of the metrics. All tests of a process count together, so it only grows.
    pub async fn counted(&self, line: &str) -> u64 {
        let page = self.gets("/metrics").await.body;
        let number = page.lines().find_map(|found| found.strip_prefix(line)?.strip_prefix(' '));
        number.map_or(0, |number| number.parse().unwrap())
    }

    /// Returns a slash command in `#general` as Slack's form, with text that Slack has escaped.
    pub fn command_of(&self, who: &str, typed: &str) -> String {
        command_form(&self.sandbox.team_id(), &self.id(who), &self.general(), typed)
    }

    /// Sends a person's slash command in `#general` over HTTP, with text that Slack has escaped; the bot does all
    /// that follows at once. Returns the answer with names for mentions.
    pub async fn sends_command(&mut self, who: &str, typed: &str) -> String {
        let body = self.command_of(who, typed);
        let answered = self.sends("/slack/commands", FORM, body.as_bytes()).await;
        assert_eq!(answered.status, 200, "{typed}");
        self.settle().await;
        self.as_read(&answered.text())
    }

    /// Returns the whole ledger, a line for each gift and person, oldest first.
    pub async fn ledger(&self) -> Vec<KudosLedgerLine> {
        ledger(&self.parts.engine.store, from_ms(0), ("", ""), 1_000).await.unwrap()
    }

    /// Returns the names of the people that counted gifts thank, in the ledger's order.
    pub async fn thanked(&self) -> Vec<String> {
        let counts = self.ledger().await.into_iter().filter(|line| line.undone_at.is_none());
        counts.map(|line| self.person(&line.receiver).name()).collect()
    }

    /// Returns what a person reads in their DM with the bot.
    pub fn reads_dm(&self, who: &str) -> Vec<String> {
        self.reads(who, &self.user)
    }
}
