//! The Slack app manifest, built from the rituals, so that it requests exactly what is used.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    common::saving,
    ritual::{CommandSpec, Ritual},
};

/// The events for the directory and for messages to the bot in DMs and channels, with the scope that each needs.
const EVENTS: [(&str, &str); 21] = [
    ("app_uninstalled", ""),
    ("tokens_revoked", ""),
    ("team_join", "users:read"),
    ("user_change", "users:read"),
    ("member_joined_channel", "channels:read"),
    ("member_left_channel", "channels:read"),
    ("channel_rename", "channels:read"),
    ("channel_archive", "channels:read"),
    ("channel_unarchive", "channels:read"),
    ("channel_deleted", "channels:read"),
    ("channel_left", "channels:read"),
    ("channel_id_changed", "groups:read"),
    ("group_rename", "groups:read"),
    ("group_archive", "groups:read"),
    ("group_unarchive", "groups:read"),
    ("group_left", "groups:read"),
    ("group_deleted", "groups:read"),
    ("message.im", "im:history"),
    ("app_mention", "app_mentions:read"),
    ("subteam_created", "usergroups:read"),
    ("subteam_updated", "usergroups:read"),
];

/// What Rondo needs apart from its rituals, each with the reason.
const OWN: [(&str, &str); 4] = [
    ("app_mentions:read", "to answer who mentions the bot in a channel"),
    ("im:history", "to answer who writes to the bot in their DM"),
    ("im:write", "to look through a DM for a message whose confirmation was lost"),
    ("mpim:write", "to bring a few people together in a group DM"),
];

/// Scopes that no ritual needs and that make the bot more reliable: with them it finds a message whose confirmation was
/// lost, instead of discarding it.
pub const RECONCILIATION: [&str; 3] = ["channels:history", "groups:history", "mpim:history"];

/// How Slack reaches the bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Through a WebSocket that the bot opens; no public address is needed.
    Socket,
    /// Through signed requests to this address, without a path.
    Http(String),
}

/// Returns every scope that the manifest requests.
pub fn scopes(rituals: &[Box<dyn Ritual>]) -> BTreeSet<&'static str> {
    required_scopes(rituals).into_iter().chain(RECONCILIATION).collect()
}

/// Returns the scopes that Rondo and its rituals cannot do without.
pub fn required_scopes(rituals: &[Box<dyn Ritual>]) -> BTreeSet<&'static str> {
    rituals.iter().flat_map(|ritual| ritual.scopes()).chain(&OWN).map(|(scope, _)| *scope).collect()
}

/// Returns every command that people can type: one for each ritual, and Rondo's own.
pub fn commands(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> Vec<CommandSpec> {
    let own = CommandSpec {
        name: rondo_command.to_owned(),
        description: "What Rondo can do",
        usage: "help",
        ways: &[
            ("", "says what there is"),
            ("me", "opens your own settings: department, working hours, days out, time away"),
            ("kudos …", "the same as `/kudos …`, whatever that is called here"),
        ],
    };
    rituals.iter().map(|ritual| ritual.command()).chain([own]).collect()
}

/// Returns what people can type, as the README's table.
pub fn command_table(rituals: &[Box<dyn Ritual>], rondo_command: &str) -> String {
    let row = |command: &CommandSpec, (behind, does): &(&str, &str)| {
        format!("| `{}` | {does} |\n", format!("{} {behind}", command.name).trim_end())
    };
    let rows: Vec<String> = commands(rituals, rondo_command)
        .iter()
        .flat_map(|command| command.ways.iter().map(|way| row(command, way)).collect::<Vec<_>>())
        .collect();
    format!("| command | does |\n|---|---|\n{}", rows.concat())
}

/// Returns the manifest for Slack's "create an app from a manifest".
pub fn manifest(rituals: &[Box<dyn Ritual>], rondo_command: &str, mode: &Mode) -> Value {
    let url = match mode {
        Mode::Socket => None,
        Mode::Http(base) => Some(format!("{}/slack/events", base.trim_end_matches('/'))),
    };
    let scopes = scopes(rituals);
    let events: Vec<&str> = EVENTS
        .iter()
        .filter(|(_, scope)| scope.is_empty() || scopes.contains(scope))
        .map(|(event, _)| *event)
        .collect();
    let commands: Vec<Value> = commands(rituals, rondo_command)
        .into_iter()
        .map(|command| {
            with_url(
                json!({
                    "command": command.name,
                    "description": command.description,
                    "usage_hint": command.usage,
                    "should_escape": true,
                }),
                "url",
                url.as_deref(),
            )
        })
        .collect();
    let mut interactivity = with_url(json!({ "is_enabled": true }), "request_url", url.as_deref());
    // Menus in forms that the bot fills while a person types.
    interactivity = with_url(interactivity, "message_menu_options_url", url.as_deref());
    json!({
        "display_information": {
            "name": "Rondo",
            "description": "Coffee chats, syncs, retros, kudos, promises and decisions for your team",
            "background_color": "#4a2c6d",
        },
        "features": {
            // Without it Slack tells people that sending messages to the app is turned off.
            "app_home": {
                "home_tab_enabled": false,
                "messages_tab_enabled": true,
                "messages_tab_read_only_enabled": false,
            },
            "bot_user": { "display_name": "Rondo", "always_online": true },
            "slash_commands": commands,
            "shortcuts": shortcuts(rituals),
        },
        "oauth_config": { "scopes": { "bot": scopes } },
        "settings": {
            "event_subscriptions": with_url(json!({ "bot_events": events }), "request_url", url.as_deref()),
            "interactivity": interactivity,
            "org_deploy_enabled": false,
            "socket_mode_enabled": url.is_none(),
            "token_rotation_enabled": false,
        },
    })
}

/// Returns *Save for…* if a ritual takes words.
fn shortcuts(rituals: &[Box<dyn Ritual>]) -> Vec<Value> {
    let saves = rituals.iter().any(|ritual| ritual.takes_words());
    let shortcut = json!({
        "name": saving::NAME,
        "type": "message",
        "callback_id": saving::SHORTCUT,
        "description": "Keep the words of this message for later",
    });
    saves.then_some(shortcut).into_iter().collect()
}

fn with_url(mut object: Value, key: &str, url: Option<&str>) -> Value {
    if let Some(url) = url {
        object[key] = url.into();
    }
    object
}
