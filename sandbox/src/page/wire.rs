//! Calls and deliveries as the page shows them: all in short, one in full, and the switches for faults.

use std::time::Duration;

use serde_json::{Value, json};

use super::shown::{shown_call, shown_delivery};
use crate::api::args::Args;
use crate::base::limits::Tier;
use crate::base::scopes;
use crate::control::faults::Faults;
use crate::control::sandbox::Sandbox;
use crate::hub::switches::Switches;
use crate::types::traffic::{Call, Delivery};
use crate::workspace::World;
use crate::workspace::wire::Seen;

const ROWS: usize = 150;
/// Characters of a row's summary.
const SUMMARY: usize = 120;
/// The default latency of the "slow" switch.
const SLOW_MS: usize = 2_000;
/// The `Retry-After` of a 429 that was switched on.
const RETRY_AFTER_S: u64 = 2;

/// Returns the call or delivery with this number in full.
pub(super) fn whole(world: &World, wanted: u64) -> Value {
    let found = world.wire.newest_first().find(|(number, _)| *number == wanted);
    found.map_or(Value::Null, |(_, seen)| match seen {
        Seen::Call(call) => shown_call(call),
        Seen::Delivery(delivery) => shown_delivery(delivery),
    })
}

/// Returns the newest rows that match `show` and `find`.
pub(super) fn shown(world: &World, args: &Args) -> Value {
    let (show, find) = (args.text("show"), args.text("find").unwrap_or_default().to_lowercase());
    let rows = world.wire.newest_first().filter_map(|(number, seen)| {
        let mut row = match seen {
            Seen::Call(call) => call_row(world, call),
            Seen::Delivery(delivery) => delivery_row(world, delivery),
        };
        let fits = match show {
            Some("calls") => matches!(seen, Seen::Call(_)),
            Some("deliveries") => matches!(seen, Seen::Delivery(_)),
            Some("refusals") => row["ok"] == false,
            _ => true,
        };
        let says = |key: &str| row[key].as_str().is_some_and(|text| text.to_lowercase().contains(&find));
        let found = find.is_empty() || ["name", "about", "error", "why"].into_iter().any(says);
        row["number"] = json!(number);
        (fits && found).then_some(row)
    });
    json!(rows.take(ROWS).collect::<Vec<_>>())
}

fn short(text: &str) -> String {
    let mut short: String = text.chars().take(SUMMARY).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn call_row(world: &World, call: &Call) -> Value {
    let text = |key: &str| call.args[key].as_str().unwrap_or_default();
    let place = world.channels.get(text("channel")).map(|channel| channel.name.as_str());
    let place =
        place.filter(|name| !name.is_empty()).map_or(text("channel").to_owned(), |name| format!("#{name}"));
    let about = [place.as_str(), text("user"), text("user_id"), text("users"), text("text")];
    let about: Vec<&str> = about.into_iter().filter(|part| !part.is_empty()).collect();
    // Only the sandbox knows an answer that was lost.
    let lost = call.answer.is_null();
    let ok = !lost && call.answer["ok"] != false;
    let error = if lost { Some("answer lost") } else { call.answer["error"].as_str() };
    json!({
        "kind": "call", "name": call.method, "about": short(&world.decode(&about.join(" "))), "at_ms": call.at_ms,
        "ok": ok, "error": error, "why": if ok { None } else { why(call) }, "status": call.http_status,
    })
}

/// Returns the rule that a refused call broke.
fn why(call: &Call) -> Option<String> {
    let answer = &call.answer;
    if let Some(messages) = answer["response_metadata"]["messages"].as_array() {
        let messages: Vec<&str> = messages.iter().filter_map(Value::as_str).collect();
        return Some(messages.join("\n"));
    }
    match answer["error"].as_str()? {
        "missing_scope" => Some(format!("needs {}", answer["needed"].as_str()?)),
        "ratelimited" => match scopes::method(&call.method)?.tier {
            Tier::PerMinute(calls) => Some(format!("about {calls} calls a minute")),
            Tier::Posting { workspace, .. } => {
                Some(format!("about one a second in a channel and {workspace} a minute in the workspace"))
            }
            Tier::Special => None,
        },
        _ => None,
    }
}

fn delivery_row(world: &World, delivery: &Delivery) -> Value {
    let payload = &delivery.payload;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (name, about) = match delivery.kind {
        "slash_commands" => (text(&payload["command"]), text(&payload["text"])),
        "events_api" => {
            let event = &payload["event"];
            (text(&event["type"]), text(&event["text"]))
        }
        _ => {
            let used = [
                &payload["actions"][0]["action_id"],
                &payload["callback_id"],
                &payload["view"]["callback_id"],
            ];
            (
                text(&payload["type"]),
                used.into_iter().map(text).find(|used| !used.is_empty()).unwrap_or_default(),
            )
        }
    };
    let ok = matches!(delivery.outcome.as_str(), "sent" | "acknowledged");
    let again = (delivery.attempt > 0).then(|| format!("again, retry {}", delivery.attempt));
    json!({
        "kind": "delivery", "name": name, "about": short(&world.decode(&about)), "at_ms": delivery.at_ms, "ok": ok,
        "error": if ok { None } else { Some(&delivery.outcome) }, "why": again, "outcome": delivery.outcome,
        "simulated": delivery.simulated, "again": delivery.again,
    })
}

/// Returns the faults that are switched on, for the page.
pub(super) fn faults(switches: &Switches) -> Value {
    let planned: Vec<Value> = switches
        .planned()
        .map(|(method, times, what)| json!({ "method": method, "times": times, "what": what }))
        .collect();
    json!({
        "slow": !switches.latency.is_zero(), "duplicate": switches.duplicates, "down": switches.down, "planned": planned,
    })
}

/// Switches a fault on or off by its name. Returns whether that name exists.
pub(super) fn switch(sandbox: &Sandbox, args: &Args) -> bool {
    let faults: Faults = sandbox.faults();
    let method = args.text("method").unwrap_or("*");
    let times = args.number("times").and_then(|times| u32::try_from(times).ok()).unwrap_or(1);
    let on = args.flag("on");
    match args.text("name").unwrap_or_default() {
        "slow" => {
            let ms = if on { args.number("ms").unwrap_or(SLOW_MS) } else { 0 };
            faults.latency(Duration::from_millis(ms as u64));
        }
        "limited" => faults.rate_limit(method, times, RETRY_AFTER_S),
        "broken" => faults.fail_5xx(method, times),
        "lost" => faults.lose_answer(method, times),
        "dropped" => faults.drop_sockets(),
        "duplicate" => faults.duplicate_deliveries(on),
        "down" => faults.down(on),
        "none" => faults.clear(),
        _ => return false,
    }
    sandbox.hub.news();
    true
}
