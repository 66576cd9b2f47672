//! Whom the bot listens to: bots, deactivated accounts and people of other workspaces are turned away before any ritual
//! hears of what they sent.

use std::collections::BTreeMap;

use crate::{
    engine::{messages, way_back::WayBack},
    model::{
        authority::{self, Denied},
        event::{Event, Reply},
        failure::Failure,
    },
    rituals::ritual::{Answer, Context},
};

/// Why the person who caused an event is turned away, if they are. The context keeps what is known of them.
pub(super) async fn denied(context: &Context, event: &Event) -> Result<Option<Denied>, Failure> {
    let Some(user) = event.actor() else { return Ok(None) };
    let person = context.store.person(user).await?;
    let denied = authority::admit(person.as_ref()).err();
    if let Some(denied) = denied {
        context.check_again(user, denied);
    }
    context.is_by(user, person);
    Ok(denied)
}

/// Says so by the way back that does not need a DM: Slack delivers none to these people.
pub(super) fn turn_away<'c>(way_back: &WayBack, denied: Denied) -> Result<Answer<'c>, Failure> {
    let words = messages::turned_away(denied);
    match way_back {
        WayBack::Command { .. } | WayBack::Action { response_url: Some(_), .. } => {
            Err(Failure::refuse(words))
        }
        WayBack::Form { first_field: Some(field), .. } => {
            Ok(Answer::reply(Reply::Errors(BTreeMap::from([(field.clone(), words.to_owned())]))))
        }
        WayBack::Action { response_url: None, .. }
        | WayBack::Form { first_field: None, .. }
        | WayBack::None => Ok(Answer::nothing()),
    }
}
