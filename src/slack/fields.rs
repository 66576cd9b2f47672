//! The fields of forms and the menus of messages: what one of ours is on Slack's wire, and what comes back of it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime};
use serde_json::Value;

use crate::model::event::Answer;

/// How long an id may be, in bytes, and an option's value, in characters.
const LONGEST: usize = 255;
const LONGEST_VALUE: usize = 150;

/// What all fields of a state hold, each by its `action_id`, which is its name.
pub(super) fn answers(state: Option<&Value>) -> BTreeMap<String, Answer> {
    let blocks = state.and_then(Value::as_object).into_iter().flatten();
    let elements = blocks.filter_map(|(_, block)| block.as_object()).flatten();
    elements.filter_map(|(name, element)| Some((name.clone(), answer(element)?))).collect()
}

/// What one field holds, where it is of a kind of ours. A menu that was just used says it in the same words.
pub(super) fn answer(element: &Value) -> Option<Answer> {
    let text = |key: &str| element.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = |key: &str| text(key).filter(|id| id.len() <= LONGEST);
    let or_empty = |answer: Option<Answer>| answer.unwrap_or(Answer::Empty);
    Some(match element.get("type")?.as_str()? {
        "plain_text_input" | "email_text_input" | "url_text_input" => {
            Answer::Text(text("value").unwrap_or_default().to_owned())
        }
        "number_input" => or_empty(text("value").map(number)),
        "datepicker" => or_empty(text("selected_date").map(date)),
        "timepicker" => or_empty(text("selected_time").map(time)),
        "datetimepicker" => {
            let seconds = element.get("selected_date_time").and_then(Value::as_i64);
            or_empty(seconds.and_then(|at| DateTime::from_timestamp(at, 0)).map(Answer::Instant))
        }
        "static_select" | "external_select" | "radio_buttons" => {
            or_empty(element.get("selected_option").and_then(value_of).map(Answer::Choice))
        }
        "multi_static_select" | "multi_external_select" | "checkboxes" => {
            Answer::Choices(listed(element, "selected_options").filter_map(value_of).collect())
        }
        "users_select" => or_empty(id("selected_user").map(|id| Answer::Person(id.into()))),
        "multi_users_select" => Answer::People(ids(element, "selected_users").map(Into::into).collect()),
        "channels_select" => or_empty(id("selected_channel").map(|id| Answer::Channel(id.into()))),
        "conversations_select" => or_empty(id("selected_conversation").map(|id| Answer::Channel(id.into()))),
        "multi_channels_select" => {
            Answer::Channels(ids(element, "selected_channels").map(Into::into).collect())
        }
        "multi_conversations_select" => {
            Answer::Channels(ids(element, "selected_conversations").map(Into::into).collect())
        }
        _ => return None,
    })
}

/// Slack's client lets whole numbers through only, where the field asks for one; one that no integer holds stays text.
fn number(typed: &str) -> Answer {
    typed.trim().parse().map_or_else(|_| Answer::Text(typed.to_owned()), Answer::Number)
}

fn date(chosen: &str) -> Answer {
    NaiveDate::parse_from_str(chosen, "%Y-%m-%d").map_or(Answer::Empty, Answer::Date)
}

fn time(chosen: &str) -> Answer {
    NaiveTime::parse_from_str(chosen, "%H:%M").map_or(Answer::Empty, Answer::Time)
}

fn value_of(option: &Value) -> Option<String> {
    option.get("value")?.as_str().filter(|value| value.chars().count() <= LONGEST_VALUE).map(str::to_owned)
}

fn listed<'a>(element: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    element.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn ids<'a>(element: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    listed(element, key).filter_map(Value::as_str).filter(|id| !id.is_empty() && id.len() <= LONGEST)
}
