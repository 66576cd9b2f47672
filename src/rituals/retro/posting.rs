//! What a retro's channel and its organisers are told.

use chrono::Duration;

use super::{
    NAME,
    messages::{self, ShownRetro},
    plan::State,
    store,
    values::Retro,
};
use crate::{
    common::programmes::{NewsSubject, origin, to_person},
    model::{
        effect::{Keep, NewEffect, Target},
        event::MessagePlace,
        failure::Failure,
        message::Message,
        owner::Owner,
        text::Link,
    },
    ritual::Context,
    store::{programmes::Programme, unit::UnitOfWork},
};

/// For how many days messages that change are kept by their keys.
const KEEP_DAYS: i64 = 90;

/// The kinds of the organisers' messages about the next step and about a vote.
/// The kinds of messages by which organisers lead a retro from its close to its themes.
pub(super) const SORTED: &str = "sorted";
pub(super) const UNREAD: &str = "unread";
pub(super) const NEXT_STEP: &str = "next";
pub(super) const VOTING: &str = "voting";

/// The kind of the channel's message with all themes.
pub(super) const THEMES: &str = "theme-0";

fn channel_key(kind: &str, retro: &Retro) -> String {
    format!("retro/{kind}/{}", retro.id)
}

/// The key of a message with answers to a prompt: the first is 0, and the others follow in its thread.
pub(super) fn part_key(retro: &str, place: &str, part: usize) -> String {
    match part {
        0 => format!("retro/prompt-{place}/{retro}"),
        part => format!("retro/prompt-{place}-{part}/{retro}"),
    }
}

/// Returns a message to the channel of a retro.
pub(super) fn to_channel(
    context: &Context,
    programme: &Programme,
    retro: &Retro,
    (kind, message): (&str, Message),
) -> Result<NewEffect, Failure> {
    let about = origin(NAME, &NewsSubject::Programme(programme.id.clone()))?;
    let key = channel_key(kind, retro);
    let to = Target::Channel(programme.channel.clone());
    let owner = Owner::Programme(programme.id.clone());
    Ok(NewEffect { owner, ..NewEffect::post(about, key, to, message, context.now) })
}

/// Returns a message with the date of its retro, which an organiser may post long after.
pub(super) fn dated(programme: &Programme, retro: &Retro, message: Message) -> Message {
    message.with_context(messages::of_day(&programme.name, retro.date))
}

/// Returns a retro with the address of what its channel has read: its first answers, or its themes once it is done.
pub(super) async fn shown_retro<'r>(
    context: &Context,
    programme: &'r Programme,
    retro: &'r Retro,
) -> Result<ShownRetro<'r>, Failure> {
    let keys = if retro.state == State::Done {
        vec![channel_key(THEMES, retro)]
    } else {
        let prompts = store::prompts(&context.store, &retro.id).await?;
        prompts.iter().map(|prompt| part_key(&retro.id, &prompt.place, 0)).collect()
    };
    let mut post = None;
    for key in keys {
        if let Some((channel, ts)) = context.store.posted(&key).await? {
            let place = MessagePlace { channel, ts, thread_ts: None, ephemeral: false };
            post = Link::read(&place.permalink(&context.workspace_url));
            break;
        }
    }
    Ok(ShownRetro { retro, name: &programme.name, channel: &programme.channel, post })
}

/// Returns a message that can be changed for as long as people may act on it.
pub(super) fn kept(context: &Context, effect: NewEffect) -> NewEffect {
    NewEffect { keep: Keep::Until(context.now + Duration::days(KEEP_DAYS)), ..effect }
}

/// Adds to a unit that each organiser reads how a retro stands, or, where they have that message, that it says so from now on.
pub(super) fn tell_standing(
    unit: &mut UnitOfWork,
    context: &Context,
    (programme, retro): (&Programme, &Retro),
    (kind, message): (&str, &Message),
    is_first: bool,
) -> Result<(), Failure> {
    for organiser in &programme.organisers {
        let key = format!("retro/{kind}/{}/{organiser}", retro.id);
        let effect = kept(context, to_person(context, NAME, key, organiser, message.clone())?);
        if is_first {
            context.enqueue_once(unit, &effect)?;
        } else {
            context.revise(unit, &effect.key, &effect.effect)?;
        }
    }
    Ok(())
}
