//! Whom the bot listens to: bots, deactivated accounts and people of other workspaces are turned away before any ritual
//! hears of what they sent.

use std::collections::BTreeMap;

use crate::{
    engine::{messages, way_back::WayBack},
    model::{
        authority::{self, Denied},
        event::{Event, Reply},
        failure::Failure,
        people::UserId,
        text::unescape,
    },
    rituals::ritual::{Answer, Context},
    store::{suppression, unit::UnitOfWork},
};

/// Why the person who caused an event is turned away, if they are. The context keeps what is known of them.
pub(super) async fn denied(context: &Context, event: &Event) -> Result<Option<Denied>, Failure> {
    let Some(user) = event.actor() else { return Ok(None) };
    let person = context.store.person(user).await?;
    let mut denied = authority::admit(person.as_ref()).err();
    // The directory has no one who was erased, and while an erasure goes on they count as deactivated. So a person who is
    // known costs no further question.
    if matches!(denied, Some(Denied::Deactivated)) || person.is_none() {
        denied = if context.suppressed().await?.holds(user) { Some(Denied::Erased) } else { denied };
    }
    if let Some(denied) = denied {
        context.check_again(user, denied);
    }
    // Nothing is written down of a person who was erased, not even what they caused.
    if denied != Some(Denied::Erased) {
        context.is_by(user, person);
    }
    Ok(denied)
}

/// An erased person who asks for it is let back in.
pub(super) async fn come_back<'c>(context: &Context, user: &UserId) -> Result<Answer<'c>, Failure> {
    let mut unit = UnitOfWork::new();
    let suppressed = context.suppressed().await?;
    suppression::put_allowed(&mut unit, &context.team, suppressed, user, context.now);
    Ok(Answer::new(unit, Reply::Ephemeral(messages::welcome_back())))
}

/// Says so by the way back that does not need a DM: Slack delivers none to these people.
pub(super) fn turn_away<'c>(
    way_back: &WayBack,
    denied: Denied,
    rondo_command: &str,
) -> Result<Answer<'c>, Failure> {
    let words = messages::turned_away(denied, rondo_command);
    match way_back {
        WayBack::Command { .. } | WayBack::Action { response_url: Some(_), .. } => {
            Err(Failure::refuse(words))
        }
        WayBack::Form { first_field: Some(field), .. } => {
            Ok(Answer::reply(Reply::Errors(BTreeMap::from([(field.clone(), unescape(words.as_str()))]))))
        }
        WayBack::Action { response_url: None, .. }
        | WayBack::Form { first_field: None, .. }
        | WayBack::None => Ok(Answer::nothing()),
    }
}
