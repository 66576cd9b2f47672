//! The steps of the card about syncs.

use super::I_DO_IT;
use crate::ritual::demo::{DemoStep, StepTick};

pub(super) const STEPS: [DemoStep; 10] = [
    DemoStep {
        title: "Look at the agenda",
        hint: "In #cross-team, type: /sync agenda",
        ticked_by: StepTick::Sends("/sync agenda", "Agenda of"),
        forms: &[],
    },
    DemoStep {
        title: "Put a point on the agenda",
        hint: "In #cross-team, type: /sync add Who's on call next month?",
        ticked_by: StepTick::Sends("/sync add", "is on the agenda of"),
        forms: &[],
    },
    DemoStep {
        title: "Save a message for the sync",
        hint: "In #general, point at (or tap) a message of a colleague, choose Save for… in its menu, then the next sync, and press Save.",
        ticked_by: StepTick::Presses("Save", "is on the agenda of"),
        forms: &["Save for…"],
    },
    DemoStep {
        title: "See who leads next",
        hint: "In #cross-team, type: /sync next",
        ticked_by: StepTick::Sends("/sync next", "Next turns of"),
        forms: &[],
    },
    DemoStep {
        title: "Offer to lead",
        hint: "Press I'll do it under the answer.",
        ticked_by: StepTick::Presses(I_DO_IT, "You lead"),
        forms: &[],
    },
    DemoStep {
        title: "Swap your turn",
        hint: "In #cross-team, type: /sync swap (press Swap with…, choose Chiara Haddad, and press Ask them; colleagues are asked by DM, and answer in their working hours)",
        ticked_by: StepTick::Presses("Ask them", "Until they say yes"),
        forms: &["Swap your turn"],
    },
    DemoStep {
        title: "Write down a decision",
        hint: "In #cross-team, type: /sync decide Use Postgres because two teams know it (a form opens: press Record)",
        ticked_by: StepTick::Presses("Record", "Decision* by"),
        forms: &["Record a decision"],
    },
    DemoStep {
        title: "Lead a sync",
        hint: "In #cross-team, press Next (the wide button in the header) until a sync is announced (other things come first; the menu beside Next jumps to it), and press I'll take over.",
        ticked_by: StepTick::Presses("I'll take over", "You lead this sync"),
        forms: &[],
    },
    DemoStep {
        title: "Close the sync",
        hint: "In #cross-team, type: /sync close (a form opens: tick a point, and press Close the sync; the thread of the sync gets a summary)",
        ticked_by: StepTick::Presses("Close the sync", "has closed this sync"),
        forms: &["Close this sync"],
    },
    DemoStep {
        title: "Set up your own",
        hint: "In #general, type: /sync (a form opens: write “every Monday at 15:00” into When, press Preview, and then press Start)",
        ticked_by: StepTick::Presses("Start", "has started a sync here"),
        forms: &["Set up a sync"],
    },
];

/// The step of setting one up alone.
pub const FIRST_STEPS: [DemoStep; 1] = [STEPS[9]];
