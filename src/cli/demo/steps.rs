//! What to try first: the steps of the page's card, which are ticked when they are done.

use slack_sandbox::{Step, Watch};

use crate::ritual::demo::{Demo, DemoStep, StepTick};

/// Returns the steps of the rituals, and a last one of the demo's own. A company of any size has the colleagues that
/// they name.
pub(super) fn steps(demos: &[Demo]) -> Vec<Step> {
    let become_another = Step::new(
        "Be another person",
        "Choose another person in the header and see what they read.",
        Watch::SwitchesPerson,
    );
    demos.iter().flat_map(|demo| demo.steps).map(step).chain([become_another]).collect()
}

fn step(step: &DemoStep) -> Step {
    let watch = match step.ticked_by {
        StepTick::Sends(start) => Watch::Sends(start.to_owned()),
        StepTick::Presses(label) => Watch::Presses(label.to_owned()),
        StepTick::Reads(part) => Watch::Reads(part.to_owned()),
    };
    Step::new(step.title, step.hint, watch)
}
