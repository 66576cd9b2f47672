//! Everything that one person sees, in JSON, with the messages of one conversation.

use serde_json::{Value, json};

use super::talk::WantedMessages;
use crate::base::limits::VIEW_STACK;
use crate::workspace::World;
use crate::workspace::channels::{Channel, ChannelKind};
use crate::workspace::people::colour;

impl World {
    /// Returns all that the page draws for `user`, with messages of one conversation: the newest, or those that
    /// changed.
    pub(super) fn shown_to(
        &self,
        (user, tab): (&str, Option<&str>),
        channel: Option<&str>,
        wanted: WantedMessages<'_>,
    ) -> Value {
        let people: Vec<Value> = self.users.values().map(|person| self.person_shown(&person.id)).collect();
        let mut places: Vec<&Channel> =
            self.channels.values().filter(|place| place.is_open_to(user)).collect();
        places.sort_by(|one, other| one.name.cmp(&other.name));
        let places: Vec<Value> = places.into_iter().map(|place| self.place_shown(place, user)).collect();
        let open = channel.and_then(|id| self.channels.get(id)).filter(|place| place.is_open_to(user));
        let talk = open.map(|place| self.talk(place, user, wanted));
        let modals: Vec<Value> =
            self.modals(user, tab).iter().take(VIEW_STACK).map(|held| self.view_json(held)).collect();
        let commands: Vec<Value> = self
            .apps
            .iter()
            .flat_map(|app| &app.commands)
            .map(|command| {
                json!({ "name": command.name, "description": command.description, "hint": command.usage_hint })
            })
            .collect();
        let shortcuts: Vec<Value> = self
            .apps
            .iter()
            .flat_map(|app| &app.shortcuts)
            .map(|one| json!({ "name": one.name, "callback_id": one.callback_id, "on_message": one.on_message }))
            .collect();
        let groups: Vec<Value> = self
            .groups
            .values()
            .map(|group| json!({ "id": group.id, "handle": group.handle, "name": group.name }))
            .collect();
        let apps: Vec<Value> = self
            .apps
            .iter()
            .map(|app| json!({ "id": app.id, "bot_user": app.bot_user, "sockets": app.sockets.len(), "home": app.home_tab }))
            .collect();
        json!({
            "team": self.team_name,
            "about": self.about,
            "afterwards": self.afterwards,
            "now_ms": self.now_ms(),
            "clock_runs": self.clock.runs(),
            "as": user,
            "people": people,
            "groups": groups,
            "channels": places,
            "apps": apps,
            "commands": commands,
            "shortcuts": shortcuts,
            "channel": open.map(|place| place.id.clone()),
            "change": open.map(|place| place.changes),
            "messages": talk.as_ref().map(|(messages, _)| messages),
            "older": talk.as_ref().is_some_and(|(_, older)| *older),
            "modals": modals,
            "home": self.home(user).map(|held| self.view_json(held)),
        })
    }

    fn person_shown(&self, id: &str) -> Value {
        self.users.get(id).map_or(Value::Null, |user| {
            json!({
                "id": user.id, "name": user.name, "real_name": user.real_name, "colour": colour(&user.id),
                "shown": if user.display_name.is_empty() { &user.real_name } else { &user.display_name },
                "is_bot": user.is_bot(), "deleted": user.deleted, "title": user.title, "zone": user.zone,
                "department": user.department,
            })
        })
    }

    fn place_shown(&self, place: &Channel, user: &str) -> Value {
        let others: Vec<&String> = place.members.iter().filter(|id| *id != user).collect();
        let latest = place
            .posts
            .iter()
            .rev()
            .find(|post| !post.deleted && post.ephemeral_to.as_ref().is_none_or(|only| only == user));
        let unread = self.unread(user, place);
        json!({
            "id": place.id, "name": place.name, "kind": place.kind.type_name(), "topic": place.topic,
            "archived": place.archived, "member": place.members.contains(user), "members": place.members.len(),
            "others": if matches!(place.kind, ChannelKind::Im | ChannelKind::Mpim) { json!(others) } else { Value::Null },
            "latest": latest.map(|post| post.ts.as_str()), "read": self.read_until(user, &place.id),
            "unread": unread.messages, "mentions": unread.mentions,
        })
    }
}
