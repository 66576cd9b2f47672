//! How a reply reaches the person who caused an event.

use crate::{
    engine::messages,
    model::{
        effect::{ENGINE, NewEffect, Origin, Target},
        event::{Action, Command, Event, Reply, Submission},
        message::Message,
        people::UserId,
    },
    ritual::Context,
};

/// How a reply reaches a person.
#[derive(Clone, Debug)]
pub enum ReplyRoute {
    /// In the acknowledgement.
    Command {
        user: UserId,
        /// Opens a modal within 3 s, once.
        trigger: String,
        /// For later replies.
        response_url: Option<String>,
    },
    /// At the `response_url`; by DM if there is none.
    Action {
        user: UserId,
        /// Opens a modal within 3 s, once.
        trigger: String,
        /// A modal, the Home and a shortcut from the menu have none.
        response_url: Option<String>,
        /// The modal or Home that holds the button.
        view: Option<String>,
    },
    /// At the modal's first field.
    Form {
        user: UserId,
        first_field: Option<String>,
        /// Slack's id of the modal, while the person has it open.
        view: Option<String>,
    },
    /// Nothing can be replied.
    None,
}

impl ReplyRoute {
    pub fn of(event: &Event) -> ReplyRoute {
        match event {
            Event::Command(Command { user, trigger, response_url, .. }) => ReplyRoute::Command {
                user: user.clone(),
                trigger: trigger.clone(),
                response_url: Some(response_url.clone()).filter(|url| !url.is_empty()),
            },
            Event::Action(Action { user, trigger, response_url, view, .. }) => ReplyRoute::Action {
                user: user.clone(),
                trigger: trigger.clone(),
                response_url: response_url.clone(),
                view: view.as_ref().filter(|view| !view.home).map(|view| view.id.clone()),
            },
            Event::MessageShortcut(shortcut) => ReplyRoute::Action {
                user: shortcut.user.clone(),
                trigger: shortcut.trigger.clone(),
                response_url: shortcut.response_url.clone(),
                view: None,
            },
            Event::GlobalShortcut(shortcut) => ReplyRoute::Action {
                user: shortcut.user.clone(),
                trigger: shortcut.trigger.clone(),
                response_url: None,
                view: None,
            },
            Event::Submission(Submission { user, first_field, view, .. }) => ReplyRoute::Form {
                user: user.clone(),
                first_field: first_field.clone(),
                view: Some(view.clone()).filter(|view| !view.is_empty()),
            },
            _ => ReplyRoute::None,
        }
    }

    /// Returns what a person sees until their event is handled again; a button's message stays as it is.
    pub fn one_moment(&self) -> Reply {
        match self {
            ReplyRoute::Command { .. } => Reply::Ephemeral(messages::one_moment()),
            ReplyRoute::Form { view: Some(_), .. } => Reply::Update(Box::new(messages::form_one_moment())),
            ReplyRoute::Action { .. } | ReplyRoute::Form { .. } | ReplyRoute::None => Reply::Nothing,
        }
    }

    /// Returns the effect for a message that the acknowledgement cannot carry, and what is left to acknowledge.
    pub fn behind_acknowledgement(&self, reply: Reply, context: &Context) -> (Option<NewEffect>, Reply) {
        let (message, replace) = match (reply, self) {
            (Reply::Ephemeral(_) | Reply::Replace(_), ReplyRoute::None) => return (None, Reply::Nothing),
            (Reply::Ephemeral(message) | Reply::Replace(message), ReplyRoute::Command { .. }) => {
                return (None, Reply::Ephemeral(message));
            }
            (Reply::Ephemeral(message), _) => (message, false),
            (Reply::Replace(message), _) => (message, true),
            (reply, _) => return (None, reply),
        };
        (self.message(message, replace, context), Reply::Nothing)
    }

    /// Returns the effect that brings a message to the person: at the `response_url`, where `replace` says whether it
    /// replaces the message that held the button, or in their DM.
    pub fn message(&self, message: Message, replace: bool, context: &Context) -> Option<NewEffect> {
        let key = format!("answer/{}", context.id());
        let user = match self {
            ReplyRoute::Command { response_url: Some(url), .. }
            | ReplyRoute::Action { response_url: Some(url), .. } => {
                return Some(NewEffect::answer(ENGINE, key, url.clone(), message, replace, context.now));
            }
            ReplyRoute::Command { user, .. }
            | ReplyRoute::Action { user, .. }
            | ReplyRoute::Form { user, .. } => user,
            ReplyRoute::None => return None,
        };
        let to = Target::Person(user.clone());
        Some(NewEffect::post(Origin::new(ENGINE, String::new()), key, to, message, context.now))
    }
}
