//! How a person who caused an event can be answered.

use crate::model::{
    event::{Action, Command, Event, Submission},
    people::UserId,
};

/// How a person can be answered.
#[derive(Clone, Debug)]
pub enum WayBack {
    /// By the acknowledgement.
    Command {
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
    },
    /// Not at all.
    None,
}

impl WayBack {
    /// The way back of an event.
    pub fn of(event: &Event) -> WayBack {
        match event {
            Event::Command(Command { trigger, response_url, .. }) => WayBack::Command {
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
            Event::Submission(Submission { user, first_field, .. }) => {
                WayBack::Form { user: user.clone(), first_field: first_field.clone() }
            }
            _ => WayBack::None,
        }
    }
}
