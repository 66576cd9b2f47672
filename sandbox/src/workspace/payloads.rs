//! Builds what apps are sent when a person uses a command, a button, a menu or a shortcut, or submits a modal.

use serde_json::{Map, Value, json};

use crate::base::blocks::find::holding;
use crate::workspace::World;
use crate::workspace::apps::{App, Command, Original};
use crate::workspace::channels::Channel;
use crate::workspace::messages::Post;
use crate::workspace::views::{Held, elements};

/// Returns where in a conversation something was used.
fn message_container(channel: &str, post: &Post) -> Value {
    let ephemeral = post.ephemeral_to.is_some();
    let mut container = json!({
        "type": "message", "message_ts": post.ts, "channel_id": channel, "is_ephemeral": ephemeral,
    });
    if let Some(thread_ts) = &post.thread_ts {
        container["thread_ts"] = json!(thread_ts);
    }
    container
}

impl World {
    /// Returns the fields of a slash command.
    pub(crate) fn command_payload(
        &mut self,
        base: &str,
        app: &App,
        command: &Command,
        channel: &str,
        user: &str,
        text: &str,
    ) -> Value {
        let trigger_id = self.new_trigger(&app.id, user);
        let path = self.new_response_url("commands", &app.id, channel, user, None);
        let user_name = self.users.get(user).map(|user| user.name.clone());
        let channel_name = self.channels.get(channel).map(|channel| channel.payload_name().to_owned());
        json!({
            "token": app.verification_token,
            "team_id": self.team_id,
            "team_domain": self.team_domain,
            "channel_id": channel,
            "channel_name": channel_name,
            "user_id": user,
            "user_name": user_name,
            "command": command.name,
            "text": text,
            "api_app_id": app.id,
            "is_enterprise_install": "false",
            "response_url": format!("{base}/{path}"),
            "trigger_id": trigger_id,
        })
    }

    /// Returns the keys of every interaction.
    pub(crate) fn interaction(&mut self, kind: &str, app: &App, user: &str) -> Value {
        let trigger_id = self.new_trigger(&app.id, user);
        let name = self.users.get(user).map(|user| user.name.clone());
        json!({
            "type": kind,
            "user": { "id": user, "username": name, "name": name, "team_id": self.team_id },
            "api_app_id": app.id,
            "token": app.verification_token,
            "trigger_id": trigger_id,
            "team": { "id": self.team_id, "domain": self.team_domain },
            "enterprise": null,
            "is_enterprise_install": false,
        })
    }

    /// Returns a click or a choice in a message whose fields hold `values`.
    pub(crate) fn action_in_message(
        &mut self,
        base: &str,
        app: &App,
        user: &str,
        channel: &str,
        post: &Post,
        (action, values): (&Value, &Map<String, Value>),
    ) -> Value {
        let mut payload = self.interaction("block_actions", app, user);
        let original = Original { ts: post.ts.clone() };
        let path = self.new_response_url("actions", &app.id, channel, user, Some(original));
        let ephemeral = post.ephemeral_to.is_some();
        payload["container"] = message_container(channel, post);
        if let Some(number) = holding(&post.attachments, &action["block_id"]) {
            payload["container"]["type"] = json!("message_attachment");
            payload["container"]["attachment_id"] = number.clone();
            payload["container"]["is_app_unfurl"] = json!(false);
        }
        payload["channel"] = self.channel_stub(channel);
        // Slack does not send the content of ephemeral messages.
        if !ephemeral {
            payload["message"] = self.message_json(channel, post, true);
        }
        payload["state"] = json!({ "values": values });
        payload["response_url"] = json!(format!("{base}/{path}"));
        payload["actions"] = json!([action]);
        payload
    }

    /// Returns what a person types into a message's menu whose options come from the app.
    pub(crate) fn suggestion_in_message(
        &mut self,
        app: &App,
        user: &str,
        channel: &str,
        post: &Post,
    ) -> Value {
        let mut payload = self.suggestion(app, user);
        payload["container"] = message_container(channel, post);
        payload["channel"] = self.channel_stub(channel);
        if post.ephemeral_to.is_none() {
            payload["message"] = self.message_json(channel, post, true);
        }
        payload
    }

    /// Does the same for a modal or a Home.
    pub(crate) fn suggestion_in_view(&mut self, app: &App, held: &Held) -> Value {
        let mut payload = self.suggestion(app, &held.user);
        payload["container"] = json!({ "type": "view", "view_id": held.id });
        payload["view"] = self.view_json(held);
        payload
    }

    /// Typing into a menu gives no `trigger_id`.
    fn suggestion(&mut self, app: &App, user: &str) -> Value {
        let mut payload = self.interaction("block_suggestion", app, user);
        if let Some(fields) = payload.as_object_mut() {
            fields.remove("trigger_id");
        }
        payload
    }

    /// Returns a click or a choice in a modal or a Home.
    pub(crate) fn action_in_view(&mut self, app: &App, held: &Held, action: &Value) -> Value {
        let mut payload = self.interaction("block_actions", app, &held.user);
        let view = self.view_json(held);
        payload["container"] = json!({ "type": "view", "view_id": held.id });
        payload["state"] = view["state"].clone();
        payload["view"] = view;
        payload["actions"] = json!([action]);
        payload
    }

    /// Returns a submitted modal, with a `response_url` for each conversation chosen in a menu that asks for one.
    pub(crate) fn submission(&mut self, base: &str, app: &App, held: &Held) -> Value {
        let mut payload = self.interaction("view_submission", app, &held.user);
        payload["view"] = self.view_json(held);
        let asking = elements(&held.view).into_iter();
        let asking = asking.filter(|(_, element)| element["response_url_enabled"] == true);
        let chosen = asking.filter_map(|(block, element)| {
            let (block_id, action_id) = (block["block_id"].as_str()?, element["action_id"].as_str()?);
            let state = held.values.get(block_id)?.get(action_id)?;
            let place = state["selected_conversation"].as_str().or(state["selected_channel"].as_str())?;
            let path = self.new_response_url("app", &app.id, place, &held.user, None);
            Some(json!({
                "block_id": block_id, "action_id": action_id, "channel_id": place,
                "response_url": format!("{base}/{path}"),
            }))
        });
        payload["response_urls"] = chosen.collect();
        payload
    }

    /// Returns a modal that was closed without submitting.
    pub(crate) fn closing(&mut self, app: &App, held: &Held, cleared: bool) -> Value {
        let mut payload = self.interaction("view_closed", app, &held.user);
        if let Some(fields) = payload.as_object_mut() {
            fields.remove("trigger_id");
        }
        payload["view"] = self.view_json(held);
        payload["is_cleared"] = json!(cleared);
        payload
    }

    /// Returns a shortcut from the menu, or on a message.
    pub(crate) fn shortcut(
        &mut self,
        base: &str,
        app: &App,
        user: &str,
        callback_id: &str,
        on: Option<(&str, &Post)>,
    ) -> Value {
        let kind = if on.is_some() { "message_action" } else { "shortcut" };
        let mut payload = self.interaction(kind, app, user);
        let ms = self.now_ms();
        payload["callback_id"] = json!(callback_id);
        payload["action_ts"] = json!(format!("{}.{:03}000", ms.div_euclid(1_000), ms.rem_euclid(1_000)));
        if let Some((channel, post)) = on {
            let original = Original { ts: post.ts.clone() };
            let path = self.new_response_url("app", &app.id, channel, user, Some(original));
            payload["message_ts"] = json!(post.ts);
            payload["message"] = self.message_json(channel, post, true);
            payload["channel"] = self.channel_stub(channel);
            payload["response_url"] = json!(format!("{base}/{path}"));
        }
        payload
    }

    fn channel_stub(&self, channel: &str) -> Value {
        json!({ "id": channel, "name": self.channels.get(channel).map(Channel::payload_name) })
    }
}
