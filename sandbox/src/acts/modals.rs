//! Filling in, submitting and closing modals.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::PersonHandle;
use crate::answer::{Submission, View};
use crate::api::checked_view;
use crate::blocks::Surface;
use crate::deliver::{self, Kind, Reply};
use crate::limits::VIEW_STACK;
use crate::state::World;
use crate::state::views::{Held, elements};

impl PersonHandle {
    /// The modal on top, if one is open.
    pub fn modal(&self) -> Option<View> {
        self.hub.look(|world| world.modals(&self.id).last().map(|held| world.view(held)))
    }

    /// Waits for a modal to be open; `None` after five seconds of real time.
    pub async fn sees_modal(&self) -> Option<View> {
        let sandbox = crate::Sandbox { hub: self.hub.clone() };
        sandbox.eventually(|_| self.modal()).await
    }

    /// Fills in a field of the modal on top, found by its block id, its label or its action id: text, an option by its
    /// text or value, people as `@name`; several in a list. Says whether there is such a field and it takes the value.
    pub fn fills(&self, field: &str, value: impl Into<Value>) -> bool {
        self.fills_view(|world| world.modals(&self.id).last().copied().cloned(), field, &value.into())
    }

    /// Fills in a field of the Home.
    pub(crate) fn fills_home(&self, field: &str, value: &Value) -> bool {
        self.fills_view(|world| world.home(&self.id).cloned(), field, value)
    }

    fn fills_view(&self, view: impl FnOnce(&World) -> Option<Held>, field: &str, value: &Value) -> bool {
        self.hub.with(|world| {
            let Some(held) = view(world) else {
                return false;
            };
            let named = |(block, element): &(&Value, &Value)| {
                block["block_id"] == field || block["label"]["text"] == field || element["action_id"] == field
            };
            let Some((block, element)) = elements(&held.view).into_iter().find(named) else {
                return false;
            };
            let Ok(filled) = filled(world, element, value) else {
                return false;
            };
            let (Some(block_id), Some(action_id)) =
                (block["block_id"].as_str(), element["action_id"].as_str())
            else {
                return false;
            };
            let mine = world.views.iter_mut().find(|view| view.id == held.id);
            mine.is_some_and(|view| {
                view.values.entry(block_id).or_insert_with(|| json!({}))[action_id] = filled;
                true
            })
        })
    }

    /// Submits the modal on top. What the client itself refuses, the app is not asked about.
    pub async fn submits(&self) -> Submission {
        let prepared = self.changes(|world| {
            let held = world.modals(&self.id).last().copied().cloned().ok_or("no_view")?;
            let missing = missing(&held);
            if !missing.is_empty() {
                return Ok(Err(missing));
            }
            let app = world.app(&held.app_id).ok_or("no_app")?.clone();
            let payload = world.submission(&app, &held);
            Ok(Ok((app, held, payload)))
        });
        let (app, held, payload) = match prepared {
            Err(_) => return Submission::NoAnswer,
            Ok(Err(missing)) => return Submission::Errors(missing),
            Ok(Ok(prepared)) => prepared,
        };
        let url = app.interaction_url.clone();
        let parcel = self.parcel(Kind::Interaction, &app, payload, url);
        let reply = deliver::send(&self.hub, &parcel).await;
        match reply {
            Reply::Acknowledged(said) => self.hub.with(|world| submitted(world, &held, &said)),
            Reply::NoAnswer | Reply::Failed(_) => Submission::NoAnswer,
        }
    }

    /// Closes the modal on top; the app is told if it asked to be.
    pub fn closes(&self) {
        let prepared = self.changes(|world| {
            let held = world.modals(&self.id).last().copied().cloned().ok_or("no_view")?;
            world.views.retain(|view| view.id != held.id);
            let app = world.app(&held.app_id).ok_or("no_app")?.clone();
            let payload = world.closing(&app, &held, false);
            Ok((held.view["notify_on_close"] == true).then_some((app, payload)))
        });
        if let Ok(Some((app, payload))) = prepared {
            let url = app.interaction_url.clone();
            let parcel = self.parcel(Kind::Interaction, &app, payload, url);
            self.hub.runtime.spawn(deliver::send(&self.hub, &parcel));
        }
    }
}

/// Required fields without a value and texts of the wrong length, in the client's words.
fn missing(held: &Held) -> BTreeMap<String, String> {
    let mut wrong = BTreeMap::new();
    for block in held.view["blocks"].as_array().into_iter().flatten().filter(|block| block["type"] == "input")
    {
        let Some(id) = block["block_id"].as_str() else {
            continue;
        };
        let element = &block["element"];
        let value = &held.values.get(id).cloned().unwrap_or_default()
            [element["action_id"].as_str().unwrap_or_default()];
        let given = value.as_object().and_then(|fields| fields.iter().find(|(key, _)| *key != "type"));
        let given = given.map_or(&Value::Null, |(_, value)| value);
        let empty =
            given.is_null() || given.as_array().is_some_and(Vec::is_empty) || given.as_str() == Some("");
        if empty && block["optional"] != true {
            wrong.insert(id.to_owned(), "Please complete this required field.".to_owned());
        }
        let length = given.as_str().map_or(0, |text| text.chars().count()) as u64;
        if !empty && element["type"] == "plain_text_input" {
            if let Some(most) = element["max_length"].as_u64().or(Some(3_000)).filter(|most| length > *most) {
                wrong.insert(id.to_owned(), format!("Please shorten this to {most} characters or less."));
            }
            if let Some(least) = element["min_length"].as_u64().filter(|least| length < *least) {
                wrong.insert(id.to_owned(), format!("Please lengthen this to {least} characters or more."));
            }
        }
    }
    wrong
}

/// Does what an app answers to a submission.
fn submitted(world: &mut World, held: &Held, said: &Value) -> Submission {
    let view = &said["view"];
    match said["response_action"].as_str() {
        None if said.is_null() || said.as_object().is_some_and(serde_json::Map::is_empty) => {
            world.views.retain(|view| view.id != held.id);
            Submission::Closed
        }
        Some("clear") => {
            world.views.retain(|view| view.home || view.user != held.user);
            Submission::Closed
        }
        Some("errors") => {
            let inputs: Vec<&str> =
                elements(&held.view).iter().filter_map(|(block, _)| block["block_id"].as_str()).collect();
            let said = said["errors"].as_object().into_iter().flatten();
            let errors: BTreeMap<String, String> =
                said.filter_map(|(block, error)| Some((block.clone(), error.as_str()?.to_owned()))).collect();
            // Slack shows "we had some trouble connecting" for errors it cannot put at a field.
            let placed = !errors.is_empty() && errors.keys().all(|block| inputs.contains(&block.as_str()));
            if placed { Submission::Errors(errors) } else { Submission::NoAnswer }
        }
        Some("update") if checked_view(&world.views, view, Surface::Modal, Some(&held.id)).is_ok() => {
            world.replace_view(&held.id, view.clone());
            Submission::Updated
        }
        Some("push") if checked_view(&world.views, view, Surface::Modal, None).is_ok() => {
            if world.modals(&held.user).len() >= VIEW_STACK {
                return Submission::NoAnswer;
            }
            world.hold_view(&held.app_id, &held.user, view.clone(), Some(held));
            Submission::Pushed
        }
        _ => Submission::NoAnswer,
    }
}

/// The state of an element with this value.
pub(super) fn filled(world: &World, element: &Value, value: &Value) -> Result<Value, &'static str> {
    let kind = element["type"].as_str().unwrap_or_default();
    let many: Vec<&str> = match value {
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        Value::String(text) => vec![text],
        _ => Vec::new(),
    };
    let one = many.first().copied();
    let options = || many.iter().map(|text| option(element, text)).collect::<Result<Vec<Value>, _>>();
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
        "static_select" | "radio_buttons" | "overflow" | "external_select" => {
            json!({ "selected_option": options()?.into_iter().next() })
        }
        "multi_static_select" | "checkboxes" | "multi_external_select" => {
            json!({ "selected_options": options()? })
        }
        "users_select" => json!({ "selected_user": users()?.into_iter().next() }),
        "multi_users_select" => json!({ "selected_users": users()? }),
        "channels_select" => json!({ "selected_channel": channels()?.into_iter().next() }),
        "multi_channels_select" => json!({ "selected_channels": channels()? }),
        "conversations_select" => {
            json!({ "selected_conversation": channels()?.into_iter().next() })
        }
        "multi_conversations_select" => json!({ "selected_conversations": channels()? }),
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

/// The rich text a person writes who uses none of its styles.
fn rich(text: &str) -> Value {
    let said = json!({ "type": "text", "text": text });
    json!({ "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [said] }] })
}

/// The option with this text or value.
fn option(element: &Value, named: &str) -> Result<Value, &'static str> {
    let groups = element["option_groups"].as_array().into_iter().flatten();
    let grouped = groups.filter_map(|group| group["options"].as_array()).flatten();
    let mut options = element["options"].as_array().into_iter().flatten().chain(grouped);
    options
        .find(|option| option["text"]["text"] == named || option["value"] == named)
        .cloned()
        .ok_or("no_such_option")
}

impl World {
    /// The Home someone has, of whichever app published it last.
    pub(crate) fn home(&self, user: &str) -> Option<&Held> {
        self.views.iter().rev().find(|held| held.home && held.user == user)
    }

    /// A view as a person sees it.
    pub(crate) fn view(&self, held: &Held) -> View {
        let raw = self.view_json(held);
        let blocks = raw["blocks"].as_array().cloned().unwrap_or_default();
        let text = |key: &str| raw[key].as_str().unwrap_or_default().to_owned();
        let title = if held.home { "" } else { raw["title"]["text"].as_str().unwrap_or_default() };
        View {
            id: held.id.clone(),
            callback_id: text("callback_id"),
            title: title.to_owned(),
            private_metadata: text("private_metadata"),
            values: raw["state"]["values"].clone(),
            plain: self.plain(title, &blocks),
            blocks,
            raw,
        }
    }
}
