//! What fields hold, and the checks of Slack's own client before it asks an app.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::base::limits::INPUT_TEXT;
use crate::workspace::World;
use crate::workspace::offers::{OpenMenu, is_named, options};
use crate::workspace::views::Held;

/// Returns the problems in a modal's fields by block id, in the client's words.
pub(super) fn missing(held: &Held) -> BTreeMap<String, String> {
    let blocks = held.view["blocks"].as_array().map(Vec::as_slice).unwrap_or_default();
    let inputs = blocks.iter().filter(|block| block["type"] == "input");
    let wrong = inputs.filter_map(|block| {
        let id = block["block_id"].as_str()?;
        let element = &block["element"];
        let value = &held.values.get(id).cloned().unwrap_or_default()
            [element["action_id"].as_str().unwrap_or_default()];
        let given = value.as_object().and_then(|fields| fields.iter().find(|(key, _)| *key != "type"));
        let said =
            complaint(element, given.map_or(&Value::Null, |(_, value)| value), block["optional"] == true)?;
        Some((id.to_owned(), said))
    });
    wrong.collect()
}

/// Returns what is wrong with one value.
fn complaint(element: &Value, given: &Value, optional: bool) -> Option<String> {
    let listed = given.as_array().map_or(0, Vec::len) as u64;
    if given.is_null() || given == "" || (given.is_array() && listed == 0) {
        return (!optional).then(|| "Please complete this required field.".to_owned());
    }
    if let Some(most) = element["max_selected_items"].as_u64().filter(|most| listed > *most) {
        return Some(format!("Please choose {most} at most."));
    }
    let text = given.as_str().unwrap_or_default();
    match element["type"].as_str()? {
        "plain_text_input" => wrong_length(element, text.chars().count() as u64),
        "email_text_input" if !is_email(text) => Some("Please enter a valid email address.".to_owned()),
        "url_text_input" if !is_url(text) => Some("Please enter a valid URL.".to_owned()),
        "number_input" => wrong_number(element, text),
        _ => None,
    }
}

fn wrong_length(element: &Value, length: u64) -> Option<String> {
    if let Some(least) = element["min_length"].as_u64().filter(|least| length < *least) {
        return Some(format!("Please lengthen this to {least} characters or more."));
    }
    let most = element["max_length"].as_u64().unwrap_or(INPUT_TEXT as u64);
    (length > most).then(|| format!("Please shorten this to {most} characters or less."))
}

fn wrong_number(element: &Value, text: &str) -> Option<String> {
    let decimals = element["is_decimal_allowed"] == true;
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
    let Some(number) = number.filter(|_| decimals || text.parse::<i64>().is_ok()) else {
        return Some(format!("Please enter a {}number.", if decimals { "" } else { "whole " }));
    };
    let bound = |key: &str| element[key].as_str().and_then(|bound| Some((bound, bound.parse::<f64>().ok()?)));
    if let Some((least, _)) = bound("min_value").filter(|(_, least)| number < *least) {
        return Some(format!("Please enter {least} or more."));
    }
    let (most, _) = bound("max_value").filter(|(_, most)| number > *most)?;
    Some(format!("Please enter {most} or less."))
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(who, place)| {
        !who.is_empty() && place.contains('.') && !place.contains('@') && !text.contains(char::is_whitespace)
    })
}

fn is_url(text: &str) -> bool {
    let place = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    place.is_some_and(|place| !place.is_empty() && !text.contains(char::is_whitespace))
}

/// Returns the state of an element that holds this value; `menu` says whose it is.
pub(super) fn filled(
    world: &World,
    menu: &OpenMenu,
    element: &Value,
    value: &Value,
) -> Result<Value, &'static str> {
    let kind = element["type"].as_str().unwrap_or_default();
    let many: Vec<&str> = match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        Value::String(text) if !text.is_empty() => vec![text],
        _ => Vec::new(),
    };
    let one = many.first().copied();
    let chosen = || many.iter().map(|text| option(element, text)).collect::<Result<Vec<Value>, _>>();
    let users = || {
        let found =
            many.iter().map(|name| world.find_user(name).map(|user| user.id.clone()).ok_or("user_not_found"));
        found.collect::<Result<Vec<String>, _>>()
    };
    let channels = || {
        let found = many.iter().map(|name| world.find_channel(name).map(|found| found.id.clone()));
        found.map(|found| found.ok_or("channel_not_found")).collect::<Result<Vec<String>, _>>()
    };
    let state = match kind {
        "plain_text_input" | "email_text_input" | "url_text_input" | "number_input" => {
            json!({ "value": one.filter(|text| !text.is_empty()) })
        }
        "external_select" => {
            json!({ "selected_option": offered(world, menu, element, value)?.into_iter().next() })
        }
        "multi_external_select" => json!({ "selected_options": offered(world, menu, element, value)? }),
        "static_select" | "radio_buttons" | "overflow" => {
            json!({ "selected_option": chosen()?.into_iter().next() })
        }
        "multi_static_select" | "checkboxes" => {
            json!({ "selected_options": chosen()? })
        }
        "users_select" => json!({ "selected_user": users()?.into_iter().next() }),
        "multi_users_select" => json!({ "selected_users": users()? }),
        "channels_select" => json!({ "selected_channel": channels()?.into_iter().next() }),
        "multi_channels_select" => json!({ "selected_channels": channels()? }),
        "conversations_select" => {
            json!({ "selected_conversation": channels()?.into_iter().next() })
        }
        "multi_conversations_select" => json!({ "selected_conversations": channels()? }),
        "file_input" => json!({ "files": uploaded(world, value) }),
        "datepicker" => json!({ "selected_date": one.filter(|text| !text.is_empty()) }),
        "timepicker" => json!({ "selected_time": one.filter(|text| !text.is_empty()) }),
        "datetimepicker" => {
            let seconds = value.as_i64().or_else(|| one?.parse().ok());
            json!({ "selected_date_time": seconds })
        }
        "rich_text_input" => {
            json!({ "rich_text_value": one.filter(|text| !text.is_empty()).map(rich) })
        }
        _ => return Err("not_fillable"),
    };
    let mut state = state;
    state["type"] = json!(kind);
    Ok(state)
}

/// Returns options of a menu that the app fills: each by the text or the value under which the app offered it to this
/// person last, or whole.
fn offered(
    world: &World,
    menu: &OpenMenu,
    element: &Value,
    value: &Value,
) -> Result<Vec<Value>, &'static str> {
    let listed = match value {
        Value::Array(options) => options.as_slice(),
        one => std::slice::from_ref(one),
    };
    let initial =
        element["initial_options"].as_array().into_iter().flatten().chain([&element["initial_option"]]);
    let found = listed.iter().filter(|one| !one.is_null() && *one != "").map(|one| match one {
        Value::String(named) => {
            let selected = || initial.clone().find(|option| is_named(option, named));
            world.offers.find(menu, named).or_else(selected).cloned().ok_or("no_such_option")
        }
        whole if whole["text"].is_object() && whole["value"].is_string() => Ok(whole.clone()),
        _ => Err("no_such_option"),
    });
    found.collect()
}

/// Returns files that were uploaded to this workspace before.
fn uploaded(world: &World, value: &Value) -> Vec<Value> {
    let files = value.as_array().into_iter().flatten();
    files.filter(|file| file["id"].as_str().is_some_and(|id| world.files.contains_key(id))).cloned().collect()
}

/// Returns the rich text of a person who uses no styles.
fn rich(text: &str) -> Value {
    let said = json!({ "type": "text", "text": text });
    json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [said] }] })
}

/// Returns the option with this text or value.
fn option(element: &Value, named: &str) -> Result<Value, &'static str> {
    options(element).find(|option| is_named(option, named)).cloned().ok_or("no_such_option")
}
