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
/// used up.
pub(super) fn next_call(due: &Due) -> Call<'_> {
    let (to, message) = match &due.work {
        Work::Respond { url, message, replace } => return Call::Respond(url, message, *replace),
        Work::Post { to, message } => (to, message),
    };
    if let Some((channel, ts)) = due.posted() {
        return Call::Update(channel, ts, message);
    }
    match (to, &due.conversation, due.send_started_at) {
        (Target::Channel(channel), _, Some(started)) | (_, Some(channel), Some(started)) => {
            Call::Look(channel, started)
        }
        (Target::Person(person), None, Some(_)) => Call::Open(std::slice::from_ref(person)),
        (Target::Group(people), None, _) => Call::Open(people),
        (Target::Channel(channel), _, None) | (Target::Group(_), Some(channel), None) => {
            Call::Post(channel.as_str(), message)
        }
        // For a DM the person's id does.
        (Target::Person(person), _, None) => Call::Post(person.as_str(), message),
    }
}
