//! Converts the fields of forms and the menus of messages to Slack's JSON, and reads Slack's answers. Both directions
//! are here, so that every field can be read back: `tests` compares them.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime};
use serde_json::{Value, json};
use slack_morphism::prelude::{
    SlackActionBlockElement, SlackBlockCheckboxesElement, SlackBlockChoiceItem, SlackBlockConversationFilter,
    SlackBlockConversationsSelectElement, SlackBlockDatePickerElement, SlackBlockDateTimePickerElement,
    SlackBlockEmailInputElement, SlackBlockExternalSelectElement, SlackBlockMultiConversationsSelectElement,
    SlackBlockMultiExternalSelectElement, SlackBlockMultiStaticSelectElement,
    SlackBlockMultiUsersSelectElement, SlackBlockNumberInputElement, SlackBlockPlainTextInputElement,
    SlackBlockPlainTextOnly, SlackBlockRadioButtonsElement, SlackBlockStaticSelectElement, SlackBlockText,
    SlackBlockTimePickerElement, SlackBlockUrlInputElement, SlackBlockUsersSelectElement,
    SlackConversationFilterInclude, SlackInputBlockElement,
};

use super::{
    limit,
    text_objects::{CHOICE_SEPARATOR, first, plain, some, some_plain},
};
use crate::model::{
    event::FieldValue,
    message::{Field, Pick, Select, SelectOption, Shape},
    people::ChannelId,
};

/// How long an id may be, in bytes.
const LONGEST: usize = 255;

/// Slack's form of dates and times of day.
const DATE: &str = "%Y-%m-%d";
const TIME: &str = "%H:%M";

type PlainOption = SlackBlockChoiceItem<SlackBlockPlainTextOnly>;

/// Converts a field; `None` if there is nothing to choose from.
pub(super) fn element(field: &Field, name: &str) -> Option<SlackInputBlockElement> {
    Some(match field {
        Field::People { chosen, limit } => {
            let most = (*limit).max(1);
            let chosen: Vec<String> = chosen.iter().take(most).map(ToString::to_string).collect();
            SlackBlockMultiUsersSelectElement::new()
                .with_action_id(name.into())
                .opt_initial_users(filled(chosen))
                .with_max_selected_items(most as u64)
                .into()
        }
        Field::Text { written, placeholder, multiline, limit } => {
            let most = (*limit).clamp(1, limit::WRITTEN);
            SlackBlockPlainTextInputElement::new()
                .with_action_id(name.into())
                .opt_placeholder(some_plain(placeholder, limit::PLACEHOLDER))
                .opt_initial_value(some(first(written, most)))
                .with_multiline(*multiline)
                .with_max_length(most as u64)
                .into()
        }
        Field::Number { written, least, most } => SlackBlockNumberInputElement::new(false)
            .with_action_id(name.into())
            .opt_initial_value(written.map(|number| number.to_string()))
            .opt_min_value(least.map(|number| number.to_string()))
            .opt_max_value(most.map(|number| number.to_string()))
            .into(),
        Field::Email { written } => SlackBlockEmailInputElement::new()
            .with_action_id(name.into())
            .opt_initial_value(some(first(written, limit::WRITTEN)).map(Into::into))
            .into(),
        Field::Url { written } => SlackBlockUrlInputElement::new()
            .with_action_id(name.into())
            .opt_initial_value(some(first(written, limit::WRITTEN)))
            .into(),
        Field::Date { chosen } => date_picker(*chosen, name, "").into(),
        Field::Time { chosen } => time_picker(*chosen, name, "").into(),
        Field::Instant { chosen } => {
            let seconds = chosen.map(|at| at.timestamp()).filter(|at| limit::MOMENTS.contains(at));
            SlackBlockDateTimePickerElement::new()
                .with_action_id(name.into())
                .opt_initial_date_time(seconds.and_then(|at| serde_json::from_value(json!(at)).ok()))
                .into()
        }
        Field::Choice { .. } | Field::Choices { .. } => choice(field, name)?,
        Field::Fed { chosen, least_typed } => fed(chosen.as_ref(), *least_typed, name, "").into(),
        Field::FedMany { chosen, limit, least_typed } => {
            let most = (*limit).clamp(1, limit::OPTIONS);
            SlackBlockMultiExternalSelectElement::new()
                .with_action_id(name.into())
                .opt_initial_options(filled(options(chosen, most)))
                .with_max_selected_items(most as u64)
                .with_min_query_length((*least_typed).into())
                .into()
        }
        Field::Person { chosen } => users(chosen.as_ref().map(ToString::to_string), name, "").into(),
        Field::Channel { chosen } => channels(chosen.as_ref(), name, "").into(),
        Field::Channels { chosen, limit } => {
            let most = (*limit).max(1);
            let chosen: Vec<_> = chosen.iter().take(most).map(|channel| channel.as_str().into()).collect();
            SlackBlockMultiConversationsSelectElement::new()
                .with_action_id(name.into())
                .opt_initial_conversations(filled(chosen))
                .with_max_selected_items(most as u64)
                .with_filter(channels_only())
                .into()
        }
    })
}

/// Converts a choice of one or several options, as a menu, circles or boxes.
fn choice(field: &Field, name: &str) -> Option<SlackInputBlockElement> {
    let (all, chosen, shape, many): (_, &[String], _, _) = match field {
        Field::Choice { options, chosen, shape } => (options, chosen.as_slice(), *shape, false),
        Field::Choices { options, chosen, shape } => (options, chosen, *shape, true),
        _ => return None,
    };
    let all = filled(options(all, limit::OPTIONS))?;
    let is_chosen = |option: &&PlainOption| chosen.contains(&option.value);
    let initial: Vec<PlainOption> = all.iter().filter(is_chosen).cloned().collect();
    let open = shape == Shape::Open && all.len() <= limit::OPEN_OPTIONS;
    Some(match (many, open) {
        (false, false) => {
            let initial = initial.into_iter().next();
            SlackBlockStaticSelectElement::new()
                .with_action_id(name.into())
                .with_options(all)
                .opt_initial_option(initial)
                .into()
        }
        (false, true) => {
            let all = all.into_iter().map(in_the_open).collect();
            let initial = initial.into_iter().next().map(in_the_open);
            SlackBlockRadioButtonsElement::new(all)
                .with_action_id(name.into())
                .opt_initial_option(initial)
                .into()
        }
        (true, false) => SlackBlockMultiStaticSelectElement::new()
            .with_action_id(name.into())
            .with_options(all)
            .opt_initial_options(filled(initial))
            .into(),
        (true, true) => {
            let all = all.into_iter().map(in_the_open).collect();
            let initial = initial.into_iter().map(in_the_open).collect();
            SlackBlockCheckboxesElement::new(all)
                .with_action_id(name.into())
                .opt_initial_options(filled(initial))
                .into()
        }
    })
}

/// Converts a menu or picker below a message; `None` if there is nothing to choose from.
pub(super) fn select(ours: &Select) -> Option<SlackActionBlockElement> {
    let id = first(&format!("{}{CHOICE_SEPARATOR}{}", ours.action, ours.value), limit::ID);
    let grey = &ours.placeholder;
    Some(match &ours.pick {
        Pick::Choice { options: all, chosen } => {
            let all = filled(options(all, limit::OPTIONS))?;
            let initial = all.iter().find(|option| chosen.as_ref() == Some(&option.value)).cloned();
            SlackBlockStaticSelectElement::new()
                .with_action_id(id.into())
                .opt_placeholder(some_plain(grey, limit::PLACEHOLDER))
                .with_options(all)
                .opt_initial_option(initial)
                .into()
        }
        Pick::Fed { chosen, least_typed } => fed(chosen.as_ref(), *least_typed, &id, grey).into(),
        Pick::Person(chosen) => users(chosen.as_ref().map(ToString::to_string), &id, grey).into(),
        Pick::Channel(chosen) => channels(chosen.as_ref(), &id, grey).into(),
        Pick::Date(chosen) => date_picker(*chosen, &id, grey).into(),
        Pick::Time(chosen) => time_picker(*chosen, &id, grey).into(),
    })
}

fn date_picker(chosen: Option<NaiveDate>, id: &str, grey: &str) -> SlackBlockDatePickerElement {
    let chosen = chosen.filter(|date| (1..=9_999).contains(&date.year()));
    SlackBlockDatePickerElement::new()
        .with_action_id(id.into())
        .opt_placeholder(some_plain(grey, limit::PLACEHOLDER))
        .opt_initial_date(chosen.map(|date| date.format(DATE).to_string()))
}

fn time_picker(chosen: Option<NaiveTime>, id: &str, grey: &str) -> SlackBlockTimePickerElement {
    SlackBlockTimePickerElement::new()
        .with_action_id(id.into())
        .opt_placeholder(some_plain(grey, limit::PLACEHOLDER))
        .opt_initial_time(chosen.map(|time| time.format(TIME).to_string()))
}

fn users(chosen: Option<String>, id: &str, grey: &str) -> SlackBlockUsersSelectElement {
    SlackBlockUsersSelectElement::new()
        .with_action_id(id.into())
        .opt_placeholder(some_plain(grey, limit::PLACEHOLDER))
        .opt_initial_user(chosen)
}

/// Slack's menu of channels alone would leave private ones out.
fn channels(chosen: Option<&ChannelId>, id: &str, grey: &str) -> SlackBlockConversationsSelectElement {
    SlackBlockConversationsSelectElement::new()
        .with_action_id(id.into())
        .opt_placeholder(some_plain(grey, limit::PLACEHOLDER))
        .opt_initial_conversation(chosen.map(|channel| channel.as_str().into()))
        .with_filter(channels_only())
}

fn channels_only() -> SlackBlockConversationFilter {
    let kinds = vec![SlackConversationFilterInclude::Public, SlackConversationFilterInclude::Private];
    SlackBlockConversationFilter::new().with_include(kinds)
}

fn fed(chosen: Option<&SelectOption>, least: u8, id: &str, grey: &str) -> SlackBlockExternalSelectElement {
    SlackBlockExternalSelectElement::new()
        .with_action_id(id.into())
        .opt_placeholder(some_plain(grey, limit::PLACEHOLDER))
        .opt_initial_option(chosen.and_then(option))
        .with_min_query_length(least.into())
}

/// Converts options up to the limit, without those whose value would be cut.
pub(super) fn options(ours: &[SelectOption], most: usize) -> Vec<PlainOption> {
    ours.iter().filter_map(option).take(most).collect()
}

fn option(ours: &SelectOption) -> Option<PlainOption> {
    let fits = !ours.value.is_empty() && ours.value.chars().count() <= limit::CHOICE_VALUE;
    fits.then(|| SlackBlockChoiceItem::new(plain(&ours.label, limit::OPTION_LABEL), ours.value.clone()))
}

/// An option beside a circle or a box.
fn in_the_open(option: PlainOption) -> SlackBlockChoiceItem<SlackBlockText> {
    SlackBlockChoiceItem::new(option.text.into(), option.value)
}

/// Slack refuses empty lists.
fn filled<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// Returns what all fields of a state hold, each by its `action_id`, which is its name.
pub(super) fn answers(state: Option<&Value>) -> BTreeMap<String, FieldValue> {
    let blocks = state.and_then(Value::as_object).into_iter().flatten();
    let elements = blocks.filter_map(|(_, block)| block.as_object()).flatten();
    elements.filter_map(|(name, element)| Some((name.clone(), answer(element)?))).collect()
}

/// Returns what one field holds, if it is of a known kind. A menu that was just used has the same form.
pub(super) fn answer(element: &Value) -> Option<FieldValue> {
    let text = |key: &str| element.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let id = |key: &str| text(key).filter(|id| id.len() <= LONGEST);
    let or_empty = |answer: Option<FieldValue>| answer.unwrap_or(FieldValue::Empty);
    Some(match element.get("type")?.as_str()? {
        "plain_text_input" | "email_text_input" | "url_text_input" => {
            FieldValue::Text(text("value").unwrap_or_default().to_owned())
        }
        "number_input" => or_empty(text("value").map(number)),
        "datepicker" => or_empty(text("selected_date").map(date)),
        "timepicker" => or_empty(text("selected_time").map(time)),
        "datetimepicker" => {
            let seconds = element.get("selected_date_time").and_then(Value::as_i64);
            or_empty(seconds.and_then(|at| DateTime::from_timestamp(at, 0)).map(FieldValue::Instant))
        }
        "static_select" | "external_select" | "radio_buttons" => {
            or_empty(element.get("selected_option").and_then(value_of).map(FieldValue::Choice))
        }
        "multi_static_select" | "multi_external_select" | "checkboxes" => {
            FieldValue::Choices(listed(element, "selected_options").filter_map(value_of).collect())
        }
        "users_select" => or_empty(id("selected_user").map(|id| FieldValue::Person(id.into()))),
        "multi_users_select" => FieldValue::People(ids(element, "selected_users").map(Into::into).collect()),
        "channels_select" => or_empty(id("selected_channel").map(|id| FieldValue::Channel(id.into()))),
        "conversations_select" => {
            or_empty(id("selected_conversation").map(|id| FieldValue::Channel(id.into())))
        }
        "multi_channels_select" => {
            FieldValue::Channels(ids(element, "selected_channels").map(Into::into).collect())
        }
        "multi_conversations_select" => {
            FieldValue::Channels(ids(element, "selected_conversations").map(Into::into).collect())
        }
        _ => return None,
    })
}

/// Slack's client accepts only whole numbers where the field asks for one; one that exceeds an integer stays text.
fn number(typed: &str) -> FieldValue {
    typed.trim().parse().map_or_else(|_| FieldValue::Text(typed.to_owned()), FieldValue::Number)
}

/// Slack's calendar sends dates of one form only; another text stays one, so that a form can say it wasn't understood.
fn date(chosen: &str) -> FieldValue {
    let read = NaiveDate::parse_from_str(chosen, DATE);
    read.map_or_else(|_| FieldValue::Text(chosen.to_owned()), FieldValue::Date)
}

fn time(chosen: &str) -> FieldValue {
    NaiveTime::parse_from_str(chosen, TIME).map_or(FieldValue::Empty, FieldValue::Time)
}

fn value_of(option: &Value) -> Option<String> {
    option
        .get("value")?
        .as_str()
        .filter(|value| value.chars().count() <= limit::CHOICE_VALUE)
        .map(str::to_owned)
}

fn listed<'a>(element: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    element.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn ids<'a>(element: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    listed(element, key).filter_map(Value::as_str).filter(|id| !id.is_empty() && id.len() <= LONGEST)
}
