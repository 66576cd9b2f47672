//! Clicks, choices and shortcuts.

use serde_json::{Value, json};

use super::PersonHandle;
use crate::base::blocks::find::{find_button, find_element, flat, is_called, of_block};
use crate::deliver;
use crate::types::answer::Answer;
use crate::types::shown::{Message, View};
use crate::types::traffic::DeliveryKind;
use crate::workspace::World;
use crate::workspace::apps::App;
use crate::workspace::offers::OpenMenu;
use crate::workspace::views::{Held, initial_values, set_value};

/// The keys of an element that an app is sent, beside the choice itself.
const TOLD: &[&str] = &[
    "placeholder",
    "confirm",
    "initial_option",
    "initial_options",
    "initial_user",
    "initial_users",
    "initial_channel",
    "initial_channels",
    "initial_conversation",
    "initial_conversations",
    "initial_date",
    "initial_time",
    "initial_date_time",
];

/// The element of a message that is used: its block, the choice in it, and what the message's fields hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used<'a> {
    pub(crate) block: &'a Value,
    pub(crate) element: &'a Value,
    pub(crate) choice: &'a Value,
    /// By block id.
    pub(crate) fields: &'a Value,
}

impl<'a> Used<'a> {
    pub(crate) fn new(block: &'a Value, element: &'a Value, choice: &'a Value) -> Used<'a> {
        Used { block, element, choice, fields: &Value::Null }
    }
}

impl PersonHandle {
    /// Clicks the button with this text (or this `action_id`) in a message.
    pub async fn clicks(&self, message: &Message, button: &str) -> Answer {
        match find_button(&message.all_blocks(), button) {
            Some((block, element)) => self.acts(message, &Used::new(&block, &element, &Value::Null)).await,
            None => Answer::refused("no_such_button"),
        }
    }

    /// Fills in fields of a message, by block id, and clicks a button of it.
    pub async fn clicks_with(&self, message: &Message, button: &str, fields: &Value) -> Answer {
        match find_button(&message.all_blocks(), button) {
            Some((block, element)) => {
                let used = Used { fields, ..Used::new(&block, &element, &Value::Null) };
                self.acts(message, &used).await
            }
            None => Answer::refused("no_such_button"),
        }
    }

    /// Chooses in the menu with this `action_id` or placeholder: an option by its text or value (in a menu that the
    /// app fills, one that it offered this person last), a person by `@name`.
    pub async fn picks(&self, message: &Message, menu: &str, choice: impl Into<Value>) -> Answer {
        match find_element(&message.all_blocks(), |element| is_called(element, menu)) {
            Some((block, element)) => self.acts(message, &Used::new(&block, &element, &choice.into())).await,
            None => Answer::refused("no_such_menu"),
        }
    }

    /// Uses an element of a message in the message's present version.
    pub(crate) async fn acts(&self, message: &Message, used: &Used<'_>) -> Answer {
        let prepared = self.changes(|world| {
            let place = world.channels.get(&message.channel).filter(|place| place.is_open_to(&self.id));
            let post = place.and_then(|place| place.post(&message.ts)).ok_or("message_not_found")?.clone();
            if post.ephemeral_to.as_ref().is_some_and(|only| *only != self.id) {
                return Err("message_not_found");
            }
            let app = post.app_id.as_ref().and_then(|id| world.app(id)).ok_or("no_app")?.clone();
            let action = action(world, &self.id, used.block, used.element, used.choice)?;
            let blocks = post.all_blocks();
            let mut values = initial_values(&json!({ "blocks": blocks }));
            for field in typed(world, &self.id, &blocks, used.fields) {
                set_value(&mut values, &field);
            }
            set_value(&mut values, &action);
            let channel = &message.channel;
            let with = (&action, &values);
            let payload = world.action_in_message(&self.hub.base, &app, &self.id, channel, &post, with);
            Ok((app, payload))
        });
        self.interacts(prepared).await
    }

    /// Clicks the button with this text (or this `action_id`) in the modal on top.
    pub async fn clicks_in_modal(&self, button: &str) -> Answer {
        self.acts_in_modal(None, button, &Value::Null).await
    }

    /// Clicks the button with this text (or this `action_id`) in the Home.
    pub async fn clicks_in_home(&self, button: &str) -> Answer {
        self.acts_in_home(None, button, &Value::Null).await
    }

    /// Chooses in the field of the modal on top with this `action_id`, and tells the app if the field says so.
    pub async fn picks_in_modal(&self, field: &str, choice: impl Into<Value>) -> Answer {
        self.acts_in_modal(None, field, &choice.into()).await
    }

    pub(crate) async fn acts_in_modal(
        &self,
        block_id: Option<&str>,
        element: &str,
        choice: &Value,
    ) -> Answer {
        self.acts_in_view(|world| self.top(world), block_id, element, choice).await
    }

    pub(crate) async fn acts_in_home(&self, block_id: Option<&str>, element: &str, choice: &Value) -> Answer {
        self.acts_in_view(|world| world.home(&self.id).cloned(), block_id, element, choice).await
    }

    async fn acts_in_view(
        &self,
        view: impl Fn(&World) -> Option<Held>,
        block_id: Option<&str>,
        named: &str,
        choice: &Value,
    ) -> Answer {
        let prepared = self.changes(|world| {
            let held = view(world).ok_or("no_view")?;
            let blocks = held.view["blocks"].as_array().cloned().unwrap_or_default();
            let (block, element) =
                find_button(&of_block(&blocks, block_id), named).ok_or("no_such_button")?;
            let app = world.app(&held.app_id).ok_or("no_app")?.clone();
            let action = action(world, &self.id, &block, &element, choice)?;
            let mut held = held;
            set_value(&mut held.values, &action);
            if let Some(kept) = world.views.iter_mut().find(|kept| kept.id == held.id) {
                kept.values.clone_from(&held.values);
            }
            let payload = world.action_in_view(&app, &held, &action);
            Ok((app, payload))
        });
        self.interacts(prepared).await
    }

    /// Uses a global shortcut by its name or `callback_id`.
    pub async fn uses_shortcut(&self, name: &str) -> Answer {
        let prepared = self.changes(|world| {
            let (app, callback_id) = shortcut(world, name, false)?;
            let payload = world.shortcut(&self.hub.base, &app, &self.id, &callback_id, None);
            Ok((app, payload))
        });
        self.interacts(prepared).await
    }

    /// Uses a message shortcut by its name or `callback_id`.
    pub async fn uses_shortcut_on(&self, message: &Message, name: &str) -> Answer {
        let prepared = self.changes(|world| {
            let (app, callback_id) = shortcut(world, name, true)?;
            let place = world.channels.get(&message.channel).filter(|place| place.is_open_to(&self.id));
            let post = place.and_then(|place| place.post(&message.ts)).ok_or("message_not_found")?.clone();
            let on = Some((message.channel.as_str(), &post));
            let payload = world.shortcut(&self.hub.base, &app, &self.id, &callback_id, on);
            Ok((app, payload))
        });
        self.interacts(prepared).await
    }

    /// Opens the Home of the first installed app and tells the app.
    pub fn opens_home(&self) -> Option<View> {
        self.changes(|world| {
            let app = world.apps.first().ok_or("no_app")?.clone();
            let channel = world.place(&self.id, &app.bot_user)?;
            let mut event =
                json!({ "type": "app_home_opened", "user": self.id, "channel": channel, "tab": "home" });
            if let Some(held) = world.home(&self.id) {
                event["view"] = world.view_json(held);
            }
            world.tell_app(&app.id, "app_home_opened", &event);
            Ok(world.home(&self.id).map(|held| world.view(held)))
        })
        .ok()
        .flatten()
    }

    /// Returns the Home that the app published last.
    pub fn home(&self) -> Option<View> {
        self.hub.look(|world| world.home(&self.id).map(|held| world.view(held)))
    }

    pub(crate) async fn interacts(&self, prepared: Result<(App, Value), &'static str>) -> Answer {
        match prepared {
            Ok((app, payload)) => {
                let url = app.interaction_url.clone();
                let request = self.request(DeliveryKind::Interaction, &app, payload, url);
                Answer::of_reply(deliver::send(&self.hub, &request).await)
            }
            Err(error) => Answer::refused(error),
        }
    }
}

/// Returns what fields of a message hold, by block or by block and action, as the action that each change would send.
fn typed(world: &World, user: &str, blocks: &[Value], fields: &Value) -> Vec<Value> {
    let mut held = Vec::new();
    for (block_id, value) in fields.as_object().into_iter().flatten() {
        let Some(block) = flat(blocks).find(|block| block["block_id"] == *block_id) else {
            continue;
        };
        let within = std::slice::from_ref(block);
        match value {
            Value::Object(actions) => held.extend(actions.iter().filter_map(|(action_id, value)| {
                let (_, element) = find_element(within, |element| element["action_id"] == *action_id)?;
                action(world, user, block, &element, value).ok()
            })),
            _ => held.extend(
                block.get("element").and_then(|element| action(world, user, block, element, value).ok()),
            ),
        }
    }
    held
}

fn shortcut(world: &World, name: &str, on_message: bool) -> Result<(App, String), &'static str> {
    let found = world.apps.iter().find_map(|app| {
        let named = |called: &&crate::workspace::apps::Shortcut| {
            called.on_message == on_message && (called.name == name || called.callback_id == name)
        };
        Some((app.clone(), app.shortcuts.iter().find(named)?.callback_id.clone()))
    });
    found.ok_or("no_such_shortcut")
}

/// Returns the entry of `actions` for the use of an element.
fn action(
    world: &World,
    user: &str,
    block: &Value,
    element: &Value,
    choice: &Value,
) -> Result<Value, &'static str> {
    let ms = world.now_ms();
    let mut action = json!({
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": format!("{}.{:03}000", ms.div_euclid(1_000), ms.rem_euclid(1_000)),
    });
    let mut tell = |holder: &Value, keys: &[&str]| {
        for key in keys {
            if let Some(value) = holder.get(key) {
                action[*key] = value.clone();
            }
        }
    };
    match element["type"].as_str() {
        Some("button" | "icon_button") => {
            tell(element, &["text", "value", "style", "url", "confirm"]);
            return Ok(action);
        }
        Some("feedback_buttons") => {
            let pressed = [&element["positive_button"], &element["negative_button"]];
            let pressed = pressed.into_iter().find(|button| button["value"] == *choice);
            tell(pressed.ok_or("no_such_button")?, &["text", "value"]);
            return Ok(action);
        }
        _ => tell(element, TOLD),
    }
    let chosen = super::forms::filled(world, &OpenMenu::new(user, block, element), element, choice)?;
    if let (Some(fields), Some(chosen)) = (action.as_object_mut(), chosen.as_object()) {
        fields.extend(chosen.clone());
    }
    Ok(action)
}
