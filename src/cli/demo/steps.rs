//! What to try first: the steps of the page's card, which are ticked when they are done.

use slack_sandbox::{Step, Watch};

use crate::ritual::demo::{Demo, DemoStep, StepTick};

/// The chapter of the steps that are no ritual's.
const LAST_CHAPTER: &str = "Other people";

/// Returns a chapter for each ritual by its name, and a last one of the demo's own. A company of any size has the
/// colleagues that the steps name.
pub(super) fn steps(demos: &[(&'static str, Demo)], has_history: bool) -> Vec<Step> {
    let become_another = Step::new(
        "Be another person",
        "Choose another person in the header and see what they read.",
        Watch::SwitchesPerson,
    )
    .in_chapter(LAST_CHAPTER);
    let of_rituals = demos.iter().flat_map(|(name, demo)| {
        let chapter = heading(name);
        let steps = if has_history { demo.steps } else { demo.first_steps };
        steps.iter().map(move |one| step(one).in_chapter(&chapter))
    });
    of_rituals.chain([become_another]).collect()
}

/// Returns a ritual's name as a heading.
fn heading(name: &str) -> String {
    let mut heading = name.to_owned();
    if let Some(first) = heading.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    heading
}

fn step(step: &DemoStep) -> Step {
    let sends = |start: &str| Watch::Sends(start.to_owned());
    let presses = |label: &str| Watch::Presses(label.to_owned());
    let watch = match step.ticked_by {
        StepTick::Sends(start, words) => sends(start).and_reads(words),
        StepTick::Presses(label, words) => presses(label).and_reads(words),
        StepTick::PressesOrSends(labels, start, words) => {
            labels.iter().fold(sends(start), |ways, label| ways.or(presses(label))).and_reads(words)
        }
        StepTick::Reads(words) => Watch::Reads(words.to_owned()),
    };
    Step::new(step.title, step.hint, watch).in_forms(step.forms)
}
