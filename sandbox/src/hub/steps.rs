//! The steps of "Try this", and the actions that tick them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Hub;
use crate::types::steps::{Step, UserAction, Watch};
use crate::workspace::World;

/// How long after the first part of a [`Watch::Then`] the second one counts, by the machine's clock. What an app shows
/// later does not follow from it.
const FOLLOWS_WITHIN: Duration = Duration::from_mins(1);

/// A step, and how far it is.
#[derive(Clone, Debug)]
pub(crate) struct StepState {
    pub(crate) step: Step,
    /// When the first part of a [`Watch::Then`] was begun.
    begun: Option<Instant>,
    pub(crate) done: bool,
}

impl StepState {
    /// A step that was not tried yet.
    pub(crate) fn new(step: Step) -> StepState {
        StepState { step, begun: None, done: false }
    }

    /// Whether the action is the first of two that tick it.
    fn begins_with(&self, action: UserAction<'_>) -> bool {
        matches!(&self.step.watch, Watch::Then(first, _) if first.is_met_by(action))
    }

    fn is_done_by(&self, action: UserAction<'_>) -> bool {
        match &self.step.watch {
            Watch::Then(_, then) => {
                self.begun.is_some_and(|begun| begun.elapsed() < FOLLOWS_WITHIN) && then.is_met_by(action)
            }
            watch => watch.is_met_by(action),
        }
    }
}

/// All steps of the card.
#[derive(Debug, Default)]
pub(crate) struct Steps(Mutex<Vec<StepState>>);

impl Steps {
    pub(crate) fn see<T>(&self, see: impl FnOnce(&mut Vec<StepState>) -> T) -> T {
        see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that a person begins an action: what an app shows meanwhile may follow from it.
    pub(crate) fn begin(&self, action: UserAction<'_>) {
        self.note(action, Some(Instant::now()));
    }

    /// Notes that an action failed: nothing follows from it.
    pub(crate) fn fail(&self, action: UserAction<'_>) {
        self.note(action, None);
    }

    /// Notes that time passes: what an app shows then follows from that, and not from what was done before.
    pub(crate) fn let_time_pass(&self) {
        self.see(|steps| steps.iter_mut().for_each(|state| state.begun = None));
    }

    fn note(&self, action: UserAction<'_>, begun: Option<Instant>) {
        self.see(|steps| {
            for state in steps.iter_mut().filter(|state| state.begins_with(action)) {
                state.begun = begun;
            }
        });
    }
}

impl Hub {
    /// Returns the texts of apps among these messages and forms that a controlled person can see, with names for
    /// mentions. Empty unless a step waits for one.
    pub(crate) fn texts_read(
        &self,
        world: &World,
        written: &[(String, String)],
        forms: &[String],
    ) -> Vec<String> {
        let waits = |state: &StepState| !state.done && state.step.watch.reads();
        if written.is_empty() && forms.is_empty() || !self.steps.see(|steps| steps.iter().any(waits)) {
            return Vec::new();
        }
        let people = self.controlled();
        let read = written.iter().filter_map(|(channel, ts)| {
            let place = world.channels.get(channel)?;
            let post = place.post(ts).filter(|post| post.app_id.is_some())?;
            let sees = |user: &String| match &post.ephemeral_to {
                Some(only) => only == user,
                None => place.is_open_to(user),
            };
            people.iter().any(sees).then(|| world.plain(&post.text, &post.blocks))
        });
        let shown = forms.iter().filter_map(|id| {
            let held = world
                .views
                .iter()
                .find(|held| held.id == *id && !held.home && people.contains(&held.user))?;
            let blocks = held.view["blocks"].as_array().cloned().unwrap_or_default();
            let title = held.view["title"]["text"].as_str().unwrap_or_default();
            Some(format!("{title}\n{}", world.plain("", &blocks)))
        });
        read.chain(shown).collect()
    }

    /// Ticks the steps that this action completes.
    pub(crate) fn did(self: &Arc<Self>, action: UserAction<'_>) {
        let ticked = self.steps.see(|steps| {
            let waiting = steps.iter_mut().filter(|state| !state.done && state.is_done_by(action));
            waiting.map(|state| state.done = true).count()
        });
        if ticked > 0 {
            self.news();
        }
    }
}
