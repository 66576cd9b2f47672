//! Fills the workspace: people, channels and groups, and the events that follow.

use serde_json::json;

use super::sandbox::Sandbox;
use crate::acts::PersonHandle;
use crate::types::people::{NewPerson, PersonKind};
use crate::workspace::World;
use crate::workspace::channels::ChannelKind;
use crate::workspace::people::{Group, User};

impl Sandbox {
    /// Adds a person. Full members are in `#general`, as in a real workspace.
    pub fn add_person(&self, person: NewPerson<'_>) -> PersonHandle {
        let id = self.hub.with(|world| world.join_team(&person));
        PersonHandle { hub: self.hub.clone(), id, tab: None, simulated: false }
    }

    /// Returns the person with this handle or id. If there is none, acting as them fails with `user_not_found`.
    pub fn person(&self, name: &str) -> PersonHandle {
        let id = self
            .hub
            .look(|world| world.find_user(name).map_or_else(|| name.to_owned(), |user| user.id.clone()));
        PersonHandle { hub: self.hub.clone(), id, tab: None, simulated: false }
    }

    /// Adds a channel with these members, by handle or id, and returns its id.
    pub fn add_channel(&self, name: &str, is_private: bool, members: &[&str]) -> String {
        self.hub.with(|world| {
            let members: Vec<String> =
                members.iter().filter_map(|name| world.find_user(name)).map(|user| user.id.clone()).collect();
            let creator = members.first().cloned().unwrap_or_else(|| "USLACKBOT".to_owned());
            let kind = if is_private { ChannelKind::Private } else { ChannelKind::Public };
            let id = world.new_channel(name, kind, &creator);
            if members.is_empty()
                && let Some(channel) = world.channels.get_mut(&id)
            {
                channel.members.clear();
            }
            world.tell_created(&id);
            for member in members.iter().skip(1) {
                world.enter(&id, member, Some(&creator));
            }
            id
        })
    }

    /// Returns a channel's name by its id.
    pub fn channel_name(&self, id: &str) -> Option<String> {
        self.hub.look(|world| world.channels.get(id).map(|channel| channel.name.clone()))
    }

    /// Adds a user group with these members, by handle or id, and returns its id.
    pub fn add_user_group(&self, handle: &str, name: &str, members: &[&str]) -> String {
        self.hub.with(|world| {
            let members: Vec<String> =
                members.iter().filter_map(|name| world.find_user(name)).map(|user| user.id.clone()).collect();
            let now_ms = world.now_ms();
            let group = Group {
                id: world.ids.id("S"),
                handle: handle.to_owned(),
                name: name.to_owned(),
                created_by: members.first().cloned().unwrap_or_else(|| "USLACKBOT".to_owned()),
                members,
                created_ms: now_ms,
                updated_ms: now_ms,
                disabled_ms: 0,
            };
            let id = group.id.clone();
            let event = json!({ "type": "subteam_created", "subteam": world.group_json(&group, true) });
            world.groups.insert(id.clone(), group);
            world.tell("subteam_created", &event, |_| true);
            id
        })
    }

    /// Replaces the members of a user group.
    pub fn set_group_members(&self, handle: &str, members: &[&str]) {
        self.hub.with(|world| {
            let members: Vec<String> =
                members.iter().filter_map(|name| world.find_user(name)).map(|user| user.id.clone()).collect();
            let found = world.groups.values().find(|group| group.handle == handle || group.id == handle);
            if let Some(id) = found.map(|group| group.id.clone()) {
                world.regroup(&id, members, "USLACKBOT");
            }
        });
    }

    /// Brings a person or a bot into a channel.
    pub fn invite(&self, channel: &str, person: &str) {
        self.on_both(channel, person, |world, channel, person| {
            world.enter(channel, person, Some("USLACKBOT"));
        });
    }

    /// Takes a person out of a channel.
    pub fn kick(&self, channel: &str, person: &str) {
        self.on_both(channel, person, World::leave);
    }

    fn on_both(&self, channel: &str, person: &str, act: impl FnOnce(&mut World, &str, &str)) {
        self.hub.with(|world| {
            let channel = world.find_channel(channel).map(|channel| channel.id.clone());
            let person = world.find_user(person).map(|user| user.id.clone());
            if let (Some(channel), Some(person)) = (channel, person) {
                act(world, &channel, &person);
            }
        });
    }

    /// Deactivates a person's account.
    pub fn deactivate(&self, person: &str) {
        self.change(person, |user| user.deleted = true);
    }

    /// Activates a deactivated account again.
    pub fn reactivate(&self, person: &str) {
        self.change(person, |user| user.deleted = false);
    }

    /// Moves a person to another time zone.
    pub fn set_zone(&self, person: &str, zone: &str) {
        self.change(person, |user| zone.clone_into(&mut user.zone));
    }

    /// Makes a person another kind of member: a guest, an admin.
    pub fn set_kind(&self, person: &str, kind: PersonKind) {
        self.change(person, |user| user.kind = kind);
    }

    /// Gives a person another display name.
    pub fn set_display_name(&self, person: &str, name: &str) {
        self.change(person, |user| name.clone_into(&mut user.display_name));
    }

    fn change(&self, person: &str, change: impl FnOnce(&mut User)) {
        self.hub.with(|world| {
            let now_ms = world.now_ms();
            let Some(id) = world.find_user(person).map(|user| user.id.clone()) else {
                return;
            };
            if let Some(user) = world.users.get_mut(&id) {
                change(user);
                user.updated_ms = now_ms;
            }
            world.tell_user("user_change", &id);
        });
    }

    /// Archives a channel.
    pub fn archive(&self, channel: &str) {
        self.set_archived(channel, true);
    }

    /// Brings an archived channel back.
    pub fn unarchive(&self, channel: &str) {
        self.set_archived(channel, false);
    }

    /// Renames a channel.
    pub fn rename(&self, channel: &str, name: &str) {
        self.hub.with(|world| {
            let Some(found) = world.find_channel(channel) else {
                return;
            };
            let (id, public, created) =
                (found.id.clone(), found.kind == ChannelKind::Public, found.created_ms / 1_000);
            if let Some(channel) = world.channels.get_mut(&id) {
                name.clone_into(&mut channel.name);
            }
            let event_name = if public { "channel_rename" } else { "group_rename" };
            let channel = json!({ "id": id, "name": name, "name_normalized": name, "created": created });
            world.tell_members(&id, event_name, &json!({ "type": event_name, "channel": channel }));
        });
    }

    /// Turns a public channel into a private one. No event tells apps about it.
    pub fn make_private(&self, channel: &str) {
        self.hub.with(|world| {
            let id = world.find_channel(channel).map(|found| found.id.clone());
            if let Some(channel) = id.and_then(|id| world.channels.get_mut(&id)) {
                channel.kind = ChannelKind::Private;
            }
        });
    }

    fn set_archived(&self, channel: &str, archived: bool) {
        self.hub.with(|world| {
            let Some(found) = world.find_channel(channel) else {
                return;
            };
            let (id, public, members) =
                (found.id.clone(), found.kind == ChannelKind::Public, found.members.clone());
            if let Some(channel) = world.channels.get_mut(&id) {
                channel.archived = archived;
            }
            let family = if public { "channel" } else { "group" };
            let name = format!("{family}_{}", if archived { "archive" } else { "unarchive" });
            let event = json!({ "type": name, "channel": id, "user": "USLACKBOT", "is_moved": 0 });
            world.tell(&name, &event, |app| public || members.contains(&app.bot_user));
        });
    }
}
