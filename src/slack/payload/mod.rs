//! The parser of both listeners: from Slack's raw JSON or form to a delivery, taking only what it needs.
//!
//! Every field is looked up by itself. A field that is missing, null or of an unexpected type counts as absent, so that
//! an odd value in an unused field cannot cost a person their words.

mod command;
mod event;
mod interaction;
mod person;
mod place;

use std::{borrow::Cow, fmt::Write};

use ring::digest;
use serde_json::{Map, Value};

pub(super) use person::person;

use crate::model::{
    event::{Delivery, Event},
    people::TeamId,
};

/// The meaning of a readable request.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming {
    /// A delivery for the dispatcher.
    Deliver(Box<Delivery>),
    /// Slack wants this back as proof that the address is ours.
    Challenge(String),
    /// Slack checks that the address answers.
    SslCheck,
    /// Nothing can be done with it, and why: a label for the metrics.
    Unusable(&'static str),
}

/// Why a request cannot be read at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableRequest {
    /// It is not a JSON object.
    #[error("the body is not a JSON object")]
    Json,
    /// It is neither JSON nor a form that Slack sends.
    #[error("the body is not a form that Slack sends")]
    Form,
}

/// Why a parser found nothing to do: a label for the metrics.
type Why = &'static str;

/// Reads the body of an HTTP request. The content type decides if it names form or JSON; else the body's first
/// character does.
pub fn from_http(content_type: Option<&str>, body: &[u8]) -> Result<Incoming, UnreadableRequest> {
    let content_type = content_type.unwrap_or_default().trim_start().to_ascii_lowercase();
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    let is_json = content_type.starts_with("application/json");
    if is_json || (!is_form && body.trim_ascii_start().first() == Some(&b'{')) {
        return Ok(from_json(&object(body)?));
    }
    let text = std::str::from_utf8(body).map_err(|_| UnreadableRequest::Form)?;
    let form: Map<String, Value> = form_urlencoded::parse(text.as_bytes())
        .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
        .collect();
    if let Some(Value::String(payload)) = form.get("payload") {
        return Ok(from_json(&object(payload.as_bytes())?));
    }
    if form.contains_key("ssl_check") {
        return Ok(Incoming::SslCheck);
    }
    if form.contains_key("command") {
        return Ok(from_envelope("slash_commands", &Value::Object(form)));
    }
    Err(UnreadableRequest::Form)
}

/// Reads an envelope of Socket Mode by its type.
pub fn from_envelope(kind: &str, payload: &Value) -> Incoming {
    let payload = without_nul(payload);
    let fields = PayloadFields(&payload);
    let read = match kind {
        "slash_commands" => command::read(fields),
        "interactive" => interaction::read(fields),
        "events_api" => event::read(fields),
        _ => Err("unknown_envelope"),
    };
    match read {
        Ok(delivery) => Incoming::Deliver(Box::new(delivery)),
        Err(why) => Incoming::Unusable(why),
    }
}

/// Reads a JSON object from HTTP, where only its content tells what it is.
fn from_json(payload: &Value) -> Incoming {
    let fields = PayloadFields(payload);
    match fields.text("/type") {
        Some("url_verification") => match fields.text("/challenge") {
            Some(challenge) => Incoming::Challenge(challenge.to_owned()),
            None => Incoming::Unusable("no_challenge"),
        },
        Some("event_callback") => from_envelope("events_api", payload),
        Some("app_rate_limited") => Incoming::Unusable("app_rate_limited"),
        None if fields.text("/command").is_some() => from_envelope("slash_commands", payload),
        None => Incoming::Unusable("no_type"),
        Some(_) => from_envelope("interactive", payload),
    }
}

fn object(body: &[u8]) -> Result<Value, UnreadableRequest> {
    serde_json::from_slice(body).ok().filter(Value::is_object).ok_or(UnreadableRequest::Json)
}

/// Replaces the character U+0000, which PostgreSQL refuses in a text, with the replacement character.
fn without_nul(payload: &Value) -> Cow<'_, Value> {
    fn has_nul(value: &Value) -> bool {
        match value {
            Value::String(text) => text.contains('\0'),
            Value::Array(items) => items.iter().any(has_nul),
            Value::Object(fields) => fields.values().any(has_nul),
            _ => false,
        }
    }
    fn repaired(value: &Value) -> Value {
        match value {
            Value::String(text) => Value::String(text.replace('\0', "\u{fffd}")),
            Value::Array(items) => items.iter().map(repaired).collect(),
            Value::Object(fields) => {
                fields.iter().map(|(name, field)| (name.clone(), repaired(field))).collect()
            }
            other => other.clone(),
        }
    }
    if has_nul(payload) { Cow::Owned(repaired(payload)) } else { Cow::Borrowed(payload) }
}

/// How long an id may be. Slack's have a dozen characters and its triggers some sixty; a longer one is not an id, and
/// no database would index it.
const LONGEST_ID: usize = 255;

/// A payload whose fields are looked up by JSON pointer, without its escapes: no field that we read needs them.
#[derive(Clone, Copy)]
struct PayloadFields<'a>(&'a Value);

impl<'a> PayloadFields<'a> {
    /// Returns the value at a pointer.
    fn at(self, pointer: &str) -> Option<&'a Value> {
        pointer.split('/').skip(1).try_fold(self.0, |value, step| match value {
            Value::Object(fields) => fields.get(step),
            Value::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Returns a text that is present and not empty.
    fn text(self, pointer: &str) -> Option<&'a str> {
        self.at(pointer)?.as_str().filter(|text| !text.is_empty())
    }

    /// Returns an id of Slack's.
    fn id(self, pointer: &str) -> Option<&'a str> {
        self.text(pointer).filter(|id| id.len() <= LONGEST_ID)
    }

    /// Returns a text, empty if it is absent.
    fn words(self, pointer: &str) -> String {
        self.text(pointer).unwrap_or_default().to_owned()
    }

    /// Whether a flag is present and set.
    fn is_set(self, pointer: &str) -> bool {
        self.at(pointer).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns the workspace, from the first of these places that names it.
    fn team(self, pointers: &[&str]) -> Result<TeamId, Why> {
        pointers.iter().find_map(|pointer| self.id(pointer)).map(TeamId::from).ok_or("no_team")
    }

    /// Returns a delivery whose key is the id at `pointer`, or a digest of its whole content if that is missing.
    fn delivery(self, pointer: &str, team: TeamId, event: Event) -> Delivery {
        let key = self.id(pointer).map_or_else(|| fingerprint(self.0), str::to_owned);
        Delivery { key, team, event }
    }
}

/// Returns a payload's SHA-256 digest, as a key for deliveries without one.
fn fingerprint(payload: &Value) -> String {
    let digest = digest::digest(&digest::SHA256, payload.to_string().as_bytes());
    digest.as_ref().iter().fold("sha256:".to_owned(), |mut hex, byte| {
        // Writing to a String cannot fail.
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_challenge_is_given_back_and_a_look_is_answered() {
        let body = br#"{"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}"#;
        let challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P".to_owned();
        assert_eq!(from_http(Some("application/json"), body), Ok(Incoming::Challenge(challenge)));
        let form = Some("application/x-www-form-urlencoded; charset=utf-8");
        assert_eq!(from_http(form, b"ssl_check=1&token=x"), Ok(Incoming::SslCheck));
    }

    #[test]
    fn garbage_is_unreadable() {
        let form = Some("application/x-www-form-urlencoded");
        let json = Some("application/json");
        assert_eq!(from_http(json, b"{\"type\":"), Err(UnreadableRequest::Json));
        assert_eq!(from_http(json, b"[]"), Err(UnreadableRequest::Json));
        assert_eq!(from_http(json, b""), Err(UnreadableRequest::Json));
        assert_eq!(from_http(json, "[".repeat(100_000).as_bytes()), Err(UnreadableRequest::Json));
        assert_eq!(from_http(form, b""), Err(UnreadableRequest::Form));
        assert_eq!(from_http(form, b"hello"), Err(UnreadableRequest::Form));
        assert_eq!(from_http(form, b"payload=hello"), Err(UnreadableRequest::Json));
        assert_eq!(from_http(form, &[0xff, 0xfe]), Err(UnreadableRequest::Form));
        assert_eq!(from_http(None, b"\0\0\0"), Err(UnreadableRequest::Form));
    }

    #[test]
    fn what_is_readable_and_unknown_is_unusable() {
        let read = |body: &Value| from_http(Some("application/json"), body.to_string().as_bytes());
        assert_eq!(read(&json!({})), Ok(Incoming::Unusable("no_type")));
        assert_eq!(read(&json!({"type": "url_verification"})), Ok(Incoming::Unusable("no_challenge")));
        assert_eq!(read(&json!({"type": "app_rate_limited"})), Ok(Incoming::Unusable("app_rate_limited")));
        assert_eq!(read(&json!({"type": "dance"})), Ok(Incoming::Unusable("unknown_interaction")));
        assert_eq!(from_envelope("dance", &json!({})), Incoming::Unusable("unknown_envelope"));
        assert_eq!(from_envelope("slash_commands", &Value::Null), Incoming::Unusable("no_team"));
    }

    #[test]
    fn without_a_content_type_the_body_says_what_it_is() {
        let body = br#"  {"type":"url_verification","challenge":"c"}"#;
        assert_eq!(from_http(None, body), Ok(Incoming::Challenge("c".to_owned())));
        assert_eq!(from_http(None, b"ssl_check=1"), Ok(Incoming::SslCheck));
    }

    #[test]
    fn what_no_database_could_keep_is_no_id_and_no_text() {
        let payload = |user: &str, text: &str| json!({"team_id": "T1", "user_id": user, "channel_id": "C1", "command": "/rondo", "text": text});
        let long = "U".repeat(LONGEST_ID + 1);
        assert_eq!(from_envelope("slash_commands", &payload(&long, "")), Incoming::Unusable("no_user"));
        let read = from_envelope("slash_commands", &payload("U1", "a\0b"));
        let Incoming::Deliver(delivery) = read else { panic!("{read:?}") };
        let Event::Command(command) = delivery.event else { panic!("{:?}", delivery.event) };
        assert_eq!(command.text, "a\u{fffd}b");
        let mut with_long_trigger = payload("U1", "");
        with_long_trigger["trigger_id"] = long.into();
        let read = from_envelope("slash_commands", &with_long_trigger);
        let Incoming::Deliver(delivery) = read else { panic!("{read:?}") };
        assert!(delivery.key.starts_with("sha256:"));
    }

    #[test]
    fn a_missing_key_is_made_of_the_content() {
        let one = fingerprint(&json!({"text": "a"}));
        assert_eq!(one, fingerprint(&json!({"text": "a"})));
        assert_ne!(one, fingerprint(&json!({"text": "b"})));
        assert_eq!(one.len(), "sha256:".len() + 64);
    }
}
