//! Where something happened: the conversation, the message, the view.

use super::PayloadFields;
use crate::{
    model::{
        event::{LONGEST_WORDS, MessagePlace, ViewPlace},
        people::ChannelId,
    },
    slack::chunks::head,
};

/// Returns the conversation of an interaction.
pub(super) fn channel(fields: PayloadFields<'_>) -> Option<ChannelId> {
    fields.id("/channel/id").or_else(|| fields.id("/container/channel_id")).map(ChannelId::from)
}

/// Returns the message that an interaction is in. For an ephemeral message Slack sends the container alone.
pub(super) fn message_place(fields: PayloadFields<'_>) -> Option<MessagePlace> {
    let either = |one, other| fields.id(one).or_else(|| fields.id(other)).map(str::to_owned);
    Some(MessagePlace {
        channel: channel(fields)?,
        ts: either("/container/message_ts", "/message/ts")?,
        thread_ts: either("/container/thread_ts", "/message/thread_ts"),
        ephemeral: fields.is_set("/container/is_ephemeral"),
    })
}

/// Returns the view of an interaction or an event.
pub(super) fn view_place(fields: PayloadFields<'_>) -> Option<ViewPlace> {
    view_at(fields, "/view")
}

/// Returns the view at this pointer.
pub(super) fn view_at(fields: PayloadFields<'_>, pointer: &str) -> Option<ViewPlace> {
    let view = PayloadFields(fields.at(pointer)?);
    Some(ViewPlace {
        id: view.id("/id")?.to_owned(),
        hash: view.words("/hash"),
        callback: view.words("/callback_id"),
        private: view.words("/private_metadata"),
        home: view.text("/type") == Some("home"),
    })
}

/// Returns a message that a person saves: more of it than is kept, so that the last character kept can say that it goes on.
pub(super) fn saved_words_of(fields: PayloadFields<'_>, pointer: &str) -> String {
    // A character may be written with five.
    const LONGEST_WRITTEN: usize = 5 * (LONGEST_WORDS + 1);
    head(fields.text(pointer).unwrap_or_default(), LONGEST_WRITTEN).to_owned()
}

/// Returns a person's message, up to the length that is kept.
pub(super) fn words_of(fields: PayloadFields<'_>, pointer: &str) -> String {
    head(fields.text(pointer).unwrap_or_default(), LONGEST_WORDS).to_owned()
}
