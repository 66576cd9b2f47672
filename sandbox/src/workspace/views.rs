//! Modals and Homes as the workspace keeps them, and the object that Slack shows for them.

use serde_json::{Map, Value, json};

use super::World;
use crate::base::blocks::find::flat;

/// How many modals a person can have open in all tabs.
const MOST_MODALS: usize = 60;
/// What stands for the tab of simulated people.
pub(crate) const OF_SIMULATED: &str = "simulated";

/// A view that a person has open.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) app_id: String,
    pub(crate) user: String,
    /// The tab of the page in which it's open; none for a Home, and for a form that was asked for outside of the page.
    pub(crate) tab: Option<String>,
    pub(crate) home: bool,
    /// The view that the app sent, each block with its id.
    pub(crate) view: Value,
    pub(crate) hash: String,
    pub(crate) root_id: String,
    pub(crate) previous_id: Option<String>,
    /// Values by block id and action id.
    pub(crate) values: Map<String, Value>,
}

impl Held {
    fn is_modal_of(&self, user: &str) -> bool {
        self.user == user && !self.home
    }
}

impl World {
    /// Keeps a view that was opened, pushed or published, on top of the person's stack in a tab.
    pub(crate) fn hold_view(
        &mut self,
        app_id: &str,
        (user, tab): (&str, Option<&str>),
        mut view: Value,
        previous: Option<&Held>,
    ) -> String {
        let id = self.ids.id("V");
        self.name_view(&mut view);
        let held = Held {
            id: id.clone(),
            app_id: app_id.to_owned(),
            user: user.to_owned(),
            tab: tab.map(str::to_owned),
            home: view["type"] == "home",
            values: initial_values(&view),
            view,
            hash: self.new_hash(),
            root_id: previous.map_or_else(|| id.clone(), |previous| previous.root_id.clone()),
            previous_id: previous.map(|previous| previous.id.clone()),
        };
        self.forms_shown.push(id.clone());
        self.views.push(held);
        id
    }

    /// Puts new content in a view. Values stay if their block and action stay.
    pub(crate) fn replace_view(&mut self, id: &str, mut view: Value) {
        self.name_view(&mut view);
        let hash = self.new_hash();
        if let Some(held) = self.views.iter_mut().find(|held| held.id == id) {
            let mut values = initial_values(&view);
            for (block, actions) in &mut values {
                let Some(actions) = actions.as_object_mut() else {
                    continue;
                };
                for (action, value) in actions {
                    let kept = held.values.get(block).and_then(|kept| kept.get(action));
                    if let Some(kept) = kept.filter(|kept| kept["type"] == value["type"]) {
                        *value = kept.clone();
                    }
                }
            }
            held.values = values;
            held.view = view;
            held.hash = hash;
            self.forms_shown.push(id.to_owned());
        }
    }

    fn name_view(&mut self, view: &mut Value) {
        if let Some(blocks) = view.get_mut("blocks").and_then(Value::as_array_mut) {
            let mut named = std::mem::take(blocks);
            self.name_blocks(&mut named);
            *blocks = named;
        }
    }

    fn new_hash(&mut self) -> String {
        format!("{}.{}", self.now_ms() / 1_000, self.ids.secret(8))
    }

    /// Returns a person's modals in a tab, or all of them, the top one last.
    pub(crate) fn modals(&self, user: &str, tab: Option<&str>) -> Vec<&Held> {
        let is_there = |held: &&Held| held.is_modal_of(user) && (tab.is_none() || held.tab.as_deref() == tab);
        self.views.iter().filter(is_there).collect()
    }

    /// Closes a person's oldest modals if they have very many: in ever new tabs, of which none looks again.
    pub(crate) fn make_room_for_a_modal(&mut self, user: &str) {
        let modals = self.modals(user, None);
        if modals.len() >= MOST_MODALS
            && let Some(oldest) = modals.first().map(|held| held.root_id.clone())
        {
            self.views.retain(|held| !held.is_modal_of(user) || held.root_id != oldest);
        }
    }

    /// Closes a person's modals in a tab, or those that no tab asked for.
    pub(crate) fn close_modals(&mut self, user: &str, tab: Option<&str>) {
        self.views.retain(|held| !held.is_modal_of(user) || held.tab.as_deref() != tab);
    }

    /// Gives a tab without a modal the newest ones of which no open tab is left, as after a reload. Older ones are closed, as with a client.
    /// What a simulated person left open is in no tab.
    pub(crate) fn adopt_modals(&mut self, user: &str, tab: &str, is_open: impl Fn(&str) -> bool) {
        if !self.modals(user, Some(tab)).is_empty() {
            return;
        }
        let is_simulated = |held: &Held| held.tab.as_deref() == Some(OF_SIMULATED);
        let is_left = |held: &Held| {
            held.is_modal_of(user) && !is_simulated(held) && !held.tab.as_deref().is_some_and(&is_open)
        };
        let Some(root) = self.views.iter().rfind(|held| is_left(held)).map(|held| held.root_id.clone())
        else {
            return;
        };
        self.views.retain(|held| !is_left(held) || held.root_id == root);
        for held in self.views.iter_mut().filter(|held| held.root_id == root) {
            held.tab = Some(tab.to_owned());
        }
    }

    /// Returns the view object of answers and payloads.
    pub(crate) fn view_json(&self, held: &Held) -> Value {
        let view = &held.view;
        let or = |key: &str, other: Value| {
            view.get(key).filter(|value| !value.is_null()).cloned().unwrap_or(other)
        };
        let app = self.app(&held.app_id);
        json!({
            "id": held.id,
            "team_id": self.team_id,
            "type": view["type"],
            "blocks": or("blocks", json!([])),
            "private_metadata": or("private_metadata", json!("")),
            "callback_id": or("callback_id", json!("")),
            "state": { "values": held.values },
            "hash": held.hash,
            "title": or("title", json!({ "type": "plain_text", "text": "View Title", "emoji": true })),
            "clear_on_close": or("clear_on_close", json!(false)),
            "notify_on_close": or("notify_on_close", json!(false)),
            "close": or("close", Value::Null),
            "submit": or("submit", Value::Null),
            "previous_view_id": held.previous_id,
            "root_view_id": held.root_id,
            "app_id": held.app_id,
            "external_id": or("external_id", json!("")),
            "app_installed_team_id": self.team_id,
            "bot_id": app.map(|app| app.bot_id.as_str()),
        })
    }
}

/// Returns each input and each menu of a view with its block: `(block, element)`.
pub(crate) fn elements(view: &Value) -> Vec<(&Value, &Value)> {
    let mut found = Vec::new();
    let blocks = view.get("blocks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for block in flat(blocks) {
        for key in ["element", "accessory"] {
            found.extend(block.get(key).map(|element| (block, element)));
        }
        if block["type"] == "actions" {
            let elements = block.get("elements").and_then(Value::as_array);
            found.extend(elements.into_iter().flatten().map(|element| (block, element)));
        }
    }
    found
}

/// Returns the values that a view starts with.
pub(crate) fn initial_values(view: &Value) -> Map<String, Value> {
    let mut values = Map::new();
    for (block, element) in elements(view) {
        let kind = element["type"].as_str().unwrap_or_default();
        let (key, initial) = match kind {
            "plain_text_input" | "email_text_input" | "url_text_input" | "number_input" => {
                ("value", "initial_value")
            }
            "static_select" | "external_select" | "radio_buttons" => ("selected_option", "initial_option"),
            "multi_static_select" | "multi_external_select" | "checkboxes" => {
                ("selected_options", "initial_options")
            }
            "users_select" => ("selected_user", "initial_user"),
            "multi_users_select" => ("selected_users", "initial_users"),
            "channels_select" => ("selected_channel", "initial_channel"),
            "multi_channels_select" => ("selected_channels", "initial_channels"),
            "conversations_select" => ("selected_conversation", "initial_conversation"),
            "multi_conversations_select" => ("selected_conversations", "initial_conversations"),
            "datepicker" => ("selected_date", "initial_date"),
            "timepicker" => ("selected_time", "initial_time"),
            "datetimepicker" => ("selected_date_time", "initial_date_time"),
            "rich_text_input" => ("rich_text_value", "initial_value"),
            "file_input" => ("files", "initial_files"),
            _ => continue,
        };
        let many = key.ends_with('s');
        let none = if many { json!([]) } else { Value::Null };
        let value = element.get(initial).cloned().unwrap_or(none);
        let (Some(block_id), Some(action_id)) = (block["block_id"].as_str(), element["action_id"].as_str())
        else {
            continue;
        };
        let actions = values.entry(block_id).or_insert_with(|| json!({}));
        actions[action_id] = json!({ "type": kind, key: value });
    }
    values
}

/// Puts a choice into the values of a view. A button has no value.
pub(crate) fn set_value(values: &mut Map<String, Value>, action: &Value) {
    let (Some(block_id), Some(action_id)) = (action["block_id"].as_str(), action["action_id"].as_str())
    else {
        return;
    };
    let Some(held) = values.get_mut(block_id).and_then(|actions| actions.get_mut(action_id)) else {
        return;
    };
    for (key, value) in held.as_object_mut().into_iter().flatten() {
        if let Some(chosen) = action.get(key) {
            *value = chosen.clone();
        }
    }
}
