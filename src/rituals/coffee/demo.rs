//! Coffee chats in the demo: the steps of the card, and colleagues who start them, meet and say so.

mod introductions;
#[cfg(test)]
mod tests;

use chrono::Duration;
use rand::{RngExt as _, rngs::StdRng};

use self::introductions::{MET, NOT_YET};
use crate::{
    model::clock::Instant,
    ritual::demo::{
        Colleague, ColleagueAction, Company, Demo, DemoStep, HeardIn, HeardMessage, ON_NEWS, PlannedAction,
        REACTION_MINUTES, Reaction, StepTick, filled, mentions, one_of,
    },
};

/// The part of coffee in the demo.
pub const DEMO: Demo =
    Demo { order: 3, steps: &STEPS, first_steps: &[STEPS[5], STEPS[4]], begin, hear, ..Demo::QUIET };

const STEPS: [DemoStep; 6] = [
    DemoStep {
        title: "Meet a colleague",
        hint: "Open the first of the Group messages in the sidebar (☰ on a phone), where you two were introduced, and press We met.",
        ticked_by: StepTick::Presses(MET, "says you met"),
        forms: &[],
    },
    DemoStep {
        title: "See who takes part",
        hint: "In #coffee-chats, type: /coffee status",
        ticked_by: StepTick::Sends("/coffee status", "Coffee chats run here"),
        forms: &[],
    },
    DemoStep {
        title: "Skip a round",
        hint: "In #coffee-chats, press Next (the wide button in the header) until a round is announced for tomorrow, and press Skip this time.",
        ticked_by: StepTick::PressesOrSends(&["Skip this time"], "/coffee skip", "You're skipping the round"),
        forms: &[],
    },
    DemoStep {
        title: "Take part again",
        hint: "In #coffee-chats, type: /coffee join (leave, pause and stop work like this, too)",
        ticked_by: StepTick::PressesOrSends(
            &["Take part after all"],
            "/coffee join",
            "You're in. Next round",
        ),
        forms: &[],
    },
    DemoStep {
        title: "See a round take place",
        hint: "Press Next until a round takes place, open the first conversation under Group messages, and press Not yet.",
        ticked_by: StepTick::Presses(NOT_YET, "A good first step"),
        forms: &[],
    },
    DemoStep {
        title: "Set up your own",
        hint: "In #general, type: /coffee (a form opens: press Preview, and then press Start)",
        ticked_by: StepTick::Presses("Start", "has started coffee chats here"),
        forms: &["Set up coffee chats"],
    },
];

/// The index of the colleague who starts coffee chats before the first visit.
const ORGANISER: usize = 0;
/// In one of this many starts by visitors, a colleague skips the first round.
const SKIPS: u32 = 3;
/// The button for that.
const SKIP: &str = "Skip the first round";
/// How many colleagues welcome a visitor's start.
const WELCOMES: std::ops::Range<usize> = 2..4;
/// Answers to a visitor who starts coffee chats.
const COUNT_ME_IN: [&str; 4] = [
    "Count me in!",
    "Lovely idea, {name}.",
    "I was hoping that we'd start this.",
    "Oh yes. Thank you, {name}!",
];
/// Reactions to the start of coffee chats.
const ON_COFFEE: [&str; 5] = ["coffee", "tada", "raised_hands", "heart", "cookie"];

fn begin(colleagues: &[Colleague], now: Instant) -> Vec<PlannedAction> {
    let start = |organiser: &Colleague| PlannedAction {
        at: organiser.at_work_from(now, 0),
        who: ORGANISER,
        action: ColleagueAction::SetsUp {
            place: "#coffee-chats",
            command: "/coffee start every Thursday at 10:00",
            preview: "Coffee chats in this channel",
            button: "Start",
        },
    };
    colleagues.get(ORGANISER).map(start).into_iter().collect()
}

fn hear(heard: &HeardMessage, company: &Company<'_>, rng: &mut StdRng) -> Option<Vec<Reaction>> {
    match heard.place {
        HeardIn::Group if heard.has_button(NOT_YET) => Some(introductions::hear(heard, company, rng)),
        HeardIn::Channel if heard.first_line().contains(" has started coffee chats ") => {
            let starter = mentions(heard.first_line(), company.colleagues).first().copied()?;
            Some(if company.controlled.contains(&starter) {
                join_in(heard, starter, company, rng)
            } else {
                company.like(heard, company.readers(heard, &[starter]), &ON_NEWS, &ON_COFFEE, rng)
            })
        }
        _ => None,
    }
}

/// Colleagues welcome the coffee chats that a visitor started; one may skip the first round.
fn join_in(heard: &HeardMessage, starter: usize, company: &Company<'_>, rng: &mut StdRng) -> Vec<Reaction> {
    let mut reactions = Vec::new();
    let most = rng.random_range(WELCOMES);
    let mut nearest = company.nearest(company.readers(heard, &[starter]), rng);
    if let Some(who) = nearest.pop().filter(|_| rng.random_range(0..SKIPS) == 0) {
        let later = company.now + Duration::minutes(rng.random_range(REACTION_MINUTES));
        let at = company.colleagues[who].at_work_from(later, 0);
        let action = ColleagueAction::Presses(heard.spot.clone(), SKIP);
        reactions.push(Reaction::Planned(PlannedAction { at, who, action }));
    }
    for (n, who) in nearest.into_iter().take(most).enumerate() {
        let action = ColleagueAction::Reacts(heard.spot.clone(), one_of(&ON_COFFEE, rng));
        reactions.push(Reaction::Answer { who, action });
        if n == 0 {
            let text = filled(one_of(&COUNT_ME_IN, rng), company.colleagues[starter].first, "");
            let action = ColleagueAction::Replies(heard.spot.clone(), text);
            reactions.push(Reaction::Answer { who, action });
        }
    }
    reactions
}
