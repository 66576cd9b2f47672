//! The toy in the demo: one step, and a colleague who presses *Done* under a reminder.

use rondo::ritual::demo::{ColleagueAction, Demo, DemoStep, Reaction, StepTick};

pub const DEMO: Demo = Demo {
    order: 9,
    steps: &[DemoStep {
        title: "Be reminded",
        hint: "In any channel, type: /toy water the plants",
        ticked_by: StepTick::Sends("/toy", "Noted"),
        forms: &[],
    }],
    hear: |heard, company, rng| {
        let is_ours = heard.first_line().starts_with("Remember: ");
        let presses =
            |who| Reaction::Answer { who, action: ColleagueAction::Presses(heard.spot.clone(), "Done") };
        let nearest = company.nearest(company.readers(heard, &[]), rng);
        is_ours.then(|| nearest.into_iter().take(1).map(presses).collect())
    },
    ..Demo::QUIET
};
