//! "Try this": steps set by the embedding program, which are ticked when a person does them.

use super::sandbox::Sandbox;
use crate::hub::steps::StepState;
use crate::types::steps::Step;

impl Sandbox {
    /// Sets the steps of the page's "Try this" card, in this order, all open.
    pub fn set_steps(&self, steps: Vec<Step>) {
        self.hub.steps.see(|held| *held = steps.into_iter().map(StepState::new).collect());
        self.hub.news();
    }

    /// Returns the steps that are not done yet.
    pub fn steps_ahead(&self) -> Vec<Step> {
        let ahead = |state: &&StepState| !state.done;
        self.hub.steps.see(|steps| steps.iter().filter(ahead).map(|state| state.step.clone()).collect())
    }
}
