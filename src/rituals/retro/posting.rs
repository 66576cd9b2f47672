//! What a retro's channel and its organisers are told.

use chrono::Duration;

use super::{NAME, messages, values::Retro};
use crate::{
    common::programmes::{NewsSubject, origin, to_person},
    model::{
        effect::{Keep, NewEffect, Target},
        failure::Failure,
        message::Message,
        owner::Owner,
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

/// Returns a message to the channel of a retro.
pub(super) fn to_channel(
    context: &Context,
    programme: &Programme,
    retro: &Retro,
    (kind, message): (&str, Message),
) -> Result<NewEffect, Failure> {
    let about = origin(NAME, &NewsSubject::Programme(programme.id.clone()))?;
    let key = format!("retro/{kind}/{}", retro.id);
    let to = Target::Channel(programme.channel.clone());
    let owner = Owner::Programme(programme.id.clone());
    Ok(NewEffect { owner, ..NewEffect::post(about, key, to, message, context.now) })
}

/// Returns a message with the date of its retro, which an organiser may post long after.
pub(super) fn dated(programme: &Programme, retro: &Retro, message: Message) -> Message {
    message.with_context(messages::of_day(&programme.name, retro.date))
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
