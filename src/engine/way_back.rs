//! How a person who caused an event can be answered.

use crate::{
    engine::messages,
    model::{
        effect::{ENGINE, NewEffect, Origin, Target},
        event::{Action, Command, Event, Reply, Submission},
        message::Message,
        people::UserId,
    },
    rituals::ritual::Context,
};

/// How a person can be answered.
#[derive(Clone, Debug)]
pub enum WayBack {
    /// By the acknowledgement.
    Command {
        /// Who typed it.
        user: UserId,
        /// Opens a modal within 3 s, once.
        trigger: String,
        /// Where later answers go.
        response_url: Option<String>,
    },
    /// Through the `response_url`; by DM where there is none.
    Action {
        /// Who pressed it.
        user: UserId,
        /// Opens a modal within 3 s, once.
        trigger: String,
        /// Where answers go; a modal, the Home and a shortcut from the menu have none.
        response_url: Option<String>,
        /// The modal or Home that holds the button.
        view: Option<String>,
    },
    /// At the modal's first field.
    Form {
        /// Who sent it.
        user: UserId,
        /// The field's name.
        first_field: Option<String>,
        /// Slack's name for the modal, while the person has it open.
        view: Option<String>,
    },
    /// Not at all.
    None,
}

impl WayBack {
    /// The way back of an event.
    pub fn of(event: &Event) -> WayBack {
        match event {
            Event::Command(Command { user, trigger, response_url, .. }) => WayBack::Command {
                user: user.clone(),
                trigger: trigger.clone(),
                response_url: Some(response_url.clone()).filter(|url| !url.is_empty()),
            },
            Event::Action(Action { user, trigger, response_url, view, .. }) => WayBack::Action {
                user: user.clone(),
                trigger: trigger.clone(),
                response_url: response_url.clone(),
                view: view.as_ref().filter(|view| !view.home).map(|view| view.id.clone()),
            },
            Event::MessageShortcut(shortcut) => WayBack::Action {
                user: shortcut.user.clone(),
                trigger: shortcut.trigger.clone(),
                response_url: shortcut.response_url.clone(),
                view: None,
            },
            Event::GlobalShortcut(shortcut) => WayBack::Action {
                user: shortcut.user.clone(),
                trigger: shortcut.trigger.clone(),
                response_url: None,
                view: None,
            },
            Event::Submission(Submission { user, first_field, view, .. }) => WayBack::Form {
                user: user.clone(),
                first_field: first_field.clone(),
                view: Some(view.clone()).filter(|view| !view.is_empty()),
            },
            _ => WayBack::None,
        }
    }

    /// What a person sees until their event is handled again: a button's message stays as it is.
    pub fn one_moment(&self) -> Reply {
        match self {
            WayBack::Command { .. } => Reply::Ephemeral(messages::one_moment()),
            WayBack::Form { view: Some(_), .. } => Reply::Update(Box::new(messages::form_one_moment())),
            WayBack::Action { .. } | WayBack::Form { .. } | WayBack::None => Reply::Nothing,
        }
    }

    /// The effect that carries a message which the acknowledgement cannot, and what is left to acknowledge.
    pub fn behind_acknowledgement(&self, reply: Reply, context: &Context) -> (Option<NewEffect>, Reply) {
        let (message, replace) = match (reply, self) {
            (Reply::Ephemeral(_) | Reply::Replace(_), WayBack::None) => return (None, Reply::Nothing),
            (Reply::Ephemeral(message) | Reply::Replace(message), WayBack::Command { .. }) => {
                return (None, Reply::Ephemeral(message));
            }
            (Reply::Ephemeral(message), _) => (message, false),
            (Reply::Replace(message), _) => (message, true),
            (reply, _) => return (None, reply),
        };
        (self.message(message, replace, context), Reply::Nothing)
    }

    /// The effect by which a message reaches the person: at the `response_url`, where `replace` says whether it takes the place
    /// of the message that held the button, or in their DM.
    pub fn message(&self, message: Message, replace: bool, context: &Context) -> Option<NewEffect> {
        let key = format!("answer/{}", context.id());
        let user = match self {
            WayBack::Command { response_url: Some(url), .. }
            | WayBack::Action { response_url: Some(url), .. } => {
                return Some(NewEffect::answer(ENGINE, key, url.clone(), message, replace, context.now));
            }
            WayBack::Command { user, .. } | WayBack::Action { user, .. } | WayBack::Form { user, .. } => user,
            WayBack::None => return None,
        };
        let to = Target::Person(user.clone());
        Some(NewEffect::post(Origin::new(ENGINE, String::new()), key, to, message, context.now))
    }
}
