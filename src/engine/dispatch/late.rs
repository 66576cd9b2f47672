//! Sends the reply to an event that was acknowledged before: it follows as an effect.

use crate::{
    engine::{messages, reply_route::ReplyRoute},
    model::{
        effect::{ENGINE, Effect, NewEffect},
        event::{Event, Reply},
        message::Modal,
    },
    ritual::Context,
};

/// Returns the effect that brings a reply to the person, if there is one. The trigger has expired by then, so no modal
/// can be opened: the person is asked to press again.
pub(super) fn effect(
    reply_route: &ReplyRoute,
    event: &Event,
    reply: Reply,
    context: &Context,
) -> Option<NewEffect> {
    if let ReplyRoute::Form { view: Some(view), .. } = reply_route {
        let modal = match reply {
            Reply::Update(modal) | Reply::Push(modal) | Reply::Open(modal) => *modal,
            Reply::Errors(errors) => messages::as_form(messages::not_sent(&errors)),
            Reply::Ephemeral(message) | Reply::Replace(message) => messages::as_form(message),
            Reply::Nothing | Reply::Clear | Reply::Options(_) => messages::as_form(messages::done()),
        };
        return Some(show(view, modal, context));
    }
    let (message, replace) = match (reply, reply_route) {
        (Reply::Ephemeral(message), _) => (message, false),
        (Reply::Replace(message), _) => (message, matches!(reply_route, ReplyRoute::Action { .. })),
        (Reply::Update(modal), ReplyRoute::Action { view: Some(view), .. }) => {
            return Some(show(view, *modal, context));
        }
        (Reply::Open(_) | Reply::Push(_) | Reply::Update(_), _) => (messages::ready_to_open(event), false),
        (Reply::Errors(errors), _) => (messages::not_sent(&errors), false),
        (Reply::Nothing | Reply::Clear | Reply::Options(_), _) => return None,
    };
    reply_route.message(message, replace, context)
}

fn show(view: &str, modal: Modal, context: &Context) -> NewEffect {
    let key = format!("view/{}", context.id());
    let effect = Effect::UpdateView { view: view.to_owned(), modal: Box::new(modal) };
    NewEffect::new(ENGINE, key, effect, context.now)
}
