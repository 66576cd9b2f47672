//! Which call to Slack an effect needs next: one at a time, each with its own pace.

use crate::{
    model::{
        clock::Instant,
        effect::{Target, Work},
        message::Message,
        people::{ChannelId, UserId},
    },
    slack::pacing::Method,
    store::outbox::Due,
};

/// A call to Slack with what it needs.
pub(super) enum Call<'a> {
    /// Opens the conversation of these people with the bot. It may be repeated freely.
    Open(&'a [UserId]),
    /// Looks in a conversation for what was sent at that instant and never confirmed.
    Look(&'a ChannelId, Instant),
    /// Posts.
    Post(&'a str, &'a Message),
    /// Changes the message of this timestamp.
    Update(&'a ChannelId, &'a str, &'a Message),
    /// Deletes the message of this timestamp.
    Delete(&'a ChannelId, &'a str),
    /// Answers at a `response_url`, in the place of the message that held the button or not.
    Respond(&'a str, &'a Message, bool),
}

impl Call<'_> {
    /// Which pace it keeps.
    pub(super) fn method(&self) -> Method {
        match self {
            Call::Open(_) => Method::Open,
            Call::Look(..) => Method::History,
            Call::Post(..) => Method::Post,
            Call::Update(..) => Method::Update,
            Call::Delete(..) => Method::Delete,
            Call::Respond(..) => Method::Respond,
        }
    }

    /// Which channel's pace it keeps besides.
    pub(super) fn channel(&self) -> Option<&str> {
        match self {
            Call::Post(to, _) => Some(to),
            _ => None,
        }
    }
}

/// The call that an effect needs next. The store tells apart by the same rules what may be done while a method is
/// used up. `None` means that there is nothing to do: what is to be deleted was never posted.
pub(super) fn next_call(due: &Due) -> Option<Call<'_>> {
    let to = match &due.work {
        Work::Respond { url, message, replace } => return Some(Call::Respond(url, message, *replace)),
        Work::Post { to, .. } | Work::Delete { to } => to,
    };
    if let Some(started) = due.send_started_at.filter(|_| due.posted().is_none()) {
        return Some(match (to, &due.conversation) {
            (Target::Channel(channel), _) | (_, Some(channel)) => Call::Look(channel, started),
            (Target::Person(person), None) => Call::Open(std::slice::from_ref(person)),
            (Target::Group(people), None) => Call::Open(people),
        });
    }
    let Work::Post { message, .. } = &due.work else {
        return due.posted().map(|(channel, ts)| Call::Delete(channel, ts));
    };
    Some(match (due.posted(), to, &due.conversation) {
        (Some((channel, ts)), ..) => Call::Update(channel, ts, message),
        (None, Target::Channel(channel), _) | (None, Target::Group(_), Some(channel)) => {
            Call::Post(channel.as_str(), message)
        }
        (None, Target::Group(people), None) => Call::Open(people),
        // For a DM the person's id does.
        (None, Target::Person(person), _) => Call::Post(person.as_str(), message),
    })
}
