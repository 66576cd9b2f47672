//! The workspace as one person sees it, in JSON.

use serde_json::{Value, json};

use super::talk::WantedMessages;
use crate::base::limits::VIEW_STACK;
use crate::hub::Hub;
use crate::types::answer::{Answer, Status, Submission};
use crate::types::schedule::NextThing;
use crate::types::shown::Message;
use crate::types::steps::Step;
use crate::types::traffic::{Call, Delivery};
use crate::workspace::World;
use crate::workspace::channels::{Channel, ChannelKind};
use crate::workspace::people::colour;

impl World {
    /// Returns all that the page draws for `user`, with messages of one conversation: the newest, or those that
    /// changed.
    pub(super) fn shown_to(&self, user: &str, channel: Option<&str>, wanted: WantedMessages<'_>) -> Value {
        let people: Vec<Value> = self.users.values().map(|person| self.person_shown(&person.id)).collect();
        let mut places: Vec<&Channel> =
            self.channels.values().filter(|place| place.is_open_to(user)).collect();
        places.sort_by(|one, other| one.name.cmp(&other.name));
        let places: Vec<Value> = places.into_iter().map(|place| self.place_shown(place, user)).collect();
        let open = channel.and_then(|id| self.channels.get(id)).filter(|place| place.is_open_to(user));
        let talk = open.map(|place| self.talk(place, user, wanted));
        let modals: Vec<Value> =
            self.modals(user).iter().take(VIEW_STACK).map(|held| self.view_json(held)).collect();
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

/// A message in JSON.
pub(super) fn shown_message(message: &Message) -> Value {
    let simulated = |name: &str| -> Vec<&String> {
        let theirs = message.simulated.reactions.iter().filter(|(emoji, _)| emoji == name);
        theirs.map(|(_, user)| user).collect()
    };
    let reactions: Vec<Value> = message
        .reactions
        .iter()
        .map(|(name, users)| json!({ "name": name, "users": users, "simulated": simulated(name) }))
        .collect();
    json!({
        "ts": message.ts, "channel": message.channel, "author": message.author, "app_id": message.app_id,
        "text": message.text, "files": message.files, "blocks": message.blocks,
        "attachments": message.attachments, "ephemeral": message.ephemeral_to.is_some(),
        "thread_ts": message.thread_ts, "edited": message.edited, "metadata": message.metadata,
        "reactions": reactions, "plain": message.plain(), "pinned": message.pinned,
        "simulated": message.simulated.wrote,
    })
}

/// An answer in JSON.
pub(super) fn shown_answer(answer: &Answer) -> Value {
    let (status, error) = match answer.status {
        Status::Answered => ("answered", None),
        Status::NoAnswer => ("no_answer", Some("operation_timeout")),
        Status::Failed(code) => ("failed", Some(code)),
    };
    json!({
        "status": status, "error": error, "text": answer.text, "blocks": answer.blocks, "raw": answer.raw,
        "plain": answer.plain(),
    })
}

/// The result of a submission in JSON.
pub(super) fn shown_submission(submission: &Submission) -> Value {
    match submission {
        Submission::Closed => json!({ "status": "closed" }),
        Submission::Errors(errors) => json!({ "status": "errors", "errors": errors }),
        Submission::Updated => json!({ "status": "updated" }),
        Submission::Pushed => json!({ "status": "pushed" }),
        Submission::NoAnswer => json!({ "status": "no_answer" }),
    }
}

/// Returns whether simulated colleagues act, and who they are, in JSON; null if none are set.
pub(super) fn shown_colleagues(hub: &Hub, world: &World) -> Value {
    let simulated = hub.simulated(world);
    simulated.map_or(Value::Null, |people| json!({ "on": hub.colleagues_are_on(), "people": people }))
}

/// The next scheduled thing in JSON.
pub(super) fn shown_next(next: &NextThing) -> Value {
    json!({ "at_ms": next.at_ms, "title": next.title })
}

/// The steps to try in JSON.
pub(super) fn shown_steps(steps: &[(Step, bool)]) -> Value {
    steps.iter().map(|(step, done)| json!({ "title": step.title, "hint": step.hint, "done": done })).collect()
}

/// A call in JSON.
pub(super) fn shown_call(call: &Call) -> Value {
    json!({
        "method": call.method, "args": call.args, "answer": call.answer, "http_status": call.http_status,
        "at_ms": call.at_ms, "app_id": call.app_id,
    })
}

/// A delivery in JSON.
pub(super) fn shown_delivery(delivery: &Delivery) -> Value {
    json!({
        "kind": delivery.kind, "door": delivery.door, "app_id": delivery.app_id, "payload": delivery.payload,
        "attempt": delivery.attempt, "outcome": delivery.outcome, "at_ms": delivery.at_ms, "simulated": delivery.simulated,
    })
}
