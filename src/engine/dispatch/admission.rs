//! Turns away bots, deactivated accounts and people of other workspaces before a ritual sees what they sent.

use std::collections::BTreeMap;

use crate::{
    engine::{messages, reply_route::ReplyRoute},
    model::{
        authority::{self, Denied},
        event::{Event, Reply},
        failure::Failure,
        people::UserId,
        text::unescape,
    },
    ritual::{Answer, Context},
    store::{suppression, unit::UnitOfWork},
};

/// Returns why the person who caused an event is turned away, if they are. The context keeps what is known of them.
pub(super) async fn denied(context: &Context, event: &Event) -> Result<Option<Denied>, Failure> {
    let Some(user) = event.actor() else { return Ok(None) };
    let mentioned = if let Event::Command(command) = event { command.mentioned() } else { Vec::new() };
    context.read_people(std::iter::once(user.clone()).chain(mentioned).collect()).await?;
    let denied = decide(context, user).await?;
    if let Some(denied) = denied {
        context.check_again(user, denied);
    }
    // Nothing is stored about an erased person, not even what they caused.
    if denied != Some(Denied::Erased) {
        context.is_by(user);
    }
    Ok(denied)
}

/// Does the same for an event of which nothing is recorded: the context doesn't learn who caused it, so nothing that is
/// stored can name them.
pub(super) async fn denied_unrecorded(context: &Context, event: &Event) -> Result<Option<Denied>, Failure> {
    let Some(user) = event.actor() else { return Ok(None) };
    decide(context, user).await
}

async fn decide(context: &Context, user: &UserId) -> Result<Option<Denied>, Failure> {
    let person = context.people(std::slice::from_ref(user)).await?.remove(user);
    let mut denied = authority::admit(person.as_ref()).err();
    // The directory does not hold people who were erased, and during an erasure they count as deactivated. So a known
    // person costs no further query.
    if matches!(denied, Some(Denied::Deactivated)) || person.is_none() {
        denied = if context.suppressed().await?.holds(user) { Some(Denied::Erased) } else { denied };
    }
    Ok(denied)
}

/// Lets an erased person back in who asks for it.
pub(super) async fn rejoin<'c>(context: &Context, user: &UserId) -> Result<Answer<'c>, Failure> {
    let mut unit = UnitOfWork::new();
    let suppressed = context.suppressed().await?;
    suppression::put_allowed(&mut unit, &context.team, suppressed, user, context.now);
    Ok(Answer::new(unit, Reply::Ephemeral(messages::welcome_back())))
}

/// Replies on a route that needs no DM, because Slack delivers no DMs to these people.
pub(super) fn refuse_entry<'c>(
    reply_route: &ReplyRoute,
    denied: Denied,
    rondo_command: &str,
) -> Result<Answer<'c>, Failure> {
    let words = messages::turned_away(denied, rondo_command);
    match reply_route {
        ReplyRoute::Command { .. } | ReplyRoute::Action { response_url: Some(_), .. } => {
            Err(Failure::refuse(words))
        }
        ReplyRoute::Form { first_field: Some(field), .. } => {
            Ok(Answer::reply(Reply::Errors(BTreeMap::from([(field.clone(), unescape(words.as_str()))]))))
        }
        ReplyRoute::Action { response_url: None, .. }
        | ReplyRoute::Form { first_field: None, .. }
        | ReplyRoute::None => Ok(Answer::nothing()),
    }
}
