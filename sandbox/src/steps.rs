//! "Try this": steps that whoever embeds the sandbox sets, and that tick themselves off.

use std::sync::{Arc, Mutex, PoisonError};

use crate::hub::Hub;
use crate::sandbox::Sandbox;

/// Something to try on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do, in a few words.
    pub title: String,
    /// How, such as what to type where.
    pub hint: String,
    /// What ticks it off.
    pub watch: Watch,
}

impl Step {
    /// A step with a title, a hint and what ticks it off.
    pub fn new(title: &str, hint: &str, watch: Watch) -> Step {
        Step { title: title.to_owned(), hint: hint.to_owned(), watch }
    }
}

/// What is watched for. It counts when somebody does it at the page or its doors, and the app does not refuse to answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// Something is sent that begins with this, such as `/kudos`.
    Sends(String),
    /// A button with this text is pressed, or a choice with it is made.
    Presses(String),
    /// The clock is moved.
    MovesTime,
    /// Somebody jumps to what happens next by itself.
    JumpsOn,
    /// Somebody else is chosen to act as.
    SwitchesPerson,
    /// The Home of an app is opened.
    OpensHome,
    /// An emoji is put on a message.
    Reacts,
}

/// What somebody did.
#[derive(Clone, Copy, Debug)]
pub(crate) enum UserAction<'a> {
    Sent(&'a str),
    Pressed(&'a str),
    MovedTime,
    JumpedOn,
    Became,
    OpenedHome,
    Reacted,
}

impl Watch {
    fn is_met_by(&self, action: UserAction<'_>) -> bool {
        match (self, action) {
            (Watch::Sends(start), UserAction::Sent(text)) => text.starts_with(start.as_str()),
            (Watch::Presses(label), UserAction::Pressed(pressed)) => label == pressed,
            (Watch::MovesTime, UserAction::MovedTime | UserAction::JumpedOn)
            | (Watch::JumpsOn, UserAction::JumpedOn)
            | (Watch::SwitchesPerson, UserAction::Became)
            | (Watch::OpensHome, UserAction::OpenedHome)
            | (Watch::Reacts, UserAction::Reacted) => true,
            _ => false,
        }
    }
}

/// The steps that are set, and which of them are done.
#[derive(Debug, Default)]
pub(crate) struct Steps(Mutex<Vec<(Step, bool)>>);

impl Steps {
    pub(crate) fn see<T>(&self, see: impl FnOnce(&mut Vec<(Step, bool)>) -> T) -> T {
        see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hub {
    /// Ticks off what was waited for.
    pub(crate) fn did(self: &Arc<Self>, action: UserAction<'_>) {
        let ticked = self.steps.see(|steps| {
            let waiting = steps.iter_mut().filter(|(step, done)| !done && step.watch.is_met_by(action));
            waiting.map(|(_, done)| *done = true).count()
        });
        if ticked > 0 {
            self.news();
        }
    }
}

impl Sandbox {
    /// Sets what the page's "Try this" card offers, in this order; none of it is done yet.
    pub fn set_steps(&self, steps: Vec<Step>) {
        self.hub.steps.see(|held| *held = steps.into_iter().map(|step| (step, false)).collect());
        self.hub.news();
    }

    /// The steps that are not done yet.
    pub fn steps_ahead(&self) -> Vec<Step> {
        self.hub
            .steps
            .see(|steps| steps.iter().filter(|(_, done)| !done).map(|(step, _)| step.clone()).collect())
    }
}
