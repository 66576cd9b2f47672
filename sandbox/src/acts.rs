//! Acts as a person: says something, reads, reacts.

mod commands;
mod forms;
mod groups;
mod interactions;
mod modals;
mod suggestions;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::deliver::OutgoingRequest;
use crate::hub::Hub;
use crate::types::answer::{Answer, Status};
use crate::types::shown::{Message, Simulated};
use crate::types::traffic::DeliveryKind;
use crate::workspace::World;
use crate::workspace::apps::{App, MessagesTab};
use crate::workspace::attachments::Said;
use crate::workspace::channels::ChannelKind;
use crate::workspace::mentions::Labels;
use crate::workspace::messages::{Post, check_emoji};

pub(crate) use interactions::Used;
pub(crate) use suggestions::Place;

/// A person to act as.
#[derive(Clone, Debug)]
pub struct PersonHandle {
    pub(crate) hub: Arc<Hub>,
    pub(crate) id: String,
    /// The tab of the page in which they act, if it's one. Each has its own forms, as each of a person's clients.
    pub(crate) tab: Option<String>,
    /// Whether their actions are marked as a simulated colleague's.
    pub(crate) simulated: bool,
}

impl PersonHandle {
    /// Returns an error for a simulated person while the colleagues are switched off or a tab acts as that person.
    pub(crate) fn may_act(&self) -> Result<(), &'static str> {
        if self.simulated && !self.hub.may_be_simulated(&self.id) { Err("not_simulated") } else { Ok(()) }
    }

    /// Changes the workspace if this person may act. The events say whether a simulated person caused them.
    fn changes<T>(
        &self,
        change: impl FnOnce(&mut World) -> Result<T, &'static str>,
    ) -> Result<T, &'static str> {
        self.may_act()?;
        self.hub.with_mark(self.simulated, |world| {
            world.acting_tab.clone_from(&self.tab);
            change(world)
        })
    }

    /// Builds the request that tells an app about an action of this person.
    fn request(&self, kind: DeliveryKind, app: &App, payload: Value, url: Option<String>) -> OutgoingRequest {
        OutgoingRequest { simulated: self.simulated, ..OutgoingRequest::new(kind, app, payload, url) }
    }
}

impl PersonHandle {
    pub fn id(&self) -> String {
        self.id.clone()
    }

    /// Returns the handle.
    pub fn name(&self) -> String {
        self.hub.look(|world| world.users.get(&self.id).map(|user| user.name.clone()).unwrap_or_default())
    }

    /// Types something and presses Enter. A text that starts with a registered `/command` uses it; `where_to` is a
    /// `#channel`, a `@person` or an id.
    pub async fn says(&self, where_to: &str, text: &str) -> Answer {
        let place = match self.changes(|world| world.place(&self.id, where_to)) {
            Ok(place) => place,
            Err(error) => return Answer::refused(error),
        };
        if text.starts_with('/') {
            return self.commands(&place, text).await;
        }
        self.posts(&place, text, None)
    }

    /// Replies to a message in its thread. Commands are refused there, as in Slack.
    pub fn replies(&self, message: &Message, text: &str) -> Answer {
        let root = message.thread_ts.clone().unwrap_or_else(|| message.ts.clone());
        if text.starts_with('/') {
            return self.commands_in_thread(&message.channel, text, &root);
        }
        self.posts(&message.channel, text, Some(root))
    }

    fn posts(&self, place: &str, text: &str, thread_ts: Option<String>) -> Answer {
        let posted = self.changes(|world| {
            may_post(world, place, &self.id)?;
            let text = world.encode(text, Labels::Without);
            let blocks = world.typed_blocks(&text);
            let (user, wrote) = (self.id.clone(), self.simulated);
            let simulated = Simulated { wrote, ..Simulated::default() };
            let post = Post { user, text, blocks, thread_ts, simulated, ..Post::default() };
            let ts = world.post(place, post);
            world.mark_read(&self.id, place, &ts);
            let post =
                world.channels.get(place).and_then(|channel| channel.post(&ts)).ok_or("channel_not_found")?;
            let raw = world.message_json(place, post, true);
            let plain = world.plain(&post.text, &[]);
            Ok(Answer { status: Status::Answered, text: post.text.clone(), blocks: Vec::new(), raw, plain })
        });
        posted.unwrap_or_else(Answer::refused)
    }

    /// Returns what this person sees in a place, oldest first, with what only they see. Empty where they may not
    /// look.
    pub fn reads(&self, place: &str) -> Vec<Message> {
        self.hub.look(|world| {
            let Ok(id) = world.place(&self.id, place) else {
                return Vec::new();
            };
            let Some(channel) = world.channels.get(&id).filter(|channel| channel.is_open_to(&self.id)) else {
                return Vec::new();
            };
            let seen = channel.posts.iter().filter(|post| !post.deleted);
            seen.filter(|post| post.ephemeral_to.as_ref().is_none_or(|only| *only == self.id))
                .map(|post| world.message(channel, post))
                .collect()
        })
    }

    /// Returns the message with this time stamp, if this person sees it.
    pub fn finds(&self, place: &str, ts: &str) -> Option<Message> {
        self.hub.look(|world| {
            let id = world.place(&self.id, place).ok()?;
            let channel = world.channels.get(&id).filter(|channel| channel.is_open_to(&self.id))?;
            let seen = |post: &&Post| post.ephemeral_to.as_ref().is_none_or(|only| *only == self.id);
            Some(world.message(channel, channel.post(ts).filter(seen)?))
        })
    }

    /// Returns what this person sees in the direct conversation with the bot of the first installed app.
    pub fn reads_dm(&self) -> Vec<Message> {
        let bot = self.hub.look(|world| world.apps.first().map(|app| app.bot_user.clone()));
        bot.map(|bot| self.reads(&bot)).unwrap_or_default()
    }

    /// Returns the ids of all group conversations that this person is in.
    pub fn group_dms(&self) -> Vec<String> {
        self.hub.look(|world| {
            let channels = world.channels.values();
            let mine = channels
                .filter(|channel| channel.kind == ChannelKind::Mpim && channel.members.contains(&self.id));
            mine.map(|channel| channel.id.clone()).collect()
        })
    }

    /// Waits for the newest message in `place` that contains `text`; `None` after five seconds of real time.
    pub async fn sees(&self, place: &str, text: &str) -> Option<Message> {
        self.hub
            .eventually(|| self.reads(place).into_iter().rev().find(|message| message.plain().contains(text)))
            .await
    }

    /// Puts an emoji on a message.
    pub fn reacts(&self, message: &Message, emoji: &str) -> Result<(), &'static str> {
        self.changes(|world| {
            may_post(world, &message.channel, &self.id)?;
            let name = emoji.trim_matches(':');
            check_emoji(name)?;
            world.react(&message.channel, &message.ts, &self.id, name, self.simulated)
        })
    }

    /// Takes an emoji off a message.
    pub fn unreacts(&self, message: &Message, emoji: &str) -> Result<(), &'static str> {
        self.changes(|world| world.unreact(&message.channel, &message.ts, &self.id, emoji.trim_matches(':')))
    }

    /// Changes the text of a message. Only its author may.
    pub fn edits(&self, message: &Message, text: &str) -> Result<(), &'static str> {
        self.changes(|world| {
            may_post(world, &message.channel, &self.id)?;
            let found = world.channels.get(&message.channel).and_then(|channel| channel.post(&message.ts));
            if found.ok_or("message_not_found")?.user != self.id {
                return Err("cant_update_message");
            }
            let text = world.encode(text, Labels::Without);
            let blocks = world.typed_blocks(&text);
            let said = Said { text, blocks: Some(blocks), attachments: None };
            world.revise(&message.channel, &message.ts, said).map(|_| ())
        })
    }

    /// Marks a conversation as read up to a message.
    pub fn has_read(&self, channel: &str, ts: &str) {
        if self.may_act().is_ok() && self.hub.look(|world| world.mark_read(&self.id, channel, ts)) {
            self.hub.news();
        }
    }

    /// Marks a thread as read up to a message, beside its conversation.
    pub fn has_read_thread(&self, channel: &str, root: &str, ts: &str) {
        let reads = |world: &mut World| world.mark_thread_read(&self.id, channel, root, ts);
        if self.may_act().is_ok() && self.hub.look(reads) {
            self.hub.news();
        }
    }

    /// Deletes a message. Only its author may.
    pub fn deletes(&self, message: &Message) -> Result<(), &'static str> {
        self.changes(|world| {
            let found = world.channels.get(&message.channel).and_then(|channel| channel.post(&message.ts));
            match found {
                None => Err("message_not_found"),
                Some(post) if post.user != self.id => Err("cant_delete_message"),
                Some(_) => {
                    world.remove(&message.channel, &message.ts);
                    Ok(())
                }
            }
        })
    }

    /// Joins a public channel.
    pub fn joins(&self, channel: &str) {
        self.changes(|world| {
            let found = world.find_channel(channel).filter(|channel| channel.kind == ChannelKind::Public);
            let id = found.map(|channel| channel.id.clone()).ok_or("channel_not_found")?;
            world.enter(&id, &self.id, None);
            Ok(())
        })
        .ok();
    }

    /// Leaves a channel.
    pub fn leaves(&self, channel: &str) {
        self.changes(|world| {
            let id = world.find_channel(channel).map(|channel| channel.id.clone());
            world.leave(&id.ok_or("channel_not_found")?, &self.id);
            Ok(())
        })
        .ok();
    }
}

fn may_post(world: &World, place: &str, user: &str) -> Result<(), &'static str> {
    let known = world.users.get(user).ok_or("user_not_found")?;
    let channel =
        world.channels.get(place).filter(|channel| channel.is_open_to(user)).ok_or("channel_not_found")?;
    if known.deleted {
        return Err("account_inactive");
    }
    if channel.archived {
        return Err("is_archived");
    }
    if !channel.members.contains(user) {
        return Err("not_in_channel");
    }
    let is_closed =
        |app: &App| app.messages_tab == MessagesTab::Off && channel.members.contains(&app.bot_user);
    if channel.kind == ChannelKind::Im && world.apps.iter().any(is_closed) {
        return Err("messages_tab_disabled");
    }
    Ok(())
}

impl World {
    /// Returns the blocks that Slack's client makes of typed text.
    fn typed_blocks(&self, text: &str) -> Vec<Value> {
        vec![json!({
            "type": "rich_text", "elements": [{ "type": "rich_text_section", "elements": [
                { "type": "text", "text": self.decode(text) },
            ]}],
        })]
    }

    fn slackbot_whispers(&mut self, place: &str, thread_ts: Option<&str>, user: &str, said: &str) {
        let post = Post {
            user: "USLACKBOT".to_owned(),
            text: crate::workspace::mentions::escape(said),
            thread_ts: thread_ts.map(str::to_owned),
            ephemeral_to: Some(user.to_owned()),
            ..Post::default()
        };
        self.post(place, post);
    }
}
