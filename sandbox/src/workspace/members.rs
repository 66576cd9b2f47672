//! Who is where: people join the workspace, conversations and user groups, and leave them.

use std::collections::BTreeSet;

use serde_json::json;

use super::World;
use super::people::User;
use crate::types::people::{NewPerson, PersonKind};

impl World {
    /// Adds a person and sends the event. Full members are in `#general`.
    pub(crate) fn join_team(&mut self, person: &NewPerson<'_>) -> String {
        let id = self.ids.id("U");
        let mut letters = person.name.chars();
        let made_up: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let user = User {
            id: id.clone(),
            name: person.name.to_owned(),
            real_name: if person.real_name.is_empty() { made_up } else { person.real_name.to_owned() },
            display_name: person.display_name.to_owned(),
            zone: person.zone.to_owned(),
            title: person.title.to_owned(),
            department: person.department.map(str::to_owned),
            kind: person.kind,
            deleted: false,
            bot_id: (person.kind == PersonKind::Bot).then(|| self.ids.id("B")),
            app_id: None,
            updated_ms: self.now_ms(),
        };
        self.users.insert(id.clone(), user);
        self.tell_user("team_join", &id);
        if matches!(person.kind, PersonKind::Member | PersonKind::Admin | PersonKind::Owner) {
            self.enter(&self.general.clone(), &id, None);
        }
        id
    }

    /// Puts a person into a channel and sends the event.
    pub(crate) fn enter(&mut self, channel: &str, user: &str, by: Option<&str>) {
        let Some(place) = self.channels.get_mut(channel) else {
            return;
        };
        if place.members.insert(user.to_owned()) {
            self.tell_membership(channel, user, true, by);
        }
    }

    /// Takes a person out of a channel and sends the event.
    pub(crate) fn leave(&mut self, channel: &str, user: &str) {
        let Some(place) = self.channels.get_mut(channel) else {
            return;
        };
        if place.members.remove(user) {
            self.tell_membership(channel, user, false, None);
        }
    }

    /// Replaces the members of a user group and sends the event.
    pub(crate) fn regroup(&mut self, id: &str, members: Vec<String>, by: &str) {
        let now_ms = self.now_ms();
        let Some(group) = self.groups.get_mut(id) else {
            return;
        };
        let before: BTreeSet<String> = group.members.iter().cloned().collect();
        let after: BTreeSet<String> = members.iter().cloned().collect();
        let previous_ms = std::mem::replace(&mut group.updated_ms, now_ms);
        group.members = members;
        let group = group.clone();
        let added: Vec<&String> = after.difference(&before).collect();
        let removed: Vec<&String> = before.difference(&after).collect();
        let event = json!({
            "type": "subteam_members_changed", "subteam_id": id, "team_id": self.team_id,
            "date_previous_update": previous_ms / 1_000, "date_update": now_ms / 1_000,
            "added_users": added, "added_users_count": added.len().to_string(),
            "removed_users": removed, "removed_users_count": removed.len().to_string(), "updated_by": by,
        });
        self.tell("subteam_members_changed", &event, |_| true);
        let event = json!({ "type": "subteam_updated", "subteam": self.group_json(&group, true) });
        self.tell("subteam_updated", &event, |_| true);
    }
}
