//! The steps of "Try this", and the actions that tick them.

use std::sync::{Arc, Mutex, PoisonError};

use super::Hub;
use crate::types::steps::{Step, UserAction, Watch};
use crate::workspace::World;

/// Each step with whether it is done.
#[derive(Debug, Default)]
pub(crate) struct Steps(Mutex<Vec<(Step, bool)>>);

impl Steps {
    pub(crate) fn see<T>(&self, see: impl FnOnce(&mut Vec<(Step, bool)>) -> T) -> T {
        see(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Hub {
    /// Returns the texts of apps among these messages that a controlled person can see, with names for mentions.
    /// Empty unless a step waits for one.
    pub(crate) fn texts_read(&self, world: &World, written: &[(String, String)]) -> Vec<String> {
        let waits = |(step, done): &(Step, bool)| !done && matches!(step.watch, Watch::Reads(_));
        if written.is_empty() || !self.steps.see(|steps| steps.iter().any(waits)) {
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
        read.collect()
    }

    /// Ticks the steps that this action completes.
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
