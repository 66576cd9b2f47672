//! Events: which apps get which, by subscription, scope and what their bots may see.

use serde_json::{Value, json};

use crate::workspace::World;
use crate::workspace::apps::App;
use crate::workspace::channels::ChannelKind;
use crate::workspace::messages::Post;

/// An event to send to one app.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) app_id: String,
    pub(crate) payload: Value,
    pub(crate) url: Option<String>,
}

impl World {
    /// Sends one app an event, if it subscribes to it.
    pub(crate) fn tell_app(&mut self, app_id: &str, subscription: &str, event: &Value) {
        self.tell(subscription, event, |app| app.id == app_id);
    }

    /// Sends every subscribed app an event, if it `may_see` it.
    pub(crate) fn tell(&mut self, subscription: &str, event: &Value, may_see: impl Fn(&App) -> bool) {
        let told: Vec<App> = self
            .apps
            .iter()
            .filter(|app| app.bot_events.contains(subscription) && !app.revoked && may_see(app))
            .cloned()
            .collect();
        for app in told {
            let mut event = event.clone();
            if event.get("event_ts").is_none() {
                let ms = self.now_ms();
                event["event_ts"] = json!(format!("{}.{:03}000", ms.div_euclid(1_000), ms.rem_euclid(1_000)));
            }
            let payload = json!({
                "token": app.verification_token,
                "team_id": self.team_id,
                "context_team_id": self.team_id,
                "context_enterprise_id": null,
                "api_app_id": app.id,
                "event": event,
                "type": "event_callback",
                "event_id": self.ids.id("Ev"),
                "event_time": self.now_ms() / 1_000,
                "authorizations": self.authorizations(&app),
                "is_ext_shared_channel": false,
                "event_context": format!("4-{}", self.ids.secret(60)),
            });
            self.outgoing.push(Outgoing { app_id: app.id, payload, url: app.event_url });
        }
    }

    /// Returns the apps whose bot is in a conversation.
    fn apps_in(&self, channel: &str) -> Vec<String> {
        let Some(place) = self.channels.get(channel) else {
            return Vec::new();
        };
        self.apps
            .iter()
            .filter(|app| place.members.contains(&app.bot_user))
            .map(|app| app.id.clone())
            .collect()
    }

    /// Sends an event about a conversation to the apps whose bot is in it.
    pub(crate) fn tell_members(&mut self, channel: &str, subscription: &str, event: &Value) {
        let inside = self.apps_in(channel);
        self.tell(subscription, event, |app| inside.contains(&app.id));
    }

    fn message_subscription(&self, channel: &str) -> (&'static str, ChannelKind) {
        match self.channels.get(channel).map_or(ChannelKind::Public, |channel| channel.kind) {
            ChannelKind::Public => ("message.channels", ChannelKind::Public),
            ChannelKind::Private => ("message.groups", ChannelKind::Private),
            ChannelKind::Im => ("message.im", ChannelKind::Im),
            ChannelKind::Mpim => ("message.mpim", ChannelKind::Mpim),
        }
    }

    /// Tells of a new message.
    pub(crate) fn tell_posted(&mut self, channel: &str, post: &Post) {
        let (subscription, kind) = self.message_subscription(channel);
        let mut event = self.message_json(channel, post, true);
        event["channel"] = json!(channel);
        event["event_ts"] = json!(post.ts);
        event["channel_type"] = json!(kind.event_name());
        self.tell_members(channel, subscription, &event);
        if kind != ChannelKind::Im && post.subtype.is_none() {
            let mut mention = self.message_json(channel, post, false);
            mention["type"] = json!("app_mention");
            mention["channel"] = json!(channel);
            mention["event_ts"] = json!(post.ts);
            let inside = self.apps_in(channel);
            self.tell("app_mention", &mention, |app| {
                inside.contains(&app.id)
                    && post.user != app.bot_user
                    && post.text.contains(&format!("<@{}>", app.bot_user))
            });
        }
    }

    /// Tells of a changed or deleted message; `subtype` says which.
    pub(crate) fn tell_changed(&mut self, channel: &str, before: &Post, after: Option<&Post>) {
        let (subscription, kind) = self.message_subscription(channel);
        let ts = self.next_ts();
        let previous = self.message_json(channel, before, true);
        let mut event = json!({
            "type": "message", "channel": channel, "channel_type": kind.event_name(), "hidden": true,
            "ts": ts, "event_ts": ts, "previous_message": previous,
        });
        if let Some(after) = after {
            event["subtype"] = json!("message_changed");
            event["message"] = self.message_json(channel, after, true);
        } else {
            event["subtype"] = json!("message_deleted");
            event["deleted_ts"] = json!(before.ts);
        }
        self.tell_members(channel, subscription, &event);
    }

    /// Tells that a person joined or left a conversation.
    /// Tells all apps of a new public channel. Slack has no such event for a private one.
    pub(crate) fn tell_created(&mut self, id: &str) {
        let Some(channel) = self.channels.get(id).filter(|channel| channel.kind == ChannelKind::Public)
        else {
            return;
        };
        let channel = json!({
            "id": id, "is_channel": true, "name": channel.name, "name_normalized": channel.name,
            "created": channel.created_ms / 1_000, "creator": channel.creator, "is_shared": false,
            "is_org_shared": false, "context_team_id": self.team_id,
        });
        self.tell("channel_created", &json!({ "type": "channel_created", "channel": channel }), |_| true);
    }

    pub(crate) fn tell_membership(&mut self, channel: &str, user: &str, joined: bool, by: Option<&str>) {
        let Some(kind) = self.channels.get(channel).map(|channel| channel.kind) else {
            return;
        };
        let letter = if kind == ChannelKind::Public { "C" } else { "G" };
        let name = if joined { "member_joined_channel" } else { "member_left_channel" };
        let mut event = json!({
            "type": name, "user": user, "channel": channel, "channel_type": letter, "team": self.team_id,
        });
        if let Some(inviter) = by {
            event["inviter"] = json!(inviter);
        }
        let inside = self.apps_in(channel);
        self.tell(name, &event, |app| inside.contains(&app.id) || (joined && app.bot_user == user));
        if !joined {
            let name = if kind == ChannelKind::Public { "channel_left" } else { "group_left" };
            let event = json!({ "type": name, "channel": channel });
            self.tell(name, &event, |app| app.bot_user == user);
        }
    }

    /// Tells that a reaction was added or removed.
    pub(crate) fn tell_reaction(&mut self, channel: &str, ts: &str, user: &str, emoji: &str, added: bool) {
        let author =
            self.channels.get(channel).and_then(|channel| channel.post(ts)).map(|post| post.user.clone());
        let name = if added { "reaction_added" } else { "reaction_removed" };
        let event = json!({
            "type": name, "user": user, "reaction": emoji, "item_user": author,
            "item": { "type": "message", "channel": channel, "ts": ts },
        });
        self.tell_members(channel, name, &event);
    }

    /// Tells of a changed person.
    pub(crate) fn tell_user(&mut self, name: &str, user: &str) {
        let Some(user) = self.users.get(user) else {
            return;
        };
        let mut event = json!({ "type": name, "user": self.user_json(user, false) });
        if name == "user_change" {
            event["cache_ts"] = json!(user.updated_ms / 1_000);
        }
        self.tell(name, &event, |_| true);
    }
}
