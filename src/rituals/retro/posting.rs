//! What a retro's channel is told.

use super::{NAME, values::Retro};
use crate::{
    common::programmes::{NewsSubject, origin},
    model::{
        effect::{NewEffect, Target},
        failure::Failure,
        message::Message,
        owner::Owner,
    },
    ritual::Context,
    store::programmes::Programme,
};

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
