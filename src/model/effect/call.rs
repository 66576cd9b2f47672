//! Derives the next call to Slack that an effect needs: one at a time, each with its own rate limit.

use crate::model::{
    call_kind::CallKind,
    clock::Instant,
    effect::{Effect, Target},
    message::{Home, Message, Modal},
    people::{ChannelId, GroupId, UserId},
    text::Markup,
};

/// How far an effect has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EffectProgress<'e> {
    /// The conversation it goes to, if known: a DM and a group have none before they are opened.
    pub conversation: Option<&'e ChannelId>,
    /// The timestamp of its message there, once it is posted.
    pub ts: Option<&'e str>,
    /// When a sending began whose answer is unknown.
    pub started_at: Option<Instant>,
}

/// A call to Slack with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Call<'e> {
    /// Opens the conversation of these people with the bot.
    Open(&'e [UserId]),
    /// Searches a conversation, or the thread below a message, for what was sent at that instant without an answer.
    Look {
        channel: &'e ChannelId,
        /// The timestamp of the message whose thread is searched.
        root: Option<&'e str>,
        /// When the sending began.
        started_at: Instant,
    },
    Post {
        /// A conversation, or a person for their DM.
        to: &'e str,
        /// The timestamp of the message in whose thread it goes.
        root: Option<&'e str>,
        message: &'e Message,
    },
    /// Changes the message of this timestamp.
    Update(&'e ChannelId, &'e str, &'e Message),
    /// Deletes the message of this timestamp.
    Delete(&'e ChannelId, &'e str),
    /// Shows a message to one person of a channel.
    Ephemeral(&'e ChannelId, &'e UserId, &'e Message),
    /// Posts to a `response_url`; true replaces the message that held the button.
    Respond(&'e str, &'e Message, bool),
    PublishHome(&'e UserId, &'e Home),
    UpdateView(&'e str, &'e Modal),
    SetTopic(&'e ChannelId, &'e Markup),
    /// Replaces the members of a user group.
    SetGroupMembers(&'e GroupId, &'e [UserId]),
    Pin(&'e ChannelId, &'e str),
    Join(&'e ChannelId),
}

impl Call<'_> {
    /// Returns its kind, which has a rate limit.
    pub fn kind(&self) -> CallKind {
        match self {
            Call::Open(_) => CallKind::Open,
            Call::Look { root: None, .. } => CallKind::Look,
            Call::Look { root: Some(_), .. } => CallKind::LookInThread,
            Call::Post { .. } => CallKind::Post,
            Call::Update(..) => CallKind::Update,
            Call::Delete(..) => CallKind::Delete,
            Call::Ephemeral(..) => CallKind::Ephemeral,
            Call::Respond(..) => CallKind::Respond,
            Call::PublishHome(..) => CallKind::PublishHome,
            Call::UpdateView(..) => CallKind::UpdateView,
            Call::SetTopic(..) => CallKind::SetTopic,
            Call::SetGroupMembers(..) => CallKind::SetGroupMembers,
            Call::Pin(..) => CallKind::Pin,
            Call::Join(_) => CallKind::Join,
        }
    }

    /// Returns the conversation that limits its rate, too: Slack takes one post a second in each.
    pub fn channel(&self) -> Option<&str> {
        match self {
            Call::Post { to, .. } => Some(to),
            _ => None,
        }
    }
}

impl Effect {
    /// Returns the next call that the effect needs. The store finds with the same rules what may be done while a kind
    /// of call is rate-limited. `None` means that there is nothing to do: a message to delete was never posted.
    pub fn next_call<'e>(&'e self, progress: EffectProgress<'e>) -> Option<Call<'e>> {
        Some(match self {
            Effect::Post { to, message } => to.post_or_change(message, progress),
            Effect::Delete { to } => return to.delete(progress),
            Effect::Respond { url, message, replace } => Call::Respond(url, message, *replace),
            Effect::Ephemeral { channel, user, message } => Call::Ephemeral(channel, user, message),
            Effect::PublishHome { user, home } => Call::PublishHome(user, home),
            Effect::UpdateView { view, modal } => Call::UpdateView(view, modal),
            Effect::SetTopic { channel, topic } => Call::SetTopic(channel, topic),
            Effect::SetGroupMembers { group, people } => Call::SetGroupMembers(group, people),
            Effect::Pin { channel, ts } => Call::Pin(channel, ts),
            Effect::Join { channel } => Call::Join(channel),
        })
    }
}

impl Target {
    fn post_or_change<'e>(&'e self, message: &'e Message, progress: EffectProgress<'e>) -> Call<'e> {
        if let Some((channel, ts)) = progress.conversation.zip(progress.ts) {
            return Call::Update(channel, ts, message);
        }
        if let Some(started_at) = progress.started_at {
            return self.look(started_at, progress);
        }
        let to = match (self, progress.conversation) {
            (Target::Channel(channel) | Target::Thread { channel, .. }, _)
            | (Target::Group(_), Some(channel)) => channel.as_str(),
            (Target::Group(people), None) => return Call::Open(people),
            // For a DM the person's id is enough.
            (Target::Person(person), _) => person.as_str(),
        };
        Call::Post { to, root: self.root(), message }
    }

    fn delete<'e>(&'e self, progress: EffectProgress<'e>) -> Option<Call<'e>> {
        match (progress.conversation.zip(progress.ts), progress.started_at) {
            (Some((channel, ts)), _) => Some(Call::Delete(channel, ts)),
            (None, Some(started_at)) => Some(self.look(started_at, progress)),
            (None, None) => None,
        }
    }

    /// Returns the call that searches for a post whose answer was lost: an unknown DM or group is opened first.
    fn look<'e>(&'e self, started_at: Instant, progress: EffectProgress<'e>) -> Call<'e> {
        let channel = match (self, progress.conversation) {
            (Target::Channel(channel) | Target::Thread { channel, .. }, _) | (_, Some(channel)) => channel,
            (Target::Person(person), None) => return Call::Open(std::slice::from_ref(person)),
            (Target::Group(people), None) => return Call::Open(people),
        };
        Call::Look { channel, root: self.root(), started_at }
    }

    fn root(&self) -> Option<&str> {
        match self {
            Target::Thread { root, .. } => Some(root),
            Target::Channel(_) | Target::Person(_) | Target::Group(_) => None,
        }
    }
}
