//! Reads a Slack app manifest and refuses what Slack's editor refuses.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::base::limits::COMMANDS;
use crate::base::scopes::{METHODS, event_scopes};
use crate::workspace::apps::{App, Command, MessagesTab, Shortcut};

/// The events that apps usually subscribe to.
const EVENTS: [&str; 14] = [
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "channel_created",
    "member_joined_channel",
    "member_left_channel",
    "reaction_added",
    "reaction_removed",
    "subteam_members_changed",
    "team_join",
    "user_change",
];

/// Returns an app as its manifest describes it, without ids and tokens.
pub(crate) fn read(manifest: &Value) -> Result<App, String> {
    let features = &manifest["features"];
    let settings = &manifest["settings"];
    let name =
        text(&manifest["display_information"]["name"]).ok_or("display_information.name: is required")?;
    if name.chars().count() > 35 {
        return Err("display_information.name: must be at most 35 characters".to_owned());
    }
    let scopes = strings(&manifest["oauth_config"]["scopes"]["bot"]);
    if !scopes.is_empty() && features.get("bot_user").is_none() {
        return Err("features.bot_user: is required by the bot scopes".to_owned());
    }
    let app = App {
        name,
        commands: commands(&features["slash_commands"])?,
        shortcuts: shortcuts(&features["shortcuts"])?,
        bot_events: strings(&settings["event_subscriptions"]["bot_events"]).into_iter().collect(),
        event_url: text(&settings["event_subscriptions"]["request_url"]),
        interaction_url: text(&settings["interactivity"]["request_url"]),
        options_url: text(&settings["interactivity"]["message_menu_options_url"]),
        socket_mode: settings["socket_mode_enabled"] == true,
        home_tab: features["app_home"]["home_tab_enabled"] == true,
        messages_tab: messages_tab(&features["app_home"]),
        scopes,
        ..App::default()
    };
    check(&app, settings)?;
    Ok(app)
}

/// Returns the manifest of an app with all scopes and events of this workspace, over Socket Mode, with these slash
/// commands.
pub fn manifest_with_everything(name: &str, commands: &[String]) -> Value {
    let commands: Vec<Value> = commands
        .iter()
        .map(|command| json!({ "command": command, "description": "A command of the app", "should_escape": true }))
        .collect();
    let mut scopes: BTreeSet<&str> = METHODS.iter().flat_map(|method| method.scopes).copied().collect();
    scopes.extend(EVENTS.iter().filter_map(|event| event_scopes(event)).flatten());
    scopes.extend(["commands", "chat:write.public"]);
    scopes.remove("connections:write");
    json!({
        "display_information": { "name": name },
        "features": {
            "bot_user": { "display_name": name },
            "app_home": { "home_tab_enabled": true, "messages_tab_enabled": true },
            "slash_commands": commands,
        },
        "oauth_config": { "scopes": { "bot": scopes } },
        "settings": {
            "event_subscriptions": { "bot_events": EVENTS },
            "interactivity": { "is_enabled": true },
            "socket_mode_enabled": true,
        },
    })
}

fn check(app: &App, settings: &Value) -> Result<(), String> {
    for event in &app.bot_events {
        let any_of = event_scopes(event)
            .ok_or_else(|| format!("settings.event_subscriptions.bot_events: unknown event {event}"))?;
        if !any_of.is_empty() && !any_of.iter().any(|scope| app.holds(scope)) {
            return Err(format!(
                "settings.event_subscriptions.bot_events: {event} needs the scope {}",
                any_of.join(" or ")
            ));
        }
    }
    let wants_commands = !app.commands.is_empty() || !app.shortcuts.is_empty();
    if wants_commands && !app.holds("commands") {
        return Err(
            "oauth_config.scopes.bot: slash commands and shortcuts need the scope commands".to_owned()
        );
    }
    if app.socket_mode {
        return Ok(());
    }
    if app.commands.iter().any(|command| command.url.is_none()) {
        return Err("features.slash_commands: url is required without Socket Mode".to_owned());
    }
    if !app.bot_events.is_empty() && app.event_url.is_none() {
        return Err("settings.event_subscriptions.request_url: is required without Socket Mode".to_owned());
    }
    if settings["interactivity"]["is_enabled"] == true && app.interaction_url.is_none() {
        return Err("settings.interactivity.request_url: is required without Socket Mode".to_owned());
    }
    Ok(())
}

fn messages_tab(app_home: &Value) -> MessagesTab {
    let is_read_only = app_home["messages_tab_read_only_enabled"] == true;
    if app_home["messages_tab_enabled"] == true && !is_read_only {
        MessagesTab::Writable
    } else {
        MessagesTab::Off
    }
}

fn commands(listed: &Value) -> Result<Vec<Command>, String> {
    let listed = listed.as_array().map(Vec::as_slice).unwrap_or_default();
    if listed.len() > COMMANDS {
        return Err(format!("features.slash_commands: at most {COMMANDS}"));
    }
    listed
        .iter()
        .map(|command| {
            let name = text(&command["command"])
                .filter(|name| {
                    name.starts_with('/') && name.len() <= 32 && !name.contains(char::is_whitespace)
                })
                .ok_or("features.slash_commands: command must start with a slash and have no spaces")?;
            let description =
                text(&command["description"]).ok_or_else(|| format!("{name}: description is required"))?;
            Ok(Command {
                name,
                description,
                usage_hint: text(&command["usage_hint"]).unwrap_or_default(),
                should_escape: command["should_escape"] == true,
                url: text(&command["url"]),
            })
        })
        .collect()
}

fn shortcuts(listed: &Value) -> Result<Vec<Shortcut>, String> {
    let listed = listed.as_array().map(Vec::as_slice).unwrap_or_default();
    listed
        .iter()
        .map(|shortcut| {
            let kind = shortcut["type"].as_str().unwrap_or_default();
            if kind != "global" && kind != "message" {
                return Err("features.shortcuts: type must be global or message".to_owned());
            }
            Ok(Shortcut {
                name: text(&shortcut["name"]).ok_or("features.shortcuts: name is required")?,
                callback_id: text(&shortcut["callback_id"])
                    .ok_or("features.shortcuts: callback_id is required")?,
                on_message: kind == "message",
            })
        })
        .collect()
}

/// Returns the bot's handle: its display name in lower case.
pub(crate) fn bot_handle(manifest: &Value, app: &App) -> (String, String) {
    let shown = text(&manifest["features"]["bot_user"]["display_name"]).unwrap_or_else(|| app.name.clone());
    let handle =
        shown.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c), "_");
    (handle, shown)
}

fn text(value: &Value) -> Option<String> {
    value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(text).collect()
}
