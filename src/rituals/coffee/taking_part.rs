//! Taking part in a channel's chats, sitting one round out, and leaving.

use super::{Asked, members_of, messages, next_round, save_or, store};
use crate::{
    model::{event::Reply, failure::Failure, people::UserId},
    rituals::ritual::Visit,
    store::{programmes::Programme, unit::Unit},
};

/// Brings a person back in.
pub(super) async fn join(
    visit: &Visit,
    programme: Programme,
    user: &UserId,
    asked: Asked<'_>,
) -> Result<Reply, Failure> {
    let next = next_round(visit, &programme).await?;
    let members = members_of(visit, &programme.channel, next.map(|next| next.wall)).await?;
    let mut unit = Unit::new();
    store::join(&mut unit, &visit.team, &programme.channel, user);
    let message = if members.here.iter().any(|person| person.id == *user) {
        messages::already_in(next.as_ref())
    } else if !members.knows(user) {
        match asked {
            Asked::Typed => messages::not_seen(&programme.channel),
            _ => messages::not_in_channel(&programme.channel),
        }
    } else {
        messages::joined(next.as_ref())
    };
    save_or(visit, unit, asked, message, messages::over()).await
}

/// Takes a person out.
pub(super) async fn leave(
    visit: &Visit,
    programme: Programme,
    user: &UserId,
    asked: Asked<'_>,
) -> Result<Reply, Failure> {
    let mut unit = Unit::new();
    store::leave(&mut unit, &visit.team, &programme.channel, user, visit.now);
    let message = messages::left(&programme.channel, &programme.id);
    save_or(visit, unit, asked, message, messages::over()).await
}

/// Leaves a person out of the next round.
pub(super) async fn skip(
    visit: &Visit,
    programme: Programme,
    user: &UserId,
    asked: Asked<'_>,
) -> Result<Reply, Failure> {
    let next = next_round(visit, &programme).await?;
    let next = next.ok_or_else(|| Failure::refuse(messages::nothing_to_skip()))?;
    let absences = store::absences(&visit.store, &visit.team, &programme.channel).await?;
    // A person who has left does not come back by skipping a round.
    if absences.contains(&(user.clone(), store::Absence::Left)) {
        let message = messages::already_left(&programme.channel, &programme.id);
        return save_or(visit, Unit::new(), asked, message, messages::over()).await;
    }
    let mut unit = Unit::new();
    store::skip(&mut unit, &visit.team, &programme.channel, user, &next.wall.date().to_string());
    let members = members_of(visit, &programme.channel, Some(next.wall)).await?;
    let message = if members.knows(user) {
        messages::skipping(&next, &programme.id)
    } else {
        messages::not_seen(&programme.channel)
    };
    save_or(visit, unit, asked, message, messages::over()).await
}
